"""Duty cases: contents open to the bureau look by look, each noted and told by the database itself; rounds of reminders."""

import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

from foundation.actor import Hat, role_of
from foundation.scope import MoreRules, RowSecurity

# Whose things a look is at; nothing where there is no such thing.
SIDES = """
create function duty_sides(what text, subject uuid) returns uuid[] language sql stable security definer set search_path = public, pg_temp as $$
  select case what
    when 'clauses' then (select array[owner_org_id, supplier_org_id] from agreements_agreement 
      where id = subject and (sent_at is not null or state not in ('draft', 'withdrawn')))
    when 'finding' then (select array[owner_org_id, supplier_org_id] from audits_finding where id = subject and state <> 'draft')
    when 'results' then (select array_remove(array[owner_org_id, supplier_org_id], null) from inspections_lot where id = subject)
    when 'file' then (select array[org_id] from records_evidence where id = subject)
    when 'lots' then (select array[id] from parties_organisation where id = subject)
    when 'files' then (select array[id] from parties_organisation where id = subject)
  end
$$;
create function duty_case_opens(the_case uuid, what text, subject uuid) returns boolean language sql stable security definer
  set search_path = public, pg_temp as $$
  select duty_sides(what, subject) is not null and exists (
    select 1 from oversight_dutyscope s where s.case_id = the_case and case s.kind
      when 'firm' then s.subject_id = any (duty_sides(what, subject))
      when 'agreement' then (what = 'clauses' and subject = s.subject_id)
        or (what = 'finding' and exists (select 1 from audits_finding f where f.id = subject and f.agreement_id = s.subject_id and f.state <> 'draft'))
      when 'finding' then (what = 'finding' and subject = s.subject_id)
        or (what = 'file' and (exists (select 1 from audits_findingevidence e where e.finding_id = s.subject_id and e.evidence_id = subject)
                               or exists (select 1 from audits_correctiveaction a where a.finding_id = s.subject_id and a.evidence_id = subject)))
      when 'lot' then what = 'results' and subject = s.subject_id
    end)
$$;
"""
LOOKED = """
create function duty_look_is_noted_and_told() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare the_case oversight_dutycase;
begin
  -- A case that is closed meanwhile is seen closed: else a look could slip in behind the closing, and nobody would be told of it.
  select * into the_case from oversight_dutycase where id = new.case_id for share;
  if the_case.id is null or the_case.office_org_id <> new.office_org_id or the_case.closed_at is not null
     or new.at >= the_case.ends_at or not duty_case_opens(the_case.id, new.what, new.subject_id) then
    raise exception 'no open case covers this look' using errcode = 'insufficient_privilege';
  end if;
  new.org_ids := duty_sides(new.what, new.subject_id);
  new.tx := pg_current_xact_id()::text::bigint;
  new.told_at := case when the_case.flagged then null else new.at end;
  if not the_case.flagged then
    perform duty_look_is_told(the_case, new, new.at);
  end if;
  return new;
end $$;
create function duty_look_is_told(the_case oversight_dutycase, look oversight_dutylook, told timestamptz) returns void language sql
  security definer set search_path = public, pg_temp as $$
  insert into records_accessevent (id, org_id, viewer_org_id, viewer_name_zh, viewer_name_en, person_name, what, subject_id, at,
                                   case_code, reason, why, told_at)
  select uuidv7(), org, the_case.office_org_id, the_case.office_name_zh, the_case.office_name_en, look.person_name, 'duty_' || look.what,
    look.subject_id, look.at, the_case.code, the_case.reason, the_case.why, told
  from unnest(look.org_ids) org
$$;
create trigger duty_look_is_noted_and_told before insert on oversight_dutylook for each row execute function duty_look_is_noted_and_told();
create function duty_case_closes_once() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tg_op = 'DELETE' or old.closed_at is not null or (to_jsonb(new) - array['closed_at', 'closed_by', 'outcome'])
     <> (to_jsonb(old) - array['closed_at', 'closed_by', 'outcome']) then
    raise exception 'a duty case is not changed, and closes once' using errcode = 'restrict_violation';
  end if;
  if new.closed_at is not null and old.flagged then
    perform duty_look_is_told(old, l, new.closed_at) from oversight_dutylook l where l.case_id = old.id and l.told_at is null order by l.at, l.id;
    update oversight_dutylook set told_at = new.closed_at where case_id = old.id and told_at is null;
  end if;
  return new;
end $$;
create trigger duty_case_closes_once before update or delete on oversight_dutycase for each row execute function duty_case_closes_once();
create function duty_look_is_kept() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.told_at is null and (to_jsonb(new) - 'told_at') = (to_jsonb(old) - 'told_at') then return new; end if;
  raise exception 'a look stays as it was' using errcode = 'restrict_violation';
end $$;
create trigger duty_look_is_kept before update or delete on oversight_dutylook for each row execute function duty_look_is_kept();
create trigger duty_looks_are_kept before truncate on oversight_dutylook execute function record_is_append_only();
create trigger duty_scope_is_kept before update or delete on oversight_dutyscope for each row execute function record_is_append_only();
create function duty_scope_joins_an_open_case() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not exists (select 1 from oversight_dutycase c where c.id = new.case_id and c.office_org_id = new.office_org_id and c.closed_at is null) then
    raise exception 'a closed case opens nothing more' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger duty_scope_joins_an_open_case before insert on oversight_dutyscope for each row execute function duty_scope_joins_an_open_case();
"""


