"""Lists too long for one request: their bytes, their progress, what an owner calls its columns, names that look alike."""

import django.db.models.deletion
from django.db import migrations, models

from foundation.scope import RowSecurity

# As before, but asked only of a line that names a firm: the question reads the catalogue, and a list has thousands of lines that do not.
MEETING = """
drop trigger link_meets_a_firm_at_the_door on suppliers_supplylink;
create trigger link_meets_a_firm_at_the_door before insert on suppliers_supplylink
  for each row when (new.supplier_org_id is not null) execute function link_meets_a_firm_at_the_door();
create trigger met_link_changes_its_firm_at_the_door before update on suppliers_supplylink
  for each row when (new.supplier_org_id is distinct from old.supplier_org_id) execute function link_meets_a_firm_at_the_door();
"""
MEETING_BEFORE = """
drop trigger met_link_changes_its_firm_at_the_door on suppliers_supplylink;
drop trigger link_meets_a_firm_at_the_door on suppliers_supplylink;
create trigger link_meets_a_firm_at_the_door before insert or update on suppliers_supplylink
  for each row execute function link_meets_a_firm_at_the_door();
"""


class Migration(migrations.Migration):
    dependencies = [("suppliers", "0003_door")]

    operations = [
        migrations.AddField(model_name="supplierimport", name="rows_done", field=models.PositiveIntegerField(default=0)),
        migrations.AddField(model_name="supplierimport", name="rows_total", field=models.PositiveIntegerField(default=0)),
        migrations.AddField(model_name="supplierimport", name="cancel_asked_at", field=models.DateTimeField(blank=True, null=True)),
        migrations.AddField(model_name="supplierimport", name="refusal", field=models.JSONField(blank=True, null=True)),
        migrations.AddField(model_name="importrow", name="uscc", field=models.CharField(blank=True, default="", max_length=18)),
        migrations.AddField(model_name="importrow", name="pinyin_key", field=models.CharField(blank=True, default="", max_length=200)),
        migrations.AddField(model_name="importrow", name="initials", field=models.CharField(blank=True, default="", max_length=80)),
        # The unique (batch, number) finds the rows of a list.
        migrations.AlterField(
            model_name="importrow",
            name="batch",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="suppliers.supplierimport"
            ),
        ),
        migrations.CreateModel(
            name="ListFile",
            fields=[
                (
                    "batch",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="file", serialize=False,
                        to="suppliers.supplierimport",
                    ),
                ),
                ("owner_org_id", models.UUIDField()),
                ("data", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="ColumnMemory",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("header", models.CharField(max_length=200)),
                ("field", models.CharField(blank=True, max_length=12, null=True)),
                ("said_at", models.DateTimeField()),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("owner_org_id", "header"), name="a_header_is_remembered_once")]},
        ),
        migrations.CreateModel(
            name="ToldApart",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("uscc", models.CharField(max_length=18)),
                ("other_uscc", models.CharField(max_length=18)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("owner_org_id", "uscc", "other_uscc"), name="codes_are_told_apart_once"),
                    models.CheckConstraint(condition=models.Q(("uscc__lt", models.F("other_uscc"))), name="told_apart_in_order"),
                ]
            },
        ),
        migrations.CreateModel(
            name="AlikeName",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("number", models.PositiveIntegerField()),
                ("other_number", models.PositiveIntegerField(blank=True, null=True)),
                ("other_link_id", models.UUIDField(blank=True, null=True)),
                ("other_name", models.CharField(max_length=80)),
                ("other_uscc", models.CharField(max_length=18)),
                ("answer", models.CharField(blank=True, default="", max_length=10)),
                (
                    "batch",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="alike", to="suppliers.supplierimport"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("batch", "number", "other_number", "other_link_id"), name="alike_pair_stands_once", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("other_number__isnull", True), ("other_link_id__isnull", True), _connector="XOR"),
                        name="alike_to_a_row_or_a_link",
                    ),
                ]
            },
        ),
        migrations.RunSQL(MEETING, MEETING_BEFORE),
        # A dozen rows per firm: their checks took half the time of an import, and a gram of a line that is gone finds nothing.
        migrations.AlterField(
            model_name="linkgram",
            name="link",
            field=models.ForeignKey(
                db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="grams",
                to="suppliers.supplylink",
            ),
        ),
        RowSecurity("suppliers_listfile", owner="owner_org_id: select insert delete"),
        RowSecurity("suppliers_columnmemory", owner="owner_org_id: select insert update delete"),
        RowSecurity("suppliers_toldapart", owner="owner_org_id: select insert delete"),
        RowSecurity("suppliers_alikename", owner="owner_org_id: select insert update delete"),
    ]
