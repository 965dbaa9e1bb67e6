"""Which row is the header and which column is which: a result a row (long), or a lot a row with its readings side by side (wide)."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from inspections.reading.context import Characteristic, Context, unit_key
from inspections.reading.shapes import FIELDS, Cell, Column, Columns, FileMessage, Record, Table, display
from inspections.reading.texts import fold, is_nothing, key_of, without_remark
from suppliers.imports.columns import canonical

_DEEPEST_HEADER = 10
_MOST_COLUMNS = 500
_INDEX = re.compile(r"^(.*?)[\s_\-–—:：.#＃]*(?:[xX×＃#nN]|no\.?|读数|测值|第)?\s*(\d{1,3})\s*(?:次|号|#)?$")
_ONLY_INDEX = re.compile(r"(?:[xX×#＃nN]|no\.?|读数|测值|第)?\s*(\d{1,3})\s*(?:次|号|#)?")
_PLACE = re.compile(r"(.{1,20}) x(\d{1,3})")
Remembered = Mapping[str, str | None]


def _read_words() -> dict[str, str]:
    with Path(__file__).with_name("headers.csv").open(encoding="utf-8", newline="") as lines:
        return {canonical(word): row["field"] for row in csv.DictReader(lines) for word in row["words"].split("|")}


_FIELD_OF = _read_words()


class Header(NamedTuple):
    """What a header says: a field, or one place of the readings of a characteristic; `unit` from a remark in it."""

    field: str | None
    unit: str = ""


def place_of(field: str) -> tuple[str, int] | None:
    """("PH", 1) of "PH x1"."""
    match = _PLACE.fullmatch(field)
    return (match.group(1), int(match.group(2))) if match else None


class Headers:
    """The headers that are known where this context is; what was said of earlier files goes first."""

    def __init__(self, context: Context, remembered: Remembered | None = None) -> None:
        self._context = context
        self._remembered = remembered or {}
        self._known: dict[str, Header] = {}

    def means(self, cell: Cell) -> Header:
        if not isinstance(cell, str) or not cell.strip():
            return Header(None)
        if cell not in self._known:
            self._known[cell] = self._means(cell)
        return self._known[cell]

    def count(self, cells: Sequence[Cell]) -> int:
        return sum(1 for cell in cells if self.means(cell).field)

    def _means(self, cell: str) -> Header:
        key = canonical(cell)
        if key in self._remembered:
            return Header(self._remembered[key])
        if field := _FIELD_OF.get(key):
            return Header(field)
        return self._readings(fold(cell))

    def _readings(self, text: str) -> Header:
        bare, remark = without_remark(text)
        if what := self._one(text) or self._one(bare):
            return Header(f"{what.code} x0", self._unit(remark, what))
        match = _INDEX.match(bare)
        if match is None or not match.group(1):
            return Header(None)
        numbered = match.group(1).strip()
        name, inner = without_remark(numbered)
        if what := self._one(numbered) or self._one(name):
            return Header(f"{what.code} x{int(match.group(2))}", self._unit(inner, what) or self._unit(remark, what))
        return Header(None)

    def _one(self, name: str) -> Characteristic | None:
        found = self._context.characteristics_named(name) if key_of(name) else ()
        return found[0] if len(found) == 1 else None

    def _unit(self, remark: str, what: Characteristic) -> str:
        """A remark is a unit only where it is one of those that are known."""
        return remark if remark and (what.factor_of(remark) is not None or unit_key(remark) in self._context.unit_keys) else ""


def map_columns(
    table: Table,
    headers: Headers,
    *,
    chosen: Mapping[int, str | None] | None = None,
    header_row: int | None = None,
    codes: Sequence[str] = (),
) -> Columns:
    """Find the header and say which column is which.

    `chosen` (place from 0 → field) is a person's word for this file and overrides everything; fields are FIELDS, and "CODE x1" for the
    readings of a characteristic among `codes`. Raises ValueError on a field that does not exist.
    """
    for field in filter(None, (chosen or {}).values()):
        place = place_of(field)
        if field not in FIELDS and (place is None or place[0] not in codes):
            raise ValueError(f"{field!r} is no field; known are {', '.join(FIELDS)} and places such as 'PH x1'")
    header = _header(table, header_row, headers)
    if header is None and chosen is None:
        width = min(max((len(record.cells) for record in table.records), default=0), _MOST_COLUMNS)
        bare = tuple(Column(index, "", None) for index in range(width))
        return Columns(bare, "long", None, _first(table), needs_mapping=True, messages=(FileMessage("error", "header_missing"),))
    return _columns(table, header, headers, chosen)


def _first(table: Table) -> int:
    return table.records[0].number if table.records else 1


def _header(table: Table, header_row: int | None, headers: Headers) -> Record | None:
    if header_row is not None:
        return next((record for record in table.records if record.number == header_row), None)
    width = len({index for record in table.records[:200] for index, cell in enumerate(record.cells) if cell != ""})
    enough = 1 if width == 1 else 2
    return next((record for record in table.records[:_DEEPEST_HEADER] if headers.count(record.cells) >= enough), None)


def _columns(table: Table, header: Record | None, headers: Headers, chosen: Mapping[int, str | None] | None) -> Columns:
    titles = [re.sub(r"\s+", " ", display(cell)).strip() for cell in header.cells[:_MOST_COLUMNS]] if header else []
    width = max(len(titles), max(chosen, default=-1) + 1 if chosen else 0)
    titles += [""] * (width - len(titles))
    means = [headers.means(title) for title in titles]
    below = [record for record in table.records if header is None or record.number > header.number][:2]
    numbered = _numbers_below(titles, means, below)
    if numbered is not None:
        titles, means = numbered
        below = below[1:]
    fields = [chosen.get(index) for index in range(width)] if chosen is not None else _first_places([mean.field for mean in means])
    while titles and not titles[-1] and fields[-1] is None:
        titles, fields = titles[:-1], fields[:-1]
    columns = tuple(Column(index, title, field) for index, (title, field) in enumerate(zip(titles, fields, strict=True)))
    units = {index: mean.unit for index, mean in enumerate(means[: len(columns)]) if mean.unit}
    unit_row = _unit_row(columns, below[0], headers) if below and header else None
    if unit_row is not None:
        units |= {place: fold(cell) for place, cell in unit_row.items()}
    wide = any(column.field and place_of(column.field) for column in columns)
    stuck, ignored = _messages(columns, wide=wide)
    rows = (header.number if header else _first(table) - 1) + (1 if numbered else 0) + (1 if unit_row is not None else 0)
    return Columns(
        columns, "wide" if wide else "long", header.number if header else None, rows + 1, rows if unit_row is not None else None, units,
        bool(stuck), (*stuck, *ignored),
    )  # fmt: skip


def _first_places(fields: Sequence[str | None]) -> list[str | None]:
    """A characteristic that stands alone without a number is its own first place."""
    return [field[:-1] + "1" if field and field.endswith(" x0") else field for field in fields]


def _numbers_below(titles: Sequence[str], means: Sequence[Header], below: Sequence[Record]) -> tuple[list[str], list[Header]] | None:
    """Names above, x1 x2 x3 in the row below them: each name reaches over the blanks to its right."""
    if not below or not any(mean.field and mean.field.endswith(" x0") for mean in means):
        return None
    cells = [fold(cell) for cell in below[0].cells]
    numbers = [
        _ONLY_INDEX.fullmatch(cell) if "x" in cell.casefold() or "#" in cell or cell.startswith(("读数", "第")) else None for cell in cells
    ]
    if sum(1 for number in numbers if number) < 2:
        return None
    width = max(len(titles), len(numbers))
    named, found = list(titles) + [""] * (width - len(titles)), list(means) + [Header(None)] * (width - len(means))
    last: Header | None = None
    for place in range(width):
        if named[place]:
            last = found[place] if (found[place].field or "").endswith(" x0") else None
            title = named[place]
        number = numbers[place] if place < len(numbers) else None
        if last and last.field and number:
            found[place] = Header(f"{last.field[:-1]}{int(number.group(1))}", last.unit)
            named[place] = f"{title} {cells[place]}"
    return named, found


def _unit_row(columns: Sequence[Column], record: Record, headers: Headers) -> dict[int, Cell] | None:
    """The units below the header: no lot in the row, and under the readings nothing but units."""
    cells = {column.index: record.cells[column.index] for column in columns if column.field and column.index < len(record.cells)}
    readings = {column.index for column in columns if column.field and place_of(column.field)}
    filled = {place: cell for place, cell in cells.items() if fold(cell)}
    if not readings or not filled or not set(filled) <= readings or any(not isinstance(cell, str) for cell in filled.values()):
        return None
    texts = [fold(cell) for cell in filled.values()]
    return filled if all(not re.fullmatch(r"[-+<>]?\d.*", text) for text in texts) and any(not is_nothing(text) for text in texts) else None


def _messages(columns: Sequence[Column], *, wide: bool) -> tuple[list[FileMessage], list[FileMessage]]:
    fields = [column.field for column in columns if column.field]
    stuck = []
    for field in dict.fromkeys(fields):
        if fields.count(field) > 1:
            twins = "、".join(column.header or column.letter for column in columns if column.field == field)
            stuck.append(FileMessage("error", "column_twice", twins, {"field": field}))
    wanted: tuple[Any, ...] = ("lot",) if wide else ("lot", "characteristic", "result")
    held = set(fields) | ({"result"} if {"L", "a", "b"} <= set(fields) else set())
    stuck += [FileMessage("error", "column_missing", facts={"field": field}) for field in wanted if field not in held]
    ignored = [FileMessage("warning", "column_unmapped", column.header) for column in columns if column.header and not column.field]
    return stuck, _once(ignored)


def _once(messages: Sequence[FileMessage]) -> list[FileMessage]:
    seen: dict[str, FileMessage] = {}
    for message in messages:
        seen.setdefault(message.found, message)
    return list(seen.values())
