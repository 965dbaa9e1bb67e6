"""A supplier list as a firm sends it, read fairly: no row lost, nothing guessed in silence, nothing in it run.

read_file() does all of it; the steps are there for a person to come between: read_table → map_columns → read_rows → mend, settle.
Pure: files in, values out. Words for the codes are in suppliers.import_words.
"""

from collections.abc import Mapping

from suppliers.imports.columns import canonical, count_known, field_of, is_reasons, is_said, map_columns
from suppliers.imports.other_kinds import refuse_other_kinds
from suppliers.imports.places import town_code
from suppliers.imports.rows import Known, mend, read_row, read_rows, settle
from suppliers.imports.shapes import (
    FIELDS,
    Cell,
    Column,
    Columns,
    FileMessage,
    FileRefused,
    Issue,
    Reading,
    Record,
    Row,
    Table,
    display,
    row_from_dict,
)
from suppliers.imports.text_files import decode, read_text
from suppliers.imports.workbooks import read_workbook

__all__ = [
    "FIELDS",
    "Cell",
    "Column",
    "Columns",
    "FileMessage",
    "FileRefused",
    "Issue",
    "Known",
    "Reading",
    "Record",
    "Row",
    "Table",
    "canonical",
    "display",
    "field_of",
    "is_reasons",
    "is_said",
    "map_columns",
    "mend",
    "read_file",
    "read_pasted",
    "read_row",
    "read_rows",
    "read_table",
    "refuse_other_kinds",
    "row_from_dict",
    "settle",
    "town_code",
]

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"  # .xls, and .xlsx with a password


def read_table(filename: str, data: bytes, remembered: Mapping[str, str | None] | None = None) -> Table:
    """The cells of a file, by what its bytes are; its name is not believed. Raises FileRefused with one clear reason."""
    if not data.strip():
        raise FileRefused("file_empty", filename)
    if data.startswith(_OLE):
        raise FileRefused("workbook_old_or_protected", filename)
    refuse_other_kinds(filename, data)
    if data.startswith(_ZIP):
        table = read_workbook(data, lambda cells: count_known(cells, remembered))
    else:
        text, encoding = decode(data)
        table = read_text(text, encoding=encoding, known_headers=lambda cells: count_known(cells, remembered))
    return _not_empty(table)


def read_pasted(text: str, remembered: Mapping[str, str | None] | None = None) -> Table:
    """The cells of a list pasted into a form. Raises FileRefused when there are none."""
    return _not_empty(read_text(text.replace("\x00", ""), encoding=None, known_headers=lambda cells: count_known(cells, remembered)))


def read_file(
    filename: str,
    data: bytes,
    *,
    known: Known | None = None,
    remembered: Mapping[str, str | None] | None = None,
) -> Reading:
    """Read a file as far as it can be read without a person's word."""
    try:
        table = read_table(filename, data, remembered)
    except FileRefused as refusal:
        return Reading("refused", messages=(refusal.message,))
    return read(table, map_columns(table, remembered=remembered), known)


def read(table: Table, columns: Columns, known: Known | None = None) -> Reading:
    """Read a table with its columns as found or as chosen."""
    messages = (*columns.messages, *table.messages)
    if columns.needs_mapping:
        return Reading("needs_mapping", table, columns, messages=messages)
    rows = read_rows(table, columns, known)
    if all(row.outcome == "skipped" for row in rows):
        return Reading("refused", table, columns, messages=(FileMessage("error", "rows_missing"), *messages))
    return Reading("read", table, columns, tuple(rows), messages)


def _not_empty(table: Table) -> Table:
    if not any(display(cell).strip() for record in table.records for cell in record.cells):
        raise FileRefused("file_empty")
    return table
