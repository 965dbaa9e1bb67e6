"""Who owes what, by when: duties arise, are met, are waived by the other side. Written by the clock, whoever brings the fact."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any, NotRequired, TypedDict, Unpack, cast
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import override

from agreements.models import Agreement, Clause, DutyPause, Obligation, Waiver
from agreements.schedule import Pause, after_pause
from agreements.selectors.obligations import OPEN
from agreements.services.duty_lines import TODO_OF as TODO_OF
from agreements.services.duty_lines import asked_no_more, count_later
from agreements.services.reminding import AHEAD, remind
from agreements.services.sides import HATS, MAY_WRITE, OTHER, org_of
from agreements.words import obligation_words
from foundation.actor import CLOCK, Actor, Hat, acting_as
from foundation.errors import RuleBroken
from parties.selectors import working_calendar
from records.services.entries import append_entry

LONGEST_REASON = 500


class Owed(TypedDict):
    """What makes a duty: whose, of what kind, which one, by when, and what it is about."""

    side: str
    kind: str
    key: str
    due_on: date
    grace_days: NotRequired[int]
    subject_id: NotRequired[UUID | None]


@transaction.atomic
def arise(*, agreement: Agreement, clause_id: UUID, now: datetime, **owed: Unpack[Owed]) -> Obligation:
    """A side owes something by a day. The same (clause, side, key) arises once, and its day moves only when a pause ends."""
    sides = {"owner_org_id": agreement.owner_org_id, "supplier_org_id": agreement.supplier_org_id}
    row = Obligation(agreement_id=agreement.pk, **sides, clause_id=clause_id, created_at=now, **owed)
    with acting_as(Hat.CLOCK):
        if DutyPause.objects.filter(agreement_id=agreement.pk, resumed_on=None).exists():
            row.paused_on = timezone.localdate(now)
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
def waive(*, actor: Actor, obligation: Obligation, why: str, now: datetime) -> Obligation:
    """The other side lets a duty go and says why. Nobody waives its own; what is met or void stays so.

    The reason stands in the common record and beside the duty, for the two sides alone. Waived again, the first word stands.
    """
    other = OTHER[obligation.side]
    actor.must_act_for(org_of(obligation, other), HATS[other])
    actor.must_hold(*MAY_WRITE)
    why = " ".join(why.split())
    if not why or len(why) > LONGEST_REASON:
        raise RuleBroken("waiver_needs_a_reason", field="why", most=LONGEST_REASON)
    with acting_as(Hat.CLOCK):
        mine = Obligation.objects.filter(pk=obligation.pk)
        won = mine.filter(OPEN).update(waived_at=now)
        row = mine.select_related("agreement").get()
    if won:
        Waiver.objects.create(
            obligation=row, owner_org_id=row.owner_org_id, supplier_org_id=row.supplier_org_id, by_org_id=actor.org_id,
            by_name=actor.person_name, why=why, at=now,
        )  # fmt: skip
        _note(actor, row, "obligation_waived", {"why": why}, now)
    elif row.waived_at is None:
        raise RuleBroken("obligation_is_settled")
    return row


@transaction.atomic
def pause_duties(*, agreement: Agreement, on: date, now: datetime) -> int:
    """The clock of every open duty stands still from that day: how many. What was overdue before stays overdue."""
    sides = {"owner_org_id": agreement.owner_org_id, "supplier_org_id": agreement.supplier_org_id}
    with acting_as(Hat.CLOCK):
        DutyPause.objects.bulk_create([DutyPause(agreement_id=agreement.pk, **sides, paused_on=on)], ignore_conflicts=True)
        running = Obligation.objects.filter(OPEN, agreement_id=agreement.pk, paused_on=None, grace_until__gte=on)
        rows = list(running)
        Obligation.objects.filter(pk__in=[row.pk for row in rows]).update(paused_on=on)
    asked_no_more(rows, now)
    return len(rows)


@transaction.atomic
def resume_duties(*, agreement: Agreement, on: date, now: datetime) -> int:
    """The clock goes on: each paused duty has as many working days left as it had. How many go on.

    What would now be due on or after the last day of its version is void: an obligation ends with its version.
    """
    days = working_calendar()
    with acting_as(Hat.CLOCK):
        DutyPause.objects.filter(agreement_id=agreement.pk, resumed_on=None).update(resumed_on=on)
        rows = list(Obligation.objects.select_for_update().filter(OPEN, agreement_id=agreement.pk).exclude(paused_on=None))
        ends = dict(Clause.objects.filter(pk__in={row.clause_id for row in rows}).values_list("pk", "version__effective_to"))
        looked = {row.due_on for row in rows}
        for row in rows:
            pause = Pause(cast(date, row.paused_on), max(on, cast(date, row.paused_on)))
            row.due_on, row.paused_on = after_pause(row.due_on, pause, days=days, grace_days=row.grace_days), None
            last = ends.get(row.clause_id)
            row.void_at = now if last is not None and row.due_on >= last else None
        Obligation.objects.bulk_update(rows, ["due_on", "paused_on", "void_at"])
    count_later(agreement.pk, looked | {row.due_on for row in rows}, f"resumed:{on.isoformat()}")
    going_on = [row for row in rows if row.void_at is None]
    for row in going_on:
        if row.kind in TODO_OF and row.due_on <= timezone.localdate(now) + AHEAD:
            row.agreement = agreement
            remind(obligation=row, now=now)
    return len(going_on)


@transaction.atomic
def void_from(*, clause_ids: Iterable[UUID], on: date, now: datetime, kinds: Collection[str] = (), keys: Collection[str] = ()) -> int:
    """What these clauses would ask on or after a day is asked no more: how many. What was due before it stays owed.

    A duty whose clock stands still would come due later than any day. With `kinds` or `keys`, only duties of those.
    """
    with acting_as(Hat.CLOCK):
        late = Q(due_on__gte=on) | Q(paused_on__isnull=False)
        rows = list(Obligation.objects.select_for_update().filter(OPEN, late, clause_id__in=list(clause_ids)))
        rows = [row for row in rows if (not kinds or row.kind in kinds) and (not keys or row.key in keys)]
        Obligation.objects.filter(pk__in=[row.pk for row in rows]).update(void_at=now, paused_on=None)
    asked_no_more(rows, now)
    for agreement_id in {row.agreement_id for row in rows}:
        days = {row.due_on for row in rows if row.agreement_id == agreement_id}
        count_later(agreement_id, days, f"void:{on.isoformat()}:{now.isoformat()}")
    return len(rows)


def titles(row: Obligation) -> dict[str, str]:
    """What the duty asks, in both languages, as the record keeps it."""
    return titles_of([row])[row.pk]


def titles_of(rows: Collection[Obligation]) -> dict[UUID, dict[str, str]]:
    """What each duty asks; one query, however many."""
    with acting_as(Hat.CLOCK):
        params = dict(Clause.objects.filter(pk__in={row.clause_id for row in rows}).values_list("pk", "params"))
    said: dict[UUID, dict[str, str]] = {row.pk: {} for row in rows}
    for name, language in (("title_zh", "zh-hans"), ("title_en", "en")):
        with override(language):
            for row in rows:
                said[row.pk][name] = obligation_words(row.kind, params.get(row.clause_id))
    return said


def _note(actor: Actor, row: Obligation, kind: str, facts: dict[str, Any], now: datetime) -> None:
    payload = {"kind": row.kind, "side": row.side, "key": row.key, "due_on": row.due_on.isoformat(), **titles(row), **facts}
    append_entry(actor=actor, stream=row.agreement, kind=kind, subject_id=row.pk, payload=payload, now=now)
    asked_no_more([row], now)
    count_later(row.agreement_id, [row.due_on], f"{kind}:{row.pk}")
