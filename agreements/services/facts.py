"""The door for facts: the floor that owns one pushes it here. Nobody is asked who calls, and the same fact told twice is one fact."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from agreements.models import Clause, ClauseReading, Obligation
from agreements.services.obligations import arise, meet
from agreements.standing import bounds_of, by_reading
from foundation.actor import Hat, acting_as
from foundation.errors import RuleBroken
from parties.selectors import working_calendar

meet_obligation = meet
LONGEST_VALUE = 40
# A sample may be sealed anew this long before the former one runs out, and keeps the renewal that is due then.
RENEWED_AHEAD = timedelta(days=90)
# What an event makes a side owe within so many working days: clause type or duty -> side, kind, and the parameter with the days.
BY_EVENT: dict[str, tuple[str, str, str]] = {
    "reply": ("owner", "reply", "days"),
    "payment_term": ("owner", "payment", "days"),
    "visit_notice": ("owner", "visit_notice", "days"),
    "concession_rule": ("owner", "concession_answer", "answer_days"),
    "change_notice": ("owner", "change_answer", "days"),
    "dispute": ("supplier", "dispute_sample", "days"),
}


@transaction.atomic
def report_reading(
    *, clause_id: UUID, value: str, n: int, window: Mapping[str, Any], refs: Sequence[Mapping[str, Any]], as_of: date, now: datetime
) -> ClauseReading:  # fmt: skip
    """Keep what was found for a clause: the latest day stands. The same reading reported again is the row that stands already.

    `window`: "from" and "to", and "measures" of variation where there are any. `refs`: the rows behind it, "kind", "id", "label",
    "value". Raises RuleBroken("reading_unreadable") for a value that is no short text, or a count below zero.
    """
    if not isinstance(value, str) or len(value) > LONGEST_VALUE or n < 0:
        raise RuleBroken("reading_unreadable")
    with acting_as(Hat.CLOCK):
        clause = Clause.objects.select_related("version").get(pk=clause_id)
        bounds = bounds_of(clause.type, clause.params)
        said = {"value": value, "n": n, "window": dict(window), "refs": [dict(ref) for ref in refs], "limits": asdict(bounds)}
        digest = sha256(json.dumps(said, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()
        row = ClauseReading(
            agreement_id=clause.version.agreement_id, clause=clause, owner_org_id=clause.owner_org_id,
            supplier_org_id=clause.supplier_org_id, as_of=as_of, digest=digest, at=now, **said,
        )  # fmt: skip
        row.state = by_reading(bounds, clause.params, row, as_of).state
        ClauseReading.objects.bulk_create([row], ignore_conflicts=True)
        return ClauseReading.objects.get(clause=clause, as_of=as_of, digest=digest)


@transaction.atomic
def owe_since(*, clause_id: UUID, event: str, on: date, now: datetime, subject_id: UUID | None = None) -> Obligation | None:
    """Something happened on that day and a side owes an answer to it within the working days of the clause.

    `event` names it: the same event asks once. None for a clause that no event makes a duty of.
    """
    with acting_as(Hat.CLOCK):
        clause = Clause.objects.select_related("version__agreement").get(pk=clause_id)
    asked = BY_EVENT.get(clause.params.get("duty", "") if clause.type == "owner_duty" else clause.type)
    if asked is None or not clause.params.get(asked[2]):
        return None
    side, kind, days = asked
    due_on = working_calendar().add_working_days(on, int(clause.params[days]))
    return arise(
        agreement=clause.version.agreement, clause_id=clause.pk, side=side, kind=kind, key=f"{kind}:{event}"[:80], due_on=due_on,
        grace_days=int(clause.params.get("grace_days") or 0), subject_id=subject_id, now=now,
    )  # fmt: skip


@transaction.atomic
def meet_first(*, clause_id: UUID, kind: str, now: datetime, side: str = "", subject_id: UUID | None = None) -> int:
    """The first open duty of a kind under a clause was kept, of one side or of each: how many. For facts that name no period."""
    with acting_as(Hat.CLOCK):
        rows = Obligation.objects.filter(clause_id=clause_id, kind=kind, met_on=None, waived_at=None, void_at=None).order_by("due_on", "id")
        first: dict[str, Obligation] = {}
        for row in rows:
            if not side or row.side == side:
                first.setdefault(row.side, row)
    for row in first.values():
        meet(clause_id=clause_id, side=row.side, key=row.key, now=now, subject_id=subject_id)
    return len(first)


@transaction.atomic
def sample_renewed(*, link_id: UUID, sample_id: UUID, now: datetime) -> int:
    """A sample of this relation was sealed: the renewals that are due about then are kept, one of each clause and side; how many."""
    until = timezone.localdate(now) + RENEWED_AHEAD
    with acting_as(Hat.CLOCK):
        rows = Obligation.objects.filter(
            kind="sealed_sample", agreement__link_id=link_id, due_on__lte=until, met_on=None, waived_at=None, void_at=None
        )  # fmt: skip
        first: dict[tuple[UUID, str], Obligation] = {}
        for row in rows.order_by("due_on", "id"):
            first.setdefault((row.clause_id, row.side), row)
    for row in first.values():
        meet(clause_id=row.clause_id, side=row.side, key=row.key, now=now, subject_id=sample_id)
    return len(first)
