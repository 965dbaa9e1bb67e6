"""Days on which nobody is visited: around the Spring Festival, when mills stand still, and in a busy season of one's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from parties.working_days import WorkingCalendar

# New Year's Day of the lunar calendar. After the last one known, only the official holidays count.
NEW_YEAR = {
    year: date(year, month, day)
    for year, month, day in (
        (2024, 2, 10), (2025, 1, 29), (2026, 2, 17), (2027, 2, 6), (2028, 1, 26), (2029, 2, 13), (2030, 2, 3), (2031, 1, 23),
        (2032, 2, 11), (2033, 1, 31), (2034, 2, 19), (2035, 2, 8), (2036, 1, 28), (2037, 2, 15), (2038, 2, 4), (2039, 1, 24), (2040, 2, 12),
    )
}  # fmt: skip
_DAY = timedelta(days=1)
_LAST_OF_FEBRUARY = 28


@dataclass(frozen=True, slots=True)
class Season:
    """From the first to the last day, both included; in its own year only, or in every one."""

    first_on: date
    last_on: date
    every_year: bool = True


@dataclass(frozen=True, slots=True)
class Quiet:
    """When a programme visits nobody."""

    spring_before: int = 0
    spring_after: int = 0
    seasons: tuple[Season, ...] = ()


def _days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += _DAY


def _in_year(day: date, year: int) -> date:
    return day.replace(year=year, day=min(day.day, _LAST_OF_FEBRUARY)) if day.month == 2 else day.replace(year=year)


def _spans(quiet: Quiet, years: Iterable[int]) -> Iterator[tuple[date, date]]:
    for year in years:
        new_year = NEW_YEAR.get(year)
        if new_year and quiet.spring_before + quiet.spring_after:
            yield new_year - quiet.spring_before * _DAY, new_year + (quiet.spring_after - 1) * _DAY
        for season in quiet.seasons:
            if season.every_year:
                first = _in_year(season.first_on, year)
                yield first, first + (season.last_on - season.first_on)
    for season in quiet.seasons:
        if not season.every_year:
            yield season.first_on, season.last_on


def quiet_days(quiet: Quiet, *, first: date, last: date) -> frozenset[date]:
    """Every day between the two on which the programme visits nobody."""
    # A season that begins in December reaches into the next year.
    spans = _spans(quiet, range(first.year - 1, last.year + 2))
    return frozenset(day for begins, ends in spans for day in _days(max(begins, first), min(ends, last)))


def without(worked: WorkingCalendar, quiet: frozenset[date]) -> WorkingCalendar:
    """The calendar of days on which visits are made."""
    if not quiet:
        return worked
    return WorkingCalendar(holidays=worked.holidays | quiet, workdays=worked.workdays - quiet, known_until=worked.known_until)
