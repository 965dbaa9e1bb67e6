"""Files of the same kinds as the samples, made here, with every rule of the house bent once."""

import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from inspections.reading import Reading, context_from_json, read_file

SAMPLES = Path(__file__).parents[2] / "data" / "import-samples"
CONTEXT = context_from_json(json.loads((SAMPLES / "context.json").read_text(encoding="utf-8")))
NOW = datetime(2026, 11, 1, 8, tzinfo=UTC)
HEAD = "批号,样品,检测项目,方法标准,结果,单位,判定,检测日期"
CF = "耐干摩擦色牢度,GB/T 3920-2008"
FOR = "甲醛含量,GB/T 2912.1-2009"
PH = "pH值,GB/T 7573-2009"


def read(text: str | bytes, name: str = "results.csv") -> Reading:
    return read_file(name, text if isinstance(text, bytes) else text.encode(), CONTEXT, now=NOW)


def one(what: str, result: str, unit: str = "", *, verdict: str = "", day: str = "2025-04-08", lot: str = "YZ2504-001") -> dict[str, Any]:
    cells = [lot, "S1", *what.split(","), result, unit, verdict, day]
    quoted = ",".join(f'"{cell}"' for cell in cells)
    (row,) = read(f"{HEAD}\n{quoted}\n").rows
    return row.as_dict()


def codes(said: dict[str, Any]) -> list[str]:
    return [issue["code"] for issue in said.get("issues", [])]


@pytest.mark.parametrize(
    ("typed", "grade", "sign"),
    [
        ("3-4", "3-4", "="), ("3－4级", "3-4", "="), ("3—4", "3-4", "="), ("3–4", "3-4", "="), ("3~4", "3-4", "="), ("3～4级", "3-4", "="),
        ("3至4级", "3-4", "="), ("3.5", "3-4", "="), ("3.50级", "3-4", "="), ("４级", "4", "="), ("4.0", "4", "="), ("4 级", "4", "="),
        ("四级", "4", "="), ("Grade 4-5", "4-5", "="), (" 5 ", "5", "="), ("1－2", "1-2", "="),
        ("≥4", "4", ">="), (">=4", "4", ">="), ("≧4级", "4", ">="), ("＞＝4", "4", ">="), ("4级及以上", "4", ">="), ("4级以上", "4", ">="),
        ("不低于4级", "4", ">="), ("至少3-4级", "3-4", ">="), ("大于等于4级", "4", ">="), ("at least 4", "4", ">="), ("4 or better", "4", ">="),
        (">4", "4", ">"), ("<3", "3", "<"), ("低于3级", "3", "<"), ("3级及以下", "3", "<="),
    ],
)  # fmt: skip
def test_grades_in_all_their_dress(typed, grade, sign):
    said = one(CF, typed, "级")

    assert (said["outcome"], said["values"]["grade"], said["values"]["qualifier"]) == ("accepted", grade, sign)


@pytest.mark.parametrize("typed", ["3.7", "0", "6", "5-6", "2-4", "4-3", "3.25", "好", "4级半", "3-4-5", "合格", "45", "1e0", "NaN", "3/4"])
def test_what_is_none_of_the_nine_grades_is_refused(typed):
    said = one(CF, typed, "级")

    assert (said["outcome"], codes(said), said["issues"][0]["found"]) == ("rejected", ["grade_invalid"], typed)


@pytest.mark.parametrize(
    ("typed", "suggestion"),
    [
        ("3月4日", "3-4"), ("4月3日", "3-4"), ("2025-03-04", "3-4"), ("2025/3/4", "3-4"), ("4-Mar", "3-4"), ("Mar-04", "3-4"), ("04-Mar-25", "3-4"),
        ("2025年4月5日", "4-5"), ("1月2日", "1-2"), ("45720", "3-4"),
    ],
)  # fmt: skip
def test_a_date_where_a_grade_should_be_is_offered_back_and_never_turned_silently(typed, suggestion):
    said = one(CF, typed, "级")

    assert (said["outcome"], codes(said)) == ("rejected", ["grade_looks_like_date"])
    assert said["issues"][0]["suggestion"] == suggestion


