"""When a recurring audit is due. A period is a whole number of intervals since the clause took effect, so that no move
and no holiday ever makes a second one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from agreements.schedule import add_months
from parties.working_days import WorkingCalendar


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What a signed clause says of its audits; exactly one of `every_months` and `every_days` is above zero."""

    took_effect_on: date
    every_months: int
    every_days: int
    notice_days: int
    ends_on: date | None = None  # first day no longer covered


@dataclass(frozen=True, slots=True)
class Dates:
    """The days of one period: as counted, as visited, as announced."""

    nominal_on: date
    visit_on: date
    notice_on: date


def nominal_day(rhythm: Rhythm, period: int) -> date:
    """The day on which the audit of a period would fall if every day were worked.

    Months are counted from the start day, not from the period before: the 31st comes back after a short month.
    """
    start = rhythm.took_effect_on
    if rhythm.every_months:
        begins = add_months(start, rhythm.every_months * period)
    else:
        begins = start + timedelta(days=rhythm.every_days * period)
    return begins + timedelta(days=rhythm.notice_days)


def dates_of(rhythm: Rhythm, period: int, worked: WorkingCalendar) -> Dates:
    """A visit that falls on a day off moves to the next working day, and the notice counts back from there."""
    nominal = nominal_day(rhythm, period)
    visit = worked.next_working(nominal)
    return Dates(nominal_on=nominal, visit_on=visit, notice_on=visit - timedelta(days=rhythm.notice_days))


def dates_when_made(rhythm: Rhythm, period: int, worked: WorkingCalendar, *, today: date) -> Dates:
    """The days of an audit that is made today: announced late (the platform was down), it still gets its whole notice.

    Nobody becomes late while the platform was down: only the visit moves, the period and its nominal day stay.
    """
    planned = dates_of(rhythm, period, worked)
    if today <= planned.notice_on:
        return planned
    visit = worked.next_working(max(planned.visit_on, today + timedelta(days=rhythm.notice_days)))
    return Dates(nominal_on=planned.nominal_on, visit_on=visit, notice_on=visit - timedelta(days=rhythm.notice_days))


def periods_due(rhythm: Rhythm, worked: WorkingCalendar, *, today: date, made_upto: int = -1) -> list[int]:
    """Every period after `made_upto` whose notice day has come and whose nominal day lies before the agreement's end."""
    return list(_due(rhythm, worked, today, made_upto))


def _due(rhythm: Rhythm, worked: WorkingCalendar, today: date, made_upto: int) -> Iterator[int]:
    # Notice days never fall back from one period to the next, so the first that is not due ends the search.
    for period in count(made_upto + 1):
        dates = dates_of(rhythm, period, worked)
        if dates.notice_on > today or (rhythm.ends_on is not None and dates.nominal_on >= rhythm.ends_on):
            return
        yield period
