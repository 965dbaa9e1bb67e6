"""Files of results: as they came, what was mended of them, the rows to look at, and what a header means."""

import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

from foundation.scope import RowSecurity

OF_ITS_FIRM = """
alter table inspections_resultfile add constraint bytes_are_of_their_files_firm foreign key (batch_id, org_id)
  references inspections_resultimport (id, org_id) on delete cascade;
alter table inspections_resultimportrow add constraint row_is_of_its_files_firm foreign key (batch_id, org_id)
  references inspections_resultimport (id, org_id) on delete cascade;
"""
UNDONE = """
alter table inspections_resultimportrow drop constraint row_is_of_its_files_firm;
alter table inspections_resultfile drop constraint bytes_are_of_their_files_firm;
"""


class Migration(migrations.Migration):
    dependencies = [("inspections", "0004_sampling"), ("suppliers", "0010_lists_of_grams")]

    operations = [
        migrations.CreateModel(
            name="ResultColumnMemory",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.UUIDField()),
                ("header", models.CharField(max_length=200)),
                ("field", models.CharField(blank=True, max_length=30, null=True)),
                ("said_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ResultImport",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("org_id", models.UUIDField()),
                ("hat", models.CharField(max_length=8)),
                (
                    "origin",
                    models.CharField(
                        choices=[("self", "Self"), ("customer", "Customer"), ("lab", "Lab"), ("instrument", "Instrument")], max_length=10
                    ),
                ),
                ("file_name", models.CharField(max_length=120)),
                ("digest", models.UUIDField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("reading", "Reading"),
                            ("needs_mapping", "Needs Mapping"),
                            ("preview", "Preview"),
                            ("writing", "Writing"),
                            ("done", "Done"),
                            ("cancelled", "Cancelled"),
                            ("refused", "Refused"),
                        ],
                        max_length=16,
                    ),
                ),
                ("layout", models.CharField(blank=True, max_length=5)),
                ("facts", models.JSONField(default=dict)),
                ("mends", models.JSONField(default=dict)),
                ("totals", models.JSONField(default=dict)),
                ("refusal", models.JSONField(blank=True, null=True)),
                ("person_name", models.CharField(max_length=60)),
                ("created_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("cancel_asked_at", models.DateTimeField(blank=True, null=True)),
                ("rows_done", models.PositiveIntegerField(default=0)),
                ("rows_total", models.PositiveIntegerField(default=0)),
                ("filed", models.PositiveIntegerField(default=0)),
                ("known", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="ResultImportRow",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.UUIDField()),
                ("number", models.PositiveIntegerField()),
                ("outcome", models.CharField(max_length=10)),
                ("cells", models.JSONField()),
                ("said", models.JSONField()),
            ],
        ),
        migrations.AddConstraint(
            model_name="resultcolumnmemory",
            constraint=models.UniqueConstraint(fields=("org_id", "header"), name="a_result_header_is_remembered_once"),
        ),
        migrations.CreateModel(
            name="ResultFile",
            fields=[
                (
                    "batch",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="file",
                        serialize=False,
                        to="inspections.resultimport",
                    ),
                ),
                ("org_id", models.UUIDField()),
                ("data", models.BinaryField()),
            ],
        ),
        migrations.AddField(
            model_name="resultimport",
            name="link",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="suppliers.supplylink"
            ),
        ),
        migrations.AddField(
            model_name="resultimportrow",
            name="batch",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="inspections.resultimport"
            ),
        ),
        migrations.AddIndex(
            model_name="resultimport",
            index=models.Index(fields=["org_id", "-created_at", "-id"], name="result_file_of_firm"),
        ),
        migrations.AddConstraint(
            model_name="resultimport",
            constraint=models.CheckConstraint(
                condition=models.Q(("hat__in", ["owner", "supplier"])), name="result_file_is_brought_in_a_hat"
            ),
        ),
        migrations.AddConstraint(
            model_name="resultimport",
            constraint=models.UniqueConstraint(fields=("id", "org_id"), name="result_file_is_its_firms"),
        ),
        migrations.AddConstraint(
            model_name="resultimportrow",
            constraint=models.UniqueConstraint(fields=("batch", "number"), name="result_row_stands_once_in_its_file"),
        ),
        migrations.RunSQL(OF_ITS_FIRM, UNDONE),
        RowSecurity(
            "inspections_resultimport",
            owner="org_id: select insert update",
            supplier="org_id: select insert update",
        ),
        RowSecurity(
            "inspections_resultfile",
            owner="org_id: select insert delete",
            supplier="org_id: select insert delete",
        ),
        RowSecurity(
            "inspections_resultimportrow",
            owner="org_id: select insert delete",
            supplier="org_id: select insert delete",
        ),
        RowSecurity(
            "inspections_resultcolumnmemory",
            owner="org_id: select insert update delete",
            supplier="org_id: select insert update delete",
        ),
    ]
