"""A price for each auditor's half-day in each cell, found by rising where too much is asked; and the bound that any prices give.

Whatever the prices, no plan costs less than `worth` says: each visit pays at least its cheapest place or its weight, and no more
than the capacity at hand can be refunded. So the bound holds even where the search for good prices was stopped early.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from audits.planning.tables import Bools, Classes, Floats, Ints, Tables

SOFTNESS = (100.0, 50.0, 25.0, 12.0, 6.0, 3.0, 1.5)  # minutes
TURNS = 30
PIECE = 128
EAGER = 1.3  # how far beyond a plain step
WIDE = np.inf


@dataclass
class Capacity:
    """Halves at hand by auditor and cell, and by auditor and month; `month` gives the month of a cell."""

    cell: Floats
    month: Floats
    month_of: Ints
    binds: Bools  # by auditor and month: the month has fewer than its cells together


def capacity_of(tables: Tables) -> Capacity:
    cells, months = int(tables.cell_of[-1]) + 1, tables.month_cap.shape[1]
    halves = tables.free.sum(axis=2).astype(float)
    by_cell = np.zeros((len(halves), cells))
    np.add.at(by_cell.T, tables.cell_of, halves.T)
    month_of = np.zeros(cells, dtype=np.int64)
    month_of[tables.cell_of] = tables.month_of
    at_hand = np.zeros((len(halves), months))
    np.add.at(at_hand.T, month_of, by_cell.T)
    given = tables.month_cap.astype(float)
    return Capacity(by_cell, np.minimum(given, at_hand), month_of, given < at_hand)


@dataclass
class Pricing:
    """The classes against prices, ready to be asked many times."""

    tables: Tables
    classes: Classes
    capacity: Capacity

    def __post_init__(self) -> None:
        kinds, tables = self.classes, self.tables
        half = tables.share[:, kinds.group_district].T
        whole = tables.whole_cost[:, kinds.group_district].T
        base = np.where((kinds.group_halves == 2)[:, None], whole, half)
        self.base = np.where(kinds.group_eligible, base, WIDE)  # (groups, auditors)
        width = int((kinds.last_cell - kinds.first_cell).max(initial=0)) + 1
        cells = kinds.first_cell[:, None] + np.arange(width)[None, :]
        self.out = cells > kinds.last_cell[:, None]
        for row, shut in enumerate(kinds.closed):
            for cell in shut:
                if kinds.first_cell[row] <= cell <= kinds.last_cell[row]:
                    self.out[row, cell - kinds.first_cell[row]] = True
        self.cells = np.minimum(cells, kinds.cells - 1)

    def worth(self, cell_price: Floats, month_price: Floats) -> float:
        """The bound that these prices give."""
        kinds = self.classes
        cost = self.least(cell_price + month_price[:, self.capacity.month_of])
        paid = np.where(self.out, WIDE, cost[kinds.group[:, None], self.cells]).min(axis=1)
        bound = float((kinds.count * np.minimum(paid, kinds.weight)).sum())
        return bound - float((cell_price * self.capacity.cell).sum() + (month_price * self.capacity.month).sum())

    def least(self, prices: Floats) -> Floats:
        """For each group and cell the cheapest auditor's cost with the price in it."""
        kinds, cost = self.classes, np.empty((len(self.base), self.classes.cells))
        for begins in range(0, len(cost), PIECE):  # in pieces: many barred auditors make many groups
            part = slice(begins, begins + PIECE)
            cost[part] = (self.base[part, :, None] + kinds.group_halves[part, None, None] * prices[None]).min(axis=1)
        return cost

    def asked(self, prices: Floats, softness: float) -> Floats:
        """Halves asked of each auditor in each cell, when each visit leans to its cheap places, the softer the more evenly.

        Who is barred from a few visits is not looked at here: these figures only steer the prices.
        """
        kinds = self.classes
        kin, group_of_kin = np.unique(kinds.kin, return_inverse=True)
        group, halves = group_of_kin[kinds.group], kinds.group_halves[kin].astype(float)
        dear = self.base[kin, :, None] + halves[:, None, None] * prices[None]
        floor = dear.min(axis=(1, 2), keepdims=True)
        floor = np.where(np.isfinite(floor), floor, 0.0)
        leaning = np.exp((floor - dear) / softness)
        floor = floor[:, 0, 0]
        places = np.where(self.out, 0.0, leaning.sum(axis=1)[group[:, None], self.cells])
        none = np.exp(np.minimum((floor[group] - kinds.weight) / softness, 600.0))
        flow = kinds.count / np.maximum(places.sum(axis=1) + none, 1e-200)  # nobody may: nothing flows
        flat = (group[:, None] * kinds.cells + self.cells)[~self.out]
        lent = np.broadcast_to(flow[:, None], self.out.shape)[~self.out]
        drawn = np.bincount(flat, weights=lent, minlength=len(kin) * kinds.cells).reshape(len(kin), kinds.cells)
        return np.asarray(np.einsum("gab,gb,g->ab", leaning, drawn, halves, optimize=True))


def settled_prices(pricing: Pricing, *, until: Callable[[], bool] = lambda: False) -> tuple[float, Floats, Floats]:
    """Prices at which what is asked fits what is at hand, less and less softly: the best bound met, and its prices.

    Each turn is a scaling step of Sinkhorn's: a price rises by the logarithm of how many times too much is asked, and falls
    where too little is.
    """
    capacity = pricing.capacity
    month = np.zeros_like(capacity.month)
    cell = np.zeros_like(capacity.cell)
    best = (pricing.worth(cell, month), cell, month)
    at_cell, at_month = np.maximum(capacity.cell, 1e-3), np.maximum(capacity.month, 1e-3)
    for softness in SOFTNESS:
        for turn in range(TURNS):
            asked = pricing.asked(cell + month[:, capacity.month_of], softness)
            cell = _moved(cell, asked / at_cell, softness)
            by_month = np.zeros_like(month)
            np.add.at(by_month.T, capacity.month_of, asked.T)
            month = np.where(capacity.binds, _moved(month, by_month / at_month, softness * 0.5), 0)
            if turn % 5 == 4:
                bound = pricing.worth(cell, month)
                best = max(best, (bound, cell, month), key=lambda one: one[0])
                if until():
                    return best
    return best


def _moved(price: Floats, ratio: Floats, softness: float) -> Floats:
    return np.maximum(price + EAGER * softness * np.clip(np.log(np.maximum(ratio, 1e-9)), -2, 2), 0)
