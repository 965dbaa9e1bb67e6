"""Sites at work, processes, products, instruments and certificates of a firm, and what it shows of them."""

import django.contrib.postgres.fields
import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

from foundation.scope import Grants, RowSecurity

# A process, an instrument or a newer paper stands with things of the same firm: held by the database, whoever writes.
SAME_FIRM = """
alter table suppliers_process add constraint process_stands_at_a_site_of_its_firm
  foreign key (site_id, org_id) references suppliers_site (id, org_id);
alter table suppliers_instrument add constraint instrument_stands_at_a_site_of_its_firm
  foreign key (site_id, org_id) references suppliers_site (id, org_id);
alter table suppliers_paper add constraint paper_replaces_one_of_its_firm
  foreign key (replaces_id, org_id) references suppliers_paper (id, org_id);
"""
SAME_FIRM_NO_MORE = """
alter table suppliers_process drop constraint process_stands_at_a_site_of_its_firm;
alter table suppliers_instrument drop constraint instrument_stands_at_a_site_of_its_firm;
alter table suppliers_paper drop constraint paper_replaces_one_of_its_firm;
"""

# Papers that were filed before reminders: the first tick says the nearest of 60, 30 and 7 days, and nothing of what has lapsed.
REMIND = "update suppliers_paper set remind_on = expires_on - 60 where expires_on >= current_date"

# A firm mends what it said of a paper; whether it is verified stays the platform's word.
OWN_WORDS = "org_id: update(kind,standard,number,scope,issuer,issued_on,expires_on,retired_at,remind_on)"
PAPERS = RowSecurity("suppliers_paper", owner=OWN_WORDS, supplier=OWN_WORDS, lab=OWN_WORDS, clock="*: update(remind_on)")
OWN = "org_id: select insert update"


def widen_papers(apps, schema_editor):
    """The table's wall stands already: only the new rules are added to it."""
    for statement in PAPERS.statements()[3:]:
        schema_editor.execute(statement)


def narrow_papers(apps, schema_editor):
    for hat in PAPERS.rules:
        schema_editor.execute(f"drop policy {hat}_update on suppliers_paper")


