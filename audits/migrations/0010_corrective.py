"""Corrective action step by step: what the supplier contains, plans and does, what the sides do not agree on, what a follow-up looks at."""

import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

from foundation.actor import Hat, role_of
from foundation.scope import Grants, RowSecurity

SIDES = "(finding_id, owner_org_id, supplier_org_id) references audits_finding (id, owner_org_id, supplier_org_id)"
OF_A_FINDING = (
    "actionplan",
    "containment",
    "effectcheck",
    "findingevidence",
    "findingescalation",
    "findingcontest",
    "findingwording",
    "findingappeal",
    "followupitem",
)
SAME_SIDES = (
    "".join(
        f"alter table audits_{table} add constraint {table}_has_the_sides_of_its_finding foreign key {SIDES};" for table in OF_A_FINDING
    )
    + """
alter table audits_finding add constraint repeat_has_the_sides_of_the_first
  foreign key (repeat_of_id, owner_org_id, supplier_org_id) references audits_finding (id, owner_org_id, supplier_org_id);
alter table audits_followupitem add constraint followupitem_has_the_sides_of_its_visit
  foreign key (audit_id, owner_org_id, supplier_org_id) references audits_audit (id, owner_org_id, supplier_org_id);
alter table audits_correctiveaction add constraint action_carries_out_a_plan_of_its_finding
  foreign key (plan_id, finding_id) references audits_actionplan (id, finding_id);
"""
)

KEPT = """
create trigger containment_is_kept before update or delete or truncate on audits_containment execute function record_is_append_only();
create trigger wording_is_kept before update or delete or truncate on audits_findingwording execute function record_is_append_only();
create trigger escalation_is_kept before update or delete or truncate on audits_findingescalation execute function record_is_append_only();
create trigger finding_evidence_is_kept before update or delete or truncate on audits_findingevidence execute function record_is_append_only();
create trigger plan_stays_as_proposed before update or delete on audits_actionplan
  for each row execute function only_named_columns_move('state', 'decided_by_id', 'decided_by', 'decided_at', 'reason');
create trigger decided_plan_is_kept before update on audits_actionplan
  for each row when (old.state <> 'proposed') execute function record_is_append_only();
create trigger contest_stays_as_said before update or delete on audits_findingcontest
  for each row execute function only_named_columns_move('decision', 'decision_reason', 'decided_by', 'decided_at');
create trigger decided_contest_is_kept before update on audits_findingcontest
  for each row when (old.decision <> '') execute function record_is_append_only();
create trigger appeal_stays_as_made before update or delete on audits_findingappeal
  for each row execute function only_named_columns_move('state', 'outcome', 'words', 'decided_at');
create trigger decided_appeal_is_kept before update on audits_findingappeal
  for each row when (old.state <> 'asked') execute function record_is_append_only();
create function words_of_a_finding_stay() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not exists (select from audits_finding f where f.id = old.finding_id and f.state in ('draft', 'contested')) then
    raise exception 'the words of a finding change as a draft, or where a contest is decided' using errcode = 'restrict_violation';
  end if;
  if tg_op = 'DELETE' then return old; end if;
  return new;
end $$;
create trigger words_of_a_finding_stay before update or delete on audits_findingtext
  for each row execute function words_of_a_finding_stay();
create function raised_finding_stays() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    if old.state <> 'draft' then
      raise exception 'a finding that was raised is not deleted' using errcode = 'restrict_violation';
    end if;
    return old;
  end if;
  if old.state <> 'draft' then
    if old.grade = 'critical' and new.grade <> 'critical' then
      raise exception 'a critical finding is not made a lesser one' using errcode = 'restrict_violation';
    end if;
    if new.state = 'draft' or (new.grade <> old.grade and old.state <> 'contested')
      or (new.raised_at, new.repeat_of_id, new.nth) is distinct from (old.raised_at, old.repeat_of_id, old.nth)
      or (new.state <> 'reopened' and (new.due_on, new.contain_by) is distinct from (old.due_on, old.contain_by)) then
      raise exception 'the day of a finding stays as it was raised' using errcode = 'restrict_violation';
    end if;
  end if;
  return new;
end $$;
create trigger raised_finding_stays before update or delete on audits_finding for each row execute function raised_finding_stays();
"""


