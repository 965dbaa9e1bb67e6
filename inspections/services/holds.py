"""Holds: who keeps a lot back, and with it what came of it: its parts under other numbers, and its customers' portions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from heapq import heappop, heappush
from typing import Any
from uuid import UUID, uuid5

from agreements.services.sides import HATS, OTHER, org_of
from foundation.actor import CLOCK, Actor, Hat, acting_as
from foundation.errors import RuleBroken
from inspections.deciding import OFFICER, OTHER_WHY, STEPS
from inspections.models import Concession, Hold, Lot, LotDecision, LotParent
from inspections.services.lots import move_lot, note_lot
from notices.services import put_todo, tell

State = Lot.State


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
        return list(Hold.objects.filter(lot=row, ended_at=None).select_related("source__lot").order_by("held_at", "id"))


def put_hold(actor: Actor, row: Lot, now: datetime, **facts: Any) -> LotDecision:
    """Hold the lot for the actor's side, and what came of it too. A chief quality officer may hold what others hold already."""
    side, by_cqo = actor.hat.value, OFFICER in actor.roles
    if any(hold.side == side and hold.source_id is None and (hold.by_cqo or not by_cqo) for hold in open_holds(row)):
        raise RuleBroken("held_already")
    decision = write_decision(actor, row, "hold", State.HELD, now, **facts)
    hold = _hold(actor, row, now, why_code=facts["why_code"], why=facts["why"])
    for part in _came_of(row):
        if part.state != State.SCRAPPED:
            _hold_along(actor, row, part, hold, facts)
    return decision


def _hold(actor: Actor, row: Lot, now: datetime, **words: Any) -> Hold:
    """The row of a hold. What is not accepted is kept back already and stays where it is; with the hold it does not leave from there."""
    standing = open_holds(row)
    hold = Hold(
        lot=row, owner_org_id=row.owner_org_id, supplier_org_id=row.supplier_org_id, side=actor.hat.value, by_cqo=OFFICER in actor.roles,
        was=standing[0].was if standing else row.state, held_by=actor.person_name, held_at=now, **words,
    )  # fmt: skip
    hold.save(force_insert=True)
    if row.state not in (State.HELD, State.NOT_ACCEPTED):
        move_lot(row, State.HELD, now=now)
    return hold


def _came_of(row: Lot) -> Iterator[Lot]:
    """The same goods under other numbers, each locked as it is given: split off, put together with others, given to customers.

    What a lot was used up in is another thing, and is not among them. The younger lot always comes later, so that two who walk never
    wait for each other; a part is asked for its own only once it is locked, so that none is born behind the walk.
    """
    ahead: list[UUID] = []
    seen = {row.pk}
    at: Lot | None = row
    while at is not None:
        with acting_as(Hat.CLOCK):
            parts = LotParent.objects.filter(parent_id=at.pk).exclude(kind=LotParent.Kind.INPUT).values_list("lot_id", flat=True)
            for pk in parts.union(Lot.objects.filter(whole_id=at.pk).values_list("pk", flat=True)):
                if pk not in seen:
                    seen.add(pk)
                    heappush(ahead, pk)
            at = Lot.objects.select_for_update().get(pk=heappop(ahead)) if ahead else None
        if at is not None:
            yield at


def _hold_along(actor: Actor, row: Lot, part: Lot, hold: Hold, facts: dict[str, Any]) -> None:
    """Hold a part. Another customer than the lot's reads the reason, and no word that was meant for the lot."""
    words = _words_for(part, row, facts["why_code"], facts["why"], "look_closer")
    former, key = part.state, uuid5(facts["client_id"], str(part.pk))
    if former != State.NOT_ACCEPTED:
        write_decision(actor, part, "hold", State.HELD, hold.held_at, **words, client_id=key)
    _hold(actor, part, hold.held_at, **words, source=hold)
    _note(actor, part, "lot_held", hold.held_at, **words, from_state=former, to_state=part.state)
    if part.owner_org_id != row.owner_org_id:
        tell_across(part, actor.hat.value, "lot_held", hold.held_at)


def free_what_came_of(actor: Actor, row: Lot, ended: Sequence[Hold], decision: LotDecision) -> None:
    """End what was held along with holds that have ended; a part goes back to where it was, unless somebody holds it by itself.

    Where a lot was not set free but reworked, regraded, scrapped or not accepted, that says nothing of its parts: their holds stay,
    and are from then on ended on each of them.
    """
    with acting_as(Hat.CLOCK):
        parts = list(Hold.objects.filter(source__in=ended, ended_at=None).order_by("lot_id").values_list("lot_id", flat=True).distinct())
    ended_as = {hold.pk: hold.ended_as for hold in ended}
    for pk in parts:
        with acting_as(Hat.CLOCK):
            part = Lot.objects.select_for_update().get(pk=pk)
        _free_part(actor, row, part, ended_as, decision)


