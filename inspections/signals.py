"""What is worth a look, and how much: rules, harm and certainty. Pure, for one series or for a block of many.

**Harm** (1 to 4), from the agreed limits: 4 a reading is out; 3 the value has used three quarters of the way from the centre to the limit on
its side, or two lots differ by more than a lot may differ from the sample; 1 it has used less than half; 2 between these, or nothing is agreed.
Patterns in the readings themselves say nothing of the goods: 2.
**Certainty** (1 to 3), from how often a series in which nothing changed gives such a signal on one lot: 3 less than once in 100,000 lots,
2 less than once in 1,000, else 1. What is simply so (a reading is out) is certain: 3.
The list is ordered by harm × certainty.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from math import erfc, sqrt
from typing import Any

import numpy as np
import scipy

from inspections.control_limits import FIRST_FIT, SECOND_FIT, BoolArray, FloatArray, too_even, usual_spread, watched
from inspections.models.signals import Signal

Kind = Signal.Kind
# Simulated with the code that watches (20,000 quiet series, 5 readings a lot): how many signals 20 further lots give, by the number of lots
# behind the limits. tests/unit/inspections/test_signals.py does it again.
FALSE_IN_20_LOTS = {FIRST_FIT: 0.34, SECOND_FIT: 0.20}
OWNER_SEES_AFTER = timedelta(hours=24)
# Likeness is a question to the firm, and it has a week to answer it before its customer reads the question.
LIKENESS_WAITS = timedelta(days=7)
LIKENESS = (Kind.REPEATED, Kind.DIGITS, Kind.PHOTO)
CHARTED = (Kind.BEYOND, Kind.EWMA, Kind.EVEN)
DRIFTS = (Kind.DRIFT_L, Kind.DRIFT_A, Kind.DRIFT_B)
BIAS_PAIRS, BIAS_CHANCE = 8, 0.001


@dataclass(frozen=True, slots=True)
class Found:
    """One signal as it was seen: its kind, the numbers behind it, how harmful and how certain."""

    kind: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    harm: int = 2
    certainty: int = 1


@dataclass(frozen=True, eq=False)
class Flags:
    """Which lots of a block of periods begin a signal, shape (s, k), with the lines they were held against."""

    beyond: BoolArray
    moved: BoolArray
    even: BoolArray
    centre: FloatArray
    sigma: FloatArray
    average: FloatArray
    average_half: FloatArray
    usual: FloatArray


def flagged(values: FloatArray, deviations: FloatArray, readings: Any) -> Flags:
    """The default rules on a block of periods of one length: beyond 3 sigma, EWMA, spread too small.

    The last two stay on for many lots: the signal is the lot with which they begin.
    """
    lines = watched(values)
    usual = usual_spread(deviations, readings)
    even = begun(too_even(deviations, readings, usual))
    return Flags(lines.beyond, begun(lines.moved), even, lines.centre, lines.sigma, lines.average, lines.average_half, usual)


def begun(flags: BoolArray) -> BoolArray:
    """Only the first lot of each stretch, along the last axis."""
    first = flags.copy()
    first[..., 1:] &= ~flags[..., :-1]
    return first


def certainty_of(chance: float) -> int:
    """How certain a signal is that a quiet series gives with this chance on one lot."""
    if chance < 1e-5:
        return 3
    return 2 if chance < 1e-3 else 1


def chance_beyond(deviation: float) -> float:
    """How often a lot lies so many sigma from the centre when nothing has changed."""
    return erfc(abs(deviation) / sqrt(2))


def harm_of(value: float, centre: float, lower: float | None, upper: float | None) -> int:
    """How near the limit of its side a value has come, from the centre: 4 beyond it."""
    limit = upper if value > centre else lower
    if limit is None:
        return 1 if (upper if value <= centre else lower) is not None else 2
    if (limit - centre) * (value - centre) <= 0:  # the centre itself is beyond the limit
        return 4
    used = (value - centre) / (limit - centre)
    if used > 1:
        return 4
    return 3 if used >= 0.75 else 1 if used < 0.5 else 2


@dataclass(frozen=True, slots=True)
class Bias:
    """Own tests against others' on the same lots: the mean difference, its interval, and how often honest tests differ so much."""

    n: int
    mean: float
    low: float
    high: float
    chance: float


def bias_of(own: FloatArray, others: FloatArray) -> Bias | None:
    """None with too few lots, or where every lot differs by the same: nothing is known of the spread then."""
    apart = own - others
    n = len(apart)
    spread = float(apart.std(ddof=1)) / np.sqrt(n) if n >= BIAS_PAIRS else 0.0
    if not spread > 0:
        return None
    mean = float(apart.mean())
    half = float(scipy.stats.t.ppf(0.95, n - 1)) * spread
    return Bias(n, mean, mean - half, mean + half, float(2 * scipy.stats.t.sf(abs(mean) / spread, n - 1)))


def expected_false(lots_by_series: Any) -> float:
    """How many signals the default rules give in the next 20 lots of each series with limits, even if nothing changes anywhere."""
    lots = np.asarray(lots_by_series, dtype=np.int64)
    young, old = int(((lots >= FIRST_FIT) & (lots < SECOND_FIT)).sum()), int((lots >= SECOND_FIT).sum())
    return young * FALSE_IN_20_LOTS[FIRST_FIT] + old * FALSE_IN_20_LOTS[SECOND_FIT]
