"""Trips that were chosen week by week, onto days: as many as can be on a day of their own, and only then wherever there is room."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from audits.planning.board import FREE, Board
from audits.planning.problem import Booking

Trip = tuple[int, ...]  # one visit, or two that share the way


def lay(board: Board, trips: Iterable[Trip], auditor: int, span: tuple[int, int]) -> None:
    """Put these trips of one auditor on days of the span, both ends included."""
    wanted = {trip: _days(board, trip, auditor, span) for trip in trips}
    taken: dict[int, Trip] = {}
    for trip in sorted(wanted, key=lambda one: (-_halves(board, one), len(wanted[one]), one)):
        _find(trip, wanted, taken, set())
    for day, trip in sorted(taken.items()):
        _put(board, trip, auditor, day)
    for trip in wanted:
        for visit in trip:
            if visit not in board.at:
                _anywhere(board, visit, auditor, span)


def _halves(board: Board, trip: Trip) -> int:
    return int(sum(board.t.halves[visit] for visit in trip))


def _days(board: Board, trip: Trip, auditor: int, span: tuple[int, int]) -> list[int]:
    """The days on which all of the trip can be and its halves are free."""
    need = _halves(board, trip)
    return [
        day
        for day in range(span[0], span[1] + 1)
        if int((board.held[auditor, day] == FREE).sum()) >= need and all(board.may_be(visit, auditor, day) for visit in trip)
    ]


def _find(trip: Trip, wanted: dict[Trip, list[int]], taken: dict[int, Trip], seen: set[int]) -> bool:
    """A day for the trip, if need be by moving others to another of theirs."""
    for day in wanted[trip]:
        if day in seen:
            continue
        seen.add(day)
        if day not in taken or _find(taken[day], wanted, taken, seen):
            taken[day] = trip
            return True
    return False


def _put(board: Board, trip: Trip, auditor: int, day: int) -> None:
    month = board.t.month_of[day]
    if board.used[auditor, month] + _halves(board, trip) > board.t.month_cap[auditor, month]:
        return
    free = np.flatnonzero(board.held[auditor, day] == FREE)
    for half, visit in zip(free, trip, strict=False):
        board.put(Booking(visit, auditor, day, 0 if board.t.halves[visit] == 2 else int(half)))


def _anywhere(board: Board, visit: int, auditor: int, span: tuple[int, int]) -> None:
    place = board.room(visit, np.array([auditor]), span)
    if place is not None:
        board.put(Booking(visit, place.auditor, place.day, place.half))
