"""When control limits exist and what they flag: no limits before 25 lots, a second fit at 50, each lot judged by the limits of its day.

One series or many at once: everything is written for a block with one row per series, so that a page and the nightly run are one code.
Limits of lot means come from how one lot differs from the next (mean moving range): readings within a lot know nothing of that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from qualitystats.chart_constants import c4, constants

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
FIRST_FIT = 25
SECOND_FIT = 50
WEIGHT = 0.2  # of the newest lot in the moving average
WIDTH = 3.0  # of all limits, in standard deviations
EVEN_SHARE = 1 / 3  # a lot is suspiciously even below this share of the usual spread within lots
EVEN_RUN = 4


@dataclass(frozen=True, eq=False)
class Watched:
    """One period of many series, each field of shape (s, k). NaN where there are no limits; flags stand only on lots after the first fit."""

    centre: FloatArray
    sigma: FloatArray
    average: FloatArray
    average_half: FloatArray  # half width of the moving average's limits
    beyond: BoolArray
    moved: BoolArray

    @property
    def lcl(self) -> FloatArray:
        return self.centre - WIDTH * self.sigma

    @property
    def ucl(self) -> FloatArray:
        return self.centre + WIDTH * self.sigma


def lots_missing(lots: int) -> int:
    """How many more lots a period needs before it has limits."""
    return max(0, FIRST_FIT - lots)


def fits(lots: int) -> tuple[tuple[int, int, int], ...]:
    """(first lot, lot after the last, lots that made the limits) of each stretch of a period that is judged by one fit.

    >>> fits(24), fits(30), fits(60)
    ((), ((0, 30, 25),), ((0, 50, 25), (50, 60, 50)))
    """
    if lots < FIRST_FIT:
        return ()
    if lots <= SECOND_FIT:
        return ((0, lots, FIRST_FIT),)
    return (0, SECOND_FIT, FIRST_FIT), (SECOND_FIT, lots, SECOND_FIT)


def watched(values: FloatArray) -> Watched:
    """Limits and flags of lot values, shape (s, k), one period each: lots in time order since the beginning or since a change point."""
    series, lots = values.shape
    centre, sigma, average = (np.full((series, lots), np.nan) for _ in range(3))
    for start, end, fitted in fits(lots):
        level = values[:, :fitted].mean(axis=1)
        spread = np.abs(np.diff(values[:, :fitted], axis=1)).mean(axis=1) / constants(2).d2
        # Equal values would make limits of one line, and every other value a signal.
        still = ~(spread > 0)
        centre[:, start:end] = np.where(still, np.nan, level)[:, None]
        sigma[:, start:end] = np.where(still, np.nan, spread)[:, None]
        # The average of the whole period about the level that holds now: a new fit needs no new start.
        course = scipy.signal.lfilter([WEIGHT], [1.0, WEIGHT - 1.0], values[:, :end] - level[:, None], axis=1)
        average[:, start:end] = np.where(still[:, None], np.nan, course[:, start:] + level[:, None])
    steady = WIDTH * np.sqrt(WEIGHT / (2 - WEIGHT))
    half = steady * sigma * np.sqrt(1 - (1 - WEIGHT) ** (2 * np.arange(1, lots + 1)))
    after = np.arange(lots) >= FIRST_FIT
    with np.errstate(invalid="ignore"):
        beyond = (np.abs(values - centre) > WIDTH * sigma) & after
        moved = (np.abs(average - centre) > half) & after
    return Watched(centre, sigma, average, half, beyond, moved)


def usual_spread(deviations: FloatArray, readings: NDArray[np.int64]) -> FloatArray:
    """The usual standard deviation within a lot for each lot, shape (s, k): from the lots of its fit; NaN before there is one.

    `deviations` are the standard deviations of the lots and `readings` how many readings each has; lots with one reading count for nothing.
    """
    series, lots = deviations.shape
    usual = np.full((series, lots), np.nan)
    for start, end, fitted in fits(lots):
        numbers = readings[:, :fitted]
        some = numbers > 1
        unbiased = np.where(some, deviations[:, :fitted] / _c4_of(numbers), 0.0)
        count = some.sum(axis=1)
        mean = unbiased.sum(axis=1) / np.maximum(count, 1)
        usual[:, start:end] = np.where((count > 0) & (mean > 0), mean, np.nan)[:, None]
    return usual


def too_even(deviations: FloatArray, readings: NDArray[np.int64], usual: FloatArray) -> BoolArray:
    """Lots that complete a run of four whose spread lies far below the usual one, after the first fit: copied readings look like that."""
    with np.errstate(invalid="ignore"):
        even = (readings > 1) & (deviations < EVEN_SHARE * usual)
    even[:, :FIRST_FIT] = False
    run = np.zeros_like(even)
    if even.shape[1] >= EVEN_RUN:
        run[:, EVEN_RUN - 1 :] = np.all([even[:, back : even.shape[1] - EVEN_RUN + 1 + back] for back in range(EVEN_RUN)], axis=0)
    return run


def _c4_of(readings: NDArray[np.int64]) -> FloatArray:
    numbers = np.flatnonzero(np.bincount(readings.ravel())) if readings.size else readings.ravel()
    table = np.ones(int(numbers[-1]) + 1 if len(numbers) else 1)
    for number in numbers.tolist():
        if number > 1:
            table[number] = c4(number)
    found: FloatArray = table[readings]
    return found
