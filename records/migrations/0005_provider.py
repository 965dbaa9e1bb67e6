"""A provider of services comes in by a hat of its own: it keeps its people, its files and its inbox, as a laboratory does."""

from django.db import migrations

from foundation.scope import MoreRules


class Migration(migrations.Migration):
    dependencies = [("records", "0004_what_was_known_when")]

    operations = [
        MoreRules("records_accessevent", provider=["viewer_org_id: insert", "org_id: select"]),
        MoreRules("records_evidence", provider="org_id: insert select"),
        MoreRules("records_uploadsession", provider="org_id: insert select update(evidence_id,received)"),
    ]
