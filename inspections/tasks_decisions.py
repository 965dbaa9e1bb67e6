"""The clock's work on decisions: concessions whose last day is over, changes that nobody answered."""

from __future__ import annotations

from datetime import datetime

from foundation.actor import Hat, acting_as
from foundation.wake import each
from inspections.services.change_notices import due_replies, lapse_reply
from inspections.services.concessions import due_lapses, lapse_concession

BATCH = 500


def tick(now: datetime) -> int:
    """Everything that a day brings to decisions. Safe twice, and in two workers at once."""
    with acting_as(Hat.CLOCK):
        done = each(due_lapses(now)[:BATCH], lambda row: lapse_concession(concession=row, now=now))
        done += each(due_replies(now)[:BATCH], lambda row: lapse_reply(reply=row, now=now))
    return done
