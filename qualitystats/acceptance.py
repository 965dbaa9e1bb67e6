"""What a sampling plan does to lots: how often it accepts them, by the share that is wrong in them, and what gets through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
import scipy
from numpy.typing import NDArray

from qualitystats.readings import FloatArray, finite, finite_array, whole

BINOMIAL, POISSON, HYPERGEOMETRIC = "binomial", "poisson", "hypergeometric"
KINDS = (BINOMIAL, POISSON, HYPERGEOMETRIC)
# A share times a lot size is a number of items; this much of one item is a rounding of floats, not half an item.
WHOLE_WITHIN = 1e-6


@dataclass(frozen=True)
class OcCurve:
    """Operating characteristic of a plan: the probability of acceptance for each fraction, as pairs when iterated."""

    n: int
    ac: int
    kind: str
    fractions: tuple[float, ...]
    probabilities: tuple[float, ...]
    lot_size: int | None = None

    def __iter__(self) -> Iterator[tuple[float, float]]:
        return zip(self.fractions, self.probabilities, strict=True)

    def __len__(self) -> int:
        return len(self.fractions)


@overload
def acceptance_probability(*, n: int, ac: int, fraction: float, kind: str = ..., lot_size: int | None = ...) -> float: ...


@overload
def acceptance_probability(
    *, n: int, ac: int, fraction: Sequence[float] | NDArray[Any], kind: str = ..., lot_size: int | None = ...
) -> FloatArray: ...


def acceptance_probability(
    *, n: int, ac: int, fraction: float | Sequence[float] | NDArray[Any], kind: str = BINOMIAL, lot_size: int | None = None
) -> float | FloatArray:
    """Find how probable it is that a single sampling plan accepts a lot.

    Args:
        n: Sample size, at least 1.
        ac: Acceptance number, at least 0.
        fraction: Share of nonconforming items, 0 to 1; for "poisson" nonconformities per item, 0 or more. A number or shape (k,).
        kind: "binomial" (items out of a long-running process), "poisson" (nonconformities, counted), or "hypergeometric" (items
            out of one lot of known size).
        lot_size: Number of items in the lot; needed by "hypergeometric" and by nothing else. ``fraction`` times it must be a
            whole number of items.
    Returns:
        Probability that at most ``ac`` are found, a number for a number, shape (k,) for shape (k,).
    Raises:
        ValueError: an argument out of its range, or a lot that holds no whole number of nonconforming items.
    Source: the three distributions as in NIST/SEMATECH e-Handbook 6.2.3.2 and ISO 2859-1:1999, clause 12 (clause unread).

    >>> round(acceptance_probability(n=52, ac=3, fraction=0.03, kind="binomial"), 3)
    0.93
    >>> round(acceptance_probability(n=10, ac=0, fraction=0.1, kind="hypergeometric", lot_size=20), 4)  # 2 of the 20 are wrong
    0.2368
    """
    size, number, word = whole("n", n, at_least=1), whole("ac", ac), _kind(kind)
    shares = finite_array("fraction", fraction)
    highest = np.inf if word == POISSON else 1.0
    if shares.size and (shares.min() < 0 or shares.max() > highest):
        raise ValueError(f"fraction is {shares.min() if shares.min() < 0 else shares.max()}: must be 0 to {highest:g}")
    if (lot_size is not None) != (word == HYPERGEOMETRIC):
        raise ValueError(f"lot_size is {lot_size!r}: {HYPERGEOMETRIC} needs it, {word} has no use for it")
    if lot_size is not None:
        found = _hypergeometric(size, number, shares, whole("lot_size", lot_size, at_least=1))
    elif word == POISSON:
        found = scipy.stats.poisson.cdf(number, size * shares)
    else:
        found = scipy.stats.binom.cdf(number, size, shares)
    return float(found) if shares.ndim == 0 else np.asarray(found, dtype=np.float64)


def oc_curve(
    *, n: int, ac: int, kind: str = BINOMIAL, fractions: Sequence[float] | NDArray[Any] | None = None, lot_size: int | None = None
) -> OcCurve:
    """Draw the operating characteristic of a single sampling plan.

    Args:
        n: Sample size, at least 1.
        ac: Acceptance number, at least 0.
        kind: "binomial", "poisson" or "hypergeometric", as in ``acceptance_probability``.
        fractions: Where to draw it, shape (k,). None: 101 points from 0 to where hardly any lot is accepted (0.1 %); for
            "hypergeometric" every possible number of nonconforming items up to there.
        lot_size: For "hypergeometric" only.
    Returns:
        The curve, in the order of ``fractions``.
    Raises:
        ValueError: as ``acceptance_probability``.
    Source: NIST/SEMATECH e-Handbook 6.2.3.2; ISO 2859-1:1999, Table 10 draws such curves (clause unread).

    >>> [(p, round(pa, 3)) for p, pa in oc_curve(n=52, ac=3, fractions=[0.01, 0.02, 0.03])]
    [(0.01, 0.998), (0.02, 0.98), (0.03, 0.93)]
    """
    word = _kind(kind)
    if fractions is None:
        end = fraction_accepted(n=n, ac=ac, probability=0.001, kind=POISSON if word == POISSON else BINOMIAL)
        if word == HYPERGEOMETRIC and lot_size is not None:
            lot = whole("lot_size", lot_size, at_least=1)
            # A curve of a large lot needs no point for every item.
            last = max(1, min(lot, int(np.ceil(end * lot))))
            shares = np.unique(np.linspace(0, last, min(last, 200) + 1).round()) / lot
        else:
            shares = np.linspace(0.0, end, 101)
    else:
        shares = finite_array("fractions", fractions, ndim=1)
    found = acceptance_probability(n=n, ac=ac, fraction=shares, kind=word, lot_size=lot_size)
    size = None if lot_size is None else int(lot_size)
    return OcCurve(int(n), int(ac), word, tuple(shares.tolist()), tuple(found.tolist()), size)


def fraction_accepted(*, n: int, ac: int, probability: float, kind: str = BINOMIAL) -> float:
    """Find the quality that a plan accepts with a given probability: 0.95 names the producer's risk point, 0.10 the consumer's.

    Args:
        n: Sample size, at least 1.
        ac: Acceptance number, at least 0.
        probability: Between 0 and 1, ends excluded.
        kind: "binomial" or "poisson".
    Returns:
        Share nonconforming, or nonconformities per item; 1.0 when even a lot that is wrong throughout is accepted (``ac`` >= ``n``).
    Raises:
        ValueError: an argument out of its range.
    Source: the inverse of the binomial and Poisson distributions (beta and gamma quantiles), exact.

    >>> round(fraction_accepted(n=80, ac=5, probability=0.10), 4)
    0.1128
    """
    size, number, word = whole("n", n, at_least=1), whole("ac", ac), _kind(kind)
    share = finite("probability", probability, above=0.0)
    if share >= 1:
        raise ValueError(f"probability is {share}: must be < 1")
    if word == HYPERGEOMETRIC:
        raise ValueError(f"kind is {kind!r}: must be {BINOMIAL} or {POISSON}, a lot has no fraction between two items")
    if word == POISSON:
        return float(scipy.stats.gamma.isf(share, number + 1) / size)
    return 1.0 if number >= size else float(scipy.stats.beta.isf(share, number + 1, size - number))


def aoql(*, n: int, ac: int, lot_size: int | None = None, kind: str = BINOMIAL) -> float:
    """Find the average outgoing quality limit: the worst that gets through when lots not accepted are sorted item by item.

    Args:
        n: Sample size, at least 1.
        ac: Acceptance number, at least 0, below ``n``.
        lot_size: Number of items in the lot, at least ``n``; None for a lot much larger than the sample.
        kind: "binomial" or "poisson".
    Returns:
        The highest average share nonconforming after inspection: the maximum over p of p·Pa(p)·(1 - n/N).
    Raises:
        ValueError: an argument out of its range.
    Source: NIST/SEMATECH e-Handbook 6.2.2 and 6.2.3.2.

    >>> round(aoql(n=52, ac=3, lot_size=10_000), 4)
    0.0372
    """
    size, number, word = whole("n", n, at_least=1), whole("ac", ac), _kind(kind)
    if word == HYPERGEOMETRIC:
        raise ValueError(f"kind is {kind!r}: must be {BINOMIAL} or {POISSON}")
    if number >= size:
        raise ValueError(f"ac is {number}: must be < n, {size}")
    lot = None if lot_size is None else whole("lot_size", lot_size, at_least=size)

    def through(share: float) -> float:
        return -share * acceptance_probability(n=size, ac=number, fraction=share, kind=word)

    # p·Pa(p) rises to one maximum and falls: it lies below the quality that one lot in a million gets accepted with.
    end = fraction_accepted(n=size, ac=number, probability=1e-6, kind=word)
    best = scipy.optimize.minimize_scalar(through, bounds=(0.0, end), method="bounded", options={"xatol": end * 1e-9})
    return float(-best.fun) * (1.0 if lot is None else 1.0 - size / lot)


def _kind(kind: str) -> str:
    word = kind.strip().lower() if isinstance(kind, str) else kind
    if word not in KINDS:
        raise ValueError(f"kind is {kind!r}: must be one of {', '.join(KINDS)}")
    return word


def _hypergeometric(n: int, ac: int, shares: FloatArray, lot_size: int) -> Any:
    if n > lot_size:
        raise ValueError(f"n is {n}: must be <= lot_size, {lot_size}")
    items = shares * lot_size
    nearest = np.round(items)
    off = np.abs(items - nearest)
    if off.size and off.max() > WHOLE_WITHIN:
        share = float(np.ravel(shares)[int(np.argmax(off))])
        raise ValueError(f"fraction is {share}: times lot_size {lot_size} must be a whole number of items, not {share * lot_size:g}")
    return scipy.stats.hypergeom.cdf(ac, lot_size, nearest.astype(np.int64), n)
