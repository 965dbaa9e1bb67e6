"""Lots against each other: the worst pair, and groups of lots that may be sewn into one garment."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from qualitystats.colour_formulas import cie76_of, ciede2000_of, cmc_of
from qualitystats.readings import FloatArray, finite, finite_array

# Differences held at once: small enough for the processor's cache, which is what makes blocks fast, not only lean.
_BLOCK = 1 << 15
_CMC = re.compile(r"cmc\((\d+(?:\.\d+)?):(\d+(?:\.\d+)?)\)")
_Formula = Callable[[FloatArray, FloatArray], FloatArray]


@dataclass(frozen=True)
class WorstPair:
    """The two lots that differ most, as positions in the caller's list; ``reference`` took the part of the standard."""

    reference: int
    sample: int
    difference: float
    formula: str
    n_lots: int

    @property
    def pair(self) -> tuple[int, int]:
        """The two positions, the lower first."""
        return min(self.reference, self.sample), max(self.reference, self.sample)


@dataclass(frozen=True)
class ShadeGroup:
    """``lots`` as positions in the caller's list; ``worst`` is the largest difference within; ``has_standard`` says where it sits."""

    lots: tuple[int, ...]
    worst: float
    has_standard: bool


@dataclass(frozen=True)
class ShadeGroups:
    """Groups in the order they were opened; the first is the standard's own when any lot is near enough to it."""

    groups: tuple[ShadeGroup, ...]
    limit: float
    formula: str

    @property
    def labels(self) -> tuple[int, ...]:
        """For every lot the number of its group, from 0."""
        by_lot = {lot: number for number, group in enumerate(self.groups) for lot in group.lots}
        return tuple(by_lot[lot] for lot in range(len(by_lot)))


def lot_to_lot_worst_pair(lots: Any, *, formula: str = "ciede2000") -> WorstPair:
    """The pair of lots with the largest colour difference, of all pairs. Each lot passing its standard does not bound this.

    Pairs are gone through in blocks: memory does not grow with the square of the number of lots.

    Args:
        lots: CIELAB colour of each lot, shape (lots, 3), one illuminant and observer; at least two lots.
        formula: ``ciede2000``, ``cie76`` or ``cmc(l:c)`` such as ``cmc(2:1)``; for CMC both directions are tried.
    Returns:
        Positions and difference; of equal pairs the first in the order of the list.
    Raises:
        ValueError: not finite, not shape (lots, 3), fewer than two lots, an unknown formula.
    Source: the formulas' own; comparing all pairs is a rule of this package.

    >>> lot_to_lot_worst_pair([[50, 0, 0], [50, 0, 1], [50, 0, -1]], formula="cie76").pair
    (1, 2)
    """
    labs = _lots(lots, at_least=2)
    measure, symmetric = _named(formula)
    worst, at = -1.0, (0, 1)
    for start, block in _blocks(labs, measure, symmetric=symmetric):
        place = int(np.argmax(block))
        row, column = divmod(place, block.shape[1])
        if block[row, column] > worst:
            # Every block's columns begin with its own first lot when one direction is enough.
            worst, at = float(block[row, column]), (start + row, column + (start if symmetric else 0))
    return WorstPair(at[0], at[1], worst, formula, len(labs))


