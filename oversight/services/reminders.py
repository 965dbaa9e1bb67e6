"""Bulk reminders of the bureau: who would be told of what and who is left out with which reason; sent once; answered or not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from agreements.models import Agreement
from agreements.services.nudges import Nudge, preview_nudges, send_nudges
from foundation.actor import Actor, Hat
from foundation.errors import RuleBroken
from oversight.models import ReminderRound
from oversight.selectors.trend import agreements_by_id, overdue_of
from parties.roles import MAY_WRITE


@dataclass
class Preview:
    """What a round would do: the sides to be told, those told today already, and agreements with nothing to remind of."""

    nudges: list[Nudge] = field(default_factory=list)
    told_today: list[Nudge] = field(default_factory=list)
    nothing: list[Agreement] = field(default_factory=list)
    standing_still: list[Agreement] = field(default_factory=list)

    @property
    def obligation_ids(self) -> list[UUID]:
        return [duty.pk for nudge in self.nudges for duty in nudge.duties]


def preview_round(*, actor: Actor, agreement_ids: Iterable[UUID], side: str, now: datetime) -> Preview:
    """Look, and write nothing. Raises RuleBroken("nothing_fits_to_remind")."""
    actor.must_wear(Hat.BUREAU)
    ids = list(dict.fromkeys(agreement_ids))
    agreements = agreements_by_id(actor, ids)
    if not agreements:
        raise RuleBroken("nothing_fits_to_remind")
    duties = overdue_of(actor, ids, side=side, today=timezone.localdate(now))
    found = preview_nudges(actor=actor, obligation_ids=duties, now=now) if duties else []
    reached = {nudge.agreement.pk for nudge in found}
    left = [row for row in agreements if row.pk not in reached]
    still = [row for row in left if row.state == Agreement.State.SUSPENDED]
    return Preview(
        [nudge for nudge in found if not nudge.told_today], [nudge for nudge in found if nudge.told_today],
        [row for row in left if row not in still], still,
    )  # fmt: skip


@transaction.atomic
def send_round(*, actor: Actor, obligation_ids: Sequence[UUID], skipped: int, client_id: str, now: datetime) -> ReminderRound:
    """Remind; the same `client_id` reminds once, and a side is told once a day whoever asks.

    Raises RuleBroken("nothing_to_remind_of"), ("too_many_to_remind_of").
    """
    actor.must_act_for(actor.org_id, Hat.BUREAU)
    actor.must_hold(*MAY_WRITE)
    before: ReminderRound | None = ReminderRound.objects.visible_to(actor).filter(client_id=client_id).first()
    if before is not None:
        return before
    told, told_before = send_nudges(actor=actor, obligation_ids=obligation_ids, now=now)
    sent = ReminderRound(
        office_org_id=actor.org_id, sent_by=actor.person_name, sent_at=now, told=told, skipped=skipped + told_before,
        obligation_ids=list(dict.fromkeys(obligation_ids)), client_id=client_id,
    )  # fmt: skip
    ReminderRound.objects.bulk_create([sent], ignore_conflicts=True)
    kept: ReminderRound = ReminderRound.objects.visible_to(actor).get(client_id=client_id)  # sent twice at once: the quicker stands
    return kept
