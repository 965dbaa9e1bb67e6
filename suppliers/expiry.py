"""Days on which a paper or a calibration runs out: its state on a day, and when its firm is reminded. Pure."""

from __future__ import annotations

from datetime import date, timedelta

REMIND_BEFORE = (60, 30, 7)
LAPSED = 0
SOON_DAYS = max(REMIND_BEFORE)
FIRST_DAY, LAST_DAY = date(1980, 1, 1), date(2099, 12, 31)
_DAY = timedelta(days=1)


def state_on(last_day: date | None, *, on: date) -> str:
    """ "in_date", "due_soon" or "overdue"; "no_day" where nobody said until when. The last day itself still counts."""
    if last_day is None:
        return "no_day"
    left = (last_day - on).days
    return "overdue" if left < 0 else "due_soon" if left <= SOON_DAYS else "in_date"


def next_reminder(last_day: date | None, *, after: date) -> date | None:
    """The next day on which to remind: 60, 30 and 7 days before the last day, then the first day without it; None when all are past."""
    if last_day is None:
        return None
    days = (*(last_day - n * _DAY for n in REMIND_BEFORE), last_day + _DAY)
    return min((day for day in days if day > after), default=None)


def stage_of(last_day: date, *, on: date) -> int:
    """Which reminder is due on that day: the nearest of 60, 30 and 7, or LAPSED."""
    left = (last_day - on).days
    return LAPSED if left < 0 else min((n for n in REMIND_BEFORE if left <= n), default=SOON_DAYS)