def _free_part(actor: Actor, row: Lot, part: Lot, ended_as: dict[UUID, str], decision: LotDecision) -> None:
    """End what held this part along with the lot."""
    why_code = decision.why_code if decision.why_code in STEPS["lift"].reasons else "cleared_up"
    words = _words_for(part, row, why_code, decision.why, "cleared_up")
    standing, former, now = open_holds(part), part.state, decision.at
    over = [hold for hold in standing if hold.source_id in ended_as]
    to_state = goes_back_to(part, standing) if former == State.HELD and len(over) == len(standing) else former
    if former == State.HELD:
        write_decision(actor, part, "lift", to_state, now, **words, client_id=uuid5(decision.client_id, str(part.pk)))
    for hold in over:
        close_hold(hold, ended_as[UUID(str(hold.source_id))], actor, now)
    if to_state != former:
        move_lot(part, to_state, now=now)
    _note(actor, part, "lot_hold_ended", now, **words, from_state=former, to_state=to_state)
    if part.owner_org_id != row.owner_org_id:
        tell_across(part, actor.hat.value, "lot_decided", now)


def _words_for(part: Lot, row: Lot, why_code: str, why: str, otherwise: str) -> dict[str, str]:
    """The reason as a part's sides may read it: words are for those to whom they were said."""
    if part.owner_org_id == row.owner_org_id:
        return {"why_code": why_code, "why": why}
    return {"why_code": otherwise if why_code == OTHER_WHY else why_code, "why": ""}


def _note(actor: Actor, row: Lot, kind: str, now: datetime, **more: Any) -> None:
    """A laboratory is no side of the record: what follows from its verdict is entered by the clock."""
    if actor.hat in HATS.values():
        note_lot(actor, row, kind, now, **more)
        return
    with acting_as(Hat.CLOCK):
        note_lot(CLOCK, row, kind, now, **more)


def end_holds(actor: Actor, row: Lot, to_state: str, now: datetime, *, asked_at: datetime | None = None) -> list[Hold]:
    """End every hold for a step to that state, if the actor may: those of the own side, and a chief quality officer's only as such an officer.

    A lot that is not accepted stays back anyway, so the other side's holds give way, and what it is held with goes on holding it.
    `asked_at`: the other side's holds until then give way, since it asked itself.
    Raises RuleBroken("held_by_officer"), ("held_by_their_officer"), ("held_by_the_other_side"), ("held_with_its_source").
    """
    if row.state not in (State.HELD, State.NOT_ACCEPTED):
        return []  # nobody holds what stands elsewhere
    side, cqo, overtake = actor.hat.value, OFFICER in actor.roles, to_state == State.NOT_ACCEPTED
    holds = [hold for hold in open_holds(row) if not (overtake and hold.held_with)]
    for hold in holds:
        gives_way = overtake or (asked_at is not None and hold.held_at <= asked_at and hold.held_with is None)
        if hold.side != side and not gives_way:
            raise RuleBroken("held_by_their_officer" if hold.by_cqo else "held_by_the_other_side")
        if hold.side == side and hold.by_cqo and not cqo:
            raise RuleBroken("held_by_officer")
        if hold.side == side and hold.held_with and to_state != State.SCRAPPED:
            raise RuleBroken("held_with_its_source")
    for hold in holds:
        own = "cqo" if cqo else "quality"
        close_hold(hold, own if hold.side == side else "not_accepted" if overtake else "cqo" if hold.by_cqo else "quality", actor, now)
    return holds


def close_hold(hold: Hold, ended_as: str, actor: Actor, now: datetime) -> None:
    with acting_as(Hat.CLOCK):
        Hold.objects.filter(pk=hold.pk, ended_at=None).update(ended_as=ended_as, ended_by=actor.person_name, ended_at=now)
    hold.ended_as, hold.ended_at = ended_as, now


def goes_back_to(row: Lot, holds: list[Hold]) -> str:
    """Where a lot goes back to. One that nobody had looked at is under inspection by now, and a concession may have run out meanwhile."""
    was = holds[0].was
    if was == State.CONCESSION:
        with acting_as(Hat.CLOCK):
            return was if Concession.objects.filter(lot=row, state="granted").exists() else State.INSPECTING
    return State.INSPECTING if was == State.REGISTERED else was


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
