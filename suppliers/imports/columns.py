"""Which row is the header, and which column is which field: by its usual Chinese and English names, or as a person says."""

import csv
import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from suppliers.imports.shapes import FIELDS, Cell, Column, Columns, FileMessage, Record, Table, display

_DEEPEST_HEADER = 10
_MOST_COLUMNS = 200  # more than any list has, and as many as a person could be asked about
_NOISE = re.compile(r"[\s*★:.\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff_]+")
# The last column of the sheet that is handed back for mending: ours, never data. As canonical().
_REASONS = frozenset({"原因·qcchain", "reason·qcchain"})
_REMARK = re.compile(r"[(\[【〔{][^()\[\]【】〔〕{}]*[)\]】〕}]$")


@lru_cache(maxsize=4096)
def canonical(header: str) -> str:
    """Equal for two ways to write one header: case, spaces, `*` and a remark in brackets at the end do not count."""
    text = _NOISE.sub("", unicodedata.normalize("NFKC", header).casefold())
    return _REMARK.sub("", text) or text


def _read_words() -> dict[str, str]:
    with Path(__file__).with_name("headers.csv").open(encoding="utf-8", newline="") as lines:
        return {canonical(word): row["field"] for row in csv.DictReader(lines) for word in row["words"].split("|")}


_FIELD_OF = _read_words()


def field_of(header: str, remembered: Mapping[str, str | None] | None = None) -> str | None:
    """The field a header stands for; what the owner once said, keyed by canonical(), goes first."""
    key = canonical(header)
    if remembered and key in remembered:
        return remembered[key]
    return _FIELD_OF.get(key)


def is_reasons(header: str) -> bool:
    """Whether this column holds the reasons that we wrote into a sheet to be mended."""
    return canonical(header) in _REASONS


def is_said(column: Mapping[str, str | None]) -> bool:
    """Whether a column (header, field) is read otherwise than its header says by itself: then a person said so."""
    header = column["header"]
    return bool(header) and column["field"] != _FIELD_OF.get(canonical(str(header)))


def count_known(cells: Sequence[Cell], remembered: Mapping[str, str | None] | None = None) -> int:
    """How many of these cells are headers we know."""
    return sum(1 for cell in cells if isinstance(cell, str) and cell and field_of(cell, remembered))


def map_columns(
    table: Table,
    *,
    chosen: Mapping[int, str | None] | None = None,
    header_row: int | None = None,
    remembered: Mapping[str, str | None] | None = None,
) -> Columns:
    """Find the header and say which column is which.

    `chosen` (place from 0 → field) is a person's word for this file and overrides everything; with it `header_row` may name the header,
    as Record.number, where none is found. `remembered` (canonical header → field) is what the owner said of earlier files.
    Raises ValueError on a field that does not exist.
    """
    unknown = {field for field in (chosen or {}).values() if field} - set(FIELDS)
    if unknown:
        raise ValueError(f"chosen names fields that do not exist: {sorted(unknown)}; known are {', '.join(FIELDS)}")
    header = _header(table, header_row, remembered)
    columns = _columns(table, header, chosen, remembered)
    first_data_row = header.number + 1 if header else (table.records[0].number if table.records else 1)
    messages, stuck = _messages(columns, header, chosen)
    return Columns(columns, header.number if header else None, first_data_row, stuck, messages)


def _header(table: Table, header_row: int | None, remembered: Mapping[str, str | None] | None) -> Record | None:
    if header_row is not None:
        return next((record for record in table.records if record.number == header_row), None)
    enough = 1 if _is_one_column(table) else 2
    return next((record for record in table.records[:_DEEPEST_HEADER] if count_known(record.cells, remembered) >= enough), None)


def _is_one_column(table: Table) -> bool:
    """Whether exactly one column holds anything at all."""
    held: set[int] = set()
    for record in table.records:
        held.update(index for index, cell in enumerate(record.cells) if cell != "")
        if len(held) > 1:
            return False
    return len(held) == 1


def _columns(
    table: Table, header: Record | None, chosen: Mapping[int, str | None] | None, remembered: Mapping[str, str | None] | None
) -> tuple[Column, ...]:
    if header is None:
        count = max((len(record.cells) for record in table.records), default=0)
        return tuple(Column(index, "", (chosen or {}).get(index)) for index in range(min(count, _MOST_COLUMNS)))
    titles = [re.sub(r"\s+", " ", display(cell)).strip() for cell in header.cells[:_MOST_COLUMNS]]
    while titles and not titles[-1] and (len(titles) - 1) not in (chosen or {}):
        titles.pop()
    return tuple(
        Column(index, title, chosen.get(index) if chosen is not None else field_of(title, remembered)) for index, title in enumerate(titles)
    )


def _messages(
    columns: tuple[Column, ...], header: Record | None, chosen: Mapping[int, str | None] | None
) -> tuple[tuple[FileMessage, ...], bool]:
    """(what to say, whether a person must say which column is which before anything is read)."""
    if header is None and chosen is None:
        return (FileMessage("error", "header_missing"),), True
    stuck = []
    fields = [column.field for column in columns if column.field]
    for field in dict.fromkeys(fields):
        if fields.count(field) > 1:
            twins = "、".join(column.header or column.letter for column in columns if column.field == field)
            stuck.append(FileMessage("error", "column_twice", twins, {"field": field}))
    wanted = ("uscc",) if set(fields) == {"uscc"} else ("name_zh", "uscc")
    stuck += [FileMessage("error", "column_missing", facts={"field": field}) for field in wanted if field not in fields]
    ignored = [FileMessage("warning", "column_unmapped", column.header) for column in columns if column.header and not column.field]
    ignored = [message for message in ignored if not is_reasons(message.found)]
    if header is not None and any(display(cell).strip() for cell in header.cells[_MOST_COLUMNS:]):
        ignored.append(FileMessage("warning", "columns_too_many", facts={"most": _MOST_COLUMNS}))
    return (*stuck, *ignored), bool(stuck)
