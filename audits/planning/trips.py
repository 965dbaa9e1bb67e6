"""The sharper relaxation of a small year: whole days as columns, each a visit alone or two that share the way.

Where capacity is plenty, who can be visited on the same day decides what a plan costs, and half-days counted one by one do not see that.
Columns are made as their prices call for them, until none is missing: so the value is the bound. Then HiGHS chooses among them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy

from audits.planning.prices import Capacity
from audits.planning.problem import Problem
from audits.planning.tables import Floats, Ints, Tables

MOST_VISITS = 700
TURNS = 80
NEW = 2_000  # columns added at a time


@dataclass
class Trips:
    """Columns: visits (the second is -1 for none), auditor, cell, minutes."""

    one: Ints
    two: Ints
    auditor: Ints
    cell: Ints
    cost: Floats

    def __add__(self, other: Trips) -> Trips:
        return Trips(*(np.concatenate([getattr(self, name), getattr(other, name)]) for name in vars(self)))

    def __getitem__(self, rows: Ints) -> Trips:
        return Trips(*(getattr(self, name)[rows] for name in vars(self)))


@dataclass
class Small:
    """A small year with nothing fixed, its rows numbered: one for each visit, each cell of an auditor, each month of an auditor."""

    problem: Problem
    tables: Tables
    capacity: Capacity

    def __post_init__(self) -> None:
        t = self.tables
        some = t.free.any(axis=2).astype(float)
        self.days = np.zeros_like(self.capacity.cell)  # a day away from the desk is one trip, whatever it holds
        np.add.at(self.days.T, t.cell_of, some.T)
        able = t.last >= t.first
        self.visits = np.flatnonzero(able)
        begins, ends = np.maximum.outer(t.first, t.first), np.minimum.outer(t.last, t.last)
        n = len(t.first)
        together = (begins <= ends) & (t.halves[:, None] == 1) & (t.halves[None, :] == 1) & np.triu(np.ones((n, n), dtype=bool), 1)
        self.left, self.right = np.nonzero(together & able[:, None] & able[None, :])
        self.from_cell = t.cell_of[begins[self.left, self.right]]
        self.to_cell = t.cell_of[ends[self.left, self.right]]

    def singles(self, visit_price: Floats, cell_price: Floats, month_price: Floats) -> tuple[Trips, Floats]:
        """Each visit's cheapest trip alone with each auditor, and what it costs above the price of the visit."""
        t, v = self.tables, self.visits
        parts = []
        for a in range(len(t.free)):
            rows = v[t.eligible[v, a]]
            halves = t.halves[rows]
            cost = t.whole_cost[a, t.district[rows]]  # a way out and a way back, for one half or for two
            least, cell = self._cheapest(a, t.cell_of[t.first[rows]], t.cell_of[t.last[rows]], cell_price, month_price)
            paid = np.where(halves == 2, least[2], least[1])
            where = np.where(halves == 2, cell[2], cell[1])
            parts.append((Trips(rows, np.full_like(rows, -1), np.full_like(rows, a), where, cost), cost + paid - visit_price[rows]))
        return _joined(parts)

    def pairs(self, visit_price: Floats, cell_price: Floats, month_price: Floats) -> tuple[Trips, Floats]:
        """Each pair's cheapest trip with each auditor."""
        t, parts = self.tables, []
        for a in range(len(t.free)):
            both = np.flatnonzero(t.eligible[self.left, a] & t.eligible[self.right, a])
            one, two = self.left[both], self.right[both]
            cost = t.day_cost[a, t.district[one], t.district[two]]
            least, cell = self._cheapest(a, self.from_cell[both], self.to_cell[both], cell_price, month_price)
            above = cost + least[2] - visit_price[one] - visit_price[two]
            parts.append((Trips(one, two, np.full_like(one, a), cell[2], cost), above))
        return _joined(parts)

    def _cheapest(
        self, auditor: int, begins: Ints, ends: Ints, cell_price: Floats, month_price: Floats
    ) -> tuple[dict[int, Floats], dict[int, Ints]]:
        """For trips of one and of two halves: the least that a cell from `begins` to `ends` is priced at, and which one."""
        least, which = {}, {}
        for halves in (1, 2):
            prices = cell_price[auditor] + halves * month_price[auditor][self.capacity.month_of]
            prices = np.where(self.days[auditor] > 0, prices, np.inf)
            table, at = _ranges(prices)
            least[halves], which[halves] = table[begins, ends], at[begins, ends]
        return least, which


def _ranges(prices: Floats) -> tuple[Floats, Ints]:
    """For each (from, to) the least price between, and where."""
    n = len(prices)
    least, at = np.full((n, n), np.inf), np.zeros((n, n), dtype=np.int64)
    for begins in range(n):
        run = np.minimum.accumulate(prices[begins:])
        least[begins, begins:] = run
        at[begins, begins:] = begins + np.maximum.accumulate(np.where(prices[begins:] <= run, np.arange(n - begins), 0))
    return least, at


