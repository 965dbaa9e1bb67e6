"""Weak links: who was looked at and who failed, kept by triggers statement by statement, and the quarters published of it."""

import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

from foundation.actor import Hat, role_of
from foundation.scope import RowSecurity

# As in oversight.categories; a test holds them against each other.
NAMES = """
create function weak_link_of_characteristic(code text) returns text language sql immutable parallel safe as $$
  select case
    when code in ('FIB-CON', 'FIB-CON-DEV', 'FIB-DIA', 'DWN-CLU', 'DWN-DOW') then 'fibre'
    when code in ('COL-DE', 'COL-DE-LOT', 'CF-WAS', 'CF-RUB', 'CF-RUB-W', 'CF-PER', 'CF-WAT', 'CF-SAL', 'CF-LIG') then 'colour'
    when code in ('FOR', 'PH', 'AZO', 'APEO', 'DCM', 'ODO') then 'safety'
    when code in ('YRN-STR', 'BST', 'SEA', 'TEA', 'TEN', 'PIL') then 'strength'
    when code in ('DIM', 'SPI', 'GSM', 'WID', 'YRN-CNT', 'BED-FIL', 'DWN-FIL') then 'dimensions'
    when code in ('YRN-TWI', 'YRN-EVN', 'BED-REC', 'DWN-POW', 'BED-OIL') then 'function'
    when code in ('APP-A', 'APP-B') then 'appearance'
    else 'other' end
$$;
create function weak_link_of_section(code text) returns text language sql immutable parallel safe as $$
  select case when code in ('COL', 'DYE') then 'colour' when code = 'RAW' then 'fibre' when code = 'LAB' then 'safety'
    when code in ('P3', 'P4') then 'design' else 'process' end
$$;
create function weak_link_quarter(day date) returns date language sql immutable parallel safe as $$
  select date_trunc('quarter', day::timestamp)::date
$$;
"""

# What one row says of a firm: (supplier_org_id, category, period_on, looks, minor, major, critical). A reading that no limit speaks of is no look.
# A limit of safety is the law's: who is beyond it failed critically.
OF_RESULTS = """
  select r.supplier_org_id, k.category, weak_link_quarter(r.made_on) as period_on, {sign} as looks, 0 as minor,
    {sign} * (r.verdict = 'out' and k.category <> 'safety')::int as major, {sign} * (r.verdict = 'out' and k.category = 'safety')::int as critical
  from {rows} r cross join lateral (select weak_link_of_characteristic(r.characteristic_code) as category) k
  where r.replaced_by is null and r.verdict in ('in', 'out')"""
OF_INSPECTIONS = """
  select i.supplier_org_id, 'appearance' as category, weak_link_quarter(i.inspected_on) as period_on, {sign} as looks, 0 as minor,
    {sign} * (i.decision = 'not_accepted')::int as major, 0 as critical
  from {rows} i"""
# A visit looks at what its checklist asks about. A self-check is a firm's own word: it is a look once the chain owner has reviewed it.
OF_AUDITS = """
  select a.supplier_org_id, q.category, weak_link_quarter((a.submitted_at at time zone 'Asia/Shanghai')::date) as period_on, {sign} as looks,
    0 as minor, 0 as major, 0 as critical
  from {rows} a
  cross join lateral (select distinct weak_link_of_section(section) as category from audits_question where version_id = a.checklist_id) q
  where a.submitted_at is not null and (a.state in ('reviewed', 'closed') or (a.state = 'submitted' and a.kind <> 'self_check'))"""
# What is contested is not confirmed until it is decided.
OF_FINDINGS = """
  select f.supplier_org_id, k.category, weak_link_quarter((f.raised_at at time zone 'Asia/Shanghai')::date) as period_on, {sign} as looks,
    {sign} * (f.grade = 'minor')::int as minor, {sign} * (f.grade = 'major')::int as major, {sign} * (f.grade = 'critical')::int as critical
  from {rows} f join {texts} t on t.finding_id = f.id
  cross join lateral (
    select case when t.characteristic_code <> '' then weak_link_of_characteristic(t.characteristic_code)
      else coalesce((select weak_link_of_section(q.section) from audits_question q join audits_audit a on a.checklist_id = q.version_id
        where a.id = f.audit_id and q.code = t.question_code), 'process') end as category
  ) k
  where f.state not in ('draft', 'contested', 'withdrawn', 'noted') and f.grade in ('minor', 'major', 'critical')"""

