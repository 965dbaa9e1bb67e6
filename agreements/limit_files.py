"""A file of limits, read fairly: JSON, CSV or xlsx in, one line per limit out, each with what is wrong with it. Pure: no database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any, Literal

from agreements.limits import PLACE, VALUES, Fault, LimitSaid, Shelf, faults, said_as_marked
from jobs.exports import as_typed
from suppliers.imports.shapes import Cell, FileRefused, display
from suppliers.imports.text_files import decode, read_text
from suppliers.imports.workbooks import read_workbook

MOST_ROWS = 1000
LARGEST = 2 * 1024 * 1024
NEEDED = ("characteristic", "edition", "source_zh", "source_en")
# The heads of our own sheets, in both languages.
HEADS: Mapping[str, tuple[str, str]] = {
    "characteristic": ("Characteristic", "特性代码"),
    "edition": ("Method edition", "方法版本"),
    "product": ("Product", "产品代码"),
    "safety_class": ("Class", "安全类别"),
    "grade": ("Grade", "等级"),
    "unit": ("Unit", "单位"),
    "lower": ("Lower limit", "下限"),
    "target": ("Target", "目标值"),
    "upper": ("Upper limit", "上限"),
    "grade_floor": ("Lowest grade", "最低级数"),
    "max_cv_percent": ("Largest CV, %", "变异系数上限 %"),
    "max_lot_delta_e": ("Largest ΔE between lots", "批间色差上限 ΔE"),
    "source_zh": ("Source (Chinese)", "依据（中文）"),
    "source_en": ("Source (English)", "依据（英文）"),
    "read_in": ("Read in", "出处"),
    "verified": ("Verified", "已核实"),
}
_KNOWN = {word.casefold(): name for name, heads in HEADS.items() for word in (name, *heads)}
_YES, _NO = {"yes", "true", "1", "是", "已核实"}, {"", "no", "false", "0", "否", "待核实"}
Outcome = Literal["new", "changed", "same", "faulty"]


@dataclass(frozen=True, slots=True)
class Line:
    """One limit of a file: the row where a person finds it, what it says, what is wrong, and how it differs from what stands."""

    number: int
    said: LimitSaid
    faults: tuple[Fault, ...] = ()
    outcome: Outcome = "new"
    changes: tuple[tuple[str, str, str], ...] = ()  # (field, what stands, what the file says)


def read_limits(name: str, data: bytes) -> list[Line]:
    """The limits of a file, by what its bytes are. Raises FileRefused with one clear reason."""
    if len(data) > LARGEST:
        raise FileRefused("limits_too_large")
    if not data.strip():
        raise FileRefused("limits_empty", name)
    lines = _from_json(data) if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{") else _from_table(data)
    if not lines:
        raise FileRefused("limits_empty", name)
    if len(lines) > MOST_ROWS:
        raise FileRefused("limits_too_many", name, most=MOST_ROWS)
    return lines


def _from_json(data: bytes) -> list[Line]:
    try:
        rows = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise FileRefused("limits_not_json") from None
    rows = rows.get("limits") if isinstance(rows, Mapping) else rows
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise FileRefused("limits_not_json")
    for row in rows:
        for key in row:
            if key not in HEADS:
                raise FileRefused("limits_head_unknown", str(key)[:60])
    return [_line(number, {key: _text(value) for key, value in row.items()}) for number, row in enumerate(rows, start=1)]


def _text(value: Any) -> str:
    if value is None or isinstance(value, list | dict):
        return "" if value is None else "?"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _from_table(data: bytes) -> list[Line]:
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileRefused("workbook_old_or_protected")
    if data.startswith(b"PK\x03\x04"):
        table = read_workbook(data, _known_heads)
    else:
        text, encoding = decode(data)
        table = read_text(text, encoding=encoding, known_headers=_known_heads)
    records = [record for record in table.records if any(display(cell).strip() for cell in record.cells)]
    if not records:
        return []
    names = _names(records[0].cells)
    return [
        _line(record.number, {name: as_typed(display(cell)) for name, cell in zip(names, record.cells, strict=False) if name})
        for record in records[1:]
    ]


def _known_heads(cells: Sequence[str]) -> int:
    return sum(cell.strip().casefold() in _KNOWN for cell in cells)


def _names(cells: Iterable[Cell]) -> list[str]:
    heads = [as_typed(display(cell)).strip() for cell in cells]
    for head in heads:
        if head and head.casefold() not in _KNOWN:
            raise FileRefused("limits_head_unknown", head[:60])
    names = [_KNOWN.get(head.casefold(), "") for head in heads]
    for name in NEEDED:
        if name not in names:
            raise FileRefused("limits_head_missing", " / ".join(HEADS[name]))
    return names


def _line(number: int, row: Mapping[str, str]) -> Line:
    texts = {field.name: row.get(field.name, "").replace("\x00", "").strip() for field in fields(LimitSaid)}
    yes = texts.pop("verified").casefold()
    said = LimitSaid(**texts, verified=yes in _YES)
    return Line(number, said, () if yes in _YES | _NO else (Fault("verified", "limit_not_yes_or_no", {"found": yes}),))


def judged(
    lines: Iterable[Line], shelf: Shelf, stands: Mapping[tuple[str, ...], Any], waits: Iterable[tuple[str, ...]], *, on: date
) -> list[Line]:
    """Every line with its faults, or with what it would change. `stands` and `waits` are keyed by place."""
    waiting, out = set(waits), []
    first: dict[tuple[str, ...], int] = {}
    for line in lines:
        place = tuple(getattr(line.said, name) for name in PLACE)
        found = [*line.faults, *faults(line.said, shelf, on=on)]
        if place in first:
            found.append(Fault("characteristic", "limit_twice_in_file", {"row": first[place]}))
        elif place in waiting:
            found.append(Fault("characteristic", "limit_draft_waits"))
        first.setdefault(place, line.number)
        out.append(replace(line, faults=tuple(found), outcome="faulty") if found else _compared(line, stands.get(place)))
    return out


def _compared(line: Line, stands: Any) -> Line:
    if stands is None:
        return line
    said = {name: getattr(line.said, name) for name in (*VALUES, "read_in")} | said_as_marked(line.said)
    changes = [(name, getattr(stands, name), value) for name, value in said.items() if getattr(stands, name) != value]
    if stands.verified != line.said.verified:
        changes.append(("verified", _yes(stands.verified), _yes(line.said.verified)))
    return replace(line, outcome="changed" if changes else "same", changes=tuple(changes))


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def kept(lines: Iterable[Line]) -> str:
    """The lines that may be proposed, as the preview hands them on."""
    return json.dumps([asdict(line.said) for line in lines if line.outcome in ("new", "changed")], ensure_ascii=False)
