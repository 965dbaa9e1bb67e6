"""Months and quarters as a report names them: "2026-10", "2026-Q3". Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

SHOWN_MONTHS, SHOWN_QUARTERS = 6, 4
YEARS = range(2020, 2100)


@dataclass(frozen=True, slots=True)
class Period:
    """`months` from `first` on: one of a month, three of a quarter."""

    first: date
    months: int

    @property
    def after(self) -> date:
        """The first day after it."""
        month = self.first.month - 1 + self.months
        return date(self.first.year + month // 12, month % 12 + 1, 1)

    @property
    def last(self) -> date:
        return self.after - timedelta(days=1)

    @property
    def code(self) -> str:
        if self.months == 1:
            return f"{self.first:%Y-%m}"
        return f"{self.first.year}-Q{(self.first.month + 2) // 3}"

    def earlier(self) -> Self:
        """The one before."""
        month = self.first.month - 1 - self.months
        return type(self)(date(self.first.year + month // 12, month % 12 + 1, 1), self.months)

    @classmethod
    def of(cls, day: date, months: int) -> Self:
        """The month or the quarter that a day lies in."""
        return cls(date(day.year, (day.month - 1) // months * months + 1, 1), months)

    @classmethod
    def named(cls, code: str) -> Self | None:
        """What a code names; None for one that names nothing."""
        year, _mark, part = code.partition("-")
        if not (year.isascii() and year.isdecimal() and int(year) in YEARS and code.isascii()):
            return None
        if len(part) == 2 and part[0] == "Q" and part[1] in "1234":
            return cls(date(int(year), int(part[1]) * 3 - 2, 1), 3)
        if len(part) == 2 and part.isdecimal() and 1 <= int(part) <= 12:
            return cls(date(int(year), int(part), 1), 1)
        return None


def offered(today: date) -> list[Period]:
    """What a report may be made of: the last months and quarters, the running ones included, newest first."""
    found: list[Period] = []
    for months, many in ((1, SHOWN_MONTHS), (3, SHOWN_QUARTERS)):
        period = Period.of(today, months)
        for _each in range(many):
            found.append(period)
            period = period.earlier()
    return found
