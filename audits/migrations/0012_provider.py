"""A provider of services comes in by a hat of its own: it keeps its people, its files and its inbox, as a laboratory does."""

from django.db import migrations

from foundation.actor import Hat, role_of
from foundation.scope import MoreRules


NARROW = [
    statement
    for table in ("audits_checklistversion", "audits_question")
    for statement in (
        f"drop policy if exists provider_reads_the_library_and_its_own on {table}",
        f"create policy provider_reads_the_library_and_its_own on {table} as restrictive for select to {role_of(Hat.PROVIDER)} "
        "using (owner_org_id is null)",
    )
]


class Migration(migrations.Migration):
    dependencies = [("audits", "0011_scores")]

    operations = [
        MoreRules("audits_checklistversion", provider="*: select"),
        MoreRules("audits_question", provider="*: select"),
        migrations.RunSQL(NARROW, migrations.RunSQL.noop),
    ]
