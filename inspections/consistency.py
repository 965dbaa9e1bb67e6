"""Where the variation of one characteristic comes from, and how its suppliers compare: pure, from readings already loaded.

Only readings of one method edition and one unit are ever told together. Grades and results below a limit of detection have no mean
and no variance here, only shares. What too few lots cannot say is said as how many more are needed.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from uuid import UUID

import numpy as np
import scipy
from numpy.typing import NDArray

from qualitystats.consistency import (
    ConsistencyIndex,
    Part,
    agreement_part,
    capability_part,
    conformity_part,
    consistency_index,
    drift_part,
    lot_to_lot_part,
    unknown_part,
)
from qualitystats.readings import FloatArray
from qualitystats.variance import Component, variance_components

IntArray = NDArray[np.int64]
MEASURED = "variable"
CONFIDENCE = 0.90
LEAST_LOTS = 5
LEAST_OF_A_FIRM = 3  # lots, before a supplier has a mean with an interval
LEAST_PAIRS = 5


@dataclass(frozen=True, eq=False)
class Pool:
    """Readings that may be told together: one characteristic, one edition, one unit. One place in each array for each reading.

    `supplier`, `lot`, `tester` number the tuples of the same name. `judged` and `out` count per row of results, not per reading.
    """

    kind: str
    unit: str
    decimals: int
    values: FloatArray
    supplier: IntArray
    lot: IntArray
    tester: IntArray
    suppliers: tuple[UUID, ...]
    lots: tuple[Hashable, ...]
    testers: tuple[str, ...]
    row_supplier: IntArray
    row_judged: IntArray
    row_out: IntArray

    @property
    def n(self) -> int:
        """How many readings."""
        return len(self.values)


@dataclass(frozen=True, slots=True)
class Branch:
    """One source of variation: `share` of the total with its interval, from `groups` things of that name (readings, for "within")."""

    name: str
    groups: int
    share: float
    low: float
    high: float
    sd: float


@dataclass(frozen=True, slots=True)
class Tree:
    """The branches, outermost first; none, with the reason and how many more lots are needed, where nothing can be said."""

    branches: tuple[Branch, ...] = ()
    variance: float = 0.0
    mean: float = 0.0
    n: int = 0
    reason: str = ""
    missing: int = 0
    confidence: float = CONFIDENCE

    @property
    def widest(self) -> Branch | None:
        """The branch that holds most of the variation."""
        return max(self.branches, key=lambda branch: branch.share, default=None)


def tree_of(pool: Pool, *, confidence: float = CONFIDENCE) -> Tree:
    """Split the variation of a pool between suppliers, lots, testers and readings; levels that the data do not have are left out.

    Testers count as a level only where a lot was tested by two of them: otherwise nobody can tell them from lots.
    Source: qualitystats.variance. The interval of a share moves its own component between its bounds and leaves the others where
    they are estimated: an approximation, said as such on the page.
    """
    if pool.kind != MEASURED:
        return Tree(n=pool.n, reason="not_measured")
    if len(pool.lots) < LEAST_LOTS:
        return Tree(n=pool.n, reason="few_lots", missing=LEAST_LOTS - len(pool.lots))
    if pool.n == len(pool.lots):
        return Tree(n=pool.n, reason="one_reading_a_lot")
    nesting = _levels(pool)
    found = variance_components(pool.values, nesting=nesting, confidence=confidence)
    if not found.total:
        return Tree(n=pool.n, reason="all_equal" if found.total == 0 else "not_told_apart")
    branches = tuple(_branch(part, found.total) for part in found.components)
    return Tree(branches, found.total, found.mean, pool.n, confidence=confidence)


def _levels(pool: Pool) -> dict[str, IntArray]:
    levels: dict[str, IntArray] = {}
    if len(pool.suppliers) > 1 and len(pool.lots) > len(pool.suppliers):
        levels["supplier"] = pool.supplier
    levels["lot"] = pool.lot
    tests = np.unique(np.stack([pool.lot, pool.tester]), axis=1).shape[1]
    if len(pool.lots) < tests < pool.n:
        levels["tester"] = pool.tester
    return levels


def _branch(part: Component, total: float) -> Branch:
    variance, others = part.variance or 0.0, total - (part.variance or 0.0)
    low, high = part.low or 0.0, part.high if part.high is not None else math.inf
    return Branch(part.name, part.groups, variance / total, _share(low, others), _share(high, others), math.sqrt(variance))


def _share(variance: float, others: float) -> float:
    if math.isinf(variance):
        return 1.0
    return variance / (variance + others) if variance + others > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Firm:
    """One supplier beside the others. What its few lots cannot say is None. `first` and `last` bound its place; equal means certain."""

    supplier_org_id: UUID
    lots: int
    n: int
    judged: int
    out: int
    conforming: float | None
    conforming_low: float | None
    conforming_high: float | None
    mean: float | None
    mean_low: float | None
    mean_high: float | None
    between: float | None  # standard deviation of lot means beyond what readings explain
    within: float | None
    first: int = 0
    last: int = 0


def compare(pool: Pool, *, confidence: float = CONFIDENCE) -> tuple[Firm, ...]:
    """Each supplier with intervals, by the share of conforming readings; no place is told where intervals overlap.

    The mean's interval counts lots, not readings: readings of a lot are not independent. Conformity: Wilson's interval.
    """
    firms = len(pool.suppliers)
    judged, out = (
        np.bincount(pool.row_supplier, weights=weights, minlength=firms).astype(int) for weights in (pool.row_judged, pool.row_out)
    )
    spreads = _spreads(pool, confidence)
    found = []
    for at, supplier in enumerate(pool.suppliers):
        n, good = int(judged[at]), int(judged[at] - out[at])
        low, high = wilson(good, n, confidence) if n else (None, None)
        share = good / n if n else None
        found.append(Firm(supplier, spreads.lots[at], spreads.n[at], n, int(out[at]), share, low, high, *spreads.of(at)))
    known = [firm for firm in found if firm.conforming is not None]
    lows, highs = (np.sort([getattr(firm, name) for firm in known]) for name in ("conforming_low", "conforming_high"))
    placed = [_placed(firm, lows, highs) if firm.conforming is not None and len(known) > 1 else firm for firm in found]
    return tuple(sorted(placed, key=lambda firm: (firm.conforming is None, -(firm.conforming_low or 0.0), -firm.n)))


def _placed(firm: Firm, lows: FloatArray, highs: FloatArray) -> Firm:
    """Behind all whose interval lies wholly above, ahead of all whose interval lies wholly below."""
    ahead = len(lows) - int(np.searchsorted(lows, firm.conforming_high or 0.0, side="right"))
    behind = int(np.searchsorted(highs, firm.conforming_low or 0.0, side="left"))
    return replace(firm, first=1 + ahead, last=len(lows) - behind)


@dataclass(frozen=True, eq=False)
class _Spreads:
    """For each supplier: lots, readings, and (mean, low, high, between, within), NaN where too few lots say nothing."""

    lots: list[int]
    n: list[int]
    figures: FloatArray

    def of(self, at: int) -> tuple[float | None, float | None, float | None, float | None, float | None]:
        mean, low, high, between, within = (None if math.isnan(value) else value for value in self.figures[at].tolist())
        return mean, low, high, between, within


def _spreads(pool: Pool, confidence: float) -> _Spreads:
    """All suppliers at once: means of lot means with Student's interval, and one-way random effects of lots by their mean squares.

    Source: as qualitystats.variance for one level; a test holds the two together.
    """
    firms = len(pool.suppliers)
    _lots, code = np.unique(pool.lot, return_inverse=True)
    sizes = np.bincount(code)
    means = np.bincount(code, weights=pool.values) / np.maximum(sizes, 1)
    owner = np.zeros(len(sizes), dtype=np.int64)
    owner[code] = pool.supplier
    count = lambda of, weights=None: np.bincount(of, weights=weights, minlength=firms).astype(float)
    lots, n = count(owner), count(pool.supplier)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = count(owner, means) / lots
        spread = np.sqrt(count(owner, (means - mean[owner]) ** 2) / (lots - 1))
        half = scipy.stats.t.ppf(0.5 + confidence / 2, np.maximum(lots - 1, 1)) * spread / np.sqrt(lots)
        within = count(pool.supplier, (pool.values - means[code]) ** 2) / (n - lots)
        grand = count(pool.supplier, pool.values) / n
        between_square = count(owner, sizes * (means - grand[owner]) ** 2) / (lots - 1)
        size = (n - count(owner, sizes.astype(float) ** 2) / n) / (lots - 1)
        between = np.sqrt(np.maximum((between_square - within) / size, 0.0))
    figures = np.stack([mean, mean - half, mean + half, between, np.sqrt(within)], axis=1)
    figures[(lots < LEAST_OF_A_FIRM) | (pool.kind != MEASURED)] = np.nan
    figures[n <= lots, 3:] = np.nan
    return _Spreads(lots.astype(int).tolist(), n.astype(int).tolist(), np.where(np.isfinite(figures), figures, np.nan))


@lru_cache
def _two_sided(confidence: float) -> float:
    return float(scipy.stats.norm.ppf(0.5 + confidence / 2))


def wilson(good: int, n: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Both bounds of a share by Wilson's score interval (E. B. Wilson, JASA 22, 1927; page unread)."""
    z = _two_sided(confidence)
    share, square = good / n, z * z
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = z / (1 + square / n) * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class Bias:
    """Own tests against somebody else's on the same lots: mean of own minus other, with its interval, from `n` lots tested by both."""

    tester: str
    n: int
    mean: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def apart(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)

    @property
    def missing(self) -> int:
        """How many more lots both have to test before anything is said."""
        return max(0, LEAST_PAIRS - self.n)