@pytest.mark.parametrize(
    ("typed", "value", "sign"),
    [
        ("<20", 20, "<"), ("＜２０", 20, "<"), ("< 20", 20, "<"), ("<20mg/kg", 20, "<"), ("小于20", 20, "<"), ("≤20", 20, "<="),
        ("未检出", 20, "<"), ("ND", 20, "<"), ("N.D.", 20, "<"), ("n.d", 20, "<"), ("not detected", 20, "<"), ("低于检出限", 20, "<"), ("＜LOD", 20, "<"),
        ("未检出(<5)", 5, "<"), ("未检出（检出限5）", 5, "<"), ("ND(10 mg/kg)", 10, "<"), ("ND<16", 16, "<"), ("未检出,检出限:8mg/kg", 8, "<"),
        ("ND, LOD 20 ppm", 20, "<"), ("32", 32, "="), ("32.50", 32.5, "="), ("３２", 32, "="), ("+32", 32, "="), (">75", 75, ">"), ("32ppm", 32, "="),
        ("32 毫克/千克", 32, "="), ("1,234.5", 1234.5, "="),
    ],
)  # fmt: skip
def test_formaldehyde_as_laboratories_write_it(typed, value, sign):
    said = one(FOR, typed, "mg/kg")

    assert (said["outcome"], said["values"]["value"], said["values"]["qualifier"]) == ("accepted", value, sign)


@pytest.mark.parametrize(
    "typed",
    [
        "约32",
        "32±2",
        "32-35",
        "1,5",
        "1,234",
        "三十二",
        "合格",
        "NaN",
        "Infinity",
        "-inf",
        "1e3",
        "1E+02",
        "0x20",
        "32..5",
        "--32",
        "=1+1",
        "#N/A",
        "未检出吗",
    ],
)
def test_what_is_not_a_plain_number_is_refused(typed):
    said = one(FOR, typed, "mg/kg")

    assert (said["outcome"], codes(said)) == ("rejected", ["value_not_a_number"])


def test_not_detected_without_any_limit_is_not_guessed():
    assert codes(one(PH, "未检出")) == ["detection_limit_missing"]


def test_a_limit_of_detection_in_a_column_of_its_own_goes_before_the_characteristics():
    reading = read(f"{HEAD},检出限\nYZ2504-001,S1,{FOR},未检出,mg/kg,,2025-04-08,5\nYZ2504-001,S2,{FOR},18,mg/kg,,2025-04-08,5\n")

    assert [(row.outcome, row.values["qualifier"], row.as_dict()["values"]["value"]) for row in reading.rows] == [
        ("accepted", "<", 5), ("accepted", "=", 18),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("what", "typed", "unit", "value", "said_codes"),
    [
        ("单纱断裂强力,GB/T 3916-2013", "2.14", "N", 214, ["unit_converted"]),
        ("单纱断裂强力,GB/T 3916-2013", "2.14N", "", 214, ["unit_converted"]),
        ("单纱断裂强力,GB/T 3916-2013", "214", "CN", 214, []),
        ("单纱断裂强力,GB/T 3916-2013", "214厘牛", "cN", 214, []),
        ("单纱断裂强力,GB/T 3916-2013", "214", "", 214, ["unit_missing"]),
        ("线密度,GB/T 4743-2009", "385", "dtex", 38.5, ["unit_converted"]),
        ("捻度,GB/T 2543.1-2015", "48", "T/10cm", 480, ["unit_converted"]),
        ("平均直径,GB/T 10685-2007", "15.42", "μm", 15.42, []),
        ("平均直径,GB/T 10685-2007", "15.42", "µm", 15.42, []),
        ("羊绒含量,GB/T 16988-2013", "98.5％", "%", 98.5, []),
        ("甲醛,GB/T 2912.1-2009", "32", "PPM", 32, []),
        ("pH值,GB/T 7573-2009", "6.8", "—", 6.8, []),
        ("pH值,GB/T 7573-2009", "6.8", "无量纲", 6.8, []),
    ],
)
def test_units_equal_silently_converted_with_a_word_and_missing_with_a_question(what, typed, unit, value, said_codes):
    said = one(what, typed, unit)

    assert (said["values"]["value"], codes(said)) == (value, said_codes)