# A writer only adds a row and waits for nobody: what a verb locks after this, another may hold already.
COUNTED = """
  insert into oversight_weaklinklook (id, supplier_org_id, category, period_on, looks, minor, major, critical)
  select uuidv7(), c.supplier_org_id, c.category, c.period_on, c.looks, c.minor, c.major, c.critical
  from (
    select supplier_org_id, category, period_on, sum(looks) as looks, sum(minor) as minor, sum(major) as major, sum(critical) as critical
    from ({changed}) s group by supplier_org_id, category, period_on
  ) c
  where (c.looks, c.minor, c.major, c.critical) <> (0, 0, 0, 0);
"""
# One at a time, what was added is taken into the sums of each firm; what is not committed yet is taken the next time.
FOLDED = """
create function weak_links_fold() returns integer language plpgsql security definer set search_path = public, pg_temp as $$
declare taken integer;
begin
  perform pg_advisory_xact_lock(hashtextextended('weak_links_fold', 0));
  with taken as (delete from oversight_weaklinklook returning *),
  summed as (
    select supplier_org_id, category, period_on, sum(looks) as looks, sum(minor) as minor, sum(major) as major, sum(critical) as critical
    from taken group by supplier_org_id, category, period_on
  ),
  kept as (
    insert into oversight_weaklinkfirm as kept (id, supplier_org_id, category, period_on, region_code, town_code, node_code, looks, minor, major, critical)
    select uuidv7(), c.supplier_org_id, c.category, c.period_on, coalesce(o.region_id, ''), coalesce(o.town_id, ''), coalesce(o.node_codes[1], ''),
      c.looks, c.minor, c.major, c.critical
    from summed c join parties_organisation o on o.id = c.supplier_org_id
    where (c.looks, c.minor, c.major, c.critical) <> (0, 0, 0, 0)
    order by c.supplier_org_id, c.category, c.period_on
    on conflict (supplier_org_id, category, period_on) do update set looks = kept.looks + excluded.looks, minor = kept.minor + excluded.minor,
      major = kept.major + excluded.major, critical = kept.critical + excluded.critical
  )
  select count(*) into taken from taken;
  return taken;
end $$;
revoke all on function weak_links_fold() from public;
"""
# A firm counts once in its cell, under its worst. Only what changes a count adds a row: the second look at a firm adds none.
OF_FIRMS = """
  select period_on, category, region_code, town_code, node_code, {sign} * (looks > 0)::int as firms,
    {sign} * (looks > 0 and critical = 0 and major = 0 and minor > 0)::int as minor,
    {sign} * (looks > 0 and critical = 0 and major > 0)::int as major, {sign} * (looks > 0 and critical > 0)::int as critical
  from {rows}"""
CELLS = """
  insert into oversight_weaklinkcell (id, period_on, category, region_code, town_code, node_code, firms, minor, major, critical)
  select uuidv7(), period_on, category, region_code, town_code, node_code, firms, minor, major, critical from (
    select period_on, category, region_code, town_code, node_code, sum(firms) as firms, sum(minor) as minor, sum(major) as major, sum(critical) as critical
    from ({changed}) c group by 1, 2, 3, 4, 5
  ) c
  where (firms, minor, major, critical) <> (0, 0, 0, 0);
"""
MOVED = """
  update oversight_weaklinkfirm w set region_code = coalesce(f.region_id, ''), town_code = coalesce(f.town_id, ''), node_code = coalesce(f.node_codes[1], '')
  from fresh f join former b using (id)
  where w.supplier_org_id = f.id and (f.region_id, f.town_id, f.node_codes[1]) is distinct from (b.region_id, b.town_id, b.node_codes[1]);
"""


def added(of, **more):
    """What a statement inserted."""
    return of.format(sign=1, rows="fresh", **more)


def changed(of, **more):
    """What a statement changed: as it was, no more; as it is, from now on."""
    return of.format(sign=-1, rows="former", **more) + "\n  union all" + of.format(sign=1, rows="fresh", **more)


