"""Comparison rounds: a draft is the bureau's own, a code is nobody's name, a result of a closed round stays as it is."""

import django.contrib.postgres.fields
import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

from foundation.actor import Hat, role_of
from foundation.scope import RowSecurity

SIDES = (Hat.OWNER, Hat.SUPPLIER, Hat.LAB)
ME = "nullif(current_setting('app.org', true), '')::uuid"
MINE = f"exists (select from oversight_roundparticipant p where p.round_id = {{}} and p.org_id = {ME}{{}})"
ROUND = "exists (select from oversight_comparisonround r where r.id = round_id{})"
PUBLISHED, JOINED = " and r.state = 'published'", " and p.state = 'joined'"
# hat, table, what besides the equality must hold
NARROW = [
    *((hat, "comparisonround", "round_of_its_participants", f"state <> 'draft' and {MINE.format('oversight_comparisonround.id', '')}") for hat in SIDES),
    *((hat, "roundmeasure", "indicator_of_a_round_one_sees", ROUND.format("")) for hat in SIDES),
    *((hat, "roundparticipant", "nobody_is_asked_by_a_draft", "invited_at is not null") for hat in SIDES),
    *(
        (hat, "roundsheet", "sheet_of_ones_own_sample", "exists (select from oversight_roundparticipant p where p.id = participant_id)")
        for hat in (Hat.OWNER, Hat.SUPPLIER)
    ),
    (Hat.LAB, "roundsheet", "sheet_of_a_round_one_sees", ROUND.format("")),
    *(
        (
            hat, "roundreading", "own_sample_once_published",
            f"exists (select from oversight_roundsheet s where s.participant_id = sheet_id) and {ROUND.format(PUBLISHED)}",
        )
        for hat in (Hat.OWNER, Hat.SUPPLIER)
    ),
    *(
        (hat, "roundanalysis", "published_to_those_who_took_part", f"{ROUND.format(PUBLISHED)} and {MINE.format('oversight_roundanalysis.round_id', JOINED)}")
        for hat in SIDES
    ),
]  # fmt: skip
RULES = """
create function round_goes_forward() returns trigger language plpgsql as $$
declare
  steps constant text[] := array['draft', 'open', 'samples_sent', 'collecting', 'closed', 'analysed', 'published'];
begin
  if old.state = 'published' or array_position(steps, new.state) - array_position(steps, old.state) not in (0, 1) then
    raise exception 'a round goes forward, one step at a time' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger round_goes_forward before update on oversight_comparisonround
  for each row execute function round_goes_forward();
create function round_is_closed() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  its record := case when tg_op = 'DELETE' then old else new end;
begin
  perform from oversight_comparisonround r where r.id = its.round_id for share;
  if exists (select from oversight_comparisonround r where r.id = its.round_id and r.state in ('closed', 'analysed', 'published')) then
    raise exception 'the round is closed: what was handed in stays' using errcode = 'restrict_violation';
  end if;
  return its;
end $$;
create trigger readings_stay_once_closed before insert or update or delete on oversight_roundreading
  for each row execute function round_is_closed();
create trigger sheets_stay_once_closed before insert or update or delete on oversight_roundsheet
  for each row execute function round_is_closed();
create trigger indicators_stay_once_closed before insert or update or delete on oversight_roundmeasure
  for each row execute function round_is_closed();
create trigger participants_stay_once_closed before insert or update or delete on oversight_roundparticipant
  for each row execute function round_is_closed();
create trigger analysis_is_kept before update or delete or truncate on oversight_roundanalysis execute function record_is_append_only();
"""


def _walls(apps, schema_editor):
    for hat, table, name, test in NARROW:
        schema_editor.execute(f"create policy {name}_{hat} on oversight_{table} as restrictive for select to {role_of(hat)} using ({test})")


