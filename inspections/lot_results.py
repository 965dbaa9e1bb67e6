"""What was found on one lot, told side by side: the supplier's own test beside its customer's and a laboratory's. Pure, from rows.

Only what was measured by one edition in one unit stands side by side; grades, bounds and colours are never averaged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

from inspections.filing import values_of
from inspections.result_words import reading_words

SIDES = ("self", "customer", "lab")
AVERAGED = ("variable", "attribute")
WORST_FIRST = ("out", "unclear", "not_judged", "in")
MOST_SHOWN = 6


class RowLike(Protocol):
    """What is read of a row."""

    pk: UUID
    characteristic_code: str
    edition_code: str
    unit: str
    origin: str
    width: int
    verdict: str
    out_count: int
    clause_id: UUID | None
    replaced_by: UUID | None

    @property
    def readings(self) -> Sequence[int | None]: ...
    @property
    def decimals(self) -> int: ...
    @property
    def qualifiers(self) -> Sequence[str] | None: ...


@dataclass(frozen=True)
class Found:
    """What one tester found: of a measured value the mean, else the readings as they are. `n` readings were taken."""

    origin: str
    rows: Sequence[Any]
    n: int
    mean: Decimal | None = None
    words: Sequence[str] = ()
    left: int = 0  # readings that are not shown


@dataclass(frozen=True)
class Line:
    """One characteristic by one edition: what each tester found, and how they differ."""

    characteristic: str
    edition: str
    unit: str
    verdict: str
    out: int
    clause_id: UUID | None
    by: Mapping[str, Found] = field(default_factory=dict)

    @property
    def sides(self) -> list[Found]:
        return [self.by[name] for name in SIDES if name in self.by]

    def bias(self, other: str) -> Decimal | None:
        """How far the supplier's mean lies above the other's; None unless both have one."""
        own, theirs = self.by.get("self"), self.by.get(other)
        if own is None or theirs is None or own.mean is None or theirs.mean is None:
            return None
        return own.mean - theirs.mean


def lines_of(rows: Iterable[RowLike], kinds: Mapping[str, str], *, whole: bool = True) -> list[Line]:
    """The results that stand, by characteristic and edition, what is out of limits first. Of some rows of many nothing is averaged."""
    groups: dict[tuple[str, str, str], list[RowLike]] = {}
    for row in rows:
        if row.replaced_by is None:
            groups.setdefault((row.characteristic_code, row.edition_code, row.unit), []).append(row)
    lines = [_line(key, found, kinds.get(key[0], "variable"), whole) for key, found in groups.items()]
    return sorted(lines, key=lambda line: (WORST_FIRST.index(line.verdict), line.characteristic, line.edition))


def _line(key: tuple[str, str, str], rows: Sequence[RowLike], kind: str, whole: bool) -> Line:
    by: dict[str, list[RowLike]] = {}
    for row in rows:
        by.setdefault("self" if row.origin == "instrument" else row.origin, []).append(row)
    worst = min((row.verdict for row in rows), key=WORST_FIRST.index)
    clause_id = next((row.clause_id for row in rows if row.clause_id), None)
    found = {origin: _found(origin, each, kind, whole) for origin, each in by.items()}
    return Line(*key, verdict=worst, out=sum(row.out_count for row in rows), clause_id=clause_id, by=found)


def _found(origin: str, rows: Sequence[RowLike], kind: str, whole: bool) -> Found:
    values = [value for row in rows for value in values_of(row) if value is not None]
    width = rows[0].width
    if whole and kind in AVERAGED and width == 1 and values and all(row.qualifiers is None for row in rows):
        return Found(origin, rows, len(values), mean=sum(values, Decimal(0)) / len(values))
    words = [word for row in rows for word in reading_words(values_of(row), row.qualifiers, kind, width=row.width) if word != "—"]
    return Found(origin, rows, len(values) // width, words=words[:MOST_SHOWN], left=max(0, len(words) - MOST_SHOWN))
