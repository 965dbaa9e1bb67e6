"""Bounds for a difference of two independent mean squares: what every confidence interval of a variance component comes down to."""

from __future__ import annotations

import math

import scipy


def interval_of_difference(first: float, df_first: float, second: float, df_second: float, *, tail: float) -> tuple[float, float]:
    """Two-sided bounds of E[first] - E[second] by the modified large-sample method.

    Args:
        first: A mean square times its factor, at least 0, with ``df_first`` degrees of freedom.
        df_first: Above 0.
        second: The one that is subtracted, at least 0, with ``df_second`` degrees of freedom; independent of the first.
        df_second: Above 0; need not be whole.
        tail: Probability left out on each side, above 0, below 0.5.
    Returns:
        Lower and upper bound; the lower may be below zero.
    Raises:
        Nothing: the caller has checked its numbers.
    Source: R. K. Burdick, F. A. Graybill, Confidence Intervals on Variance Components (page unread); F. A. Graybill, C. M. Wang,
        JASA 75 (1980). Coverage is simulated in the tests.

    >>> low, high = interval_of_difference(10.0, 9, 2.0, 20, tail=0.025)
    >>> round(low, 3), round(high, 3)
    (2.326, 31.268)
    """
    # With "upper" the point that is exceeded with the probability of one tail, "lower" the one that is not reached with it.
    ratio_upper = float(scipy.stats.f.isf(tail, df_first, df_second))
    ratio_lower = float(scipy.stats.f.ppf(tail, df_first, df_second))
    g_first, h_second = 1 - df_first / float(scipy.stats.chi2.isf(tail, df_first)), df_second / float(scipy.stats.chi2.ppf(tail, df_second)) - 1
    h_first, g_second = df_first / float(scipy.stats.chi2.ppf(tail, df_first)) - 1, 1 - df_second / float(scipy.stats.chi2.isf(tail, df_second))
    cross_low = ((ratio_upper - 1) ** 2 - (g_first * ratio_upper) ** 2 - h_second**2) / ratio_upper
    cross_high = ((1 - ratio_lower) ** 2 - (h_first * ratio_lower) ** 2 - g_second**2) / ratio_lower
    below = (g_first * first) ** 2 + (h_second * second) ** 2 + cross_low * first * second
    above = (h_first * first) ** 2 + (g_second * second) ** 2 + cross_high * first * second
    return first - second - math.sqrt(max(below, 0.0)), first - second + math.sqrt(max(above, 0.0))