class Migration(migrations.Migration):
    dependencies = [("oversight", "0003_problems"), ("records", "0002_walls")]

    operations = [
        migrations.CreateModel(
            name="RoundParticipant",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("org_id", models.UUIDField()),
                ("hat", models.CharField(max_length=12)),
                ("org_name_zh", models.CharField(max_length=80)),
                ("org_name_en", models.CharField(blank=True, max_length=120)),
                ("part", models.CharField(choices=[("taker", "Taker"), ("tester", "Tester")], default="taker", max_length=6)),
                ("blind_code", models.CharField(blank=True, max_length=8)),
                (
                    "state",
                    models.CharField(
                        choices=[("invited", "Invited"), ("joined", "Joined"), ("declined", "Declined"), ("excluded", "Excluded")],
                        default="invited",
                        max_length=8,
                    ),
                ),
                ("invited_at", models.DateTimeField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("answered_by", models.CharField(blank=True, max_length=60)),
                ("excluded_because", models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name="ComparisonRound",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=20)),
                (
                    "kind",
                    models.CharField(
                        choices=[("product_static", "Product Static"), ("product_dynamic", "Product Dynamic"), ("interlab", "Interlab")],
                        max_length=16,
                    ),
                ),
                ("name_zh", models.CharField(max_length=80)),
                ("name_en", models.CharField(blank=True, max_length=120)),
                ("product_zh", models.CharField(max_length=80)),
                ("product_en", models.CharField(blank=True, max_length=120)),
                ("node_code", models.CharField(blank=True, max_length=12)),
                ("benchmark_zh", models.CharField(blank=True, max_length=120)),
                ("benchmark_en", models.CharField(blank=True, max_length=160)),
                ("series_code", models.CharField(blank=True, max_length=20)),
                ("instructions", models.TextField(blank=True, max_length=2000)),
                ("samples_on", models.DateField()),
                ("results_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("open", "Open"),
                            ("samples_sent", "Samples Sent"),
                            ("collecting", "Collecting"),
                            ("closed", "Closed"),
                            ("analysed", "Analysed"),
                            ("published", "Published"),
                        ],
                        default="draft",
                        max_length=12,
                    ),
                ),
                ("has_tester", models.BooleanField(default=False)),
                ("client_id", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(max_length=60)),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("is_demo", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-created_at", "-id"], name="round_newest"),
                    models.Index(condition=models.Q(("state", "collecting")), fields=["results_on", "id"], name="round_collecting"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("client_id",), name="round_is_made_once"),
                    models.UniqueConstraint(fields=("number",), name="round_has_its_number"),
                    models.CheckConstraint(
                        condition=models.Q(("results_on__gte", models.F("samples_on"))), name="results_come_after_samples"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RoundMeasure",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("order", models.PositiveSmallIntegerField()),
                ("characteristic_code", models.CharField(max_length=20)),
                ("edition_code", models.CharField(max_length=40)),
                ("kind", models.CharField(max_length=10)),
                ("unit", models.CharField(blank=True, max_length=24)),
                ("decimals", models.PositiveSmallIntegerField(default=0)),
                (
                    "assigned",
                    models.CharField(choices=[("consensus", "Consensus"), ("reference", "Reference")], default="consensus", max_length=9),
                ),
                ("reference_value", models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True)),
                ("reference_expanded", models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True)),
                ("reference_k", models.DecimalField(decimal_places=2, default=2, max_digits=4)),
                ("sigma_pt", models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True)),
                ("benchmark_lower", models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True)),
                ("benchmark_upper", models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True)),
                (
                    "round",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="measures", to="oversight.comparisonround"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RoundAnalysis",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("method", models.CharField(max_length=24)),
                ("outcome", models.CharField(max_length=12)),
                ("figures", models.JSONField()),
                ("crowd", models.JSONField()),
                ("inputs_sha256", models.CharField(max_length=64)),
                ("analysed_at", models.DateTimeField()),
                (
                    "round",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="analyses", to="oversight.comparisonround"),
                ),
                (
                    "measure",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="analysis", to="oversight.roundmeasure"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RoundSheet",
            fields=[
                (
                    "participant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="sheet",
                        serialize=False,
                        to="oversight.roundparticipant",
                    ),
                ),
                ("tester_org_id", models.UUIDField()),
                ("blind_code", models.CharField(max_length=8)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("joined", "Joined"),
                            ("sent", "Sent"),
                            ("received", "Received"),
                            ("entered", "Entered"),
                            ("released", "Released"),
                            ("left_out", "Left Out"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("sent_on", models.DateField(blank=True, null=True)),
                ("received_on", models.DateField(blank=True, null=True)),
                (
                    "condition",
                    models.CharField(blank=True, choices=[("good", "Good"), ("damaged", "Damaged"), ("wrong", "Wrong")], max_length=8),
                ),
                ("condition_note", models.CharField(blank=True, max_length=200)),
                ("conditioning", models.CharField(blank=True, max_length=120)),
                ("entered_at", models.DateTimeField(blank=True, null=True)),
                ("entered_by_id", models.UUIDField(blank=True, null=True)),
                ("entered_by", models.CharField(blank=True, max_length=60)),
                ("released_at", models.DateTimeField(blank=True, null=True)),
                ("released_by_id", models.UUIDField(blank=True, null=True)),
                ("released_by", models.CharField(blank=True, max_length=60)),
            ],
        ),
        migrations.AddField(
            model_name="roundparticipant",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="participants", to="oversight.comparisonround"
            ),
        ),
        migrations.CreateModel(
            name="RoundReading",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("tester_org_id", models.UUIDField()),
                ("rater", models.CharField(blank=True, max_length=40)),
                (
                    "values",
                    django.contrib.postgres.fields.ArrayField(base_field=models.DecimalField(decimal_places=6, max_digits=18), size=None),
                ),
                (
                    "qualifiers",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2), blank=True, null=True, size=None),
                ),
                ("edition_code", models.CharField(max_length=40)),
                ("is_old_edition", models.BooleanField(default=False)),
                ("expanded", models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True)),
                ("k", models.DecimalField(blank=True, decimal_places=2, max_digits=4, null=True)),
                ("entered_via", models.CharField(max_length=4)),
                (
                    "measure",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="readings", to="oversight.roundmeasure"),
                ),
                ("round", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="oversight.comparisonround")),
            ],
        ),
        migrations.AddConstraint(
            model_name="roundmeasure",
            constraint=models.UniqueConstraint(fields=("round", "characteristic_code", "edition_code"), name="round_has_an_indicator_once"),
        ),
        migrations.AddConstraint(
            model_name="roundmeasure",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("assigned", "reference"), _negated=True), ("reference_value__isnull", False), _connector="OR"),
                name="reference_has_its_value",
            ),
        ),
        migrations.AddConstraint(
            model_name="roundmeasure",
            constraint=models.CheckConstraint(
                condition=models.Q(("sigma_pt", None), ("sigma_pt__gt", 0), _connector="OR"), name="spread_for_scores_is_above_nothing"
            ),
        ),
        migrations.AddField(
            model_name="roundsheet",
            name="round",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="sheets", to="oversight.comparisonround"),
        ),
        migrations.AddField(
            model_name="roundreading",
            name="sheet",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="readings", to="oversight.roundsheet"),
        ),
        migrations.AddIndex(
            model_name="roundparticipant",
            index=models.Index(fields=["org_id", "-id"], name="participation_of_firm"),
        ),
        migrations.AddConstraint(
            model_name="roundparticipant",
            constraint=models.UniqueConstraint(fields=("round", "org_id"), name="firm_takes_part_once"),
        ),
        migrations.AddConstraint(
            model_name="roundparticipant",
            constraint=models.UniqueConstraint(
                condition=models.Q(("blind_code", ""), _negated=True), fields=("round", "blind_code"), name="blind_code_is_one_participants"
            ),
        ),
        migrations.AddConstraint(
            model_name="roundparticipant",
            constraint=models.CheckConstraint(
                condition=models.Q(("part", "tester"), models.Q(("blind_code", ""), _negated=True), _connector="XOR"),
                name="who_is_tested_has_a_blind_code",
            ),
        ),
        migrations.AddConstraint(
            model_name="roundparticipant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "excluded"), _negated=True), models.Q(("excluded_because", ""), _negated=True), _connector="OR"
                ),
                name="exclusion_has_its_note",
            ),
        ),
        migrations.AddIndex(
            model_name="roundsheet",
            index=models.Index(fields=["tester_org_id", "round"], name="sheet_of_tester"),
        ),
        migrations.AddConstraint(
            model_name="roundsheet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("released_by_id", None), models.Q(("released_by_id", models.F("entered_by_id")), _negated=True), _connector="OR"
                ),
                name="results_are_released_by_a_second_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="roundsheet",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("state", "released"), _negated=True), ("released_by_id__isnull", False), _connector="OR"),
                name="released_results_have_their_releaser",
            ),
        ),
        migrations.AddConstraint(
            model_name="roundreading",
            constraint=models.UniqueConstraint(fields=("sheet", "measure", "rater"), name="rater_reads_an_indicator_once"),
        ),
        migrations.AddConstraint(
            model_name="roundreading",
            constraint=models.CheckConstraint(
                condition=models.Q(("expanded", None), models.Q(("expanded__gt", 0), ("k__gt", 0)), _connector="OR"),
                name="uncertainty_has_its_factor",
            ),
        ),
        RowSecurity(
            "oversight_comparisonround",
            bureau="*: select insert update delete",
            owner="*: select",
            supplier="*: select",
            lab="*: select",
            clock="*: select update(state,closed_at)",
        ),
        RowSecurity(
            "oversight_roundmeasure",
            bureau="*: select insert update delete",
            owner="*: select",
            supplier="*: select",
            lab="*: select",
            clock="*: select",
        ),
        RowSecurity(
            "oversight_roundparticipant",
            bureau="*: select insert update delete",
            owner="org_id: select update(state,answered_at,answered_by)",
            supplier="org_id: select update(state,answered_at,answered_by)",
            lab="org_id: select update(state,answered_at,answered_by)",
            clock="*: select update(state,excluded_because)",
        ),
        RowSecurity(
            "oversight_roundsheet",
            bureau="*: select insert update delete",
            owner="*: select",
            supplier="*: select",
            lab="tester_org_id: select update",
            clock="*: select update(state)",
        ),
        RowSecurity(
            "oversight_roundreading",
            bureau="*: select",
            owner="*: select",
            supplier="*: select",
            lab="tester_org_id: select insert delete",
            clock="*: select",
        ),
        RowSecurity(
            "oversight_roundanalysis",
            bureau="*: select insert",
            owner="*: select",
            supplier="*: select",
            lab="*: select",
            clock="*: select",
        ),
        migrations.RunSQL(RULES, migrations.RunSQL.noop),
        migrations.RunPython(_walls, migrations.RunPython.noop),
    ]
