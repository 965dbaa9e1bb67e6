"""The relaxation as a linear programme (HiGHS), over the places that the prices make cheap; its duals price all the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy

from audits.planning.prices import WIDE, Pricing
from audits.planning.tables import Floats, Ints

SPREAD = 6.0  # minutes: how far beyond its cheapest place a class still looks


@dataclass
class Columns:
    """Places worth a look: which class, by whom, in which cell, at which cost."""

    kind: Ints
    auditor: Ints
    cell: Ints
    cost: Floats


@dataclass
class Relaxed:
    """The share of each class that goes to each place, and the prices of cells and months; nan where no column asks."""

    columns: Columns
    amount: Floats
    cell_price: Floats
    month_price: Floats


def cheap_places(pricing: Pricing, cell_price: Floats, month_price: Floats, *, each: int) -> Columns:
    """For each class its cheapest places at these prices; among equals others for each class, so that no week is asked by all."""
    kinds, rng = pricing.classes, np.random.default_rng(5)
    prices = cell_price + month_price[:, pricing.capacity.month_of]
    parts: list[tuple[Ints, Ints, Ints, Floats]] = []
    for group in np.unique(kinds.group):
        rows = np.flatnonzero(kinds.group == group)
        able = np.flatnonzero(pricing.base[group] < WIDE)
        if not len(able):
            continue
        asked = pricing.base[group][able, None] + kinds.group_halves[group] * prices[able]  # (able, cells)
        width = pricing.cells.shape[1]
        for begins in range(0, len(rows), 512):
            part = rows[begins : begins + 512]
            costs = asked[:, pricing.cells[part]].transpose(1, 0, 2)  # (part, able, width)
            costs = np.where(pricing.out[part][:, None, :], WIDE, costs + rng.gumbel(0.0, SPREAD, costs.shape))
            flat = costs.reshape(len(part), -1)
            many = min(each, flat.shape[1])
            best = np.argpartition(flat, many - 1, axis=1)[:, :many]
            kind = np.repeat(part, many)
            who, place = np.divmod(best.ravel(), width)
            fine = flat[np.arange(len(part))[:, None], best].ravel() < WIDE
            cell = pricing.cells[kind, place]
            parts.append((kind[fine], able[who[fine]], cell[fine], pricing.base[group][able[who[fine]]]))
    if not parts:
        none = np.zeros(0, dtype=np.int64)
        return Columns(none, none, none, np.zeros(0))
    return Columns(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def relax(pricing: Pricing, columns: Columns, *, seconds: float) -> Relaxed | None:
    """The best fractional plan over the columns; None where HiGHS ran out of its time."""
    kinds, capacity = pricing.classes, pricing.capacity
    many, n = len(columns.kind), len(kinds.count)
    auditors, cells = capacity.cell.shape
    months = capacity.month.shape[1]
    halves = kinds.group_halves[kinds.group].astype(float)[columns.kind]
    at_cell = columns.auditor * cells + columns.cell
    at_month = auditors * cells + columns.auditor * months + capacity.month_of[columns.cell]
    every = np.arange(many)
    upper = scipy.sparse.csr_matrix(
        scipy.sparse.coo_matrix(
            (np.concatenate([halves, halves]), (np.concatenate([at_cell, at_month]), np.concatenate([every, every]))),
            shape=(auditors * (cells + months), many + n),
        )
    )
    equal = scipy.sparse.csr_matrix(
        scipy.sparse.coo_matrix((np.ones(many + n), (np.concatenate([columns.kind, np.arange(n)]), np.arange(many + n))), shape=(n, many + n))
    )
    rows = np.flatnonzero(np.diff(upper.indptr))
    limits = np.concatenate([capacity.cell.ravel(), capacity.month.ravel()])
    found = scipy.optimize.linprog(
        np.concatenate([columns.cost, kinds.weight]), A_ub=upper[rows], b_ub=limits[rows], A_eq=equal, b_eq=kinds.count.astype(float),
        bounds=(0, None), method="highs-ds" if many < 60_000 else "highs-ipm", options={"time_limit": seconds},
    )  # fmt: skip
    if found.x is None or found.status != 0:
        return None
    prices = np.full(len(limits), np.nan)  # of what no column asks for, nothing is known
    prices[rows] = np.maximum(-found.ineqlin.marginals, 0)
    return Relaxed(
        columns, found.x[:many], prices[: auditors * cells].reshape(auditors, cells), prices[auditors * cells :].reshape(auditors, months)
    )
