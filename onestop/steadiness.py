"""What of a consistency index says how steadily a series runs: capability, lot to lot, drift. Conformity is a part of the score by itself. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from qualitystats.consistency import ConsistencyIndex

COURSE = ("capability", "lot_to_lot", "drift")
LEAST_PARTS = 2  # one part alone says little: a drift without a spread, a spread without its course


def course_of(index: ConsistencyIndex) -> dict[str, int | None]:
    """Part -> its score in hundredths, None where too little is known."""
    return {part.name: None if part.score is None else _hundredths(part.score) for part in index.parts if part.name in COURSE}


def weakest_of(course: Mapping[str, int | None]) -> tuple[str, int | None]:
    """The weakest known part: parts are never added up. Nothing where fewer than two are known."""
    known = {name: value for name, value in course.items() if value is not None}
    if len(known) < LEAST_PARTS:
        return "", None
    name = min(known, key=lambda each: known[each])
    return name, known[name]


def _hundredths(score: float) -> int:
    return int((Decimal(repr(score)) * 100).quantize(Decimal(1), ROUND_HALF_UP))
