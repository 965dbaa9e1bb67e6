"""How risky a relation is, out of parts that can be told: points are added, and the sum is a band from A (calm) to D.

The weights have a number. A band that was found with them is found again from the same facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

VERSION = 1
# The class of the last reviewed audit. Never audited is not calm: nobody knows.
CLASS_POINTS = {"A": 0, "B": 12, "C": 30, "D": 50, "": 25}
# Findings that are open, by grade: points for each, and at most.
FINDING_POINTS = {"critical": (30, 60), "major": (10, 30), "minor": (2, 8)}
OVERDUE_POINTS = (5, 20)
CHANGE_POINTS = (3, 9)
# Months since somebody last looked: from this many on, these points. Never is as long as anything.
SINCE_POINTS = ((24, 15), (18, 10), (12, 5))
BAND_FROM = ((60, "D"), (35, "C"), (15, "B"))
WORST_AT_CRITICAL = "D"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a band is found from, at one day."""

    result_class: str = ""  # of the last reviewed audit or visit; "" for none
    critical: int = 0  # open findings
    major: int = 0
    minor: int = 0
    overdue: int = 0  # duties of the supplier
    changes: int = 0  # change notices of the last twelve months
    months_since: int | None = None  # since the last reviewed audit; None for never

    def kept(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Part:
    """One reason with its points; `most` is what it can reach at all."""

    code: str
    points: int
    most: int
    fact: int | str | None


@dataclass(frozen=True, slots=True)
class Rated:
    """A band with the reasons it has."""

    band: str
    points: int
    parts: tuple[Part, ...]
    capped: bool  # an open critical finding alone makes it D


def rate(facts: Facts) -> Rated:
    """The band of a relation. Worse facts never give a calmer band."""
    parts = (
        Part("result_class", CLASS_POINTS[facts.result_class], max(CLASS_POINTS.values()), facts.result_class),
        *(_each(grade, getattr(facts, grade), FINDING_POINTS[grade]) for grade in FINDING_POINTS),
        _each("overdue", facts.overdue, OVERDUE_POINTS),
        _each("changes", facts.changes, CHANGE_POINTS),
        Part("months_since", _since(facts.months_since), SINCE_POINTS[0][1], facts.months_since),
    )
    points = sum(part.points for part in parts)
    band = next((letter for least, letter in BAND_FROM if points >= least), "A")
    capped = facts.critical > 0 and band != WORST_AT_CRITICAL
    return Rated(WORST_AT_CRITICAL if capped else band, points, parts, capped)


def _each(code: str, number: int, worth: tuple[int, int]) -> Part:
    each, most = worth
    return Part(code, min(each * number, most), most, number)


def _since(months: int | None) -> int:
    if months is None:
        return SINCE_POINTS[0][1]
    return next((points for least, points in SINCE_POINTS if months >= least), 0)


def rated_again(inputs: Mapping[str, Any]) -> Rated:
    """The same band from what was stored."""
    return rate(Facts(**inputs))
