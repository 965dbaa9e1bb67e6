"""How much of what we see is the measuring: Gage R&R of parts x operators x trials, by analysis of variance and by ranges."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy

from qualitystats.chart_constants import constants
from qualitystats.readings import FloatArray, finite, finite_array

# From standard deviations to distinguishable groups: the manual's rounded 1.41, not the root of 2.
_NDC_FACTOR = 1.41
POOL_ABOVE = 0.25


@dataclass(frozen=True)
class GaugeComponents:
    """Variances in the squared unit. `grr` = repeatability + reproducibility; `total` = grr + part."""

    repeatability: float
    operator: float
    interaction: float
    reproducibility: float
    part: float
    grr: float
    total: float


@dataclass(frozen=True)
class GaugeAnova(GaugeComponents):
    """Components with the table they come from; rows in the order part, operator, interaction, repeatability.

    `pooled` says whether the interaction was put into repeatability; `truncated` names components whose estimate was below zero
    and is reported as zero. Percentages and `ndc` are None where nothing varies.
    """

    sums_of_squares: tuple[float, float, float, float]
    degrees_of_freedom: tuple[int, int, int, int]
    f_interaction: float | None
    p_interaction: float | None
    pooled: bool
    truncated: tuple[str, ...]
    pct_contribution_grr: float | None
    pct_study_var_grr: float | None
    pct_tolerance_grr: float | None
    ndc: int | None


@dataclass(frozen=True)
class GaugeRange:
    """Average and range method: standard deviations in the unit of the readings. Percentages and `ndc` are None where nothing varies."""

    r_bar: float
    x_diff: float
    r_parts: float
    ev: float
    av: float
    pv: float
    grr: float
    tv: float
    pct_ev: float | None
    pct_av: float | None
    pct_pv: float | None
    pct_grr: float | None
    ndc: int | None


def gauge_rr_anova(data: Any, *, pool_above: float = POOL_ABOVE, tolerance: float | None = None) -> GaugeAnova:
    """Crossed Gage R&R by analysis of variance, parts and operators random.

    Args:
        data: Readings, shape (parts, operators, trials), in one unit; at least 2 of each.
        pool_above: The interaction is pooled into repeatability when its p-value is above this; 1 never pools. The value 0.25 is
            a convention of the trade, others use 0.05: state it with the result.
        tolerance: Width between the specification limits, same unit, above 0, for ``pct_tolerance_grr`` (6 s of grr against it).
    Returns:
        Variance components; estimates below zero are zero and named in ``truncated``.
    Raises:
        ValueError: not finite, not rectangular, fewer than 2 parts, operators or trials, ``pool_above`` outside of 0 to 1.
    Source: AIAG MSA manual, crossed ANOVA method (clause unread); checked against Minitab's published example.

    >>> gauge_rr_anova([[[1.0, 1.1], [1.0, 1.2]], [[3.0, 3.1], [3.1, 3.0]], [[5.0, 5.2], [5.1, 5.0]]]).ndc
    31
    """
    readings = _crossed(data)
    parts, operators, trials = readings.shape
    finite("pool_above", pool_above, at_least=0, at_most=1)
    squares, freedom = _anova_table(readings)
    scale = max(float(np.abs(readings).max()), 1e-300)
    f_value, p_value = _interaction_test(squares, freedom, scale)
    pooled = p_value is not None and p_value > pool_above
    within = (squares[2] + squares[3]) / (freedom[2] + freedom[3]) if pooled else squares[3] / freedom[3]
    against = within if pooled else squares[2] / freedom[2]
    raw = {
        "operator": (squares[1] / freedom[1] - against) / (parts * trials),
        "interaction": 0.0 if pooled else (against - within) / trials,
        "part": (squares[0] / freedom[0] - against) / (operators * trials),
    }
    operator, interaction, part = (max(raw[name], 0.0) for name in ("operator", "interaction", "part"))
    grr = within + operator + interaction
    total = grr + part
    width = None if tolerance is None else finite("tolerance", tolerance, above=0)
    return GaugeAnova(
        within,
        operator,
        interaction,
        operator + interaction,
        part,
        grr,
        total,
        squares,
        freedom,
        f_value,
        p_value,
        pooled,
        tuple(name for name, estimate in raw.items() if estimate < 0),
        None if total == 0 else 100.0 * grr / total,
        None if total == 0 else 100.0 * math.sqrt(grr / total),
        None if width is None else 600.0 * math.sqrt(grr) / width,
        ndc(part_sd=math.sqrt(part), grr_sd=math.sqrt(grr)),
    )


def gauge_rr_range(data: Any) -> GaugeRange:
    """Gage R&R by averages and ranges.

    The factors K1, K2, K3 are 1/d2 and 1/d2* of ranges of normal samples, by their definition: they equal the manual's four decimals.

    Args:
        data: Readings, shape (parts, operators, trials), in one unit; at least 2 of each.
    Returns:
        EV (repeatability), AV (reproducibility, 0 when EV explains it), PV, GRR and TV as standard deviations, with percent of TV.
    Raises:
        ValueError: not finite, not rectangular, fewer than 2 or more than 100 parts, operators or trials.
    Source: AIAG MSA manual, average and range method (clause unread); checked against its 10 x 3 x 3 data.

    >>> round(gauge_rr_range([[[1.0, 1.1], [1.0, 1.2]], [[3.0, 3.1], [3.1, 3.0]]]).ev, 4)
    0.1108
    """
    readings = _crossed(data)
    parts, operators, trials = readings.shape
    r_bar = float(np.ptp(readings, axis=2).mean())
    x_diff = float(np.ptp(readings.mean(axis=(0, 2))))
    r_parts = float(np.ptp(readings.mean(axis=(1, 2))))
    # Many ranges are averaged for EV, one is taken for AV and PV: d2 for the first, d2* of one sample for the others.
    ev = r_bar / constants(trials).d2
    av = math.sqrt(max((x_diff / _one_range(operators)) ** 2 - ev**2 / (parts * trials), 0.0))
    pv = r_parts / _one_range(parts)
    grr = math.hypot(ev, av)
    tv = math.hypot(grr, pv)
    pct_ev, pct_av, pct_pv, pct_grr = (None if tv == 0 else 100.0 * each / tv for each in (ev, av, pv, grr))
    return GaugeRange(r_bar, x_diff, r_parts, ev, av, pv, grr, tv, pct_ev, pct_av, pct_pv, pct_grr, ndc(part_sd=pv, grr_sd=grr))


def ndc(*, part_sd: float, grr_sd: float) -> int | None:
    """Number of distinct categories that the measuring can tell apart.

    Args:
        part_sd: Standard deviation between parts, at least 0.
        grr_sd: Standard deviation of the measuring, same unit, at least 0.
    Returns:
        1.41 part_sd / grr_sd, cut (never rounded) to a whole number, and at least 1; None when the measuring shows no spread.
    Raises:
        ValueError: not finite, or below 0.
    Source: AIAG MSA manual (clause unread); checked against the example in ``gauge_rr_anova``.

    >>> ndc(part_sd=1.104, grr_sd=0.306), ndc(part_sd=1.0, grr_sd=0.0)
    (5, None)
    """
    between, measuring = finite("part_sd", part_sd, at_least=0), finite("grr_sd", grr_sd, at_least=0)
    if measuring == 0:
        return None
    return max(1, math.floor(_NDC_FACTOR * between / measuring))


def _crossed(data: Any) -> FloatArray:
    readings = finite_array("data", data, ndim=3)
    for count, what in zip(readings.shape, ("parts", "operators", "trials"), strict=True):
        if count < 2:
            raise ValueError(f"data has {count} {what}: must have at least 2")
    return readings


def _anova_table(readings: FloatArray) -> tuple[tuple[float, float, float, float], tuple[int, int, int, int]]:
    """Sums of squares and degrees of freedom: part, operator, interaction, repeatability."""
    parts, operators, trials = readings.shape
    centred = readings - readings[0, 0, 0]  # first, so that equal readings leave exactly nothing
    centred = centred - centred.mean()
    cells = centred.mean(axis=2)
    of_parts, of_operators = centred.mean(axis=(1, 2)), centred.mean(axis=(0, 2))
    squares = (
        operators * trials * float(np.sum(of_parts**2)),
        parts * trials * float(np.sum(of_operators**2)),
        trials * float(np.sum((cells - of_parts[:, None] - of_operators) ** 2)),
        float(np.sum((centred - cells[:, :, None]) ** 2)),
    )
    return squares, (parts - 1, operators - 1, (parts - 1) * (operators - 1), parts * operators * (trials - 1))


def _interaction_test(squares: tuple[float, ...], freedom: tuple[int, ...], scale: float) -> tuple[float | None, float | None]:
    """F and p of the interaction; both None when repeated readings do not differ at all, beyond rounding."""
    if squares[3] <= (1e-14 * scale) ** 2 * freedom[3]:
        return None, None
    ratio = (squares[2] / freedom[2]) / (squares[3] / freedom[3])
    return ratio, float(scipy.stats.f.sf(ratio, freedom[2], freedom[3]))


def _one_range(n: int) -> float:
    """d2* of one sample: the root of the mean squared range of n standard normal values."""
    return math.hypot(constants(n).d2, constants(n).d3)