@pytest.mark.parametrize(
    ("what", "typed", "unit"),
    [
        ("pH值,GB/T 7573-2009", "6.8", "mg/kg"), ("pH值,GB/T 7573-2009", "6.8%", ""), ("单纱断裂强力,GB/T 3916-2013", "2.14N", "cN"),
        ("单纱断裂强力,GB/T 3916-2013", "214", "kg"), ("羊绒含量,GB/T 16988-2013", "98.5", "g"), ("甲醛含量,GB/T 2912.1-2009", "32 %", "mg/kg"),
    ],
)  # fmt: skip
def test_any_other_unit_and_two_that_contradict_each_other_are_refused(what, typed, unit):
    said = one(what, typed, unit)

    assert (said["outcome"], codes(said)) == ("rejected", ["unit_mismatch"])


def test_a_percent_format_of_a_cell_counts_as_its_unit():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["批号", "样品", "检测项目", "方法标准", "结果", "单位", "判定", "检测日期"])
    sheet.append(["YZ2504-001", "S1", "羊绒含量", "GB/T 16988-2013", 0.985, None, "合格", date(2025, 4, 8)])
    sheet.append(["YZ2504-001", "S2", "羊绒含量", "GB/T 16988-2013", 0.9675, "%", "合格", date(2025, 4, 8)])
    sheet.append(["YZ2504-001", "S2", "pH值", "GB/T 7573-2009", 0.068, None, "合格", date(2025, 4, 8)])
    sheet.append(["YZ2504-001", "S3", "耐干摩擦色牢度", "GB/T 3920-2008", date(2025, 3, 4), "级", None, date(2025, 4, 8)])
    sheet.append(["YZ2504-001", "S4", "耐干摩擦色牢度", "GB/T 3920-2008", 3.5, "级", None, 45755])
    for row, form in ((2, "0.0%"), (3, "0.00%"), (4, "0%")):
        sheet.cell(row, 5).number_format = form
    out = io.BytesIO()
    book.save(out)

    rows = [row.as_dict() for row in read(out.getvalue(), "r.xlsx").rows]

    assert [(row["outcome"], codes(row)) for row in rows] == [
        ("accepted", []), ("accepted", []), ("rejected", ["unit_mismatch"]), ("rejected", ["grade_looks_like_date"]), ("accepted", []),
    ]  # fmt: skip
    assert [row["values"]["value"] for row in rows[:2]] == [98.5, 96.75]
    assert sorted(rows[0]["normalised"]) == ["result", "unit"]
    assert (rows[4]["values"]["grade"], rows[4]["values"]["tested_on"]) == ("3-4", "2025-04-08")
    assert rows[2]["issues"][0]["cell"] == "F4"