def shade_groups(lots: Any, *, limit: float, standard: Any = None, formula: str = "ciede2000") -> ShadeGroups:
    """Sort lots into groups in which every pair is within the limit, beginning around the standard.

    Lots are taken from the nearest to the standard outwards; each joins the first group all of whose members, the standard in the
    first group among them, are within the limit, else it opens a new one. The number of groups is small but not proven smallest:
    that problem (clique cover) has no quick exact answer.

    Args:
        lots: CIELAB colour of each lot, shape (lots, 3), one illuminant and observer; at least one lot.
        limit: Largest difference allowed between any two of one group, same scale as ``formula``; above 0.
        standard: CIELAB colour of the standard, shape (3,); without it the lot nearest to the mean colour leads.
        formula: ``ciede2000``, ``cie76`` or ``cmc(l:c)``; for CMC the larger of the two directions counts.
    Returns:
        The groups, each with its worst inner difference (to the standard too, in the standard's group).
    Raises:
        ValueError: not finite, wrong shape, ``limit`` not above 0, an unknown formula.
    Source: none, a rule of this package; the trade's 555 sorting is not it.

    >>> shade_groups([[50, 0, 0], [50, 0, 0.4], [50, 0, 2.0]], limit=1.0, standard=[50, 0, 0.1], formula="cie76").labels
    (0, 0, 1)
    """
    labs, bound = _lots(lots, at_least=1), finite("limit", limit, above=0)
    measure, symmetric = _named(formula)
    both = measure if symmetric else partial(_larger_direction, measure)
    centre = labs.mean(axis=0) if standard is None else finite_array("standard", standard, ndim=1)
    if centre.shape != (3,):
        raise ValueError(f"standard has shape {centre.shape}: must be (3,)")
    from_centre = both(np.broadcast_to(centre, labs.shape), labs)
    # Ties go by colour, not by place in the list: the groups must not depend on the order of the lots.
    order = np.lexsort((labs[:, 2], labs[:, 1], labs[:, 0], from_centre))
    groups: list[list[int]] = [[]]
    worst = [0.0]
    for lot in order.tolist():
        number, inner = _first_that_takes(lot, groups, labs, both, bound, 0.0 if standard is None else float(from_centre[lot]))
        if number == len(groups):
            groups.append([])
            worst.append(0.0)
        groups[number].append(lot)
        worst[number] = max(worst[number], inner)
    found = [
        ShadeGroup(tuple(sorted(members)), worst[number], number == 0 and standard is not None)
        for number, members in enumerate(groups)
        if members
    ]
    return ShadeGroups(tuple(found), bound, formula)


def _first_that_takes(
    lot: int, groups: list[list[int]], labs: FloatArray, measure: _Formula, limit: float, from_standard: float
) -> tuple[int, float]:
    """The first group whose every member is near enough, and the largest difference to them; len(groups) when there is none."""
    for number, members in enumerate(groups):
        inner = from_standard if number == 0 else 0.0
        if members:
            inner = max(inner, float(measure(np.broadcast_to(labs[lot], (len(members), 3)), labs[members]).max()))
        if inner <= limit:
            return number, inner
    return len(groups), 0.0


def _blocks(labs: FloatArray, measure: _Formula, *, symmetric: bool) -> Iterator[tuple[int, FloatArray]]:
    """First row and differences of each block; of a symmetric formula only columns from the block's first row on."""
    start = 0
    while start < len(labs):
        columns = labs[start:] if symmetric else labs
        rows = max(1, _BLOCK // len(columns))
        yield start, measure(labs[start : start + rows, None, :], columns[None, :, :])
        start += rows


def _larger_direction(measure: _Formula, first: FloatArray, second: FloatArray) -> FloatArray:
    out: FloatArray = np.maximum(measure(first, second), measure(second, first))
    return out


def _named(formula: str) -> tuple[_Formula, bool]:
    """The formula, and whether it is the same in both directions."""
    if formula == "ciede2000":
        return ciede2000_of, True
    if formula == "cie76":
        return cie76_of, True
    weights = _CMC.fullmatch(formula) if isinstance(formula, str) else None
    if weights is None:
        raise ValueError(f"formula is {formula!r}: must be ciede2000, cie76 or cmc(l:c) such as cmc(2:1)")
    lightness, chroma = (finite("formula", float(part), above=0) for part in weights.groups())
    return partial(cmc_of, lightness=lightness, chroma=chroma), False


def _lots(lots: Any, *, at_least: int) -> FloatArray:
    labs = finite_array("lots", lots, at_least=at_least)
    if labs.ndim != 2 or labs.shape[1] != 3:
        raise ValueError(f"lots has shape {labs.shape}: must be (lots, 3)")
    return labs
