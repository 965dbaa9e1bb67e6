"""The service clock stands still when offices are shut."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from onestop.clock import after_working_hours, working_minutes
from parties.working_days import WorkingCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
# Friday 9 January 2026; the Monday after is a holiday.
WEEK = WorkingCalendar(holidays=frozenset({date(2026, 1, 12)}), workdays=frozenset(), known_until=date(2030, 1, 1))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 1, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("since", "hours", "until"),
    [
        (at(9, 10), 4, at(9, 14)),
        (at(9, 10), 7, at(9, 17)),
        (at(9, 15), 4, at(13, 11)),  # over the weekend and the holiday
        (at(9, 6), 8, at(9, 17)),
        (at(9, 20), 1, at(13, 10)),
        (at(10, 12), 16, at(14, 17)),
        (at(9, 10), 0, at(9, 10)),
    ],
)
def test_working_hours_end_where_office_hours_say(since, hours, until):
    assert after_working_hours(WEEK, since, hours) == until


def test_minutes_between_are_those_of_office_hours():
    assert working_minutes(WEEK, at(9, 16, 30), at(13, 9, 15)) == 45
    assert working_minutes(WEEK, at(9, 10), at(9, 9)) == 0
    assert working_minutes(WEEK, at(10, 10), at(12, 18)) == 0


def test_minutes_until_the_end_of_some_hours_are_those_hours():
    assert working_minutes(WEEK, at(9, 15), after_working_hours(WEEK, at(9, 15), 21)) == 21 * 60


def test_hours_below_zero_are_refused():
    with pytest.raises(ValueError, match="hours"):
        after_working_hours(WEEK, at(9, 10), -1)
