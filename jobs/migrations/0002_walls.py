"""The second wall: what each hat may read and write, held by the database itself."""

from django.db import migrations

from foundation.scope import Grants, RowSecurity


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_first_tables")]

    operations = [
        RowSecurity(
            "jobs_outboxevent",
            lobby="*: insert",
            owner="*: insert",
            supplier="*: insert",
            bureau="*: insert",
            lab="*: insert",
            platform="*: select insert update(next_try_at,dead_at,attempts)",
            clock="*: select insert update",
        ),
        Grants("jobs_claim", clock="select, insert"),
        Grants("jobs_pulse", clock="select, insert, update"),
        RowSecurity(
            "jobs_idempotencykey",
            owner="org_id: select insert",
            supplier="org_id: select insert",
            bureau="org_id: select insert",
            lab="org_id: select insert",
            platform="org_id: select insert",
        ),
        RowSecurity(
            "jobs_job",
            owner="org_id: select insert update",
            supplier="org_id: select insert update",
            bureau="org_id: select insert update",
            lab="org_id: select insert update",
            platform="org_id: select insert update",
            clock="*: select update",
        ),
    ]
