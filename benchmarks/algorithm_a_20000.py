"""Algorithm A for 20,000 groups of 15 laboratories: the robust mean and spread of each."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any

import numpy as np

from benchmarks.anchors.robust_loop import plain, with_numpy
from benchmarks.base import Race, Unequal
from qualitystats.interlab import algorithm_a_groups

GROUPS, RESULTS, ANCHORED = 20_000, 15, 500


class AlgorithmA20000(Race):
    title = "Algorithm A for 20,000 groups of 15 results with wild ones among them"
    anchor = f"a Python loop, numpy within each group, {ANCHORED} groups a round (notes show that it grows linearly)"
    tuned = "the same loop on plain numbers, quicker for so few: the goal is held against this one"
    ours = "qualitystats.interlab: algorithm_a_groups"
    limit = "two sorts of every group, which the medians need anyway"
    goal = "≥ 50× the quicker loop's groups per second"
    over, at_least, unit = "tuned", 50.0, "groups/s"

    def open(self, stack: ExitStack) -> None:
        groups = 1_000 if self.quick else GROUPS
        self._part = 50 if self.quick else ANCHORED
        self._results = np.random.default_rng(20261122).standard_t(3, size=(groups, RESULTS))

    def check(self) -> None:
        part = self._results[: self._part]
        found = algorithm_a_groups(part)
        ours = np.column_stack([found.x_star, found.s_star])
        if not (found.converged.all() and np.allclose(ours, with_numpy(part), rtol=0, atol=1e-8)):
            raise Unequal("the loop with numpy ends elsewhere")
        if not np.allclose(ours, plain(part.tolist()), rtol=0, atol=1e-8):
            raise Unequal("the plain loop ends elsewhere")

    def lanes(self) -> Mapping[str, Callable[[], float]]:
        part = self._results[: self._part]
        lists = part.tolist()
        return {
            "ours": lambda: rate(self._results, algorithm_a_groups),
            "anchor": lambda: rate(part, with_numpy),
            "tuned": lambda: rate(lists, plain),
            "limit": lambda: rate(self._results, lambda groups: np.sort(np.abs(np.sort(groups, axis=1)), axis=1)),
        }

    def notes(self) -> list[str]:
        """How the anchor's time grows."""
        sizes = [self._part // 2, self._part, 2 * self._part]
        grown = ", ".join(f"{size} groups: {rate(self._results[:size], with_numpy):,.0f}/s" for size in sizes)
        return [f"anchor by size: {grown}", f"all stop when neither figure moves by more than 1e-10 of s*; {len(self._results):,} groups"]


def rate(groups: Any, work: Callable[[Any], object]) -> float:
    """Groups a second."""
    began = time.perf_counter()
    work(groups)
    return len(groups) / (time.perf_counter() - began)
