"""Decisions about lots: held, released, not accepted, reworked, regraded, scrapped. Each is a row that stays, and an entry of the record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from agreements.services.sides import HATS, OTHER, org_of
from foundation.actor import Actor, Hat, acting_as
from foundation.errors import Absent, RuleBroken
from inspections.deciding import DECIDERS, OFFICER, OTHER_WHY, STEPS, is_whose
from inspections.lot_words import amount
from inspections.models import Concession, Hold, Lot, LotDecision
from inspections.selectors.descent import left_of
from inspections.services.lots import is_amount, locked_lot, move_lot, note_lot
from notices.services import close_todo, put_todo, tell

State = Lot.State
SHORTEST = 5
ENTRIES = {
    "hold": "lot_held", "lift": "lot_hold_ended", "release": "lot_released", "not_accept": "lot_not_accepted", "rework": "lot_reworked",
    "regrade": "lot_regraded", "scrap": "lot_scrapped",
}  # fmt: skip
# What the other side is told of a step; of the rest it is told that something was decided.
TOLD = {"hold": "lot_held", "release": "lot_released", "not_accept": "lot_not_accepted"}


@dataclass(frozen=True, slots=True)
class DecisionSaid:
    """A step with its reason. `quantity`: of a part that is scrapped; without one, all that is left."""

    kind: str
    why_code: str = ""
    why: str = ""
    new_grade: str = ""
    quantity: Decimal | None = None


@transaction.atomic
def decide_lot(*, actor: Actor, lot: Lot, said: DecisionSaid, client_id: UUID, now: datetime) -> LotDecision:
    """Take a step with a lot. Two who decide at once come one after the other; the same `client_id` decides once.

    Raises RuleBroken with the codes of words_decisions, NotYours for a role that does not decide.
    """
    row, side = held_row(actor, lot)
    actor.must_hold(*DECIDERS)
    before: LotDecision | None = LotDecision.objects.visible_to(actor).filter(lot=row, side=side, client_id=client_id).first()
    if before is not None:
        return before
    step = STEPS.get(said.kind)
    if step is None:
        raise RuleBroken("decision_unknown", field="kind")
    if not is_whose(said.kind, side, own_lot=row.owner_org_id is None):
        raise RuleBroken("decision_is_the_customers")
    if row.state not in step.leaves:
        raise RuleBroken("lot_has_moved_on")
    why = _why(said, step.reasons)
    facts: dict[str, Any] = {"why_code": said.why_code, "why": why, "client_id": client_id}
    former = row.state
    if said.kind == "hold":
        decision = put_hold(actor, row, now, **facts)
    elif said.kind == "lift":
        decision = _lift(actor, row, now, facts)
    else:
        decision = _leave(actor, row, said, now, facts)
    _make_known(actor, row, decision, former, now)
    return decision


def held_row(actor: Actor, lot: Lot) -> tuple[Lot, str]:
    """The lot, locked, and the side for which the actor speaks. Raises Absent outside of the actor's world."""
    actor.must_wear(*HATS.values())
    try:
        row = locked_lot(actor, lot)
    except Lot.DoesNotExist:
        raise Absent from None
    actor.must_act_for(org_of(row, actor.hat.value), actor.hat)
    return row, actor.hat.value


def said_words(text: str, field: str = "why") -> str:
    """Words that somebody else can follow. Raises RuleBroken("words_needed")."""
    text = text.strip()[:500]
    if len(text) < SHORTEST:
        raise RuleBroken("words_needed", field=field, shortest=SHORTEST)
    return text


def _why(said: DecisionSaid, reasons: Iterable[str]) -> str:
    why = said.why.strip()[:500]
    if said.why_code not in reasons or (said.why_code == OTHER_WHY and len(why) < SHORTEST):
        raise RuleBroken("decision_needs_a_reason", field="why" if said.why_code == OTHER_WHY else "why_code", shortest=SHORTEST)
    return why


