"""The industry chain in numbers: statistics that were handed in, and the platform's firms: writers say whom they touched, a clock adds up."""

import django.contrib.postgres.fields
import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

from foundation.actor import Hat, role_of
from foundation.scope import RowSecurity

# What is said of some firms is worked out from their own rows and held against what was counted of them: sign 1 what is said, -1 what was
# counted; nothing where both are the same. Agreements are asked for between and not by equal: where a city has few chain owners the planner
# takes any firm for one of them, and would look for its first agreement through those of all others.
CHANGES = """
create function chain_changes(the_orgs uuid[]) returns table (sign integer, org_id uuid, region_code text, town_code text, node_codes text[],
  size text, above_scale boolean, certified_until date, is_certified boolean, is_signed boolean)
language plpgsql stable as $$
#variable_conflict use_column
begin
  return query with said as materialized (
    select one.id as org_id, coalesce(o.region_id, '')::text as region_code, coalesce(o.town_id, '')::text as town_code,
      case when o.id is null or o.state = 'closed' then '{}' else o.node_codes::text[] end as node_codes, coalesce(o.size, '')::text as size, coalesce(o.above_scale, false) as above_scale, held.until as certified_until,
      coalesce(held.until >= (select day from oversight_chainsum), false) as is_certified,
      exists (select from agreements_agreement a where a.supplier_org_id between one.id and one.id and a.state in ('signed', 'in_force', 'suspended'))
        or exists (select from agreements_agreement a where a.owner_org_id between one.id and one.id and a.state in ('signed', 'in_force', 'suspended'))
        as is_signed
    from unnest(the_orgs) as one (id) left join parties_organisation o on o.id = one.id
    left join lateral (
      select max(coalesce(p.expires_on, date '9999-12-31')) as until from suppliers_paper p
      where p.org_id = one.id and p.kind = 'certificate' and p.retired_at is null and p.state <> 'rejected'
    ) held on true
  ),
  former as (
    select f.org_id, f.region_code::text, f.town_code::text, f.node_codes::text[], f.size::text, f.above_scale, f.certified_until, f.is_certified, f.is_signed
    from oversight_chainfirm f where f.org_id = any(the_orgs)
  ),
  moved as (select s.* from said s left join former f using (org_id) where to_jsonb(s) is distinct from to_jsonb(f))
  select 1, s.* from moved s
  union all select -1, f.* from former f join moved s using (org_id);
end $$;
revoke all on function chain_changes(uuid[]) from public;
"""
# A firm stands under its region's and its town's place, at each of its nodes and once at the empty node.
CELLS = """
    select place.parent_code, place.code as place_code, step.node_code, c.size, sum(sign) as firms,
      sum(sign * c.above_scale::int) as above_scale, sum(sign * c.is_certified::int) as certified, sum(sign * c.is_signed::int) as signed
    from {changes} c
    left join parties_region r on r.code = c.region_code
    cross join lateral (
      select coalesce(r.parent_id, '') as parent_code, c.region_code as code
      union all select c.region_code, c.town_code where c.town_code <> ''
    ) place
    cross join lateral (
      select '' as node_code where c.node_codes <> '{{}}'
      union all select distinct unnest(c.node_codes)
    ) step
    group by 1, 2, 3, 4"""
PACKED = """'[' || string_agg(json_build_array(parent_code, place_code, node_code, size, firms, above_scale, certified, signed)::text, ','
      order by parent_code, place_code, node_code, size) || ']'"""