@pytest.mark.parametrize(
    ("method", "edition", "said_codes"),
    [
        ("GB/T3922-2013", "GB/T 3922-2013", []), ("gb/t 3922—2013", "GB/T 3922-2013", []), ("GBT 3922－2013", "GB/T 3922-2013", []),
        ("GB/T 3922-2013（方法A）", "GB/T 3922-2013", []), ("GB/T 3922-1995", "GB/T 3922-1995", ["edition_superseded"]),
        ("GB/T 3922", None, ["edition_missing"]), ("", None, ["edition_missing"]), ("—", None, ["edition_missing"]),
        ("GB/T 3922-2031", None, ["edition_unknown"]), ("GB/T 5713-2013", None, ["edition_unknown"]), ("ISO 105-E04", None, ["edition_unknown"]),
    ],
)  # fmt: skip
def test_editions_are_kept_as_cited_where_they_are_known(method, edition, said_codes):
    said = one(f"耐汗渍色牢度,{method}", "4", "级")

    assert (said["values"]["edition"], codes(said)) == (edition, said_codes)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2025-04-08", "2025-04-08"), ("2025/4/8", "2025-04-08"), ("2025.4.8", "2025-04-08"), ("2025年4月8日", "2025-04-08"), ("20250408", "2025-04-08"),
        ("45755", "2025-04-08"), ("45755.5", "2025-04-08"), ("2025-04-08 13:45", "2025-04-08"), ("25/04/2025", "2025-04-25"), ("04/04/2025", "2025-04-04"),
        ("２０２５-04-08", "2025-04-08"), ("", None),
    ],
)  # fmt: skip
def test_days_as_people_and_spreadsheets_write_them(typed, day):
    assert one(PH, "6.8", day=typed)["values"]["tested_on"] == day


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("2026-11-02", "date_future"), ("2099-01-01", "date_future"), ("03/04/2025", "date_ambiguous"), ("3.4.2025", "date_ambiguous"),
        ("25-04-08", "date_ambiguous"), ("2025-04-31", "date_invalid"), ("31/02/2025", "date_invalid"), ("昨天", "date_invalid"), ("2025", "date_invalid"),
        ("0001-01-01", "date_invalid"), ("1949-12-31", "date_invalid"),
    ],
)  # fmt: skip
def test_days_in_the_future_or_of_two_meanings_are_refused(typed, code):
    said = one(PH, "6.8", day=typed)

    assert (said["outcome"], codes(said), said["issues"][0]["found"]) == ("rejected", [code], typed)


@pytest.mark.parametrize(
    ("what", "typed", "verdict", "limit"),
    [
        (PH, "8.9", "合格", 8.5), (PH, "6.8", "不合格", 8.5), (FOR, "76", "合格", 75), (FOR, "<20", "不合格", 75), (CF, "2-3", "合格", "3"),
        (CF, "≥4", "不合格", "3"), (FOR, ">75", "PASS", 75), ("羊绒含量,GB/T 16988-2013", "94%", "符合", 95),
    ],
)  # fmt: skip
def test_a_verdict_that_its_own_number_contradicts_is_kept_with_it(what, typed, verdict, limit):
    unit = {PH: "", FOR: "mg/kg", CF: "级"}.get(what, "%")
    said = one(what, typed, unit, verdict=verdict)

    assert (said["outcome"], codes(said), said["issues"][0]["limit"]) == ("warning", ["verdict_disagrees"], limit)


@pytest.mark.parametrize(
    ("what", "typed", "verdict"),
    [
        (FOR, "<100", "合格"),
        (FOR, "<100", "不合格"),
        (CF, "≥2", "合格"),
        (PH, "8.5", "合格"),
        (PH, "9", "不合格"),
        (PH, "6.8", "/"),
        (PH, "6.8", "—"),
    ],
)
def test_a_verdict_that_the_number_leaves_open_or_bears_out_is_let_be(what, typed, verdict):
    assert codes(one(what, typed, {PH: "", FOR: "mg/kg", CF: "级"}[what], verdict=verdict)) == []


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("14.1", "value_impossible"),
        ("-0.1", "value_impossible"),
        ("2.5", "implausible"),
        ("11.5", "implausible"),
        ("99999999999", "value_impossible"),
    ],
)
def test_what_cannot_be_is_refused_and_what_is_unlikely_is_kept(typed, code):
    said = one(PH, typed)

    assert (codes(said), said["outcome"]) == ([code], "rejected" if code == "value_impossible" else "warning")


def test_more_decimals_than_can_be_kept_are_never_cut_silently():
    said = one(PH, "6.12345678")

    assert (codes(said), said["values"]["value"], said["issues"][0]["found"]) == (["value_rounded"], 6.123457, "6.12345678")


@pytest.mark.parametrize(
    ("cells", "outcome", "said_codes"),
    [
        ("52.31,1.24,-4.5", "accepted", []), ("52.31,,-4.5", "rejected", ["lab_incomplete"]), ("52.31,x,-4.5", "rejected", ["value_not_a_number"]),
        ("101,1,1", "rejected", ["value_impossible"]), ("50,-151,1", "rejected", ["value_impossible"]),
    ],
)  # fmt: skip
def test_a_colour_in_three_columns(cells, outcome, said_codes):
    (row,) = read(f"批号,样品,检测项目,方法标准,结果,L*,a*,b*\nYZ2504-001,S1,颜色L*a*b*,GB/T 8424.3-2001,,{cells}\n").rows

    assert (row.outcome, codes(row.as_dict())) == (outcome, said_codes)


