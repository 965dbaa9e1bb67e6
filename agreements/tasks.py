"""The clock's work: find what is due, hand each row to its verb."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from agreements.services import (
    activate_agreement,
    carry_out,
    due_activations,
    due_endings,
    due_expiries,
    due_notices,
    expire_agreement,
    remind,
    tell_ending,
    tell_overdue,
)
from agreements.services.ahead import arise_ahead
from agreements.services.batches import TASK as WORK_BATCH
from agreements.services.batches import give_up, work_batch
from agreements.services.compliance_kept import count_kept, count_kept_tonight
from agreements.services.duty_lines import COUNT_KEPT
from agreements.services.reminding import TELL_OVERDUE, ask_to_tell, due_overdue, due_reminders
from agreements.services.samples import due_ends, due_sample_reminders, expire_sample, remind_of_sample
from agreements.services.sheets import SHEET, make_signature_sheet
from foundation.actor import Hat, acting_as
from foundation.wake import each
from jobs.services import note_failure, run_effect
from suppliers.services.lists_work import asker

# The most rows of one kind that one tick takes: a backlog is worked off minute by minute, not in one long transaction.
BATCH = 500


def tick(now: datetime) -> int:
    """Everything that a day brings to agreements. Safe twice, and in two workers at once."""
    with acting_as(Hat.CLOCK):
        done = each(due_activations(now)[:BATCH], lambda row: activate_agreement(agreement=row, now=now))
        done += each(due_notices(now)[:BATCH], lambda row: carry_out(notice=row, now=now))
        done += each(due_expiries(now)[:BATCH], lambda row: expire_agreement(agreement=row, now=now))
        done += each(due_endings(now)[:BATCH], lambda row: tell_ending(agreement=row, now=now))
        done += _all_at_once(lambda: arise_ahead(now=now))
        done += _all_at_once(lambda: count_kept_tonight(now))
        done += each(due_reminders(now)[:BATCH], lambda row: remind(obligation=row, now=now))
        done += each(due_overdue(now)[:BATCH], lambda row: ask_to_tell(obligation=row))
        done += each(due_ends(now)[:BATCH], lambda row: expire_sample(sample=row, now=now))
        done += each(due_sample_reminders(now)[:BATCH], lambda row: remind_of_sample(sample=row, now=now))
    return done


def _all_at_once(work: Callable[[], int]) -> int:
    """A set-based step in a savepoint of its own: what fails there leaves the other steps alone, and is tried at the next tick."""
    done: list[int] = []
    each([work], lambda step: done.append(step()))
    return sum(done)


@shared_task(name="agreements.tick")
def tick_now() -> int:
    """The tick, asked for by name."""
    return tick(timezone.now())


@shared_task(name=TELL_OVERDUE)
def tell_overdue_once(key: str, obligation_id: str, side: str) -> bool:
    """Tell one side of one overdue duty, once."""
    return run_effect(TELL_OVERDUE, key, lambda now: tell_overdue(obligation_id=UUID(obligation_id), side=side, now=now))


@shared_task(name=COUNT_KEPT)
def count_kept_once(key: str, agreement_id: str, days: Sequence[str]) -> bool:
    """Count again how one agreement was kept, after a fact, once."""
    fell = [date.fromisoformat(day) for day in days]
    return run_effect(COUNT_KEPT, key, lambda now: count_kept(now=now, agreement_ids=[UUID(agreement_id)], days=fell))


@shared_task(name=SHEET)
def make_signature_sheet_once(key: str, version_id: str) -> bool:
    """Print the signature sheet of a version, once the record has numbered both signatures."""
    try:
        return run_effect(SHEET, key, lambda now: make_signature_sheet(version_id=UUID(version_id), now=now))
    except Exception as error:
        note_failure(SHEET, key, f"{type(error).__name__}: {error}")
        raise


@shared_task(name=WORK_BATCH)
def draft_or_send_many(*, key: str, batch_id: str, org_id: str, person_id: str) -> None:
    """Draft or send many, one supplier a commit; a killed worker's batch goes on after its last one."""
    now, batch = timezone.now(), UUID(batch_id)
    try:
        if actor := asker(UUID(org_id), UUID(person_id)):
            work_batch(actor=actor, batch_id=batch, now=now)
        else:
            give_up(org_id=UUID(org_id), batch_id=batch, now=now)
        run_effect(WORK_BATCH, key, lambda _: None)
    except Exception as error:
        note_failure(WORK_BATCH, key, type(error).__name__)
        raise
