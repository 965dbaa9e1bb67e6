"""Tables to take away, and the sheet of rows to mend that comes back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from foundation.templatetags.qc import sentences
from jobs.exports import Value, csv_bytes, xlsx_bytes
from suppliers.import_words import FIELD_NAMES, issue_words, row_words
from suppliers.imports import Cell, Row, display, is_reasons

MIMES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
# Beyond fifteen figures a spreadsheet keeps no number; what it left must be told again, not made a text of eighteen figures.
_MOST_FIGURES = 10**15


def table_document(kind: str, *, title: str, heads: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """The table as "csv" or "xlsx"."""
    return xlsx_bytes(title, heads, rows) if kind == "xlsx" else csv_bytes(heads, rows)


def mending_sheet(kind: str, *, columns: Sequence[Mapping[str, Any]], rows: Iterable[Row]) -> bytes:
    """The sheet as it came, with these rows only and a last column of reasons.

    Every column stands in its place, also one that we do not read; mended cells as mended. The same sheet may be imported again.
    """
    kept = [column for column in columns if not is_reasons(column["header"])]
    heads = [_header(column) for column in kept]
    lines = ([*(_text(row, column) for column in kept), reasons(row)] for row in rows)
    return table_document(kind, title=_("To mend"), heads=[*heads, _("Reason · qcchain")], rows=lines)


def reasons(row: Row) -> str:
    """Why a row did not come in, and what else is to be looked at in it, in one line."""
    return sentences(*(issue_words(issue) for issue in row.issues), row_words(row))


def _header(column: Mapping[str, Any]) -> str:
    """The header as it came; a column without one gets the name of what it was said to hold, so that nobody must say it again."""
    if column["header"]:
        return str(column["header"])
    return str(FIELD_NAMES[column["field"]]) if column["field"] else ""


def _text(row: Row, column: Mapping[str, Any]) -> str:
    index = column["index"]
    if column["field"] in row.cells:
        return _as_text(row.cells[column["field"]])
    return _as_text(row.raw[index]) if index < len(row.raw) else ""


def _as_text(cell: Cell) -> str:
    if isinstance(cell, int) and abs(cell) >= _MOST_FIGURES:
        return str(float(cell))
    return display(cell)
