"""Capability and the eight rules of Nelson for 200,000 series of 100 points, from rows to flags."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import ClassVar

import numpy as np
import pandas as pd

from benchmarks.anchors.series_apply import LIMITS, judge_all
from benchmarks.base import Race, Unequal
from qualitystats.many_series import judge_series, series_from_rows

SERIES, POINTS, ANCHORED = 200_000, 100, 200


class Series200000(Race):
    title = "200,000 series of 100 points: capability and eight Nelson rules, from rows to flags"
    anchor: ClassVar[str] = f"pandas groupby.apply with rolling windows, {ANCHORED} series a round (notes show that it grows linearly)"
    ours = "qualitystats.many_series: series_from_rows, judge_series"
    limit = "reading the two columns once (numpy sum)"
    goal = "≥ 500× the anchor's series per second"
    over, at_least, unit = "anchor", 500.0, "series/s"

    def open(self, stack: ExitStack) -> None:
        series = 2_000 if self.quick else SERIES
        self._part = 30 if self.quick else ANCHORED
        rng = np.random.default_rng(20261122)
        self._frame = pd.DataFrame(
            {"series": np.repeat(np.arange(series), POINTS), "value": rng.normal(10, 1, size=series * POINTS).round(2)}
        )
        stack.callback(lambda: setattr(self, "_frame", None))

    def check(self) -> None:
        part = self._frame.head(self._part * POINTS)
        theirs, (found, bits) = judge_all(part), judged(part)
        for name in ("cp", "cpk", "pp", "ppk"):
            if not np.allclose(theirs[name].to_numpy(dtype=float), getattr(found, name), rtol=1e-9):
                raise Unequal(f"{name} differs")
        if not np.array_equal(np.stack(theirs["bits"].to_list()), bits):
            raise Unequal("flags differ")

    def lanes(self) -> Mapping[str, Callable[[], float]]:
        whole, part = self._frame, self._frame.head(self._part * POINTS)
        return {
            "ours": lambda: rate(whole, judged),
            "anchor": lambda: rate(part, judge_all),
            "limit": lambda: rate(whole, lambda frame: (frame["series"].to_numpy().sum(), frame["value"].to_numpy().sum())),
        }

    def notes(self) -> list[str]:
        """How the anchor's time grows, so that its rate may be held against a round of more series."""
        sizes = [self._part // 2, self._part, self._part * 2]
        rates = [rate(self._frame.head(size * POINTS), judge_all) for size in sizes]
        grown = ", ".join(f"{size} series: {found:,.1f}/s" for size, found in zip(sizes, rates, strict=True))
        return [f"anchor by size: {grown}", f"limits {LIMITS[0]:g} and {LIMITS[1]:g}; {len(self._frame):,} rows"]


def judged(frame: pd.DataFrame) -> tuple[object, np.ndarray]:
    """Ours, from the same rows as the anchor."""
    _, grid = series_from_rows(frame["series"].to_numpy(), frame["value"].to_numpy())
    return judge_series(grid, lower=LIMITS[0], upper=LIMITS[1])


def rate(frame: pd.DataFrame, work: Callable[[pd.DataFrame], object]) -> float:
    """Series a second."""
    began = time.perf_counter()
    work(frame)
    return len(frame) / POINTS / (time.perf_counter() - began)
