"""How well a characteristic fits its specification limits: Cp, Cpk by the spread within subgroups, Pp, Ppk by the overall spread.

Every index that cannot be stated is None, with its reason beside it: never a zero and never an infinity.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import sqrt
from typing import TypeAlias

import numpy as np
import scipy

from qualitystats.chart_constants import c4, constants
from qualitystats.readings import FloatArray, Numbers, finite, finite_array, whole

Interval: TypeAlias = tuple[float, float]
WITHIN = {"pooled": "pooled standard deviation / c4", "range": "mean range / d2", "moving": "mean moving range / d2"}
VARIABLE = "variable"
KINDS = (VARIABLE, "ordinal", "attribute", "censored")
CHI_SQUARE = "chi-square with the degrees of freedom of the spread"
BISSELL = "normal approximation (Bissell 1990)"
NO_SPREAD, ONE_LIMIT, NO_TARGET = "zero spread: nothing can be said", "only one specification limit", "no target stated"
RANGES = "spread from ranges: no confidence bounds without degrees of freedom"


@dataclass(frozen=True)
class Spec:
    """Specification limits and target in the characteristic's unit; either limit may be missing, not both."""

    lower: float | None = None
    target: float | None = None
    upper: float | None = None


@dataclass(frozen=True)
class Indices:
    """Indices by one spread, dimensionless. `reasons` says for each None why; `interval_method` how the bounds were found."""

    cp: float | None = None
    cpk: float | None = None
    cpl: float | None = None
    cpu: float | None = None
    cpm: float | None = None
    cp_interval: Interval | None = None
    cpk_interval: Interval | None = None
    sigma: float | None = None
    n: int | None = None
    confidence: float = 0.95
    interval_method: str = ""
    reasons: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Capability:
    """Both families of indices for one characteristic. `cp` … are by the spread within subgroups, `pp` … by the overall spread.

    `reasons` says for each index that is None why; `reason` is filled when none of them can be stated.
    """

    n: int
    subgroups: int | None
    mean: float | None
    sigma_within: float | None
    sigma_overall: float | None
    cp: float | None
    cpk: float | None
    cpl: float | None
    cpu: float | None
    pp: float | None
    ppk: float | None
    ppl: float | None
    ppu: float | None
    cpm: float | None
    cp_interval: Interval | None
    cpk_interval: Interval | None
    pp_interval: Interval | None
    ppk_interval: Interval | None
    confidence: float
    interval_method: str
    within_method: str
    reasons: dict[str, str]
    reason: str = ""


def capability(
    values: Numbers,
    *,
    lower: float | None = None,
    target: float | None = None,
    upper: float | None = None,
    kind: str = VARIABLE,
    within: str = "pooled",
    confidence: float = 0.95,
) -> Capability:
    """Compare the spread and place of a characteristic with its specification limits.

    Args:
        values: Single values in time order, shape (k,), or subgroups, shape (k, n); in the characteristic's unit.
        lower, upper: Specification limits, same unit; one of them may be missing, not both.
        target: Target within the limits, same unit; for Cpm.
        kind: "variable"; for "ordinal", "attribute" and "censored" characteristics nothing is computed, and the reason is given.
        within: Spread within subgroups by their "pooled" standard deviation over c4, or by their mean "range" over d2. Single values
            always use the mean moving range over d2.
        confidence: Of the two-sided bounds, between 0 and 1.
    Returns:
        Cp, Cpk (spread within), Pp, Ppk (overall standard deviation), Cpm (overall, about the target), and bounds where their method
        is known.
    Raises:
        ValueError: not finite numbers of that shape, no limit at all, ``lower`` not below ``upper``, ``target`` outside of them.
    Source: NIST/SEMATECH e-Handbook 6.1.6; ISO 22514-2 (clause unread); bounds of Cpk: Bissell 1990 as quoted there.

    >>> found = capability([9.0, 10.0, 11.0, 10.0, 10.5, 9.5], lower=8, upper=13)
    >>> round(found.pp, 4), round(found.ppk, 4), round(found.ppl, 4), round(found.cpk, 4)
    (1.1785, 0.9428, 0.9428, 0.8358)
    >>> capability([5, 5, 5], upper=6).reason
    'zero spread: nothing can be said'
    """
    spec, share = _read_spec(lower, target, upper), _read_confidence(confidence)
    if within not in WITHIN:
        raise ValueError(f"within is {within!r}: must be one of {', '.join(WITHIN)}")
    if kind not in KINDS:
        raise ValueError(f"kind is {kind!r}: must be one of {', '.join(KINDS)}")
    if kind != VARIABLE:
        return _nothing(0, None, f"not a variable characteristic ({kind}): grades, counts and censored values have no capability", share)
    readings = finite_array("values", values)
    if readings.ndim not in (1, 2) or (readings.ndim == 2 and readings.shape[1] < 2):
        raise ValueError(f"values has shape {readings.shape}: must be (k,) single values or (k, n) subgroups with n at least 2")
    subgroups = len(readings) if readings.ndim == 2 else None
    if readings.size < 2:
        return _nothing(readings.size, subgroups, f"{readings.size} values: at least 2 are needed for a spread", share)
    if np.ptp(readings) == 0:
        return _nothing(readings.size, subgroups, NO_SPREAD, share)
    mean, n = float(readings.mean()), int(readings.size)
    overall = _indices(mean, float(readings.std(ddof=1)), spec, _Precision(n, n - 1, share))
    sigma_within, freedom, method = _within(readings, within)
    inner = _indices(mean, sigma_within, spec, _Precision(n, freedom, share))
    return _joined(inner, overall, subgroups, mean, method)


