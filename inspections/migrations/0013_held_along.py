"""What came of a lot is held along with it: each part by a hold that names the one it follows."""

import django.db.models.deletion
from django.db import migrations, models

# As before, but for one rule: a lot that is not accepted has holds too, as long as what it comes from is held, and does not leave with them.
HELD_BACK = """
  if old.state in ('held', 'not_accepted') and exists (
    select from inspections_hold h where h.lot_id = old.id and h.ended_at is null and (new.state <> 'not_accepted' or h.source_id is null)
  ) then
    raise exception 'a lot on hold stays where it is until every hold has ended' using errcode = 'restrict_violation';
  end if;
"""
HELD_BEFORE = """
  if old.state = 'held' and exists (select from inspections_hold h where h.lot_id = old.id and h.ended_at is null) then
    raise exception 'a lot on hold stays where it is until every hold has ended' using errcode = 'restrict_violation';
  end if;
"""
LOT_MOVES = """
create or replace function lot_moves_as_the_rules_say() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare step text := old.state || ' ' || new.state;
begin
  -- A lot that is made of others takes their state in the moment it is registered.
  if old.state = 'registered' and new.state in ('inspecting', 'released') and new.state_since = old.registered_at then
    return new;
  end if;
  if step not in (
    'registered inspecting', 'registered held',
    'inspecting released', 'inspecting held', 'inspecting not_accepted',
    'released held', 'concession held', 'concession not_accepted', 'regraded held', 'regraded scrapped',
    'held inspecting', 'held released', 'held concession', 'held not_accepted', 'held regraded', 'held scrapped',
    'not_accepted inspecting', 'not_accepted released', 'not_accepted concession', 'not_accepted regraded', 'not_accepted scrapped'
  ) then
    raise exception 'a lot does not go from % to %', old.state, new.state using errcode = 'restrict_violation';
  end if;{held_back}
  if new.state = 'concession' and not exists (select from inspections_concession c where c.lot_id = old.id and c.state = 'granted') then
    raise exception 'no concession was granted for this lot' using errcode = 'restrict_violation';
  end if;
  if step = 'not_accepted released' and not exists (
    select from inspections_arbitration a where a.lot_id = old.id and a.state = 'decided' and a.verdict = 'meets'
  ) then
    raise exception 'only arbitration releases a lot that was not accepted' using errcode = 'restrict_violation';
  end if;
  if step not in ('registered inspecting', 'registered held') and not exists (
    select from inspections_lotdecision d where d.lot_id = old.id and d.to_state = new.state and d.at = new.state_since
  ) then
    raise exception 'a lot changes its state by a decision' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
"""
FOLLOWS = """
alter table inspections_hold add constraint hold_follows_one_of_its_maker_and_side
  foreign key (source_id, supplier_org_id, side) references inspections_hold (id, supplier_org_id, side);
"""
FOLLOWS_NONE = "alter table inspections_hold drop constraint hold_follows_one_of_its_maker_and_side"


class Migration(migrations.Migration):
    dependencies = [("inspections", "0012_results_by_the_million")]

    operations = [
        migrations.AddField(
            model_name="hold",
            name="source",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="along", to="inspections.hold"
            ),
        ),
        migrations.RemoveConstraint(model_name="hold", name="side_holds_a_lot_once"),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("lot", "side", "by_cqo", "source"),
                name="side_holds_a_lot_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.UniqueConstraint(fields=("id", "supplier_org_id", "side"), name="hold_names_its_maker_and_side"),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", None), models.Q(("source", models.F("id")), _negated=True), _connector="OR"),
                name="hold_follows_another",
            ),
        ),
        migrations.RunSQL(FOLLOWS, FOLLOWS_NONE),
        migrations.RunSQL(LOT_MOVES.replace("{held_back}", HELD_BACK), LOT_MOVES.replace("{held_back}", HELD_BEFORE)),
    ]
