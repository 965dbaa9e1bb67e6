"""What a firm's facts add up to. Pure: what went in is kept as JSON, and the same JSON by the same method gives the same number for ever.

Each part is a percentage in hundredths, or None where too little is known: not enough data is a state, never a zero.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from foundation.errors import RuleBroken

ALGORITHM = "portrait-1"
PARTS = ("compliance", "conformity", "steadiness", "audits", "correcting", "freshness")
BANDS = ("A", "B", "C", "D")
WHOLE = 10_000
MOST_WEIGHT, MOST_LEAST = 100, 1_000
# Wilson's interval at 90 %, its lower end: the same as the conformity part of the consistency index (inspections.consistency.wilson).
Z = 1.6448536269514722
# Why each number is what it is stands beside it: the method with which the product comes.
FIRST_BODY: dict[str, Any] = {
    "algorithm": ALGORITHM,
    "parts": {
        "compliance": {"weight": 25, "least": 5},  # duties judged: with fewer, one of them moves the part by more than 20
        "conformity": {"weight": 25, "least": 20},  # results judged: 20 of 20 reaches a lower bound of 88 %
        "steadiness": {"weight": 15, "least": 3},  # series that have limits
        "audits": {"weight": 15, "least": 1},  # one visit says much: it is the mean of many answers
        "correcting": {"weight": 10, "least": 3},  # findings whose day has passed
        "freshness": {"weight": 10, "least": 2},  # papers and instruments with a day
    },
    "least_parts": 3,
    "floors": {"A": 85, "B": 70, "C": 55, "D": 0},
    "cap": "C",  # as for an audit: an open critical finding allows C at best
}
Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The whole and its parts in hundredths of a percent; `capped` says that an open critical finding took the band down."""

    value_hundredths: int | None
    band: str
    parts: dict[str, int | None]
    capped: bool = False


def compute(body: Mapping[str, Any], inputs: Mapping[str, Any]) -> Outcome:
    """The score of these facts by this method. ValueError for an algorithm that is none of ours."""
    if body["algorithm"] != ALGORITHM:
        raise ValueError(f"algorithm is {body['algorithm']!r}: must be {ALGORITHM}")
    parts = {name: _part(name, inputs.get(name) or {}, body["parts"][name]["least"]) for name in PARTS}
    known = {name: value for name, value in parts.items() if value is not None and body["parts"][name]["weight"]}
    if len(known) < body["least_parts"]:
        return Outcome(None, "", parts)
    weights = {name: body["parts"][name]["weight"] for name in known}
    value = _rounded(Fraction(sum(known[name] * weights[name] for name in known), sum(weights.values())))
    band = band_of(value, body["floors"])
    capped = bool(inputs.get("open_critical")) and band < body["cap"]
    return Outcome(value, body["cap"] if capped else band, parts, capped)


def band_of(value: int, floors: Mapping[str, int]) -> str:
    """The best band whose floor is reached."""
    return next(band for band in BANDS if value >= floors[band] * 100)


def whole_percents(hundredths: int | None) -> int | None:
    """The same in hundredths, rounded to whole percents."""
    return None if hundredths is None else _rounded(Fraction(hundredths, 100)) * 100


def n_of(part: str, inputs: Mapping[str, Any]) -> int:
    """On how many rows a part stands."""
    return int((inputs.get(part) or {}).get(_ON[part], 0))


def _part(name: str, counts: Counts, least: int) -> int | None:
    return None if counts.get(_ON[name], 0) < max(least, 1) else _REACHED[name](counts)


def _share(of: str, among: str) -> Callable[[Counts], int]:
    return lambda counts: _rounded(Fraction(counts[of] * WHOLE, counts[among]))


def _lower_bound(counts: Counts) -> int:
    n, good, square = counts["judged"], counts["passed"], Z * Z
    share = good / n
    middle = share + square / (2 * n)
    half = Z * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    return int((Decimal(repr(max(0.0, (middle - half) / (1 + square / n)))) * WHOLE).quantize(Decimal(1), ROUND_HALF_UP))