@pytest.mark.parametrize(
    "typed", ["52.3/1.2/-4.5", "52.3, 1.2, -4.5", "52.3 1.2 -4.5", "L*=52.3 a*=1.2 b*=-4.5", "(52.3；1.2；-4.5)", "L:52.3;a:1.2;b:-4.5"]
)
def test_a_colour_in_one_cell(typed):
    said = one("Lab值,GB/T 8424.3-2001", typed)

    assert [said["values"][part] for part in "Lab"] == [52.3, 1.2, -4.5]


def test_two_results_of_one_test_are_a_duplicate_or_a_second_reading():
    rows = [f"YZ2504-001,S1,{PH},{value},,,2025-04-08" for value in ("6.8", "6.80", "6.9", "6.9", "6.8")]

    reading = read("\n".join([HEAD, *rows, ""]))

    assert [(row.outcome, row.duplicate_of) for row in reading.rows] == [
        ("accepted", None), ("duplicate", 2), ("warning", None), ("duplicate", 4), ("duplicate", 2),
    ]  # fmt: skip
    assert reading.rows[2].issues[0].facts["other_row"] == 2


def test_a_rejected_row_is_nobodys_first():
    rows = [f"YZ2504-001,S1,{PH},{value},,,2025-04-08" for value in ("19", "6.8")]

    assert [row.outcome for row in read("\n".join([HEAD, *rows])).rows] == ["rejected", "accepted"]


LONG_FILE = f"{HEAD}\nYZ2504-001,S1,{PH},6.8,,合格,2025-04-08\nYZ2504-002,S1,{FOR},＜20,mg/kg,合格,2025-04-08\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_encoding_delimiter_and_line_end_is_read(encoding, delimiter, end):
    reading = read(LONG_FILE.replace(",", delimiter).replace("\n", end).encode(encoding))

    assert (reading.file_result, reading.totals["accepted"], reading.table.delimiter) == ("read", 2, delimiter)
    assert not any("\ufffd" in str(cell) for row in reading.rows for cell in row.raw)


def test_a_title_above_blank_rows_between_and_totals_and_notes_below():
    text = f"检测报告,,,,,,,\n,,,,,,,\n{LONG_FILE},,,,,,,\n{HEAD}\nYZ2504-003,S1,{PH},6.9,,,2025-04-08\n合计,,,,3,,,\n备注：以上结果仅对来样负责,,,,,,,\n第二行说明,,,,,,,\n"

    reading = read(text)

    assert reading.columns.header_row == 3
    assert [(row.outcome, row.reason) for row in reading.rows] == [
        ("accepted", None), ("accepted", None), ("skipped", "blank_row"), ("skipped", "header_again"), ("accepted", None),
        ("skipped", "totals_row"), ("skipped", "notes_row"), ("skipped", "notes_row"),
    ]  # fmt: skip


def test_without_a_header_it_asks_and_swallows_nothing():
    reading = read(f"YZ2504-001,S1,{PH},6.8,,合格,2025-04-08\n")

    assert (reading.file_result, reading.rows, reading.messages[0].code) == ("needs_mapping", (), "header_missing")
    chosen = dict(enumerate(["lot", "sample", "characteristic", "method", "result", "unit", "verdict", "tested_on"]))
    again = read_file("r.csv", f"YZ2504-001,S1,{PH},6.8,,合格,2025-04-08\n".encode(), CONTEXT, now=NOW, chosen=chosen)
    assert [(row.number, row.outcome) for row in again.rows] == [(1, "accepted")]


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ("批号,检测项目,结果,检测结果", "column_twice"), ("批号,检测项目,单位", "column_missing"), ("检测项目,结果", "column_missing"),
        ("批号,线密度 x1,线密度 x1", "column_twice"),
    ],
)  # fmt: skip
def test_two_of_one_column_or_none_of_a_needed_one_asks(head, code):
    reading = read(f"{head}\n{','.join('1' for _ in head.split(','))}\n")

    assert (reading.file_result, reading.messages[0].code) == ("needs_mapping", code)