def pairs_of(pool: Pool, own: str, other: str) -> tuple[FloatArray, FloatArray]:
    """Lot means of two testers on the lots that both tested, in the same order."""
    mine, theirs = (_means_of(pool, tester) for tester in (own, other))
    both = sorted(mine.keys() & theirs.keys())
    return np.array([mine[lot] for lot in both]), np.array([theirs[lot] for lot in both])


def _means_of(pool: Pool, tester: str) -> dict[int, float]:
    if tester not in pool.testers:
        return {}
    chosen = pool.tester == pool.testers.index(tester)
    known, code = np.unique(pool.lot[chosen], return_inverse=True)
    means = np.bincount(code, weights=pool.values[chosen]) / np.bincount(code)
    return dict(zip(known.tolist(), means.tolist(), strict=True))


def biases(pool: Pool, *, own: str = "self", confidence: float = CONFIDENCE) -> tuple[Bias, ...]:
    """One line for each other tester; nothing but the count below five lots in common."""
    if pool.kind != MEASURED or own not in pool.testers:
        return ()
    found = []
    for other in pool.testers:
        if other == own:
            continue
        mine, theirs = pairs_of(pool, own, other)
        n = len(mine)
        if n < LEAST_PAIRS:
            found.append(Bias(other, n))
            continue
        apart = mine - theirs
        half = float(scipy.stats.t.ppf(0.5 + confidence / 2, n - 1)) * float(apart.std(ddof=1)) / math.sqrt(n)
        found.append(Bias(other, n, float(apart.mean()), float(apart.mean()) - half, float(apart.mean()) + half))
    return tuple(sorted(found, key=lambda bias: -bias.n))


