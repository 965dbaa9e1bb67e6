"""Two samples, one result of each from every laboratory: what the laboratories do to both alike, and what only happens to one."""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt
from typing import Any

import numpy as np

from qualitystats.readings import finite, finite_array

LEAST = 3


@dataclass(frozen=True)
class YoudenPairs:
    """Both samples of p laboratories together; spreads in the unit of the results, `share` of the variance of one result is systematic."""

    p: int
    middle: tuple[float, float]
    s_random: float
    s_systematic: float
    share: float
    radius: float


def youden_pairs(first: Any, second: Any, *, confidence: float = 0.95) -> YoudenPairs:
    """Part the spread of paired results into what is common to both samples of a laboratory and what is not.

    Args:
        first: Each laboratory's result of the one sample, shape (p,), p >= 3, in the measurand's unit or as scores.
        second: Its result of the other sample, same shape and unit; the samples are alike, so that they spread alike.
        confidence: Of the circle, above 0 and below 1.
    Returns:
        `middle`, the medians; `s_random` = s(first - second) / √2; `s_systematic`, the root of (s²(first + second) / 2 - s_random²) / 2,
        0 where that is negative; `radius`, within which of the middle a laboratory without an error of its own lies with the confidence:
        s_random √(-2 ln(1 - confidence)), 2.448 s_random at 95 %, taking s_random as known and errors as normal.
    Raises:
        ValueError: shapes that differ, fewer than three pairs, values not finite, no spread at all, confidence out of range.
    Source: W. J. Youden, Industrial Quality Control 15 (1959) 24-28 (page unread); s_random as in P. M. Berthouex, L. C. Brown, Statistics
        for Environmental Engineers, 2nd ed., ch. 9, whose table 9.1 the test takes (extract read).

    >>> found = youden_pairs([1.0, 2.0, 3.0, 4.0], [1.2, 1.8, 3.2, 3.8])
    >>> found.middle, round(found.s_random, 3), round(found.share, 2)
    ((2.5, 2.5), 0.163, 0.98)
    """
    level = finite("confidence", confidence, above=0.0, at_most=1 - 1e-12)
    one, two = finite_array("first", first, ndim=1), finite_array("second", second, ndim=1)
    if len(one) != len(two):
        raise ValueError(f"second has {len(two)} values: must have {len(one)}, as first has")
    if len(one) < LEAST:
        raise ValueError(f"first has {len(one)} values: must have {LEAST} or more")
    apart, both = float(np.var(one - two, ddof=1)) / 2, float(np.var(one + two, ddof=1)) / 2
    if not apart + both:
        raise ValueError("first and second do not vary: there is nothing to part")
    shared = max(0.0, (both - apart) / 2)
    middle = (float(np.median(one)), float(np.median(two)))
    return YoudenPairs(len(one), middle, sqrt(apart), sqrt(shared), shared / (shared + apart), sqrt(-2 * log(1 - level) * apart))
