"""Inspection by attributes. What was filed and each step of a series are kept as they are; where a series stands is the clock's to write."""

import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

from foundation.actor import Hat, role_of
from foundation.scope import RowSecurity

SAME_SIDES = """
alter table inspections_inspection add constraint inspection_has_the_maker_of_its_lot
  foreign key (lot_id, supplier_org_id) references inspections_lot (id, supplier_org_id);
alter table inspections_inspection add constraint inspection_has_the_customer_of_its_lot
  foreign key (lot_id, owner_org_id) references inspections_lot (id, owner_org_id);
alter table inspections_inspection add constraint correction_has_the_sides_of_what_it_corrects
  foreign key (corrects_id, owner_org_id, supplier_org_id) references inspections_inspection (id, owner_org_id, supplier_org_id);
alter table inspections_nonconformitycount add constraint count_has_the_sides_of_its_inspection
  foreign key (inspection_id, owner_org_id, supplier_org_id) references inspections_inspection (id, owner_org_id, supplier_org_id);
alter table inspections_switchingseries add constraint series_has_the_sides_of_its_link
  foreign key (link_id, owner_org_id, supplier_org_id) references suppliers_supplylink (id, owner_org_id, supplier_org_id);
alter table inspections_switchingseries add constraint series_has_the_sides_of_its_stream
  foreign key (stream_id, owner_org_id, supplier_org_id) references records_recordstream (id, owner_org_id, supplier_org_id);
alter table inspections_switchingstep add constraint step_has_the_sides_of_its_series
  foreign key (series_id, owner_org_id, supplier_org_id) references inspections_switchingseries (id, owner_org_id, supplier_org_id);
alter table inspections_switchingstep add constraint step_has_the_sides_of_its_inspection
  foreign key (inspection_id, owner_org_id, supplier_org_id) references inspections_inspection (id, owner_org_id, supplier_org_id);
create trigger inspections_are_kept before update or delete or truncate on inspections_inspection execute function record_is_append_only();
create trigger counts_are_kept before update or delete or truncate on inspections_nonconformitycount execute function record_is_append_only();
create trigger steps_are_kept before update or delete or truncate on inspections_switchingstep execute function record_is_append_only();
create trigger series_are_kept before delete or truncate on inspections_switchingseries execute function record_is_append_only();
"""


def file_as_oneself(apps, schema_editor):
    """Nobody files an inspection in the other side's name."""
    for hat in (Hat.OWNER, Hat.SUPPLIER):
        schema_editor.execute(
            f"create policy filed_by_oneself_{hat} on inspections_inspection as restrictive for insert to {role_of(hat)} "
            f"with check (side = '{hat}' and org_id = nullif(current_setting('app.org', true), '')::uuid)"
        )


