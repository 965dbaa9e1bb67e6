"""The clock's work on scores: once a night, after the facts were counted."""

from __future__ import annotations

from datetime import datetime

from celery import shared_task
from django.utils import timezone

from foundation.actor import Hat, acting_as
from jobs.services import note_failure, put_outbox
from onestop.services.scoring import NIGHT_FROM, SCORE_ALL, score_tonight


def tick(now: datetime) -> bool:
    """Ask once a day, after two o'clock, for the scores of all firms."""
    local = timezone.localtime(now)
    if local.hour < NIGHT_FROM:
        return False
    with acting_as(Hat.CLOCK):
        put_outbox(SCORE_ALL, key=f"{local.date()}", patient=True)
    return True


@shared_task(name=SCORE_ALL)
def score_all(key: str) -> int:
    """The scores of the night; the claim in the same transaction makes it once, whoever tries."""
    try:
        return score_tonight(timezone.now(), key=key)
    except Exception as error:
        note_failure(SCORE_ALL, key, f"{type(error).__name__}: {error}")
        raise