# As the definer: who files adds to sums that it may not read.
TRIGGER = """
create function {name}() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
{body}
  return null;
end $$;
create trigger {name} after {event} on {table} referencing {named} for each statement execute function {name}();
"""
NEW, BOTH = "new table as fresh", "old table as former new table as fresh"
TEXT_ADDED = OF_FINDINGS.format(sign=1, rows="audits_finding", texts="fresh")
TEXT_CHANGED = OF_FINDINGS.format(sign=-1, rows="audits_finding", texts="former") + "\n  union all" + TEXT_ADDED
# A correction takes the place of what it corrects.
INSPECTED = (
    added(OF_INSPECTIONS)
    + "\n  union all"
    + OF_INSPECTIONS.format(sign=-1, rows="(select c.* from inspections_inspection c join fresh on fresh.corrects_id = c.id)")
)
KEPT = [
    ("weak_links_of_new_results", "insert", "inspections_characteristicresult", NEW, COUNTED.format(changed=added(OF_RESULTS))),
    ("weak_links_of_replaced_results", "update", "inspections_characteristicresult", BOTH, COUNTED.format(changed=changed(OF_RESULTS))),
    ("weak_links_of_new_inspections", "insert", "inspections_inspection", NEW, COUNTED.format(changed=INSPECTED)),
    ("weak_links_of_new_audits", "insert", "audits_audit", NEW, COUNTED.format(changed=added(OF_AUDITS))),
    ("weak_links_of_changed_audits", "update", "audits_audit", BOTH, COUNTED.format(changed=changed(OF_AUDITS))),
    ("weak_links_of_changed_findings", "update", "audits_finding", BOTH, COUNTED.format(changed=changed(OF_FINDINGS, texts="audits_findingtext"))),
    ("weak_links_of_new_words", "insert", "audits_findingtext", NEW, COUNTED.format(changed=TEXT_ADDED)),
    ("weak_links_of_changed_words", "update", "audits_findingtext", BOTH, COUNTED.format(changed=TEXT_CHANGED)),
    ("weak_links_of_new_firms", "insert", "oversight_weaklinkfirm", NEW, CELLS.format(changed=added(OF_FIRMS))),
    ("weak_links_of_changed_firms", "update", "oversight_weaklinkfirm", BOTH, CELLS.format(changed=changed(OF_FIRMS))),
    ("weak_links_of_moved_firms", "update", "parties_organisation", BOTH, MOVED),
]
TRIGGERS = "".join(
    TRIGGER.format(name=name, event=event, table=table, named=named, body=body) for name, event, table, named, body in KEPT
)
NO_TRIGGERS = "".join(f"drop trigger {name} on {table}; drop function {name}();" for name, _event, table, _named, _body in KEPT)
# What stood before the triggers did.
EVERYTHING = "\n  union all".join(
    [
        OF_RESULTS.format(sign=1, rows="inspections_characteristicresult"),
        OF_INSPECTIONS.format(sign=1, rows="(select * from inspections_inspection i where not exists (select from inspections_inspection c where c.corrects_id = i.id))"),
        OF_AUDITS.format(sign=1, rows="audits_audit"),
        OF_FINDINGS.format(sign=1, rows="audits_finding", texts="audits_findingtext"),
    ]
)
PUBLISHED_STAYS = """
create trigger published_quarter_is_kept before update or delete on oversight_weaklinkcut for each row execute function record_is_append_only();
create trigger published_quarters_are_kept before truncate on oversight_weaklinkcut execute function record_is_append_only();
create trigger published_figure_is_kept before update or delete on oversight_weaklinkfigure for each row execute function record_is_append_only();
create trigger published_figures_are_kept before truncate on oversight_weaklinkfigure execute function record_is_append_only();
create trigger weak_link_note_is_kept before update or delete on oversight_weaklinknote for each row execute function record_is_append_only();
create trigger weak_link_notes_are_kept before truncate on oversight_weaklinknote execute function record_is_append_only();
"""
SHOWN_OR_HIDDEN = models.Q(
    is_hidden=True, firms=None, minor=None, major=None, critical=None, share=None, lower=None, upper=None, shrunken=None, standing=""
) | models.Q(is_hidden=False, firms__gte=5, minor__isnull=False, major__isnull=False, critical__isnull=False, share__isnull=False)
STANDINGS = [("far_above", "Far Above"), ("above", "Above"), ("within", "Within"), ("below", "Below"), ("far_below", "Far Below")]


def _id():
    return ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False))


def _place():
    return [
        ("region_code", models.CharField(blank=True, max_length=12)),
        ("town_code", models.CharField(blank=True, max_length=12)),
        ("node_code", models.CharField(blank=True, max_length=12)),
    ]


def _where():
    return [
        ("category", models.CharField(max_length=12)),
        ("place_code", models.CharField(max_length=12)),
        ("node_code", models.CharField(max_length=12)),
    ]


