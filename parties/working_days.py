"""Which days are worked: Monday to Friday, but for the holidays and the weekends worked in exchange that are known."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, timedelta

_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Working days in one country. After `known_until` no holiday is known, and weekends alone decide."""

    holidays: Set[date]
    workdays: Set[date]
    known_until: date

    def is_working(self, day: date) -> bool:
        if day in self.workdays:
            return True
        return day.weekday() < _SATURDAY and day not in self.holidays

    def is_estimated(self, day: date) -> bool:
        """Whether the answer for this day rests on weekends alone, and must be said to."""
        return day > self.known_until

    def next_working(self, day: date) -> date:
        """This day if it is worked, else the first worked day after it."""
        while not self.is_working(day):
            day += _DAY
        return day

    def add_working_days(self, day: date, n: int) -> date:
        """The n-th working day after `day`, or before it where n is negative; `day` itself is not counted.

        With n = 0 it is `day` itself, worked or not.
        """
        step = _DAY if n > 0 else -_DAY
        left = abs(n)
        while left:
            day += step
            left -= self.is_working(day)
        return day
