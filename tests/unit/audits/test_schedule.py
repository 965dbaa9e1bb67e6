"""When a recurring audit is due: whole intervals, holidays, month ends, outages."""

from datetime import date, timedelta

import pytest

from audits.schedule import Rhythm, dates_of, dates_when_made, nominal_day, periods_due
from parties.reference import unusual_days
from parties.working_days import WorkingCalendar

WORKED = WorkingCalendar(
    holidays=frozenset(day for day, kind in unusual_days() if kind == "holiday"),
    workdays=frozenset(day for day, kind in unusual_days() if kind == "workday"),
    known_until=date(2026, 12, 31),
)
QUARTERLY = Rhythm(took_effect_on=date(2026, 1, 5), every_months=3, every_days=0, notice_days=14)


def rhythm(start, **changes):
    return Rhythm(**{"took_effect_on": start, "every_months": 0, "every_days": 0, "notice_days": 0, **changes})


def test_the_first_period_is_due_its_notice_after_the_clause_took_effect():
    dates = dates_of(QUARTERLY, 0, WORKED)

    assert (dates.nominal_on, dates.visit_on, dates.notice_on) == (date(2026, 1, 19), date(2026, 1, 19), date(2026, 1, 5))


def test_period_one_is_one_interval_later():
    assert nominal_day(QUARTERLY, 1) == date(2026, 4, 19)


def test_months_are_counted_from_the_start_day_so_that_the_31st_comes_back():
    monthly = rhythm(date(2026, 1, 31), every_months=1)

    assert [nominal_day(monthly, k) for k in range(4)] == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]


def test_a_leap_day_comes_back_in_a_leap_year_only():
    yearly = rhythm(date(2024, 2, 29), every_months=12)

    assert [nominal_day(yearly, k) for k in (1, 4)] == [date(2025, 2, 28), date(2028, 2, 29)]


def test_days_are_counted_in_whole_intervals():
    assert nominal_day(rhythm(date(2026, 3, 2), every_days=10, notice_days=3), 4) == date(2026, 4, 14)


@pytest.mark.parametrize(
    ("nominal", "visit"),
    [
        (date(2026, 2, 16), date(2026, 2, 24)),  # Spring Festival 2026: 15 to 23 February
        (date(2026, 2, 14), date(2026, 2, 14)),  # a Saturday worked in exchange
        (date(2026, 10, 1), date(2026, 10, 8)),  # National Day 2026: 1 to 7 October
        (date(2026, 3, 7), date(2026, 3, 9)),  # an ordinary Saturday
    ],
)
def test_a_visit_on_a_day_off_moves_to_the_next_working_day(nominal, visit):
    assert dates_of(rhythm(nominal, every_months=1), 0, WORKED).visit_on == visit


def test_the_notice_counts_back_from_the_moved_day():
    spring = rhythm(date(2026, 2, 2), every_months=12, notice_days=14)  # nominal 16 February, in the Spring Festival

    dates = dates_of(spring, 0, WORKED)

    assert (dates.nominal_on, dates.visit_on, dates.notice_on) == (date(2026, 2, 16), date(2026, 2, 24), date(2026, 2, 10))


def test_a_period_is_due_from_its_notice_day_on():
    assert periods_due(QUARTERLY, WORKED, today=date(2026, 4, 5), made_upto=0) == []
    # nominal 19 April 2026 is a Sunday: visit on the 20th, so the notice day is the 6th
    assert periods_due(QUARTERLY, WORKED, today=date(2026, 4, 6), made_upto=0) == [1]


def test_nothing_is_due_before_the_clause_takes_effect():
    assert periods_due(QUARTERLY, WORKED, today=date(2026, 1, 4)) == []


def test_after_an_outage_every_missed_period_is_due_once():
    assert periods_due(QUARTERLY, WORKED, today=date(2026, 10, 30), made_upto=0) == [1, 2, 3]


def test_a_period_whose_nominal_day_is_past_the_end_is_not_asked_for():
    ending = Rhythm(date(2026, 1, 5), 3, 0, 14, ends_on=date(2026, 4, 19))

    assert periods_due(ending, WORKED, today=date(2027, 1, 1)) == [0]


def test_a_holiday_shift_never_doubles_a_period_nor_loses_one():
    daily = rhythm(date(2026, 2, 9), every_days=1, notice_days=2)
    made: list[int] = []
    for offset in range(30):  # over the Spring Festival, asked every day
        made += periods_due(daily, WORKED, today=date(2026, 2, 9) + timedelta(days=offset), made_upto=made[-1] if made else -1)

    last = date(2026, 3, 10)
    wanted = [k for k in range(60) if dates_of(daily, k, WORKED).notice_on <= last]
    assert made == wanted


def test_a_clock_that_jumps_back_asks_for_nothing_again():
    assert periods_due(QUARTERLY, WORKED, today=date(2026, 1, 10), made_upto=1) == []


def test_an_audit_made_in_time_keeps_its_planned_days():
    assert dates_when_made(QUARTERLY, 1, WORKED, today=date(2026, 4, 6)) == dates_of(QUARTERLY, 1, WORKED)


def test_an_audit_made_late_still_gets_its_whole_notice():
    dates = dates_when_made(QUARTERLY, 1, WORKED, today=date(2026, 4, 30))

    # 14 days after 30 April is 14 May 2026, a Thursday
    assert (dates.nominal_on, dates.visit_on, dates.notice_on) == (date(2026, 4, 19), date(2026, 5, 14), date(2026, 4, 30))