def _walls(apps, schema_editor):
    mine = "owner_org_id = nullif(current_setting('app.org', true), '')::uuid"
    supplier, owner, bureau = role_of(Hat.SUPPLIER), role_of(Hat.OWNER), role_of(Hat.BUREAU)
    statements = [
        # A draft is its writer's own until the visit is submitted.
        *(
            f"create policy draft_is_not_shown_{role.rsplit('_', 1)[-1]} on audits_finding as restrictive for select to {role} using (state <> 'draft')"
            for role in (supplier, bureau)
        ),
        f"create policy words_of_a_finding_one_sees on audits_findingtext as restrictive for select to {supplier} "
        "using (exists (select from audits_finding f where f.id = finding_id))",
        f"create policy evidence_of_a_finding_one_sees on audits_findingevidence as restrictive for all to {supplier} "
        "using (exists (select from audits_finding f where f.id = finding_id)) with check (side = 'supplier')",
        f"create policy follow_up_one_sees on audits_followupitem as restrictive for select to {supplier} "
        "using (exists (select from audits_audit a where a.id = audit_id))",
        f"create policy evidence_is_ones_own on audits_findingevidence as restrictive for insert to {owner} with check (side = 'owner')",
    ]
    for statement in statements:
        schema_editor.execute(statement)
    for table, verb in (("finding", "delete"), ("findingtext", "delete"), ("findingtext", "update")):
        if verb == "delete":
            schema_editor.execute(f"grant delete on audits_{table} to {owner}")
        check = f" with check ({mine})" if verb == "update" else ""
        schema_editor.execute(f"create policy owner_{verb} on audits_{table} for {verb} to {owner} using ({mine}){check}")
    schema_editor.execute(f"create policy draft_is_dropped on audits_finding as restrictive for delete to {owner} using (state = 'draft')")
    schema_editor.execute(f"create policy clock_update on audits_finding for update to {role_of(Hat.CLOCK)} using (true) with check (true)")


