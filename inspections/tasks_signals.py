"""The clock's work on signals: what was filed, everything once a night, and what customers may see by now."""

from __future__ import annotations

from datetime import date, datetime

from celery import shared_task
from django.utils import timezone

from foundation.actor import Hat, acting_as
from foundation.wake import each
from inspections.services.photos_alike import find_photos_alike
from inspections.services.signals_kept import show_owners
from inspections.services.watching import NIGHT_HANDS, WATCH, WATCH_ALL, ask_for_the_night, watch_all, watch_due
from jobs.services import note_failure, run_effect


def tick(now: datetime) -> int:
    """What nobody asked for in time is looked at; each step in a savepoint of its own."""
    with acting_as(Hat.CLOCK):
        steps = (
            lambda: watch_due(now=now, most=1),
            lambda: find_photos_alike(now=now),
            lambda: show_owners(now=now),
            lambda: ask_for_the_night(now=now),
        )
        return each(steps, lambda step: step())


@shared_task(name=WATCH)
def watch_once(key: str) -> bool:
    """Look at what was touched. Each portion commits by itself: a killed worker's is taken again."""
    watch_due(now=timezone.now())
    return run_effect(WATCH, key, lambda _now: None)


@shared_task(name=WATCH_ALL)
def watch_all_once(key: str, day: str) -> bool:
    """The look of the night, once a day; a killed worker's goes on behind its last block."""
    try:
        watch_all(now=timezone.now(), day=date.fromisoformat(day), hands=NIGHT_HANDS)
        return run_effect(WATCH_ALL, key, lambda _now: None)
    except Exception as error:
        note_failure(WATCH_ALL, key, f"{type(error).__name__}: {error}")
        raise
