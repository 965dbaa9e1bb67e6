"""Variants take turns in random order, so that what the machine does meanwhile hits all of them alike."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

ROUNDS = 5


def race(lanes: Mapping[str, Callable[[], float]], *, rounds: int = ROUNDS, seed: int = 7) -> dict[str, list[float]]:
    """Run every lane once per round; the figures of each lane, in the order of the rounds. No lane is left out of a round."""
    if rounds < ROUNDS:
        raise ValueError(f"{rounds} rounds: at least {ROUNDS}, else a median says nothing")
    rng, names = random.Random(seed), list(lanes)
    figures: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(rounds):
        for name in rng.sample(names, len(names)):
            figures[name].append(lanes[name]())
    return figures
