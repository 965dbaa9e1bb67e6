"""Algorithm A as a laboratory's analyst writes it: the standard's words round by round, one group after the other."""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt
from statistics import median

import numpy as np

TOLERANCE, ROUNDS = 1e-10, 1000


def with_numpy(groups: Iterable[np.ndarray]) -> list[tuple[float, float]]:
    """x* and s* of each group, by arrays."""
    found = []
    for results in groups:
        mean = np.median(results)
        spread = 1.483 * np.median(np.abs(results - mean))
        for _ in range(ROUNDS):
            pulled = np.clip(results, mean - 1.5 * spread, mean + 1.5 * spread)
            next_mean, next_spread = pulled.mean(), 1.134 * pulled.std(ddof=1)
            still = max(abs(next_mean - mean), abs(next_spread - spread)) <= TOLERANCE * next_spread
            mean, spread = next_mean, next_spread
            if still:
                break
        found.append((float(mean), float(spread)))
    return found


def plain(groups: Iterable[list[float]]) -> list[tuple[float, float]]:
    """The same on plain numbers, which for so few results is quicker than arrays."""
    found = []
    for results in groups:
        p, mean = len(results), median(results)
        spread = 1.483 * median([abs(value - mean) for value in results])
        for _ in range(ROUNDS):
            low, high = mean - 1.5 * spread, mean + 1.5 * spread
            pulled = [low if value < low else high if value > high else value for value in results]
            next_mean = sum(pulled) / p
            next_spread = 1.134 * sqrt(sum([(value - next_mean) ** 2 for value in pulled]) / (p - 1))
            still = max(abs(next_mean - mean), abs(next_spread - spread)) <= TOLERANCE * next_spread
            mean, spread = next_mean, next_spread
            if still:
                break
        found.append((mean, spread))
    return found
