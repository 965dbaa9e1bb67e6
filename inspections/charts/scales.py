"""From numbers to places: straight scales with few round steps."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

MOST_STEPS = 6


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight scale: `low` lies at `start`, `high` at `end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def all(self, values: Iterable[float]) -> list[float]:
        """The places of many values."""
        start, low, width, room = self.start, self.low, self.high - self.low, self.end - self.start
        return [start + (value - low) / width * room for value in values]

    @property
    def steps(self) -> list[float]:
        return round_steps(self.low, self.high)


def round_steps(low: float, high: float, *, most: int = MOST_STEPS) -> list[float]:
    """Round numbers within a range, at most `most` of them, evenly apart.

    >>> round_steps(36.2, 40.9)
    [37.0, 38.0, 39.0, 40.0]
    >>> round_steps(0, 1)
    [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    """
    width = high - low
    if not width > 0 or not math.isfinite(width):
        return [low]
    power = 10.0 ** math.floor(math.log10(width / most))
    for factor in (1, 2, 2.5, 5, 10, 20):
        step = factor * power
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first + 1 <= most:
            return [round(index * step, 10) + 0.0 for index in range(first, last + 1)]
    return [low]


def range_of(*groups: Iterable[float | None], margin: float = 0.06, at_least: float = 0.0) -> tuple[float, float]:
    """The range that holds all finite numbers, with some air; of one number a range about it.

    >>> range_of([1.0, 2.0], margin=0.5)
    (0.5, 2.5)
    """
    known = np.concatenate([np.array(group if isinstance(group, Sequence) else list(group), dtype=np.float64) for group in groups])
    known = known[np.isfinite(known)]
    if not len(known):
        return 0.0, 1.0
    low, high = float(known.min()), float(known.max())
    width = max(high - low, at_least) or abs(high) * 0.1 or 1.0
    if high - low < width:
        middle = (high + low) / 2
        low, high = middle - width / 2, middle + width / 2
    return low - margin * width, high + margin * width