def write_decision(actor: Actor, row: Lot, kind: str, to_state: str, now: datetime, **facts: Any) -> LotDecision:
    """The row of a decision, before the lot moves: the database asks for it."""
    decision = LotDecision(
        lot=row, owner_org_id=row.owner_org_id, supplier_org_id=row.supplier_org_id, side=actor.hat.value, kind=kind, from_state=row.state,
        to_state=to_state, as_cqo=OFFICER in actor.roles, decided_by=actor.person_name, at=now, **facts,
    )  # fmt: skip
    if actor.hat in HATS.values():
        decision.save(force_insert=True)
    else:
        with acting_as(Hat.CLOCK):
            decision.save(force_insert=True)
    return decision


def open_holds(row: Lot) -> list[Hold]:
    """The holds that stand, oldest first."""
    with acting_as(Hat.CLOCK):
        return list(Hold.objects.filter(lot=row, ended_at=None).order_by("held_at", "id"))


def put_hold(actor: Actor, row: Lot, now: datetime, **facts: Any) -> LotDecision:
    """Hold the lot for the actor's side. A chief quality officer may hold what others hold already."""
    side, by_cqo, standing = actor.hat.value, OFFICER in actor.roles, open_holds(row)
    if any(hold.side == side and (hold.by_cqo or not by_cqo) for hold in standing):
        raise RuleBroken("held_already")
    decision = write_decision(actor, row, "hold", State.HELD, now, **facts)
    Hold(
        lot=row, owner_org_id=row.owner_org_id, supplier_org_id=row.supplier_org_id, side=side, by_cqo=by_cqo,
        was=standing[0].was if standing else row.state, why_code=facts["why_code"], why=facts["why"], held_by=actor.person_name, held_at=now,
    ).save(force_insert=True)  # fmt: skip
    if row.state != State.HELD:
        move_lot(row, State.HELD, now=now)
    return decision


def end_holds(actor: Actor, row: Lot, now: datetime, *, overtake: bool = False, asked_at: datetime | None = None) -> None:
    """End every hold, if the actor may: those of the own side, and a chief quality officer's only as such an officer.

    `overtake`: the lot stays back anyway, so the other side's holds give way. `asked_at`: the other side's holds until then give way,
    since it asked itself. Raises RuleBroken("held_by_officer"), ("held_by_their_officer"), ("held_by_the_other_side").
    """
    side, cqo, holds = actor.hat.value, OFFICER in actor.roles, open_holds(row)
    for hold in holds:
        gives_way = overtake or (asked_at is not None and hold.held_at <= asked_at)
        if hold.side != side and not gives_way:
            raise RuleBroken("held_by_their_officer" if hold.by_cqo else "held_by_the_other_side")
        if hold.side == side and hold.by_cqo and not cqo:
            raise RuleBroken("held_by_officer")
    for hold in holds:
        own = "cqo" if cqo else "quality"
        close_hold(hold, own if hold.side == side else "not_accepted" if overtake else "cqo" if hold.by_cqo else "quality", actor, now)


def close_hold(hold: Hold, ended_as: str, actor: Actor, now: datetime) -> None:
    with acting_as(Hat.CLOCK):
        Hold.objects.filter(pk=hold.pk, ended_at=None).update(ended_as=ended_as, ended_by=actor.person_name, ended_at=now)


def _lift(actor: Actor, row: Lot, now: datetime, facts: dict[str, Any]) -> LotDecision:
    """End the holds of the own side; the lot goes back to where it was once nobody holds it."""
    side, cqo, holds = actor.hat.value, OFFICER in actor.roles, open_holds(row)
    mine = [hold for hold in holds if hold.side == side]
    if not mine:
        raise RuleBroken("held_by_their_officer" if any(hold.by_cqo for hold in holds) else "held_by_the_other_side")
    if any(hold.by_cqo for hold in mine) and not cqo:
        raise RuleBroken("held_by_officer")
    free = len(mine) == len(holds)
    decision = write_decision(actor, row, "lift", _was(row, holds) if free else State.HELD, now, **facts)
    for hold in mine:
        close_hold(hold, "cqo" if cqo else "quality", actor, now)
    if free:
        move_lot(row, decision.to_state, now=now)
    return decision


def _was(row: Lot, holds: list[Hold]) -> str:
    """Where a lot goes back to. One that nobody had looked at is under inspection by now, and a concession may have run out meanwhile."""
    was = holds[0].was
    if was == State.CONCESSION:
        with acting_as(Hat.CLOCK):
            return was if Concession.objects.filter(lot=row, state="granted").exists() else State.INSPECTING
    return State.INSPECTING if was == State.REGISTERED else was


