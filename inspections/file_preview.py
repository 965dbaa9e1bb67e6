"""A row of the preview as it is shown: what was read in it, and what is to be said of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from inspections.file_words import field_name, issue_words, reason_words
from inspections.models import ResultImport, ResultImportRow

MOST_ISSUES = 6
SHOWN_READINGS = 12


class Said(NamedTuple):
    """One sentence about a cell."""

    tone: str
    where: str
    words: str


class RowSeen(NamedTuple):
    number: int
    outcome: str
    lot: str
    lines: list[str]
    said: list[Said]
    more: int  # sentences that are not shown
    note: str
    can_mend: bool


def seen(batch: ResultImport, rows: Iterable[ResultImportRow], *, may_mend: bool) -> list[RowSeen]:
    """Rows as the page shows them."""
    return [_seen(batch, row, may_mend) for row in rows]


def _seen(batch: ResultImport, row: ResultImportRow, may_mend: bool) -> RowSeen:
    values, issues = row.said.get("values", {}), row.said.get("issues", [])
    return RowSeen(
        row.number,
        row.outcome,
        str(values.get("lot") or _typed_lot(batch, row)),
        lines_of(values) or [_as_typed(batch, row)],
        [said_of(issue) for issue in issues[:MOST_ISSUES]],
        max(0, len(issues) - MOST_ISSUES),
        reason_words(row.said),
        may_mend and row.outcome in ("rejected", "warning"),
    )


def said_of(issue: Mapping[str, Any]) -> Said:
    where = issue.get("cell") or (field_name(issue["field"]) if issue.get("field") else "")
    return Said("bad" if issue["level"] == "error" else "warn", where, issue_words(issue))


def lines_of(values: Mapping[str, Any]) -> list[str]:
    """What was read, a line a characteristic."""
    if "subgroups" in values:
        return [_set_line(each) for each in values["subgroups"]]
    if "readings" in values:
        return [_set_line(values)]
    if not values:
        return []
    if "L" in values:
        value = f"L* {values['L']} · a* {values['a']} · b* {values['b']}"
    else:
        sign = "" if values.get("qualifier") == "=" else values.get("qualifier", "")
        value = f"{sign}{values.get('grade', values.get('value'))} {values.get('unit', '')}".strip()
    return [" · ".join(part for part in (values["characteristic"], values.get("edition") or "", value) if part)]


def _set_line(said: Mapping[str, Any]) -> str:
    signs = said.get("qualifiers") or []
    readings = [_reading(value, signs[at] if at < len(signs) else "=") for at, value in enumerate(said["readings"])]
    shown = " ".join(readings[:SHOWN_READINGS]) + (" …" if len(readings) > SHOWN_READINGS else "")
    taken = sum(1 for value in said["readings"] if value is not None)
    return " · ".join(
        part for part in (said["characteristic"], said.get("edition") or "", f"n = {taken}", f"{shown} {said['unit']}".strip()) if part
    )


def _reading(value: Any, sign: str) -> str:
    if value is None:
        return "–"
    text = "/".join(str(part) for part in value) if isinstance(value, list) else str(value)
    return text if sign == "=" else f"{sign}{text}"


def _typed_lot(batch: ResultImport, row: ResultImportRow) -> str:
    places = [column["index"] for column in batch.facts.get("columns") or () if column["field"] == "lot"]
    return str(row.cells[places[0]]) if places and places[0] < len(row.cells) else ""


def _as_typed(batch: ResultImport, row: ResultImportRow) -> str:
    text = " · ".join(str(cell) for cell in row.cells if str(cell).strip())
    return text if len(text) <= 160 else f"{text[:160]}…"


def cells_to_mend(batch: ResultImport, row: ResultImportRow, most: int = 60) -> list[tuple[int, str, str]]:
    """(place, label, text) of the cells that are read; of a line of JSON the line."""
    if batch.layout == "lines":
        return [(0, "JSON", str(row.cells[0]) if row.cells else "")]
    columns: Sequence[Mapping[str, Any]] = [column for column in batch.facts.get("columns") or () if column["field"]]
    return [
        (column["index"], f"{column['letter']} · {column['header'] or field_name(column['field'])}", _cell(row, column["index"]))
        for column in columns[:most]
    ]


def _cell(row: ResultImportRow, place: int) -> str:
    return str(row.cells[place]) if place < len(row.cells) else ""
