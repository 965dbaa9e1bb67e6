"""Days on which nobody is visited, and the first day of a rhythm."""

from datetime import date, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from audits.coverage import Interval, first_day
from audits.seasons import NEW_YEAR, Quiet, Season, quiet_days, without
from parties.working_days import WorkingCalendar

WEEK = WorkingCalendar(holidays=frozenset({date(2027, 2, 6)}), workdays=frozenset({date(2027, 2, 20)}), known_until=date(2027, 12, 31))
NEAR = UUID("0198f000-0000-7000-8000-000000000000")  # its own place is at the very beginning
FAR = UUID("0198f000-0000-7000-8000-0000ffffffff")


def test_the_days_around_the_spring_festival_are_quiet():
    days = quiet_days(Quiet(spring_before=2, spring_after=3), first=date(2027, 1, 1), last=date(2027, 12, 31))

    assert sorted(days) == [date(2027, 2, 4) + timedelta(days=n) for n in range(5)]  # New Year's Day is 6 February


def test_a_season_of_every_year_may_reach_over_its_end_and_a_leap_day_is_no_stumbling_block():
    winter = Season(date(2026, 12, 30), date(2027, 1, 2))
    leap = Season(date(2024, 2, 29), date(2024, 2, 29))

    days = quiet_days(Quiet(seasons=(winter, leap)), first=date(2028, 1, 1), last=date(2028, 12, 31))

    assert sorted(days) == [date(2028, 1, 1), date(2028, 1, 2), date(2028, 2, 28), date(2028, 12, 30), date(2028, 12, 31)]


def test_a_season_of_one_year_is_quiet_in_no_other():
    quiet = Quiet(seasons=(Season(date(2026, 5, 4), date(2026, 5, 5), every_year=False),))

    assert quiet_days(quiet, first=date(2027, 1, 1), last=date(2027, 12, 31)) == frozenset()
    assert len(quiet_days(quiet, first=date(2026, 1, 1), last=date(2026, 12, 31))) == 2


def test_on_a_quiet_day_no_visit_is_made_even_where_it_is_worked_in_exchange():
    calendar = without(WEEK, frozenset({date(2027, 2, 20)}))

    assert WEEK.is_working(date(2027, 2, 20))
    assert not calendar.is_working(date(2027, 2, 20))


def test_new_year_lies_between_its_earliest_and_its_latest_day():
    assert all((1, 21) <= (day.month, day.day) <= (2, 20) for day in NEW_YEAR.values())


def test_the_next_visit_is_an_interval_after_the_last_one():
    assert first_day(Interval(12, date(2026, 3, 2), date(2025, 9, 10)), NEAR) == date(2026, 9, 10)


def test_firms_that_nobody_has_visited_are_spread_over_the_interval_but_never_beyond_a_year():
    start = date(2026, 3, 2)

    assert first_day(Interval(24, start, None), NEAR) == start
    assert first_day(Interval(24, start, None), FAR) == start + timedelta(days=364)
    assert first_day(Interval(3, start, None), FAR) == start + timedelta(days=91)


@settings(max_examples=30)
@given(st.uuids(), st.integers(1, 60), st.none() | st.dates(date(2020, 1, 1), date(2026, 3, 1)))
def test_no_visit_is_asked_for_before_the_programme_begins(supplier, months, last):
    start = date(2026, 3, 2)

    assert first_day(Interval(months, start, last), supplier) >= start
