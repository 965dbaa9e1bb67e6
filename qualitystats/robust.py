"""Algorithm A: a mean and a spread that a few wild laboratories cannot pull; for one group, or for thousands at once.

The standard's iteration creeps: each round moves a part of the way. Here every round solves for the mean and spread that would
stand still under the present choice of pulled-in results, which jumps there; the iteration itself is the judge of the end.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qualitystats.readings import FloatArray, finite_array

# 1.483 and 1.134 are the standard's rounded factors: an exact factor would give another (0.08 % lower) spread.
_MAD_FACTOR, _PULL, _SPREAD_FACTOR = 1.483, 1.5, 1.134
_U_FACTOR = 1.25
TOLERANCE = 1e-10
# Groups solved together: as many as the processor's cache holds.
_BLOCK = 4096
_ROUNDS, _EARLY = 500, 40
_NOTHING = 1e-12  # of the first spread
_ROUNDING = 1e-13  # of a sum of squares: what its cancellation may leave of nothing


@dataclass(frozen=True)
class AlgorithmA:
    """Robust mean `x_star` and standard deviation `s_star` of p results, in their unit; `u` = 1.25 s* / sqrt(p).

    `started_from` says what the first spread was: the scaled MAD, or, where more than half of the results are equal and it is
    zero, the standard deviation.
    """

    x_star: float
    s_star: float
    u: float
    p: int
    iterations: int
    converged: bool
    started_from: str


@dataclass(frozen=True)
class AlgorithmAGroups:
    """Arrays in the order of the groups: `x_star`, `s_star`, `u`, `p`, `converged`; `iterations` is the longest any group took."""

    x_star: FloatArray
    s_star: FloatArray
    u: FloatArray
    p: NDArray[np.int64]
    converged: NDArray[np.bool_]
    iterations: int


def algorithm_a(values: Any) -> AlgorithmA:
    """Robust mean and standard deviation by Algorithm A.

    Stopping rule: one further round of the standard's iteration changes neither x* nor s* by more than 1e-10 of s*. The standard
    also allows to stop when the third significant figure stands; its printed examples then differ in the last figure.

    Args:
        values: One result for each laboratory, shape (p,), p at least 2; the standard advises more than that.
    Returns:
        x*, s* and u(x*) in the unit of the values. s* is 0 when all results are equal, or so many of them that the iteration
        has no other end; ``started_from`` then is "standard deviation".
    Raises:
        ValueError: not finite, not one-dimensional, fewer than 2.
    Source: ISO 13528:2022, annex C.3 (clause unread); checked against the numbers of its annex E.1 and E.3 and AMC data. The start
        for a zero MAD is a rule of this package.

    >>> found = algorithm_a([12, 19, 20, 23, 23, 25, 25, 26, 28, 28, 28, 29, 30, 30, 31, 32, 32, 45])
    >>> round(found.x_star, 4), round(found.s_star, 4)
    (26.8125, 5.2946)
    """
    results = finite_array("values", values, ndim=1, at_least=2)
    all_found = _solve(np.sort(results)[None, :], np.array([len(results)]))
    mean, spread, converged, rounds, from_mad = all_found
    return AlgorithmA(
        float(mean[0]),
        float(spread[0]),
        _U_FACTOR * float(spread[0]) / math.sqrt(len(results)),
        len(results),
        rounds,
        bool(converged[0]),
        "scaled MAD" if from_mad[0] else "standard deviation",
    )


def algorithm_a_groups(groups: Any) -> AlgorithmAGroups:
    """Algorithm A for many groups at once: the numbers of ``algorithm_a`` for each, many times as fast as a loop.

    Args:
        groups: Shape (groups, p), or a list of lists of different lengths; every group at least 2 results.
    Returns:
        Arrays in the order of the groups.
    Raises:
        ValueError: not finite, a group of fewer than 2, no groups.
    Source: as ``algorithm_a``.

    >>> algorithm_a_groups([[12.0, 12.5, 13.0], [2.0, 2.5, 3.0, 3.5]]).x_star.tolist()
    [12.5, 2.75]
    """
    padded, counts = _padded(groups)
    parts = [_solve(padded[start : start + _BLOCK], counts[start : start + _BLOCK]) for start in range(0, len(padded), _BLOCK)]
    mean, spread, converged = (np.concatenate([part[place] for part in parts]) for place in range(3))
    rounds = max(part[3] for part in parts)
    return AlgorithmAGroups(mean, spread, _U_FACTOR * spread / np.sqrt(counts), counts, converged, rounds)


def _padded(groups: Any) -> tuple[FloatArray, NDArray[np.int64]]:
    """Sorted rows, short ones filled up with infinity, and how many of each row are results."""
    if isinstance(groups, np.ndarray) or not isinstance(groups, Sequence) or len({np.size(group) for group in groups}) == 1:
        array = finite_array("groups", groups, ndim=2, at_least=1)
        if array.shape[1] < 2:
            raise ValueError(f"groups has groups of {array.shape[1]}: must have at least 2 results")
        return np.sort(array, axis=1), np.full(len(array), array.shape[1])
    rows = [finite_array(f"groups[{number}]", group, ndim=1, at_least=2) for number, group in enumerate(groups)]
    if not rows:
        raise ValueError("groups is empty: must have at least one group")
    counts = np.array([len(row) for row in rows])
    padded = np.full((len(rows), int(counts.max())), np.inf)
    padded[np.arange(padded.shape[1]) < counts[:, None]] = np.concatenate(rows)
    return np.sort(padded, axis=1), counts


@dataclass(frozen=True)
class _Ranked:
    """Sorted rows around their medians, with sums and sums of squares that grow outwards from the middle of each row.

    What lies between two places is then one subtraction, and a wild result at an end never enters the sum of those inside.
    ``by_place`` has a row for each place and a column for each group: counting runs along the memory.
    """

    by_place: FloatArray
    counts: NDArray[np.int64]
    sums: FloatArray
    squares: FloatArray

    @classmethod
    def of(cls, by_place: FloatArray, counts: NDArray[np.int64]) -> _Ranked:
        places = np.arange(len(by_place))[:, None]
        known = by_place if (counts == len(by_place)).all() else np.where(places < counts, by_place, 0.0)
        right = places >= counts // 2
        return cls(by_place, counts, _outwards(known, right), _outwards(known * known, right))

    def some(self, which: NDArray[Any]) -> _Ranked:
        return _Ranked(self.by_place[:, which], self.counts[which], self.sums[:, which], self.squares[:, which])


def _outwards(values: FloatArray, right: NDArray[np.bool_]) -> FloatArray:
    out = np.zeros((len(values) + 1, values.shape[1]))
    for place in range(len(values)):
        np.add(out[place], np.where(right[place], values[place], 0.0), out=out[place + 1])
    left = np.zeros(values.shape[1])
    for place in reversed(range(len(values))):
        left += np.where(right[place], 0.0, values[place])
        out[place] -= left
    return out


def _solve(ranked: FloatArray, counts: NDArray[np.int64]) -> tuple[FloatArray, FloatArray, NDArray[np.bool_], int, NDArray[np.bool_]]:
    """x*, s*, converged, rounds and whether the MAD was a start, for each sorted row of which ``counts`` are results."""
    centre = _medians(ranked, counts)
    # Around the median: sums of squares then lose nothing to a large common offset.
    values = ranked - centre[:, None]
    spread = _MAD_FACTOR * _medians(np.sort(np.abs(values), axis=1), counts)
    from_mad = spread > 0
    if not from_mad.all():
        spread = np.where(from_mad, spread, _standard_deviations(values, counts))
    mean, first = np.zeros(len(values)), spread.copy()
    converged = np.zeros(len(values), dtype=bool)
    rows, active, rounds = _Ranked.of(np.ascontiguousarray(values.T), counts), np.arange(len(values)), 0
    while len(active) and rounds < _ROUNDS:
        rounds += 1
        next_mean, next_spread, jumped = _round(rows, mean[active], spread[active], late=rounds > _EARLY)
        # The standard's own round says whether we stand still; only then is a group done.
        still = np.abs(next_mean - mean[active]) <= TOLERANCE * next_spread
        still &= np.abs(next_spread - spread[active]) <= TOLERANCE * next_spread
        # Where most results are equal the spread halves for ever: its end is zero, and the mean's is what most of them say.
        collapsed = next_spread <= _NOTHING * first[active]
        next_mean, next_spread = np.where(collapsed, 0.0, next_mean), np.where(collapsed, 0.0, next_spread)
        still |= collapsed
        # Every few rounds the plain step, so that a jump which goes back and forth between two choices cannot last.
        plain_step = still | (rounds % 4 == 0)
        mean[active], spread[active] = np.where(plain_step, next_mean, jumped[0]), np.where(plain_step, next_spread, jumped[1])
        converged[active[still]] = True
        if still.any():
            rows, active = rows.some(~still), active[~still]
    return mean + centre, spread, converged, rounds, from_mad


def _round(
    rows: _Ranked, mean: FloatArray, spread: FloatArray, *, late: bool
) -> tuple[FloatArray, FloatArray, tuple[FloatArray, FloatArray]]:
    """One round of the standard, and the point that would stand still if the same results stayed pulled in."""
    low, high = mean - _PULL * spread, mean + _PULL * spread
    n_below = np.sum(rows.by_place < low, axis=0, dtype=np.int32)
    end = np.sum(rows.by_place <= high, axis=0, dtype=np.int32)
    n_above, at = rows.counts - end, np.arange(len(mean))
    inner = end - n_below
    total = rows.sums[end, at] - rows.sums[n_below, at]
    squares = rows.squares[end, at] - rows.squares[n_below, at]
    next_mean = (total + n_below * low + n_above * high) / rows.counts
    about = squares - 2 * next_mean * total + inner * next_mean**2 + n_below * (low - next_mean) ** 2 + n_above * (high - next_mean) ** 2
    next_spread = _SPREAD_FACTOR * np.sqrt(np.maximum(about, 0.0) / (rows.counts - 1))
    centre = total / np.maximum(inner, 1)
    within = squares - inner * centre**2
    within = np.where(within <= _ROUNDING * squares, 0.0, within)
    return next_mean, next_spread, _standing((centre, within, inner), (n_below, n_above), (next_mean, next_spread), late=late)


def _standing(
    inside: tuple[FloatArray, FloatArray, Any], outside: tuple[Any, Any], otherwise: tuple[FloatArray, FloatArray], *, late: bool
) -> tuple[FloatArray, FloatArray]:
    """Mean and spread that reproduce themselves when those inside are untouched and the others sit 1.5 s from the mean.

    With m inside, of mean v and sum of squares Q about v, and d = n_above - n_below, the mean is v + 1.5 s d / m; then
    s^2 (p - 1) / 1.134^2 = Q + 2.25 s^2 (n_below + n_above + d^2 / m).

    Where those inside are all equal that point is a spread of zero, from which there is no way back: it is taken only late, when
    the rounds have shown that they creep towards it.
    """
    (centre, squares, inner), (n_below, n_above) = inside, outside
    safe, skew = np.maximum(inner, 1), n_above - n_below
    rest = (inner + n_below + n_above - 1) / _SPREAD_FACTOR**2 - _PULL**2 * (n_below + n_above + skew**2 / safe)
    possible = (rest > 0) & (inner > 0) & ((squares > 0) | (late & (np.abs(skew) <= inner)))
    spread = np.sqrt(np.where(possible, squares, 1.0) / np.where(possible, rest, 1.0))
    return np.where(possible, centre + _PULL * spread * skew / safe, otherwise[0]), np.where(possible, spread, otherwise[1])


def _standard_deviations(values: FloatArray, counts: NDArray[np.int64]) -> FloatArray:
    there = np.arange(values.shape[1]) < counts[:, None]
    known = np.where(there, values, 0.0)
    from_mean = np.where(there, known - (known.sum(axis=1) / counts)[:, None], 0.0)
    out: FloatArray = np.sqrt(np.sum(from_mean**2, axis=1) / (counts - 1))
    return out


def _medians(ranked: FloatArray, counts: NDArray[np.int64]) -> FloatArray:
    rows = np.arange(len(ranked))
    out: FloatArray = 0.5 * (ranked[rows, (counts - 1) // 2] + ranked[rows, counts // 2])
    return out
