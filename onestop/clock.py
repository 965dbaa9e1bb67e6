"""The service clock runs while offices are open: eight hours of each working day, Shanghai's time."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from foundation.templatetags.qc import SHANGHAI
from parties.working_days import WorkingCalendar

OPENS, SHUTS = time(9), time(17)
# A request to everybody who offers a kind has no one provider's promise: two working days.
OPEN_HOURS = 16
_DAY = timedelta(days=1)


def after_working_hours(calendar: WorkingCalendar, moment: datetime, hours: int) -> datetime:
    """The moment at which so many working hours are over, counted from `moment`.

    A moment outside of office hours counts from the next opening. Source: a rule of this house, written on the page of a request.
    """
    if hours < 0:
        raise ValueError(f"hours must be 0 or more, not {hours}")
    at, left = _open_from(calendar, moment), timedelta(hours=hours)
    while left > (rest := _shuts(at) - at):
        left -= rest
        at = _open_from(calendar, _shuts(at))
    return at + left


def working_minutes(calendar: WorkingCalendar, since: datetime, until: datetime) -> int:
    """Whole working minutes between two moments; none where the second is not later."""
    at, found = _open_from(calendar, since), timedelta()
    end = until.astimezone(SHANGHAI)
    while at < end:
        found += min(_shuts(at), end) - at
        at = _open_from(calendar, _shuts(at))
    return int(found.total_seconds() // 60)


def _shuts(at: datetime) -> datetime:
    return datetime.combine(at.date(), SHUTS, tzinfo=SHANGHAI)


def _open_from(calendar: WorkingCalendar, moment: datetime) -> datetime:
    """This moment if the office is open, else the next opening."""
    here = moment.astimezone(SHANGHAI)
    if not calendar.is_working(here.date()) or here.time() >= SHUTS:
        return datetime.combine(calendar.next_working(here.date() + _DAY), OPENS, tzinfo=SHANGHAI)
    return max(here, datetime.combine(here.date(), OPENS, tzinfo=SHANGHAI))
