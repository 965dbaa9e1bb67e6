"""The day of a test, as people and spreadsheets write it; and the moment of a measurement, as machines do."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from inspections.reading.texts import fold
from suppliers.imports.shapes import Cell

_YEAR_FIRST = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})[日号]?|(\d{2})(\d{2}))"
)
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})")
_SHORT_YEAR = re.compile(r"\d{1,2}([-/.])\d{1,2}\1\d{1,2}")
_TIME_OF_DAY = re.compile(r"[ tT]+\d{1,2}[:时]\d{1,2}分?(:?\d{1,2}秒?(\.\d+)?)?$")
_DAY_NUMBER = re.compile(r"\d{5}(?:\.\d+)?")
_DAY_ZERO = date(1899, 12, 30)
_DAY_NUMBERS = (20_000, 80_000)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?([Zz]|[+-]\d{2}(?::?\d{2})?)?)?"
)  # fmt: skip
_EARLY_CLOCK = timedelta(minutes=5)  # a device's clock may be a little ahead of ours
EARLIEST = date(1950, 1, 1)  # a day before it is a slip: of no lot whose results anybody keeps here


class Day(NamedTuple):
    """`code` says why there is no day."""

    day: date | None = None
    code: str | None = None
    normalised: bool = False


class Moment(NamedTuple):
    """In UTC; `assumed` where the zone was not said."""

    at: datetime | None = None
    code: str | None = None
    assumed: bool = False


def read_day(cell: Cell, *, today: date) -> Day:
    text = fold(cell)
    if not text:
        return Day()
    day, code = _day(_TIME_OF_DAY.sub("", text).strip())
    if day is None:
        return Day(None, code)
    if day < EARLIEST:
        return Day(None, "date_invalid")
    if day > today:
        return Day(None, "date_future")
    return Day(day, None, not (isinstance(cell, str) and _ISO.fullmatch(cell)))


def day_number(text: str) -> date | None:
    """The day that a spreadsheet counts as this number."""
    if not _DAY_NUMBER.fullmatch(text):
        return None
    number = int(float(text))
    return _DAY_ZERO + timedelta(days=number) if _DAY_NUMBERS[0] <= number <= _DAY_NUMBERS[1] else None


def _day(text: str) -> tuple[date | None, str | None]:
    if day := day_number(text):
        return day, None
    if match := _YEAR_FIRST.fullmatch("".join(text.split())):
        year, month, day_of = (int(part) for part in match.groups() if part)
        return _made(year, month, day_of)
    if match := _YEAR_LAST.fullmatch(text):
        return _year_last(int(match.group(1)), int(match.group(3)), match.group(4))
    return None, "date_ambiguous" if _SHORT_YEAR.fullmatch(text) else "date_invalid"


def _year_last(first: int, second: int, year: str) -> tuple[date | None, str | None]:
    """Day first or month first: taken only where one of them makes a date, or both the same."""
    if len(year) == 2:
        return None, "date_ambiguous"
    found = {made for pair in ((first, second), (second, first)) if (made := _made(int(year), *pair)[0])}
    if len(found) == 1:
        return found.pop(), None
    return None, "date_ambiguous" if found else "date_invalid"


def _made(year: int, month: int, day: int) -> tuple[date | None, str | None]:
    try:
        return date(year, month, day), None
    except ValueError:
        return None, "date_invalid"


def read_moment(text: str, *, zone: ZoneInfo, now: datetime) -> Moment:
    match = _MOMENT.fullmatch(text.strip())
    if match is None:
        return Moment(None, "date_invalid")
    day, clock, seconds, fraction, offset = match.groups()
    zone_text = {None: "", "Z": "+00:00", "z": "+00:00"}.get(offset, offset or "")
    parts = f"{day}T{clock or '00:00'}:{seconds or '00'}.{(fraction or '0')[:6].ljust(6, '0')}{zone_text}"
    try:
        at = datetime.fromisoformat(parts)
        at = (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return Moment(None, "date_invalid")
    if code := moment_code(at, now):
        return Moment(None, "date_invalid" if code == EARLY else "date_future")
    return Moment(at, None, offset is None)


FUTURE, EARLY = "measured_in_the_future", "measured_too_early"


def moment_code(at: datetime, now: datetime) -> str:
    """Why nothing can have been measured at this moment; "" where it can."""
    if at.replace(tzinfo=None) < datetime.combine(EARLIEST, time.min):  # year 1 has no moment in every zone
        return EARLY
    return FUTURE if at > now + _EARLY_CLOCK else ""
