"""A problem as arrays: who may go where, what a day costs, which visits are alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audits.planning.problem import Problem, Visit

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass
class Tables:
    """What the search looks up. `nowhere` is the number of the district of an empty half."""

    district: Ints
    first: Ints
    last: Ints
    halves: Ints
    weight: Floats
    eligible: Bools  # (visits, auditors)
    cell_of: Ints  # by day
    month_of: Ints  # by day
    month_cap: Ints  # (auditors, months), halves
    free: Bools  # (auditors, days, 2), with neither leave nor what is fixed
    day_cost: Floats  # (auditors, districts + 1, districts + 1): a day with a visit in each half
    whole_cost: Floats  # (auditors, districts): a day with one visit of both halves
    share: Floats  # (auditors, districts): the least that one half-day visit can cost
    nowhere: int


def tables_of(problem: Problem) -> Tables:
    """The arrays of a problem. What is fixed has taken its halves and its share of the month."""
    visits, auditors = problem.visits, problem.auditors
    legs = np.asarray(problem.legs, dtype=float)
    homes = np.array([a.home for a in auditors], dtype=np.int64)
    out, inside, nowhere = legs[homes], np.diag(legs), len(legs)
    day_cost = np.zeros((len(auditors), nowhere + 1, nowhere + 1))
    day_cost[:, :nowhere, :nowhere] = out[:, :, None] + legs[None] + out[:, None, :]
    day_cost[:, :nowhere, nowhere] = day_cost[:, nowhere, :nowhere] = 2 * out
    months = int(problem.months[-1]) + 1
    free = np.ones((len(auditors), len(problem.days), 2), dtype=bool)
    cap = np.array([[a.halves_per_month] * months for a in auditors], dtype=np.int64)
    for number, auditor in enumerate(auditors):
        for day, half in auditor.away:
            free[number, day, half] = False
    return Tables(
        district=np.array([v.district for v in visits], dtype=np.int64),
        first=np.array([v.first for v in visits], dtype=np.int64),
        last=np.array([v.last for v in visits], dtype=np.int64),
        halves=np.array([v.halves for v in visits], dtype=np.int64),
        weight=np.array([v.weight for v in visits], dtype=float),
        eligible=_eligible(problem),
        cell_of=problem.cells,
        month_of=problem.months,
        month_cap=cap,
        free=free,
        day_cost=day_cost,
        whole_cost=2 * out,
        # Two visits of one district share a way out, one between them and a way back; nothing is cheaper, whoever is the other.
        share=out + inside[None, :] / 2,
        nowhere=nowhere,
    )


def _eligible(problem: Problem) -> Bools:
    known: dict[frozenset[str], Bools] = {}
    rows = np.zeros((len(problem.visits), len(problem.auditors)), dtype=bool)
    for number, visit in enumerate(problem.visits):
        if visit.needs not in known:
            known[visit.needs] = np.array([visit.needs <= a.skills for a in problem.auditors], dtype=bool)
        rows[number] = known[visit.needs]
        for auditor in visit.barred:
            rows[number, auditor] = False
    return rows


@dataclass
class Classes:
    """Visits that are alike for the relaxation: same group (district, halves, who may go), same cells, same weight."""

    members: list[list[int]]
    group: Ints
    first_cell: Ints
    last_cell: Ints
    weight: Floats
    count: Ints
    group_district: Ints
    group_halves: Ints
    group_eligible: Bools  # (groups, auditors)
    kin: Ints  # for each group the first one of the same district, halves and needs, whoever is barred
    cells: int
    closed: list[frozenset[int]]  # cells shut as a whole, by class


def classes_of(problem: Problem, tables: Tables) -> Classes:
    """The classes of all visits that are not fixed and have a day at all."""
    groups: dict[tuple[int, int, bytes], int] = {}
    eligible: list[Bools] = []
    kin: dict[tuple[int, int, frozenset[str]], int] = {}
    kin_of: list[int] = []
    found: dict[tuple[int, int, int, float, frozenset[int]], list[int]] = {}
    sizes = np.bincount(tables.cell_of)
    for number, visit in enumerate(problem.visits):
        if number in problem.fixed or visit.last < visit.first:
            continue
        name = (visit.district, visit.halves, tables.eligible[number].tobytes())
        if name not in groups:
            groups[name] = len(groups)
            eligible.append(tables.eligible[number])
            kin_of.append(kin.setdefault((visit.district, visit.halves, visit.needs), groups[name]))
        span = (int(tables.cell_of[visit.first]), int(tables.cell_of[visit.last]))
        found.setdefault((groups[name], *span, visit.weight, _shut(visit, tables, sizes)), []).append(number)
    keys, names = list(found), list(groups)
    return Classes(
        members=list(found.values()),
        group=np.array([k[0] for k in keys], dtype=np.int64),
        first_cell=np.array([k[1] for k in keys], dtype=np.int64),
        last_cell=np.array([k[2] for k in keys], dtype=np.int64),
        weight=np.array([k[3] for k in keys], dtype=float),
        count=np.array([len(m) for m in found.values()], dtype=np.int64),
        group_district=np.array([g[0] for g in names], dtype=np.int64),
        group_halves=np.array([g[1] for g in names], dtype=np.int64),
        group_eligible=np.array(eligible, dtype=bool).reshape(len(names), len(problem.auditors)),
        kin=np.array(kin_of, dtype=np.int64),
        cells=len(sizes),
        closed=[k[4] for k in keys],
    )


def _shut(visit: Visit, tables: Tables, sizes: Ints) -> frozenset[int]:
    if not visit.closed:
        return frozenset()
    shut: dict[int, int] = {}
    for begins, ends in visit.closed:
        for day in range(max(begins, 0), min(ends, len(tables.cell_of) - 1) + 1):
            cell = int(tables.cell_of[day])
            shut[cell] = shut.get(cell, 0) + 1
    return frozenset(cell for cell, days in shut.items() if days >= sizes[cell])
