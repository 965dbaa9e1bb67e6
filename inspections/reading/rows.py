"""What both kinds of sheet have in common: the lot, the unit, the edition, and how a value is held against what can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from inspections.reading.checks import fault_of, fitted
from inspections.reading.context import Characteristic, Context, Lot, unit_key
from inspections.reading.shapes import Cell, Issue, Level, plain_number
from inspections.reading.texts import cut, fold, is_nothing


@dataclass
class Said:
    """What is gathered while one row is read."""

    issues: list[Issue] = field(default_factory=list)
    normalised: list[str] = field(default_factory=list)

    def error(self, name: str | None, code: str, cell: str | None = None, **facts: Any) -> None:
        self.issues.append(Issue("error", name, code, facts, cell))

    def warn(self, name: str | None, code: str, cell: str | None = None, **facts: Any) -> None:
        self.issues.append(Issue("warning", name, code, facts, cell))

    def note(self, level: Level, name: str | None, code: str, facts: Mapping[str, Any], cell: str | None = None) -> None:
        self.issues.append(Issue(level, name, code, facts, cell))

    def changed(self, name: str, is_changed: bool = True) -> None:
        if is_changed and name not in self.normalised:
            self.normalised.append(name)

    @property
    def refuses(self) -> bool:
        return any(issue.level == "error" for issue in self.issues)

    def silently(self) -> tuple[str, ...]:
        """The fields that were changed and of which nothing else is said."""
        spoken = {issue.field for issue in self.issues}
        return tuple(name for name in self.normalised if name not in spoken)


class Unit(NamedTuple):
    """`factor` makes a value one in the characteristic's own unit; None: it cannot be."""

    factor: Decimal | None
    found: str = ""
    missing: bool = False


def read_lot(cell: Cell, context: Context, said: Said, *, name: str = "lot", ref: str | None = None) -> Lot | None:
    text = fold(cell)
    if not text:
        said.error(name, "lot_missing", ref)
        return None
    found = context.lots_numbered(text)
    if len(found) > 1:
        said.error(name, "lot_ambiguous", ref, found=text)
        return None
    if not found:
        like = context.lot_like(text)
        said.error(name, "lot_unknown", ref, found=cut(text), **({"suggestion": like} if like else {}))
        return None
    said.changed(name, text != cell)
    return found[0]


def read_characteristic(cell: Cell, context: Context, said: Said) -> Characteristic | None:
    text = fold(cell)
    if not text:
        said.error("characteristic", "characteristic_missing")
        return None
    found = context.characteristics_named(text)
    if len(found) != 1:
        facts: dict[str, Any] = {"among": [each.code for each in found]} if found else {}
        said.error("characteristic", "characteristic_ambiguous" if found else "characteristic_unknown", found=cut(text), **facts)
        return None
    what = found[0]
    said.changed("characteristic", cell not in (what.name, what.code))
    return what


def unit_of(what: Characteristic, written: str | None, beside: str) -> Unit:
    """The unit of a result: written in it, or in the cell beside; where both are, they must mean the same."""
    beside = "" if is_nothing(beside) and what.factor_of(beside) is None else beside
    factors = {unit: what.factor_of(unit) for unit in (written, beside) if unit}
    for unit, factor in factors.items():
        if factor is None:
            return Unit(None, unit)
    if len(set(factors.values())) > 1:
        return Unit(None, str(written))
    if factors:
        factor = next(iter(factors.values()))
        return Unit(factor, beside or str(written))
    return Unit(Decimal(1), "", missing=what.factor_of("") is None)


def check_unit(unit: Unit, what: Characteristic, said: Said, *, name: str = "unit", ref: str | None = None) -> None:
    if unit.factor is None:
        said.error(name, "unit_mismatch", ref, found=cut(unit.found), expected=what.unit)
    elif unit.missing:
        said.warn(name, "unit_missing", ref, assumed=what.unit)
    elif unit.factor != 1:
        said.warn(name, "unit_converted", ref, found=cut(unit.found), factor=plain_number(unit.factor))


def is_same_unit(typed: Cell, what: Characteristic) -> bool:
    """Whether the unit is written as the characteristic writes it."""
    return typed == what.unit or (isinstance(typed, str) and not typed and unit_key(what.unit) in ("", "级"))


def read_edition(cell: Cell, what: Characteristic, said: Said, *, name: str = "method") -> str | None:
    """The edition as cited, if it is one of this characteristic's; else None, and why."""
    text = fold(cell)
    if is_nothing(text):
        said.warn(name, "edition_missing")
        return None
    edition = what.edition_of(text) or next(
        (found for part in text.replace("；", ";").replace("，", ",").replace("、", ",").replace(";", ",").replace("(", ",").split(",")
         if (found := what.edition_of(part))), None
    )  # fmt: skip
    if edition is None:
        bare = what.is_bare_method(text)
        said.warn(name, "edition_missing" if bare else "edition_unknown", found=cut(text))
        return None
    if edition.superseded_by:
        said.warn(name, "edition_superseded", found=edition.no, current=edition.superseded_by)
    else:
        said.changed(name, edition.no != cell)
    return edition.no


def check_values(
    values: Sequence[Decimal], typed: str, what: Characteristic, said: Said, *, name: str = "result"
) -> tuple[Decimal, ...] | None:
    """The values as they can be kept; None where one cannot be. `typed` is how they are written, the parts of a colour parted by a slash."""
    fault = fault_of(values, what)
    if fault:
        words = typed.split("/")
        found = words[fault.at] if what.width == 3 and fault.at < len(words) else typed
        part = fault.part if fault.part and name in ("L", "a", "b") else name
        level: Level = "error" if fault.code == "value_impossible" else "warning"
        said.note(level, part, fault.code, {"found": cut(found), **fault.facts})
        if level == "error":
            return None
    try:
        kept, rounded = fitted(values)
    except OverflowError:
        said.error(name, "value_too_great", found=cut(typed))
        return None
    if rounded:
        said.warn(name, "value_rounded", found=cut(typed), kept=[plain_number(value) for value in kept if value is not None])
    return tuple(value for value in kept if value is not None)


def number_found(value: Decimal) -> int | float | str:
    """A number as it is said again: one that no page has room for is text, and cut."""
    return plain_number(value) if abs(value) < 10**15 else cut(str(value))


def check_agreement(lot: Lot, what: Characteristic, context: Context, said: Said, *, name: str = "characteristic") -> None:
    if context.is_outside(lot, what.code):
        said.warn(name, "not_in_agreement")


def today_in(context: Context, now: Any) -> date:
    day: date = now.astimezone(context.zone).date()
    return day
