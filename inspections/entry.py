"""What a page for entering readings asks: how many, in which form, and how far each fills the bar of its limits. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inspections.charts.limit_bar import Span
from inspections.judging import ClauseLike
from inspections.reading.context import GRADES, Characteristic
from inspections.reading.results import plain_decimal
from inspections.reading.texts import fold

MOST_AT_ONCE = 50
MORE = 5
MEASURED = 5  # readings of a measured value, where no clause says how many
NOT_DETECTED = "nd"


@dataclass(frozen=True, slots=True)
class Slot:
    """One field for one reading, or for one part of a colour."""

    name: str
    part: str = ""  # what it is of: change, stain, L, a, b
    number: int = 1
    value: str = ""
    sign: str = ""
    at: int = 0
    error: str = ""
    fill: float | None = None
    is_out: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """How readings of a characteristic are entered: as numbers, by buttons, in three parts; with which signs before them."""

    look: str  # number, grade, choice, colour
    parts: tuple[str, ...]
    count: int
    signs: tuple[str, ...] = ()

    @property
    def names(self) -> list[tuple[str, str, int]]:
        """(name of the field, part, number of the reading) in the order of the values."""
        if self.look == "colour":
            return [(f"r{number}{part}", part, number) for number in range(1, self.count + 1) for part in self.parts]
        if len(self.parts) > 1:
            return [
                (f"r{number + 1}", self.parts[number % len(self.parts)], number // len(self.parts) + 1)
                for number in range(self.count * len(self.parts))
            ]
        return [(f"r{number}", "", number) for number in range(1, self.count + 1)]


def asked_of(what: Characteristic, schema: Sequence[str], clauses: Iterable[ClauseLike], wanted: int = 0) -> Asked:
    """What is asked of this characteristic; `wanted` readings where somebody asked for more."""
    least = wanted if 0 < wanted <= MOST_AT_ONCE else 0
    if what.kind == "colour":
        return Asked("colour", ("L", "a", "b"), least or 1)
    if what.kind == "ordinal":
        return Asked("grade", tuple(schema) if len(schema) > 1 else ("",), least or 1)
    if what.kind == "binary":
        return Asked("choice", ("",), least or 1)
    if what.kind == "censored":
        return Asked("number", ("",), least or 1, ("", "<", ">", NOT_DETECTED))
    is_count = tuple(schema) == ("count",)
    below_zero = what.possible is not None and what.possible[0][0] < 0
    return Asked("number", ("",), least or (1 if is_count else _named(clauses) or MEASURED), ("", "-") if below_zero else ())


def _named(clauses: Iterable[ClauseLike]) -> int:
    """How many readings a clause on sampling by variables asks for."""
    for clause in clauses:
        if clause.type == "sampling_plan" and clause.params.get("n"):
            return min(int(clause.params["n"]), MOST_AT_ONCE)
    return 0


def typed(asked: Asked, sent: Mapping[str, str]) -> list[str]:
    """The values of a form in their order, each with the sign that was chosen before it; fields left empty at the end are none."""
    values = [_joined(sent.get(name, ""), sent.get(f"{name}-sign", "")) for name, _part, _number in asked.names]
    width = max(1, len(asked.parts))
    last = max((at for at, value in enumerate(values) if value), default=0)
    return values[: (last // width + 1) * width]


def _joined(value: str, sign: str) -> str:
    text = value.strip()
    if sign == NOT_DETECTED:
        return f"<{text}" if text else "未检出"
    return f"{sign}{text}" if sign and text and text[0] not in "<>≤≥-−+＜＞" else text


def before(asked: Asked, texts: Sequence[str]) -> dict[str, str]:
    """The fields as they stand before somebody types: with these values in their order."""
    return {name: text for (name, _part, _number), text in zip(asked.names, texts, strict=False)}


def slots_of(asked: Asked, sent: Mapping[str, str], errors: Mapping[int, str], span: Span | None) -> list[Slot]:
    """The fields with what was typed in them, what is wrong with it, and how far it fills the bar."""
    made = []
    for at, (name, part, number) in enumerate(asked.names):
        value, sign = sent.get(name, ""), sent.get(f"{name}-sign", "")
        known = None if span is None or asked.look != "number" else plain_decimal(fold(_joined(value, sign)) or "x")
        fill = None if known is None or span is None else span.place(float(known))
        is_out = known is not None and span is not None and not span.keeps(float(known))
        made.append(Slot(name, part, number, value, sign, at, errors.get(at, ""), fill, is_out))
    return made


def grade_choices() -> tuple[str, ...]:
    """The nine grades, the best last."""
    return GRADES


def pasted(text: str, *, most_rows: int, most_columns: int) -> list[list[str]]:
    """A block copied out of a table: rows of cells. Without tabs, cells are parted by commas, semicolons or blanks."""
    rows = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:most_rows]:
        if line.strip():
            rows.append([cell.strip() for cell in _cells(line)][:most_columns])
    return rows


def _cells(line: str) -> list[Any]:
    if "\t" in line:
        return line.split("\t")
    for mark in (";", "；", "，"):
        line = line.replace(mark, ",")
    return line.split(",") if "," in line else line.split()