class Migration(migrations.Migration):
    dependencies = [("audits", "0009_runner"), ("inspections", "0010_consistency")]

    operations = [
        migrations.CreateModel(
            name="ActionPlan",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("supplier_org_id", models.UUIDField()),
                ("whys", models.JSONField(default=list)),
                ("fishbone", models.JSONField(default=dict)),
                ("cause", models.TextField()),
                ("action", models.TextField()),
                ("prevention", models.TextField(blank=True)),
                ("responsible", models.CharField(max_length=60)),
                ("planned_for", models.DateField()),
                ("planned_by_id", models.UUIDField()),
                ("planned_by", models.CharField(max_length=60)),
                ("planned_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "Proposed"), ("returned", "Returned"), ("accepted", "Accepted")],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("decided_by_id", models.UUIDField(blank=True, null=True)),
                ("decided_by", models.CharField(blank=True, max_length=60)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.TextField(blank=True)),
                ("client_id", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="Containment",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("supplier_org_id", models.UUIDField()),
                ("measures", models.TextField()),
                ("scope", models.TextField(blank=True)),
                ("contained_by_id", models.UUIDField()),
                ("contained_by", models.CharField(max_length=60)),
                ("contained_at", models.DateTimeField()),
                ("client_id", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="EffectCheck",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("supplier_org_id", models.UUIDField()),
                ("lots_wanted", models.PositiveSmallIntegerField()),
                ("since_on", models.DateField()),
                ("asked_by", models.CharField(max_length=60)),
                ("asked_at", models.DateTimeField()),
                ("ripe_at", models.DateTimeField(blank=True, null=True)),
                ("effective", models.BooleanField(blank=True, null=True)),
                ("words", models.TextField(blank=True)),
                ("judged_by", models.CharField(blank=True, max_length=60)),
                ("judged_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="FindingAppeal",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("supplier_org_id", models.UUIDField()),
                ("arbiter_org_id", models.UUIDField()),
                ("arbiter_name_zh", models.CharField(max_length=120)),
                ("arbiter_name_en", models.CharField(blank=True, max_length=160)),
                ("code", models.CharField(max_length=12, unique=True)),
                ("grade", models.CharField(max_length=8)),
                ("requirement", models.TextField()),
                ("observed", models.TextField()),
                ("gap", models.TextField(blank=True)),
                ("contested_because", models.TextField()),
                ("upheld_because", models.TextField()),
                ("why", models.TextField()),
                ("asked_by", models.CharField(max_length=60)),
                ("asked_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "Asked"), ("declined", "Declined"), ("decided", "Decided")], default="asked", max_length=8
                    ),
                ),
                ("outcome", models.CharField(blank=True, choices=[("upheld", "Upheld"), ("withdrawn", "Withdrawn")], max_length=10)),
                ("words", models.TextField(blank=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("client_id", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="FindingContest",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("supplier_org_id", models.UUIDField()),
                ("reason", models.TextField()),
                ("contested_by", models.CharField(max_length=60)),
                ("contested_at", models.DateTimeField()),
                (
                    "decision",
                    models.CharField(
                        blank=True, choices=[("upheld", "Upheld"), ("withdrawn", "Withdrawn"), ("reworded", "Reworded")], max_length=10
                    ),
                ),
                ("decision_reason", models.TextField(blank=True)),
                ("decided_by", models.CharField(blank=True, max_length=60)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="FindingEscalation",
            fields=[
                (
                    "finding",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="escalation",
                        serialize=False,
                        to="audits.finding",
                    ),
                ),
                ("owner_org_id", models.UUIDField()),
                ("supplier_org_id", models.UUIDField()),
                ("escalated_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="FindingEvidence",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("supplier_org_id", models.UUIDField()),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("raise", "Raise"),
                            ("contest", "Contest"),
                            ("contain", "Contain"),
                            ("done", "Done"),
                            ("follow_up", "Follow Up"),
                        ],
                        max_length=10,
                    ),
                ),
                ("side", models.CharField(max_length=8)),
                ("evidence_id", models.UUIDField()),
                ("added_by", models.CharField(max_length=60)),
                ("added_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="FindingWording",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("supplier_org_id", models.UUIDField()),
                ("number", models.PositiveSmallIntegerField()),
                ("grade", models.CharField(max_length=8)),
                ("requirement", models.TextField()),
                ("observed", models.TextField()),
                ("gap", models.TextField(blank=True)),
                ("replaced_by", models.CharField(max_length=60)),
                ("replaced_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="FollowUpItem",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("supplier_org_id", models.UUIDField()),
                (
                    "outcome",
                    models.CharField(blank=True, choices=[("put_right", "Put Right"), ("still_open", "Still Open")], max_length=10),
                ),
                ("seen", models.TextField(blank=True)),
                ("seen_by_id", models.UUIDField(blank=True, null=True)),
                ("seen_by_name", models.CharField(blank=True, max_length=60)),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(
            model_name="finding",
            name="contain_by",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="finding",
            name="contained_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="finding",
            name="nth",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="finding",
            name="repeat_of",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="repeats", to="audits.finding"
            ),
        ),
        migrations.AddField(
            model_name="finding",
            name="site_id",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="findingtext",
            name="characteristic_code",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="findingtext",
            name="clause_ref",
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name="findingtext",
            name="gap",
            field=models.TextField(blank=True),
        ),
        migrations.AlterField(
            model_name="finding",
            name="due_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="finding",
            name="grade",
            field=models.CharField(
                choices=[("critical", "Critical"), ("major", "Major"), ("minor", "Minor"), ("ofi", "Ofi")], max_length=8
            ),
        ),
        migrations.AlterField(
            model_name="finding",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("raised", "Raised"),
                    ("accepted", "Accepted"),
                    ("contested", "Contested"),
                    ("contained", "Contained"),
                    ("action_planned", "Action Planned"),
                    ("answered", "Answered"),
                    ("implemented", "Implemented"),
                    ("verify", "Verify"),
                    ("reopened", "Reopened"),
                    ("closed", "Closed"),
                    ("withdrawn", "Withdrawn"),
                    ("noted", "Noted"),
                ],
                default="raised",
                max_length=16,
            ),
        ),
        migrations.AddIndex(
            model_name="findingtext",
            index=models.Index(fields=["owner_org_id", "supplier_org_id", "question_code"], name="finding_text_alike"),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(("grade", "ofi"), ("due_on__isnull", False), _connector="OR"), name="nonconformity_has_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("grade", "ofi"), _negated=True), ("state__in", ["draft", "noted", "withdrawn"]), _connector="OR"
                ),
                name="improvement_asks_for_nothing",
            ),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("nth", 1), ("repeat_of", None)), models.Q(("nth__gt", 1), ("repeat_of__isnull", False)), _connector="OR"
                ),
                name="repeat_is_counted",
            ),
        ),
        migrations.AddField(
            model_name="actionplan",
            name="finding",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="plans", to="audits.finding"),
        ),
        migrations.AddField(
            model_name="correctiveaction",
            name="plan",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="actions", to="audits.actionplan"
            ),
        ),
        migrations.AddField(
            model_name="containment",
            name="finding",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="containments", to="audits.finding"),
        ),
        migrations.AddField(
            model_name="effectcheck",
            name="finding",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="effect_checks", to="audits.finding"),
        ),
        migrations.AddField(
            model_name="findingappeal",
            name="finding",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="appeals", to="audits.finding"),
        ),
        migrations.AddField(
            model_name="findingcontest",
            name="finding",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="contests", to="audits.finding"),
        ),
        migrations.AddField(
            model_name="findingevidence",
            name="finding",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="evidence", to="audits.finding"),
        ),
        migrations.AddField(
            model_name="findingwording",
            name="finding",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="wordings", to="audits.finding"),
        ),
        migrations.AddField(
            model_name="followupitem",
            name="audit",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="to_verify", to="audits.audit"),
        ),
        migrations.AddField(
            model_name="followupitem",
            name="finding",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="follow_ups", to="audits.finding"),
        ),
        migrations.AddConstraint(
            model_name="actionplan",
            constraint=models.UniqueConstraint(fields=("finding", "client_id"), name="plan_is_proposed_once"),
        ),
        migrations.AddConstraint(
            model_name="actionplan",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "proposed")), fields=("finding",), name="one_plan_waits_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="actionplan",
            constraint=models.UniqueConstraint(fields=("id", "finding"), name="plan_names_its_finding"),
        ),
        migrations.AddConstraint(
            model_name="actionplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("planned_by_id", models.F("decided_by_id")), _negated=True), name="nobody_accepts_their_own_plan"
            ),
        ),
        migrations.AddConstraint(
            model_name="containment",
            constraint=models.UniqueConstraint(fields=("finding", "client_id"), name="containment_is_told_once"),
        ),
        migrations.AddIndex(
            model_name="effectcheck",
            index=models.Index(condition=models.Q(("judged_at", None), ("ripe_at", None)), fields=["asked_at"], name="effect_to_watch"),
        ),
        migrations.AddConstraint(
            model_name="effectcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("lots_wanted__gte", 1), ("lots_wanted__lte", 50)), name="effect_shows_on_some_lots"
            ),
        ),
        migrations.AddConstraint(
            model_name="effectcheck",
            constraint=models.UniqueConstraint(
                condition=models.Q(("judged_at", None)), fields=("finding",), name="one_effect_is_watched_at_a_time"
            ),
        ),
        migrations.AddIndex(
            model_name="findingappeal",
            index=models.Index(fields=["arbiter_org_id", "-asked_at", "-id"], name="appeal_of_third_party"),
        ),
        migrations.AddConstraint(
            model_name="findingappeal",
            constraint=models.UniqueConstraint(fields=("finding", "client_id"), name="appeal_is_made_once"),
        ),
        migrations.AddConstraint(
            model_name="findingappeal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "declined"), _negated=True), fields=("finding",), name="one_appeal_of_a_finding"
            ),
        ),
        migrations.AddConstraint(
            model_name="findingappeal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("arbiter_org_id", models.F("owner_org_id")), _negated=True),
                    models.Q(("arbiter_org_id", models.F("supplier_org_id")), _negated=True),
                ),
                name="third_party_is_neither_side",
            ),
        ),
        migrations.AddConstraint(
            model_name="findingappeal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "decided"), _negated=True), models.Q(("outcome", ""), _negated=True), _connector="OR"
                ),
                name="decided_appeal_has_an_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="findingcontest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("decision", "")), fields=("finding",), name="one_contest_waits_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="findingcontest",
            constraint=models.CheckConstraint(
                condition=models.Q(("decision", ""), ("decided_at__isnull", False), _connector="OR"), name="contest_decision_has_its_moment"
            ),
        ),
        migrations.AddConstraint(
            model_name="findingevidence",
            constraint=models.UniqueConstraint(fields=("finding", "step", "evidence_id"), name="evidence_stands_once_under_a_step"),
        ),
        migrations.AddConstraint(
            model_name="findingwording",
            constraint=models.UniqueConstraint(fields=("finding", "number"), name="wording_has_its_number"),
        ),
        migrations.AddConstraint(
            model_name="followupitem",
            constraint=models.UniqueConstraint(fields=("audit", "finding"), name="finding_is_on_a_follow_up_once"),
        ),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(
                fields=["owner_org_id", "due_on", "id"],
                condition=models.Q(
                    (
                        "state__in",
                        ["raised", "accepted", "contested", "contained", "action_planned", "answered", "implemented", "verify", "reopened"],
                    )
                ),
                name="finding_open_of_owner",
            ),
        ),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(
                fields=["supplier_org_id", "due_on", "id"],
                condition=models.Q(
                    (
                        "state__in",
                        ["raised", "accepted", "contested", "contained", "action_planned", "answered", "implemented", "verify", "reopened"],
                    )
                ),
                name="finding_open_of_supplier",
            ),
        ),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(
                fields=["due_on", "id"],
                condition=models.Q(
                    (
                        "state__in",
                        ["raised", "accepted", "contested", "contained", "action_planned", "answered", "implemented", "verify", "reopened"],
                    )
                ),
                name="finding_open_by_day",
            ),
        ),
        RowSecurity("audits_containment", owner="owner_org_id: select", supplier="supplier_org_id: select insert"),
        RowSecurity(
            "audits_actionplan",
            owner="owner_org_id: select update(state,decided_by_id,decided_by,decided_at,reason)",
            supplier="supplier_org_id: select insert",
        ),
        RowSecurity("audits_findingevidence", owner="owner_org_id: select insert", supplier="supplier_org_id: select insert"),
        RowSecurity(
            "audits_effectcheck",
            owner="owner_org_id: select insert update(effective,words,judged_by,judged_at)",
            supplier="supplier_org_id: select",
            clock="*: select update(ripe_at)",
        ),
        RowSecurity("audits_findingescalation", owner="owner_org_id: select", supplier="supplier_org_id: select", clock="*: select insert"),
        RowSecurity(
            "audits_findingcontest",
            owner="owner_org_id: select update(decision,decision_reason,decided_by,decided_at)",
            supplier="supplier_org_id: select insert",
        ),
        RowSecurity("audits_findingwording", owner="owner_org_id: select insert", supplier="supplier_org_id: select"),
        RowSecurity(
            "audits_findingappeal",
            owner="owner_org_id: select",
            supplier="supplier_org_id: select insert",
            lab="arbiter_org_id: select",
            clock="*: select update(state,outcome,words,decided_at)",
        ),
        RowSecurity(
            "audits_followupitem",
            owner="owner_org_id: select insert update(outcome,seen,seen_by_id,seen_by_name,seen_at)",
            supplier="supplier_org_id: select",
        ),
        Grants(
            "audits_finding",
            owner="update (grade,raised_at,due_on,contain_by,repeat_of_id,nth,site_id)",
            supplier="update (contained_at)",
            clock="update (state,closed_at)",
        ),
        Grants("audits_findingtext", owner="update (requirement,observed,gap,question_code,clause_ref,characteristic_code)"),
        migrations.RunSQL(SAME_SIDES, migrations.RunSQL.noop),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
        migrations.RunPython(_walls, migrations.RunPython.noop),
    ]
