"""Results as laboratories, workshops and machines send them, read fairly: no row lost, nothing guessed in silence, nothing in it run.

read_file() does all of it. Three kinds are told apart by what is in them: a result a row (long), a lot a row with its readings side by
side (wide), and a set of readings a line (JSON Lines). Pure: a file and a Context in, values out; nothing is stored here.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from inspections.reading.columns import Headers, Remembered, map_columns, place_of
from inspections.reading.context import Characteristic, Context, Edition, Limits, Lot, context_from_json, reading_facts
from inspections.reading.lines import LineReader, Seen, content_digest
from inspections.reading.long_rows import LongReader
from inspections.reading.percents import percent_cells
from inspections.reading.shapes import (
    FIELDS,
    Columns,
    FileMessage,
    FileRefused,
    Issue,
    Layout,
    Reading,
    ReadSet,
    Record,
    ResultRow,
    Table,
    jsonable,
)  # fmt: skip
from inspections.reading.wide_rows import WideReader, unit_messages
from suppliers.imports.patience import no_search_for_circles
from suppliers.imports.text_files import decode, read_text
from suppliers.imports.workbooks import read_workbook

__all__ = [
    "FIELDS", "Characteristic", "Columns", "Context", "Edition", "FileMessage", "FileRefused", "Headers", "Issue", "Layout", "Limits",
    "LineReader", "LongReader", "Lot", "ReadSet", "Reading", "Record", "ResultRow", "Seen", "Table", "WideReader", "content_digest",
    "context_from_json", "is_lines", "jsonable", "lines_of", "map_columns", "place_of", "read_file", "read_table", "reader_of", "reading_facts",
]  # fmt: skip

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_file(
    filename: str,
    data: bytes,
    context: Context,
    *,
    now: datetime | None = None,
    seen: Seen | None = None,
    remembered: Remembered | None = None,
    chosen: Mapping[int, str | None] | None = None,
    header_row: int | None = None,
) -> Reading:
    """Read a file as far as it can be read without a person's word. `seen` are the keys that were said before."""
    now = now or datetime.now(UTC)
    with no_search_for_circles():
        if is_lines(filename, data):
            return _read_lines(data, context, now, seen)
        headers = Headers(context, remembered)
        try:
            table = read_table(filename, data, headers)
        except FileRefused as refusal:
            return Reading("refused", messages=(refusal.message,))
        columns = map_columns(table, headers, chosen=chosen, header_row=header_row, codes=tuple(context.by_code))
        messages = (*columns.messages, *table.messages)
        if columns.needs_mapping:
            return Reading("needs_mapping", columns.layout, table, columns, table.encoding, messages=messages)
        reader = reader_of(columns, context, now=now, percents=_percents(data, table))
        rows = reader.read([record for record in table.records if record.number >= columns.first_data_row])
        if isinstance(reader, WideReader):
            messages = (*messages, *unit_messages(reader.groups))
        if all(row.outcome == "skipped" and row.reason not in ("no_readings",) for row in rows):
            return Reading("refused", columns.layout, table, columns, messages=(FileMessage("error", "rows_missing"), *messages))
        return Reading("read", columns.layout, table, columns, table.encoding, tuple(rows), messages)


def reader_of(columns: Columns, context: Context, *, now: datetime, percents: frozenset[str] = frozenset()) -> LongReader | WideReader:
    kind = WideReader if columns.layout == "wide" else LongReader
    return kind(context, columns, now=now, percents=percents)


def read_table(filename: str, data: bytes, headers: Headers) -> Table:
    """The cells of a sheet, by what its bytes are; its name is not believed. Raises FileRefused with one clear reason."""
    if not data.strip():
        raise FileRefused("file_empty", filename)
    if data.startswith(_OLE):
        raise FileRefused("workbook_old_or_protected", filename)
    if data.startswith(_ZIP):
        table = read_workbook(data, headers.count)
    else:
        text, encoding = decode(data)
        table = read_text(text, encoding=encoding, known_headers=headers.count)
        if data.startswith(codecs.BOM_UTF8):
            table = replace(table, encoding="utf-8-sig")
    if not any(str(cell).strip() for record in table.records for cell in record.cells):
        raise FileRefused("file_empty", filename)
    return table


def _percents(data: bytes, table: Table) -> frozenset[str]:
    return percent_cells(data, table.sheet) if table.source == "xlsx" else frozenset()


def is_lines(filename: str, data: bytes) -> bool:
    """Whether this is JSON Lines: by its first mark, or by its name where its first line is broken."""
    start = data[:64]
    for bom in _BOMS:
        if start.startswith(bom):
            start = start.removeprefix(bom).replace(b"\x00", b"")
    if start.startswith((_ZIP, _OLE)):
        return False
    return start.lstrip().startswith((b"{", b"[{")) or (filename.casefold().endswith((".jsonl", ".ndjson")) and bool(data.strip()))


def lines_of(data: bytes) -> tuple[str, Sequence[str | None]]:
    """(encoding, lines). A line that is no text is None; only a file without any sound UTF-8 beyond ASCII is taken for GB18030."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", data.decode("utf-16", "surrogatepass").split("\n")
    encoding = "utf-8-sig" if data.startswith(codecs.BOM_UTF8) else "utf-8"
    parts = data.removeprefix(codecs.BOM_UTF8).split(b"\n")
    lines = [_utf8(part) for part in parts]
    if None in lines and not any(line is not None and not line.isascii() for line in lines):
        try:
            return "gb18030", data.decode("gb18030").split("\n")
        except UnicodeDecodeError:
            pass
    return encoding, lines


def _utf8(part: bytes) -> str | None:
    try:
        return part.decode()
    except UnicodeDecodeError:
        return None


def _numbered(lines: Sequence[str | None]) -> Iterator[tuple[int, str | None]]:
    """Every line; what follows the last line end is none."""
    for number, line in enumerate(lines, start=1):
        if number < len(lines) or line is None or line.strip():
            yield number, line


def _read_lines(data: bytes, context: Context, now: datetime, seen: Seen | None) -> Reading:
    encoding, lines = lines_of(data)
    reader = LineReader(context, now=now, seen=seen)
    rows = tuple(reader.read(_numbered(lines)))
    if all(row.outcome == "skipped" for row in rows):
        return Reading("refused", "lines", encoding=encoding, messages=(FileMessage("error", "file_empty"),))
    return Reading("read", "lines", None, None, encoding, rows, reader.messages)