class Migration(migrations.Migration):
    dependencies = [("inspections", "0003_decisions")]

    operations = [
        migrations.CreateModel(
            name="Inspection",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("supplier_org_id", models.UUIDField()),
                ("org_id", models.UUIDField()),
                ("side", models.CharField(choices=[("owner", "Owner"), ("supplier", "Supplier")], max_length=8)),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("first_article", "First Article"),
                            ("in_process", "In Process"),
                            ("final", "Final"),
                            ("incoming", "Incoming"),
                            ("third_party", "Third Party"),
                        ],
                        max_length=14,
                    ),
                ),
                ("place", models.PositiveSmallIntegerField(default=0)),
                ("lot_size", models.PositiveIntegerField()),
                ("plans", models.JSONField()),
                ("decision", models.CharField(choices=[("accepted", "Accepted"), ("not_accepted", "Not Accepted")], max_length=12)),
                ("agreement_id", models.UUIDField()),
                ("version_id", models.UUIDField()),
                ("version_number", models.PositiveSmallIntegerField()),
                ("clause_id", models.UUIDField()),
                ("inspected_on", models.DateField()),
                ("original", models.BooleanField(default=True)),
                ("steady", models.BooleanField(default=True)),
                ("body", models.CharField(blank=True, max_length=80)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("filed_by", models.CharField(max_length=60)),
                ("filed_at", models.DateTimeField()),
                ("client_id", models.UUIDField()),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="inspections.inspection",
                    ),
                ),
                ("lot", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="inspections", to="inspections.lot")),
            ],
        ),
        migrations.CreateModel(
            name="NonconformityCount",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("supplier_org_id", models.UUIDField()),
                ("klass", models.CharField(choices=[("critical", "Critical"), ("major", "Major"), ("minor", "Minor")], max_length=8)),
                ("words", models.CharField(blank=True, max_length=60)),
                ("n", models.PositiveIntegerField()),
                (
                    "inspection",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="counts", to="inspections.inspection"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SwitchingSeries",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("supplier_org_id", models.UUIDField()),
                ("owner_name_zh", models.CharField(max_length=80)),
                ("owner_name_en", models.CharField(blank=True, max_length=120)),
                ("supplier_name_zh", models.CharField(max_length=80)),
                ("supplier_name_en", models.CharField(blank=True, max_length=120)),
                ("product_key", models.CharField(max_length=120)),
                ("product", models.CharField(max_length=120)),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("first_article", "First Article"),
                            ("in_process", "In Process"),
                            ("final", "Final"),
                            ("incoming", "Incoming"),
                            ("third_party", "Third Party"),
                        ],
                        max_length=14,
                    ),
                ),
                ("klass", models.CharField(choices=[("critical", "Critical"), ("major", "Major"), ("minor", "Minor")], max_length=8)),
                ("side", models.CharField(choices=[("owner", "Owner"), ("supplier", "Supplier")], max_length=8)),
                ("place", models.PositiveSmallIntegerField(default=0)),
                ("kept", models.JSONField(default=dict)),
                ("severity", models.CharField(default="normal", max_length=12)),
                ("generation", models.PositiveIntegerField(default=1)),
                ("steps_count", models.PositiveIntegerField(default=0)),
                ("lots", models.PositiveIntegerField(default=0)),
                ("not_accepted", models.PositiveIntegerField(default=0)),
                ("pieces_saved", models.IntegerField(default=0)),
                ("since", models.JSONField(default=dict)),
                ("opened_at", models.DateTimeField()),
                ("moved_at", models.DateTimeField()),
                ("link", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="suppliers.supplylink")),
                ("stream", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.recordstream")),
            ],
        ),
        migrations.CreateModel(
            name="SwitchingStep",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("supplier_org_id", models.UUIDField()),
                ("number", models.PositiveIntegerField()),
                ("generation", models.PositiveIntegerField()),
                ("segment", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("lot", "Lot"),
                            ("terms", "Terms"),
                            ("resumed", "Resumed"),
                            ("authorised", "Authorised"),
                            ("unauthorised", "Unauthorised"),
                        ],
                        max_length=12,
                    ),
                ),
                ("lot_no", models.CharField(blank=True, max_length=40)),
                ("lot_size", models.PositiveIntegerField(blank=True, null=True)),
                ("found", models.PositiveIntegerField(blank=True, null=True)),
                ("original", models.BooleanField(default=True)),
                ("steady", models.BooleanField(default=True)),
                ("terms", models.JSONField(blank=True, null=True)),
                ("severity", models.CharField(max_length=12)),
                ("severity_after", models.CharField(max_length=12)),
                ("plan", models.JSONField(blank=True, null=True)),
                ("accepted", models.BooleanField(blank=True, null=True)),
                ("score", models.IntegerField(blank=True, null=True)),
                ("code", models.CharField(blank=True, max_length=20)),
                ("facts", models.JSONField(default=dict)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("by", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                (
                    "inspection",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="inspections.inspection",
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inspections.lot"
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="inspections.switchingseries"),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="inspection",
            index=models.Index(fields=["clause_id", "-filed_at"], name="inspection_of_clause"),
        ),
        migrations.AddConstraint(
            model_name="inspection",
            constraint=models.UniqueConstraint(fields=("org_id", "client_id"), name="inspection_is_filed_once"),
        ),
        migrations.AddConstraint(
            model_name="inspection",
            constraint=models.UniqueConstraint(fields=("id", "owner_org_id", "supplier_org_id"), name="inspection_names_its_sides"),
        ),
        migrations.AddConstraint(
            model_name="inspection",
            constraint=models.CheckConstraint(condition=models.Q(("lot_size__gte", 2)), name="inspected_lot_has_two_pieces"),
        ),
        migrations.AddConstraint(
            model_name="inspection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("org_id", models.F("owner_org_id")), ("side", "owner")),
                    models.Q(("org_id", models.F("supplier_org_id")), ("side", "supplier")),
                    _connector="OR",
                ),
                name="inspection_is_filed_by_its_side",
            ),
        ),
        migrations.AddConstraint(
            model_name="inspection",
            constraint=models.CheckConstraint(
                condition=models.Q(("corrects", None), models.Q(("reason", ""), _negated=True), _connector="OR"),
                name="correction_has_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="nonconformitycount",
            constraint=models.UniqueConstraint(fields=("inspection", "klass", "words"), name="nonconformity_is_counted_once"),
        ),
        migrations.AddConstraint(
            model_name="nonconformitycount",
            constraint=models.CheckConstraint(condition=models.Q(("n__gt", 0)), name="counted_nonconformity_was_there"),
        ),
        migrations.AddIndex(
            model_name="switchingseries",
            index=models.Index(fields=["owner_org_id", "-moved_at", "-id"], name="series_of_owner"),
        ),
        migrations.AddIndex(
            model_name="switchingseries",
            index=models.Index(fields=["supplier_org_id", "-moved_at", "-id"], name="series_of_supplier"),
        ),
        migrations.AddConstraint(
            model_name="switchingseries",
            constraint=models.UniqueConstraint(
                fields=("link", "product_key", "stage", "klass", "side", "place"), name="series_is_one_of_its_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="switchingseries",
            constraint=models.UniqueConstraint(fields=("id", "owner_org_id", "supplier_org_id"), name="series_names_its_sides"),
        ),
        migrations.AddConstraint(
            model_name="switchingstep",
            constraint=models.UniqueConstraint(fields=("series", "number", "generation"), name="step_stands_once"),
        ),
        migrations.AddConstraint(
            model_name="switchingstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "lot"), _negated=True),
                    models.Q(("inspection__isnull", False), ("lot__isnull", False)),
                    _connector="OR",
                ),
                name="step_of_a_lot_names_it",
            ),
        ),
        RowSecurity(
            "inspections_inspection",
            owner="owner_org_id: select insert",
            supplier="supplier_org_id: select insert",
            clock="*: select",
        ),
        RowSecurity(
            "inspections_nonconformitycount",
            owner="owner_org_id: select insert",
            supplier="supplier_org_id: select insert",
            clock="*: select",
        ),
        RowSecurity(
            "inspections_switchingseries",
            owner="owner_org_id: select",
            supplier="supplier_org_id: select",
            clock="*: select insert update(product,kept,severity,generation,steps_count,lots,not_accepted,pieces_saved,since,moved_at)",
        ),
        RowSecurity(
            "inspections_switchingstep", owner="owner_org_id: select", supplier="supplier_org_id: select", clock="*: select insert"
        ),
        migrations.RunSQL(SAME_SIDES, migrations.RunSQL.noop),
        migrations.RunPython(file_as_oneself, migrations.RunPython.noop),
    ]
