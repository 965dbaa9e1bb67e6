"""The numbers to try: what a visitor typed → qualitystats → facts and lines of a chart. Pure; nothing of a firm comes in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from qualitystats.acceptance import OcCurve
from qualitystats.capability import Capability, capability
from qualitystats.colour import cie76, ciede2000, cmc
from qualitystats.sampling import SinglePlan, acceptance_probability, aoql, fraction_accepted, oc_curve, single_plan
from qualitystats.verify import Verification, verify

# The published numbers that came with the source code.
REFERENCES = Path(__file__).resolve().parents[1] / "tests" / "vectors"
# The chart's box in its own units: left, top, right, bottom edge of the drawn part.
LEFT, TOP, RIGHT, BOTTOM = 48.0, 12.0, 628.0, 232.0
LARGEST = 1e12
_BETWEEN = re.compile(r"[\s,;，；、]+")


@dataclass(frozen=True)
class Tick:
    """One mark of an axis: where, and what stands there."""

    at: float
    label: str


@dataclass(frozen=True)
class CurveShown:
    """An OC curve as lines: `path` for the drawing, `rows` for the table beside it."""

    path: str
    xs: tuple[Tick, ...]
    ys: tuple[Tick, ...]
    rows: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class PlanShown:
    """A plan with what it lets through. Shares are in percent, or nonconformities per 100 items."""

    plan: SinglePlan
    curve: CurveShown | None
    accepted_95: float | None
    accepted_10: float | None
    outgoing_limit: float | None
    at_aql: float | None


def plan_shown(*, lot_size: int, level: str, aql: str, severity: str) -> PlanShown:
    """Raises ValueError as single_plan() does."""
    plan = single_plan(lot_size=lot_size, level=level, aql=aql, severity=severity)
    kind = "poisson" if plan.per_100_items_only else "binomial"
    if plan.inspect_all or (kind == "binomial" and plan.ac >= plan.n):
        # Every item is looked at, or no count could refuse the lot: there is no chance left to draw.
        return PlanShown(plan, None, None, None, None, None)
    facts = {"n": plan.n, "ac": plan.ac, "kind": kind}
    at_aql = acceptance_probability(n=plan.n, ac=plan.ac, fraction=float(plan.aql) / 100, kind=kind)
    return PlanShown(
        plan,
        curve_shown(oc_curve(**facts)),  # type: ignore[arg-type]
        100 * fraction_accepted(probability=0.95, **facts),  # type: ignore[arg-type]
        100 * fraction_accepted(probability=0.10, **facts),  # type: ignore[arg-type]
        100 * aoql(lot_size=lot_size, **facts) if plan.ac < plan.n else None,  # type: ignore[arg-type]
        100 * at_aql,
    )


def curve_shown(curve: OcCurve) -> CurveShown:
    """The curve in the chart's box; the share in percent runs to the right, the probability upward."""
    end = curve.fractions[-1] or 1.0
    points = [
        (LEFT + (RIGHT - LEFT) * share / end, BOTTOM - (BOTTOM - TOP) * chance)
        for share, chance in zip(curve.fractions, curve.probabilities, strict=True)
    ]
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    step = _step(100 * end)
    xs = tuple(
        Tick(LEFT + (RIGHT - LEFT) * mark * step / (100 * end), f"{mark * step:g}") for mark in range(int(100 * end / step + 1e-9) + 1)
    )
    ys = tuple(Tick(BOTTOM - (BOTTOM - TOP) * mark / 4, f"{25 * mark}") for mark in range(5))
    every = max(1, len(curve) // 20)
    return CurveShown(path, xs, ys, tuple((100 * share, 100 * chance) for share, chance in list(curve)[::every]))


def _step(end: float) -> float:
    """The smallest round distance between marks that makes no more than eight of them."""
    return next(step for power in range(-3, 5) for step in (10.0**power, 2 * 10.0**power, 5 * 10.0**power) if end / step <= 8)


@dataclass(frozen=True)
class ColourShown:
    """Three colour differences of one pair; each formula weighs the same distance in its own way."""

    cie76: float
    ciede2000: float
    cmc_21: float
    cmc_11: float


def colour_shown(*, reference: Sequence[float], sample: Sequence[float]) -> ColourShown:
    """Raises ValueError for what is no colour."""
    pair = {"reference": reference, "sample": sample}
    return ColourShown(
        float(cie76(reference, sample)),
        float(ciede2000(reference, sample)),
        float(cmc(**pair, lightness=2.0, chroma=1.0)),
        float(cmc(**pair, lightness=1.0, chroma=1.0)),
    )


@dataclass(frozen=True)
class IndexShown:
    """One index of capability: its value and bounds; where one of them is None, the kernel's reason."""

    name: str
    spread: str
    value: float | None
    bounds: tuple[float, float] | None
    reason: str


def capability_shown(
    readings: Sequence[Sequence[float]], *, lower: float | None, target: float | None, upper: float | None
) -> tuple[Capability, list[IndexShown]]:
    """Lines of equal length above one are subgroups; anything else is single values in their order. Raises ValueError as capability()."""
    widths = {len(line) for line in readings}
    in_subgroups = len(readings) > 1 and len(widths) == 1 and widths != {1}
    values = [list(line) for line in readings] if in_subgroups else [value for line in readings for value in line]
    found = capability(values, lower=lower, target=target, upper=upper)  # type: ignore[arg-type]
    shown = []
    for name, spread in (("Cp", "within"), ("Cpk", "within"), ("Pp", "overall"), ("Ppk", "overall"), ("Cpm", "overall")):
        key = name.lower()
        why = found.reasons.get(key) or found.reasons.get(f"{key}_interval", "")
        shown.append(IndexShown(name, spread, getattr(found, key), getattr(found, f"{key}_interval", None), why))
    return found, shown


def read_numbers(text: str) -> list[list[float]]:
    """Typed or pasted numbers, a list per line; commas, semicolons, tabs and spaces part them. Raises ValueError naming the word."""
    lines = [[_number(word) for word in _BETWEEN.split(line.strip()) if word] for line in text.splitlines()]
    return [line for line in lines if line]


def _number(word: str) -> float:
    number = float(word)
    # nan, inf, and what float() makes of 1e999; beyond a trillion squares of it leave the range of floats.
    if not abs(number) <= LARGEST:
        raise ValueError(f"out of range: {word!r}")
    return number


@cache
def validation_report(folder: Path) -> Verification | None:
    """What the package says to its reference files; None where they are not installed. Once per process: files do not change."""
    return verify(folder) if folder.is_dir() else None


def deviation_words(worst: float | None) -> str:
    """A deviation in two digits; where only words were compared there is none."""
    return "–" if worst is None else f"{worst:.2g}"
