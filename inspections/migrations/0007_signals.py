"""Series that are watched, what was found in them, and results added up by month: kept by triggers, statement by statement."""

import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

from foundation.actor import Hat, role_of
from foundation.scope import RowSecurity

SAME_SIDES = """
alter table inspections_watchedseries add constraint watched_series_names_its_maker unique (id, supplier_org_id);
alter table inspections_watchedseries add constraint watched_series_names_its_sides unique (id, supplier_org_id, owner_org_id);
alter table inspections_signal add constraint signal_is_of_its_series
  foreign key (series_id, supplier_org_id) references inspections_watchedseries (id, supplier_org_id);
alter table inspections_signal add constraint signal_has_the_sides_of_its_series
  foreign key (series_id, supplier_org_id, owner_org_id) references inspections_watchedseries (id, supplier_org_id, owner_org_id);
alter table inspections_signal add constraint signal_is_of_its_lots_maker
  foreign key (lot_id, supplier_org_id) references inspections_lot (id, supplier_org_id);
create trigger signals_are_kept before delete or truncate on inspections_signal execute function record_is_append_only();
"""

# What a statement changed, as rows that count once (sign 1) or no more (sign -1); a row that was replaced by a correction counts not at all.
INSERTED = "select f.*, 1 as sign from fresh f where f.replaced_by is null"
UPDATED = """select b.*, -1 as sign from former b where b.replaced_by is null
      union all select f.*, 1 as sign from fresh f where f.replaced_by is null"""
# In the order of the key, so that two statements of many rows never wait for each other in a circle.
COUNTED = """
    insert into inspections_resultrollup as kept (id, supplier_org_id, owner_org_id, characteristic_code, edition_code, unit, origin, month,
      rows, n_readings, out_count, n_numeric, total, total_squared)
    select uuidv7(), supplier_org_id, owner_org_id, characteristic_code, edition_code, unit, origin, month,
      sum(rows), sum(n_readings), sum(out_count), coalesce(sum(n_numeric), 0), coalesce(sum(total * scale), 0), coalesce(sum(total_squared * scale * scale), 0)
    from (
      select c.supplier_org_id, c.owner_org_id, c.characteristic_code, c.edition_code, c.unit, c.origin, date_trunc('month', c.made_on::timestamp)::date as month,
        (array[1, 0.1, 0.01, 0.001, 0.0001, 0.00001, 0.000001]::numeric[])[c.decimals + 1] as scale, sum(c.sign) as rows,
        sum(c.sign * (r.taken / c.width)) as n_readings, sum(c.sign * c.out_count) as out_count,
        sum(c.sign * r.exact) filter (where k.kind is not null) as n_numeric,
        sum(c.sign * r.total) filter (where k.kind is not null) as total,
        sum(c.sign * r.total_squared) filter (where k.kind is not null) as total_squared
      from ({changed}) c
      left join agreements_characteristic k on k.code = c.characteristic_code and k.kind in ('variable', 'attribute') and c.width = 1
      cross join lateral (
        select count(reading) as taken, count(reading) filter (where {exact}) as exact, coalesce(sum(reading::bigint) filter (where {exact}), 0) as total,
          coalesce(sum(reading::bigint * reading) filter (where {exact}), 0) as total_squared
        from unnest(c.readings, c.qualifiers) as u (reading, sign)
      ) r
      group by 1, 2, 3, 4, 5, 6, 7, 8
    ) by_scale
    group by supplier_org_id, owner_org_id, characteristic_code, edition_code, unit, origin, month
    order by supplier_org_id, owner_org_id, characteristic_code, edition_code, unit, origin, month
    on conflict (supplier_org_id, owner_org_id, characteristic_code, edition_code, unit, origin, month) do update set
      rows = kept.rows + excluded.rows, n_readings = kept.n_readings + excluded.n_readings, out_count = kept.out_count + excluded.out_count,
      n_numeric = kept.n_numeric + excluded.n_numeric, total = kept.total + excluded.total,
      total_squared = kept.total_squared + excluded.total_squared;
    insert into inspections_watchedseries as kept (id, supplier_org_id, owner_org_id, characteristic_code, product_code, edition_code, unit, origin)
    select uuidv7(), * from (
      select distinct supplier_org_id, owner_org_id, characteristic_code, product_code, edition_code, unit, origin from ({changed}) c
    ) touched
    order by supplier_org_id, owner_org_id, characteristic_code, product_code, edition_code, unit, origin
    on conflict (supplier_org_id, owner_org_id, characteristic_code, product_code, edition_code, unit, origin) do update set is_due = true;
"""
EXACT = "u.sign is null or u.sign = '='"
# As the definer: whoever files adds to sums of which it may read only its own.
KEEP_COUNTS = f"""
create function new_results_are_counted() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
{COUNTED.format(changed=INSERTED, exact=EXACT)}
  return null;
end $$;
create trigger new_results_are_counted after insert on inspections_characteristicresult
  referencing new table as fresh for each statement execute function new_results_are_counted();

create function replaced_results_count_no_more() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
{COUNTED.format(changed=UPDATED, exact=EXACT)}
  return null;
end $$;
create trigger replaced_results_count_no_more after update on inspections_characteristicresult
  referencing old table as former new table as fresh for each statement execute function replaced_results_count_no_more();
"""
NO_COUNTS = """
drop trigger new_results_are_counted on inspections_characteristicresult;
drop trigger replaced_results_count_no_more on inspections_characteristicresult;
drop function new_results_are_counted();
drop function replaced_results_count_no_more();
"""
NOTED = "update(cause,noted_at,noted_by,noted_org_id,state,words)"


