"""Why a visit is left out, and what it would take to make it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from audits.planning.problem import Booking, Problem, Visit

NO_DAY, NO_SKILL, BARRED, AWAY, FULL = "no_day", "no_skill", "barred", "away", "full"


@dataclass(frozen=True)
class LeftOut:
    """One visit that is not in the plan: the reason, and how many half-days its auditors have left between its days."""

    visit: int
    reason: str
    at_hand: int = 0


def why_left_out(problem: Problem, bookings: Mapping[int, Booking], visits: list[int]) -> list[LeftOut]:
    """The reason for each, in the order given."""
    taken = _taken(problem, bookings)
    return [_why(problem, taken, number) for number in visits]


def _taken(problem: Problem, bookings: Mapping[int, Booking]) -> set[tuple[int, int, int]]:
    taken: set[tuple[int, int, int]] = set()
    for booking in bookings.values():
        halves = (0, 1) if problem.visits[booking.visit].halves == 2 else (booking.half,)
        taken |= {(booking.auditor, booking.day, half) for half in halves}
    return taken


def _why(problem: Problem, taken: set[tuple[int, int, int]], number: int) -> LeftOut:
    visit = problem.visits[number]
    days = open_days(visit)
    if not days:
        return LeftOut(number, NO_DAY)
    skilled = [a for a, who in enumerate(problem.auditors) if visit.needs <= who.skills]
    able = [a for a in skilled if a not in visit.barred]
    if not able:
        return LeftOut(number, BARRED if skilled else NO_SKILL)
    there = [(a, day, half) for a in able for day in days for half in (0, 1) if (day, half) not in problem.auditors[a].away]
    if not there:
        return LeftOut(number, AWAY)
    return LeftOut(number, FULL, sum(slot not in taken for slot in there))


def open_days(visit: Visit) -> list[int]:
    """The days of its window on which a visit can be."""
    shut = {day for begins, ends in visit.closed for day in range(begins, ends + 1)}
    return [day for day in range(visit.first, visit.last + 1) if day not in shut]


def would_take(problem: Problem, left_out: list[LeftOut]) -> dict[frozenset[str], int]:
    """By what an auditor must be able to do: how many half-days more would make these visits, most first."""
    wanted: Counter[frozenset[str]] = Counter()
    for one in left_out:
        if one.reason != NO_DAY:
            wanted[problem.visits[one.visit].needs] += problem.visits[one.visit].halves
    return dict(wanted.most_common())
