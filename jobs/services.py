"""Ask for an effect inside a verb's transaction; do it exactly once, whoever tries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from celery import current_app
from django.db import connection, transaction
from django.utils import timezone

from foundation.actor import Actor, Hat, acting_as
from foundation.errors import Absent
from jobs.models import OutboxEvent, Pulse

LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 8
MAX_PAUSE = timedelta(minutes=30)


def put_outbox(task: str, *, key: str, not_before: datetime | None = None, patient: bool = False, **payload: Any) -> None:
    """Ask for `task` once under `key`; part of the caller's transaction, so it happens if and only if that commits.

    What is asked for by the thousand is patient: it is taken when nothing else is due.
    """
    put_outbox_each(task, {key: payload}, not_before=not_before, patient=patient)


def put_outbox_each(
    task: str, asked: Mapping[str, dict[str, Any]], *, not_before: datetime | None = None, patient: bool = False
) -> None:
    """Ask for `task` once under each key, each with its payload: one statement, however many."""
    now = timezone.now()
    OutboxEvent.objects.bulk_create(
        [
            OutboxEvent(task=task, key=key, payload=payload, created_at=now, next_try_at=not_before or now, patient=patient)
            for key, payload in asked.items()
        ],
        ignore_conflicts=True,
    )


def once(task: str, key: str, *, now: datetime) -> bool:
    """Claim the effect (task, key) in the effect's own transaction: True for exactly one caller that commits."""
    return key in once_each(task, [key], now=now)


def once_each(task: str, keys: Iterable[str], *, now: datetime) -> set[str]:
    """Claim many effects of one task at once: the keys that are this caller's to do. Two statements, however many."""
    with acting_as(Hat.CLOCK):
        # A second worker waits here until the first commits or fails: the unique index decides who won. In one order, so that two
        # who claim the same keys never wait for each other.
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into jobs_claim (task, key, at) select %s, key, %s from unnest(%s::text[]) key order by key "
                "on conflict do nothing returning key",
                [task, now, sorted(set(keys))],
            )
            won = {key for (key,) in cursor.fetchall()}
        if won:
            OutboxEvent.objects.filter(task=task, key__in=won, done_at=None).update(done_at=now, last_error="")
    return won


def run_effect(task: str, key: str, effect: Callable[[datetime], Any]) -> bool:
    """Claim and do in one transaction as the clock; a failed effect leaves no claim and is tried again by the relay."""
    now = timezone.now()
    with transaction.atomic(), acting_as(Hat.CLOCK):
        if not once(task, key, now=now):
            return False
        effect(now)
    return True


def lease_events(*, now: datetime, limit: int = 50, lease: timedelta = LEASE) -> list[OutboxEvent]:
    """Take what is due: counted as tried and put off by a lease, so that a dead worker's events come again."""
    with transaction.atomic(), acting_as(Hat.CLOCK):
        due = list(
            OutboxEvent.objects.select_for_update(skip_locked=True)
            .filter(done_at=None, dead_at=None, next_try_at__lte=now)
            .order_by("patient", "next_try_at", "id")[:limit]
        )
        for event in due:
            event.attempts += 1
            event.next_try_at = now + max(lease, min(pause_after(event.attempts), lease * 2 ** (event.attempts - 1)))
            if event.attempts > MAX_ATTEMPTS:
                event.dead_at = now
        OutboxEvent.objects.bulk_update(due, ["attempts", "next_try_at", "dead_at"])
        return [event for event in due if event.dead_at is None]


def pause_after(attempts: int) -> timedelta:
    """Back-off, doubled each time and capped."""
    return min(timedelta(seconds=5) * 2 ** max(attempts - 1, 0), MAX_PAUSE)


def relay_once(*, now: datetime, limit: int = 50, lease: timedelta = LEASE) -> int:
    """One turn of the relay: lease, then hand to the queue. The queue may lose it; the lease brings it back."""
    events = lease_events(now=now, limit=limit, lease=lease)
    for event in events:
        current_app.send_task(event.task, kwargs={"key": event.key, **event.payload}, task_id=f"{event.id}-{event.attempts}")
    beat("relay", now=now)
    return len(events)


def note_failure(task: str, key: str, words: str) -> None:
    """Keep why an effect failed, for the page of dead letters. Runs after the effect's own transaction was lost."""
    with transaction.atomic(), acting_as(Hat.CLOCK):
        OutboxEvent.objects.filter(task=task, key=key, done_at=None).update(last_error=words[:500])


def beat(name: str, *, now: datetime) -> None:
    """Leave a sign of life for /readyz."""
    with transaction.atomic(), acting_as(Hat.CLOCK):
        Pulse.objects.bulk_create([Pulse(name=name, at=now)], update_conflicts=True, unique_fields=["name"], update_fields=["at"])


@transaction.atomic
def retry_dead(*, actor: Actor, event_id: UUID, now: datetime) -> OutboxEvent:
    """Give a dead letter its tries back."""
    actor.must_wear(Hat.PLATFORM)
    event = OutboxEvent.objects.filter(pk=event_id).first()
    if event is None:
        raise Absent
    if event.dead_at is not None:
        OutboxEvent.objects.filter(pk=event_id).update(dead_at=None, attempts=0, next_try_at=now)
        event.refresh_from_db()
    return event