def capability_of(
    *,
    mean: float,
    sigma: float,
    lower: float | None = None,
    target: float | None = None,
    upper: float | None = None,
    n: int | None = None,
    confidence: float = 0.95,
) -> Indices:
    """Find the indices from a mean and a standard deviation that are already known.

    Whether they are Cp or Pp is what the standard deviation makes of them.

    Args:
        mean: In the characteristic's unit.
        sigma: Standard deviation, same unit; at least 0.
        lower, upper: Specification limits, same unit; one of them may be missing, not both.
        target: Target within the limits, same unit; for Cpm.
        n: Number of values behind ``sigma``, at least 2; without it there are no bounds.
        confidence: Of the two-sided bounds, between 0 and 1.
    Returns:
        The indices; with ``n`` the bounds of Cp (chi-square, n-1 degrees of freedom) and Cpk (Bissell).
    Raises:
        ValueError: an argument out of its range.
    Source: NIST/SEMATECH e-Handbook 6.1.6.

    >>> found = capability_of(mean=16, sigma=2, lower=8, upper=20)
    >>> found.cp, round(found.cpk, 4), round(found.cpl, 4)
    (1.0, 0.6667, 1.3333)
    >>> capability_of(mean=50, sigma=1.75, lower=38, upper=62, n=20).cp_interval
    (1.56..., 3.00...)
    """
    spec, share = _read_spec(lower, target, upper), _read_confidence(confidence)
    size = None if n is None else whole("n", n, at_least=2)
    return _indices(
        finite("mean", mean), finite("sigma", sigma, at_least=0), spec, _Precision(size, None if size is None else size - 1, share)
    )


@dataclass(frozen=True)
class _Precision:
    """What bounds stand on: number of values, degrees of freedom of the spread (None: not known), confidence."""

    n: int | None
    freedom: int | None
    confidence: float


def _indices(mean: float, sigma: float, spec: Spec, precision: _Precision) -> Indices:
    if sigma == 0:
        reasons = dict.fromkeys(("cp", "cpk", "cpl", "cpu", "cpm", "cp_interval", "cpk_interval"), NO_SPREAD)
        return Indices(sigma=sigma, n=precision.n, confidence=precision.confidence, reasons=reasons)
    reasons = {}
    cpl = None if spec.lower is None else (mean - spec.lower) / (3 * sigma)
    cpu = None if spec.upper is None else (spec.upper - mean) / (3 * sigma)
    cpk = min(side for side in (cpl, cpu) if side is not None)
    cp = cpm = None
    if spec.lower is not None and spec.upper is not None:
        cp = (spec.upper - spec.lower) / (6 * sigma)
        cpm = None if spec.target is None else (spec.upper - spec.lower) / (6 * sqrt(sigma**2 + (mean - spec.target) ** 2))
    for name, value, why in (("cp", cp, ONE_LIMIT), ("cpl", cpl, ONE_LIMIT), ("cpu", cpu, ONE_LIMIT)):
        if value is None:
            reasons[name] = why
    if cpm is None:
        reasons["cpm"] = NO_TARGET if spec.target is None else ONE_LIMIT
    cp_interval = cpk_interval = None
    if precision.n is None or precision.freedom is None:
        why = "number of values not stated" if precision.n is None else RANGES
        reasons["cp_interval"] = reasons["cpk_interval"] = why
    else:
        cp_interval = None if cp is None else cp_bounds(cp, freedom=precision.freedom, confidence=precision.confidence)
        cpk_interval = cpk_bounds(cpk, n=precision.n, freedom=precision.freedom, confidence=precision.confidence)
        if cp_interval is None:
            reasons["cp_interval"] = ONE_LIMIT
    method = "" if cpk_interval is None else f"Cp: {CHI_SQUARE}; Cpk: {BISSELL}"
    return Indices(cp, cpk, cpl, cpu, cpm, cp_interval, cpk_interval, sigma, precision.n, precision.confidence, method, reasons)


