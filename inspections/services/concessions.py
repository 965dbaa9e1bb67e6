"""Concessions: the supplier asks to deliver a lot as it is; the people whom the agreement names grant a quantity and a last day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from agreements.models import Clause
from agreements.services.facts import meet_obligation, owe_since
from agreements.services.obligations import void_from
from agreements.services.sides import MAY_WRITE
from foundation.actor import CLOCK, Actor, Hat, acting_as
from foundation.errors import Absent, RuleBroken
from inspections.deciding import ASKS_CONCESSION, OFFICER
from inspections.decision_words import GRANTERS
from inspections.lot_words import amount
from inspections.models import Concession, Lot
from inspections.selectors.decisions import concession_rule
from inspections.services.decisions import held_row, plainly, said_words, scrappable
from inspections.services.holds import ask_side, end_holds, line_for, open_holds, put_hold, write_decision
from inspections.services.lots import is_amount, locked_lot, move_lot, note_lot
from notices.services import close_todo, tell

State = Concession.State
ROLES = {"cqo": ("cqo",), "quality": ("quality", "cqo"), "signatory": ("signatory",)}


@dataclass(frozen=True, slots=True)
class AnswerSaid:
    """The chain owner's answer. A grant without quantity or day grants what was asked, for as long as the agreement allows."""

    granted: bool
    why: str = ""
    quantity: Decimal | None = None
    until: date | None = None


def may_answer(actor: Actor, clause: Clause) -> bool:
    """Whether the clause names the actor among those who grant."""
    return bool(actor.roles.intersection(ROLES[clause.params["granted_by"]]))


def most_of(row: Lot, clause: Clause) -> Decimal:
    """The most that the clause lets pass of this lot."""
    bounds = [scrappable(row)]
    if clause.params.get("max_share"):
        share = row.quantity * Decimal(clause.params["max_share"]) / 100
        bounds.append(share.quantize(Decimal("0.001"), rounding=ROUND_DOWN))
    if clause.params.get("max_quantity"):
        bounds.append(Decimal(clause.params["max_quantity"]))
    return min(bounds)


@transaction.atomic
def ask_concession(*, actor: Actor, lot: Lot, quantity: Decimal, why: str, client_id: UUID, now: datetime) -> Concession:
    """Ask to deliver a quantity of the lot as it is. A lot under inspection is put on hold by it. The same `client_id` asks once."""
    row, side = held_row(actor, lot)
    if side != "supplier" or row.owner_org_id is None:
        raise RuleBroken("concession_is_the_suppliers")
    actor.must_hold(*MAY_WRITE)
    before: Concession | None = Concession.objects.visible_to(actor).filter(lot=row, client_id=client_id).first()
    if before is not None:
        return before
    clause = concession_rule(actor, row)
    if clause is None:
        raise RuleBroken("no_concession_rule")
    if row.state not in ASKS_CONCESSION:
        raise RuleBroken("concession_not_from_here")
    if Concession.objects.visible_to(actor).filter(lot=row, state__in=("asked", "granted")).exists():
        raise RuleBroken("concession_asked_already")
    standing = open_holds(row)
    if any(hold.held_with for hold in standing):
        raise RuleBroken("held_with_its_source")
    if OFFICER not in actor.roles and any(hold.side == side and hold.by_cqo for hold in standing):
        raise RuleBroken("held_by_officer")
    words = said_words(why)
    most = most_of(row, clause)
    if not is_amount(quantity) or quantity > most:
        raise RuleBroken("concession_above_the_rule", field="quantity", most=amount(max(most, Decimal(0)), row.unit))
    if row.state == Lot.State.INSPECTING:
        put_hold(actor, row, now, why_code="concession", why=words, client_id=uuid5(client_id, "hold"))
        note_lot(actor, row, "lot_held", now, why_code="concession", why=words)
    asked = Concession(
        lot=row, owner_org_id=row.owner_org_id, supplier_org_id=row.supplier_org_id, clause_id=clause.pk, quantity=quantity, why=words,
        asked_by=actor.person_name, asked_at=now, client_id=client_id,
    )  # fmt: skip
    owed = owe_since(clause_id=clause.pk, event=f"concession:{asked.pk}", on=timezone.localdate(now), now=now, subject_id=row.pk)
    asked.due_on = owed.due_on if owed else None
    asked.save(force_insert=True)
    note_lot(actor, row, "concession_asked", now, why=words, quantity=plainly(quantity, row.unit))
    ask_side(row, "owner", "concession_to_answer", now, subject_id=asked.pk, due_on=asked.due_on)
    tell(**line_for(row, "owner", "concession_to_answer", asked.pk), now=now)
    return asked


