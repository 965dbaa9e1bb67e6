"""Shares of small places, honestly: an interval for each, a share drawn towards the others, and limits outside of which chance is no excuse.

A town with three firms looked at is not the worst of the city because one of them failed. The interval says how little is known, the
shrunken share says what to expect of it, and the funnel says whether it stands out at all.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from qualitystats.readings import finite, whole

Z_95 = 1.959963984540054


@dataclass(frozen=True)
class Interval:
    """A share between 0 and 1 lies between `lower` and `upper`."""

    lower: float
    upper: float


@dataclass(frozen=True)
class BetaPrior:
    """How the true shares of the places scatter: a beta distribution with that mean, worth `strength` firms looked at."""

    mean: float
    strength: float


@dataclass(frozen=True)
class FunnelLimits:
    """Counts between `lower` and `upper`, both included, are what chance alone gives."""

    lower: int
    upper: int


def wilson_interval(total: float, *, n: int, z: float = Z_95) -> Interval:
    """The Wilson score interval of a share.

    Args:
        total: Sum over the n of values from 0 to 1: a count, or a weighted count, 0 to n.
        n: How many were looked at, at least 1.
        z: Standard normal quantile, positive; 1.96 covers 95 %.
    Returns:
        centre ± half width, with p = total/n: (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n).
        For weighted values it is wider than need be: no variable from 0 to 1 with mean p varies by more than p(1-p).
    Raises:
        ValueError: n below 1, total outside of 0 to n, z not positive.
    Source: E. B. Wilson, JASA 22 (1927) 209-212; as in R. G. Newcombe, Statistics in Medicine 17 (1998), method 3 (page unread).

    >>> found = wilson_interval(1, n=2)
    >>> round(found.lower, 4), round(found.upper, 4)
    (0.0945, 0.9055)
    """
    _share_of(total, n)
    z = finite("z", z, above=0)
    p = total / n
    centre = p + z * z / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return Interval(max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale))


def beta_prior(totals: Sequence[float], sizes: Sequence[int], *, square_sum: float | None = None) -> BetaPrior | None:
    """How the places' true shares scatter, by moments; None where fewer than two places, or nothing at all or everything failed.

    Args:
        totals: Weighted counts, one for each place, 0 to its size.
        sizes: How many were looked at, at least 1 each.
        square_sum: Σ of the squares of all single values, where they are weighted and not 0 or 1; None: they are counts.
    Returns:
        m = Σ totals / Σ sizes. With the weighted variance s² = Σ n_i (p_i - m)² / Σ n_i, the places' mean size n̄ and the variance of one
        value T = square_sum / Σ sizes - m² (of counts m(1-m)), the scatter of the true shares is A = s² - T/n̄, and the strength T/A - 1.
        Where chance alone explains s² (A not positive) the strength is infinite: every place is expected at the mean. Never below 0.
    Raises:
        ValueError: lengths that differ, a size below 1, a total outside of 0 to its size, square_sum outside of 0 to Σ totals.
    Source: R. J. Marshall, Applied Statistics 40 (1991) 283-294, the global empirical Bayes estimator; with weights the credibility of
        H. Bühlmann and E. Straub, Mitt. Verein. Schweiz. Vers.-Math. 70 (1970) 111-133 (pages unread).

    >>> beta_prior([0, 10], [10, 10])
    BetaPrior(mean=0.5, strength=0.11111111111111116)
    """
    if len(totals) != len(sizes):
        raise ValueError(f"sizes has {len(sizes)} values: must have one for each of {len(totals)} totals")
    for total, n in zip(totals, sizes, strict=True):
        _share_of(total, n)
    if len(totals) < 2:
        return None
    looked_at = sum(sizes)
    mean = sum(totals) / looked_at
    if not 0 < mean < 1:
        return None
    spread = sum(n * (total / n - mean) ** 2 for total, n in zip(totals, sizes, strict=True)) / looked_at
    squares = sum(totals) if square_sum is None else finite("square_sum", square_sum, at_least=0, at_most=sum(totals))
    of_one = squares / looked_at - mean * mean
    scatter = spread - of_one * len(totals) / looked_at
    return BetaPrior(mean, math.inf if scatter <= 0 else max(0.0, of_one / scatter - 1))


def shrunken_share(total: float, *, n: int, prior: BetaPrior) -> float:
    """The share to expect of a place: its own, drawn towards the mean of all by as much as it is small.

    Args:
        total: Weighted count of the place, 0 to n.
        n: How many were looked at there, at least 0.
        prior: How the true shares scatter.
    Returns:
        The mean of the beta posterior, (strength x mean + total) / (strength + n); the mean itself where the strength is infinite.
    Raises:
        ValueError: n below 0, total outside of 0 to n.
    Source: conjugate beta-binomial posterior; A. Gelman et al., Bayesian Data Analysis, 3rd ed., 2.4 (page unread).

    >>> shrunken_share(1, n=2, prior=BetaPrior(0.1, 18))
    0.13999999999999999
    """
    finite("total", total, at_least=0, at_most=whole("n", n))
    if math.isinf(prior.strength) or prior.strength + n == 0:
        return prior.mean
    return (prior.strength * prior.mean + total) / (prior.strength + n)


def funnel_limits(n: int, *, share: float, tail: float) -> FunnelLimits:
    """Between which counts a place of this size lies when it is like all the others.

    Args:
        n: How many were looked at, at least 1.
        share: The share of all places together, 0 to 1.
        tail: Greatest probability on each side, above 0 and below 0.5: 0.025 and 0.001 are usual.
    Returns:
        lower: the smallest count with P(X ≤ lower) > tail; upper: the smallest with P(X ≤ upper) ≥ 1 - tail, X binomial (n, share). Exact.
        The source interpolates between counts to draw a smooth line; here the limits stay counts, and a count outside of them stands out.
    Raises:
        ValueError: an argument outside of its range.
    Source: D. J. Spiegelhalter, Statistics in Medicine 24 (2005) 1185-1202, appendix A.1.1, without its interpolation (page unread).

    >>> funnel_limits(10, share=0.5, tail=0.025)
    FunnelLimits(lower=2, upper=8)
    """
    whole("n", n, at_least=1)
    share = finite("share", share, at_least=0, at_most=1)
    if not finite("tail", tail, above=0) < 0.5:
        raise ValueError(f"tail is {tail}: must be < 0.5")
    lower, upper, below = None, n, 0.0
    for count in range(n + 1):
        below += _binomial(count, n, share)
        if lower is None and below > tail:
            lower = count
        if below >= 1 - tail:
            upper = count
            break
    return FunnelLimits(lower if lower is not None else n, upper)


def _binomial(count: int, n: int, share: float) -> float:
    """P(X = count); by logarithms, since 20,000 firms have powers that no float holds."""
    if share in (0.0, 1.0):
        return float(count == n * share)
    ways = math.lgamma(n + 1) - math.lgamma(count + 1) - math.lgamma(n - count + 1)
    return math.exp(ways + count * math.log(share) + (n - count) * math.log1p(-share))


def _share_of(total: float, n: int) -> None:
    whole("n", n, at_least=1)
    finite("total", total, at_least=0, at_most=n)
