"""Change points: said by either side, seen by both, taken back but never rewritten."""

import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

from foundation.actor import Hat, role_of
from foundation.scope import RowSecurity

OF_ITS_LOT = """
alter table inspections_changepoint add constraint change_is_of_its_lots_maker
  foreign key (lot_id, supplier_org_id) references inspections_lot (id, supplier_org_id);
create trigger changes_are_kept before delete or truncate on inspections_changepoint execute function record_is_append_only();
"""


def said_by_oneself(apps, schema_editor):
    for hat in (Hat.OWNER, Hat.SUPPLIER):
        schema_editor.execute(
            f"create policy said_by_oneself_{hat} on inspections_changepoint as restrictive for insert to {role_of(hat)} "
            "with check (org_id = nullif(current_setting('app.org', true), '')::uuid)"
        )


class Migration(migrations.Migration):
    dependencies = [("inspections", "0005_result_files")]

    operations = [
        migrations.CreateModel(
            name="ChangePoint",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField(blank=True, null=True)),
                ("supplier_org_id", models.UUIDField()),
                ("org_id", models.UUIDField()),
                ("product_code", models.CharField(blank=True, max_length=40)),
                ("characteristic_code", models.CharField(max_length=20)),
                ("made_on", models.DateField()),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("person", "Person"), ("machine", "Machine"), ("material", "Material"), ("method", "Method"),
                            ("environment", "Environment"), ("measuring", "Measuring"), ("other", "Other"),
                        ],
                        max_length=12,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=120)),
                ("said_by", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                ("undone_by", models.CharField(blank=True, max_length=60)),
                ("lot", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inspections.lot")),
            ],
            options={
                "indexes": [models.Index(fields=["supplier_org_id", "characteristic_code", "product_code"], name="change_of_series")],
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(("undone_at", None)), fields=("lot", "characteristic_code"), name="change_is_said_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at", None), ("undone_by", "")),
                            models.Q(("undone_at__isnull", False), models.Q(("undone_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="undone_change_says_by_whom",
                    ),
                ],
            },
        ),
        RowSecurity(
            "inspections_changepoint",
            owner="owner_org_id: select insert update(undone_at,undone_by)",
            supplier="supplier_org_id: select insert update(undone_at,undone_by)",
            clock="*: select insert",
        ),
        migrations.RunSQL(OF_ITS_LOT, migrations.RunSQL.noop),
        migrations.RunPython(said_by_oneself, migrations.RunPython.noop),
    ]  # fmt: skip