def _looked(subject: str, what: str) -> str:
    return (
        f"exists (select 1 from oversight_dutylook l where l.subject_id = {subject} and l.what = '{what}' "
        "and l.tx = pg_current_xact_id_if_assigned()::text::bigint)"
    )


# Contents open in the transaction of a look at them, and never else. A file that a side laid before the bureau in an appeal is open to it.
LAID = (
    "exists (select 1 from records_appealentry e where e.evidence_id = records_evidence.id and records_evidence.org_id = "
    "case e.side when 'appellant' then e.org_id when 'respondent' then e.respondent_org_id end)"
)
OPEN = {
    "agreements_agreementversion": f"{_looked('agreement_id', 'clauses')} and (locked_at is not null or in_force)",
    "agreements_clause": "exists (select 1 from agreements_agreementversion v where v.id = version_id)",
    "audits_findingtext": _looked("finding_id", "finding"),
    "audits_correctiveaction": _looked("finding_id", "finding"),
    "audits_findingevidence": _looked("finding_id", "finding"),
    "inspections_lot": " or ".join(
        [_looked("inspections_lot.id", "results"), _looked("supplier_org_id", "lots"), _looked("owner_org_id", "lots")]
    ),
    "inspections_characteristicresult": _looked("lot_id", "results"),
    "records_evidence": " or ".join([_looked("records_evidence.id", "file"), _looked("records_evidence.org_id", "files"), LAID]),
}


def open_look_by_look(apps, schema_editor):
    role = role_of(Hat.BUREAU)
    for table, test in OPEN.items():
        schema_editor.execute(f"create policy duty_opens_look_by_look on {table} as restrictive for select to {role} using ({test})")


def close_again(apps, schema_editor):
    for table in OPEN:
        schema_editor.execute(f"drop policy duty_opens_look_by_look on {table}")


