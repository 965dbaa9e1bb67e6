"""Working days: the file against the library it came from, and the fall-back after its last year."""

from datetime import date, timedelta

import chinese_calendar
import pytest

from parties.reference import unusual_days
from parties.working_days import WorkingCalendar

DAYS = unusual_days()
CALENDAR = WorkingCalendar(
    holidays=frozenset(day for day, kind in DAYS if kind == "holiday"),
    workdays=frozenset(day for day, kind in DAYS if kind == "workday"),
    known_until=date(2026, 12, 31),
)


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_the_file_agrees_with_the_library_on_every_day(year):
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366 if year == 2024 else 365)]

    assert [day for day in days if CALENDAR.is_working(day) != chinese_calendar.is_workday(day)] == []


def test_the_file_holds_departures_only_and_ends_where_the_library_ends():
    assert all((day.weekday() < 5) == (kind == "holiday") for day, kind in DAYS)
    with pytest.raises(NotImplementedError):
        chinese_calendar.is_workday(date(2027, 1, 4))


def test_a_holiday_moves_to_the_next_worked_day():
    assert CALENDAR.next_working(date(2025, 10, 1)) == date(2025, 10, 9)
    assert CALENDAR.next_working(date(2025, 9, 28)) == date(2025, 9, 28)  # a Sunday worked in exchange


def test_working_days_are_counted_forward_and_back():
    assert CALENDAR.add_working_days(date(2025, 9, 30), 1) == date(2025, 10, 9)
    assert CALENDAR.add_working_days(date(2025, 10, 9), -1) == date(2025, 9, 30)
    assert CALENDAR.add_working_days(date(2025, 10, 3), 0) == date(2025, 10, 3)
    assert CALENDAR.add_working_days(date(2025, 11, 3), 5) == date(2025, 11, 10)


def test_beyond_the_known_years_weekends_decide_and_it_is_said():
    assert CALENDAR.is_working(date(2027, 10, 1))
    assert not CALENDAR.is_working(date(2027, 10, 2))
    assert CALENDAR.is_estimated(date(2027, 1, 1))
    assert not CALENDAR.is_estimated(date(2026, 12, 31))
