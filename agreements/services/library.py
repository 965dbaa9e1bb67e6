"""The platform keeps the limits of the library: one person proposes, another releases. Every verb may be repeated.

draft → released → superseded | withdrawn; draft → withdrawn. What was released is never changed, and a signed text that quotes it stays as signed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from agreements.limits import VALUES, LimitSaid, faults, said_as_marked
from agreements.models import SpecLimit
from agreements.selectors.library import shelf
from foundation.actor import Actor, Hat
from foundation.errors import Absent, RuleBroken
from parties.roles import MAY_WRITE

State = SpecLimit.State
LONGEST_WHY = 300


@transaction.atomic
def propose_limit(*, actor: Actor, said: LimitSaid, why: str, now: datetime) -> SpecLimit:
    """Propose a limit, or the next revision of one: it waits for a second person.

    Raises RuleBroken with the first rule of agreements.limits that it breaks, or ("limit_why_missing"), ("limit_changes_nothing") or
    ("limit_waits_already").
    """
    _must_keep(actor)
    for fault in faults(said, shelf(), on=timezone.localdate(now)):
        raise RuleBroken(fault.code, field=fault.field, **fault.facts)
    why = why.replace("\x00", "").strip()[:LONGEST_WHY]
    if not why:
        raise RuleBroken("limit_why_missing", field="why")
    known = list(SpecLimit.objects.select_for_update().filter(**_place(said)).order_by("-revision"))
    values = _values(said)
    waits = next((row for row in known if row.state == State.DRAFT), None)
    if waits is not None:
        if _same(waits, values) and waits.proposed_by_id == actor.person_id:
            return waits
        raise RuleBroken("limit_waits_already", person=waits.proposed_by)
    stands = next((row for row in known if row.state == State.RELEASED), None)
    if stands is not None and _same(stands, values):
        raise RuleBroken("limit_changes_nothing")
    try:
        with transaction.atomic():
            return SpecLimit.objects.create(
                **_place(said), **values, revision=len(known) + 1, supersedes=stands, reason=why, proposed_at=now,
                proposed_by_id=actor.person_id, proposed_by=actor.person_name,
            )  # fmt: skip
    except IntegrityError:  # a colleague proposed the same limit at the same moment
        raise RuleBroken("limit_draft_waits") from None


@transaction.atomic
def propose_limits(*, actor: Actor, rows: Sequence[LimitSaid], why: str, now: datetime) -> list[SpecLimit]:
    """Propose many, all or none; those that say what stands already are passed over."""
    made = []
    for said in rows:
        try:
            with transaction.atomic():
                made.append(propose_limit(actor=actor, said=said, why=why, now=now))
        except RuleBroken as broken:
            if broken.code != "limit_changes_nothing":
                raise
    return made


@transaction.atomic
def release_limit(*, actor: Actor, limit_id: UUID, now: datetime) -> SpecLimit:
    """Release a draft: from now on it is the library's word, and the former revision is superseded. Released again, nothing changes.

    Raises RuleBroken("limit_needs_a_second_person"), ("limit_is_over"), or ("limit_base_moved") where the limit that it was to take the
    place of is no longer the one that stands.
    """
    _must_keep(actor)
    row = _held(actor, limit_id)
    if row.state == State.RELEASED:
        return row
    if row.state != State.DRAFT:
        raise RuleBroken("limit_is_over")
    if row.proposed_by_id == actor.person_id:
        raise RuleBroken("limit_needs_a_second_person")
    stands = SpecLimit.objects.select_for_update().filter(**_same_place(row), state=State.RELEASED).first()
    if (stands.pk if stands else None) != row.supersedes_id:
        raise RuleBroken("limit_base_moved")
    if stands is not None:
        _end(stands, actor, State.SUPERSEDED, now=now)
    row.state, row.released_at, row.released_by_id, row.released_by = State.RELEASED, now, actor.person_id, actor.person_name
    row.save(update_fields=["state", "released_at", "released_by_id", "released_by"])
    return row


@transaction.atomic
def withdraw_limit(*, actor: Actor, limit_id: UUID, why: str, now: datetime) -> SpecLimit:
    """Take a draft back, or a released limit out of the library, with a reason. Repeating changes nothing.

    Raises RuleBroken("limit_why_missing") or ("limit_is_over"); and ("limit_needs_a_second_person") where who proposed a released
    limit would take it out alone.
    """
    _must_keep(actor)
    row = _held(actor, limit_id)
    if row.state == State.WITHDRAWN:
        return row
    if row.state == State.SUPERSEDED:
        raise RuleBroken("limit_is_over")
    why = why.replace("\x00", "").strip()[:LONGEST_WHY]
    if not why:
        raise RuleBroken("limit_why_missing", field="why")
    if row.state == State.RELEASED and row.proposed_by_id == actor.person_id:
        raise RuleBroken("limit_needs_a_second_person")
    _end(row, actor, State.WITHDRAWN, why=why, now=now)
    return row


def _must_keep(actor: Actor) -> None:
    actor.must_wear(Hat.PLATFORM)
    actor.must_hold(*MAY_WRITE)


def _held(actor: Actor, limit_id: UUID) -> SpecLimit:
    row: SpecLimit | None = SpecLimit.objects.visible_to(actor).select_for_update().filter(pk=limit_id).first()
    if row is None:
        raise Absent
    return row


def _end(row: SpecLimit, actor: Actor, state: State, *, now: datetime, why: str = "") -> None:
    row.state, row.ended_at, row.ended_by, row.ended_why = state, now, actor.person_name, why
    row.save(update_fields=["state", "ended_at", "ended_by", "ended_why"])


def _place(said: LimitSaid) -> dict[str, Any]:
    return {
        "characteristic_id": said.characteristic, "edition_id": said.edition, "product_id": said.product or None,
        "safety_class": said.safety_class, "grade": said.grade,
    }  # fmt: skip


def _same_place(row: SpecLimit) -> dict[str, Any]:
    names = ("characteristic_id", "edition_id", "product_id", "safety_class", "grade")
    return {name: getattr(row, name) for name in names}


def _values(said: LimitSaid) -> dict[str, Any]:
    numbers = {name: getattr(said, name) for name in VALUES}
    return {**numbers, **said_as_marked(said), "read_in": said.read_in.strip(), "verified": said.verified}


def _same(row: SpecLimit, values: dict[str, Any]) -> bool:
    return all(getattr(row, name) == value for name, value in values.items())