class Migration(migrations.Migration):
    dependencies = [
        ("oversight", "0004_comparison"),
        ("records", "0006_duty"),
        ("agreements", "0012_provider"),
        ("audits", "0012_provider"),
        ("inspections", "0012_results_by_the_million"),
    ]

    operations = [
        migrations.CreateModel(
            name="DutyCase",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=12, unique=True)),
                ("office_org_id", models.UUIDField()),
                ("office_name_zh", models.CharField(max_length=80)),
                ("office_name_en", models.CharField(blank=True, max_length=120)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("supervision", "Supervision"),
                            ("complaint", "Complaint"),
                            ("appeal", "Appeal"),
                            ("statistics", "Statistics"),
                        ],
                        max_length=12,
                    ),
                ),
                ("why", models.TextField()),
                ("flagged", models.BooleanField(default=False)),
                ("flagged_why", models.TextField(blank=True)),
                ("opened_by_id", models.UUIDField()),
                ("opened_by", models.CharField(max_length=60)),
                ("opened_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("closed_by", models.CharField(blank=True, max_length=60)),
                ("outcome", models.TextField(blank=True)),
                ("client_id", models.CharField(max_length=64)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["office_org_id", "-opened_at", "-id"], name="duty_case_newest"),
                    models.Index(condition=models.Q(("closed_at", None)), fields=["ends_at"], name="duty_case_that_runs_out"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("office_org_id", "client_id"), name="duty_case_is_opened_once"),
                    models.CheckConstraint(condition=models.Q(("why", ""), _negated=True), name="duty_case_has_a_reason"),
                    models.CheckConstraint(
                        condition=models.Q(("flagged", False), models.Q(("flagged_why", ""), _negated=True), _connector="OR"),
                        name="flag_of_a_case_has_a_reason",
                    ),
                    models.CheckConstraint(condition=models.Q(("ends_at__gt", models.F("opened_at"))), name="duty_case_ends"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReminderRound",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("office_org_id", models.UUIDField()),
                ("sent_by", models.CharField(max_length=60)),
                ("sent_at", models.DateTimeField()),
                ("told", models.PositiveIntegerField()),
                ("skipped", models.PositiveIntegerField()),
                ("obligation_ids", django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                ("client_id", models.CharField(max_length=64)),
            ],
            options={
                "indexes": [models.Index(fields=["office_org_id", "-sent_at", "-id"], name="reminder_round_newest")],
                "constraints": [models.UniqueConstraint(fields=("office_org_id", "client_id"), name="reminder_round_is_sent_once")],
            },
        ),
        migrations.CreateModel(
            name="DutyLook",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("office_org_id", models.UUIDField()),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("clauses", "Clauses"),
                            ("finding", "Finding"),
                            ("lots", "Lots"),
                            ("results", "Results"),
                            ("files", "Files"),
                            ("file", "File"),
                        ],
                        max_length=8,
                    ),
                ),
                ("subject_id", models.UUIDField()),
                ("person_id", models.UUIDField()),
                ("person_name", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("org_ids", django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None)),
                ("tx", models.BigIntegerField(default=0)),
                ("told_at", models.DateTimeField(blank=True, null=True)),
                ("case", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="looks", to="oversight.dutycase")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["subject_id", "tx"], name="duty_look_of_a_transaction"),
                    models.Index(fields=["case", "-at"], name="duty_look_newest"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DutyScope",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("office_org_id", models.UUIDField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("firm", "Firm"), ("agreement", "Agreement"), ("finding", "Finding"), ("lot", "Lot")], max_length=10
                    ),
                ),
                ("subject_id", models.UUIDField()),
                ("name_zh", models.CharField(max_length=180)),
                ("name_en", models.CharField(blank=True, max_length=260)),
                ("org_ids", django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                ("hats", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), size=None)),
                ("case", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="scopes", to="oversight.dutycase")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("case", "kind", "subject_id"), name="duty_scope_stands_once")],
            },
        ),
        migrations.RunSQL(SIDES, "drop function duty_case_opens(uuid, text, uuid); drop function duty_sides(text, uuid)"),
        migrations.RunSQL(LOOKED, migrations.RunSQL.noop),
        RowSecurity(
            "oversight_dutycase",
            bureau="office_org_id: select insert update(closed_at,closed_by,outcome)",
            clock="*: select update(closed_at,closed_by,outcome)",
        ),
        RowSecurity("oversight_dutyscope", bureau="office_org_id: select insert", clock="*: select"),
        RowSecurity("oversight_dutylook", bureau="office_org_id: select insert", clock="*: select"),
        RowSecurity("oversight_reminderround", bureau="office_org_id: select insert"),
        *(MoreRules(table, bureau="*: select") for table in OPEN),
        migrations.RunPython(open_look_by_look, close_again),
    ]
