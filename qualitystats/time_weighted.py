"""Charts that remember: EWMA and CUSUM see a small lasting shift long before a single point leaves its limits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy

from qualitystats.charts import VaryingChart
from qualitystats.readings import Numbers, finite, finite_array


@dataclass(frozen=True)
class EwmaChart(VaryingChart):
    """An EWMA chart: besides the limits of each point, those that they grow towards."""

    steady_lcl: float = float("nan")
    steady_ucl: float = float("nan")
    weight: float = float("nan")
    width: float = float("nan")


@dataclass(frozen=True)
class CusumChart:
    """A tabular CUSUM in units of sigma: the sums above and below, and the points at which one is beyond the decision interval."""

    upper: tuple[float, ...]
    lower: tuple[float, ...]
    reference: float
    decision: float

    @property
    def outside(self) -> tuple[bool, ...]:
        """For each point whether a sum is beyond the decision interval."""
        return tuple(max(high, low) > self.decision for high, low in zip(self.upper, self.lower, strict=True))

    @property
    def signals(self) -> tuple[int, ...]:
        """The points at which a sum is beyond the decision interval, counted from 1."""
        return tuple(at for at, out in enumerate(self.outside, start=1) if out)


def ewma(values: Numbers, *, centre: float, sigma: float, weight: float = 0.2, width: float = 3.0) -> EwmaChart:
    """Chart the exponentially weighted moving average, begun at the centre.

    Args:
        values: One value per point in the characteristic's unit, shape (k,), in time order.
        centre: Target or mean of the baseline, same unit.
        sigma: Standard deviation of a single value, same unit; > 0.
        weight: Weight of the newest value (lambda), above 0 and at most 1.
        width: Half width of the limits in standard deviations of the average (L); > 0.
    Returns:
        The averages with limits that vary in time, exact for each point, and the steady limits that they approach.
    Raises:
        ValueError: an argument out of its range or shape.
    Source: NIST/SEMATECH e-Handbook 6.3.2.4 (which draws the steady limits throughout); ISO 7870-6 (clause unread).

    >>> chart = ewma([52.0, 47.0], centre=50, sigma=2.0539, weight=0.3)
    >>> [round(point, 2) for point in chart.points], round(chart.steady_ucl, 3)
    ([50.6, 49.52], 52.588)
    >>> round(chart.ucl[0], 4)
    51.8485
    """
    readings = finite_array("values", values, ndim=1)
    middle, spread = finite("centre", centre), finite("sigma", sigma, above=0)
    share, half = finite("weight", weight, above=0, at_most=1), finite("width", width, above=0)
    # Deviations from the centre start at 0, so the filter needs no state to begin with.
    points = middle + scipy.signal.lfilter([share], [1.0, share - 1.0], readings - middle)
    steady = half * spread * np.sqrt(share / (2 - share))
    grown = steady * np.sqrt(1 - (1 - share) ** (2 * np.arange(1, len(readings) + 1)))
    return EwmaChart(
        statistic="moving average",
        points=tuple(points.tolist()),
        centre=middle,
        lcl=tuple((middle - grown).tolist()),
        ucl=tuple((middle + grown).tolist()),
        baseline=0,
        steady_lcl=float(middle - steady),
        steady_ucl=float(middle + steady),
        weight=share,
        width=half,
    )


def cusum(
    values: Numbers, *, centre: float, sigma: float, reference: float = 0.5, decision: float = 5.0, head_start: float = 0.0
) -> CusumChart:
    """Chart the tabular cumulative sums of standardised deviations; they are not set back after a signal.

    Args:
        values: One value per point in the characteristic's unit, shape (k,), in time order.
        centre: Target, same unit.
        sigma: Standard deviation of a plotted value, same unit; > 0.
        reference: Reference value k in units of sigma, half the shift to be found; at least 0.
        decision: Decision interval h in units of sigma; > 0.
        head_start: What both sums begin with, in units of sigma; 0 to ``decision``.
    Returns:
        Both sums for each point, in units of sigma, never below 0.
    Raises:
        ValueError: an argument out of its range or shape.
    Source: NIST/SEMATECH e-Handbook 6.3.2.3; ISO 7870-4 (clause unread).

    >>> chart = cusum([0.0, 2.0, 2.0, 3.0], centre=0, sigma=1, decision=4)
    >>> chart.upper, chart.signals
    ((0.0, 1.5, 3.0, 5.5), (4,))
    """
    z = (finite_array("values", values, ndim=1) - finite("centre", centre)) / finite("sigma", sigma, above=0)
    slack, limit = finite("reference", reference, at_least=0), finite("decision", decision, above=0)
    high = low = finite("head_start", head_start, at_least=0, at_most=limit)
    upper, lower = [], []
    for deviation in z.tolist():
        high, low = max(0.0, high + deviation - slack), max(0.0, low - deviation - slack)
        upper.append(high)
        lower.append(low)
    return CusumChart(tuple(upper), tuple(lower), slack, limit)
