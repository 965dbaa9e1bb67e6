"""The year on a board: who is where in which half of which day, and what a change of it would cost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from audits.planning.problem import Booking, Problem
from audits.planning.tables import Bools, Floats, Ints, Tables

FREE, AWAY = -1, -2
NEVER = np.inf
A_DAY_AWAY = 6.0  # minutes


@dataclass(frozen=True, slots=True)
class Place:
    """Where a visit could go, what that would change of the cost, and what stands there now (FREE, or the visits there)."""

    gain: float
    auditor: int
    day: int
    half: int
    there: tuple[int, ...] = ()


class Board:
    """Slots as (auditor, day, half). Every change goes through `put` and `take`, so that the months' counts are never wrong."""

    def __init__(self, problem: Problem, tables: Tables) -> None:
        self.problem, self.t = problem, tables
        self.held = np.where(tables.free, FREE, AWAY).astype(np.int64)
        self.where = np.full(self.held.shape, tables.nowhere, dtype=np.int64)  # the district of a half; a whole-day visit has none
        self.used = np.zeros_like(tables.month_cap)
        self.at: dict[int, Booking] = {}
        self.is_fixed = np.zeros(len(problem.visits) + 1, dtype=bool)
        self.has_closed = np.array([bool(v.closed) for v in problem.visits] + [False], dtype=bool)
        for booking in problem.fixed.values():
            self.put(booking)
            self.is_fixed[booking.visit] = True

    def put(self, booking: Booking) -> None:
        """Book it. The slots must be free."""
        v, a, day = booking.visit, booking.auditor, booking.day
        if self.t.halves[v] == 2:
            self.held[a, day, :] = v
        else:
            self.held[a, day, booking.half] = v
            self.where[a, day, booking.half] = self.t.district[v]
        self.used[a, self.t.month_of[day]] += self.t.halves[v]
        self.at[v] = booking

    def take(self, visit: int) -> Booking:
        """Take it off and say where it was."""
        booking = self.at.pop(visit)
        a, day = booking.auditor, booking.day
        if self.t.halves[visit] == 2:
            self.held[a, day, :] = FREE
        else:
            self.held[a, day, booking.half] = FREE
            self.where[a, day, booking.half] = self.t.nowhere
        self.used[a, self.t.month_of[day]] -= self.t.halves[visit]
        return booking

    def open_days(self, visit: int) -> Bools:
        """Within its window, the days on which it can be."""
        said = self.problem.visits[visit]
        days = np.ones(max(said.last - said.first + 1, 0), dtype=bool)
        for begins, ends in said.closed:
            days[max(begins - said.first, 0) : max(ends - said.first + 1, 0)] = False
        return days

    def may_be(self, visit: int, auditor: int, day: int) -> bool:
        """Whether the auditor may and the day is open, whatever stands there."""
        said = self.problem.visits[visit]
        inside = said.first <= day <= said.last and bool(self.t.eligible[visit, auditor])
        return inside and not any(begins <= day <= ends for begins, ends in said.closed)

    def worth(self, visit: int) -> float:
        """What taking this booked visit off would save."""
        b = self.at[visit]
        if self.t.halves[visit] == 2:
            return float(self.t.whole_cost[b.auditor, self.t.district[visit]])
        beside = self.where[b.auditor, b.day, 1 - b.half]
        costs = self.t.day_cost[b.auditor]
        return float(costs[self.t.district[visit], beside] - costs[self.t.nowhere, beside])

    def _window(self, visit: int, auditors: Ints | None) -> tuple[Ints, slice]:
        said = self.problem.visits[visit]
        able = np.flatnonzero(self.t.eligible[visit])
        if auditors is not None:
            able = np.intersect1d(able, auditors)
        return able, slice(said.first, said.last + 1)

    def room(self, visit: int, auditors: Ints | None = None, span: tuple[int, int] | None = None, near: int | None = None) -> Place | None:
        """The cheapest free place for a visit that is not on the board; within `span` days if given.

        With `near`, a day further from that one counts as some minutes more: who has been told of a day is moved by few.
        """
        able, days = self._window(visit, auditors)
        if span is not None:
            days = slice(max(days.start, span[0]), min(days.stop, span[1] + 1))
        if not len(able) or days.stop <= days.start:
            return None
        costs = self._costs_of_free(visit, able, days)
        if self.has_closed[visit]:
            shut = ~self.open_days(visit)[days.start - self.problem.visits[visit].first :][: days.stop - days.start]
            costs[:, shut] = NEVER
        if near is not None:
            costs = costs + (A_DAY_AWAY * np.abs(np.arange(days.start, days.stop) - near))[None, :, None]
        return self._cheapest(costs, able, days)

    def _costs_of_free(self, visit: int, able: Ints, days: slice) -> Floats:
        t, halves = self.t, int(self.t.halves[visit])
        free = self.held[able, days] == FREE
        within = (self.used[able] + halves <= t.month_cap[able])[:, t.month_of[days]]
        if halves == 2:
            costs = np.where(free.all(axis=2) & within, t.whole_cost[able, t.district[visit]][:, None], NEVER)
            return costs[:, :, None]
        beside = self.where[able, days][:, :, ::-1]
        who = able[:, None, None]
        costs = t.day_cost[who, t.district[visit], beside] - t.day_cost[who, t.nowhere, beside]
        costs[~(free & within[:, :, None])] = NEVER
        return costs

    def _cheapest(self, costs: Floats, able: Ints, days: slice) -> Place | None:
        best = int(costs.argmin())
        cost = float(costs.flat[best])
        if cost == NEVER:
            return None
        row, day, half = np.unravel_index(best, costs.shape)
        return Place(cost, int(able[row]), days.start + int(day), int(half))

    def better(self, visit: int) -> Place | None:
        """For a half-day visit on the board: the move or the exchange with another half-day visit that saves most, or None."""
        t, now = self.t, self.at[visit]
        able, days = self._window(visit, None)
        d, gone = t.district[visit], self.worth(visit)
        held, where = self.held[able, days], self.where[able, days]
        who, beside = able[:, None, None], where[:, :, ::-1]
        costs = t.day_cost[who, d, beside] - t.day_cost[who, where, beside]  # the place's own change, whoever stood there
        month = int(t.month_of[now.day])
        within = self.used[able] + 1 <= t.month_cap[able]
        within[able == now.auditor, month] = True  # it leaves one half of that month as it comes
        moved = np.where((held == FREE) & within[:, t.month_of[days]][:, :, None], costs - gone, NEVER)
        swapped = self._swaps(visit, now, held, where)
        gains = np.where(held == FREE, moved, costs + swapped)
        gains[able == now.auditor, now.day - days.start] = NEVER
        if self.has_closed[visit]:
            gains[:, ~self.open_days(visit)] = NEVER
        best = int(gains.argmin())
        gain = float(gains.flat[best])
        if gain > -1e-6:
            return None
        row, day, half = (int(n) for n in np.unravel_index(best, gains.shape))
        there = int(held[row, day, half])
        return Place(gain, int(able[row]), days.start + day, half, () if there == FREE else (there,))

    def _swaps(self, visit: int, now: Booking, held: Ints, where: Ints) -> Floats:
        """What the place that is left would change, were the one who stands there put into it."""
        t = self.t
        other = np.where(held >= 0, held, 0)
        may = (held >= 0) & (t.halves[other] == 1) & ~self.is_fixed[other] & ~self.has_closed[other]
        may &= (t.first[other] <= now.day) & (now.day <= t.last[other]) & t.eligible[other, now.auditor]
        beside = self.where[now.auditor, now.day, 1 - now.half]
        costs = t.day_cost[now.auditor]
        return np.where(may, costs[where, beside] - costs[t.district[visit], beside], NEVER)

    def instead(self, visit: int) -> Place | None:
        """For a visit that is left out: the place where it weighs most above what stands there, or None."""
        t, halves = self.t, int(self.t.halves[visit])
        able, days = self._window(visit, None)
        if not len(able) or days.stop <= days.start:
            return None
        held = self.held[able, days]
        other = np.where(held >= 0, held, 0)
        may = (held >= 0) & ~self.is_fixed[other]
        if halves == 1:
            where = self.where[able, days]
            who, beside = able[:, None, None], where[:, :, ::-1]
            travel = t.day_cost[who, t.district[visit], beside] - t.day_cost[who, where, beside]
            gains = np.where(may & (t.halves[other] == 1), travel + t.weight[other] - t.weight[visit], NEVER)
        else:
            gains = self._whole_instead(visit, able, days, held)
        if self.has_closed[visit]:
            gains[:, ~self.open_days(visit)] = NEVER
        best = int(gains.argmin())
        gain = float(gains.flat[best])
        if gain > -1e-6:
            return None
        row, day, half = (int(n) for n in np.unravel_index(best, gains.shape))
        there = {int(v) for v in (held[row, day] if halves == 2 else held[row, day, half : half + 1]) if v >= 0}
        return Place(gain, int(able[row]), days.start + day, half, tuple(sorted(there)))

    def _whole_instead(self, visit: int, able: Ints, days: slice, held: Ints) -> Floats:
        t = self.t
        other = np.where(held >= 0, held, 0)
        firm = (held == AWAY) | ((held >= 0) & self.is_fixed[other])
        one = (held[:, :, 0] == held[:, :, 1]) & (held[:, :, 0] >= 0)  # one visit of both halves
        weights = np.where(held >= 0, t.weight[other], 0.0)
        where = self.where[able, days]
        lost = np.where(one, weights[:, :, 0], weights.sum(axis=2))
        was = np.where(
            one, t.whole_cost[able[:, None], t.district[other[:, :, 0]]], t.day_cost[able[:, None], where[:, :, 0], where[:, :, 1]]
        )
        taken = (held >= 0).sum(axis=2)
        within = (self.used[able][:, t.month_of[days]] - taken + 2) <= t.month_cap[able][:, t.month_of[days]]
        gains = t.whole_cost[able, t.district[visit]][:, None] - was + lost - t.weight[visit]
        gains[firm.any(axis=2) | ~within | (taken == 0)] = NEVER
        return gains[:, :, None]

    def travel(self) -> float:
        """Minutes that all auditors are on the road."""
        t = self.t
        who = np.arange(len(self.where))[:, None]
        total = float(t.day_cost[who, self.where[:, :, 0], self.where[:, :, 1]].sum())
        whole = [b for v, b in self.at.items() if t.halves[v] == 2]
        return total + float(sum(t.whole_cost[b.auditor, t.district[b.visit]] for b in whole))

    def cost(self) -> float:
        """The cost of the plan as it stands: travel, and what is left out."""
        left = np.ones(len(self.problem.visits), dtype=bool)
        left[list(self.at)] = False
        return self.travel() + float(self.t.weight[left].sum())
