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
from agreements.services.obligations import titles
from agreements.services.sides import HATS, MAY_WRITE, org_of, side_of
from foundation.actor import CLOCK, Actor, Hat, acting_as
from foundation.errors import RuleBroken
from jobs.models import Claim
from jobs.services import once
from notices.services import tell
from records.services.entries import append_entry

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
    told = 0
    nudges = preview_nudges(actor=actor, obligation_ids=obligation_ids, now=now)
    for nudge in nudges:
        if once(NUDGE, nudge.key(now), now=now):
            _tell(actor, nudge, now)
            told += 1
    return told, len(nudges) - told


def _tell(actor: Actor, nudge: Nudge, now: datetime) -> None:
    first = nudge.duties[0]
    by = {"other_zh": actor.org_name_zh, "other_en": actor.org_name_en}
    facts: dict[str, Any] = {**by, "number": nudge.agreement.number, "n": len(nudge.duties)}
    tell(org_id=org_of(first, nudge.side), hat=HATS[nudge.side], kind="duty_reminded", subject_id=first.pk, facts=facts, now=now)
    said = [{**titles(row), "due_on": row.due_on.isoformat()} for row in nudge.duties]
    payload = {"side": nudge.side, "duties": said, **said[0], "by_zh": actor.org_name_zh, "by_en": actor.org_name_en}
    speaker = CLOCK if actor.hat == Hat.BUREAU else actor
    with acting_as(Hat.CLOCK) if speaker is CLOCK else nullcontext():
        append_entry(actor=speaker, stream=nudge.agreement, kind="duty_reminded", subject_id=first.pk, payload=payload, now=now)


def _told(keys: set[str]) -> set[str]:
    with acting_as(Hat.CLOCK):
        return set(Claim.objects.filter(task=NUDGE, key__in=keys).values_list("key", flat=True))
