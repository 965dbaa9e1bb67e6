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

from agreements.services.sides import HATS, org_of
from foundation.actor import Actor, Hat, acting_as
from foundation.errors import Absent, RuleBroken
from inspections.deciding import DECIDERS, OFFICER, OTHER_WHY, STEPS, is_whose
from inspections.lot_words import amount
from inspections.models import Lot, LotDecision
from inspections.selectors.descent import left_of
from inspections.services.holds import (
    ask_side,
    close_hold,
    end_holds,
    free_what_came_of,
    goes_back_to,
    open_holds,
    put_hold,
    tell_across,
    write_decision,
)
from inspections.services.lots import is_amount, locked_lot, move_lot, note_lot
from notices.services import close_todo

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


def _lift(actor: Actor, row: Lot, now: datetime, facts: dict[str, Any]) -> LotDecision:
    """End the holds of the own side; the lot goes back to where it was once nobody holds it, and so does what came of it.

    What is not accepted stays so; it has holds where the lot that it is a part of was held.
    """
    side, cqo, holds = actor.hat.value, OFFICER in actor.roles, open_holds(row)
    mine = [hold for hold in holds if hold.side == side and hold.held_with is None]
    if not holds:
        raise RuleBroken("lot_has_moved_on")
    if not mine:
        if any(hold.side == side for hold in holds):
            raise RuleBroken("held_with_its_source")
        raise RuleBroken("held_by_their_officer" if any(hold.by_cqo for hold in holds) else "held_by_the_other_side")
    if any(hold.by_cqo for hold in mine) and not cqo:
        raise RuleBroken("held_by_officer")
    free = len(mine) == len(holds) and row.state == State.HELD
    decision = write_decision(actor, row, "lift", goes_back_to(row, holds) if free else row.state, now, **facts)
    for hold in mine:
        close_hold(hold, "cqo" if cqo else "quality", actor, now)
    if free:
        move_lot(row, decision.to_state, now=now)
    free_what_came_of(actor, row, mine, decision)
    return decision


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
    ended = end_holds(actor, row, to_state, now) if to_state != row.state else []
    decision = write_decision(actor, row, said.kind, to_state, now, **facts)
    if to_state != row.state:
        move_lot(row, to_state, now=now)
    if said.kind == "release":
        free_what_came_of(actor, row, ended, decision)
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
