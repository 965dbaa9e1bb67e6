"""Under which grants a file is shown, so that ending one leaves what another still shows. Offices' looks are listed like a firm's."""

import django.contrib.postgres.fields
from django.db import migrations, models

from foundation.scope import Grants, RowSecurity

# The platform reads a file as long as it is shown to it, and leaves its name; the bureau leaves its name where it looked.
OFFICES = [
    RowSecurity("records_evidenceshare", platform="grantee_org_id: select"),
    RowSecurity("records_accessevent", platform="viewer_org_id: insert", bureau="viewer_org_id: insert"),
]


def let_the_offices_in(apps, schema_editor):
    """The tables' walls stand already: only the new rules are added to them."""
    for wall in OFFICES:
        for statement in wall.statements()[3:]:
            schema_editor.execute(statement)


def let_them_out(apps, schema_editor):
    schema_editor.execute("drop policy platform_select on records_evidenceshare")
    for hat in ("platform", "bureau"):
        schema_editor.execute(f"drop policy {hat}_insert on records_accessevent")


class Migration(migrations.Migration):
    dependencies = [("records", "0002_walls")]

    operations = [
        migrations.AddField(
            model_name="evidenceshare",
            name="whats",
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), default=list, size=None),
        ),
        Grants("records_evidenceshare", clock="update (whats)"),
        migrations.RunPython(let_the_offices_in, let_them_out),
    ]
