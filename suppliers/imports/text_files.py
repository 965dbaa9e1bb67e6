"""Text as firms save it: which encoding, which delimiter, and records that survive a forgotten quotation mark."""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence

from suppliers.imports.shapes import FileMessage, FileRefused, HeaderCount, Record, Table

_DELIMITERS = (",", "\t", ";")
_SAMPLE_LINES = 40
# A quoted cell may span lines; beyond this a quotation mark was forgotten, and swallowing the list would lose its rows.
_LONGEST_RECORD = 100
_UNREADABLE = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_EXCEL_SEPARATOR = re.compile(r"^sep=(.)[\r\n]*$", re.IGNORECASE)
# GB 18030-2022 gives these a place of their own; decoders of the 2000 edition still put them in private use.
_PRIVATE_USE = dict(
    zip(
        [*range(0xE78D, 0xE797), 0xE81E, 0xE826, 0xE82B, 0xE82C, 0xE832, 0xE843, 0xE854, 0xE864],
        [
            0xFE10,
            0xFE12,
            0xFE11,
            0xFE13,
            0xFE14,
            0xFE15,
            0xFE16,
            0xFE17,
            0xFE18,
            0xFE19,
            0x9FB4,
            0x9FB5,
            0x9FB6,
            0x9FB7,
            0x9FB8,
            0x9FB9,
            0x9FBA,
            0x9FBB,
        ],
        strict=True,
    )
)


def decode(data: bytes) -> tuple[str, str]:
    """(text, encoding); raises FileRefused rather than put a replacement character anywhere."""
    if data.startswith(codecs.BOM_UTF8):
        candidates = ["utf-8-sig"]
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    else:
        candidates = ["utf-8", "gb18030"]
    for encoding in candidates:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _UNREADABLE.search(text):
            raise FileRefused("not_a_table")
        if encoding == "gb18030":
            text = text.translate(_PRIVATE_USE)
        return text, encoding.removesuffix("-sig")
    raise FileRefused("encoding_unknown")


def read_text(text: str, *, encoding: str | None, known_headers: HeaderCount) -> Table:
    """A table from text; the delimiter is the one under which most headers are known."""
    lines = list(io.StringIO(text, newline=""))
    told = _EXCEL_SEPARATOR.match(lines[0]) if lines else None
    delimiter = told.group(1) if told else _delimiter(lines, known_headers)
    messages: list[FileMessage] = []
    records = []
    for number, (cells, forgotten) in enumerate(_records(lines, delimiter), start=1):
        if forgotten:
            messages.append(FileMessage("warning", "quote_unclosed", facts={"row": number}))
        if not (told and number == 1):
            records.append(Record(number, cells))
    while records and not any(cell.strip() for cell in records[-1].cells if isinstance(cell, str)) and len(records[-1].cells) < 2:
        records.pop()
    return Table("text", tuple(records), encoding, delimiter, messages=tuple(messages))


def _delimiter(lines: Sequence[str], known_headers: HeaderCount) -> str:
    def fit(delimiter: str) -> tuple[int, float]:
        sample = [cells for cells, _ in _records(lines[:_SAMPLE_LINES], delimiter) if any(cells)]
        widths = [len(cells) for cells in sample if len(cells) > 1]
        usual = max(map(widths.count, set(widths)), default=0)
        return max((known_headers(cells) for cells in sample[:10]), default=0), usual / max(len(sample), 1)

    return max(_DELIMITERS, key=fit)


def _records(lines: Sequence[str], delimiter: str) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Each record with whether its quotation marks did not close, in which case the line stands as typed."""
    start = 0
    while start < len(lines):
        line = lines[start]
        if '"' not in line:
            yield _split(line, delimiter), False
            start += 1
            continue
        length, cells = _quoted(lines, start, delimiter)
        yield (cells, False) if cells is not None else (_split(line, delimiter), True)
        start += length


def _split(line: str, delimiter: str) -> tuple[str, ...]:
    return tuple(line.rstrip("\r\n").split(delimiter))


def _quoted(lines: Sequence[str], start: int, delimiter: str) -> tuple[int, tuple[str, ...] | None]:
    """(lines used, cells) of the record that starts here; no cells where its quotation marks do not close."""
    end, marks = start + 1, lines[start].count('"')
    while marks % 2 and end < len(lines) and end - start < _LONGEST_RECORD:
        marks += lines[end].count('"')
        end += 1
    try:
        reader = csv.reader(lines[start:end], delimiter=delimiter)
        cells = tuple(next(reader))
        used = reader.line_num
        # An odd mark inside a cell (5" wide) is text; one that opens a cell and meets no partner is a slip.
        list(csv.reader(lines[start : start + used], delimiter=delimiter, strict=used > 1 or marks % 2 == 1))
    except csv.Error:
        return 1, None
    return used, cells
