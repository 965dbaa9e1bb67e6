"""A provider of services comes in by a hat of its own: it keeps its people, its files and its inbox, as a laboratory does."""

from django.db import migrations

from foundation.scope import MoreRules


class Migration(migrations.Migration):
    dependencies = [("jobs", "0003_patient_work")]

    operations = [
        MoreRules("jobs_idempotencykey", provider="org_id: insert select"),
        MoreRules("jobs_job", provider="org_id: insert select update"),
        MoreRules("jobs_outboxevent", provider="*: insert"),
    ]
