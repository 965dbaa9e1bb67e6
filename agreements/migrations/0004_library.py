"""The library: characteristics, methods with editions, product standards, and limits that two persons release."""

import uuid_utils.compat
from django.db import migrations, models

from foundation.actor import Hat, role_of
from foundation.scope import RowSecurity, read_by_all

# A limit never changes its words. What moves is its state, once each way; who proposes and who releases are two persons, and
# the platform signs with its own name: a row that carries another's is refused.
KEPT = r"""
create function limit_is_not_changed() returns trigger language plpgsql as $$
declare me uuid := nullif(current_setting('app.user', true), '')::uuid; is_platform boolean := current_user like '%hat_platform';
begin
  if tg_op = 'INSERT' then
    if is_platform and (new.origin <> 'platform' or new.state <> 'draft' or new.released_at is not null or new.proposed_by_id is distinct from me) then
      raise exception 'a limit is proposed as a draft, by the person who proposes it' using errcode = 'restrict_violation';
    end if;
    return new;
  end if;
  if (to_jsonb(new) - 'state' - 'released_at' - 'released_by_id' - 'released_by' - 'ended_at' - 'ended_by' - 'ended_why')
     <> (to_jsonb(old) - 'state' - 'released_at' - 'released_by_id' - 'released_by' - 'ended_at' - 'ended_by' - 'ended_why') then
    raise exception 'a limit of the library is not changed: a change is its next revision' using errcode = 'restrict_violation';
  end if;
  if old.state = 'draft' and new.state = 'released' and old.released_at is null and new.released_at is not null and new.ended_at is null then
    if is_platform and (me is null or new.released_by_id is distinct from me or me = old.proposed_by_id) then
      raise exception 'a limit is released by a second person, in that person''s own name' using errcode = 'restrict_violation';
    end if;
    return new;
  end if;
  if (old.state, new.state) in (('draft', 'withdrawn'), ('released', 'superseded'), ('released', 'withdrawn')) and new.ended_at is not null
     and (new.released_at, new.released_by_id, new.released_by) is not distinct from (old.released_at, old.released_by_id, old.released_by) then
    return new;
  end if;
  raise exception 'a limit moves from draft to released to superseded or withdrawn' using errcode = 'restrict_violation';
end $$;
create trigger limit_is_not_changed before insert or update on agreements_speclimit for each row execute function limit_is_not_changed();
create trigger limit_is_kept before delete on agreements_speclimit for each row execute function record_is_append_only();
create trigger limits_are_kept before truncate on agreements_speclimit execute function record_is_append_only();
create function characteristic_keeps_its_meaning() returns trigger language plpgsql as $$
begin
  if (new.code, new.kind, new.unit, new.decimals, new.direction, new.reading_schema)
     is distinct from (old.code, old.kind, old.unit, old.decimals, old.direction, old.reading_schema) then
    raise exception 'a characteristic keeps kind, unit, decimals, direction and reading: a new meaning is a new code' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger characteristic_keeps_its_meaning before update on agreements_characteristic
  for each row execute function characteristic_keeps_its_meaning();
create trigger characteristic_is_kept before delete on agreements_characteristic for each row execute function record_is_append_only();
create trigger edition_is_kept before delete on agreements_methodedition for each row execute function record_is_append_only();
"""

NUMBERS = r"""
alter table agreements_speclimit add constraint limit_is_a_plain_number check (
  lower ~ '^(-?[0-9]{1,9}(\.[0-9]{1,6})?)?$' and upper ~ '^(-?[0-9]{1,9}(\.[0-9]{1,6})?)?$' and target ~ '^(-?[0-9]{1,9}(\.[0-9]{1,6})?)?$'
  and max_cv_percent ~ '^([0-9]{1,9}(\.[0-9]{1,6})?)?$' and max_lot_delta_e ~ '^([0-9]{1,9}(\.[0-9]{1,6})?)?$');
alter table agreements_speclimit add constraint lower_limit_is_below_upper check (
  case when lower <> '' and upper <> '' then lower::numeric < upper::numeric else true end);
alter table agreements_speclimit add constraint limit_grade_is_a_half_step check (
  grade_floor in ('', '1', '1-2', '2', '2-3', '3', '3-4', '4', '4-5', '5'));
"""