@transaction.atomic
def answer_concession(*, actor: Actor, concession: Concession, said: AnswerSaid, now: datetime) -> Concession:
    """Grant or refuse, once. The same answer given again is the answer that stands.

    Raises RuleBroken("concession_is_the_granters"), ("concession_answered_already"), ("concession_quantity"), ("concession_day").
    """
    lot, asked, clause = _held(actor, concession)
    actor.must_act_for(asked.owner_org_id, Hat.OWNER)
    if not may_answer(actor, clause):
        raise RuleBroken("concession_is_the_granters", who=str(GRANTERS[clause.params["granted_by"]]))
    wanted = State.GRANTED if said.granted else State.REFUSED
    if asked.state != State.ASKED:
        if asked.state == wanted:
            return asked
        raise RuleBroken("concession_answered_already")
    if said.granted:
        _grant(actor, lot, asked, clause, said, now)
    else:
        _moved(asked, state=wanted, answer=said_words(said.why), answered_by=actor.person_name, answered_at=now)
        note_lot(actor, lot, "concession_refused", now, why=asked.answer)
    _over(asked, now)
    meet_obligation(clause_id=clause.pk, side="owner", key=_key(asked), now=now)
    tell(**line_for(lot, "supplier", "concession_answered"), now=now)
    return asked


def _grant(actor: Actor, lot: Lot, asked: Concession, clause: Clause, said: AnswerSaid, now: datetime) -> None:
    today = timezone.localdate(now)
    last = today + timedelta(days=int(clause.params["expiry_days"]))
    quantity, until = said.quantity or asked.quantity, said.until or last
    most = min(asked.quantity, most_of(lot, clause))
    if not is_amount(quantity) or quantity > most:
        raise RuleBroken("concession_quantity", field="quantity", most=amount(most, lot.unit))
    if not today <= until <= last:
        raise RuleBroken("concession_day", field="until", last=last.isoformat())
    if lot.state not in (Lot.State.HELD, Lot.State.NOT_ACCEPTED):
        raise RuleBroken("lot_has_moved_on")
    end_holds(actor, lot, Lot.State.CONCESSION, now, asked_at=asked.asked_at)
    words = said.why.strip()[:500]
    answered = {"answer": words, "answered_by": actor.person_name, "answered_at": now}
    _moved(asked, state=State.GRANTED, granted_quantity=quantity, until=until, **answered)
    facts = {"why": words, "quantity": quantity, "client_id": uuid5(asked.pk, "granted")}
    write_decision(actor, lot, "concession", Lot.State.CONCESSION, now, **facts)
    move_lot(lot, Lot.State.CONCESSION, now=now)
    note_lot(actor, lot, "concession_granted", now, why=words, quantity=plainly(quantity, lot.unit), until=until.isoformat())
    close_todo(kind="lot_not_accepted", subject_id=lot.pk, now=now)


@transaction.atomic
def withdraw_concession(*, actor: Actor, concession: Concession, now: datetime) -> Concession:
    """The supplier asks no more. Taken back twice is taken back once; what was answered stays."""
    lot, asked, _clause = _held(actor, concession)
    if actor.hat != Hat.SUPPLIER:
        raise RuleBroken("concession_is_the_suppliers")
    actor.must_hold(*MAY_WRITE)
    if asked.state == State.WITHDRAWN:
        return asked
    if asked.state != State.ASKED:
        raise RuleBroken("concession_answered_already")
    _moved(asked, state=State.WITHDRAWN)
    void_from(
        clause_ids=[asked.clause_id], on=timezone.localdate(now), now=now, keys=[_key(asked)]
    )  # a question taken back wants no answer
    note_lot(actor, lot, "concession_withdrawn", now)
    _over(asked, now)
    return asked


def due_lapses(now: datetime) -> QuerySet[Concession]:
    """Granted, and the last day is over. Clock only."""
    return Concession.objects.filter(state=State.GRANTED, until__lt=timezone.localdate(now)).order_by("until", "id")


@transaction.atomic
def lapse_concession(*, concession: Concession, now: datetime) -> bool:
    """What was not used by its last day may no longer be delivered: the lot is not accepted. Safe twice."""
    with acting_as(Hat.CLOCK):
        lot = Lot.objects.select_for_update().get(pk=concession.lot_id)
        row = Concession.objects.select_for_update().filter(pk=concession.pk, state=State.GRANTED).first()
        if row is None or row.until is None or row.until >= timezone.localdate(now):
            return False
        _moved(row, state=State.LAPSED)
        if lot.state == Lot.State.CONCESSION:
            write_decision(CLOCK, lot, "lapse", Lot.State.NOT_ACCEPTED, now, client_id=uuid5(row.pk, "lapsed"))
            move_lot(lot, Lot.State.NOT_ACCEPTED, now=now)
        note_lot(CLOCK, lot, "concession_lapsed", now)
    for side in ("owner", "supplier"):
        tell(**line_for(lot, side, "lot_decided"), now=now)
    return True


def _held(actor: Actor, concession: Concession) -> tuple[Lot, Concession, Clause]:
    """The lot first, then what hangs on it: everybody locks in this order."""
    try:
        lot = locked_lot(actor, concession.lot)
    except Lot.DoesNotExist:
        raise Absent from None
    with acting_as(Hat.CLOCK):
        row = Concession.objects.select_for_update().get(pk=concession.pk)
        return lot, row, Clause.objects.get(pk=row.clause_id)


def _moved(row: Concession, **columns: Any) -> None:
    with acting_as(Hat.CLOCK):
        Concession.objects.filter(pk=row.pk).update(**columns)
    for name, value in columns.items():
        setattr(row, name, value)


def _key(row: Concession) -> str:
    return f"concession_answer:concession:{row.pk}"[:80]


def _over(row: Concession, now: datetime) -> None:
    close_todo(kind="concession_to_answer", subject_id=row.pk, now=now)
