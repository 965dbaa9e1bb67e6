"""Who owes what, by when: duties arise, are met, are waived by the other side. Written by the clock, whoever brings the fact."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NotRequired, TypedDict, Unpack
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from agreements.models import Agreement, Clause, Obligation
from agreements.selectors.obligations import OPEN
from agreements.services.sides import HATS, MAY_WRITE, OTHER, org_of
from agreements.words import obligation_words
from foundation.actor import CLOCK, Actor, Hat, acting_as
from foundation.errors import RuleBroken
from notices.services import close_todo
from records.services.entries import append_entry

# The task line that a duty with a day of its own puts on its side's list; audits put their own.
TODO_OF = {"document": "document_due", "owner_duty": "owner_duty_due"}


class Owed(TypedDict):
    """What makes a duty: whose, of what kind, which one, by when, and what it is about."""

    side: str
    kind: str
    key: str
    due_on: date
    subject_id: NotRequired[UUID | None]


@transaction.atomic
def arise(*, agreement: Agreement, clause_id: UUID, now: datetime, **owed: Unpack[Owed]) -> Obligation:
    """A side owes something by a day. The same (clause, side, key) arises once, and its day does not move."""
    sides = {"owner_org_id": agreement.owner_org_id, "supplier_org_id": agreement.supplier_org_id}
    row = Obligation(agreement_id=agreement.pk, **sides, clause_id=clause_id, created_at=now, **owed)
    with acting_as(Hat.CLOCK):
        Obligation.objects.bulk_create([row], ignore_conflicts=True)
        return Obligation.objects.get(clause_id=clause_id, side=row.side, key=row.key)


@transaction.atomic
def meet(*, clause_id: UUID, side: str, key: str, now: datetime, subject_id: UUID | None = None) -> Obligation | None:
    """A duty was kept; the day counts in Shanghai. Met twice is met once; None where there is no such duty."""
    met_on = timezone.localdate(now)
    with acting_as(Hat.CLOCK):
        mine = Obligation.objects.filter(clause_id=clause_id, side=side, key=key)
        facts: dict[str, Any] = {"met_at": now, "met_on": met_on}
        if subject_id is not None:
            facts["subject_id"] = subject_id
        won = mine.filter(OPEN).update(**facts)
        row = mine.select_related("agreement").first()
        if row is not None and won:
            _note(CLOCK, row, "obligation_met", {"met_on": met_on.isoformat(), "late": met_on > row.due_on}, now)
    return row


@transaction.atomic
def waive(*, actor: Actor, obligation: Obligation, now: datetime) -> Obligation:
    """The other side lets a duty go. Nobody waives its own; what is met or void stays so."""
    other = OTHER[obligation.side]
    actor.must_act_for(org_of(obligation, other), HATS[other])
    actor.must_hold(*MAY_WRITE)
    with acting_as(Hat.CLOCK):
        mine = Obligation.objects.filter(pk=obligation.pk)
        won = mine.filter(OPEN).update(waived_at=now)
        row = mine.select_related("agreement").get()
    if won:
        _note(actor, row, "obligation_waived", {}, now)
    elif row.waived_at is None:
        raise RuleBroken("obligation_is_settled")
    return row


def titles(row: Obligation) -> dict[str, str]:
    """What the duty asks, in both languages, as the record keeps it."""
    with acting_as(Hat.CLOCK):
        params = Clause.objects.filter(pk=row.clause_id).values_list("params", flat=True).first()
    said = {}
    for name, language in (("title_zh", "zh-hans"), ("title_en", "en")):
        with override(language):
            said[name] = obligation_words(row.kind, params)
    return said


def _note(actor: Actor, row: Obligation, kind: str, facts: dict[str, Any], now: datetime) -> None:
    payload = {"kind": row.kind, "side": row.side, "key": row.key, "due_on": row.due_on.isoformat(), **titles(row), **facts}
    append_entry(actor=actor, stream=row.agreement, kind=kind, subject_id=row.pk, payload=payload, now=now)
    if row.kind in TODO_OF:
        close_todo(kind=TODO_OF[row.kind], subject_id=row.pk, now=now)
