"""Numbers from rounds: medians, quantiles, and how sure a ratio is. Pure."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

RESAMPLES = 2000


def quantile(values: Sequence[float], q: float) -> float:
    """The q-quantile by nearest rank, so that it is a value that was seen.

    Raises ValueError for no values or a q outside of [0, 1].

    >>> quantile([5, 1, 4, 2, 3], 0.99)
    5
    """
    if not values or not 0 <= q <= 1:
        raise ValueError(f"quantile of {len(values)} values at {q}: needs at least one value and q in [0, 1]")
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, max(0, -int(-q * len(ranked) // 1) - 1))]


@dataclass(frozen=True)
class Ratio:
    """How many times one thing is another: of the medians, with a 95 % bootstrap interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.2f}× (95 %: {self.low:.2f}–{self.high:.2f})"


def ratio_of(ours: Sequence[float], other: Sequence[float], *, seed: int = 20260101) -> Ratio:
    """The ratio of two series of rounds; the interval from resampling each series on its own."""
    if not ours or not other or min(other) <= 0:
        raise ValueError("ratio_of needs rounds of both, and the other's must be above zero")
    rng = random.Random(seed)
    drawn = sorted(median(rng.choices(ours, k=len(ours))) / median(rng.choices(other, k=len(other))) for _ in range(RESAMPLES))
    return Ratio(median(ours) / median(other), drawn[int(0.025 * RESAMPLES)], drawn[int(0.975 * RESAMPLES) - 1])
