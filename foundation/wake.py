"""Two ways of letting time do the work: a nudge after commit, and a sweep that outlives one bad row."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any

from celery import current_app
from django.db import transaction

log = logging.getLogger(__name__)


def wake(task: str) -> None:
    """Nudge a task by name once this transaction has committed. Losing the nudge only costs time: the tick finds the row.

    A def, not a partial: Django's robust callbacks read __qualname__.
    """

    def nudge() -> None:
        current_app.send_task(task, retry=False, expires=300)

    transaction.on_commit(nudge, robust=True)


def each(rows: Iterable[Any], act: Callable[[Any], Any]) -> int:
    """Do `act` for every row in a savepoint of its own; log what fails and go on. Returns how many went well."""
    done = 0
    for row in rows:
        try:
            with transaction.atomic():
                act(row)
            done += 1
        except Exception:  # one of the two doors where everything is caught
            log.exception("a row failed in a sweep: %r", row)
    return done
