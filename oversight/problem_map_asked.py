"""What the problem map was asked for, read from the address. What means nothing is left out, never an error page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from oversight.categories import CATEGORIES
from oversight.suppression import ALL
from oversight.weak_links import CITY

_QUARTER = re.compile(r"(20\d\d)Q([1-4])")


@dataclass(frozen=True)
class CellAsked:
    """A quarter, a category, a place and a step of the chain. `category` and `period_on` are empty where none was said."""

    category: str = ""
    period_on: date | None = None
    place: str = CITY
    node: str = ALL

    @classmethod
    def of(cls, said: Mapping[str, object], *, nodes: Sequence[str]) -> CellAsked:
        """From a query or the API's filters."""
        words = {name: str(said.get(name, "") or "").strip()[:20].replace("\x00", "") for name in ("category", "quarter", "place", "node")}
        return cls(
            words["category"] if words["category"] in CATEGORIES else "",
            period_of(words["quarter"]),
            words["place"] or CITY,
            words["node"] if words["node"] in nodes else ALL,
        )


def period_of(words: str) -> date | None:
    """2026Q3 -> its first day."""
    found = _QUARTER.fullmatch(words)
    return date(int(found[1]), 3 * int(found[2]) - 2, 1) if found else None
