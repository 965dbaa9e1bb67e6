"""Rows of a wide sheet in which there is nothing to say: thousands at once, as arrays. What is not so plain goes to WideReader, row by row.

A row is plain when its lot is known, its day is the lot's, and each of its cells is empty or a plain number that can be and is likely,
in the unit of its characteristic. Then WideReader would say nothing of it; this says the same, faster.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inspections.reading.checks import MOST_DECIMALS, fault_of
from inspections.reading.columns import place_of
from inspections.reading.context import Context, Lot
from inspections.reading.days import read_day
from inspections.reading.results import read_result
from inspections.reading.shapes import Cell, Columns, Record
from inspections.reading.texts import fold, is_nothing
from inspections.reading.wide_rows import Group, WideReader

Ints = NDArray[np.int64]
_PLAIN_KINDS = frozenset({"variable", "censored"})
_ODD, _NOT_TAKEN = 0, 1  # codes of cells that are no plain number
_GREATEST = 2**31 - 1
_POWERS = 10 ** np.arange(MOST_DECIMALS + 1, dtype=np.int64)


class Cells(dict[Cell, int]):
    """Each way to write a reading of one characteristic → its code; what the code means stands in the lists."""

    def __init__(self, group: Group) -> None:
        super().__init__()
        self._what = group.what
        self.numbers, self.decimals, self.texts = [0, 0], [0, 0], ["", "null"]

    def __missing__(self, cell: Cell) -> int:
        code = self._code(cell)
        self[cell] = code
        return code

    def _code(self, cell: Cell) -> int:
        if is_nothing(fold(cell)):
            return _NOT_TAKEN
        what = self._what
        result = read_result(cell, what)
        if result.code or result.qualifier != "=" or result.unit or fault_of(result.values, what):
            return _ODD
        value = result.value
        if what.detection_limit is not None and value < what.detection_limit:
            return _ODD
        exponent = value.as_tuple().exponent
        decimals = max(0, -exponent) if isinstance(exponent, int) else MOST_DECIMALS + 1
        if decimals > MOST_DECIMALS or abs(value.scaleb(decimals)) > _GREATEST:
            return _ODD
        self.numbers.append(int(value.scaleb(decimals)))
        self.decimals.append(decimals)
        self.texts.append(f'"{format(value.normalize(), "f")}"')
        return len(self.texts) - 1


@dataclass(frozen=True, slots=True)
class PlainSets:
    """Sets of one characteristic: for each the place of its lot in the chunk, its readings as whole numbers, and their words."""

    group: Group
    rows: Ints
    numbers: Ints  # 0 where not taken
    taken: NDArray[np.bool_]
    decimals: Ints
    words: list[str]  # the readings as a list of JSON, as they are digested


@dataclass(frozen=True, slots=True)
class PlainChunk:
    """`lots` of the plain rows; `others` are the rows that want to be looked at one by one."""

    lots: list[Lot]
    sets: list[PlainSets]
    others: list[Record]


class PlainReader:
    """Splits the rows of one sheet. Rows with words beside their readings, and all of a sheet with odd units, are for the other reader."""

    def __init__(
        self,
        reader: WideReader,
        context: Context,
        columns: Columns,
        *,
        today: date,
        has_percents: bool = False,
        apart: frozenset[Any] = frozenset(),
    ) -> None:
        """`apart` are ids of lots whose rows are for the other reader, whatever they hold."""
        self._context, self._today, self._apart = context, today, apart
        self.groups = reader.groups
        places = columns.by_field
        self._lot = places["lot"].index if "lot" in places else -1
        self._made = places["made_on"].index if "made_on" in places else -1
        self._beside = [column.index for field, column in places.items() if field not in ("lot", "made_on") and not place_of(field)]
        self._cells = [Cells(group) for group in self.groups]
        self._days: dict[Cell, date | None] = {}
        self.is_any = self._lot >= 0 and not has_percents and all(_is_plain(group) for group in self.groups)
        self._width = max((column.index for column in columns.columns), default=-1) + 1

    def split(self, records: Sequence[Record]) -> PlainChunk:
        if not self.is_any:
            return PlainChunk([], [], list(records))
        lots: list[Lot] = []
        plain: list[Record] = []
        others: list[Record] = []
        for record in records:
            lot = self._lot_of(record)
            if lot is None:
                others.append(record)
            else:
                lots.append(lot)
                plain.append(record)
        return self._sets(plain, lots, others)

    def _lot_of(self, record: Record) -> Lot | None:
        cells = record.cells
        if len(cells) < self._width:
            return None
        found = self._context.lots.get(cells[self._lot], ())  # type: ignore[call-overload,arg-type]
        if len(found) != 1 or found[0].id in self._apart or any(cells[place] != "" for place in self._beside):
            return None
        lot: Lot = found[0]
        if self._made < 0:
            return lot
        typed = cells[self._made]
        if typed not in self._days:
            day = read_day(typed, today=self._today)
            self._days[typed] = day.day if day.day and not day.code else None
        made = self._days[typed]
        return lot if made is not None and (lot.made_on is None or lot.made_on == made) else None

    def _sets(self, records: list[Record], lots: list[Lot], others: list[Record]) -> PlainChunk:
        if not records:
            return PlainChunk([], [], others)
        columns = list(zip(*[record.cells[: self._width] for record in records], strict=True))
        codes = [self._codes(group, cells, columns) for group, cells in zip(self.groups, self._cells, strict=True)]
        odd = np.zeros(len(records), dtype=bool)
        for each in codes:
            odd |= (each == _ODD).any(axis=1)
        odd |= np.logical_and.reduce([(each == _NOT_TAKEN).all(axis=1) for each in codes])
        read = [_numbers(each, cells) for each, cells in zip(codes, self._cells, strict=True)]
        for numbers, _taken, _decimals in read:
            odd |= (np.abs(numbers) > _GREATEST).any(axis=1)
        others = others + [record for record, is_odd in zip(records, odd.tolist(), strict=True) if is_odd]
        sets = []
        for group, cells, coded, (numbers, taken, decimals) in zip(self.groups, self._cells, codes, read, strict=True):
            kept = np.flatnonzero(~odd & taken.any(axis=1))
            if len(kept):
                sets.append(PlainSets(group, kept, numbers[kept], taken[kept], decimals[kept], _words(coded[kept], cells)))
        return PlainChunk(lots, sets, sorted(others, key=lambda record: record.number))

    @staticmethod
    def _codes(group: Group, cells: Cells, columns: Sequence[Sequence[Cell]]) -> Ints:
        many = len(columns[0])
        made = [np.fromiter(map(cells.__getitem__, columns[column.index]), dtype=np.int64, count=many) for column in group.columns]
        return np.stack(made, axis=1)


def _is_plain(group: Group) -> bool:
    return group.what.kind in _PLAIN_KINDS and group.unit.factor == 1 and not group.unit.missing


def _numbers(codes: Ints, cells: Cells) -> tuple[Ints, NDArray[np.bool_], Ints]:
    """(whole numbers, which were taken, decimals of each row): all readings of a row by the most decimals that one of them has."""
    decimals = np.asarray(cells.decimals, dtype=np.int64)[codes]
    most = decimals.max(axis=1)
    numbers = np.asarray(cells.numbers, dtype=np.int64)[codes] * _POWERS[most[:, None] - decimals]
    return numbers, codes > _NOT_TAKEN, most


def _words(codes: Ints, cells: Cells) -> list[str]:
    texts: list[Any] = cells.texts
    by_column = [map(texts.__getitem__, column) for column in codes.T.tolist()]
    return [f"[{','.join(words)}]" for words in zip(*by_column, strict=True)]


__all__ = ["Cells", "PlainChunk", "PlainReader", "PlainSets"]
