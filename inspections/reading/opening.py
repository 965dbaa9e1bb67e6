"""A file as it lies there, before anybody knows the lots in it: which kind it is, its cells or lines, its columns."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from inspections.reading.columns import Headers, Remembered, map_columns
from inspections.reading.context import Context
from inspections.reading.lines import LineReader, Seen, parse_line
from inspections.reading.long_rows import LongReader
from inspections.reading.percents import percent_cells
from inspections.reading.shapes import Columns, FileMessage, FileRefused, Layout, Reading, Record, Table
from inspections.reading.texts import fold
from inspections.reading.wide_rows import WideReader, unit_messages
from suppliers.imports.other_kinds import refuse_other_kinds
from suppliers.imports.patience import no_search_for_circles
from suppliers.imports.text_files import decode, read_text
from suppliers.imports.workbooks import read_workbook

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
Mends = Mapping[int, Mapping[int, str]]  # row → place from 0 → text; a line of JSON has one place
Numbered = tuple[tuple[int, str | None], ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """What read_opened() reads. A sheet has a table and columns, JSON Lines have lines."""

    layout: Layout
    encoding: str | None
    messages: tuple[FileMessage, ...] = ()
    table: Table | None = None
    columns: Columns | None = None
    lines: Numbered = ()
    percents: frozenset[str] = frozenset()

    @property
    def records(self) -> list[Record]:
        """The rows below the header."""
        if self.table is None or self.columns is None:
            return []
        return [record for record in self.table.records if record.number >= self.columns.first_data_row]

    @property
    def needs_mapping(self) -> bool:
        return self.columns is not None and self.columns.needs_mapping

    def lot_numbers(self) -> set[str]:
        """Every number that stands where a lot should."""
        if self.layout == "lines":
            parsed = (parse_line(line) for _, line in self.lines if line)
            return {fold(each["lot"]) for each in parsed if each and isinstance(each.get("lot"), str)}
        column = self.columns.by_field.get("lot") if self.columns else None
        if column is None:
            return set()
        return {fold(record.cells[column.index]) for record in self.records if column.index < len(record.cells)}

    def mended(self, mends: Mends) -> Opened:
        """The same with these cells as a person mended them."""
        if not mends:
            return self
        if self.table is None:
            return replace(self, lines=tuple((number, mends.get(number, {}).get(0, line)) for number, line in self.lines))
        records = tuple(_mended(record, mends[record.number]) if record.number in mends else record for record in self.table.records)
        return replace(self, table=replace(self.table, records=records))


def _mended(record: Record, cells: Mapping[int, str]) -> Record:
    width = max(len(record.cells), max(cells, default=-1) + 1)
    filled = list(record.cells) + [""] * (width - len(record.cells))
    for place, text in cells.items():
        filled[place] = text
    return Record(record.number, tuple(filled))


def open_file(
    filename: str,
    data: bytes,
    context: Context,
    *,
    remembered: Remembered | None = None,
    chosen: Mapping[int, str | None] | None = None,
    header_row: int | None = None,
) -> Opened:
    """Find out what it is. Of the context only the characteristics are asked. Raises FileRefused with one clear reason."""
    refuse_other_kinds(filename, data)
    with no_search_for_circles():
        if is_lines(filename, data):
            encoding, lines = lines_of(data)
            numbered = tuple(_numbered(lines))
            if not any(line is None or line.strip() for _, line in numbered):
                raise FileRefused("file_empty", filename)
            return Opened("lines", encoding, lines=numbered)
        headers = Headers(context, remembered)
        table = read_table(filename, data, headers)
        columns = map_columns(table, headers, chosen=chosen, header_row=header_row, codes=tuple(context.by_code))
        percents = percent_cells(data, table.sheet) if table.source == "xlsx" else frozenset()
        return Opened(columns.layout, table.encoding, (*columns.messages, *table.messages), table, columns, (), percents)


def read_opened(
    opened: Opened, context: Context, *, now: datetime, seen: Seen | None = None, editions: Mapping[str, str] | None = None
) -> Reading:
    """Read every row. `seen` are keys that were said before; `editions` what a person said of a wide sheet: code → edition."""
    if opened.needs_mapping:
        return Reading("needs_mapping", opened.layout, opened.table, opened.columns, opened.encoding, messages=opened.messages)
    with no_search_for_circles():
        if opened.columns is None:
            lines = LineReader(context, now=now, seen=seen)
            read = tuple(lines.read(opened.lines))
            return Reading("read", "lines", None, None, opened.encoding, read, lines.messages)
        reader = reader_of(opened, context, now=now, editions=editions)
        rows = tuple(reader.read(opened.records))
    messages = (*opened.messages, *unit_messages(reader.groups)) if isinstance(reader, WideReader) else opened.messages
    if all(row.outcome == "skipped" and row.reason != "no_readings" for row in rows):
        messages = (FileMessage("error", "rows_missing"), *messages)
        return Reading("refused", opened.layout, opened.table, opened.columns, opened.encoding, messages=messages)
    return Reading("read", opened.layout, opened.table, opened.columns, opened.encoding, rows, messages)


def reader_of(opened: Opened, context: Context, *, now: datetime, editions: Mapping[str, str] | None = None) -> LongReader | WideReader:
    assert opened.columns is not None
    if opened.layout == "wide":
        return WideReader(context, opened.columns, now=now, percents=opened.percents, editions=editions)
    return LongReader(context, opened.columns, now=now, percents=opened.percents)


def read_file(
    filename: str,
    data: bytes,
    context: Context,
    *,
    now: datetime | None = None,
    seen: Seen | None = None,
    chosen: Mapping[int, str | None] | None = None,
    editions: Mapping[str, str] | None = None,
) -> Reading:
    """Read a file as far as it can be read without a person's word."""
    try:
        opened = open_file(filename, data, context, chosen=chosen)
    except FileRefused as refusal:
        return Reading("refused", messages=(refusal.message,))
    return read_opened(opened, context, now=now or datetime.now(UTC), seen=seen, editions=editions)


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
        try:
            return "utf-16", data.decode("utf-16").split("\n")
        except UnicodeDecodeError:
            raise FileRefused("encoding_unknown") from None
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