def cp_bounds(cp: float, *, freedom: int, confidence: float = 0.95) -> Interval:
    """Find two-sided confidence bounds of Cp or Pp, for normal values.

    Args:
        cp: The index, > 0.
        freedom: Degrees of freedom of the standard deviation: n-1, or the sum over subgroups.
        confidence: Between 0 and 1.
    Returns:
        Lower and upper bound.
    Raises:
        ValueError: an argument out of its range.
    Source: NIST/SEMATECH e-Handbook 6.1.6: the chi-square distribution of the variance.

    >>> [round(bound, 4) for bound in cp_bounds(2.285714, freedom=19)]
    [1.5649, 3.0056]
    """
    index, df = finite("cp", cp, above=0), whole("freedom", freedom, at_least=1)
    tail = (1 - _read_confidence(confidence)) / 2
    low, high = (index * sqrt(float(scipy.stats.chi2.ppf(share, df)) / df) for share in (tail, 1 - tail))
    return low, high


def cpk_bounds(cpk: float, *, n: int, freedom: int | None = None, confidence: float = 0.95) -> Interval:
    """Find two-sided approximate confidence bounds of Cpk or Ppk, for normal values.

    Args:
        cpk: The index.
        n: Number of values.
        freedom: Degrees of freedom of the standard deviation; None: n-1.
        confidence: Between 0 and 1.
    Returns:
        Lower and upper bound: cpk ± z·sqrt(1/(9n) + cpk²/(2·freedom)).
    Raises:
        ValueError: an argument out of its range.
    Source: Bissell, Applied Statistics 39, 1990, as quoted in NIST/SEMATECH e-Handbook 6.1.6 (paper unread).

    >>> [round(bound, 4) for bound in cpk_bounds(2.285714, n=20)]
    [1.5444, 3.027]
    """
    index, size = finite("cpk", cpk), whole("n", n, at_least=2)
    df = size - 1 if freedom is None else whole("freedom", freedom, at_least=1)
    z = float(scipy.stats.norm.ppf((1 + _read_confidence(confidence)) / 2))
    half = z * sqrt(1 / (9 * size) + index**2 / (2 * df))
    return index - half, index + half


def _within(readings: FloatArray, how: str) -> tuple[float, int | None, str]:
    """The spread within subgroups, its degrees of freedom, and how it was found."""
    if readings.ndim == 1:
        return float(np.abs(np.diff(readings)).mean()) / constants(2).d2, None, WITHIN["moving"]
    ranges = np.ptp(readings, axis=1)
    if how == "range" or not ranges.any():
        return float(ranges.mean()) / constants(readings.shape[1]).d2, None, WITHIN[how]
    freedom = readings.shape[0] * (readings.shape[1] - 1)
    pooled = sqrt(float(readings.var(axis=1, ddof=1).mean()))
    return pooled / c4(freedom + 1), freedom, WITHIN[how]


def _joined(within: Indices, overall: Indices, subgroups: int | None, mean: float, method: str) -> Capability:
    renamed = {name.replace("c", "p", 1): why for name, why in overall.reasons.items() if name != "cpm"}
    reasons = {name: why for name, why in within.reasons.items() if name != "cpm"} | renamed
    if overall.cpm is None:
        reasons["cpm"] = overall.reasons["cpm"]
    return Capability(
        n=overall.n or 0,
        subgroups=subgroups,
        mean=mean,
        sigma_within=within.sigma,
        sigma_overall=overall.sigma,
        cp=within.cp,
        cpk=within.cpk,
        cpl=within.cpl,
        cpu=within.cpu,
        pp=overall.cp,
        ppk=overall.cpk,
        ppl=overall.cpl,
        ppu=overall.cpu,
        cpm=overall.cpm,
        cp_interval=within.cp_interval,
        cpk_interval=within.cpk_interval,
        pp_interval=overall.cp_interval,
        ppk_interval=overall.cpk_interval,
        confidence=overall.confidence,
        interval_method=overall.interval_method,
        within_method=method,
        reasons=reasons,
    )


def _nothing(n: int, subgroups: int | None, reason: str, confidence: float) -> Capability:
    names = ("cp", "cpk", "cpl", "cpu", "pp", "ppk", "ppl", "ppu", "cpm", "cp_interval", "cpk_interval", "pp_interval", "ppk_interval")
    return Capability(
        n=n,
        subgroups=subgroups,
        mean=None,
        sigma_within=None,
        sigma_overall=None,
        confidence=confidence,
        interval_method="",
        within_method="",
        reasons=dict.fromkeys(names, reason),
        reason=reason,
        **dict.fromkeys(names),
    )


def _read_spec(lower: float | None, target: float | None, upper: float | None) -> Spec:
    low, aim, high = (
        None if value is None else finite(name, value) for name, value in (("lower", lower), ("target", target), ("upper", upper))
    )
    if low is None and high is None:
        raise ValueError("lower and upper are None: at least one specification limit must be given")
    if low is not None and high is not None and low >= high:
        raise ValueError(f"lower is {low}: must be < upper, {high}")
    if aim is not None and ((low is not None and aim < low) or (high is not None and aim > high)):
        raise ValueError(f"target is {aim}: must lie within the limits, {low} to {high}")
    return Spec(low, aim, high)


def _read_confidence(confidence: float) -> float:
    share = finite("confidence", confidence, above=0)
    if share >= 1:
        raise ValueError(f"confidence is {share}: must be < 1")
    return share