class Migration(migrations.Migration):
    dependencies = [("suppliers", "0006_merges"), ("records", "0002_walls")]

    operations = [
        migrations.AddField(
            model_name="site",
            name="headcount",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="site",
            name="floor_notes",
            field=models.CharField(blank=True, db_default="", default="", max_length=500),
        ),
        migrations.AddField(
            model_name="site",
            name="gate_token",
            field=models.CharField(blank=True, max_length=43, null=True, unique=True),
        ),
        migrations.AddField(
            model_name="site",
            name="retired_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="site",
            name="client_id",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="paper",
            name="standard",
            field=models.CharField(blank=True, db_default="", default="", max_length=20),
        ),
        migrations.AddField(
            model_name="paper",
            name="scope",
            field=models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
        migrations.AddField(
            model_name="paper",
            name="issuer",
            field=models.CharField(blank=True, db_default="", default="", max_length=120),
        ),
        migrations.AddField(
            model_name="paper",
            name="replaces",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="replaced_by", to="suppliers.paper"
            ),
        ),
        migrations.AddField(
            model_name="paper",
            name="retired_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="paper",
            name="remind_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="site",
            constraint=models.UniqueConstraint(fields=("org_id", "client_id"), name="site_is_added_once"),
        ),
        migrations.AddConstraint(
            model_name="site",
            constraint=models.UniqueConstraint(fields=("id", "org_id"), name="site_names_its_firm"),
        ),
        migrations.AddConstraint(
            model_name="site",
            constraint=models.CheckConstraint(
                condition=models.Q(("retired_at", None), ("is_main", False), _connector="OR"), name="main_site_is_at_work"
            ),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.UniqueConstraint(
                condition=models.Q(("retired_at", None)), fields=("replaces",), name="paper_is_replaced_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.UniqueConstraint(fields=("id", "org_id"), name="paper_names_its_firm"),
        ),
        migrations.AddIndex(
            model_name="paper",
            index=models.Index(condition=models.Q(("retired_at", None)), fields=["remind_on"], name="paper_to_remind_of"),
        ),
        migrations.CreateModel(
            name="Process",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("org_id", models.UUIDField()),
                ("site", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="processes", to="suppliers.site")),
                ("node_code", models.CharField(max_length=12)),
                ("machines", models.CharField(blank=True, max_length=200)),
                ("capacity", models.PositiveIntegerField(blank=True, null=True)),
                ("capacity_unit", models.CharField(blank=True, max_length=12)),
                ("created_at", models.DateTimeField()),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                ("client_id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("org_id", "client_id"), name="process_is_added_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("retired_at", None)), fields=("site", "node_code"), name="site_does_a_step_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("capacity", None), models.Q(("capacity_unit", ""), _negated=True), _connector="OR"),
                        name="capacity_has_a_unit",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Product",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("org_id", models.UUIDField()),
                ("code", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=80)),
                ("node_code", models.CharField(blank=True, max_length=12)),
                ("construction", models.CharField(blank=True, max_length=200)),
                ("safety_class", models.CharField(blank=True, max_length=1)),
                (
                    "colours",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), blank=True, default=list, size=None
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                ("client_id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("org_id", "client_id"), name="product_is_added_once"),
                    models.UniqueConstraint(fields=("org_id", "code"), name="product_code_has_no_twin"),
                    models.CheckConstraint(condition=models.Q(("safety_class__in", ["", "A", "B", "C"])), name="safety_class_is_a_b_or_c"),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Instrument",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("org_id", models.UUIDField()),
                (
                    "site",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="instruments", to="suppliers.site"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("model", models.CharField(blank=True, max_length=80)),
                ("serial", models.CharField(max_length=60)),
                ("calibrated_on", models.DateField(blank=True, null=True)),
                ("calibration_due_on", models.DateField(blank=True, null=True)),
                ("certificate_number", models.CharField(blank=True, max_length=80)),
                ("evidence_id", models.UUIDField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                ("remind_on", models.DateField(blank=True, null=True)),
                ("client_id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False)),
            ],
            options={
                "indexes": [models.Index(condition=models.Q(("retired_at", None)), fields=["remind_on"], name="instrument_to_remind_of")],
                "constraints": [
                    models.UniqueConstraint(fields=("org_id", "client_id"), name="instrument_is_added_once"),
                    models.UniqueConstraint(fields=("org_id", "serial"), name="serial_number_has_no_twin"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("calibrated_on", None),
                            ("calibration_due_on", None),
                            ("calibration_due_on__gte", models.F("calibrated_on")),
                            _connector="OR",
                        ),
                        name="calibration_falls_due_after_it_was_done",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SharedThing",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("org_id", models.UUIDField()),
                ("grantee_org_id", models.UUIDField()),
                ("what", models.CharField(max_length=30)),
                ("thing_id", models.UUIDField()),
                ("facts", models.JSONField()),
                ("file", models.JSONField(blank=True, null=True)),
                ("granted_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["grantee_org_id", "org_id"], name="shown_by_firm")],
                "constraints": [models.UniqueConstraint(fields=("grantee_org_id", "thing_id"), name="thing_is_shown_once")],
            },
        ),
        migrations.RunSQL(SAME_FIRM, SAME_FIRM_NO_MORE),
        migrations.RunSQL(REMIND, migrations.RunSQL.noop),
        migrations.RunPython(widen_papers, narrow_papers),
        RowSecurity("suppliers_process", owner=OWN, supplier=OWN, lab=OWN, clock="*: select"),
        RowSecurity("suppliers_product", owner=OWN, supplier=OWN, lab=OWN, clock="*: select"),
        RowSecurity("suppliers_instrument", owner=OWN, supplier=OWN, lab=OWN, clock="*: select update(remind_on)"),
        RowSecurity(
            "suppliers_sharedthing",
            owner="grantee_org_id: select",
            clock="*: select insert update(facts,file,granted_at,revoked_at)",
        ),
        # A grant that was switched off may be given again, from that day on.
        Grants("records_grant", clock="update(valid_from)"),
    ]
