"""Looks under a duty case are told with their reason; appeals against scores: both sides' words, a laboratory's opinion, a decision."""

import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

from foundation.scope import RowSecurity

# What is said on an appeal is said once, under the sides of the appeal, and only as long as nobody has decided.
KEPT = """
create function appeal_line_is_of_its_appeal() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare it records_scoreappeal;
begin
  select * into it from records_scoreappeal where id = new.appeal_id;
  if it.org_id is distinct from new.org_id or it.respondent_org_id is distinct from new.respondent_org_id
     or it.state not in ('filed', 'with_lab') then
    raise exception 'this appeal takes no such line' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger appeal_entry_is_of_its_appeal before insert on records_appealentry
  for each row execute function appeal_line_is_of_its_appeal();
create trigger appeal_opinion_is_of_its_appeal before insert on records_appealopinion
  for each row execute function appeal_line_is_of_its_appeal();
create trigger appeal_entry_is_kept before update or delete on records_appealentry for each row execute function record_is_append_only();
create trigger appeal_entries_are_kept before truncate on records_appealentry execute function record_is_append_only();
create function appeal_is_decided_once() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.state in ('decided', 'withdrawn')
     or (to_jsonb(new) - array['state', 'outcome', 'reasons', 'decided_by', 'decided_at'])
        <> (to_jsonb(old) - array['state', 'outcome', 'reasons', 'decided_by', 'decided_at']) then
    raise exception 'an appeal keeps what was said and is decided once' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger appeal_is_decided_once before update or delete on records_scoreappeal for each row execute function appeal_is_decided_once();
create function appeal_opinion_is_given_once() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.state <> 'asked' or (to_jsonb(new) - array['state', 'opinion', 'answered_by', 'answered_at'])
        <> (to_jsonb(old) - array['state', 'opinion', 'answered_by', 'answered_at']) then
    raise exception 'a laboratory answers once' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger appeal_opinion_is_given_once before update or delete on records_appealopinion
  for each row execute function appeal_opinion_is_given_once();
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0005_provider")]

    operations = [
        migrations.CreateModel(
            name="AppealEntry",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("org_id", models.UUIDField()),
                ("respondent_org_id", models.UUIDField(blank=True, null=True)),
                (
                    "side",
                    models.CharField(
                        choices=[("appellant", "Appellant"), ("respondent", "Respondent"), ("bureau", "Bureau")], max_length=10
                    ),
                ),
                ("words", models.TextField()),
                ("evidence_id", models.UUIDField(blank=True, null=True)),
                ("person_name", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("client_id", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="AppealOpinion",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("org_id", models.UUIDField()),
                ("respondent_org_id", models.UUIDField(blank=True, null=True)),
                ("lab_org_id", models.UUIDField()),
                ("lab_name_zh", models.CharField(max_length=80)),
                ("lab_name_en", models.CharField(blank=True, max_length=120)),
                ("code", models.CharField(max_length=12)),
                ("question", models.TextField()),
                ("asked_by", models.CharField(max_length=60)),
                ("asked_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "Asked"), ("given", "Given"), ("declined", "Declined")], default="asked", max_length=10
                    ),
                ),
                ("opinion", models.TextField(blank=True)),
                ("answered_by", models.CharField(blank=True, max_length=60)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ScoreAppeal",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=12, unique=True)),
                ("org_id", models.UUIDField()),
                ("org_name_zh", models.CharField(max_length=80)),
                ("org_name_en", models.CharField(blank=True, max_length=120)),
                ("respondent_org_id", models.UUIDField(blank=True, null=True)),
                ("respondent_name_zh", models.CharField(blank=True, max_length=80)),
                ("respondent_name_en", models.CharField(blank=True, max_length=120)),
                ("score_id", models.UUIDField(blank=True, null=True)),
                ("part", models.CharField(max_length=40)),
                ("about", models.JSONField()),
                (
                    "state",
                    models.CharField(
                        choices=[("filed", "Filed"), ("with_lab", "With Lab"), ("decided", "Decided"), ("withdrawn", "Withdrawn")],
                        default="filed",
                        max_length=10,
                    ),
                ),
                ("filed_by", models.CharField(max_length=60)),
                ("filed_at", models.DateTimeField()),
                ("client_id", models.CharField(max_length=64)),
                (
                    "outcome",
                    models.CharField(
                        blank=True, choices=[("upheld", "Upheld"), ("partly", "Partly"), ("dismissed", "Dismissed")], max_length=10
                    ),
                ),
                ("reasons", models.TextField(blank=True)),
                ("decided_by", models.CharField(blank=True, max_length=60)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(
            model_name="accessevent",
            name="case_code",
            field=models.CharField(blank=True, default="", max_length=12),
        ),
        migrations.AddField(
            model_name="accessevent",
            name="reason",
            field=models.CharField(blank=True, default="", max_length=12),
        ),
        migrations.AddField(
            model_name="accessevent",
            name="told_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="accessevent",
            name="why",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddIndex(
            model_name="scoreappeal",
            index=models.Index(fields=["-filed_at", "-id"], name="appeal_newest"),
        ),
        migrations.AddIndex(
            model_name="scoreappeal",
            index=models.Index(fields=["org_id", "-filed_at"], name="appeal_of_firm"),
        ),
        migrations.AddConstraint(
            model_name="scoreappeal",
            constraint=models.UniqueConstraint(fields=("org_id", "client_id"), name="appeal_is_filed_once"),
        ),
        migrations.AddConstraint(
            model_name="scoreappeal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["filed", "with_lab"])), fields=("score_id", "part"), name="one_appeal_waits_for_a_part"
            ),
        ),
        migrations.AddConstraint(
            model_name="scoreappeal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided_at__isnull", False),
                        ("state", "decided"),
                        models.Q(("outcome", ""), _negated=True),
                        models.Q(("reasons", ""), _negated=True),
                    ),
                    models.Q(models.Q(("state", "decided"), _negated=True), ("decided_at", None), ("outcome", "")),
                    _connector="OR",
                ),
                name="appeal_is_decided_with_reasons",
            ),
        ),
        migrations.AddConstraint(
            model_name="scoreappeal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("respondent_org_id", None), models.Q(("respondent_org_id", models.F("org_id")), _negated=True), _connector="OR"
                ),
                name="nobody_appeals_against_itself",
            ),
        ),
        migrations.AddField(
            model_name="appealopinion",
            name="appeal",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="opinions", to="records.scoreappeal"),
        ),
        migrations.AddField(
            model_name="appealentry",
            name="appeal",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="records.scoreappeal"),
        ),
        migrations.AddIndex(
            model_name="appealopinion",
            index=models.Index(fields=["lab_org_id", "-asked_at"], name="appeal_opinion_of_lab"),
        ),
        migrations.AddConstraint(
            model_name="appealopinion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "asked")), fields=("appeal",), name="one_laboratory_is_asked_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="appealopinion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lab_org_id", models.F("org_id")), _negated=True),
                    models.Q(
                        ("respondent_org_id", None), models.Q(("lab_org_id", models.F("respondent_org_id")), _negated=True), _connector="OR"
                    ),
                ),
                name="laboratory_is_of_neither_side",
            ),
        ),
        migrations.AddIndex(
            model_name="appealentry",
            index=models.Index(fields=["appeal", "at"], name="appeal_entry_of_appeal"),
        ),
        migrations.AddConstraint(
            model_name="appealentry",
            constraint=models.UniqueConstraint(fields=("appeal", "client_id"), name="appeal_entry_is_said_once"),
        ),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
        RowSecurity(
            "records_scoreappeal",
            supplier="org_id: select insert update(state)",
            owner="respondent_org_id: select",
            bureau="*: select update(state,outcome,reasons,decided_by,decided_at)",
            clock="*: select update(state)",
        ),
        RowSecurity(
            "records_appealentry",
            supplier="org_id: select insert",
            owner="respondent_org_id: select insert",
            bureau="*: select insert",
        ),
        RowSecurity(
            "records_appealopinion",
            supplier="org_id: select",
            owner="respondent_org_id: select",
            bureau="*: select insert",
            lab="lab_org_id: select update(state,opinion,answered_by,answered_at)",
        ),
    ]
