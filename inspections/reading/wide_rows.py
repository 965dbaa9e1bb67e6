"""A lot a row, its readings side by side, as people write them down at the machine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from inspections.reading.checks import fault_of, fitted
from inspections.reading.columns import Headers, place_of
from inspections.reading.context import Characteristic, Context, Lot
from inspections.reading.days import read_day
from inspections.reading.results import Result, converted, read_result
from inspections.reading.rows import Said, Unit, check_agreement, check_unit, number_found, read_edition, read_lot, today_in, unit_of
from inspections.reading.shapes import (
    Cell,
    Column,
    Columns,
    FileMessage,
    Issue,
    ReadSet,
    Record,
    ResultRow,
    display,
    outcome_of,
    plain_number,
)
from inspections.reading.tails import tail_reasons
from inspections.reading.texts import cut, fold, is_nothing, read_line

# What is no result but words: the reading was not taken.
_WORDS = frozenset({"value_not_a_number", "detection_limit_missing"})


@dataclass(frozen=True, slots=True)
class Group:
    """The columns of one characteristic, in the order of their numbers, with the unit above them."""

    what: Characteristic
    columns: tuple[Column, ...]
    unit: Unit
    typed_unit: str


def groups_of(columns: Columns, context: Context) -> list[Group]:
    places: dict[str, list[tuple[int, Column]]] = {}
    for column in columns.columns:
        if column.field and (place := place_of(column.field)):
            places.setdefault(place[0], []).append((place[1], column))
    groups = []
    for code, found in places.items():
        what = context.by_code[code]
        ordered = tuple(column for _, column in sorted(found, key=lambda each: each[0]))
        typed = next((columns.units[column.index] for column in ordered if columns.units.get(column.index)), "")
        groups.append(Group(what, ordered, unit_of(what, None, typed), typed))
    return groups


def unit_messages(groups: Sequence[Group]) -> tuple[FileMessage, ...]:
    """Units that are nowhere in the sheet: said once for each characteristic."""
    return tuple(
        FileMessage("warning", "unit_missing", group.what.name, {"field": group.what.code, "assumed": group.what.unit})
        for group in groups
        if group.unit.missing
    )


class WideReader:
    """Reads the rows of one sheet. `editions`: code of a characteristic → the edition that a person named for the whole sheet."""

    def __init__(
        self,
        context: Context,
        columns: Columns,
        *,
        now: datetime,
        percents: frozenset[str] = frozenset(),
        editions: Mapping[str, str] | None = None,
    ) -> None:
        self._context, self._percents, self._editions = context, percents, editions or {}
        self._places = columns.by_field
        self.groups = groups_of(columns, context)
        self._today: date = today_in(context, now)
        self._headers = Headers(context)
        self._has_header = columns.header_row is not None

    def read(self, records: Sequence[Record]) -> list[ResultRow]:
        tails = self.tails(records)
        return settle(self.row(record, tails.get(record.number)) for record in records)

    def tails(self, records: Sequence[Record]) -> dict[int, str]:
        """Number of a row below the data → why it is none."""
        return tail_reasons(records, lambda record: bool(self._context.lots_numbered(fold(self._cell(record, "lot")))))

    def _cell(self, record: Record, field: str) -> Cell:
        column = self._places.get(field)
        return record.cells[column.index] if column and column.index < len(record.cells) else ""

    def row(self, record: Record, reason: str | None = None) -> ResultRow:
        """One row by itself."""
        reason = reason or self._skip_reason(record)
        if reason:
            return ResultRow(record.number, record.cells, "skipped", reason=reason)
        said = Said()
        letters = {field: column.letter for field, column in self._places.items()}
        lot = read_lot(self._cell(record, "lot"), self._context, said, ref=f"{letters['lot']}{record.number}")
        made = self._day(record, "made_on", said)
        tested = self._day(record, "tested_on", said)
        if lot and lot.made_on and made and lot.made_on != made:
            said.warn("made_on", "made_on_differs", found=made.isoformat(), known=lot.made_on.isoformat())
        if lot is None:
            issues = tuple(said.issues)
            return ResultRow(record.number, record.cells, outcome_of(issues), issues=issues, normalised=said.silently())
        refused = said.refuses
        sets = [read for group in self.groups if (read := self._set(record, group, lot, tested, said))]
        return self._done(record, lot, made, sets, said, refused=refused)

    def _done(self, record: Record, lot: Lot, made: date | None, sets: list[ReadSet], said: Said, *, refused: bool) -> ResultRow:
        issues = tuple(said.issues)
        if refused:
            return ResultRow(record.number, record.cells, "rejected", issues=issues, normalised=said.silently())
        if not sets:
            # Words alone are readings not taken; an impossible one was meant to be a reading.
            outcome = outcome_of(issues)
            reason = None if outcome == "rejected" else "no_readings"
            return ResultRow(record.number, record.cells, outcome if reason is None else "skipped", issues=issues, reason=reason)
        values = {"lot": lot.no, "made_on": made, "subgroups": [_shown(read) for read in sets]}
        # What is wrong with single cells leaves the row standing.
        outcome = "warning" if issues else "accepted"
        return ResultRow(record.number, record.cells, outcome, values, issues, said.silently(), sets=tuple(sets))  # type: ignore[arg-type]

    def _skip_reason(self, record: Record) -> str | None:
        lot = self._cell(record, "lot")
        if self._has_header and self._headers.means(lot).field == "lot":
            return "header_again"
        taken = any(not is_nothing(fold(cell)) for group in self.groups for cell in _cells(record, group))
        if taken:
            return None
        return "no_readings" if any(fold(self._cell(record, field)) for field in self._places) else "blank_row"

    def _day(self, record: Record, field: str, said: Said) -> date | None:
        cell = self._cell(record, field)
        day = read_day(cell, today=self._today)
        if day.code:
            said.error(field, day.code, f"{self._places[field].letter}{record.number}", found=cut(display(cell)))
        said.changed(field, day.normalised)
        return day.day

    def _set(self, record: Record, group: Group, lot: Lot, tested: date | None, said: Said) -> ReadSet | None:
        what, code = group.what, group.what.code
        readings: list[tuple[Decimal, ...] | None] = []
        qualifiers: list[str] = []
        marks: list[str] = []
        before = len(said.issues)
        for column, cell in zip(group.columns, _cells(record, group), strict=True):
            result = self._reading(cell, column, record.number, group, said)
            readings.append(result.values if result else None)
            qualifiers.append(result.qualifier if result else "=")
        if not any(readings):
            return None
        if group.unit.factor != 1 or group.unit.missing:
            if group.unit.missing:
                marks.append("unit_missing")
            else:
                check_unit(group.unit, what, said, name=code)
        check_agreement(lot, what, self._context, said, name=code)
        flat = [part for each in readings for part in (each or (None,) * what.width)]
        kept = self._fitted(flat, code, said)
        if kept is None:
            return None
        edition = self._edition(record, what, said)
        marks += [issue.code for issue in said.issues[before:] if issue.level == "warning"]
        return ReadSet(
            lot.no, code, edition, what.unit, kept, tuple(qualifiers) if set(qualifiers) != {"="} else None, what.width,
            read_line("sample", self._cell(record, "sample"))[0] or None, None, tested, None,
            read_line("instrument", self._cell(record, "instrument"))[0], read_line("operator", self._cell(record, "operator"))[0],
            marks=tuple(dict.fromkeys(marks)),
        )  # fmt: skip

    def _edition(self, record: Record, what: Characteristic, said: Said) -> str | None:
        """A sheet of readings seldom names a method: a column for it is read, or a person named it for the sheet."""
        if "method" in self._places:
            return read_edition(self._cell(record, "method"), what, said)
        named = self._editions.get(what.code)
        return read_edition(named, what, said, name=what.code) if named else None

    def _fitted(self, flat: Sequence[Decimal | None], code: str, said: Said) -> tuple[Decimal | None, ...] | None:
        try:
            kept, rounded = fitted(flat)
        except OverflowError:
            said.error(code, "value_too_great")
            return None
        if rounded:
            said.warn(code, "value_rounded")
        return kept

    def _reading(self, cell: Cell, column: Column, number: int, group: Group, said: Said) -> Result | None:
        what, code, ref = group.what, group.what.code, f"{column.letter}{number}"
        if is_nothing(fold(cell)):
            return None
        result = read_result(cell, what, percent=ref in self._percents)
        if result.code in _WORDS:
            said.warn(code, "reading_text", ref, found=cut(display(cell)))
            return None
        if result.code:
            said.error(code, result.code, ref, **result.facts)
            return None
        unit = unit_of(what, result.unit, group.typed_unit) if result.unit else group.unit
        if unit.factor is None:
            said.error(code, "unit_mismatch", ref, found=cut(unit.found), expected=what.unit)
            return None
        found = number_found(result.value) if what.width == 1 else cut(result.number)
        result = result if result.at_limit else converted(result, unit.factor)
        said.changed(code, result.normalised)
        fault = fault_of(result.values, what)
        if fault and fault.code == "value_impossible":
            said.error(code, fault.code, ref, found=found, **fault.facts)
            return None
        if fault:
            said.warn(code, fault.code, ref, found=found)
        elif what.detection_limit is not None and result.qualifier == "=" and result.value < what.detection_limit:
            said.warn(code, "below_detection_limit", ref, limit=plain_number(what.detection_limit))
        return result


def _cells(record: Record, group: Group) -> list[Cell]:
    return [record.cells[column.index] if column.index < len(record.cells) else "" for column in group.columns]


def _shown(read: ReadSet) -> dict[str, Any]:
    readings: Sequence[Any] = read.readings
    if read.width > 1:
        readings = [
            None if read.readings[at] is None else read.readings[at : at + read.width] for at in range(0, len(readings), read.width)
        ]
    shown: dict[str, Any] = {"characteristic": read.characteristic, "unit": read.unit, "readings": list(readings)}
    shown["n"] = sum(1 for each in readings if each is not None)
    return shown | ({"qualifiers": list(read.qualifiers)} if read.qualifiers else {})


def settle(rows: Iterable[ResultRow]) -> list[ResultRow]:
    """Find rows that say the same twice, and further readings of a lot that has its row already."""
    firsts: dict[str, list[ResultRow]] = {}
    settled = []
    for row in rows:
        if row.sets:
            earlier = firsts.setdefault(str(row.values["lot"]), [])
            if twin := next((each for each in earlier if _same(each, row)), None):
                row = replace(row, outcome="duplicate", duplicate_of=twin.number, sets=(), issues=())
            else:
                if earlier and _tests(earlier[0]) & _tests(row):
                    issue = Issue("warning", "lot", "same_test_other_result", {"other_row": earlier[0].number})
                    row = replace(row, outcome="warning", issues=(*row.issues, issue))
                earlier.append(row)
        settled.append(row)
    return settled


def _same(one: ResultRow, other: ResultRow) -> bool:
    return [_meant(read) for read in one.sets] == [_meant(read) for read in other.sets]


def _meant(read: ReadSet) -> tuple[Any, ...]:
    return read.characteristic, read.edition, read.sample, read.day, read.readings, read.qualifiers


def _tests(row: ResultRow) -> set[tuple[Any, ...]]:
    return {(read.characteristic, read.edition, read.sample, read.day) for read in row.sets}
