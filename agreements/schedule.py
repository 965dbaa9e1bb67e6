"""When a clause asks something of a side: whole months from the day it took effect, moved to a day that is worked. Pure."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

MONTHS = 12
# How far ahead dated duties stand as rows: a year in view, and a month of grace for the extension.
AHEAD_MONTHS = 13


class WorkingDays(Protocol):
    """All that is asked of a calendar."""

    def next_working(self, day: date) -> date: ...


@dataclass(frozen=True, slots=True)
class Duty:
    """One dated duty of one side; `key` makes it this one and no other."""

    side: str
    kind: str
    key: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Span:
    """The days from which duties are counted: first covered day, first day no longer covered, and how far to look."""

    effective_from: date
    effective_to: date | None
    until: date

    def holds(self, day: date) -> bool:
        return day <= self.until and (self.effective_to is None or day < self.effective_to)


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day: 31 Jan + 1 = 28 Feb, and + 2 = 31 Mar again."""
    years, month = divmod(day.month - 1 + months, MONTHS)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def dated_duties(clause_type: str, params: Mapping[str, Any], *, span: Span, days: WorkingDays) -> list[Duty]:
    """Every duty with a day of its own that the clause asks within the span.

    What is due outside the covered days is not asked at all; a longer look never changes a key or a day.
    """
    duties = []
    for duty in _duties(clause_type, params, span.effective_from):
        moved = Duty(duty.side, duty.kind, duty.key, days.next_working(duty.due_on))
        if not span.holds(duty.due_on) or not span.holds(moved.due_on):
            break
        duties.append(moved)
    return duties


def _duties(clause_type: str, params: Mapping[str, Any], start: date) -> Iterator[Duty]:
    if clause_type == "document_required":
        every, period = params.get("every_months"), 0
        while True:
            due_on = add_months(start, period * (every or 0)) + timedelta(days=params["within_days"])
            yield Duty("supplier", "document", f"{params['document']}:{period}", due_on)
            if not every:
                return
            period += 1
    elif clause_type == "owner_duty":
        period = 0
        while True:
            due_on = add_months(start, (period + 1) * params["every_months"]) + timedelta(days=params["due_day_offset"])
            yield Duty("owner", "owner_duty", f"{params['duty']}:{period}", due_on)
            period += 1
