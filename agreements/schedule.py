"""When a clause asks something of a side: whole periods from the day it took effect, moved to a day that is worked. Pure."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count
from typing import Any, Protocol

MONTHS = 12
# How far ahead dated duties stand as rows: a year in view, and a month of grace for the extension.
AHEAD_MONTHS = 13
# A sealed sample is renewed by both who hold a half of it.
HOLDERS = ("owner", "supplier")


class WorkingDays(Protocol):
    """All that is asked of a calendar."""

    def is_working(self, day: date) -> bool: ...

    def next_working(self, day: date) -> date: ...

    def add_working_days(self, day: date, n: int) -> date: ...


@dataclass(frozen=True, slots=True)
class Duty:
    """One dated duty of one side; `key` makes it this one and no other."""

    side: str
    kind: str
    key: str
    due_on: date
    grace_days: int = 0


@dataclass(frozen=True, slots=True)
class Pause:
    """Days on which the duties of an agreement stood still: from the first, until work went on."""

    paused_on: date
    resumed_on: date


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


def dated_duties(
    clause_type: str, params: Mapping[str, Any], *, span: Span, days: WorkingDays, pauses: Sequence[Pause] = ()
) -> list[Duty]:  # fmt: skip
    """Every duty with a day of its own that the clause asks within the span.

    What is due outside the covered days is not asked at all; a longer look never changes a key or a day. Pauses that have ended
    move what was still to do when they began, in their order: the same clauses and pauses give the same duties again.
    """
    duties = []
    for asked in _duties(clause_type, params, span.effective_from):
        duty = replace(asked, due_on=days.next_working(asked.due_on), grace_days=int(params.get("grace_days") or 0))
        if not span.holds(asked.due_on) or not span.holds(duty.due_on):
            break
        due_on = duty.due_on
        for pause in pauses:
            due_on = after_pause(due_on, pause, days=days, began_on=span.effective_from, grace_days=duty.grace_days)
        if span.effective_to is None or due_on < span.effective_to:
            duties.append(replace(duty, due_on=due_on))
    return duties


def after_pause(due_on: date, pause: Pause, *, days: WorkingDays, began_on: date = date.min, grace_days: int = 0) -> date:
    """The day of a duty once a pause has ended: as many working days lie before it as when the clock was stopped.

    A duty that was overdue before the pause stays where it was; so does one of a time that began only after it.
    """
    stopped = max(pause.paused_on, began_on)
    if pause.resumed_on <= stopped or due_on + timedelta(days=grace_days) < stopped:
        return due_on
    left = working_days_between(stopped, due_on, days=days)
    moved = days.add_working_days(pause.resumed_on, left) if left else days.next_working(pause.resumed_on)
    return max(due_on, moved)


def working_days_between(start: date, end: date, *, days: WorkingDays) -> int:
    """How many working days come after `start`, up to and with `end`; negative where `end` lies before."""
    first, last, sign = (start, end, 1) if start <= end else (end, start, -1)
    return sign * sum(days.is_working(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))


def _duties(clause_type: str, params: Mapping[str, Any], start: date) -> Iterator[Duty]:
    """What the clause asks, before holidays, period by period and without an end."""
    if clause_type == "document_required":
        every = params.get("every_months")
        within = timedelta(days=params["within_days"])
        for period in count() if every else range(1):
            yield Duty("supplier", "document", f"{params['document']}:{period}", add_months(start, period * (every or 0)) + within)
    elif clause_type == "owner_duty" and params.get("every_months"):
        offset = timedelta(days=params.get("due_day_offset") or 0)
        for period in count():
            yield Duty(
                "owner", "owner_duty", f"{params['duty']}:{period}", add_months(start, (period + 1) * params["every_months"]) + offset
            )
    elif clause_type == "process_requirement":
        yield from _records(params, start)
    elif clause_type == "sealed_sample":
        for period in count(1):
            for side in HOLDERS:
                yield Duty(side, "sealed_sample", f"sealed_sample:{period}", add_months(start, period * params["valid_months"]))


def _records(params: Mapping[str, Any], start: date) -> Iterator[Duty]:
    """A record that is shown week by week or month by month; what goes with each lot or shift has no day of its own."""
    for period in count():
        if params.get("frequency") == "weekly":
            due_on = start + timedelta(weeks=period + 1)
        elif params.get("frequency") == "monthly":
            due_on = add_months(start, period + 1)
        else:
            return
        yield Duty("supplier", "process_record", f"process_record:{period}", due_on)
