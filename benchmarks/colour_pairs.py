"""CIEDE2000 of all pairs of 10,000 lots, for the worst pair: in blocks within 1 GB."""

from __future__ import annotations

import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from benchmarks.base import MISSED, Race, Result, Unequal
from qualitystats.colour import ciede2000, lot_to_lot_worst_pair

with warnings.catch_warnings():  # it tells of plotting that it has no library for
    warnings.simplefilter("ignore")
    import colour

LOTS, ANCHORED = 10_000, 1_500
MOST_MB = 1024.0
CHILD = """
import sys
import numpy as np
from qualitystats.colour import lot_to_lot_worst_pair
lots = np.random.default_rng(20261122).normal([50, 10, 10], [4, 3, 3], size=(int(sys.argv[1]), 3))
lot_to_lot_worst_pair(lots)
# Not getrusage: that hands on the peak of the process which started this one.
print(next(int(line.split()[1]) / 1024 for line in open('/proc/self/status') if line.startswith('VmHWM')))
"""


class ColourPairs(Race):
    title = "CIEDE2000 of all 49,995,000 pairs of 10,000 lots, and the worst of them"
    anchor = f"colour-science, every lot against every lot by broadcasting, {ANCHORED:,} lots a round: 10,000 do not fit"
    tuned = "colour-science on each pair once (triu_indices)"
    ours = "qualitystats.colour: lot_to_lot_worst_pair"
    limit = "CIE 1976 of the same pairs in the same blocks"
    goal = "≥ 5× the anchor's pairs per second, within 1 GB"
    over, at_least, unit = "anchor", 5.0, "pairs/s"

    def open(self, stack: ExitStack) -> None:
        self._n, self._part = (1_200, 200) if self.quick else (LOTS, ANCHORED)
        self._lots = np.random.default_rng(20261122).normal([50, 10, 10], [4, 3, 3], size=(self._n, 3))

    def check(self) -> None:
        part = self._lots[:200]
        theirs = every_with_every(part)
        if not np.allclose(ciede2000(part[:, None], part[None]), theirs, rtol=0, atol=1e-7):
            raise Unequal("the differences are not the same")
        worst = lot_to_lot_worst_pair(part)
        if abs(worst.difference - theirs.max()) > 1e-7 or abs(theirs[worst.pair] - theirs.max()) > 1e-7:
            raise Unequal("the worst pair is not the same")

    def lanes(self) -> Mapping[str, Callable[[], float]]:
        part = self._lots[: self._part]
        return {
            "ours": lambda: rate(self._lots, lot_to_lot_worst_pair),
            "anchor": lambda: rate(part, lambda lots: every_with_every(lots).max()),
            "tuned": lambda: rate(part, lambda lots: each_pair_once(lots).max()),
            "limit": lambda: rate(self._lots, lambda lots: lot_to_lot_worst_pair(lots, formula="cie76")),
        }

    def notes(self) -> list[str]:
        """How the anchor's time grows, and what a child that does only this takes."""
        sizes = [self._part // 2, self._part, self._part * 3 // 2]
        grown = ", ".join(f"{size} lots: {rate(self._lots[:size], every_with_every):,.0f}/s" for size in sizes)
        self._peak_mb = peak_mb(self._n)
        return [f"anchor by size: {grown}", f"a child with {self._n:,} lots: {self._peak_mb:.0f} MB at most, Python and numpy among them"]

    def measure(self) -> Result:
        result = super().measure()
        return result if self._peak_mb <= MOST_MB else Result(MISSED, result.lines, result.figures)


def every_with_every(lots: np.ndarray) -> np.ndarray:
    """All differences in both directions, as broadcasting gives them."""
    return colour.delta_E(lots[:, None], lots[None], method="CIE 2000")


def each_pair_once(lots: np.ndarray) -> np.ndarray:
    """The differences above the diagonal."""
    first, second = np.triu_indices(len(lots), k=1)
    return colour.delta_E(lots[first], lots[second], method="CIE 2000")


def rate(lots: np.ndarray, work: Callable[[np.ndarray], object]) -> float:
    """Different pairs a second."""
    began = time.perf_counter()
    work(lots)
    return len(lots) * (len(lots) - 1) / 2 / (time.perf_counter() - began)


def peak_mb(lots: int) -> float:
    """The most memory that a fresh Python held while it looked for the worst pair."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(lots)], cwd=Path(__file__).parents[1], capture_output=True, text=True, check=True
    )
    return float(done.stdout)
