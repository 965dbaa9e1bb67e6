"""Reminding many at once: whoever may speak for a chain owner, a supplier or the bureau picks duties; each bound side is told once a day."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from agreements.models import Agreement, Obligation
from agreements.selectors.obligations import in_state
from agreements.services.obligations import titles_of
from agreements.services.sides import HATS, MAY_WRITE, org_of, side_of
from foundation.actor import CLOCK, Actor, Hat, acting_as
from foundation.errors import RuleBroken
from jobs.models import Claim
from jobs.services import once_each
from notices.services import Line, tell_each
from records.services.entries import Fact, append_many, entry_rows

NUDGE = "agreements.nudge"
MOST = 200


@dataclass
class Nudge:
    """What one side of one agreement will be told: the picked duties that are still to do, the first of them first."""

    agreement: Agreement
    side: str
    duties: list[Obligation] = field(default_factory=list)
    told_today: bool = False

    def key(self, now: datetime) -> str:
        return f"{self.agreement.pk}:{self.side}:{timezone.localdate(now)}"


def preview_nudges(*, actor: Actor, obligation_ids: Iterable[UUID], now: datetime) -> list[Nudge]:
    """Who would be told of what. One's own duties, what is settled and what stands still are left out; nothing is written.

    Raises RuleBroken("nothing_to_remind_of") or ("too_many_to_remind_of").
    """
    actor.must_wear(Hat.OWNER, Hat.SUPPLIER, Hat.BUREAU)
    ids = list(dict.fromkeys(obligation_ids))
    if len(ids) > MOST:
        raise RuleBroken("too_many_to_remind_of", most=MOST)
    near = Obligation.objects.visible_to(actor).filter(in_state("near", today=timezone.localdate(now)), pk__in=ids)
    found: dict[tuple[UUID, str], Nudge] = {}
    for row in near.select_related("agreement").order_by("due_on", "id"):
        if actor.hat == Hat.BUREAU or side_of(actor, row) != row.side:
            found.setdefault((row.agreement_id, row.side), Nudge(row.agreement, row.side)).duties.append(row)
    if not found:
        raise RuleBroken("nothing_to_remind_of")
    told = _told({nudge.key(now) for nudge in found.values()})
    for nudge in found.values():
        nudge.told_today = nudge.key(now) in told
    return list(found.values())


@transaction.atomic
def send_nudges(*, actor: Actor, obligation_ids: Iterable[UUID], now: datetime) -> tuple[int, int]:
    """Tell each bound side of its picked duties, once a day whoever asks: (how many were told, how many had been told today).

    The common record keeps who reminded whom of what; in the bureau's name the entry is made by the calendar.
    """
    if actor.hat != Hat.BUREAU:
        actor.must_hold(*MAY_WRITE)
    nudges = preview_nudges(actor=actor, obligation_ids=obligation_ids, now=now)
    won = once_each(NUDGE, [nudge.key(now) for nudge in nudges], now=now)
    told = [nudge for nudge in nudges if nudge.key(now) in won]
    tell_each([_line(actor, nudge) for nudge in told], now=now)
    speaker = CLOCK if actor.hat == Hat.BUREAU else actor
    asked = titles_of([duty for nudge in told for duty in nudge.duties])
    entries = [entry_rows(actor=speaker, stream=nudge.agreement, fact=_fact(actor, nudge, asked), now=now) for nudge in told]
    with acting_as(Hat.CLOCK) if speaker is CLOCK else nullcontext():
        append_many(entries)
    return len(told), len(nudges) - len(told)


def _line(actor: Actor, nudge: Nudge) -> Line:
    first, by = nudge.duties[0], {"other_zh": actor.org_name_zh, "other_en": actor.org_name_en}
    facts: dict[str, Any] = {**by, "number": nudge.agreement.number, "n": len(nudge.duties)}
    return Line(org_of(first, nudge.side), HATS[nudge.side], "duty_reminded", first.pk, facts)


def _fact(actor: Actor, nudge: Nudge, asked: dict[UUID, dict[str, str]]) -> Fact:
    said = [{**asked[row.pk], "due_on": row.due_on.isoformat()} for row in nudge.duties]
    payload = {"side": nudge.side, "duties": said, **said[0], "by_zh": actor.org_name_zh, "by_en": actor.org_name_en}
    return Fact("duty_reminded", nudge.duties[0].pk, payload)


def _told(keys: set[str]) -> set[str]:
    with acting_as(Hat.CLOCK):
        return set(Claim.objects.filter(task=NUDGE, key__in=keys).values_list("key", flat=True))