def _joined(parts: list[tuple[Trips, Floats]]) -> tuple[Trips, Floats]:
    trips = parts[0][0]
    for more, _ in parts[1:]:
        trips = trips + more
    return trips, np.concatenate([above for _, above in parts])


def _rows(small: Small, trips: Trips) -> tuple[scipy.sparse.csc_matrix, scipy.sparse.csc_matrix]:
    """The trips (then: each visit left out) against the visits, and the trips against days of cells and halves of months."""
    t, n = small.tables, len(small.tables.first)
    auditors, cells = small.days.shape
    months = small.capacity.month.shape[1]
    every = np.arange(len(trips.one))
    paired = np.flatnonzero(trips.two >= 0)
    equal = scipy.sparse.csc_matrix(
        (np.ones(len(every) + len(paired)), (np.concatenate([trips.one, trips.two[paired]]), np.concatenate([every, paired]))),
        shape=(n, len(every)),
    )
    halves = np.where(trips.two >= 0, 2, t.halves[trips.one])
    day = trips.auditor * cells + trips.cell
    month = auditors * cells + trips.auditor * months + small.capacity.month_of[trips.cell]
    upper = scipy.sparse.csc_matrix(
        (np.concatenate([np.ones(len(every)), halves]), (np.concatenate([day, month]), np.concatenate([every, every]))),
        shape=(auditors * (cells + months), len(every)),
    )
    return equal, upper


def priced_out(small: Small, over: Callable[[], bool]) -> tuple[float, Trips]:
    """All trips that the prices call for, and the bound: of the last prices where the time ends first."""
    t, n = small.tables, len(small.tables.first)
    auditors, cells = small.days.shape
    limits = np.concatenate([small.days.ravel(), small.capacity.month.ravel()])
    cell, month = np.zeros_like(small.days), np.zeros_like(small.capacity.month)
    trips, _ = small.singles(np.zeros(n), cell, month)
    bound = 0.0
    for _ in range(TURNS):
        equal, upper = _rows(small, trips)
        able = small.visits
        columns = scipy.sparse.hstack([equal[able], scipy.sparse.identity(len(able))], format="csc")
        wide = scipy.sparse.hstack([upper, scipy.sparse.csc_matrix((upper.shape[0], len(able)))], format="csc")
        cost = np.concatenate([trips.cost, t.weight[able]])
        found = scipy.optimize.linprog(cost, A_ub=wide, b_ub=limits, A_eq=columns, b_eq=np.ones(len(able)), bounds=(0, None), method="highs-ds")
        if found.x is None or found.status != 0:
            break
        visit = np.zeros(n)
        visit[able] = found.eqlin.marginals
        prices = np.maximum(-found.ineqlin.marginals, 0)
        cell, month = prices[: auditors * cells].reshape(cell.shape), prices[auditors * cells :].reshape(month.shape)
        fresh, short = _missing(small, visit, cell, month)
        bound = max(bound, float(found.fun) + short)
        if not len(fresh.one) or over():
            break
        trips = trips + fresh
    return bound, trips


def _missing(small: Small, visit: Floats, cell: Floats, month: Floats) -> tuple[Trips, float]:
    """Trips that cost less than the prices of their visits, the most wanted first; and by how much at most all of them together
    could make the relaxation cheaper."""
    parts = [small.singles(visit, cell, month), small.pairs(visit, cell, month)]
    trips, above = _joined(parts)
    wanted = np.flatnonzero(above < -1e-6)
    each = np.zeros(len(visit))  # no visit is in more than one trip, so that none can save more than its dearest
    np.minimum.at(each, trips.one[wanted], above[wanted])
    return trips[wanted[np.argsort(above[wanted], kind="stable")[:NEW]]], float(each.sum())


def chosen(small: Small, trips: Trips, *, seconds: float) -> Trips | None:
    """The best whole choice among the trips that HiGHS finds in the time, or None."""
    able, n = small.visits, len(trips.one)
    equal, upper = _rows(small, trips)
    limits = np.concatenate([small.days.ravel(), small.capacity.month.ravel()])
    wide = scipy.sparse.hstack([upper, scipy.sparse.csc_matrix((upper.shape[0], len(able)))], format="csc")
    found = scipy.optimize.milp(
        np.concatenate([trips.cost, small.tables.weight[able]]),
        constraints=[
            scipy.optimize.LinearConstraint(scipy.sparse.hstack([equal[able], scipy.sparse.identity(len(able))], format="csc"), 1, 1),
            scipy.optimize.LinearConstraint(wide, -np.inf, limits),
        ],
        bounds=scipy.optimize.Bounds(0, 1), integrality=np.ones(n + len(able)), options={"time_limit": seconds, "mip_rel_gap": 0.002},
    )  # fmt: skip
    return None if found.x is None else trips[np.flatnonzero(found.x[:n] > 0.5)]
