"""A side's notice as a row: given once, settled once. The clock marks it; nobody else may."""

from __future__ import annotations

from datetime import date, datetime

from agreements.models import Agreement, StatusNotice, StatusWords
from agreements.services.sides import side_of
from foundation.actor import Actor, Hat, acting_as


def give_notice(
    actor: Actor, agreement: Agreement, kind: str, *, reason: str, effective_on: date | None, now: datetime
) -> StatusNotice:
    """Put a side's notice and its words beside the agreement."""
    sides = {"owner_org_id": agreement.owner_org_id, "supplier_org_id": agreement.supplier_org_id}
    notice = StatusNotice.objects.create(
        agreement=agreement, **sides, kind=kind, side=side_of(actor, agreement), org_id=actor.org_id, given_at=now, effective_on=effective_on
    )
    speak(actor, notice, reason=reason, now=now)
    return notice


def speak(actor: Actor, notice: StatusNotice, *, reason: str, now: datetime) -> None:
    """What a person of either side says to a notice."""
    StatusWords.objects.create(
        notice=notice, owner_org_id=notice.owner_org_id, supplier_org_id=notice.supplier_org_id, side=side_of(actor, notice),
        org_id=actor.org_id, person_id=actor.person_id, person_name=actor.person_name, reason=reason, at=now,
    )  # fmt: skip


def settle(agreement: Agreement, *kinds: str, now: datetime, done: bool = True) -> int:
    """Mark the notices of those kinds that stand as carried out, or as overtaken."""
    with acting_as(Hat.CLOCK):
        rows = StatusNotice.objects.filter(agreement=agreement, kind__in=kinds, done_at=None, dropped_at=None)
        return rows.update(**{"done_at" if done else "dropped_at": now})
