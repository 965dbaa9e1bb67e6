"""What was behind a signal: one tap, by either side that sees it, and taken back as easily."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from foundation.actor import Actor, Hat, acting_as
from foundation.errors import RuleBroken
from inspections.models import ChangePoint, Signal
from inspections.services.changes import mark_change
from inspections.services.signals_kept import settle_todos
from inspections.signals import LIKENESS
from parties.roles import MAY_FILE

LONGEST = 200
State, Cause = Signal.State, Signal.Cause
# A cause is a change point's cause too, where something has changed for good.
CHANGE_OF = {
    Cause.PEOPLE: "person", Cause.MACHINE: "machine", Cause.MATERIAL: "material", Cause.METHOD: "method",
    Cause.ENVIRONMENT: "environment", Cause.MEASUREMENT: "measuring",
}  # fmt: skip


@transaction.atomic
def note_cause(*, actor: Actor, signal: Signal, cause: str, words: str = "", now: datetime) -> Signal:
    """Record what was behind a signal; "nothing" puts it aside. The same said again is what stands.

    Raises RuleBroken("signal_cause_unknown"), ("signal_words_long"), ("signal_withdrawn"), ("signal_has_a_cause").
    """
    _may(actor, signal)
    words = " ".join(words.split())
    if cause not in Cause.values:
        raise RuleBroken("signal_cause_unknown", field="cause")
    if len(words) > LONGEST or not (words.isprintable()):
        raise RuleBroken("signal_words_long", field="words", most=LONGEST)
    said = {
        "state": State.DISMISSED if cause == Cause.NOTHING else State.CAUSE_NOTED, "cause": cause, "words": words,
        "noted_org_id": actor.org_id, "noted_by": actor.person_name[:60], "noted_at": now,
    }  # fmt: skip
    row = _changed(actor, signal, Q(state=State.OPEN, withdrawn_at=None), said, now)
    if (row.cause, row.words, row.noted_org_id) == (cause, words, actor.org_id):
        _answered(row, now)
        return row
    raise RuleBroken("signal_withdrawn" if row.withdrawn_at else "signal_has_a_cause")


def _answered(row: Signal, now: datetime) -> None:
    """A question about likeness that the firm has answered is its customer's to read."""
    if row.kind in LIKENESS and row.owner_org_id is not None and row.owner_sees_at is None:
        with acting_as(Hat.CLOCK):
            Signal.objects.filter(pk=row.pk, owner_sees_at=None).update(owner_sees_at=now)
            settle_todos({(row.supplier_org_id, row.owner_org_id)}, now)


@transaction.atomic
def undo_cause(*, actor: Actor, signal: Signal, now: datetime) -> Signal:
    """Open a signal again. Twice is once. Raises RuleBroken("signal_cause_is_anothers") where the other side noted the cause."""
    _may(actor, signal)
    empty = {"state": State.OPEN, "cause": "", "words": "", "noted_org_id": None, "noted_by": "", "noted_at": None}
    row = _changed(actor, signal, Q(noted_org_id=actor.org_id), empty, now)
    if row.state != State.OPEN:
        raise RuleBroken("signal_cause_is_anothers")
    return row


@transaction.atomic
def change_from_here(*, actor: Actor, signal: Signal, now: datetime) -> ChangePoint:
    """What was noted as the cause has come to stay: limits are made anew from this lot on. Raises what marking a change says,
    and RuleBroken("signal_without_a_lot") or ("signal_without_a_cause")."""
    _may(actor, signal)
    if signal.lot_id is None or not signal.characteristic_code:
        raise RuleBroken("signal_without_a_lot")
    if signal.cause not in CHANGE_OF:
        raise RuleBroken("signal_without_a_cause")
    return mark_change(
        actor=actor, lot_id=UUID(str(signal.lot_id)), characteristic=signal.characteristic_code, cause=CHANGE_OF[Cause(signal.cause)],
        note=signal.words[:120], now=now,
    )  # fmt: skip


def _may(actor: Actor, signal: Signal) -> None:
    actor.must_act_for(signal.owner_org_id if actor.hat is Hat.OWNER else signal.supplier_org_id, Hat.OWNER, Hat.SUPPLIER)
    actor.must_hold(*MAY_FILE)


def _changed(actor: Actor, signal: Signal, where: Q, said: dict[str, Any], now: datetime) -> Signal:
    """The row as it stands, changed if it was as `where` asks: of two that come at once the first wins."""
    mine = Signal.objects.visible_to(actor).filter(pk=signal.pk)
    changed = mine.filter(where).update(**said)
    row: Signal = mine.get()
    if changed:
        with acting_as(Hat.CLOCK):
            settle_todos({(row.supplier_org_id, row.owner_org_id)}, now)
    return row
