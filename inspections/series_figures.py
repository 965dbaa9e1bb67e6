"""Figures of one series beside its chart: capability, shares of grades and bounds, colours against each other. Pure.

A figure never stands without the number of lots and readings behind it; where those are too few, it is None with the number missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from inspections.control_limits import FIRST_FIT, FloatArray, lots_missing
from inspections.series import CENSORED, COLOUR, COUNTED, FOUND_OR_NOT, GRADED, MEASURED, LotChart, Series, chart_of_values, lot_means
from qualitystats.attribute_charts import p_chart, u_chart
from qualitystats.capability import Indices, capability_of
from qualitystats.charts import VaryingChart
from qualitystats.colour import ciede2000, cmc
from qualitystats.shades import ShadeGroups, WorstPair, lot_to_lot_worst_pair, shade_groups
from qualitystats.variance import variance_components

CONFIDENCE = 0.90


@dataclass(frozen=True)
class CapabilityFound:
    """Ppk of the readings since the last change point, with its 90 % bounds; None and what is missing where too few lots stand behind it.

    Readings of one lot are alike, so that many of them know less than their number: the bounds reckon with `effective` ones.
    """

    ppk: Indices | None
    mean: float | None
    sigma: float | None
    lots: int
    readings: int
    effective: int
    missing: int
    why: str = ""  # no_limits, no_spread, too_few, other_kind


@dataclass(frozen=True, eq=False)
class ColourFound:
    """Colours of the lots: against the standard, against each other, and which may be sewn together."""

    reference: tuple[float, float, float]
    sealed: bool  # whether the reference is the sealed sample, or only the mean of the first lots
    deltas: FloatArray  # shape (lots, 3)
    to_standard: FloatArray  # ΔE of each lot
    worst: WorstPair | None
    groups: ShadeGroups | None
    axes: tuple[LotChart, LotChart, LotChart]
    formula: str


@dataclass(frozen=True)
class Bounded:
    """Results known as bounds: how many of all, and how many surely, surely not or perhaps lie within what is asked."""

    readings: int
    bounded: int
    inside: int
    outside: int
    unclear: int


def capability_found(series: Series) -> CapabilityFound:
    """The capability of a measured characteristic over the period at work."""
    start, end = series.periods[-1] if series.periods else (0, 0)
    parts = series.readings[start:end]
    lots, readings = len(parts), sum(len(each) for each in parts)
    if series.kind != MEASURED:
        return CapabilityFound(None, None, None, lots, readings, 0, 0, "other_kind")
    if not readings:
        return CapabilityFound(None, None, None, lots, readings, 0, lots_missing(lots), "too_few")
    values = np.concatenate(parts)
    mean, sigma = float(values.mean()), float(values.std(ddof=1)) if readings > 1 and np.ptp(values) > 0 else 0.0
    if not series.agreed.asks:
        return CapabilityFound(None, mean, sigma, lots, readings, 0, lots_missing(lots), "no_limits")
    if missing := lots_missing(lots):
        return CapabilityFound(None, mean, sigma, lots, readings, 0, missing, "too_few")
    if not sigma > 0:
        return CapabilityFound(None, mean, sigma, lots, readings, 0, 0, "no_spread")
    effective = effective_readings(parts)
    bounds = series.agreed
    target = bounds.target if bounds.lower is not None and bounds.upper is not None else None
    found = capability_of(mean=mean, sigma=sigma, lower=bounds.lower, target=target, upper=bounds.upper, n=effective, confidence=CONFIDENCE)
    return CapabilityFound(found, mean, sigma, lots, readings, effective, 0)


def effective_readings(parts: tuple[FloatArray, ...]) -> int:
    """How many independent readings know as much as these: all of them where lots do not differ, one for each lot where only lots do."""
    numbers = np.array([len(each) for each in parts])
    total = int(numbers.sum())
    if len(parts) < 2 or numbers.max() < 2:
        return max(total, 2)
    tree = variance_components(np.concatenate(parts), nesting={"lot": np.repeat(np.arange(len(parts)), numbers).tolist()})
    share = tree["lot"].share or 0.0
    alike = 1 + (float((numbers**2).sum()) / total - 1) * share
    return max(int(total / alike), 2)


def grade_counts(series: Series, lots: slice = slice(None)) -> Mapping[float, int]:
    """How many readings have each grade."""
    return Counter(float(value) for each in series.readings[lots] for value in each)


def below_floor(series: Series) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """For each lot how many readings are out of what its own day asked, and how many it has. Censored ones count where they surely are."""
    out, all_of = [], []
    for values, signs, bounds in zip(series.readings, series.qualifiers, series.bounds, strict=True):
        verdicts = [
            _lies(float(value), sign, bounds.lower, bounds.upper) for value, sign in zip(values, signs or ["="] * len(values), strict=True)
        ]
        out.append(verdicts.count("out"))
        all_of.append(len(verdicts))
    return np.array(out, dtype=np.int64), np.array(all_of, dtype=np.int64)


def bounded(series: Series) -> Bounded:
    """How the readings of a censored characteristic stand to what is asked; a bound may leave it open."""
    found: Counter[str] = Counter()
    known_as_bound = 0
    for values, signs, bounds in zip(series.readings, series.qualifiers, series.bounds, strict=True):
        for value, sign in zip(values, signs or ["="] * len(values), strict=True):
            known_as_bound += sign != "="
            found[_lies(float(value), sign, bounds.lower, bounds.upper)] += 1
    return Bounded(sum(found.values()), known_as_bound, found["in"], found["out"], found["unclear"])


def _lies(value: float, sign: str, lower: float | None, upper: float | None) -> str:
    """Where a reading lies: "<20" is below 20 and nobody knows where."""
    low = value if sign in ("=", ">", ">=") else -np.inf
    high = value if sign in ("=", "<", "<=") else np.inf
    if (upper is not None and low > upper) or (lower is not None and high < lower):
        return "out"
    if (upper is None or high <= upper) and (lower is None or low >= lower):
        return "in"
    # "more than the upper limit" is out, though the limit itself would not be.
    if (sign == ">" and upper is not None and value >= upper) or (sign == "<" and lower is not None and value <= lower):
        return "out"
    return "unclear"


@dataclass(frozen=True, eq=False)
class ShareChart:
    """Shares or numbers per piece of each lot, with limits as wide as its own number of readings makes them; NaN where there are none.

    `reason` says why the period at work has no limits.
    """

    points: FloatArray
    centre: FloatArray
    lcl: FloatArray
    ucl: FloatArray
    beyond: frozenset[int]
    baseline_ends: tuple[int, ...]
    reason: str

    @property
    def has_limits(self) -> bool:
        return bool(np.isfinite(self.ucl).any())


def share_chart(series: Series) -> ShareChart | None:
    """The chart of what is counted: shares out of what is asked for grades, bounds and found-or-not, numbers per piece for counts.

    Limits come from the first 25 lots of each period. None where a characteristic is not of such a kind, or has no lots.
    """
    if not len(series) or series.kind not in (GRADED, CENSORED, FOUND_OR_NOT, COUNTED):
        return None
    if series.kind == COUNTED:
        found = np.array([float(each.sum()) for each in series.readings])
        of = np.array([float(len(each)) for each in series.readings])
    elif series.kind == FOUND_OR_NOT and not series.agreed.asks:
        found, of = (
            np.array([float((each > 0).sum()) for each in series.readings]),
            np.array([float(len(each)) for each in series.readings]),
        )
    else:
        out, inspected = below_floor(series)
        found, of = out.astype(np.float64), inspected.astype(np.float64)
    lots = len(series)
    lines = {name: np.full(lots, np.nan) for name in ("centre", "lcl", "ucl")}
    beyond: set[int] = set()
    ends, reason = [], ""
    for start, end in series.periods:
        part = slice(start, end)
        chart: VaryingChart = (u_chart if series.kind == COUNTED else p_chart)(found[part], of[part], baseline=FIRST_FIT)
        reason = chart.reason
        if chart.ucl and chart.centre is not None:
            lines["centre"][part], lines["lcl"][part], lines["ucl"][part] = chart.centre, chart.lcl, chart.ucl
            beyond |= {start + place for place, is_out in enumerate(chart.outside) if is_out and place >= FIRST_FIT}
            ends.append(start + FIRST_FIT)
    return ShareChart(found / of, lines["centre"], lines["lcl"], lines["ucl"], frozenset(beyond), tuple(ends), reason)


def colour_found(series: Series, *, limit: float | None = None) -> ColourFound | None:
    """Where the colours of the lots stand and drift. `limit` is the largest difference within one shade group."""
    if series.kind != COLOUR or not len(series):
        return None
    labs = lot_means(series)
    standard = np.array(series.standard) if series.standard else labs[:FIRST_FIT].mean(axis=0)
    deltas = labs - standard
    axes = tuple(chart_of_values(deltas[:, axis], series.periods) for axis in range(3))
    most = series.agreed.lot_delta_e_max or series.agreed.upper or limit
    return ColourFound(
        reference=tuple(standard.tolist()), sealed=series.standard is not None, deltas=deltas,
        to_standard=np.asarray(_differences(np.broadcast_to(standard, labs.shape), labs, series.formula), dtype=np.float64),
        worst=lot_to_lot_worst_pair(labs, formula=series.formula) if len(labs) > 1 else None,
        groups=shade_groups(labs, limit=most, standard=standard if series.standard else None, formula=series.formula) if most else None,
        axes=(axes[0], axes[1], axes[2]), formula=series.formula,
    )  # fmt: skip


def _differences(reference: FloatArray, samples: FloatArray, formula: str) -> FloatArray:
    if formula.startswith("cmc"):
        lightness, chroma = (float(part) for part in formula[4:-1].split(":"))
        return np.asarray(cmc(reference=reference, sample=samples, lightness=lightness, chroma=chroma), dtype=np.float64)
    return np.asarray(ciede2000(reference, samples), dtype=np.float64)
