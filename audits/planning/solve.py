"""The plan of a year: prices, relaxation, rounding, repair. It says what it costs, and below what no plan can go."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from audits.planning.board import FREE, Board, Place
from audits.planning.laying import lay
from audits.planning.prices import Pricing, capacity_of, settled_prices
from audits.planning.problem import Booking, Problem
from audits.planning.relaxation import Relaxed, cheap_places, relax
from audits.planning.tables import Floats, Tables, classes_of, tables_of
from audits.planning.trips import MOST_VISITS, Small, chosen, priced_out

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Plan:
    """A year's bookings, what is left out, and how far from the bound it can be at most."""

    bookings: dict[int, Booking]
    uncovered: list[int]
    cost: float
    bound: float
    travel: float
    seconds: float
    steps: dict[str, float] = field(default_factory=dict)

    @property
    def gap(self) -> float:
        """At most so much dearer than the best plan there is, as a share of the bound."""
        return max(self.cost - self.bound, 0.0) / self.bound if self.bound > 0 else 0.0


def plan_year(problem: Problem, *, seconds: float = 50.0, told: Progress = lambda step, share: None) -> Plan:
    """Assign visits to auditors and halves of days. Stops improving after about `seconds`; the same problem gives the same plan as
    long as time is not what ends it."""
    if not problem.visits or not problem.auditors or not problem.days:
        lost = float(sum(visit.weight for visit in problem.visits))
        return Plan({}, list(range(len(problem.visits))), lost, lost, 0.0, 0.0)
    clock = _Clock(time.perf_counter(), seconds, told)
    board, tables = laid_out(problem)
    bound = _by_prices(board, tables, clock)
    clock.tell("rounding", 0.6)
    small = _small(problem, tables)
    if small is not None:
        board, bound = _by_trips(board, bound, small, clock)
        clock.tell("trips", 0.8)
    _repair(board, clock)
    clock.tell("repair", 1.0)
    uncovered = [n for n in range(len(problem.visits)) if n not in board.at]
    bound = max(bound + _least_of_fixed(problem, tables) + _without_a_day(problem), 0.0)
    return Plan(dict(board.at), uncovered, board.cost(), bound, board.travel(), clock.passed(), clock.steps)


def laid_out(problem: Problem) -> tuple[Board, Tables]:
    """A board with what is fixed, and the tables of what is left beside it."""
    tables = tables_of(problem)
    board = Board(problem, tables)
    left = tables.month_cap - np.minimum(board.used, tables.month_cap)
    return board, replace(tables, free=tables.free & (board.held == FREE), month_cap=left)


def _by_prices(board: Board, tables: Tables, clock: _Clock) -> float:
    """Round the relaxation by half-days onto the board; its bound."""
    kinds = classes_of(board.problem, tables)
    if not len(kinds.count):
        return 0.0
    pricing = Pricing(tables, kinds, capacity_of(tables))
    bound, cell, month = settled_prices(pricing)
    clock.tell("prices", 0.2)
    columns = cheap_places(pricing, cell, month, each=12 if len(kinds.count) < 6_000 else 8)
    relaxed = relax(pricing, columns, seconds=max(clock.seconds * 0.65, 2.0))
    if relaxed is not None:
        bound = max(bound, _bound_of(pricing, relaxed, cell, month))
        clock.tell("relaxation", 0.5)
        _round(board, pricing, relaxed)
    return bound


def _small(problem: Problem, tables: Tables) -> Small | None:
    if problem.fixed or not 0 < len(problem.visits) <= MOST_VISITS or not len(problem.auditors):
        return None
    return Small(problem, tables, capacity_of(tables))


def _by_trips(board: Board, bound: float, small: Small, clock: _Clock) -> tuple[Board, float]:
    """The bound by whole days where it is the higher, and a board of chosen trips where that is the cheaper."""
    sharper, trips = priced_out(small, lambda: clock.passed() > clock.seconds / 3)
    found = chosen(small, trips, seconds=max(clock.seconds * 0.75 - clock.passed(), 1.0))
    bound = max(bound, sharper)
    if found is None:
        return board, bound
    other, _ = laid_out(board.problem)
    spans = _spans(board.t)
    of_week: dict[tuple[int, int], list[tuple[int, ...]]] = defaultdict(list)
    for one, two, auditor, cell in zip(found.one, found.two, found.auditor, found.cell, strict=True):
        of_week[int(auditor), int(cell)].append((int(one), int(two)) if two >= 0 else (int(one),))
    for (auditor, cell), of_one in sorted(of_week.items()):
        lay(other, of_one, auditor, spans[cell])
    for one in (board, other):
        fill(one, clock)
    return min(board, other, key=Board.cost), bound


def _without_a_day(problem: Problem) -> float:
    return float(sum(v.weight for n, v in enumerate(problem.visits) if v.last < v.first and n not in problem.fixed))


def _bound_of(pricing: Pricing, relaxed: Relaxed, cell: Floats, month: Floats) -> float:
    """The best bound on the way from the settled prices to those of the relaxation, which knows only its own columns."""
    found_cell = np.where(np.isnan(relaxed.cell_price), cell, relaxed.cell_price)
    found_month = np.where(np.isnan(relaxed.month_price), month, relaxed.month_price)
    return max(pricing.worth(cell + part * (found_cell - cell), month + part * (found_month - month)) for part in (0.25, 0.5, 0.75, 1.0))