def _leave(actor: Actor, row: Lot, said: DecisionSaid, now: datetime, facts: dict[str, Any]) -> LotDecision:
    """Every other step: the lot goes where the step leads, if nobody holds it back."""
    to_state = STEPS[said.kind].to
    if said.kind == "release" and row.state == State.HELD and OFFICER not in actor.roles:
        raise RuleBroken("release_is_the_officers")
    if said.kind == "regrade":
        facts["new_grade"] = " ".join(said.new_grade.split())[:60]
        if not facts["new_grade"]:
            raise RuleBroken("grade_needed", field="new_grade")
    if said.kind == "scrap":
        facts["quantity"], all_of_it = _scrapped(row, said.quantity)
        to_state = to_state if all_of_it else row.state
    if to_state != row.state and row.state == State.HELD:
        end_holds(actor, row, now, overtake=said.kind == "not_accept")
    decision = write_decision(actor, row, said.kind, to_state, now, **facts)
    if to_state != row.state:
        move_lot(row, to_state, now=now)
    return decision


def scrappable(row: Lot) -> Decimal:
    """How much of a lot was neither given away nor scrapped."""
    with acting_as(Hat.CLOCK):
        gone = LotDecision.objects.filter(lot=row, kind="scrap").aggregate(Sum("quantity"))["quantity__sum"] or Decimal(0)
    return left_of(row) - gone


def _scrapped(row: Lot, quantity: Decimal | None) -> tuple[Decimal, bool]:
    left = scrappable(row)
    wanted = left if quantity is None else quantity
    if not is_amount(wanted) or wanted > left:
        raise RuleBroken("scrap_out_of_range", field="quantity", left=amount(max(left, Decimal(0)), row.unit))
    return wanted, wanted == left


def _make_known(actor: Actor, row: Lot, decision: LotDecision, former: str, now: datetime) -> None:
    said: dict[str, Any] = {"why_code": decision.why_code, "why": decision.why, "from_state": former, "to_state": row.state}
    if decision.as_cqo:
        said["as_cqo"] = True
    if decision.new_grade:
        said["grade"] = decision.new_grade
    if decision.quantity is not None:
        said["quantity"] = plainly(decision.quantity, row.unit)
    note_lot(actor, row, ENTRIES[decision.kind], now, **said)
    tell_across(row, decision.side, TOLD.get(decision.kind, "lot_decided"), now)
    if decision.kind == "not_accept":
        for side, kind in (("supplier", "lot_not_accepted"), ("owner", "lot_finding_to_raise")):
            ask_side(row, side, kind, now)
    elif former != row.state:
        close_todo(kind="lot_not_accepted", subject_id=row.pk, now=now)


def plainly(quantity: Decimal, unit: str) -> str:
    """A quantity as the record keeps it, the same in both languages."""
    return f"{quantity.normalize():f} {unit}"


def line_for(row: Lot, side: str, kind: str, subject_id: UUID | None = None) -> dict[str, Any]:
    """What a side is told about a lot: the other firm's names and the lot's number."""
    other = OTHER[side]
    facts = {"other_zh": getattr(row, f"{other}_name_zh"), "other_en": getattr(row, f"{other}_name_en"), "number": row.lot_no}
    return {"org_id": org_of(row, side), "hat": HATS[side], "kind": kind, "subject_id": subject_id or row.pk, "facts": facts}


def tell_across(row: Lot, side: str, kind: str, now: datetime, *, subject_id: UUID | None = None) -> None:
    """Tell the other side of a relation; a supplier's own lot has none."""
    if row.owner_org_id is not None:
        tell(**line_for(row, OTHER[side], kind, subject_id), now=now)


def ask_side(row: Lot, side: str, kind: str, now: datetime, **todo: Any) -> None:
    """Put a step on a side's list; a supplier's own lot asks nobody."""
    if row.owner_org_id is not None:
        put_todo(**line_for(row, side, kind, todo.pop("subject_id", None)), now=now, **todo)
