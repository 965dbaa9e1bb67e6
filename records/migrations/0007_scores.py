"""Scores with the methods that made them. A score is never changed; a method is, only until it is proposed."""

import json

import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

from foundation.actor import Hat, role_of
from foundation.scope import RowSecurity

STATES = [("draft", "Draft"), ("proposed", "Proposed"), ("in_force", "In Force"), ("retired", "Retired"), ("withdrawn", "Withdrawn")]

# Why each number is what it is: onestop/scoring.py, which says the same.
FIRST = {
    "algorithm": "portrait-1",
    "parts": {
        "compliance": {"weight": 25, "least": 5},
        "conformity": {"weight": 25, "least": 20},
        "steadiness": {"weight": 15, "least": 3},
        "audits": {"weight": 15, "least": 1},
        "correcting": {"weight": 10, "least": 3},
        "freshness": {"weight": 10, "least": 2},
    },
    "least_parts": 3,
    "floors": {"A": 85, "B": 70, "C": 55, "D": 0},
    "cap": "C",
}
FIRST_METHOD = f"""
insert into records_scoremethod (id, number, body, state, why, client_id, made_at, made_by, proposed_by, approved_by)
values (uuidv7(), 1, '{json.dumps(FIRST)}', 'in_force', 'The method with which the product comes.', 'first', now(), '', '', '')
"""

KEPT = """
create trigger score_is_kept before update or delete on records_score for each row execute function record_is_append_only();
create trigger scores_are_kept before truncate on records_score execute function record_is_append_only();
create trigger trial_is_kept before update or delete on records_scoretrial for each row execute function record_is_append_only();
create trigger trials_are_kept before truncate on records_scoretrial execute function record_is_append_only();

create function score_method_moves_on() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    raise exception 'a method is kept' using errcode = 'restrict_violation';
  end if;
  if old.state <> 'draft' and (new.body, new.number, new.why, new.made_at) is distinct from (old.body, old.number, old.why, old.made_at) then
    raise exception 'a method that was proposed is not changed' using errcode = 'restrict_violation';
  end if;
  if old.state in ('retired', 'withdrawn') or (old.state, new.state) not in (
    ('draft', 'draft'), ('draft', 'proposed'), ('draft', 'withdrawn'), ('proposed', 'in_force'), ('proposed', 'withdrawn'), ('in_force', 'retired')
  ) then
    raise exception 'a method does not go from % to %', old.state, new.state using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger score_method_moves_on before update or delete on records_scoremethod for each row execute function score_method_moves_on();
create trigger score_methods_are_kept before truncate on records_scoremethod execute function record_is_append_only();
"""


def pk():
    return models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)


def _walls(apps, schema_editor):
    # What the platform still weighs is nobody else's to read.
    for hat in (Hat.SUPPLIER, Hat.BUREAU):
        schema_editor.execute(
            f"create policy {hat}_reads_what_holds on records_scoremethod as restrictive for select to {role_of(hat)} "
            "using (state in ('in_force', 'retired'))"
        )


class Migration(migrations.Migration):
    dependencies = [("records", "0006_duty")]

    operations = [
        migrations.CreateModel(
            name="ScoreMethod",
            fields=[
                ("id", pk()),
                ("number", models.PositiveIntegerField(unique=True)),
                ("body", models.JSONField()),
                ("state", models.CharField(choices=STATES, default="draft", max_length=9)),
                ("why", models.CharField(max_length=300)),
                ("client_id", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(blank=True, max_length=60)),
                ("made_by_id", models.UUIDField(blank=True, null=True)),
                ("proposed_at", models.DateTimeField(blank=True, null=True)),
                ("proposed_by", models.CharField(blank=True, max_length=60)),
                ("proposed_by_id", models.UUIDField(blank=True, null=True)),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                ("approved_by", models.CharField(blank=True, max_length=60)),
                ("approved_by_id", models.UUIDField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ScoreTrial",
            fields=[
                ("id", pk()),
                ("as_of", models.DateField()),
                ("at", models.DateTimeField()),
                ("summary", models.JSONField()),
                ("movers", models.JSONField()),
                (
                    "method",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="trials", to="records.scoremethod"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Score",
            fields=[
                ("id", pk()),
                ("subject_org_id", models.UUIDField()),
                ("number", models.PositiveIntegerField()),
                ("as_of", models.DateField()),
                ("inputs", models.JSONField()),
                ("parts", models.JSONField()),
                ("value_hundredths", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("band", models.CharField(blank=True, max_length=1)),
                ("why", models.CharField(max_length=12)),
                ("at", models.DateTimeField()),
                (
                    "method",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="scores", to="records.scoremethod"),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="scoremethod",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "in_force")), fields=("state",), name="one_score_method_is_in_force"
            ),
        ),
        migrations.AddConstraint(
            model_name="scoremethod",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_by_id", None), models.Q(("approved_by_id", models.F("proposed_by_id")), _negated=True), _connector="OR"
                ),
                name="score_method_is_approved_by_a_second_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="scoremethod",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("number", 1),
                    models.Q(("state__in", ["in_force", "retired"]), _negated=True),
                    models.Q(("approved_by_id__isnull", False), ("proposed_by_id__isnull", False)),
                    _connector="OR",
                ),
                name="score_method_in_force_was_approved",
            ),
        ),
        migrations.AddIndex(model_name="scoretrial", index=models.Index(fields=["method", "-at"], name="trial_of_method")),
        migrations.AddConstraint(
            model_name="score",
            constraint=models.UniqueConstraint(fields=("subject_org_id", "number"), name="score_of_a_firm_has_its_number"),
        ),
        migrations.AddConstraint(
            model_name="score", constraint=models.UniqueConstraint(fields=("id", "subject_org_id"), name="score_names_its_firm")
        ),
        migrations.AddConstraint(
            model_name="score",
            constraint=models.CheckConstraint(
                condition=models.Q(("value_hundredths", None), ("value_hundredths__lte", 10000), _connector="OR"),
                name="score_of_a_firm_is_a_percentage",
            ),
        ),
        migrations.RunSQL(FIRST_METHOD, migrations.RunSQL.noop),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
        RowSecurity(
            "records_scoremethod",
            platform="*: select insert update(body,why,state,proposed_at,proposed_by,proposed_by_id,approved_at,approved_by,approved_by_id,ended_at)",
            supplier="*: select",
            bureau="*: select",
            clock="*: select",
        ),
        RowSecurity("records_scoretrial", platform="*: select", clock="*: select insert"),
        RowSecurity("records_score", supplier="subject_org_id: select", bureau="*: select", clock="*: select insert"),
        migrations.RunPython(_walls, migrations.RunPython.noop),
    ]