NOT_NOTHING = "(firms, above_scale, certified, signed) <> (0, 0, 0, 0)"
# What changed since the clock added up, as the reader's own statement sees it. Null where nothing did, which is nearly always.
UNFOLDED = f"""
create function chain_unfolded() returns text language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
  if not exists (select from oversight_chaintouch) then
    return null;
  end if;
  return (select {PACKED} from (
    {CELLS.format(changes="chain_changes(array(select distinct unnest(org_ids) from oversight_chaintouch))")}
  ) cells where {NOT_NOTHING});
end $$;
revoke all on function chain_unfolded() from public;
"""
# One fold at a time; verbs never wait for it. What is taken was committed with the rows that it speaks of, so the statement below it sees
# them; what comes in between is counted now and found equal the next time. A certificate runs out without anybody's write: the day is the clock's.
FOLD = f"""
create function chain_fold(the_day date) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare touched uuid[];
begin
  perform pg_advisory_xact_lock(hashtextextended('chain_fold', 0));
  update oversight_chainsum set day = the_day where day < the_day;
  with taken as (delete from oversight_chaintouch returning org_ids)
  select array_agg(org) into touched from (
    select unnest(org_ids) as org from taken union select org_id from oversight_chainfirm where is_certified and certified_until < the_day
  ) found;
  if touched is null then
    return 0;
  end if;
  with changes as materialized (select * from chain_changes(touched)),
  written as (
    insert into oversight_chainfirm as kept (org_id, region_code, town_code, node_codes, size, above_scale, certified_until, is_certified, is_signed)
    select org_id, region_code, town_code, node_codes, size, above_scale, certified_until, is_certified, is_signed from changes where sign = 1
    on conflict (org_id) do update set region_code = excluded.region_code, town_code = excluded.town_code, node_codes = excluded.node_codes,
      size = excluded.size, above_scale = excluded.above_scale, certified_until = excluded.certified_until,
      is_certified = excluded.is_certified, is_signed = excluded.is_signed
  )
  update oversight_chainsum set lines = coalesce((
    select {PACKED} from (
      select parent_code, place_code, node_code, size, sum(firms) as firms, sum(above_scale) as above_scale, sum(certified) as certified, sum(signed) as signed
      from (
        select e ->> 0 as parent_code, e ->> 1 as place_code, e ->> 2 as node_code, e ->> 3 as size, (e ->> 4)::int as firms,
          (e ->> 5)::int as above_scale, (e ->> 6)::int as certified, (e ->> 7)::int as signed
        from json_array_elements(lines::json) e
        union all {CELLS.format(changes="changes")}
      ) both_of_them group by 1, 2, 3, 4
    ) summed where {NOT_NOTHING}
  ), '[]') where exists (select from changes);
  return cardinality(touched);
end $$;
revoke all on function chain_fold(date) from public;
"""
NO_FUNCTIONS = "drop function chain_fold(date); drop function chain_unfolded(); drop function chain_changes(uuid[])"
SIGNED = "({}.state in ('signed', 'in_force', 'suspended'))"
# Each asks only of rows whose own change can move a count; most statements stop here.
TOUCHED = {
    ("parties_organisation", "insert"): "select array_agg(id) from fresh where node_codes <> '{}'",
    (
        "parties_organisation",
        "update",
    ): """select array_agg(f.id) from fresh f join former b using (id) where (f.node_codes, f.region_id, f.town_id,
      f.size, f.above_scale, f.state = 'closed') is distinct from (b.node_codes, b.region_id, b.town_id, b.size, b.above_scale, b.state = 'closed')""",
    ("parties_organisation", "delete"): "select array_agg(id) from former",
    ("suppliers_paper", "insert"): "select array_agg(distinct org_id) from fresh where kind = 'certificate'",
    (
        "suppliers_paper",
        "update",
    ): """select array_agg(distinct f.org_id) from fresh f join former b using (id) where 'certificate' in (f.kind, b.kind)
      and (f.kind, f.expires_on, f.state = 'rejected', f.retired_at is null) is distinct from (b.kind, b.expires_on, b.state = 'rejected', b.retired_at is null)""",
    (
        "agreements_agreement",
        "insert",
    ): f"""select array_agg(distinct org) from (select unnest(array[owner_org_id, supplier_org_id]) as org from fresh
      where {SIGNED.format("fresh")}) sides""",
    (
        "agreements_agreement",
        "update",
    ): f"""select array_agg(distinct org) from (select unnest(array[f.owner_org_id, f.supplier_org_id]) as org
      from fresh f join former b using (id) where {SIGNED.format("f")} <> {SIGNED.format("b")}) sides""",
    (
        "agreements_agreement",
        "delete",
    ): f"""select array_agg(distinct org) from (select unnest(array[owner_org_id, supplier_org_id]) as org from former
      where {SIGNED.format("former")}) sides""",
}


def _triggers() -> list[str]:
    """A writer adds one row and waits for nobody. As the definer: whoever files adds to what it may not read."""
    out = []
    for (table, verb), touched in TOUCHED.items():
        name = f"chain_is_counted_after_{verb}_on_{table.partition('_')[2]}"
        tables = {"insert": "new table as fresh", "update": "old table as former new table as fresh", "delete": "old table as former"}[verb]
        out.append(f"""
create function {name}() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into oversight_chaintouch (id, org_ids) select uuidv7(), orgs from ({touched}) touched (orgs) where orgs is not null;
  return null;
end $$;
create trigger {name} after {verb} on {table} referencing {tables} for each statement execute function {name}();""")
    return out


def _no_triggers() -> list[str]:
    return [f"drop function chain_is_counted_after_{verb}_on_{table.partition('_')[2]}() cascade" for table, verb in TOUCHED]


# The lines are read whole by every page: packed as they are, they need not be unpacked.
KEPT = """
alter table oversight_chainsum alter column lines set storage external;
create trigger statistics_are_kept before delete or truncate on oversight_chainimport execute function record_is_append_only();
create trigger lines_of_statistics_are_kept before update or delete or truncate on oversight_chainstat execute function record_is_append_only();
"""
NOT_KEPT = """
drop trigger statistics_are_kept on oversight_chainimport;
drop trigger lines_of_statistics_are_kept on oversight_chainstat;
"""
# What stood before the triggers did.
EVERYTHING = """
insert into oversight_chainsum (id, day, lines) values (1, date '2000-01-01', '[]');
insert into oversight_chaintouch (id, org_ids) select uuidv7(), array_agg(id) from parties_organisation where node_codes <> '{}' having count(*) > 0;
select chain_fold(date '2000-01-01');
"""


