"""Control charts of counts: nonconforming items (p, np) and nonconformities (c, u)."""

from __future__ import annotations

import numpy as np

from qualitystats.charts import Chart, VaryingChart, baseline_of, without_limits
from qualitystats.readings import FloatArray, Numbers, finite_array, whole

NONE_FOUND = "none found in the baseline: the centre would be 0 and every single one a signal"
ALL_FOUND = "every item of the baseline is nonconforming: there is no spread"


def p_chart(nonconforming: Numbers, inspected: Numbers, *, baseline: int | None = None) -> VaryingChart:
    """Chart the share of nonconforming items in samples of equal or different sizes.

    Args:
        nonconforming: Nonconforming items in each sample, whole numbers, shape (k,).
        inspected: Items inspected, whole numbers, shape (k,) or one for all samples.
        baseline: How many first samples make the limits; before there are so many there are no limits. None: all.
    Returns:
        The shares with their centre and, for each sample, its limits at 3 sigma, kept within 0 and 1.
    Raises:
        ValueError: not whole numbers of that shape, more nonconforming than inspected, or ``baseline`` below 2.
    Source: NIST/SEMATECH e-Handbook 6.3.3.2; ISO 7870-2 (clause unread).

    >>> chart = p_chart([4, 7, 2], [100, 120, 80])
    >>> round(chart.centre, 4), [round(limit, 4) for limit in chart.ucl]
    (0.0433, [0.1044, 0.0991, 0.1116])
    """
    counts = _counts("nonconforming", nonconforming)
    sizes = _sizes(inspected, len(counts), whole_items=True)
    _not_more(counts, sizes)
    points = counts / sizes
    used, reason = baseline_of(len(counts), baseline, at_least=2)
    centre = float(counts[:used].sum() / sizes[:used].sum()) if used else 0.0
    if reason or centre in (0.0, 1.0):
        return _unlimited("share", points, reason or (NONE_FOUND if centre == 0 else ALL_FOUND))
    half = 3 * np.sqrt(centre * (1 - centre) / sizes)
    return _limited("share", points, centre, (np.maximum(centre - half, 0.0), np.minimum(centre + half, 1.0)), used)


def np_chart(nonconforming: Numbers, inspected: int, *, baseline: int | None = None) -> Chart:
    """Chart the number of nonconforming items in samples of one size.

    Args:
        nonconforming: Nonconforming items in each sample, whole numbers, shape (k,).
        inspected: Items inspected in every sample; for different sizes use ``p_chart``.
        baseline: How many first samples make the limits; before there are so many there are no limits. None: all.
    Returns:
        The numbers with their centre and limits at 3 sigma, kept within 0 and ``inspected``.
    Raises:
        ValueError: not whole numbers of that shape, more nonconforming than inspected, or ``baseline`` below 2.
    Source: ISO 7870-2 (clause unread); the p chart of NIST/SEMATECH e-Handbook 6.3.3.2 times the sample size.

    >>> chart = np_chart([4, 7, 2], 100)
    >>> round(chart.centre, 4), round(chart.ucl, 4), chart.lcl
    (4.3333, 10.4415, 0.0)
    """
    counts, size = _counts("nonconforming", nonconforming), whole("inspected", inspected, at_least=1)
    _not_more(counts, np.full(len(counts), float(size)))
    used, reason = baseline_of(len(counts), baseline, at_least=2)
    centre = float(counts[:used].mean()) if used else 0.0
    if reason or centre in (0.0, size):
        return without_limits("number of items", counts, reason or (NONE_FOUND if centre == 0 else ALL_FOUND))
    half = 3 * np.sqrt(centre * (1 - centre / size))
    return Chart("number of items", tuple(counts.tolist()), centre, float(max(centre - half, 0.0)), float(min(centre + half, size)), used)


