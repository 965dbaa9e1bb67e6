"""A set of readings a line, as machines send them: one JSON object, all of it or nothing."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from inspections.reading.checks import fault_of, fitted
from inspections.reading.context import GRADE_WORDS, PARTS, Characteristic, Context
from inspections.reading.days import read_moment
from inspections.reading.results import Result, converted, read_result
from inspections.reading.rows import Said, check_agreement, check_unit, number_found, read_characteristic, read_edition, read_lot, unit_of
from inspections.reading.shapes import FileMessage, Issue, ReadSet, ResultRow, outcome_of, plain_number
from inspections.reading.texts import LONGEST, cut, plain

MOST_VALUES = 1000
LONGEST_KEY = 255
LONGEST_LINE = 256 * 1024
NAMES = (
    "idempotency_key", "lot", "characteristic", "edition", "values", "unit", "measured_at", "instrument", "sample", "operator", "laboratory",
)  # fmt: skip
_LINES = ("instrument", "sample", "operator", "laboratory")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_GREATEST_POWER = 308
_CONTROL = re.compile(r"[\x00\ud800-\udfff]")


class _Bare(str):
    """NaN, Infinity: words that JSON does not have, written bare."""


class _Twice(ValueError):
    """A field that stands twice in one object."""


@dataclass
class Seen:
    """Keys that were said, of this file and before it: key → (number of the line, digest of the content)."""

    keys: dict[str, tuple[int | None, bytes]] = field(default_factory=dict)


class LineReader:
    def __init__(self, context: Context, *, now: datetime, seen: Seen | None = None) -> None:
        self._context, self._now = context, now
        self.seen = seen or Seen()
        self._unknown: dict[str, None] = {}

    @property
    def messages(self) -> tuple[FileMessage, ...]:
        return tuple(FileMessage("warning", "column_unmapped", name) for name in self._unknown)

    def read(self, lines: Iterable[tuple[int, str | None]]) -> Iterator[ResultRow]:
        """Lines with their numbers; None is one that is no text."""
        for number, line in lines:
            yield self.line(number, line)

    def line(self, number: int, line: str | None) -> ResultRow:
        if line is not None and not line.strip(" \t\r\n\ufeff"):
            return ResultRow(number, ("",), "skipped", reason="blank_row")
        stored = parse_line(line) if line is not None else None
        raw = (line or "",)
        if stored is None:
            return ResultRow(number, raw, "rejected", issues=(Issue("error", "", "json_malformed"),))
        self._unknown |= {name[:80]: None for name in stored if name not in NAMES and len(self._unknown) < 50}
        return self.object(number, stored, raw)

    def object(self, number: int, stored: Mapping[str, Any], raw: tuple[str, ...] = ()) -> ResultRow:
        """One set; numbers in it as Decimal."""
        said = Said()
        digest = content_digest(stored)
        key = _key(stored, said)
        if key is not None and (earlier := self.seen.keys.get(key)):
            if earlier[1] == digest:
                return ResultRow(number, raw, "duplicate", duplicate_of=earlier[0])
            facts = {"other_row": earlier[0]} if earlier[0] is not None else {}
            return ResultRow(number, raw, "rejected", issues=(Issue("error", "idempotency_key", "key_reused", facts),))
        read = self._set(stored, key, said)
        issues = tuple(said.issues)
        outcome = outcome_of(issues)
        if read is None or key is None or outcome == "rejected":
            return ResultRow(number, raw, "rejected", issues=issues)
        self.seen.keys[key] = (number, digest)
        return ResultRow(number, raw, outcome, _shown(read, self._context), issues, said.silently(), sets=(read,))

    def _set(self, stored: Mapping[str, Any], key: str | None, said: Said) -> ReadSet | None:
        lot = read_lot(_text(stored, "lot", said), self._context, said)
        what = read_characteristic(_text(stored, "characteristic", said), self._context, said)
        at = self._moment(stored, said)
        lines = {name: self._line(stored, name, said) for name in _LINES}
        values = _listed(stored, said)
        if lot is None or what is None or values is None:
            return None
        edition = read_edition(_text(stored, "edition", said), what, said, name="edition")
        check_agreement(lot, what, self._context, said)
        typed = _text(stored, "unit", said)
        unit = unit_of(what, None, typed)
        check_unit(unit, what, said)
        said.changed("unit", typed != what.unit and bool(typed))
        if unit.factor is None:
            return None
        readings = _readings(values, what, unit.factor, said)
        if readings is None:
            return None
        kept, qualifiers = readings
        return ReadSet(
            lot.no, what.code, edition, what.unit, kept, qualifiers, what.width, lines["sample"] or None, None, at.date() if at else None, at,
            lines["instrument"], lines["operator"], lines["laboratory"], key, tuple(dict.fromkeys(issue.code for issue in said.issues)),
            {"unit": typed} if unit.factor != 1 else {},
        )  # fmt: skip

    def _moment(self, stored: Mapping[str, Any], said: Said) -> datetime | None:
        text = stored.get("measured_at")
        if text is None or text == "":
            said.error("measured_at", "date_missing")
            return None
        moment = read_moment(str(text), zone=self._context.zone, now=self._now) if isinstance(text, str) else None
        if moment is None or moment.code:
            said.error("measured_at", (moment.code if moment else None) or "date_invalid", found=_shown_text(text))
            return None
        if moment.assumed:
            said.warn("measured_at", "time_zone_assumed", assumed=str(self._context.zone))
        return moment.at

    def _line(self, stored: Mapping[str, Any], name: str, said: Said) -> str:
        text = plain(_text(stored, name, said))
        if text.startswith(("=", "@")):
            said.warn(name, "starts_like_formula", found=text[:40])
        if len(text) > LONGEST[name]:
            said.error(name, "text_too_long", found=len(text), most=LONGEST[name])
        return text


def parse_line(line: str) -> dict[str, Any] | None:
    """The object of a line; None where it is not one object, or names a field twice."""
    if len(line) > LONGEST_LINE:
        return None
    try:
        stored = json.loads(
            line.strip(" \t\r\n\ufeff"), parse_float=Decimal, parse_int=Decimal, parse_constant=_Bare, object_pairs_hook=_once_each
        )
    except (ValueError, ArithmeticError, RecursionError):
        return None
    return stored if isinstance(stored, dict) else None


def _once_each(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _Twice
    return made


def content_digest(stored: Mapping[str, Any]) -> bytes:
    """Equal for two objects that say the same, whatever the order of their names and however their numbers are written."""
    return hashlib.sha256(json.dumps(_canonical(stored), ensure_ascii=True, sort_keys=True).encode()).digest()


def _canonical(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _canonical(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_canonical(each) for each in value]
    if isinstance(value, Decimal):
        sign, digits, exponent = value.normalize().as_tuple() if value else (0, (0,), 0)
        return ["number", sign, "".join(map(str, digits)), exponent]
    return value


def _key(stored: Mapping[str, Any], said: Said) -> str | None:
    key = stored.get("idempotency_key")
    if key is None or (isinstance(key, str) and not key.strip()):
        said.error("idempotency_key", "key_missing")
    elif not isinstance(key, str) or _CONTROL.search(key):
        said.error("idempotency_key", "key_invalid", found=_shown_text(key))
    elif len(key) > LONGEST_KEY:
        said.error("idempotency_key", "key_too_long", found=len(key), most=LONGEST_KEY)
    else:
        return key
    return None


def _text(stored: Mapping[str, Any], name: str, said: Said) -> str:
    value = stored.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        if name not in ("lot", "characteristic"):
            said.error(name, "text_invalid", found=_shown_text(value))
            return ""
        return _shown_text(value)
    if _CONTROL.search(value):
        said.error(name, "text_has_nul", found=cut(_CONTROL.sub("�", value)))
    return value


def _shown_text(value: Any) -> str:
    if isinstance(value, (Decimal, str)):
        return cut(str(value))
    return cut(json.dumps(value, ensure_ascii=False, default=str))


def _listed(stored: Mapping[str, Any], said: Said) -> list[Any] | None:
    values = stored.get("values")
    if values is None or values == [] or values == "":
        said.error("values", "result_missing")
    elif not isinstance(values, list):
        said.error("values", "values_not_a_list", found=_shown_text(values))
    elif len(values) > MOST_VALUES:
        said.error("values", "values_too_many", found=len(values), most=MOST_VALUES)
    elif all(value is None for value in values):
        said.error("values", "result_missing")
    else:
        return values
    return None


Kept = tuple[tuple[Decimal | None, ...], tuple[str, ...] | None]


def _readings(values: Sequence[Any], what: Characteristic, factor: Decimal, said: Said) -> Kept | None:
    flat: list[Decimal | None] = []
    signs: list[str] = []
    for value in values:
        if value is None:
            flat += [None] * what.width
            signs.append("=")
            continue
        result = _reading(value, what)
        if result.code:
            said.error(
                "values", result.code, found=_found(value), **{name: fact for name, fact in result.facts.items() if name == "suggestion"}
            )
            return None
        result = result if result.at_limit else converted(result, factor)
        if not _checked(value, result, what, said):
            return None
        flat += result.values
        signs.append(result.qualifier)
        said.changed("values", isinstance(value, str))
    try:
        kept, rounded = fitted(flat)
    except OverflowError:
        said.error("values", "value_too_great")
        return None
    if rounded:
        said.warn("values", "value_rounded")
    return kept, tuple(signs) if set(signs) != {"="} else None


def _checked(value: Any, result: Result, what: Characteristic, said: Said) -> bool:
    """Say what is wrong or unlikely with one reading, each kind of thing once; False where it cannot be."""
    fault = fault_of(result.values, what)
    spoken = {issue.code for issue in said.issues}
    if fault and fault.code == "value_impossible":
        said.error("values", fault.code, found=_found(value), **fault.facts)
        return False
    if fault and fault.code not in spoken:
        said.warn("values", fault.code, found=_found(value))
    limit = what.detection_limit
    if limit is not None and result.qualifier == "=" and result.value < limit and "below_detection_limit" not in spoken:
        said.warn("values", "below_detection_limit", found=_found(value), limit=plain_number(limit))
    return True


def _reading(value: Any, what: Characteristic) -> Result:
    if what.kind == "colour":
        return _colour(value)
    if isinstance(value, _Bare):
        return Result(code="value_not_a_number")
    if isinstance(value, Decimal):
        if value and value.adjusted() > _GREATEST_POWER:
            return Result(code="value_not_a_number")
        return read_result(format(value, "f"), what) if what.kind == "ordinal" else Result((value,))
    if not isinstance(value, str):
        return Result(code="value_not_a_number")
    if what.kind in ("ordinal", "censored"):
        found = read_result(value, what)
        return Result(code="value_not_a_number") if found.unit or found.code in ("result_missing", "detection_limit_missing") else found
    return Result((Decimal(value.strip()),)) if _NUMBER.fullmatch(value.strip()) and len(value) < 40 else Result(code="value_not_a_number")


def _colour(value: Any) -> Result:
    """[L, a, b], or an object with these names."""
    if isinstance(value, Mapping):
        if not set(PARTS) <= set(value):
            return Result(code="lab_incomplete")
        value = [value[part] for part in PARTS]
    if not isinstance(value, list) or len(value) != 3:
        return Result(code="lab_incomplete")
    parts: list[Decimal] = []
    for each in value:
        if isinstance(each, str) and not isinstance(each, _Bare) and _NUMBER.fullmatch(each.strip()) and len(each) < 40:
            each = Decimal(each.strip())
        if not isinstance(each, Decimal) or (each and each.adjusted() > _GREATEST_POWER):
            return Result(code="value_not_a_number")
        parts.append(each)
    return Result(tuple(parts))


def _found(value: Any) -> Any:
    if isinstance(value, Decimal):
        return number_found(value)
    return _shown_text(value)


def _shown(read: ReadSet, context: Context) -> dict[str, Any]:
    what = context.by_code[read.characteristic]
    readings: list[Any] = list(read.readings)
    if what.kind == "ordinal":
        readings = [None if each is None else GRADE_WORDS[each] for each in readings]
    if read.width > 1:
        readings = [None if readings[at] is None else readings[at : at + read.width] for at in range(0, len(readings), read.width)]
    shown: dict[str, Any] = {
        "lot": read.lot, "characteristic": read.characteristic, "edition": read.edition, "readings": readings, "unit": read.unit,
        "measured_at": read.measured_at, "instrument": read.instrument,
    }  # fmt: skip
    return shown | ({"qualifiers": list(read.qualifiers)} if read.qualifiers else {})
