"""Spreadsheets (.xlsx). The package is counted and searched before a parser sees it, and the parser gets only what was counted."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import python_calamine

from suppliers.imports.patience import no_search_for_circles
from suppliers.imports.shapes import Cell, FileMessage, FileRefused, HeaderCount, Record, Table

_MOST_ENTRIES = 1000
_MOST_RATIO = 100
_MOST_BYTES = 200 * 1024 * 1024
# The parser holds a sheet as a full rectangle: one stray cell far out would cost gigabytes.
_MOST_CELLS = 3_000_000
_NESTED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_WIDE_DECLARATIONS = tuple(word.encode(encoding) for word in ("<!DOCTYPE", "<!ENTITY") for encoding in ("utf-16-le", "utf-16-be"))
# Whatever attribute ends in r: a search from the first letter on is three times as fast, and what it finds is counted anyway.
_FAR_OUT = re.compile(rb"""r\s*=\s*["'](?:[A-Za-z]{2,}\d+|[A-Za-z]*\d{6,})["']""")
_FILLED_CELL = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\br\s*=\s*["']([A-Za-z]+)(\d+)["'][^>]*>(?=\s*<(?:\w+:)?(?:v|is|f)\b)""")
_UNPLACED = re.compile(rb"<(?:\w+:)?c\b(?![^>]*\br\s*=)[^>]*>")


def read_workbook(data: bytes, known_headers: HeaderCount) -> Table:
    """The first visible sheet with a header on it, else the first with anything; hidden ones are named and not read."""
    checked = io.BytesIO(_checked_package(data))
    try:
        sheets, messages = _visible_sheets(python_calamine.CalamineWorkbook.from_filelike(checked))
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise FileRefused("not_a_workbook") from error
    if not sheets:
        raise FileRefused("file_empty")
    chosen = next((name for name, records in sheets.items() if _has_header(records, known_headers)), next(iter(sheets)))
    messages += [FileMessage("warning", "sheet_not_read", name) for name in sheets if name != chosen]
    return Table("xlsx", sheets[chosen], sheet=chosen, messages=tuple(messages))


def _visible_sheets(workbook: Any) -> tuple[dict[str, tuple[Record, ...]], list[FileMessage]]:
    sheets, messages = {}, []
    for sheet in workbook.sheets_metadata:
        if sheet.visible != python_calamine.SheetVisibleEnum.Visible:
            messages.append(FileMessage("info", "hidden_sheet_ignored", sheet.name))
        elif sheet.typ == python_calamine.SheetTypeEnum.WorkSheet and (records := _records(workbook.get_sheet_by_name(sheet.name))):
            sheets[sheet.name] = records
    return sheets, messages


def _has_header(records: tuple[Record, ...], known_headers: HeaderCount) -> bool:
    return any(known_headers([str(cell) for cell in record.cells]) > 1 for record in records[:10])


def _records(sheet: Any) -> tuple[Record, ...]:
    with no_search_for_circles():
        return _records_of(sheet)


def _records_of(sheet: Any) -> tuple[Record, ...]:
    rows = [[value if type(value) is str else _cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    if merged := sheet.merged_cell_ranges:
        _fill_down(rows, merged)
    while rows and all(_is_blank(cell) for cell in rows[-1]):
        rows.pop()
    return tuple(Record(number, tuple(row)) for number, row in enumerate(rows, start=1))


def _fill_down(rows: list[list[Cell]], merged: Iterable[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """A cell merged over several rows stands in each of them, if the row holds anything of its own."""
    filled = [any(not _is_blank(cell) for cell in row) for row in rows]
    for (top, left), (bottom, right) in merged:
        if left != right or top == bottom or top >= len(rows) or left >= len(rows[top]):
            continue
        for index in range(top + 1, min(bottom + 1, len(rows))):
            if filled[index]:
                rows[index][left] = rows[top][left]


def _cell(value: Any) -> Cell:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, int):
        return value
    if isinstance(value, datetime):
        return value.isoformat(sep=" ") if value.time().replace(microsecond=0) != datetime.min.time() else value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def _is_blank(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.strip()


def _checked_package(data: bytes) -> bytes:
    """The package unpacked, counted, searched and packed again without compression.

    Raises FileRefused on more than 1,000 entries, more than a hundred times its size when unpacked, unsafe or repeated names,
    a package within, a password, or a document type in any part.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
            _check_names(entries)
            budget = min(_MOST_BYTES, _MOST_RATIO * len(data))
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as clean:
                for entry in entries:
                    part = _unpacked(package, entry, budget)
                    budget -= len(part)
                    _check_part(entry.filename, part)
                    clean.writestr(entry.filename, part)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise FileRefused("not_a_workbook") from error
    return out.getvalue()


def _check_names(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > _MOST_ENTRIES:
        raise FileRefused("package_too_many", found=str(len(entries)), most=_MOST_ENTRIES)
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names) or any(_is_unsafe(name) for name in names):
        raise FileRefused("package_unsafe")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise FileRefused("workbook_old_or_protected")
    if "xl/workbook.xml" not in names:
        raise FileRefused("not_a_workbook")


def _is_unsafe(name: str) -> bool:
    return name.startswith(("/", "\\")) or ":" in name or "\x00" in name or ".." in re.split(r"[/\\]", name)


def _unpacked(package: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: int) -> bytes:
    with package.open(entry) as part:
        content = part.read(budget + 1)
    if len(content) > budget:
        raise FileRefused("package_too_big", ratio=_MOST_RATIO)
    return content


def _check_part(name: str, part: bytes) -> None:
    if part.startswith(_NESTED):
        raise FileRefused("package_unsafe")
    if not name.endswith((".xml", ".rels", ".vml")):
        return
    # Text of two bytes a character has zeros, and most parts have none: one quick look spares four.
    if _DECLARATION.search(part) or (b"\x00" in part and any(word in part for word in _WIDE_DECLARATIONS)):
        raise FileRefused("xml_declares_entities")
    if name.startswith("xl/worksheets/") and _FAR_OUT.search(part):
        rows, columns = _extent(part)
        if rows * columns > _MOST_CELLS:
            raise FileRefused("sheet_too_large", most=_MOST_CELLS)


def _extent(part: bytes) -> tuple[int, int]:
    """(rows, columns) that the filled cells span; formatted empty ones cost nothing."""
    rows = columns = 1
    for letters, digits in _FILLED_CELL.findall(part):
        column = 0
        for letter in letters.upper():
            column = column * 26 + letter - 64
        rows, columns = max(rows, int(digits[:8])), max(columns, column)
    if _UNPLACED.search(part):
        # Cells that do not say where they are follow on from a row that does.
        rows = max([rows, *(int(number[:8]) for number in re.findall(rb"<(?:\w+:)?row\b[^>]*?\br\s*=\s*[\"'](\d+)", part))])
    return rows, columns
