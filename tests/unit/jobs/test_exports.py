"""What leaves us opens as text."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest

from jobs.exports import csv_bytes, export_safe, xlsx_bytes

DANGEROUS = [
    '=HYPERLINK("http://127.0.0.1/"&A1,"x")', "+1+1", "-2+3", "@SUM(1)", "\t=1+1", "\n=1+1", "＝1+1", " =1", "\u200b=1", "\ufeff@x", "\tx", "\u22121", "\u22121+1", "-1.8",
]


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_that_might_run_is_kept_behind_an_apostrophe(text):
    assert export_safe(text) == f"'{text}"


@pytest.mark.parametrize("value", ["正常值", "a=b", "2-3", "", 5, -5, 1.5, Decimal("-0.5"), "+8619000007018", date(2025, 1, 2)])
def test_anything_else_is_left_alone(value):
    assert export_safe(value) == value


def test_nothing_is_an_empty_cell():
    assert export_safe(None) == ""


def test_a_csv_has_the_mark_excel_needs_and_comes_back_as_it_was():
    data = csv_bytes(["名称", "人数"], [["宁波某厂, \"甲\"\n乙", 5], ["=1+1", None]])

    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows == [["名称", "人数"], ["宁波某厂, \"甲\"\n乙", "5"], ["'=1+1", ""]]


def test_a_sheet_holds_text_as_text_numbers_as_numbers_and_no_formula():
    data = xlsx_bytes("名单/2025", ["=名称", "人数"], [[text, -5] for text in DANGEROUS] + [["好\x00", date(2025, 1, 2)], ["", None]])

    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet.title == "名单 2025"
    assert sheet["A1"].value == "'=名称"
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    assert [sheet.cell(row, 1).value for row in (2, 3, 4)] == [f"'{text}" for text in DANGEROUS[:3]]
    assert sheet["B2"].value == -5
    assert (sheet.cell(len(DANGEROUS) + 2, 1).value, sheet.cell(len(DANGEROUS) + 2, 2).value) == ("好", datetime(2025, 1, 2))  # noqa: DTZ001 - a sheet knows no zones
    assert b"<f>" not in data


def test_no_cell_holds_a_moment_with_a_zone_but_shanghais_minute():
    at = datetime(2025, 1, 2, 23, 4, 5, 678, tzinfo=UTC)

    assert export_safe(at) == "2025-01-03 07:04"
    assert csv_bytes(["at"], [[at]]).decode("utf-8-sig") == "at\r\n2025-01-03 07:04\r\n"
    assert openpyxl.load_workbook(io.BytesIO(xlsx_bytes("x", ["at"], [[at]]))).active["A2"].value == "2025-01-03 07:04"