def let_the_clock_fold(apps, schema_editor):
    schema_editor.execute(f"grant execute on function chain_fold(date) to {role_of(Hat.CLOCK)}")
    for hat in (Hat.BUREAU, Hat.PLATFORM, Hat.CLOCK):
        schema_editor.execute(f"grant execute on function chain_unfolded() to {role_of(hat)}")


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0004_provider"),
        ("suppliers", "0012_provider"),
        ("agreements", "0012_provider"),
        ("audits", "0012_provider"),
        ("inspections", "0012_results_by_the_million"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChainSum",
            fields=[
                ("id", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("day", models.DateField()),
                ("lines", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="ChainTouch",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("org_ids", django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
            ],
        ),
        migrations.CreateModel(
            name="ChainFirm",
            fields=[
                ("org_id", models.UUIDField(primary_key=True, serialize=False)),
                ("region_code", models.CharField(blank=True, max_length=12)),
                ("town_code", models.CharField(blank=True, max_length=12)),
                (
                    "node_codes",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), default=list, size=None),
                ),
                ("size", models.CharField(blank=True, max_length=8)),
                ("above_scale", models.BooleanField()),
                ("certified_until", models.DateField(blank=True, null=True)),
                ("is_certified", models.BooleanField()),
                ("is_signed", models.BooleanField()),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("is_certified", True)), fields=["certified_until"], name="chain_firm_runs_out")
                ],
            },
        ),
        migrations.CreateModel(
            name="ChainImport",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("origin", models.CharField(choices=[("file", "File"), ("platform", "Platform")], max_length=8)),
                ("quarter", models.CharField(max_length=6)),
                ("parent_code", models.CharField(max_length=12)),
                ("source", models.CharField(max_length=120)),
                ("as_of", models.DateField()),
                ("file_name", models.CharField(blank=True, max_length=120)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("lines", models.PositiveIntegerField()),
                ("firms", models.PositiveIntegerField()),
                ("person_name", models.CharField(blank=True, max_length=60)),
                ("org_id", models.UUIDField(blank=True, null=True)),
                ("at", models.DateTimeField()),
                ("superseded_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at", None)),
                        fields=("origin", "parent_code", "quarter"),
                        name="quarter_has_one_statistic_that_counts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quarter__regex", "^20[0-9]{2}Q[1-4]$")), name="quarter_is_a_year_and_a_quarter"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChainStat",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("place_code", models.CharField(max_length=12)),
                ("node_code", models.CharField(blank=True, max_length=12)),
                ("size", models.CharField(blank=True, max_length=8)),
                ("firms", models.PositiveIntegerField()),
                ("above_scale", models.PositiveIntegerField(blank=True, null=True)),
                ("certified", models.PositiveIntegerField(blank=True, null=True)),
                ("signed", models.PositiveIntegerField(blank=True, null=True)),
                ("output_band", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("batch", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="stats", to="oversight.chainimport")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("batch", "place_code", "node_code", "size"), name="cell_stands_once_in_a_statistic"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("above_scale", None), ("above_scale__lte", models.F("firms")), _connector="OR"),
                            models.Q(("certified", None), ("certified__lte", models.F("firms")), _connector="OR"),
                            models.Q(("signed", None), ("signed__lte", models.F("firms")), _connector="OR"),
                        ),
                        name="part_of_the_firms_is_no_more_than_the_firms",
                    ),
                ],
            },
        ),
        RowSecurity(
            "oversight_chainimport",
            bureau="*: select insert update(superseded_at)",
            platform="*: select insert update(superseded_at)",
            clock="*: select insert update(superseded_at)",
        ),
        RowSecurity("oversight_chainstat", bureau="*: select insert", platform="*: select insert", clock="*: select insert"),
        RowSecurity("oversight_chainfirm", clock="*: select"),
        RowSecurity("oversight_chaintouch", clock="*: select"),
        RowSecurity("oversight_chainsum", bureau="*: select", platform="*: select", clock="*: select"),
        migrations.RunSQL(CHANGES + UNFOLDED + FOLD, NO_FUNCTIONS),
        migrations.RunSQL(KEPT, NOT_KEPT),
        migrations.RunSQL(EVERYTHING, migrations.RunSQL.noop),
        migrations.RunSQL(_triggers(), _no_triggers()),
        migrations.RunPython(let_the_clock_fold, migrations.RunPython.noop),
    ]
