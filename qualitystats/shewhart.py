"""Control charts of measured values: mean and range, mean and standard deviation, single values with moving ranges."""

from __future__ import annotations

import numpy as np

from qualitystats.chart_constants import constants
from qualitystats.charts import Chart, ChartPair, baseline_of, without_limits
from qualitystats.readings import FloatArray, Numbers, finite_array

NO_SPREAD = "no spread in the baseline: limits would be one line"


def xbar_r(subgroups: Numbers, *, baseline: int | None = None) -> ChartPair:
    """Chart the means and ranges of subgroups.

    Args:
        subgroups: Readings in the characteristic's unit, shape (k, n) with n from 2 to 100, in time order.
        baseline: How many first subgroups make the limits; before there are so many there are no limits. None: all.
    Returns:
        Charts of mean (``xbar``) and range (``r``), same unit; ``sigma`` is the mean range over d2.
    Raises:
        ValueError: not finite numbers of that shape, or ``baseline`` below 2.
    Source: NIST/SEMATECH e-Handbook 6.3.2.1; ISO 7870-2 (clause unread).

    >>> pair = xbar_r([[9.0, 11.0], [10.0, 12.0], [8.0, 12.0]])
    >>> round(pair.xbar.centre, 4), round(pair.xbar.ucl, 4), round(pair.r.ucl, 4)
    (10.3333, 15.3466, 8.7108)
    """
    readings = _subgroups(subgroups)
    ranges = readings.max(axis=1) - readings.min(axis=1)
    known = constants(readings.shape[1])
    return _pair(readings, ranges, ("mean", "range"), (known.A2, known.D3, known.D4, known.d2), baseline)


def xbar_s(subgroups: Numbers, *, baseline: int | None = None) -> ChartPair:
    """Chart the means and standard deviations of subgroups; to be preferred to ranges for more than about ten readings.

    Args:
        subgroups: Readings in the characteristic's unit, shape (k, n) with n from 2 to 100, in time order.
        baseline: How many first subgroups make the limits; before there are so many there are no limits. None: all.
    Returns:
        Charts of mean (``xbar``) and standard deviation (``s``), same unit; ``sigma`` is the mean standard deviation over c4.
    Raises:
        ValueError: not finite numbers of that shape, or ``baseline`` below 2.
    Source: NIST/SEMATECH e-Handbook 6.3.2.1; ISO 7870-2 (clause unread).

    >>> pair = xbar_s([[9.0, 11.0], [10.0, 12.0], [8.0, 12.0]])
    >>> round(pair.xbar.ucl, 4), round(pair.s.ucl, 4)
    (15.3466, 6.1594)
    """
    readings = _subgroups(subgroups)
    known = constants(readings.shape[1])
    deviations = readings.std(axis=1, ddof=1)
    return _pair(readings, deviations, ("mean", "standard deviation"), (known.A3, known.B3, known.B4, known.c4), baseline)


def individuals_mr(values: Numbers, *, baseline: int | None = None) -> ChartPair:
    """Chart single values and the moving ranges between neighbours.

    Args:
        values: One value per point in the characteristic's unit, shape (k,), in time order.
        baseline: How many first values make the limits; before there are so many there are no limits. None: all.
    Returns:
        Charts of value (``x``) and moving range (``mr``, one point fewer), same unit; ``sigma`` is the mean moving range over d2(2).
    Raises:
        ValueError: not finite numbers of that shape, or ``baseline`` below 2.
    Source: NIST/SEMATECH e-Handbook 6.3.2.2; ISO 7870-2 (clause unread).

    >>> pair = individuals_mr([10.0, 12.0, 11.0, 13.0])
    >>> round(pair.x.ucl, 4), round(pair.mr.ucl, 4)
    (15.9311, 5.4442)
    """
    points = finite_array("values", values, ndim=1)
    moving = np.abs(np.diff(points))
    used, reason = baseline_of(len(points), baseline, at_least=2)
    known = constants(2)
    if not reason and not moving[: used - 1].any():
        reason = NO_SPREAD
    if reason:
        return ChartPair(without_limits("value", points, reason), without_limits("moving range", moving, reason), None, 1)
    centre, spread = float(points[:used].mean()), float(moving[: used - 1].mean())
    location = _chart("value", points, (centre - known.E2 * spread, centre, centre + known.E2 * spread), used)
    return ChartPair(
        location, _chart("moving range", moving, (known.D3 * spread, spread, known.D4 * spread), used - 1), spread / known.d2, 1
    )


def _subgroups(subgroups: Numbers) -> FloatArray:
    readings = finite_array("subgroups", subgroups, ndim=2)
    if readings.shape[1] < 2:
        raise ValueError(f"subgroups has {readings.shape[1]} readings each: must have at least 2; for single values use individuals_mr")
    return readings


def _pair(
    readings: FloatArray, spreads: FloatArray, names: tuple[str, str], factors: tuple[float, float, float, float], baseline: int | None
) -> ChartPair:
    """Charts of means and spreads; the factors are: to the limits of the mean, to the spread's lower and upper limit, to sigma."""
    means = readings.mean(axis=1)
    to_limits, lower, upper, to_sigma = factors
    used, reason = baseline_of(len(readings), baseline, at_least=2)
    # By range, which is exactly 0 for equal readings; their standard deviation may be a rounding above it.
    if not reason and not np.ptp(readings[:used], axis=1).any():
        reason = NO_SPREAD
    if reason:
        return ChartPair(without_limits(names[0], means, reason), without_limits(names[1], spreads, reason), None, readings.shape[1])
    centre, spread = float(means[:used].mean()), float(spreads[:used].mean())
    location = _chart(names[0], means, (centre - to_limits * spread, centre, centre + to_limits * spread), used)
    return ChartPair(
        location, _chart(names[1], spreads, (lower * spread, spread, upper * spread), used), spread / to_sigma, readings.shape[1]
    )


def _chart(statistic: str, points: FloatArray, lines: tuple[float, float, float], used: int) -> Chart:
    lcl, centre, ucl = lines
    return Chart(statistic, tuple(points.tolist()), centre, lcl, ucl, used)
