"""A sheet of results as CSV: one line for each sample, indicator and rater. Pure; what cannot be read says its line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from foundation.errors import RuleBroken

HEADS = ("sample", "indicator", "method", "rater", "U", "k")
READINGS = 10
MOST_BYTES, MOST_LINES = 512 * 1024, 5000
_APART = re.compile(r"[\s;；、|]+")


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One line of a sheet as typed."""

    number: int
    sample: str
    indicator: str
    method: str
    rater: str
    values: tuple[str, ...]
    expanded: Decimal | None
    k: Decimal | None


def split_values(text: str) -> list[str]:
    """Readings typed into one field, apart by blanks, semicolons or the Chinese comma of lists.

    >>> split_values(" 12.1 12.3；3-4 、<20 ")
    ['12.1', '12.3', '3-4', '<20']
    """
    return [each for each in _APART.split(text.strip()) if each]


def heads() -> list[str]:
    return [*HEADS, *(f"r{n}" for n in range(1, READINGS + 1))]


def blank_rows(samples: Sequence[str], indicators: Iterable[tuple[str, str]]) -> list[list[str]]:
    """A sheet to be filled in: each sample under each indicator with its method."""
    asked = list(indicators)
    return [[sample, code, method, *([""] * (3 + READINGS))] for sample in samples for code, method in asked]


def read_sheet(body: bytes) -> list[SheetLine]:
    """The lines that hold a reading. Raises RuleBroken("sheet_file_unreadable") with the line."""
    if len(body) > MOST_BYTES:
        raise RuleBroken("sheet_file_unreadable", field="file", line=1)
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = body.decode("gb18030")
        except UnicodeDecodeError:
            raise RuleBroken("sheet_file_unreadable", field="file", line=1) from None
    if "\x00" in text:
        raise RuleBroken("sheet_file_unreadable", field="file", line=1)
    rows = list(csv.reader(io.StringIO(text, newline="")))[: MOST_LINES + 1]
    if not rows or [cell.strip() for cell in rows[0][: len(HEADS)]] != list(HEADS):
        raise RuleBroken("sheet_file_unreadable", field="file", line=1)
    return [line for number, row in enumerate(rows[1:], 2) if (line := _line(number, row)) is not None]


def _line(number: int, row: Sequence[str]) -> SheetLine | None:
    cells = [cell.strip().removeprefix("'") for cell in row] + [""] * (len(HEADS) - len(row))
    values = tuple(cell for cell in cells[len(HEADS) :] if cell)
    if not values:
        return None
    sample, indicator, method, rater, expanded, k = cells[: len(HEADS)]
    return SheetLine(
        number, sample.upper(), indicator.upper(), method[:40], rater[:40], values, _number(expanded, number), _number(k, number)
    )


def _number(text: str, line: int) -> Decimal | None:
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise RuleBroken("sheet_file_unreadable", field="file", line=line) from None
    if not value.is_finite() or abs(value) >= 10**9:
        raise RuleBroken("sheet_file_unreadable", field="file", line=line)
    return round(value, 6)