def c_chart(nonconformities: Numbers, *, baseline: int | None = None) -> Chart:
    """Chart the number of nonconformities in equal areas, lengths or numbers of items.

    Args:
        nonconformities: Nonconformities counted in each sample, whole numbers, shape (k,).
        baseline: How many first samples make the limits; before there are so many there are no limits. None: all.
    Returns:
        The numbers with their centre and limits at 3 sigma, not below 0.
    Raises:
        ValueError: not whole numbers of that shape, or ``baseline`` below 2.
    Source: NIST/SEMATECH e-Handbook 6.3.3.1; ISO 7870-2 (clause unread).

    >>> chart = c_chart([16, 14, 18, 16])
    >>> chart.centre, chart.lcl, chart.ucl
    (16.0, 4.0, 28.0)
    """
    counts = _counts("nonconformities", nonconformities)
    used, reason = baseline_of(len(counts), baseline, at_least=2)
    centre = float(counts[:used].mean()) if used else 0.0
    if reason or centre == 0:
        return without_limits("number", counts, reason or NONE_FOUND)
    half = 3 * float(np.sqrt(centre))
    return Chart("number", tuple(counts.tolist()), centre, max(centre - half, 0.0), centre + half, used)


def u_chart(nonconformities: Numbers, units: Numbers, *, baseline: int | None = None) -> VaryingChart:
    """Chart nonconformities per unit of area, length or items, for samples of equal or different extent.

    Args:
        nonconformities: Nonconformities counted in each sample, whole numbers, shape (k,).
        units: Extent of each sample, > 0 and not always whole (2.5 rolls), shape (k,) or one for all.
        baseline: How many first samples make the limits; before there are so many there are no limits. None: all.
    Returns:
        Nonconformities per unit with their centre and, for each sample, its limits at 3 sigma, not below 0.
    Raises:
        ValueError: counts that are not whole, an extent that is not > 0, wrong shapes, or ``baseline`` below 2.
    Source: ISO 7870-2 (clause unread); NIST/SEMATECH e-Handbook 6.3.3.1 for counts.

    >>> chart = u_chart([3, 5, 2, 8, 4], [1.0, 1.2, 0.8, 1.5, 1.0])
    >>> chart.centre, round(chart.ucl[1], 6)
    (4.0, 9.477226)
    """
    counts = _counts("nonconformities", nonconformities)
    extents = _sizes(units, len(counts), whole_items=False)
    points = counts / extents
    used, reason = baseline_of(len(counts), baseline, at_least=2)
    centre = float(counts[:used].sum() / extents[:used].sum()) if used else 0.0
    if reason or centre == 0:
        return _unlimited("number per unit", points, reason or NONE_FOUND)
    half = 3 * np.sqrt(centre / extents)
    return _limited("number per unit", points, centre, (np.maximum(centre - half, 0.0), centre + half), used)


def _counts(name: str, values: Numbers) -> FloatArray:
    counts = finite_array(name, values, ndim=1)
    bad = np.flatnonzero((counts < 0) | (counts != np.floor(counts)))
    if len(bad):
        raise ValueError(f"{name}[{bad[0]}] is {counts[bad[0]]}: must be a whole number of at least 0")
    return counts


def _sizes(values: Numbers, samples: int, *, whole_items: bool) -> FloatArray:
    name = "inspected" if whole_items else "units"
    sizes = finite_array(name, values)
    if sizes.ndim == 0:
        sizes = np.full(samples, float(sizes))
    if sizes.shape != (samples,):
        raise ValueError(f"{name} has shape {sizes.shape}: must be one number, or one for each of {samples} samples")
    bad = np.flatnonzero((sizes <= 0) | (whole_items & (sizes != np.floor(sizes))))
    if len(bad):
        raise ValueError(f"{name}[{bad[0]}] is {sizes[bad[0]]}: must be {'a whole number of at least 1' if whole_items else '> 0'}")
    return sizes


def _not_more(counts: FloatArray, sizes: FloatArray) -> None:
    more = np.flatnonzero(counts > sizes)
    if len(more):
        raise ValueError(f"nonconforming[{more[0]}] is {counts[more[0]]:g}: must be <= inspected, {sizes[more[0]]:g}")


def _unlimited(statistic: str, points: FloatArray, reason: str) -> VaryingChart:
    return VaryingChart(statistic, tuple(points.tolist()), None, (), (), 0, reason)


def _limited(statistic: str, points: FloatArray, centre: float, limits: tuple[FloatArray, FloatArray], used: int) -> VaryingChart:
    return VaryingChart(statistic, tuple(points.tolist()), centre, tuple(limits[0].tolist()), tuple(limits[1].tolist()), used)
