"""What the clock does for research: once a day the readings of every firm that takes part, and what may be published of them."""

from __future__ import annotations

from datetime import datetime, time

from django.db import transaction
from django.utils import timezone

from foundation.actor import Hat, acting_as
from jobs.services import once
from oversight.services.consents import follow_all
from oversight.services.figures import publish_all

FOLLOW = "oversight.follow_firms"
AT = time(3, 0)


@transaction.atomic
def tick(now: datetime) -> int:
    """How many readings were written anew. Safe twice, and in two workers at once."""
    here = timezone.localtime(now)
    if here.time() < AT:
        return 0
    with acting_as(Hat.CLOCK):
        if not once(FOLLOW, here.date().isoformat(), now=now):
            return 0
    written = follow_all(now)
    publish_all(now)
    return written
