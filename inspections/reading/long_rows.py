"""A result a row, as laboratories send them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from inspections.reading.checks import disagreement, verdict_of
from inspections.reading.columns import Headers
from inspections.reading.context import GRADE_WORDS, PARTS, Characteristic, Context, Lot
from inspections.reading.days import read_day
from inspections.reading.results import Result, converted, plain_decimal, read_parts, read_result
from inspections.reading.rows import (
    Said,
    check_agreement,
    check_unit,
    check_values,
    is_same_unit,
    read_characteristic,
    read_edition,
    read_lot,
    today_in,
    unit_of,
)  # fmt: skip
from inspections.reading.shapes import Cell, Columns, Issue, ReadSet, Record, ResultRow, display, outcome_of
from inspections.reading.tails import tail_reasons
from inspections.reading.texts import cut, fold, is_nothing, read_line

_LINES = ("sample", "instrument", "operator", "laboratory")


class LongReader:
    """Reads the rows of one file one by one; settle() looks at all of them together."""

    def __init__(self, context: Context, columns: Columns, *, now: datetime, percents: frozenset[str] = frozenset()) -> None:
        self._context, self._percents = context, percents
        self._places = columns.by_field
        self._today: date = today_in(context, now)
        self._headers = Headers(context)
        self._has_header = columns.header_row is not None

    def read(self, records: Sequence[Record]) -> list[ResultRow]:
        tails = self.tails(records)
        return settle(self._row(record, tails.get(record.number)) for record in records)

    def tails(self, records: Sequence[Record]) -> dict[int, str]:
        """Number of a row below the data → why it is none."""
        return tail_reasons(records, lambda record: bool(self._context.lots_numbered(fold(self._cell(record, "lot")))))

    def _cell(self, record: Record, field: str) -> Cell:
        column = self._places.get(field)
        return record.cells[column.index] if column and column.index < len(record.cells) else ""

    def _row(self, record: Record, reason: str | None) -> ResultRow:
        cells = {field: self._cell(record, field) for field in self._places}
        if not any(fold(cell) for cell in cells.values()):
            reason = reason or "blank_row"
        elif self._has_header and self._headers.means(cells.get("lot", "")).field == "lot":
            reason = "header_again"
        if reason:
            return ResultRow(record.number, record.cells, "skipped", reason=reason)
        said = Said()
        lot = read_lot(cells.get("lot", ""), self._context, said)
        what = read_characteristic(cells.get("characteristic", ""), self._context, said)
        read = self._set(record, cells, lot, what, said) if lot and what else None
        refs = {field: f"{column.letter}{record.number}" for field, column in self._places.items()}
        issues = tuple(replace(issue, cell=refs.get(str(issue.field))) for issue in said.issues)
        outcome = outcome_of(issues)
        if read is None or outcome == "rejected":
            return ResultRow(record.number, record.cells, outcome, issues=issues, normalised=said.silently())
        read = replace(read, said={name: display(cells[name]) for name in said.normalised if name in cells and display(cells[name])})
        return ResultRow(record.number, record.cells, outcome, values_of(read, self._context), issues, said.silently(), sets=(read,))

    def _set(self, record: Record, cells: dict[str, Cell], lot: Lot, what: Characteristic, said: Said) -> ReadSet | None:
        lines = {}
        for name in _LINES:
            lines[name], found, changed = read_line(name, cells.get(name, ""))
            said.issues += found
            said.changed(name, changed)
        edition = read_edition(cells.get("method", ""), what, said)
        result, name = self._result(record, cells, what)
        value = self._value(result, name, cells, what, said)
        day = read_day(cells.get("tested_on", ""), today=self._today)
        if day.code:
            said.error("tested_on", day.code, found=cut(display(cells["tested_on"])))
        said.changed("tested_on", day.normalised)
        check_agreement(lot, what, self._context, said)
        verdict = self._verdict(cells, value, result, lot, what, said)
        if value is None:
            return None
        many = what.width
        return ReadSet(
            lot.no, what.code, edition, what.unit, value, (result.qualifier,) * (len(value) // many) if result.qualifier != "=" else None, many,
            lines["sample"] or None, verdict, day.day, None, lines["instrument"], lines["operator"], lines["laboratory"],
            marks=tuple(dict.fromkeys(issue.code for issue in said.issues)),
        )  # fmt: skip

    def _result(self, record: Record, cells: dict[str, Cell], what: Characteristic) -> tuple[Result, str]:
        parts = {part: cells[part] for part in PARTS if part in cells}
        if (
            what.kind == "colour"
            and is_nothing(fold(cells.get("result", "")))
            and any(not is_nothing(fold(cell)) for cell in parts.values())
        ):
            return read_parts(parts)
        column = self._places.get("result")
        percent = column is not None and f"{column.letter}{record.number}" in self._percents
        return read_result(
            cells.get("result", ""), what, percent=percent, limit=plain_decimal(fold(cells.get("detection_limit", "")))
        ), "result"

    def _value(self, result: Result, name: str, cells: dict[str, Cell], what: Characteristic, said: Said) -> tuple[Decimal, ...] | None:
        if result.code:
            said.error(name, result.code, **result.facts)
            return None
        beside = cells.get("unit", "")
        unit = unit_of(what, result.unit, fold(beside))
        check_unit(unit, what, said)
        if unit.factor is None:
            return None
        if what.kind not in ("colour", "ordinal") and not unit.missing:
            said.changed("unit", not is_same_unit(beside, what))
        said.changed(name, result.normalised)
        result = result if result.at_limit else converted(result, unit.factor)
        kept = check_values(result.values, result.number, what, said, name=name)
        limit = plain_decimal(fold(cells.get("detection_limit", "")))
        limit = what.detection_limit if limit is None else limit * unit.factor
        if kept and limit is not None and result.qualifier == "=" and what.width == 1 and kept[0] < limit:
            said.warn(name, "below_detection_limit", limit=_number(limit))
        return kept

    def _verdict(
        self, cells: dict[str, Cell], value: tuple[Decimal, ...] | None, result: Result, lot: Lot, what: Characteristic, said: Said
    ) -> str | None:
        text = fold(cells.get("verdict", ""))
        verdict, understood = verdict_of(text)
        if not understood:
            said.warn("verdict", "verdict_unknown", found=cut(text))
        if value:
            facts = disagreement(verdict, value[0], result.qualifier, self._context.limits_of(lot, what.code), what)
            if facts:
                said.warn("verdict", "verdict_disagrees", **facts)
        return verdict


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def values_of(read: ReadSet, context: Context) -> dict[str, Any]:
    """A result as the preview shows it."""
    what = context.by_code[read.characteristic]
    qualifier = read.qualifiers[0] if read.qualifiers else "="
    shown: dict[str, Any] = {
        "lot": read.lot, "sample": read.sample, "characteristic": read.characteristic, "edition": read.edition, "qualifier": qualifier,
        "unit": read.unit, "verdict": read.verdict, "tested_on": read.day,
    }  # fmt: skip
    if what.kind == "ordinal":
        return shown | {"grade": GRADE_WORDS[read.readings[0] or Decimal(0)]}
    if what.width == 3:
        return shown | dict(zip(PARTS, read.readings, strict=True))
    return shown | {"value": read.readings[0]}


def settle(rows: Iterable[ResultRow]) -> list[ResultRow]:
    """Find among the rows those that say the same twice, and second results of one test."""
    firsts: dict[tuple[Any, ...], list[ResultRow]] = {}
    settled = []
    for row in rows:
        if row.sets:
            (read,) = row.sets
            earlier = firsts.setdefault((read.lot, read.sample, read.characteristic, read.edition, read.day), [])
            row = _settled(row, read, earlier)
            if row.outcome != "duplicate":
                earlier.append(row)
        settled.append(row)
    return settled


def _settled(row: ResultRow, read: ReadSet, earlier: Sequence[ResultRow]) -> ResultRow:
    if not earlier:
        return row
    twin = next((each for each in earlier if _same(each.sets[0], read)), None)
    if twin is not None:
        before = twin.sets[0]
        differs = tuple(name for name in ("verdict", *_LINES[1:]) if getattr(read, name) and getattr(read, name) != getattr(before, name))
        # What is said of a result is said once, where it first stands.
        return replace(row, outcome="duplicate", duplicate_of=twin.number, differs=differs, sets=(), issues=())
    issue = Issue("warning", "result", "same_test_other_result", {"other_row": earlier[0].number})
    again = replace(read, marks=(*read.marks, issue.code))
    return replace(row, outcome="warning", issues=(*row.issues, issue), sets=(again,))


def _same(one: ReadSet, other: ReadSet) -> bool:
    return one.readings == other.readings and one.qualifiers == other.qualifiers