def _of_cut(name):
    key = models.ForeignKey(
        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name=name, to="oversight.weaklinkcut"
    )
    return ("cut", key)


def let_the_clock_fold(apps, schema_editor):
    schema_editor.execute(f"grant execute on function weak_links_fold() to {role_of(Hat.CLOCK)}")


class Migration(migrations.Migration):
    dependencies = [("oversight", "0001_chain_map"), ("audits", "0012_provider"), ("inspections", "0012_results_by_the_million"), ("parties", "0004_provider")]

    operations = [
        migrations.CreateModel(
            name="WeakLinkFirm",
            fields=[
                _id(),
                ("supplier_org_id", models.UUIDField()),
                ("category", models.CharField(max_length=12)),
                ("period_on", models.DateField()),
                *_place(),
                *((name, models.IntegerField()) for name in ("looks", "minor", "major", "critical")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("supplier_org_id", "category", "period_on"), name="firm_is_in_a_weak_link_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="WeakLinkLook",
            fields=[
                _id(),
                ("supplier_org_id", models.UUIDField()),
                ("category", models.CharField(max_length=12)),
                ("period_on", models.DateField()),
                *((name, models.IntegerField()) for name in ("looks", "minor", "major", "critical")),
            ],
        ),
        migrations.CreateModel(
            name="WeakLinkCell",
            fields=[
                _id(),
                ("period_on", models.DateField()),
                ("category", models.CharField(max_length=12)),
                *_place(),
                *((name, models.IntegerField()) for name in ("firms", "minor", "major", "critical")),
            ],
            options={"indexes": [models.Index(fields=["period_on", "category"], name="weak_link_cell_of_quarter")]},
        ),
        migrations.CreateModel(
            name="WeakLinkCut",
            fields=[
                ("period_on", models.DateField(primary_key=True, serialize=False)),
                ("published_at", models.DateTimeField()),
                ("method", models.CharField(max_length=20)),
            ],
        ),
        migrations.CreateModel(
            name="WeakLinkFigure",
            fields=[
                _id(),
                *_where(),
                ("is_hidden", models.BooleanField()),
                *(
                    (name, models.PositiveIntegerField(null=True))
                    for name in ("firms", "minor", "major", "critical", "share", "lower", "upper", "shrunken")
                ),
                ("standing", models.CharField(blank=True, choices=STANDINGS, max_length=9)),
                _of_cut("figures"),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("cut", "category", "place_code", "node_code"), name="weak_link_figure_stands_once"),
                    models.CheckConstraint(condition=SHOWN_OR_HIDDEN, name="published_cell_has_five_firms"),
                ],
                "indexes": [models.Index(fields=["category", "place_code", "node_code", "cut"], name="weak_link_figure_over_time")],
            },
        ),
        migrations.CreateModel(
            name="WeakLinkNote",
            fields=[
                _id(),
                *_where(),
                ("words", models.CharField(max_length=300)),
                ("noted_by", models.CharField(max_length=60)),
                ("noted_at", models.DateTimeField()),
                ("client_id", models.UUIDField(unique=True)),
                _of_cut("notes"),
            ],
            options={"indexes": [models.Index(fields=["cut", "category", "place_code", "node_code"], name="weak_link_note_of_cell")]},
        ),
        RowSecurity("oversight_weaklinklook", clock="*: select"),
        RowSecurity("oversight_weaklinkfirm", clock="*: select"),
        RowSecurity("oversight_weaklinkcell", clock="*: select insert delete"),
        RowSecurity("oversight_weaklinkcut", clock="*: select insert", bureau="*: select"),
        RowSecurity("oversight_weaklinkfigure", clock="*: select insert", bureau="*: select"),
        RowSecurity("oversight_weaklinknote", bureau="*: select insert"),
        migrations.RunSQL(
            NAMES,
            "drop function weak_link_of_characteristic(text); drop function weak_link_of_section(text); drop function weak_link_quarter(date)",
        ),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
        migrations.RunSQL(FOLDED, "drop function weak_links_fold()"),
        migrations.RunPython(let_the_clock_fold, migrations.RunPython.noop),
        migrations.RunSQL(COUNTED.format(changed=EVERYTHING) + "select weak_links_fold();", migrations.RunSQL.noop),
        migrations.RunSQL(PUBLISHED_STAYS, migrations.RunSQL.noop),
    ]