def supplier_first(apps, schema_editor):
    """The customer sees no signal before the clock has shown it."""
    schema_editor.execute(
        f"create policy shown_to_owner on inspections_signal as restrictive to {role_of(Hat.OWNER)} using (owner_sees_at is not null)"
    )


class Migration(migrations.Migration):
    dependencies = [("inspections", "0006_change_points"), ("agreements", "0011_how_it_is_read")]

    operations = [
        migrations.CreateModel(
            name="ResultRollup",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField(blank=True, null=True)),
                ("supplier_org_id", models.UUIDField()),
                ("characteristic_code", models.CharField(max_length=20)),
                ("edition_code", models.CharField(blank=True, max_length=40)),
                ("unit", models.CharField(blank=True, max_length=24)),
                (
                    "origin",
                    models.CharField(
                        choices=[("self", "Self"), ("customer", "Customer"), ("lab", "Lab"), ("instrument", "Instrument")], max_length=10
                    ),
                ),
                ("month", models.DateField()),
                ("rows", models.BigIntegerField()),
                ("n_readings", models.BigIntegerField()),
                ("out_count", models.BigIntegerField()),
                ("n_numeric", models.BigIntegerField()),
                ("total", models.DecimalField(decimal_places=6, max_digits=40)),
                ("total_squared", models.DecimalField(decimal_places=12, max_digits=60)),
            ],
            options={
                "indexes": [models.Index(fields=["owner_org_id", "characteristic_code", "month"], name="rollup_of_owner")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("supplier_org_id", "owner_org_id", "characteristic_code", "edition_code", "unit", "origin", "month"),
                        name="rollup_stands_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WatchedSeries",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField(blank=True, null=True)),
                ("supplier_org_id", models.UUIDField()),
                ("product_code", models.CharField(blank=True, max_length=40)),
                ("characteristic_code", models.CharField(max_length=20)),
                ("edition_code", models.CharField(blank=True, max_length=40)),
                ("unit", models.CharField(blank=True, max_length=24)),
                (
                    "origin",
                    models.CharField(
                        choices=[("self", "Self"), ("customer", "Customer"), ("lab", "Lab"), ("instrument", "Instrument")], max_length=10
                    ),
                ),
                ("is_due", models.BooleanField(db_default=True, default=True)),
                ("lots", models.PositiveIntegerField(db_default=0, default=0)),
                ("missing", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("newest", models.DateField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("is_due", True)), fields=["supplier_org_id", "id"], name="watched_series_that_is_due"),
                    models.Index(fields=["owner_org_id", "characteristic_code"], name="watched_of_owner"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("supplier_org_id", "owner_org_id", "characteristic_code", "product_code", "edition_code", "unit", "origin"),
                        name="series_is_watched_once",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Signal",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField(blank=True, null=True)),
                ("supplier_org_id", models.UUIDField()),
                ("owner_name_zh", models.CharField(blank=True, max_length=80)),
                ("owner_name_en", models.CharField(blank=True, max_length=120)),
                ("supplier_name_zh", models.CharField(blank=True, max_length=80)),
                ("supplier_name_en", models.CharField(blank=True, max_length=120)),
                ("product", models.CharField(blank=True, max_length=120)),
                ("characteristic_code", models.CharField(blank=True, max_length=20)),
                ("lot_no", models.CharField(blank=True, max_length=40)),
                ("made_on", models.DateField(blank=True, null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("out_of_limits", "Out Of Limits"),
                            ("beyond", "Beyond"),
                            ("ewma", "Ewma"),
                            ("even", "Even"),
                            ("drift_l", "Drift L"),
                            ("drift_a", "Drift A"),
                            ("drift_b", "Drift B"),
                            ("lot_to_lot", "Lot To Lot"),
                            ("own_bias", "Own Bias"),
                            ("repeated", "Repeated"),
                            ("digits", "Digits"),
                            ("photo", "Photo"),
                        ],
                        max_length=14,
                    ),
                ),
                ("key", models.CharField(blank=True, max_length=64)),
                ("facts", models.JSONField()),
                ("harm", models.PositiveSmallIntegerField()),
                ("certainty", models.PositiveSmallIntegerField()),
                ("rank", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("cause_noted", "Cause Noted"), ("dismissed", "Dismissed")],
                        default="open",
                        max_length=12,
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("people", "People"),
                            ("machine", "Machine"),
                            ("material", "Material"),
                            ("method", "Method"),
                            ("environment", "Environment"),
                            ("measurement", "Measurement"),
                            ("nothing", "Nothing"),
                        ],
                        max_length=12,
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=200)),
                ("noted_by", models.CharField(blank=True, max_length=60)),
                ("noted_org_id", models.UUIDField(blank=True, null=True)),
                ("noted_at", models.DateTimeField(blank=True, null=True)),
                ("found_at", models.DateTimeField()),
                ("owner_due_at", models.DateTimeField(blank=True, null=True)),
                ("owner_sees_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "withdrawn_why",
                    models.CharField(blank=True, choices=[("corrected", "Corrected"), ("new_baseline", "New Baseline")], max_length=14),
                ),
                ("is_demo", models.BooleanField(default=False)),
                (
                    "lot",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="signals", to="inspections.lot"
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signals",
                        to="inspections.watchedseries",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["supplier_org_id", "-rank", "-id"], name="signal_of_supplier"),
                    models.Index(
                        condition=models.Q(("owner_sees_at__isnull", False)),
                        fields=["owner_org_id", "-rank", "-id"],
                        name="signal_of_owner",
                    ),
                    models.Index(fields=["series", "lot"], name="signal_of_its_series"),
                    models.Index(
                        condition=models.Q(("owner_sees_at", None), ("withdrawn_at", None)),
                        fields=["owner_due_at"],
                        name="signal_to_show_owner",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("supplier_org_id", "series", "lot", "kind", "key"), name="signal_is_raised_once", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("certainty__gte", 1), ("certainty__lte", 3), ("harm__gte", 1), ("harm__lte", 4)),
                        name="signal_is_ranked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cause", ""), ("noted_at", None), ("state", "open")),
                            models.Q(
                                ("noted_at__isnull", False),
                                ("state", "cause_noted"),
                                models.Q(("cause__in", ["", "nothing"]), _negated=True),
                            ),
                            models.Q(("cause", "nothing"), ("noted_at__isnull", False), ("state", "dismissed")),
                            _connector="OR",
                        ),
                        name="signal_has_a_cause_when_noted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at", None), ("withdrawn_why", "")),
                            models.Q(("withdrawn_at__isnull", False), models.Q(("withdrawn_why", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="withdrawn_signal_says_why",
                    ),
                ],
            },
        ),
        RowSecurity("inspections_resultrollup", owner="owner_org_id: select", supplier="supplier_org_id: select", clock="*: select"),
        RowSecurity(
            "inspections_watchedseries",
            owner="owner_org_id: select",
            supplier="supplier_org_id: select",
            clock="*: select update(is_due,lots,missing,newest)",
        ),
        RowSecurity(
            "inspections_signal",
            owner=f"owner_org_id: select {NOTED}",
            supplier=f"supplier_org_id: select {NOTED}",
            clock="*: select insert update(facts,harm,certainty,rank,owner_due_at,owner_sees_at,withdrawn_at,withdrawn_why)",
        ),
        migrations.RunSQL(SAME_SIDES, migrations.RunSQL.noop),
        migrations.RunSQL(KEEP_COUNTS, NO_COUNTS),
        migrations.RunPython(supplier_first, migrations.RunPython.noop),
    ]