# A clause names the limit it quotes by characteristic and method; asked by the clock, which counts.
QUOTED = """
create index clause_by_what_it_quotes on agreements_clause ((params ->> 'characteristic')) where type = 'characteristic_limit';
"""


def hide_what_was_never_released(apps, schema_editor):
    for hat in (Hat.OWNER, Hat.SUPPLIER, Hat.BUREAU, Hat.LAB):
        schema_editor.execute(
            f"create policy released_or_nothing_{hat} on agreements_speclimit as restrictive for select to {role_of(hat)} "
            "using (released_at is not null)"
        )


class Migration(migrations.Migration):
    dependencies = [("agreements", "0003_version_states")]

    operations = [
        migrations.CreateModel(
            name="Characteristic",
            fields=[
                ("code", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("order", models.PositiveSmallIntegerField()),
                ("name_zh", models.CharField(max_length=60)),
                ("name_en", models.CharField(max_length=80)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("variable", "Variable"),
                            ("ordinal", "Ordinal"),
                            ("attribute", "Attribute"),
                            ("censored", "Censored"),
                            ("derived", "Derived"),
                            ("binary", "Binary"),
                        ],
                        max_length=10,
                    ),
                ),
                ("unit", models.CharField(blank=True, max_length=24)),
                ("decimals", models.PositiveSmallIntegerField(default=0)),
                ("direction", models.CharField(choices=[("two", "Two"), ("upper", "Upper"), ("lower", "Lower")], max_length=5)),
                ("reading_schema", models.JSONField(default=list)),
                ("node_codes", models.JSONField(default=list)),
                ("note_zh", models.CharField(blank=True, max_length=400)),
                ("note_en", models.CharField(blank=True, max_length=400)),
            ],
        ),
        migrations.CreateModel(
            name="ProductKind",
            fields=[
                ("code", models.CharField(max_length=30, primary_key=True, serialize=False)),
                ("order", models.PositiveSmallIntegerField()),
                ("name_zh", models.CharField(max_length=40)),
                ("name_en", models.CharField(max_length=60)),
                ("node_codes", models.JSONField(default=list)),
            ],
        ),
        migrations.CreateModel(
            name="TestMethod",
            fields=[
                ("code", models.CharField(max_length=30, primary_key=True, serialize=False)),
                ("order", models.PositiveSmallIntegerField()),
                ("name_zh", models.CharField(max_length=80)),
                ("name_en", models.CharField(max_length=120)),
                ("characteristic_codes", models.JSONField(default=list)),
            ],
        ),
        migrations.CreateModel(
            name="MethodEdition",
            fields=[
                ("code", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("valid_from", models.DateField(blank=True, null=True)),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("twins", models.JSONField(default=list)),
                ("verified", models.BooleanField(default=False)),
                ("source_zh", models.CharField(max_length=200)),
                ("source_en", models.CharField(max_length=200)),
                (
                    "supersedes",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=models.PROTECT, related_name="superseded_by", to="agreements.methodedition"
                    ),
                ),
                ("method", models.ForeignKey(on_delete=models.PROTECT, related_name="editions", to="agreements.testmethod")),
            ],
        ),
        migrations.CreateModel(
            name="ProductStandard",
            fields=[
                ("code", models.CharField(max_length=30, primary_key=True, serialize=False)),
                ("order", models.PositiveSmallIntegerField()),
                ("name_zh", models.CharField(max_length=80)),
                ("name_en", models.CharField(max_length=120)),
                ("replaces_zh", models.CharField(blank=True, max_length=120)),
                ("replaces_en", models.CharField(blank=True, max_length=120)),
                ("source_zh", models.CharField(max_length=200)),
                ("source_en", models.CharField(max_length=200)),
                ("verified", models.BooleanField(default=False)),
                (
                    "product",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=models.PROTECT, related_name="standards", to="agreements.productkind"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SpecLimit",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("safety_class", models.CharField(blank=True, choices=[("A", "A"), ("B", "B"), ("C", "C")], max_length=1)),
                (
                    "grade",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("critical", "Critical"),
                            ("premium", "Premium"),
                            ("first", "First"),
                            ("qualified", "Qualified"),
                            ("middle", "Middle"),
                        ],
                        max_length=10,
                    ),
                ),
                ("revision", models.PositiveSmallIntegerField(default=1)),
                ("lower", models.CharField(blank=True, max_length=17)),
                ("target", models.CharField(blank=True, max_length=17)),
                ("upper", models.CharField(blank=True, max_length=17)),
                ("grade_floor", models.CharField(blank=True, max_length=3)),
                ("max_cv_percent", models.CharField(blank=True, max_length=17)),
                ("max_lot_delta_e", models.CharField(blank=True, max_length=17)),
                ("source_zh", models.CharField(max_length=200)),
                ("source_en", models.CharField(max_length=200)),
                ("read_in", models.CharField(blank=True, max_length=200)),
                ("verified", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("released", "Released"), ("superseded", "Superseded"), ("withdrawn", "Withdrawn")],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("origin", models.CharField(choices=[("library", "Library"), ("platform", "Platform")], default="platform", max_length=8)),
                ("proposed_at", models.DateTimeField()),
                ("proposed_by_id", models.UUIDField(blank=True, null=True)),
                ("proposed_by", models.CharField(blank=True, max_length=60)),
                ("released_at", models.DateTimeField(blank=True, null=True)),
                ("released_by_id", models.UUIDField(blank=True, null=True)),
                ("released_by", models.CharField(blank=True, max_length=60)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended_by", models.CharField(blank=True, max_length=60)),
                ("ended_why", models.CharField(blank=True, max_length=300)),
                ("characteristic", models.ForeignKey(on_delete=models.PROTECT, related_name="limits", to="agreements.characteristic")),
                ("edition", models.ForeignKey(on_delete=models.PROTECT, related_name="limits", to="agreements.methodedition")),
                (
                    "product",
                    models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="limits", to="agreements.productkind"),
                ),
                (
                    "supersedes",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=models.PROTECT, related_name="successors", to="agreements.speclimit"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["state", "-proposed_at", "-id"], name="limit_by_state")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("characteristic", "edition", "product", "safety_class", "grade", "revision"),
                        name="limit_has_one_row_per_revision",
                        nulls_distinct=False,
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "released")),
                        fields=("characteristic", "edition", "product", "safety_class", "grade"),
                        name="one_revision_of_a_limit_is_released",
                        nulls_distinct=False,
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "draft")),
                        fields=("characteristic", "edition", "product", "safety_class", "grade"),
                        name="one_revision_of_a_limit_waits",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("released_at", None),
                            ("origin", "library"),
                            models.Q(
                                ("proposed_by_id__isnull", False),
                                ("released_by_id__isnull", False),
                                models.Q(("released_by_id", models.F("proposed_by_id")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="limit_is_released_by_a_second_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("released", "superseded")), _negated=True),
                            ("released_at__isnull", False),
                            _connector="OR",
                        ),
                        name="released_limit_has_its_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("verified", True),
                                models.Q(("source_en__endswith", "(unverified)"), _negated=True),
                                models.Q(("source_zh__endswith", "（待核实）"), _negated=True),
                            ),
                            models.Q(("source_en__endswith", "(unverified)"), ("source_zh__endswith", "（待核实）"), ("verified", False)),
                            _connector="OR",
                        ),
                        name="unverified_limit_says_so_in_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("source_zh", ""), _negated=True), models.Q(("source_en", ""), _negated=True)),
                        name="limit_names_its_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("grade_floor", ""),
                            ("lower", ""),
                            ("max_cv_percent", ""),
                            ("max_lot_delta_e", ""),
                            ("target", ""),
                            ("upper", ""),
                            _negated=True,
                        ),
                        name="limit_says_something",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="methodedition",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_from", None), ("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                name="edition_ends_after_it_begins",
            ),
        ),
        read_by_all("agreements_characteristic"),
        read_by_all("agreements_testmethod"),
        read_by_all("agreements_methodedition"),
        read_by_all("agreements_productkind"),
        read_by_all("agreements_productstandard"),
        RowSecurity(
            "agreements_speclimit",
            owner="*: select",
            supplier="*: select",
            bureau="*: select",
            lab="*: select",
            platform="*: select insert update(state,released_at,released_by_id,released_by,ended_at,ended_by,ended_why)",
            clock="*: select",
        ),
        migrations.RunPython(hide_what_was_never_released, migrations.RunPython.noop),
        migrations.RunSQL(NUMBERS, migrations.RunSQL.noop),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
        migrations.RunSQL(QUOTED, "drop index clause_by_what_it_quotes"),
    ]
