"""Capability and signals of many series at once: blocks that stay in the cache, the same numbers as one series at a time.

Arrays cannot hold None: here NaN stands for "nothing can be said", and only here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qualitystats.chart_constants import constants
from qualitystats.readings import FloatArray, Numbers, finite_array
from qualitystats.signals import BLOCK_VALUES, NELSON, ByteArray, bits_of_blocks


@dataclass(frozen=True, eq=False)
class Capabilities:
    """Indices of many series, each field of shape (s,); NaN where nothing can be said. The spread within is by moving ranges."""

    mean: FloatArray
    sigma_within: FloatArray
    sigma_overall: FloatArray
    cp: FloatArray
    cpk: FloatArray
    pp: FloatArray
    ppk: FloatArray


def series_from_rows(series: NDArray[np.generic], values: Numbers) -> tuple[NDArray[np.generic], FloatArray]:
    """Arrange rows of (series, value) into one row per series.

    Args:
        series: Which series each row belongs to, shape (r,).
        values: The values, shape (r,); rows of one series stand in time order.
    Returns:
        The names of the series in ascending order, shape (s,), and their values, shape (s, k).
    Raises:
        ValueError: shapes differ, or the series are not all of one length.
    Source: none.

    >>> names, grid = series_from_rows(np.array([2, 1, 2, 1]), [5.0, 7.0, 6.0, 8.0])
    >>> names.tolist(), grid.tolist()
    ([1, 2], [[7.0, 8.0], [5.0, 6.0]])
    """
    keys, readings = np.asarray(series), finite_array("values", values, ndim=1)
    if keys.shape != readings.shape:
        raise ValueError(f"series has shape {keys.shape}: must be that of values, {readings.shape}")
    if len(keys) and np.any(keys[1:] < keys[:-1]):
        order = np.argsort(keys, kind="stable")
        keys, readings = keys[order], readings[order]
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if len(keys) else np.zeros(0, dtype=np.int64)
    lengths = np.diff(np.r_[starts, len(keys)])
    if len(lengths) and np.any(lengths != lengths[0]):
        raise ValueError(f"series has {lengths.min()} to {lengths.max()} rows each: must all have the same number")
    return keys[starts], readings.reshape(len(starts), -1 if len(starts) else 0)


def capability_many(values: Numbers, *, lower: Numbers | None = None, upper: Numbers | None = None) -> Capabilities:
    """Find the capability of many series of single values.

    Args:
        values: One row per series, shape (s, k) with k at least 2, in time order.
        lower, upper: Specification limits of each series, shape (s,), or one for all; one of them may be missing, not both.
    Returns:
        The indices as ``capability`` gives them for each row, NaN for its None.
    Raises:
        ValueError: not finite numbers of these shapes, no limit at all, or a ``lower`` that is not below its ``upper``.
    Source: as ``capability``.

    >>> found = capability_many([[9.0, 10.0, 11.0, 10.0, 10.5, 9.5], [5, 5, 5, 5, 5, 5]], lower=8, upper=13)
    >>> found.ppk.round(4).tolist()
    [0.9428, nan]
    """
    return _capabilities(finite_array("values", values, ndim=2), lower, upper)


def judge_series(values: Numbers, *, lower: Numbers | None = None, upper: Numbers | None = None) -> tuple[Capabilities, ByteArray]:
    """Find the capability of many series and look for the eight patterns of Nelson in them.

    Args:
        values: One row per series, shape (s, k) with k at least 2, in time order.
        lower, upper: As in ``capability_many``.
    Returns:
        The indices, and the flags of ``nelson_bits`` about each series' own mean and spread within; none where it has no spread.
    Raises:
        ValueError: as ``capability_many``.
    Source: as ``capability`` and ``nelson_signals``.

    >>> found, bits = judge_series([[0.1, -0.1] * 7 + [9.0]], upper=10)
    >>> bits[0].tolist()
    [0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 2, 2, 2, 10, 9]
    """
    readings = finite_array("values", values, ndim=2)
    found = _capabilities(readings, lower, upper)
    return found, bits_of_blocks(readings, found.mean, np.nan_to_num(found.sigma_within, nan=0.0), frozenset(NELSON))


def _capabilities(readings: FloatArray, lower: Numbers | None, upper: Numbers | None) -> Capabilities:
    series, points = readings.shape
    if points < 2:
        raise ValueError(f"values has {points} points in each series: must have at least 2")
    low, high = _limits("lower", lower, series), _limits("upper", upper, series)
    if low is None and high is None:
        raise ValueError("lower and upper are None: at least one specification limit must be given")
    if low is not None and high is not None and np.any(low >= high):
        raise ValueError(f"lower is {low[np.argmax(low >= high)]}: must be < upper")
    mean, within, overall = _spreads(readings)
    with np.errstate(invalid="ignore"):
        sides = [side for side in (None if low is None else mean - low, None if high is None else high - mean) if side is not None]
        nearest, width = np.minimum.reduce(sides), np.full(series, np.nan) if low is None or high is None else high - low
        return Capabilities(
            mean, within, overall, width / (6 * within), nearest / (3 * within), width / (6 * overall), nearest / (3 * overall)
        )


def _limits(name: str, value: Numbers | None, series: int) -> FloatArray | None:
    if value is None:
        return None
    limits = finite_array(name, value)
    if limits.ndim > 1 or (limits.ndim == 1 and len(limits) != series):
        raise ValueError(f"{name} has shape {limits.shape}: must be one number, or one for each of {series} series")
    return np.broadcast_to(limits, (series,))


def _spreads(readings: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Mean, spread within and overall spread of each row; a row of equal values has NaN spreads, not a rounding above zero."""
    series, points = readings.shape
    mean, within, overall = np.empty(series), np.empty(series), np.empty(series)
    d2 = constants(2).d2
    step = max(1, BLOCK_VALUES // points)
    for start in range(0, series, step):
        part = slice(start, start + step)
        block = readings[part]
        mean[part] = block.mean(axis=1)
        steps = np.abs(np.diff(block, axis=1)).sum(axis=1)
        off = block - mean[part, None]
        still = steps == 0
        within[part] = np.where(still, np.nan, steps / ((points - 1) * d2))
        overall[part] = np.where(still, np.nan, np.sqrt(np.einsum("ij,ij->i", off, off) / (points - 1)))
    return mean, within, overall
