"""What a change has done: before and after of one firm, and of several firms together. Grades are counted, never averaged.

The firm, not the lot, is the unit that several firms are judged by: lots of one firm resemble each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import scipy

from qualitystats.readings import Numbers, finite, finite_array, whole
from qualitystats.small_areas import wilson_interval

FEW, FEW_FIRMS = "too few lots on one side", "too few firms"
LEAST_LOTS, LEAST_FOR_STEP = 3, 8


@dataclass(frozen=True)
class Difference:
    """After minus before with its interval; `reason` says why there is none."""

    n_before: int
    n_after: int
    before: float | None = None
    after: float | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    reason: str = ""

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


def difference_of_means(before: Numbers, after: Numbers, *, confidence: float = 0.95) -> Difference:
    """The change of a mean, the two sides with spreads of their own (Welch).

    Args:
        before: One mean per lot, in the characteristic's unit; independent lots.
        after: The same, of lots made the new way.
        confidence: Of the two-sided interval, above 0 and below 1.
    Returns:
        mean(after) - mean(before), and that ± t √(s₁²/n₁ + s₂²/n₂) with Welch-Satterthwaite degrees of freedom. No interval under three
        lots on a side, or where neither side varies.
    Raises:
        ValueError: values not finite, confidence out of range.
    Source: B. L. Welch, Biometrika 34 (1947) 28-35 (page unread); SciPy's ttest_ind(equal_var=False) as the oracle of the test.

    >>> found = difference_of_means([1.0, 2.0, 3.0], [4.0, 5.0, 6.0])
    >>> found.difference, round(found.low, 3), round(found.high, 3)
    (3.0, 0.733, 5.267)
    """
    level = finite("confidence", confidence, above=0.0, at_most=1 - 1e-12)
    one, two = finite_array("before", before, ndim=1), finite_array("after", after, ndim=1)
    if min(len(one), len(two)) < LEAST_LOTS:
        return Difference(len(one), len(two), reason=FEW)
    means, parts = (float(one.mean()), float(two.mean())), (float(one.var(ddof=1)) / len(one), float(two.var(ddof=1)) / len(two))
    shift = means[1] - means[0]
    if not sum(parts):
        return Difference(len(one), len(two), *means, shift, reason="zero spread: nothing can be said")
    freedom = sum(parts) ** 2 / sum(part**2 / (n - 1) for part, n in zip(parts, (len(one), len(two)), strict=True))
    half = float(scipy.stats.t.ppf((1 + level) / 2, freedom)) * sqrt(sum(parts))
    return Difference(len(one), len(two), *means, shift, shift - half, shift + half)


def difference_of_shares(*, hits_before: int, n_before: int, hits_after: int, n_after: int) -> Difference:
    """The change of a share, as of lots that reach a grade; 95 % interval.

    Args:
        hits_before: How many of n_before reach the aim, 0 to n_before.
        n_before: How many there were before.
        hits_after: How many of n_after reach it.
        n_after: How many there were after.
    Returns:
        d = p₂ - p₁ between d - √((p₂-l₂)² + (u₁-p₁)²) and d + √((u₂-p₂)² + (p₁-l₁)²), l and u the Wilson limits. None under three a side.
    Raises:
        ValueError: a count that is negative, or more hits than there were.
    Source: R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890, method 10 (page unread); its example 56/70 and 48/80.

    >>> found = difference_of_shares(hits_before=48, n_before=80, hits_after=56, n_after=70)
    >>> round(found.difference, 4), round(found.low, 4), round(found.high, 4)
    (0.2, 0.0524, 0.3339)
    """
    for hits, n in ((hits_before, n_before), (hits_after, n_after)):
        if whole("hits", hits) > whole("n", n):
            raise ValueError(f"hits is {hits}: must be at most n, {n}")
    if min(n_before, n_after) < LEAST_LOTS:
        return Difference(n_before, n_after, reason=FEW)
    one, two = hits_before / n_before, hits_after / n_after
    around_one, around_two = wilson_interval(hits_before, n=n_before), wilson_interval(hits_after, n=n_after)
    shift = two - one
    low = shift - sqrt((two - around_two.lower) ** 2 + (around_one.upper - one) ** 2)
    high = shift + sqrt((around_two.upper - two) ** 2 + (one - around_one.lower) ** 2)
    return Difference(n_before, n_after, one, two, shift, low, high)


def step_at_zero(days: Sequence[int], values: Numbers, *, confidence: float = 0.95) -> Difference:
    """An interrupted series: the step on day 0 once a steady drift over all days is taken out.

    Args:
        days: Of each lot, days since the change; below zero is before.
        values: One mean per lot, same length, in the characteristic's unit.
        confidence: Of the two-sided interval.
    Returns:
        The least-squares coefficient of [day ≥ 0] in value = a + b day + c [day ≥ 0], with its t interval; `before` and `after` are the
        fitted values on day 0 without and with the step. No answer under eight lots in all or three on a side. Lots are taken to be
        independent once drift and step are out: no allowance is made for autocorrelation.
    Raises:
        ValueError: lengths that differ, values not finite.
    Source: ordinary least squares; A. K. Wagner et al., J. Clin. Pharm. Ther. 27 (2002) 299-309, with one slope (page unread).

    >>> found = step_at_zero([-4, -3, -2, -1, 0, 1, 2, 3], [1.0, 1.1, 0.9, 1.0, 2.0, 2.1, 1.9, 2.0])
    >>> round(found.difference, 3), found.is_clear
    (1.08, True)
    """
    level = finite("confidence", confidence, above=0.0, at_most=1 - 1e-12)
    seen, when = finite_array("values", values, ndim=1), finite_array("days", list(days), ndim=1)
    if len(seen) != len(when):
        raise ValueError(f"days has {len(when)} values: must have {len(seen)}, as values has")
    later = when >= 0
    before, after = int((~later).sum()), int(later.sum())
    if len(seen) < LEAST_FOR_STEP or min(before, after) < LEAST_LOTS:
        return Difference(before, after, reason=FEW)
    design = np.column_stack([np.ones(len(seen)), when, later.astype(float)])
    if np.linalg.matrix_rank(design) < design.shape[1]:
        return Difference(before, after, reason="the days do not tell a drift from a step")
    found, *_rest = np.linalg.lstsq(design, seen, rcond=None)
    freedom = len(seen) - design.shape[1]
    spread = float(((seen - design @ found) ** 2).sum()) / freedom
    half = float(scipy.stats.t.ppf((1 + level) / 2, freedom)) * sqrt(spread * float(np.linalg.inv(design.T @ design)[2, 2]))
    start, step = float(found[0]), float(found[2])
    return Difference(before, after, start, start + step, step, step - half, step + half)


def pooled_difference(differences: Numbers, *, least_firms: int, confidence: float = 0.95) -> Difference:
    """What the change has done in several firms: the mean of their own differences, each firm counted once.

    Args:
        differences: One per firm, all in one unit or all shares; finite.
        least_firms: Below so many firms nothing is said, at least 2.
        confidence: Of the two-sided interval.
    Returns:
        mean ± t s / √k over the k firms; `n_before` and `n_after` are both k.
    Raises:
        ValueError: values not finite, least_firms below 2.
    Source: Student's t over units of assignment; a textbook interval.

    >>> found = pooled_difference([0.2, 0.4, 0.3, 0.1, 0.5], least_firms=5)
    >>> round(found.difference, 3), round(found.low, 3), round(found.high, 3)
    (0.3, 0.104, 0.496)
    """
    level = finite("confidence", confidence, above=0.0, at_most=1 - 1e-12)
    values, least = finite_array("differences", differences, ndim=1), whole("least_firms", least_firms, at_least=2)
    firms = len(values)
    if firms < least:
        return Difference(firms, firms, reason=FEW_FIRMS)
    mean, half = float(values.mean()), float(scipy.stats.t.ppf((1 + level) / 2, firms - 1)) * float(values.std(ddof=1)) / sqrt(firms)
    return Difference(firms, firms, difference=mean, low=mean - half, high=mean + half)
