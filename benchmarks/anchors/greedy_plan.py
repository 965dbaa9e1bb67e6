"""The plan as a planner writes it into a spreadsheet: visits by their last day, each to the first free half of the nearest auditor."""

from __future__ import annotations

from audits.planning.problem import Booking, Problem


def greedy(problem: Problem) -> dict[int, Booking]:
    """Nobody twice in one half, leave and skills kept; who comes first is served first."""
    taken = [set(auditor.away) for auditor in problem.auditors]
    used: dict[tuple[int, int], int] = {}
    plan: dict[int, Booking] = {}
    for number in sorted(range(len(problem.visits)), key=lambda n: (problem.visits[n].last, n)):
        visit = problem.visits[number]
        nearest = sorted(problem.may_go(visit), key=lambda a: problem.legs[problem.auditors[a].home][visit.district])
        for auditor in nearest:
            found = _first_free(problem, number, auditor, taken[auditor], used)
            if found is not None:
                halves = (0, 1) if visit.halves == 2 else (found.half,)
                taken[auditor] |= {(found.day, half) for half in halves}
                month = (auditor, int(problem.months[found.day]))
                used[month] = used.get(month, 0) + visit.halves
                plan[number] = found
                break
    return plan


def _first_free(
    problem: Problem, number: int, auditor: int, taken: set[tuple[int, int]], used: dict[tuple[int, int], int]
) -> Booking | None:
    visit = problem.visits[number]
    for day in range(visit.first, visit.last + 1):
        if used.get((auditor, int(problem.months[day])), 0) + visit.halves > problem.auditors[auditor].halves_per_month:
            continue
        for half in (0, 1):
            halves = ((day, 0), (day, 1)) if visit.halves == 2 else ((day, half),)
            if not any(slot in taken for slot in halves):
                return Booking(number, auditor, day, half)
    return None
