"""The consistency index of one characteristic: five named parts, never one number that hides which of them is weak.

The scales below are this product's own, version 1; a part without enough data says so and has no score.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy

from qualitystats.capability import KINDS, VARIABLE, capability
from qualitystats.control_charts import constants, ewma
from qualitystats.readings import finite, finite_array, whole
from qualitystats.variance import variance_components

VERSION = "1"
SCORED, NOT_ENOUGH, NOT_APPLICABLE = "scored", "not_enough_data", "not_applicable"
PARTS = ("conformity", "capability", "lot_to_lot", "drift", "agreement")
BOUND = 0.90  # one-sided confidence of the bounds that are scored
LEAST_VALUES, LEAST_LOTS, LEAST_PAIRS, BASELINE = 25, 5, 5, 25
FULL_PPK = 5 / 3  # a lower bound of this scores 100


@dataclass(frozen=True)
class Part:
    """One part: `score` 0 to 100 only when `state` is "scored", from `n` things counted (`counted` says what); `detail` in words.

    `value` is what the score was made of, in its own unit.
    """

    name: str
    score: float | None
    n: int
    counted: str
    state: str
    detail: str
    value: float | None = None


@dataclass(frozen=True)
class ConsistencyIndex:
    """The five parts. `worst` is the scored part with the lowest score, None when none is scored."""

    conformity: Part
    capability: Part
    lot_to_lot: Part
    drift: Part
    agreement: Part
    version: str = VERSION

    @property
    def parts(self) -> tuple[Part, ...]:
        """All five, in the order of their names."""
        return (self.conformity, self.capability, self.lot_to_lot, self.drift, self.agreement)

    @property
    def worst_first(self) -> tuple[Part, ...]:
        """Scored parts from the lowest score up, then the others."""
        return tuple(sorted(self.parts, key=lambda part: (part.score is None, part.score or 0.0)))

    @property
    def worst(self) -> Part | None:
        """The part to look at first."""
        return self.worst_first[0] if self.worst_first[0].score is not None else None


def consistency_index(*, conformity: Part, capability: Part, lot_to_lot: Part, drift: Part, agreement: Part) -> ConsistencyIndex:
    """Put the five parts together.

    Args:
        conformity: Of ``conformity_part``.
        capability: Of ``capability_part``.
        lot_to_lot: Of ``lot_to_lot_part``.
        drift: Of ``drift_part``.
        agreement: Of ``agreement_part``.
    Returns:
        The index; there is no overall number, on purpose.
    Raises:
        ValueError: a part of another name.
    Source: none, a rule of this product, version 1.

    >>> nothing = {name: unknown_part(name) for name in PARTS}
    >>> found = consistency_index(**{**nothing, "conformity": conformity_part(passed=50, inspected=50)})
    >>> found.worst.name, round(found.worst.score, 1), found.drift.state
    ('conformity', 95.5, 'not_enough_data')
    """
    given = (conformity, capability, lot_to_lot, drift, agreement)
    for name, part in zip(PARTS, given, strict=True):
        if part.name != name:
            raise ValueError(f"{name} is the part {part.name!r}: must be {name!r}")
    return ConsistencyIndex(*given)


def unknown_part(name: str, detail: str = "no data") -> Part:
    """A part of which nothing is known yet.

    Args:
        name: One of ``PARTS``.
        detail: Why, in words.
    Returns:
        A part without a score.
    Raises:
        ValueError: no such part.
    Source: none, a rule of this product.

    >>> unknown_part("drift").score is None
    True
    """
    if name not in PARTS:
        raise ValueError(f"name is {name!r}: must be one of {', '.join(PARTS)}")
    return Part(name, None, 0, "nothing", NOT_ENOUGH, detail)


def conformity_part(*, passed: int, inspected: int) -> Part:
    """How large a share passes, at least: few results score low however good they are.

    Args:
        passed: Results (or lots) that conform, a whole number.
        inspected: All of them, a whole number.
    Returns:
        Score = 100 x the lower one-sided 90 % Clopper-Pearson bound of the share.
    Raises:
        ValueError: not whole numbers, more passed than inspected.
    Source: C. J. Clopper, E. S. Pearson, Biometrika 26 (1934), for the bound; the scale is this product's.

    >>> round(conformity_part(passed=1, inspected=1).score, 1)
    10.0
    """
    good, n = whole("passed", passed), whole("inspected", inspected)
    if good > n:
        raise ValueError(f"passed is {good}: must be <= inspected, {n}")
    if n == 0:
        return Part("conformity", None, 0, "results", NOT_ENOUGH, "nothing was inspected")
    bound = 0.0 if good == 0 else float(scipy.stats.beta.ppf(1 - BOUND, good, n - good + 1))
    return Part("conformity", 100 * bound, n, "results", SCORED, f"{good} of {n} conform", good / n)


def capability_part(values: Any, *, lower: float | None = None, upper: float | None = None, kind: str = VARIABLE) -> Part:
    """How well the overall spread fits the specification limits, at least.

    Args:
        values: Single values in time order, shape (n,), in the characteristic's unit.
        lower: Lower specification limit, same unit; None for none.
        upper: Upper specification limit, same unit; None for none, but not both.
        kind: variable, ordinal, attribute or censored; only variable characteristics have a capability.
    Returns:
        Score = 100 x lower one-sided 90 % bound of Ppk / (5/3), held within 0 and 100; needs 25 values.
    Raises:
        ValueError: not finite, no limit, limits in the wrong order, an unknown kind.
    Source: as ``qualitystats.capability``; the scale is this product's.

    >>> capability_part([5.0, 5.1, 4.9], lower=4, upper=6).state
    'not_enough_data'
    """
    if _is_other_kind(kind):
        return _not_applicable("capability", kind)
    readings = finite_array("values", values, ndim=1)
    found = capability(readings, lower=lower, upper=upper, confidence=2 * BOUND - 1)
    n = len(readings)
    if n < LEAST_VALUES:
        return Part("capability", None, n, "values", NOT_ENOUGH, f"{n} values, {LEAST_VALUES} are needed")
    if found.ppk_interval is None:
        return Part(
            "capability", None, n, "values", NOT_ENOUGH, found.reason or found.reasons.get("ppk_interval", "no bound can be stated")
        )
    bound = found.ppk_interval[0]
    return Part("capability", _held(bound / FULL_PPK), n, "values", SCORED, f"Ppk is at least {bound:.2f}", bound)


def lot_to_lot_part(values: Any, *, lots: Sequence[Hashable], kind: str = VARIABLE) -> Part:
    """How much of the variation lies between lots.

    Args:
        values: One number for each reading, shape (n,), in one unit.
        lots: Lot of each reading, same length.
        kind: variable, ordinal, attribute or censored; only variable characteristics have a variance.
    Returns:
        Score = 100 x (1 - share of variance between lots); needs 5 lots, and one lot with two readings.
    Raises:
        ValueError: not finite, lengths that differ, an unknown kind.
    Source: as ``qualitystats.variance``; the scale is this product's.

    >>> round(lot_to_lot_part([1, 3, 2, 4, 1, 3, 2, 4, 1, 3], lots=[1, 1, 2, 2, 3, 3, 4, 4, 5, 5]).score)
    100
    """
    if _is_other_kind(kind):
        return _not_applicable("lot_to_lot", kind)
    readings = finite_array("values", values, ndim=1)
    n_lots = len(set(lots))
    if len(lots) == len(readings) and n_lots < LEAST_LOTS:
        return Part("lot_to_lot", None, n_lots, "lots", NOT_ENOUGH, f"{n_lots} lots, {LEAST_LOTS} are needed")
    tree = variance_components(readings, nesting={"lot": lots})
    share = tree["lot"].share
    if share is None:
        return Part("lot_to_lot", None, n_lots, "lots", NOT_ENOUGH, tree.reason)
    return Part("lot_to_lot", _held(1 - share), n_lots, "lots", SCORED, f"{share:.0%} of the variance lies between lots", share)


def drift_part(lot_means: Any, *, baseline: int = BASELINE, kind: str = VARIABLE) -> Part:
    """How far the recent course has moved from where it was.

    Args:
        lot_means: One mean for each lot, in time order, shape (lots,), in the characteristic's unit.
        baseline: The first so many lots say where it was and how it scatters (mean moving range); at least 25.
        kind: variable, ordinal, attribute or censored; only variable characteristics have a mean to follow.
    Returns:
        Score = 100 x (1 - |EWMA - centre| / half width of its 3 sigma limits), held within 0 and 100, at the last lot, weight 0.2;
        needs more lots than the baseline.
    Raises:
        ValueError: not finite, a baseline below 25, an unknown kind.
    Source: as ``qualitystats.control_charts.ewma``; the scale is this product's.

    >>> drift_part([10.0, 10.2] * 12).state
    'not_enough_data'
    """
    if _is_other_kind(kind):
        return _not_applicable("drift", kind)
    means, first = finite_array("lot_means", lot_means, ndim=1), whole("baseline", baseline, at_least=BASELINE)
    n = len(means)
    if n <= first:
        return Part("drift", None, n, "lots", NOT_ENOUGH, f"{n} lots, more than the baseline's {first} are needed")
    centre = float(means[:first].mean())
    sigma = float(np.abs(np.diff(means[:first])).mean()) / constants(2).d2
    if sigma == 0:
        return Part("drift", None, n, "lots", NOT_ENOUGH, "the baseline has zero spread: nothing can be said")
    chart = ewma(means[first:], centre=centre, sigma=sigma)
    moved, half = abs(chart.points[-1] - centre), chart.ucl[-1] - centre
    return Part("drift", _held(1 - moved / half), n, "lots", SCORED, f"moved by {moved / half:.0%} of the way to the limit", moved)


def agreement_part(own: Any, retest: Any, *, reproducibility_limit: float) -> Part:
    """How far a firm's own tests lie from those of its customer or a laboratory on the same lots.

    Args:
        own: The firm's result for each lot that was tested twice, shape (pairs,), in one unit.
        retest: The other's result, same order and unit.
        reproducibility_limit: R of the test method, same unit, above 0: two laboratories differ by more in 5 % of cases.
    Returns:
        Score = 100 x (1 - |mean of own - retest| / R), held within 0 and 100; needs 5 pairs.
    Raises:
        ValueError: not finite, lengths that differ, ``reproducibility_limit`` not above 0.
    Source: ISO 5725-2 for R (clause unread); the scale is this product's.

    >>> agreement_part([5, 5, 5, 5, 5], [4, 4, 4, 4, 4], reproducibility_limit=4).score
    75.0
    """
    mine, theirs = finite_array("own", own, ndim=1), finite_array("retest", retest, ndim=1)
    limit = finite("reproducibility_limit", reproducibility_limit, above=0)
    if len(mine) != len(theirs):
        raise ValueError(f"retest has {len(theirs)} results: must have one for each of {len(mine)} own results")
    n = len(mine)
    if n < LEAST_PAIRS:
        return Part("agreement", None, n, "pairs", NOT_ENOUGH, f"{n} pairs, {LEAST_PAIRS} are needed")
    bias = float((mine - theirs).mean())
    return Part("agreement", _held(1 - abs(bias) / limit), n, "pairs", SCORED, f"own results lie {bias:+.3g} from the retest", bias)


def _is_other_kind(kind: str) -> bool:
    if kind not in KINDS:
        raise ValueError(f"kind is {kind!r}: must be one of {', '.join(KINDS)}")
    return kind != VARIABLE


def _not_applicable(name: str, kind: str) -> Part:
    return Part(name, None, 0, "nothing", NOT_APPLICABLE, f"not a variable characteristic ({kind})")


def _held(share: float) -> float:
    return 100 * min(max(share, 0.0), 1.0)
