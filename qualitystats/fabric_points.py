"""Four-point inspection of fabric: penalty points by length of flaw, capped by the yard or metre, per 100 square yards or metres.

Inch and millimetre limits are two tables of their own: 75 mm is not 3 inches, and neither is converted into the other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from qualitystats.published import table
from qualitystats.readings import finite

Units: TypeAlias = Literal["inch_yard", "mm_metre"]
HoleRule: TypeAlias = Literal["any_4", "over_1_inch_4"]
# Short units in a long one, and what turns points per (long x short) into points per 100 square long units.
_SHORT_IN_LONG = {"inch_yard": 36.0, "mm_metre": 1000.0}
_ONE_INCH = {"inch_yard": 1.0, "mm_metre": 25.4}
_CAP = 4


@dataclass(frozen=True)
class Flaw:
    """One flaw of a roll. `length` in inches or mm; `at` in yards or metres from the start, None when nobody wrote it down.

    A `hole` is rated by its largest opening; a `running` flaw takes four points in every yard or metre that it touches.
    """

    length: float
    at: float | None = None
    kind: Literal["flaw", "hole", "running"] = "flaw"


@dataclass(frozen=True)
class FourPoint:
    """`points` after the cap, `per_100` square yards or metres. `capped` lists the yards or metres (from 0) where the cap took points away.

    `unplaced` flaws have no position and escaped the cap: with any, `points` may be too high.
    """

    points: int
    per_100: float
    unit: str
    points_before_cap: int
    capped: tuple[int, ...]
    unplaced: int
    within_limit: bool | None


def four_point(
    flaws: Sequence[Flaw | float],
    *,
    length: float,
    width: float,
    units: Units,
    hole_rule: HoleRule | None = None,
    limit: float | None = None,
) -> FourPoint:
    """Rate one roll by the four-point system.

    Args:
        flaws: Flaw objects, or plain lengths in inches or mm.
        length: Inspected length in yards or metres, above 0.
        width: Cuttable width in inches or mm, above 0.
        units: ``inch_yard`` or ``mm_metre``, for every length of this call.
        hole_rule: ``any_4`` (every hole 4 points) or ``over_1_inch_4`` (up to 1 inch 2 points, above it 4). Sources disagree, so it
            must be said whenever there is a hole.
        limit: Largest points per 100 square units that was agreed; None judges nothing.
    Returns:
        Points and points per 100 square yards or metres.
    Raises:
        ValueError: a hole without ``hole_rule``, a flaw outside of the roll, a length that is not finite and positive, unknown units.
    Source: ASTM D5430 four-point system as described on four public pages (clause unread).

    >>> roll = [2] * 6 + [5] * 4 + [8] * 2 + [20, Flaw(1.5, kind="hole")]
    >>> rated = four_point(roll, length=150, width=56, units="inch_yard", hole_rule="over_1_inch_4")
    >>> rated.points, rated.per_100
    (28, 12.0)
    """
    finite("length", length, above=0)
    by_place: dict[int, int] = {}
    unplaced, loose = 0, 0
    for flaw in flaws:
        one = flaw if isinstance(flaw, Flaw) else Flaw(flaw)
        points = _points_of(one, units, hole_rule)
        if one.at is None:
            unplaced += 1
            loose += sum(points)
            continue
        if not 0 <= finite("at", one.at) <= length:
            raise ValueError(f"flaws has one at {one.at}: must be within 0 and {length}")
        first = min(math.floor(one.at), math.ceil(length) - 1)
        for step, each in enumerate(points):
            by_place[first + step] = by_place.get(first + step, 0) + each
    before = loose + sum(by_place.values())
    points_after = loose + sum(min(_CAP, each) for each in by_place.values())
    per_100 = points_per_100(points_after, length=length, width=width, units=units)
    within = None if limit is None else per_100 <= finite("limit", limit, at_least=0)
    unit = "points per 100 sq yd" if units == "inch_yard" else "points per 100 m2"
    capped = tuple(sorted(place for place, each in by_place.items() if each > _CAP))
    return FourPoint(points_after, per_100, unit, before, capped, unplaced, within)


def points_for_length(length: float, *, units: Units) -> int:
    """Penalty points of one flaw that is neither a hole nor running.

    Args:
        length: Inches or mm, above 0.
        units: ``inch_yard`` or ``mm_metre``.
    Returns:
        1, 2, 3 or 4; a limit belongs to the lower points.
    Raises:
        ValueError: ``length`` is not finite and positive, unknown units.
    Source: ASTM D5430 as described on four public pages (clause unread).

    >>> [points_for_length(inches, units="inch_yard") for inches in (3.0, 3.01, 6, 9, 9.5)]
    [1, 2, 2, 3, 4]
    """
    finite("length", length, above=0)
    _short_in_long(units)
    for row in table("astm_d5430_points.csv"):
        if row["units"] == units and (not row["length_at_most"] or length <= float(row["length_at_most"])):
            return int(row["points"])
    raise ValueError(f"length is {length}: no row of the table holds it")


def points_per_100(points: float, *, length: float, width: float, units: Units) -> float:
    """Points per 100 square yards or square metres.

    Args:
        points: Penalty points of the inspected length, at least 0.
        length: Yards or metres, above 0.
        width: Cuttable width in inches or mm, above 0.
        units: ``inch_yard`` or ``mm_metre``.
    Returns:
        points x 3600 / (yards x inches), or points x 100000 / (metres x mm).
    Raises:
        ValueError: not finite, not positive, unknown units.
    Source: ASTM D5430 as described on four public pages (clause unread).

    >>> round(points_per_100(20, length=80, width=1500, units="mm_metre"), 4)
    16.6667
    """
    per_square = finite("points", points, at_least=0) * 100.0 * _short_in_long(units)
    return per_square / (finite("length", length, above=0) * finite("width", width, above=0))


def _points_of(flaw: Flaw, units: Units, hole_rule: HoleRule | None) -> list[int]:
    """Points of one flaw, for each yard or metre that it takes."""
    if flaw.kind == "running":
        return [_CAP] * math.ceil(finite("length", flaw.length, above=0) / _short_in_long(units))
    if flaw.kind == "flaw":
        return [points_for_length(flaw.length, units=units)]
    if flaw.kind != "hole":
        raise ValueError(f"kind is {flaw.kind!r}: must be flaw, hole or running")
    if hole_rule not in ("any_4", "over_1_inch_4"):
        raise ValueError(f"hole_rule is {hole_rule!r}: must be any_4 or over_1_inch_4 when there is a hole")
    small = finite("length", flaw.length, above=0) <= _ONE_INCH[units] and hole_rule == "over_1_inch_4"
    return [2 if small else _CAP]


def _short_in_long(units: str) -> float:
    if units not in _SHORT_IN_LONG:
        raise ValueError(f"units is {units!r}: must be inch_yard or mm_metre")
    return _SHORT_IN_LONG[units]