def _rounded(exact: Fraction) -> int:
    # Halves up, as on every paper of the house; a fraction, so that no binary rounding comes before it.
    return math.floor(exact + Fraction(1, 2))


_ON = {"compliance": "due", "conformity": "judged", "steadiness": "series", "audits": "audits", "correcting": "due", "freshness": "kept"}
_REACHED: dict[str, Callable[[Counts], int]] = {
    # `weighted` adds up the share of each agreement, in hundredths of a percent, times its duties.
    "compliance": lambda counts: _rounded(Fraction(counts["weighted"], counts["due"])),
    "conformity": _lower_bound,
    # `index_total` adds up the consistency index of each series that has one; `quiet` counts those of the others without an open signal.
    "steadiness": lambda counts: _rounded(Fraction(counts["quiet"] * WHOLE + counts.get("index_total", 0), counts["series"])),
    "audits": lambda counts: _rounded(Fraction(counts["total"], counts["audits"])),
    "correcting": _share("in_time", "due"),
    "freshness": _share("current", "kept"),
}


def checked(said: Mapping[str, Any]) -> dict[str, Any]:
    """A method's body as somebody asks for it. Raises RuleBroken with the rule that it breaks and the field that breaks it."""
    parts = {name: {"weight": int(said[f"weight_{name}"]), "least": int(said[f"least_{name}"])} for name in PARTS}
    for name, part in parts.items():
        if not 0 <= part["weight"] <= MOST_WEIGHT:
            raise RuleBroken("score_weight_out_of_range", field=f"weight_{name}", most=MOST_WEIGHT)
        if not 1 <= part["least"] <= MOST_LEAST:
            raise RuleBroken("score_least_out_of_range", field=f"least_{name}", most=MOST_LEAST)
    if sum(part["weight"] for part in parts.values()) != 100:
        raise RuleBroken("score_weights_not_whole", field=f"weight_{PARTS[0]}", total=sum(part["weight"] for part in parts.values()))
    counted = sum(part["weight"] > 0 for part in parts.values())
    if not 1 <= int(said["least_parts"]) <= counted:
        raise RuleBroken("score_least_parts_out_of_range", field="least_parts", most=counted)
    floors = {band: int(said[f"floor_{band}"]) for band in BANDS[:-1]} | {"D": 0}
    if not 100 >= floors["A"] > floors["B"] > floors["C"] > 0:
        raise RuleBroken("score_floors_not_falling", field="floor_A")
    return {"algorithm": ALGORITHM, "parts": parts, "least_parts": int(said["least_parts"]), "floors": floors, "cap": "C"}


@dataclass(frozen=True, slots=True)
class Move:
    """One firm under two methods; `part` weighs most in the difference, `change` in hundredths of a percent where both say a number."""

    before: Outcome
    after: Outcome
    change: int | None
    part: str


def move(before: Mapping[str, Any], after: Mapping[str, Any], inputs: Mapping[str, Any]) -> Move | None:
    """How the score of the same facts moves from one method to the other, and why; None where it does not."""
    old, new = compute(before, inputs), compute(after, inputs)
    if (old.value_hundredths, old.band) == (new.value_hundredths, new.band):
        return None
    change = None
    if old.value_hundredths is not None and new.value_hundredths is not None:
        change = new.value_hundredths - old.value_hundredths
    middle = old.value_hundredths or 0
    pulls = {name: _pull(new, after, name, middle) - _pull(old, before, name, middle) for name in PARTS}
    # Where the number falls, the part that pulls down most is the reason; where it rises, the one that lifts most.
    falls = change is not None and change < 0
    return Move(old, new, change, (min if falls else max)(PARTS, key=lambda name: pulls[name]))


def _pull(outcome: Outcome, body: Mapping[str, Any], name: str, middle: int) -> Fraction:
    """How far a part draws the whole away from `middle`; the pulls of all parts add up to the way of the whole."""
    value = outcome.parts[name]
    if value is None:
        return Fraction(0)
    total = sum(body["parts"][each]["weight"] for each in PARTS if outcome.parts[each] is not None)
    return Fraction((value - middle) * body["parts"][name]["weight"], total or 1)
