"""Where variation comes from: between suppliers, between their lots, between laboratories, within a lot.

Nested random effects, any number of levels, groups of any size: type I (sequential) sums of squares set equal to their exact
expectations, so no fit can fail to converge and equal data give equal numbers everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
import scipy
from numpy.typing import NDArray

from qualitystats.linear_mean_squares import interval_of_difference
from qualitystats.readings import FloatArray, finite, finite_array

Labels: TypeAlias = Sequence[Hashable] | NDArray[Any]
METHOD = "type I ANOVA, exact expected mean squares"
INTERVAL_METHOD = (
    "modified large-sample (Graybill-Wang) on mean squares, terms of one sign joined by Satterthwaite; within: exact chi-square"
)
WITHIN = "within"


@dataclass(frozen=True)
class Component:
    """One source of variation. `variance` in the squared unit, zero and `truncated` when `estimate` came out below zero.

    `low` and `high` bound the variance with the stated confidence; `share` is its part of the total. All are None where nothing
    can be said.
    """

    name: str
    groups: int
    degrees_of_freedom: int
    estimate: float | None
    variance: float | None
    share: float | None
    low: float | None
    high: float | None
    truncated: bool

    @property
    def sd(self) -> float | None:
        """Standard deviation in the unit of the values."""
        return None if self.variance is None else math.sqrt(self.variance)

    @property
    def interval(self) -> tuple[float, float] | None:
        """Both bounds of the variance, or None."""
        return None if self.low is None or self.high is None else (self.low, self.high)


@dataclass(frozen=True)
class VarianceComponents:
    """The tree, outermost level first, ``within`` last. `total` and shares are None with a `reason` where nothing can be said.

    Intervals are exact for ``within``, approximate for the rest, the more so the more unequal the groups.
    """

    components: tuple[Component, ...]
    total: float | None
    mean: float
    n: int
    confidence: float
    reason: str
    method: str = METHOD
    interval_method: str = INTERVAL_METHOD

    def __getitem__(self, name: str) -> Component:
        for component in self.components:
            if component.name == name:
                return component
        raise KeyError(name)

    @property
    def shares(self) -> dict[str, float | None]:
        """Part of the total by name; sums to 1 when there is a total above zero."""
        return {component.name: component.share for component in self.components}

    @property
    def variances(self) -> dict[str, float | None]:
        """Variance by name."""
        return {component.name: component.variance for component in self.components}


def variance_components(
    values: Any, *, nesting: Mapping[str, Labels] | Sequence[Labels], confidence: float = 0.95
) -> VarianceComponents:
    """Split the variation of values into nested sources.

    Args:
        values: One number for each reading, shape (n,), in one unit.
        nesting: For each level, outermost first, the label of every reading: ``{"supplier": [...], "lot": [...]}``, or the label
            lists alone (levels then are called ``level 1`` ...). Labels count inside their parents: lot 1 of two suppliers is
            two lots. A laboratory that tests many lots is not nested in them: its level then also holds the interaction.
        confidence: Of the two-sided intervals, above 0.5 and below 1.
    Returns:
        One component for each level and ``within``. A negative estimate is reported as zero, flagged, and kept in ``estimate``;
        the other components are not re-estimated. No variances, and a reason, when a level cannot be told from the next.
    Raises:
        ValueError: not finite, labels of another length, no level, a level called ``within``, ``confidence`` out of range.
    Source: S. R. Searle, G. Casella, C. E. McCulloch, Variance Components, expected mean squares of unbalanced nested designs;
        R. K. Burdick, F. A. Graybill, Confidence Intervals on Variance Components (both from memory, pages unread; the
        coefficients are proved in the tests against traces of matrices, the intervals by simulated coverage).

    >>> tree = variance_components([1.0, 1.2, 3.0, 3.4, 5.0, 5.0], nesting={"lot": [1, 1, 2, 2, 3, 3]})
    >>> {name: round(share, 4) for name, share in tree.shares.items()}
    {'lot': 0.9913, 'within': 0.0087}
    """
    readings = finite_array("values", values, ndim=1, at_least=1)
    names, codes = _levels(nesting, len(readings))
    finite("confidence", confidence, above=0.5, at_most=1 - 1e-9)
    counts = [int(code.max()) + 1 for code in codes]
    freedom = [after - before for before, after in zip([1, *counts], [*counts, len(readings)], strict=True)]
    reason = _why_not([*names, WITHIN], counts, len(readings))
    if reason:
        nothing = [
            Component(name, groups, df, None, None, None, None, None, False)
            for name, groups, df in zip([*names, WITHIN], [*counts, len(readings)], freedom, strict=True)
        ]
        return VarianceComponents(tuple(nothing), None, float(readings.mean()), len(readings), confidence, reason)
    squares = _mean_squares(readings, codes, freedom)
    rows = np.linalg.inv(_expectations(codes, freedom))
    estimates = rows @ squares
    total = float(np.sum(np.maximum(estimates, 0.0)))
    parts = [
        _component(name, groups, df, float(estimate), total, _interval(row, squares, freedom, level, confidence))
        for level, (name, groups, df, estimate, row) in enumerate(
            zip([*names, WITHIN], [*counts, len(readings)], freedom, estimates, rows, strict=True)
        )
    ]
    reason = "" if total > 0 else "all values are equal: nothing to share"
    return VarianceComponents(tuple(parts), total, float(readings.mean()), len(readings), confidence, reason)


def _component(name: str, groups: int, df: int, estimate: float, total: float, bounds: tuple[float, float]) -> Component:
    variance = max(estimate, 0.0)
    share = variance / total if total > 0 else None
    return Component(name, groups, df, estimate, variance, share, bounds[0], bounds[1], estimate < 0)


def _levels(nesting: Any, n: int) -> tuple[list[str], list[NDArray[np.int64]]]:
    """Names, and for each level a number for every reading; the numbers of a level tell apart equal labels of different parents."""
    named = dict(nesting) if isinstance(nesting, Mapping) else {f"level {at}": labels for at, labels in enumerate(nesting, start=1)}
    if not named:
        raise ValueError("nesting has no level: must have at least one")
    if WITHIN in named:
        raise ValueError(f"nesting has a level called {WITHIN!r}: that is the name of what is left")
    codes: list[NDArray[np.int64]] = []
    parent = np.zeros(n, dtype=np.int64)
    for name, labels in named.items():
        if isinstance(labels, (str, bytes)) or np.ndim(labels) == 0 or len(labels) != n:
            raise ValueError(f"nesting[{name!r}] must have one label for each of the {n} values")
        parent = _inside(parent, labels)
        codes.append(parent)
    return [str(name) for name in named], codes


def _inside(parent: NDArray[np.int64], labels: Any) -> NDArray[np.int64]:
    """A number for each pair of parent and label. Whole numbers in an array are told apart without a step for each reading."""
    if isinstance(labels, np.ndarray) and labels.dtype.kind in "iu":
        _known, own = np.unique(labels, return_inverse=True)
        _pairs, code = np.unique(parent * (int(own.max()) + 1) + own, return_inverse=True)
        inside: NDArray[np.int64] = code.astype(np.int64)
        return inside
    known: dict[tuple[int, Hashable], int] = {}
    pairs = zip(parent.tolist(), labels.tolist() if isinstance(labels, np.ndarray) else labels, strict=True)
    return np.array([known.setdefault(pair, len(known)) for pair in pairs], dtype=np.int64)


def _why_not(names: Sequence[str], counts: Sequence[int], n: int) -> str:
    """Why the levels cannot be told apart; empty when they can."""
    if counts[0] < 2:
        return f"only one {names[0]}: nothing lies between"
    for inner, outer, before, after in zip(names[1:], names, counts, [*counts[1:], n], strict=False):
        if after == before:
            what = "reading" if inner == WITHIN else inner
            return f"every {outer} has one {what}: {outer} and {inner} cannot be told apart"
    return ""


def _mean_squares(readings: FloatArray, codes: Sequence[NDArray[np.int64]], freedom: Sequence[int]) -> FloatArray:
    # From the first reading, then from the mean: equal values leave exactly nothing.
    centred = readings - readings[0]
    centred = centred - centred.mean()
    fitted = [np.zeros(len(centred)), *(_means(centred, code)[code] for code in codes), centred]
    squares = [float(np.sum((inner - outer) ** 2)) for outer, inner in pairwise(fitted)]
    out: FloatArray = np.array(squares) / np.array(freedom)
    return out


def _means(values: FloatArray, code: NDArray[np.int64]) -> FloatArray:
    out: FloatArray = np.bincount(code, weights=values) / np.bincount(code)
    return out


def _expectations(codes: Sequence[NDArray[np.int64]], freedom: Sequence[int]) -> FloatArray:
    """Row i, column j: how often the variance of level j stands in the expected mean square of level i. Upper triangular."""
    n = len(codes[0])
    every = [np.zeros(n, dtype=np.int64), *codes, np.arange(n)]
    sizes = [np.bincount(code).astype(np.float64) for code in every]
    levels = len(codes) + 1
    # In the sum of n_u x mean^2 over the groups u of level i, a level j inside of it stands with the sum of n_v^2 / n_u.
    stands = np.full((levels + 1, levels), float(n))
    for i in range(levels + 1):
        for j in range(i, levels):
            inner = every[j + 1]
            parents = np.zeros(len(sizes[j + 1]), dtype=np.int64)
            parents[inner] = every[i]
            stands[i, j] = float(np.sum(sizes[j + 1] ** 2 / sizes[i][parents]))
    out: FloatArray = np.diff(stands, axis=0) / np.array(freedom)[:, None]
    return np.triu(out)


def _interval(row: FloatArray, squares: FloatArray, freedom: Sequence[int], level: int, confidence: float) -> tuple[float, float]:
    """Bounds of one component, which is a sum of mean squares with factors: those added and those subtracted are joined, each side."""
    tail = (1.0 - confidence) / 2.0
    terms = row[level:] * squares[level:]
    df = np.array(freedom[level:], dtype=np.float64)
    # The own mean square is always added, even when it is zero.
    added, df_added = _joined(terms, df, np.append(True, row[level + 1 :] > 0))
    taken, df_taken = _joined(-terms, df, np.append(False, row[level + 1 :] < 0))
    if taken == 0:
        return df_added * added / float(scipy.stats.chi2.isf(tail, df_added)), df_added * added / float(scipy.stats.chi2.ppf(tail, df_added))
    low, high = interval_of_difference(added, df_added, taken, df_taken, tail=tail)
    return max(low, 0.0), max(high, 0.0)


def _joined(terms: FloatArray, df: FloatArray, which: NDArray[np.bool_]) -> tuple[float, float]:
    """The sum of some terms and the degrees of freedom that Satterthwaite gives it; never fewer than the least of theirs."""
    total, spread = float(terms[which].sum()), float(np.sum(terms[which] ** 2 / df[which]))
    return total, float(df[0]) if total == 0 else max(total * total / spread, float(df[which].min()))
