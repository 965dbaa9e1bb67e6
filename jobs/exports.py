"""Tables that leave us, for Excel and WPS: whatever a person typed opens as text, and nothing in it runs."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

Value = str | int | float | Decimal | date | None

# What a spreadsheet may take for the beginning of a formula, also in full width, behind blanks or marks nobody sees.
_LIKE_FORMULA = re.compile(
    r"[\s\x00-\x1f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]*[=+\-@＝＋－＠\u2212]|[\t\r\n]"
)
# Neither XML 1.0 nor UTF-8 has a place for these.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# A telephone number in full cannot run, and must come back as it went.
_PHONE = re.compile(r"\+\d{7,15}")
_LONGEST_CELL = 32_767
_SHANGHAI = ZoneInfo("Asia/Shanghai")


def export_safe(value: Value) -> str | int | float | Decimal | date:
    """The value as it may stand in a cell: text that a spreadsheet might run gets an apostrophe in front; None is an empty text.

    Numbers, dates and +86… telephone numbers are left alone: they cannot run.
    A moment is Shanghai's day and minute in words: a spreadsheet knows no time zones.
    """
    if value is None:
        return ""
    if isinstance(value, datetime) and value.tzinfo:
        return f"{value.astimezone(_SHANGHAI):%Y-%m-%d %H:%M}"
    if not isinstance(value, str):
        return value
    text = _UNWRITABLE.sub("", value)
    return f"'{text}" if _LIKE_FORMULA.match(text) and not _PHONE.fullmatch(text) else text


def as_typed(text: str) -> str:
    """The text as it was before export_safe() put an apostrophe in front: for our own sheets that come back."""
    return text[1:] if text.startswith("'") and export_safe(text[1:]) == text else text


def csv_bytes(headers: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """UTF-8 with the mark that Excel needs to see it, CRLF, every text quoted where needed and safe to open."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for row in (headers, *rows):
        writer.writerow([export_safe(value) for value in row])
    return out.getvalue().encode("utf-8-sig")


def xlsx_bytes(title: str, headers: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """One sheet with a bold header that stays in sight; text cells are typed as text, so that no formula can come of them."""
    return xlsx_book([(title, headers, rows)])


def xlsx_book(sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Value]]]]) -> bytes:
    """Several such sheets in one book: title, headers, rows of each."""
    book = Workbook(write_only=True)
    for title, headers, rows in sheets:
        sheet = book.create_sheet(_sheet_title(title))
        sheet.freeze_panes = "A2"
        sheet.append([_cell(sheet, header, bold=True) for header in headers])
        for row in rows:
            sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: object, value: Value, *, bold: bool = False) -> WriteOnlyCell:
    safe = export_safe(value)
    if isinstance(safe, str):
        safe = safe[:_LONGEST_CELL]
    cell = WriteOnlyCell(sheet, value=safe if safe != "" else None)
    if isinstance(safe, str) and safe:
        cell.data_type = "s"  # openpyxl would make a formula of a leading =
        cell.number_format = "@"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _sheet_title(title: str) -> str:
    return re.sub(r"[\\/*?:\[\]\x00-\x1f]", " ", title).strip(" '")[:31] or "Sheet1"
