"""Changes to a plan that stands: one auditor's days are lost, or somebody moves one visit by hand. As little as possible is touched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from audits.planning.board import AWAY, FREE, Board
from audits.planning.problem import Booking, Problem
from audits.planning.tables import tables_of

TRIES = 60


@dataclass(frozen=True)
class Change:
    """One visit that goes elsewhere, or (`after` is None) nowhere."""

    visit: int
    before: Booking | None
    after: Booking | None


@dataclass(frozen=True)
class Replanned:
    """What has to change, and what it does to the minutes on the road."""

    changes: list[Change]
    travel_before: float
    travel_after: float

    @property
    def left_out(self) -> list[int]:
        return [change.visit for change in self.changes if change.after is None]


def standing(problem: Problem, bookings: Mapping[int, Booking]) -> Board:
    """The board of a plan that stands."""
    board = Board(replace(problem, fixed={}), tables_of(problem))
    for booking in bookings.values():
        board.put(booking)
    for visit in problem.fixed:
        board.is_fixed[visit] = True
    return board


def without(problem: Problem, bookings: Mapping[int, Booking], *, auditor: int, slots: Iterable[tuple[int, int]]) -> Replanned:
    """The plan once these halves of an auditor's days are lost.

    A visit that stood there goes to a free half of its window, its own auditor's or another's; where none is free, one other visit
    makes room; where that does not help either, it takes the place of something that weighs less, or is left out.
    """
    lost = set(slots)
    board = standing(problem, bookings)
    before = board.travel()
    hit = {int(v) for day, half in lost for v in (board.held[auditor, day, half],) if v >= 0}
    was: dict[int, Booking | None] = {visit: board.take(visit) for visit in hit}
    for day, half in lost:
        board.held[auditor, day, half] = AWAY
    for visit in sorted(hit, key=lambda v: (-board.t.weight[v], v)):
        _settled(board, visit, was)
    changes = [Change(v, b, board.at.get(v)) for v, b in was.items() if board.at.get(v) != b]
    return Replanned(sorted(changes, key=lambda c: (c.before.day if c.before else -1, c.visit)), before, board.travel())


def _settled(board: Board, visit: int, was: dict[int, Booking | None]) -> None:
    before = was[visit]
    place = board.room(visit, near=before.day if before else None)
    if place is not None:
        board.put(Booking(visit, place.auditor, place.day, place.half))
        return
    if _made_room(board, visit, was):
        return
    place = board.instead(visit)
    if place is None:
        return
    for other in place.there:
        was.setdefault(other, board.at[other])
        board.take(other)
    board.put(Booking(visit, place.auditor, place.day, place.half))


def _made_room(board: Board, visit: int, was: dict[int, Booking | None]) -> bool:
    """Whether one other visit could go elsewhere, so that this one has its place."""
    t, said = board.t, board.problem.visits[visit]
    if t.halves[visit] == 2:
        return False
    able = np.flatnonzero(t.eligible[visit])
    held = board.held[able, said.first : said.last + 1]
    others = [int(v) for v in np.unique(held[held >= 0]) if t.halves[v] == 1 and not board.is_fixed[v] and v not in was]
    for other in others[:TRIES]:
        now = board.at[other]
        if not board.may_be(visit, now.auditor, now.day):
            continue
        place = board.room(other, near=now.day)
        if place is not None:
            was[other] = board.take(other)
            board.put(Booking(other, place.auditor, place.day, place.half))
            board.put(Booking(visit, now.auditor, now.day, now.half))
            return True
    return False


@dataclass(frozen=True)
class Moved:
    """What moving one visit by hand would do. `against` says which rules it would break: none, and it may be done."""

    against: list[str]
    in_the_way: list[int]
    travel: float  # minutes more (or, below 0, less) on the road


def moved_by_hand(problem: Problem, bookings: Mapping[int, Booking], to: Booking) -> Moved:
    """The consequences of putting a visit there: never more than one visit is moved."""
    board = standing(problem, bookings)
    visit, t = to.visit, board.t
    before = board.travel()
    if visit in board.at:
        board.take(visit)
    said, halves = problem.visits[visit], int(t.halves[visit])
    slots = board.held[to.auditor, to.day, :] if halves == 2 else board.held[to.auditor, to.day, to.half : to.half + 1]
    slots = slots.copy()
    found = {
        "no_skill": not said.needs <= problem.auditors[to.auditor].skills,
        "barred": to.auditor in said.barred,
        "outside_window": not said.first <= to.day <= said.last,
        "closed": any(begins <= to.day <= ends for begins, ends in said.closed),
        "away": bool((slots == AWAY).any()),
        "taken": bool((slots >= 0).any()),
        "month_full": bool(board.used[to.auditor, t.month_of[to.day]] + halves > t.month_cap[to.auditor, t.month_of[to.day]]),
    }
    if (slots == FREE).all():
        board.put(to)
    return Moved([name for name, broken in found.items() if broken], sorted({int(v) for v in slots if v >= 0}), board.travel() - before)