@dataclass
class _Clock:
    began: float
    seconds: float
    told: Progress
    steps: dict[str, float] = field(default_factory=dict)

    def tell(self, step: str, share: float) -> None:
        self.steps[step] = self.passed()
        self.told(step, share)

    def passed(self) -> float:
        return time.perf_counter() - self.began

    def is_over(self) -> bool:
        return self.passed() > self.seconds


def _least_of_fixed(problem: Problem, tables: Tables) -> float:
    total = 0.0
    for number, booking in problem.fixed.items():
        costs = tables.whole_cost if tables.halves[number] == 2 else tables.share
        total += float(costs[booking.auditor, tables.district[number]])
    return total


def _round(board: Board, pricing: Pricing, relaxed: Relaxed) -> None:
    """Whole visits where the relaxation has most of them, cell by cell: the whole days first, then district by district."""
    kinds, columns = pricing.classes, relaxed.columns
    left = [list(members) for members in kinds.members]
    spans = _spans(board.t)
    order = np.lexsort((kinds.group_district[kinds.group[columns.kind]], -kinds.group_halves[kinds.group[columns.kind]]))
    order = order[relaxed.amount[order] > 1e-6]
    whole = np.floor(relaxed.amount + 1e-6).astype(int)
    rest: list[int] = []
    for column in order:
        kind = int(columns.kind[column])
        if whole[column] < relaxed.amount[column] - 1e-6:
            rest.append(int(column))
        for _ in range(min(int(whole[column]), len(left[kind]))):
            _put_in(board, left[kind], int(columns.auditor[column]), spans[int(columns.cell[column])])
    rest.sort(key=lambda c: -(relaxed.amount[c] % 1))
    for column in rest:
        kind = int(columns.kind[column])
        if left[kind]:
            _put_in(board, left[kind], int(columns.auditor[column]), spans[int(columns.cell[column])])


def _put_in(board: Board, members: list[int], auditor: int, span: tuple[int, int]) -> None:
    visit = members[-1]
    place = board.room(visit, np.array([auditor]), span)
    if place is not None and place.gain < board.t.weight[visit]:
        members.pop()
        board.put(Booking(visit, place.auditor, place.day, place.half))


def _spans(tables: Tables) -> list[tuple[int, int]]:
    cells = int(tables.cell_of[-1]) + 1
    return [(int(np.flatnonzero(tables.cell_of == c)[0]), int(np.flatnonzero(tables.cell_of == c)[-1])) for c in range(cells)]


def _repair(board: Board, clock: _Clock) -> None:
    """Put in what fits, heaviest first; exchange and move while it saves; let the heavy replace the light."""
    fill(board, clock)
    for _ in range(12):
        before = board.cost()
        _improve(board, clock)
        fill(board, clock)
        if clock.is_over() or before - board.cost() < 1e-4 * before:
            return


def fill(board: Board, clock: _Clock) -> None:
    """Put in what is left out: on free halves, else instead of something that weighs less, which then looks for a place itself."""
    t = board.t
    queue = sorted((v for v in range(len(t.weight)) if v not in board.at), key=lambda v: (-t.weight[v] / t.halves[v], v))
    tries = dict.fromkeys(queue, 0)
    while queue and not clock.is_over():
        pushed: list[int] = []
        for visit in queue:
            if clock.is_over():
                return
            tries[visit] = tries.get(visit, 0) + 1
            pushed += _settle(board, visit)
        queue = [v for v in pushed if tries.get(v, 0) < 3]


def _settle(board: Board, visit: int) -> tuple[int, ...]:
    place = board.room(visit)
    if place is not None and place.gain < board.t.weight[visit]:
        board.put(Booking(visit, place.auditor, place.day, place.half))
        return ()
    place = board.instead(visit)
    if place is None:
        return ()
    for other in place.there:
        board.take(other)
    board.put(Booking(visit, place.auditor, place.day, place.half))
    return place.there


def _improve(board: Board, clock: _Clock) -> None:
    for visit in _dear(board):
        if clock.is_over():
            return
        if visit in board.at:
            place = board.better(visit)
            if place is not None:
                exchange(board, visit, place)


def _dear(board: Board) -> list[int]:
    """Half-day visits that travel more than they need to, worst first."""
    t = board.t
    least = np.where(t.eligible, t.share[:, t.district].T, np.inf).min(axis=1)
    loss = {v: board.worth(v) - least[v] for v in board.at if t.halves[v] == 1 and not board.is_fixed[v]}
    return sorted((v for v, much in loss.items() if much > 1e-6), key=lambda v: (-loss[v], v))


def exchange(board: Board, visit: int, place: Place) -> None:
    """Carry out what `better` found."""
    now = board.take(visit)
    for other in place.there:
        board.take(other)
        board.put(Booking(other, now.auditor, now.day, now.half))
    board.put(Booking(visit, place.auditor, place.day, place.half))
