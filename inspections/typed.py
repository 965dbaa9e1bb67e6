"""Readings as a person typed them → a set that can be kept, or what to mend and where. Pure; cells are read as those of a file are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from inspections.reading.checks import fault_of, fitted
from inspections.reading.context import Characteristic
from inspections.reading.results import Result, converted, plain_decimal, read_result
from inspections.reading.shapes import ReadSet
from inspections.reading.texts import cut, fold, is_nothing

MOST_READINGS = 1000
MINUS_SIGN = str.maketrans("\u2212\uff0d", "--")


@dataclass(frozen=True, slots=True)
class SetSaid:
    """What was typed of one characteristic of one lot. An empty value is a reading not taken; a colour has three values to a reading.

    `unit` is that of the values; empty: the characteristic's own. `key` is chosen by the sender, so that what comes twice is kept once.
    """

    characteristic: str
    values: Sequence[str]
    edition: str = ""
    unit: str = ""
    day: date | None = None
    measured_at: datetime | None = None
    instrument: str = ""
    sample: str = ""
    operator: str = ""
    laboratory: str = ""
    lab_status: tuple[str, ...] = ()  # cma, cnas
    origin: str = ""  # empty: by the hat of the sender
    key: str = ""
    evidence_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """What is to be mended: `set` and `at` are places from 0, `at` None where it is of the whole set."""

    code: str
    field: str
    set: int = 0
    at: int | None = None
    facts: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class _Cell:
    value: Decimal | None = None
    sign: str = "="
    unit: str = ""
    fault: Fault | None = None
    marks: tuple[str, ...] = ()


def read_set(said: SetSaid, what: Characteristic, *, lot: str = "") -> tuple[ReadSet | None, list[Fault]]:
    """The set as it was meant, or every fault of it."""
    factor = what.factor_of(said.unit) if said.unit else Decimal(1)
    if factor is None:
        return None, [Fault("unit_mismatch", "unit", facts={"found": cut(said.unit), "expected": what.unit})]
    cells = [_cell(at, text, what, said.unit) for at, text in enumerate(said.values)]
    faults = [cell.fault for cell in cells if cell.fault]
    if not faults and all(cell.value is None for cell in cells):
        faults = [Fault("result_missing", "values", at=0)]
    if len(cells) > MOST_READINGS * what.width:
        faults = [Fault("too_many_readings", "values", facts={"most": MOST_READINGS})]
    if what.width == 3:
        faults += _half_colours(cells)
    if faults:
        return None, faults
    return _meant(said, what, cells, lot)


def _cell(at: int, text: str, what: Characteristic, unit: str) -> _Cell:
    """One reading, in the characteristic's own unit."""
    typed = fold(str(text).translate(MINUS_SIGN))
    if is_nothing(typed):
        return _Cell()
    if what.width == 3:
        number = plain_decimal(typed)
        return (
            _Cell(number) if number is not None else _Cell(fault=Fault("value_not_a_number", "values", at=at, facts={"found": cut(typed)}))
        )
    found = read_result(typed, what)
    if found.code:
        return _Cell(fault=Fault(found.code, "values", at=at, facts={"found": cut(typed), **dict(found.facts)}))
    # Not detected names the characteristic's own limit, in its own unit, unless one is written beside it.
    beside = "" if found.at_limit else found.unit or unit
    factor = what.factor_of(beside) if beside else Decimal(1)
    if factor is None:
        return _Cell(fault=Fault("unit_mismatch", "values", at=at, facts={"found": cut(beside), "expected": what.unit}))
    own = converted(found, factor)
    fault = fault_of(own.values, what)
    if fault and fault.code == "value_impossible":
        return _Cell(fault=Fault(fault.code, "values", at=at, facts={"found": cut(typed), **fault.facts}))
    return _Cell(own.value, own.qualifier, beside if factor != 1 else "", marks=_marks(own, what, implausible=fault is not None))


def _marks(own: Result, what: Characteristic, *, implausible: bool) -> tuple[str, ...]:
    below = what.detection_limit is not None and own.qualifier == "=" and own.value < what.detection_limit
    return (*(("implausible",) if implausible else ()), *(("below_detection_limit",) if below else ()))


def _half_colours(cells: Sequence[_Cell]) -> list[Fault]:
    """A colour has all three of its parts, or was not taken."""
    if len(cells) % 3:
        return [Fault("lab_incomplete", "values", at=len(cells) - 1)]
    wrong = []
    for start in range(0, len(cells), 3):
        taken = [cell.value is not None or cell.fault is not None for cell in cells[start : start + 3]]
        if any(taken) and not all(taken):
            wrong.append(Fault("lab_incomplete", "values", at=start + taken.index(False)))
    return wrong


def _meant(said: SetSaid, what: Characteristic, cells: Sequence[_Cell], lot: str) -> tuple[ReadSet | None, list[Fault]]:
    if what.width == 3 and (fault := _colour_fault(cells, what)):
        return None, [fault]
    try:
        readings, rounded = fitted([cell.value for cell in cells])
    except OverflowError:
        return None, [Fault("value_impossible", "values", facts={"found": "…", "possible": []})]
    signs = tuple(cell.sign for cell in cells)
    marks = [mark for cell in cells for mark in cell.marks]
    units = sorted({cell.unit for cell in cells if cell.unit})
    kept: dict[str, str] = {}
    if units:
        marks.append("unit_converted")
        kept = {"values": " ".join(fold(str(text)) for text in said.values)[:400], "unit": " ".join(units)}
    if rounded:
        marks.append("value_rounded")
        kept.setdefault("values", " ".join(fold(str(text)) for text in said.values)[:400])
    if not said.edition:
        marks.append("edition_missing")
    return ReadSet(
        lot=lot, characteristic=what.code, edition=said.edition or None, unit=what.unit, readings=readings,
        qualifiers=None if all(sign == "=" for sign in signs) else signs, width=what.width, sample=said.sample or None, day=said.day,
        measured_at=said.measured_at, instrument=said.instrument, operator=said.operator, laboratory=said.laboratory, key=said.key or None,
        marks=tuple(dict.fromkeys(marks)), said=kept,
    ), []  # fmt: skip


def _colour_fault(cells: Sequence[_Cell], what: Characteristic) -> Fault | None:
    for start in range(0, len(cells), 3):
        parts = [cell.value for cell in cells[start : start + 3] if cell.value is not None]
        found = fault_of(parts, what) if len(parts) == 3 else None
        if found and found.code == "value_impossible":
            return Fault(found.code, "values", at=start + found.at, facts={"found": cut(str(parts[found.at])), **found.facts})
    return None
