"""What waits to happen, what gave up, and whether the loops turn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from foundation.actor import Actor, Hat, acting_as
from jobs.models import OutboxEvent, Pulse

# A loop that has not turned for this long is said to stand still.
STILL = timedelta(minutes=3)


@dataclass(frozen=True)
class Health:
    """The outbox in three numbers."""

    waiting: int
    oldest: datetime | None
    dead: int


def health(actor: Actor) -> Health:
    """How much waits, since when, and how much gave up. One query; nothing that was done is counted."""
    actor.must_wear(Hat.PLATFORM)
    rows = OutboxEvent.objects.filter(done_at=None)
    counted = rows.aggregate(
        waiting=Count("id", filter=Q(dead_at=None)),
        oldest=Min("created_at", filter=Q(dead_at=None)),
        dead=Count("id", filter=Q(dead_at__isnull=False)),
    )
    return Health(**counted)


def dead_letters(actor: Actor, *, size: int) -> list[OutboxEvent]:
    """What gave up, the newest first."""
    actor.must_wear(Hat.PLATFORM)
    return list(OutboxEvent.objects.filter(done_at=None, dead_at__isnull=False).order_by("-dead_at", "-id")[:size])


def waiting(actor: Actor, *, size: int) -> list[OutboxEvent]:
    """What is still to happen, the next first."""
    actor.must_wear(Hat.PLATFORM)
    return list(OutboxEvent.objects.filter(done_at=None, dead_at=None).order_by("next_try_at", "id")[:size])


def pulses(actor: Actor) -> list[Pulse]:
    """When each loop last turned. The pulse is the clock's own table and names no firm."""
    actor.must_wear(Hat.PLATFORM)
    with acting_as(Hat.CLOCK):
        return list(Pulse.objects.order_by("name"))