@dataclass(frozen=True, slots=True)
class Asked:
    """What the newest agreement asks of the characteristic, and R of its method where somebody has read it."""

    lower: float | None = None
    upper: float | None = None
    reproducibility: float | None = None


def index_of(pool: Pool, asked: Asked, *, order: Sequence[int] | None = None) -> ConsistencyIndex:
    """The five parts for the readings of one supplier; `order` gives the lots in the order they were made (else as numbered)."""
    judged, out = int(pool.row_judged.sum()), int(pool.row_out.sum())
    parts: dict[str, Part] = {"conformity": conformity_part(passed=judged - out, inspected=judged)}
    own = _own(pool)
    values, lots = pool.values[own], pool.lot[own]
    if pool.kind != MEASURED or not len(values):
        names = ("capability", "lot_to_lot", "drift", "agreement")
        parts |= {name: unknown_part(name) for name in names}
        return consistency_index(**parts)
    limits = asked.lower is not None or asked.upper is not None
    parts["capability"] = capability_part(values, lower=asked.lower, upper=asked.upper) if limits else unknown_part("capability")
    parts["lot_to_lot"] = lot_to_lot_part(values, lots=lots.tolist())
    wanted = sorted(set(lots.tolist())) if order is None else [lot for lot in order if lot in set(lots.tolist())]
    known, code = np.unique(lots, return_inverse=True)
    means = dict(zip(known.tolist(), (np.bincount(code, weights=values) / np.bincount(code)).tolist(), strict=True))
    parts["drift"] = drift_part([means[lot] for lot in wanted])
    parts["agreement"] = _agreement(pool, asked)
    return consistency_index(**parts)


def _own(pool: Pool) -> NDArray[np.bool_]:
    """Readings of the supplier's own tests where there are any, else all: two testers are not one series."""
    if "self" in pool.testers:
        return pool.tester == pool.testers.index("self")
    return np.ones(pool.n, dtype=bool)


def _agreement(pool: Pool, asked: Asked) -> Part:
    if asked.reproducibility is None or "self" not in pool.testers:
        return unknown_part("agreement")
    best = max((pairs_of(pool, "self", other) for other in pool.testers if other != "self"), key=lambda pair: len(pair[0]), default=None)
    if best is None or not len(best[0]):
        return unknown_part("agreement")
    return agreement_part(best[0], best[1], reproducibility_limit=asked.reproducibility)
