"""The clock's work: find what is due, hand each row to its verb."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from agreements.services import (
    activate_agreement,
    due_activations,
    due_expiries,
    due_extensions,
    expire_agreement,
    extend_duties,
    remind,
    tell_overdue,
)
from agreements.services.reminding import TELL_OVERDUE, ask_to_tell, due_overdue, due_reminders
from agreements.services.samples import due_ends, due_sample_reminders, expire_sample, remind_of_sample
from foundation.actor import Hat, acting_as
from foundation.wake import each
from jobs.services import run_effect

# The most rows of one kind that one tick takes: a backlog is worked off minute by minute, not in one long transaction.
BATCH = 500


def tick(now: datetime) -> int:
    """Everything that a day brings to agreements. Safe twice, and in two workers at once."""
    with acting_as(Hat.CLOCK):
        done = each(due_activations(now)[:BATCH], lambda row: activate_agreement(agreement=row, now=now))
        done += each(due_expiries(now)[:BATCH], lambda row: expire_agreement(agreement=row, now=now))
        done += each(due_extensions(now)[:BATCH], lambda row: extend_duties(agreement=row, now=now))
        done += each(due_reminders(now)[:BATCH], lambda row: remind(obligation=row, now=now))
        done += each(due_overdue(now)[:BATCH], lambda row: ask_to_tell(obligation=row))
        done += each(due_ends(now)[:BATCH], lambda row: expire_sample(sample=row, now=now))
        done += each(due_sample_reminders(now)[:BATCH], lambda row: remind_of_sample(sample=row, now=now))
    return done


@shared_task(name="agreements.tick")
def tick_now() -> int:
    """The tick, asked for by name."""
    return tick(timezone.now())


@shared_task(name=TELL_OVERDUE)
def tell_overdue_once(key: str, obligation_id: str, side: str) -> bool:
    """Tell one side of one overdue duty, once."""
    return run_effect(TELL_OVERDUE, key, lambda now: tell_overdue(obligation_id=UUID(obligation_id), side=side, now=now))