@pytest.mark.parametrize("text", ["", " \n\n", "\ufeff", f"{HEAD}\n", f"{HEAD}\n,,,,,,,\n", f"{HEAD}\n合计,,,,,,,\n"])
def test_a_file_without_content_or_rows_is_refused_with_one_sentence(text):
    reading = read(text)

    assert (reading.file_result, reading.rows) == ("refused", ())
    assert reading.messages[0].code in ("file_empty", "rows_missing")


def test_headers_in_english_with_stars_brackets_and_case():
    reading = read(f"LOT NO.,Test Item*,Test Method,Result（实测）,UNIT,Foo,Foo\nYZ2504-001,{PH},6.8,,a,b\n")

    assert [row.outcome for row in reading.rows] == ["accepted"]
    assert [(each.code, each.found) for each in reading.messages] == [("column_unmapped", "Foo")]


def test_text_that_looks_like_a_formula_is_kept_as_text():
    (row,) = read(f"{HEAD}\nYZ2504-001,=1+1,{PH},6.8,,,2025-04-08\n").rows

    assert (row.outcome, codes(row.as_dict()), row.values["sample"]) == ("warning", ["starts_like_formula"], "=1+1")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("r.csv", f"%PDF-1.4\n{HEAD}\n".encode()), ("r.jsonl", b"%PDF-1.4\n{}\n"), ("r.csv", b"MZ\x90\x00\x03"), ("x.exe", f"MZ {HEAD}\n".encode()),
        ("r.csv", b"\x89PNG\r\n\x1a\n"), ("r.jsonl", b"\xff\xd8\xff\xe0 JFIF"), ("r.csv", b"{\\rtf1\\ansi results}"), ("r.csv", b"\x1f\x8b\x08\x00"),
        ("x.gif", b"GIF89a,lot"), ("r.csv", b"\x7fELF\x02\x01\x01"), ("r.csv", b"Rar!\x1a\x07\x00"), ("r.csv", b"PK\x05\x06" + bytes(18)),
    ],
)  # fmt: skip
def test_a_document_a_picture_a_program_or_an_archive_is_refused_and_asks_for_no_columns(name, data):
    reading = read(data, name)

    assert (reading.file_result, [message.code for message in reading.messages]) == ("refused", ["not_a_table"])


@pytest.mark.parametrize("first", ["MZ-12", "BM 7", "GIF89a", "%PDF", "%", "PK-3", "Rar!"])
def test_a_header_that_only_begins_like_another_kind_is_read(first):
    reading = read(f"{first},{HEAD}\nx,YZ2504-001,S1,{PH},6.8,,,2025-04-08\n")

    assert [row.outcome for row in reading.rows] == ["accepted"]


LONG_NUMBER = "9" * 300
LINE = {"idempotency_key": "k", "lot": "YZ2504-001", "characteristic": "PH", "edition": "GB/T 7573-2009", "measured_at": "2025-04-01T08:00:00+08:00"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("r.csv", f"{HEAD}\nYZ2504-001,S1,{PH},{LONG_NUMBER},,,2025-04-08\n"), ("r.csv", f"批号,pH值 x1\nYZ2504-001,{LONG_NUMBER}\n"),
        ("r.jsonl", json.dumps(LINE | {"values": [6.5], "unit": ""}).replace("6.5", LONG_NUMBER)),
    ],
)  # fmt: skip
def test_a_number_that_is_refused_is_said_again_only_as_far_as_forty_characters(name, text):
    (row,) = read(text, name).rows

    said = [issue["found"] for issue in row.as_dict()["issues"] if issue["code"] == "value_impossible"]
    assert said == ["9" * 40 + "…"]


def test_a_unit_of_a_page_is_said_again_only_as_far_as_forty_characters():
    said = one(PH, "6.8", "x" * 300)

    assert [issue["found"] for issue in said["issues"] if issue["code"] == "unit_mismatch"] == ["x" * 40 + "…"]
