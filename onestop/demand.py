"""What is asked for, by step of the chain and kind of service: a count of firms, and only where five or more ask.

No totals, no filters and one window: a cell that is not printed cannot be reckoned from the printed ones. No firm, one firm and four
firms look alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

FEWEST = 5
WINDOW_DAYS = 180
_STEPS = (5, 10, 20, 40, 80)  # the five strengths of the colour


@dataclass(frozen=True, slots=True)
class Cell:
    """`firms` None: fewer than five, or nobody."""

    node: str
    kind: str
    firms: int | None
    strength: int


def published(counts: Iterable[tuple[str, str, int]], *, nodes: Sequence[str], kinds: Sequence[str]) -> list[list[Cell]]:
    """One row for each node, one cell for each kind; counts are of distinct firms, (node, kind, firms)."""
    known: Mapping[tuple[str, str], int] = {(node, kind): firms for node, kind, firms in counts if firms >= FEWEST}
    return [[_cell(node, kind, known.get((node, kind))) for kind in kinds] for node in nodes]


def _cell(node: str, kind: str, firms: int | None) -> Cell:
    return Cell(node, kind, firms, sum(firms >= step for step in _STEPS) if firms else 0)
