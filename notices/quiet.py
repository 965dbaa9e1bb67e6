"""When a message may ring: not at night, not on days off. What is written then waits for the next working morning."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone

from parties.selectors import working_calendar

MORNING, NIGHT = time(7, 30), time(21, 0)


def send_after(now: datetime) -> datetime:
    """`now` on a working day between 7:30 and 21:00 in Shanghai, else the next working morning at 7:30."""
    here = timezone.localtime(now)
    worked = working_calendar()
    if worked.is_working(here.date()) and MORNING <= here.time() < NIGHT:
        return now
    first = here.date() if here.time() < MORNING else here.date() + timedelta(days=1)
    return datetime.combine(worked.next_working(first), MORNING, tzinfo=here.tzinfo)
