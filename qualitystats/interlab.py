"""Comparisons between laboratories: robust mean and spread, scores, precision of a method, homogeneity of what was sent out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from qualitystats.readings import FloatArray, finite, finite_array
from qualitystats.robust import AlgorithmA, AlgorithmAGroups, algorithm_a, algorithm_a_groups

__all__ = [
    "AlgorithmA",
    "AlgorithmAGroups",
    "Homogeneity",
    "Precision",
    "algorithm_a",
    "algorithm_a_groups",
    "difference_percent",
    "en",
    "homogeneity",
    "percent_of_allowance",
    "repeatability_reproducibility",
    "z",
    "z_prime",
    "zeta",
]

# Difference of two results that is exceeded in 5 % of cases: 1.96 times the root of 2, which ISO 5725 rounds to 2.8.
_LIMIT_FACTOR = 2.8


@dataclass(frozen=True)
class Precision:
    """Precision of a method from p laboratories. Variances in the squared unit, all else in the unit of the results.

    `s_L` is 0 and `s_L_truncated` true when the laboratories differ less than their repeatability explains.
    """

    p: int
    n: int
    mean: float
    s_r: float
    s_L: float
    s_R: float
    r: float
    R: float
    s_L_truncated: bool


@dataclass(frozen=True)
class Homogeneity:
    """Homogeneity of proficiency test items: `passes` when the spread between items stays within `criterion`, 0.3 sigma_pt."""

    g: int
    m: int
    mean: float
    s_x: float
    s_w: float
    s_s: float
    sigma_pt: float
    criterion: float
    passes: bool


def z(results: Any, *, assigned_value: float, sigma_pt: float) -> Any:
    """Score each laboratory's result against the assigned value.

    Args:
        results: One number, or one per laboratory, in the measurand's unit.
        assigned_value: x_pt, same unit.
        sigma_pt: Standard deviation for proficiency assessment, same unit; finite, above 0.
    Returns:
        (x - x_pt) / sigma_pt, dimensionless, in the shape and order of ``results``.
    Raises:
        ValueError: not finite, or ``sigma_pt`` not above 0.
    Source: ISO 13528:2022, z scores; checked against the numbers of its annex E.4 (clause unread).

    >>> z([12.5, 11.0], assigned_value=12.0, sigma_pt=0.25).tolist()
    [2.0, -4.0]
    """
    return _as_given(_deviations(results, assigned_value) / finite("sigma_pt", sigma_pt, above=0))


def z_prime(results: Any, *, assigned_value: float, sigma_pt: float, u_assigned: float) -> Any:
    """z score that allows for the uncertainty of the assigned value.

    Args:
        results: One number, or one per laboratory, in the measurand's unit.
        assigned_value: x_pt, same unit.
        sigma_pt: Standard deviation for proficiency assessment, same unit; above 0.
        u_assigned: *Standard* uncertainty u(x_pt), same unit, at least 0: an expanded U is divided by its k before.
    Returns:
        (x - x_pt) / sqrt(sigma_pt^2 + u^2), dimensionless, in the shape of ``results``.
    Raises:
        ValueError: not finite, ``sigma_pt`` not above 0, ``u_assigned`` below 0.
    Source: ISO 13528:2022, z' scores; checked against the numbers of its annex E.4 (clause unread).

    >>> round(z_prime(0.013, assigned_value=0.044, sigma_pt=0.0066, u_assigned=0.0082 / 2), 2)
    -3.99
    """
    spread = math.hypot(finite("sigma_pt", sigma_pt, above=0), finite("u_assigned", u_assigned, at_least=0))
    return _as_given(_deviations(results, assigned_value) / spread)


def zeta(results: Any, *, assigned_value: float, expanded: Any, k: Any, expanded_assigned: float, k_assigned: float) -> Any:
    """zeta score: the deviation in units of the combined *standard* uncertainty, u = U / k.

    Args:
        results: One number, or one per laboratory, in the measurand's unit.
        assigned_value: x_pt, same unit.
        expanded: U of each result, same unit and shape, at least 0.
        k: Coverage factor of each U, a number or the same shape, above 0.
        expanded_assigned: U of the assigned value, same unit, at least 0.
        k_assigned: Its coverage factor, above 0.
    Returns:
        (x - x_pt) / sqrt(u_x^2 + u_pt^2), dimensionless, in the shape of ``results``.
    Raises:
        ValueError: not finite, a U below 0, a k not above 0, shapes that differ, both uncertainties 0.
    Source: ISO 13528:2022, zeta scores; checked against the numbers of its annex E.4 (clause unread).

    >>> round(zeta(0.013, assigned_value=0.044, expanded=0.003, k=2, expanded_assigned=0.0082, k_assigned=2), 2)
    -7.1
    """
    u_results = _at_least_zero("expanded", expanded) / _above_zero("k", k)
    u_assigned = finite("expanded_assigned", expanded_assigned, at_least=0) / finite("k_assigned", k_assigned, above=0)
    return _by_uncertainty(_deviations(results, assigned_value), u_results, u_assigned)


def en(results: Any, *, assigned_value: float, expanded: Any, expanded_assigned: float) -> Any:
    """E_n score: the deviation in units of the combined *expanded* uncertainty; |E_n| above 1 calls for a look.

    Args:
        results: One number, or one per laboratory, in the measurand's unit.
        assigned_value: x_pt, same unit.
        expanded: U of each result, same unit and shape, at least 0; of one coverage probability with the assigned value's.
        expanded_assigned: U of the assigned value, same unit, at least 0.
    Returns:
        (x - x_pt) / sqrt(U_x^2 + U_pt^2), dimensionless, in the shape of ``results``.
    Raises:
        ValueError: not finite, a U below 0, shapes that differ, both uncertainties 0.
    Source: ISO 13528:2022, E_n scores; checked against the numbers of its annex E.4 (clause unread).

    >>> round(en(0.013, assigned_value=0.044, expanded=0.003, expanded_assigned=0.0082), 2)
    -3.55
    """
    widths = _at_least_zero("expanded", expanded)
    return _by_uncertainty(_deviations(results, assigned_value), widths, finite("expanded_assigned", expanded_assigned, at_least=0))


def difference_percent(results: Any, *, assigned_value: float) -> Any:
    """Deviation in percent of the assigned value.

    Args:
        results: One number, or one per laboratory, in the measurand's unit.
        assigned_value: x_pt, same unit, not 0.
    Returns:
        100 (x - x_pt) / x_pt, percent, in the shape of ``results``.
    Raises:
        ValueError: not finite, or ``assigned_value`` is 0.
    Source: ISO 13528:2022, D %; checked against the numbers of its annex E.4 (clause unread).

    >>> round(difference_percent(0.013, assigned_value=0.044), 1)
    -70.5
    """
    if finite("assigned_value", assigned_value) == 0:
        raise ValueError("assigned_value is 0.0: must not be 0 for a percentage of it")
    return _as_given(100.0 * _deviations(results, assigned_value) / assigned_value)


def percent_of_allowance(results: Any, *, assigned_value: float, allowance: float) -> Any:
    """Deviation in percent of the largest deviation that is allowed.

    Args:
        results: One number, or one per laboratory, in the measurand's unit.
        assigned_value: x_pt, same unit.
        allowance: delta_E, the largest allowed deviation, same unit, above 0; often 3 sigma_pt.
    Returns:
        100 (x - x_pt) / delta_E, percent, in the shape of ``results``.
    Raises:
        ValueError: not finite, or ``allowance`` not above 0.
    Source: ISO 13528:2022, P_A; checked against the numbers of its annex E.4 (clause unread).

    >>> round(percent_of_allowance(0.013, assigned_value=0.044, allowance=3 * 0.0066), 1)
    -156.6
    """
    return _as_given(100.0 * _deviations(results, assigned_value) / finite("allowance", allowance, above=0))


def repeatability_reproducibility(data: Any) -> Precision:
    """Repeatability and reproducibility of a method from one level of an interlaboratory test.

    Args:
        data: One list of replicates for each laboratory, in the measurand's unit; lists may differ in length. At least two
            laboratories, and at least one with two replicates.
    Returns:
        p, n, general mean (weighted by replicates), s_r, s_L, s_R, and the limits r = 2.8 s_r and R = 2.8 s_R. No outlier is
        removed: Cochran's and Grubbs' tests come before, by the caller's decision.
    Raises:
        ValueError: not finite, fewer than two laboratories, an empty list, no replicates.
    Source: ISO 5725-2:1994, 7.4 formulas (clause unread); checked against ASTM E691 data.

    >>> found = repeatability_reproducibility([[1.0, 1.2], [1.4, 1.6], [1.2, 1.4]])
    >>> round(found.s_r, 4), round(found.s_R, 4)
    (0.1414, 0.2236)
    """
    labs = [finite_array(f"data[{number}]", lab, ndim=1, at_least=1) for number, lab in enumerate(data)]
    p, n = len(labs), sum(len(lab) for lab in labs)
    if p < 2:
        raise ValueError(f"data has {p} laboratories: must have at least 2")
    if n == p:
        raise ValueError("data has one result for each laboratory: repeatability needs replicates")
    counts = np.array([len(lab) for lab in labs], dtype=np.float64)
    means = np.array([lab.mean() for lab in labs])
    mean = float(np.sum(counts * means) / n)
    within = sum(float(((lab - lab.mean()) ** 2).sum()) for lab in labs) / (n - p)
    between = float(np.sum(counts * (means - mean) ** 2)) / (p - 1)
    replicates = (n - float(np.sum(counts**2)) / n) / (p - 1)
    of_labs = (between - within) / replicates
    s_r, s_lab = math.sqrt(within), math.sqrt(max(of_labs, 0.0))
    s_all = math.hypot(s_r, s_lab)
    return Precision(p, n, mean, s_r, s_lab, s_all, _LIMIT_FACTOR * s_r, _LIMIT_FACTOR * s_all, of_labs < 0)


def homogeneity(data: Any, *, sigma_pt: float) -> Homogeneity:
    """Whether proficiency test items are alike enough.

    Args:
        data: Replicates of each item in random order, shape (items, replicates), in the measurand's unit; at least 2 of both.
        sigma_pt: Standard deviation for proficiency assessment, same unit; above 0.
    Returns:
        Mean, standard deviation of item means s_x, within items s_w, between items s_s (0 when s_w explains s_x), and whether
        s_s is within 0.3 sigma_pt. The expanded criterion with its factors F1 and F2 is not included: not sourced.
    Raises:
        ValueError: not finite, not rectangular, too few items or replicates, ``sigma_pt`` not above 0.
    Source: ISO 13528:2022, annex B; checked against the numbers of its annex E.2 (clause unread).

    >>> homogeneity([[1.0, 1.1], [1.0, 1.1], [1.1, 1.0]], sigma_pt=1.0).passes
    True
    """
    items = finite_array("data", data, ndim=2, at_least=2)
    g, m = items.shape
    if m < 2:
        raise ValueError(f"data has {m} replicates for each item: must have at least 2")
    of_means = float(items.mean(axis=1).var(ddof=1))
    within = float(items.var(axis=1, ddof=1).mean())
    between = math.sqrt(max(of_means - within / m, 0.0))
    criterion = 0.3 * finite("sigma_pt", sigma_pt, above=0)
    return Homogeneity(
        g, m, float(items.mean()), math.sqrt(of_means), math.sqrt(within), between, float(sigma_pt), criterion, between <= criterion
    )


def _deviations(results: Any, assigned_value: float) -> FloatArray:
    out: FloatArray = finite_array("results", results) - finite("assigned_value", assigned_value)
    return out


def _by_uncertainty(deviations: FloatArray, of_results: FloatArray, of_assigned: float) -> Any:
    if of_results.ndim and of_results.shape != deviations.shape:
        raise ValueError(f"expanded has shape {of_results.shape}: must be that of results, {deviations.shape}")
    combined = np.hypot(of_results, of_assigned)
    if np.any(combined == 0):
        raise ValueError("expanded and expanded_assigned are both 0: a score needs an uncertainty")
    return _as_given(deviations / combined)


def _at_least_zero(name: str, values: Any) -> FloatArray:
    array = finite_array(name, values)
    if np.any(array < 0):
        raise ValueError(f"{name} has {float(array.min())}: must be >= 0")
    return array


def _above_zero(name: str, values: Any) -> FloatArray:
    array = finite_array(name, values)
    if np.any(array <= 0):
        raise ValueError(f"{name} has {float(array.min())}: must be > 0")
    return array


def _as_given(scores: Any) -> Any:
    return float(scores) if np.ndim(scores) == 0 else scores
