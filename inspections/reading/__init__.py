"""Results as laboratories, workshops and machines send them, read fairly: no row lost, nothing guessed in silence, nothing in it run.

read_file() does all of it; open_file() and read_opened() are there for whoever must look up lots in between. Three kinds are told apart
by what is in them: a result a row (long), a lot a row with its readings side by side (wide), and a set of readings a line (JSON Lines).
Pure: a file and a Context in, values out; nothing is stored here.
"""

from inspections.reading.columns import Headers, Remembered, map_columns, place_of
from inspections.reading.context import Characteristic, Context, Edition, Limits, Lot, context_from_json, reading_facts
from inspections.reading.lines import LineReader, Seen, content_digest, parse_line
from inspections.reading.long_rows import LongReader
from inspections.reading.opening import Mends, Opened, is_lines, open_file, read_file, read_opened, reader_of
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
)
from inspections.reading.wide_rows import WideReader

__all__ = [
    "FIELDS",
    "Characteristic",
    "Columns",
    "Context",
    "Edition",
    "FileMessage",
    "FileRefused",
    "Headers",
    "Issue",
    "Layout",
    "Limits",
    "LineReader",
    "LongReader",
    "Lot",
    "Mends",
    "Opened",
    "ReadSet",
    "Reading",
    "Record",
    "Remembered",
    "ResultRow",
    "Seen",
    "Table",
    "WideReader",
    "content_digest",
    "context_from_json",
    "is_lines",
    "jsonable",
    "map_columns",
    "open_file",
    "parse_line",
    "place_of",
    "read_file",
    "read_opened",
    "reader_of",
    "reading_facts",
]
