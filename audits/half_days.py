"""Hours as halves of days, and districts as minutes: what lies between a calendar on paper and a plan in numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from math import hypot
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
HALF_NAMES = ("am", "pm")
NOON, MIDNIGHT = time(12), time(0)
# Minutes by car, as the schematic map has it: nobody measured them. Within a district, and for each tile between two.
WITHIN, A_TILE = 20.0, 18.0


def hours_of(first_on: date, last_on: date, half: str = "") -> tuple[datetime, datetime]:
    """From the beginning of the first day to the end of the last; of one half of each end where one is named."""
    starts = datetime.combine(first_on, NOON if half == "pm" else MIDNIGHT, SHANGHAI)
    ends = datetime.combine(last_on, NOON, SHANGHAI) if half == "am" else datetime.combine(last_on + timedelta(days=1), MIDNIGHT, SHANGHAI)
    return starts, ends


def halves_of(starts_at: datetime, ends_at: datetime) -> list[tuple[date, int]]:
    """Every half of a day that these hours touch: an hour in the morning takes the morning."""
    found = []
    day = starts_at.astimezone(SHANGHAI).date()
    while day <= ends_at.astimezone(SHANGHAI).date():
        for number, (begins, ends) in enumerate(((MIDNIGHT, NOON), (NOON, None))):
            from_ = datetime.combine(day, begins, SHANGHAI)
            until = datetime.combine(day + timedelta(days=1), MIDNIGHT, SHANGHAI) if ends is None else datetime.combine(day, ends, SHANGHAI)
            if starts_at < until and ends_at > from_:
                found.append((day, number))
        day += timedelta(days=1)
    return found


def legs_between(tiles: Sequence[tuple[int, int]]) -> list[list[float]]:
    """Minutes from each district to each, by where they lie on the schematic map."""
    return [[WITHIN + A_TILE * hypot(a - c, b - d) for c, d in tiles] for a, b in tiles]


def spans(numbers: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """Numbers as runs from-to, both included."""
    runs: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return tuple(runs)
