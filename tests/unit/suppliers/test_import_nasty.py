"""Files of the same kinds as the samples, made here, with every rule of the house bent once."""

import io

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from suppliers.imports import map_columns, read, read_file, read_pasted

CODE, OTHER, THIRD = "0DEM04E914JL3PWRKK", "0DEM0B65AKBN4TH2CJ", "0DEM091QNECBJWFYPK"
HEADER = ["企业名称", "统一社会信用代码", "联系人", "手机号", "所属环节", "所在区", "街道/乡镇", "员工人数", "地址", "合作起始日期"]
FIELDS = ["name_zh", "uscc", "contact", "phone", "nodes", "region", "town", "headcount", "address", "since"]


def saved(book) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def book_of(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return book


def read_book(*rows):
    return read_file("list.xlsx", saved(book_of(*rows)))


def row_of(**cells):
    """One row as a spreadsheet's numbers and text give it."""
    cells = {"name_zh": "宁波某厂", "uscc": CODE, **cells}
    return read_book(HEADER, [cells.get(field) for field in FIELDS]).rows[0]


def outcomes(reading):
    assert reading.file_result == "read", reading.messages
    return [(row.number, row.outcome) for row in reading.rows]


@pytest.mark.parametrize(
    "cell",
    [
        "+86-190 0000 7018",
        "８６１９０００００７０１８",
        19000007018,
        19000007018.0,
        "'19000007018",
        "(+86) 190-0000-7018",
        "19000007018\u200b",
    ],
)
def test_one_mobile_number_in_any_dress_is_that_number(cell):
    row = row_of(phone=cell)

    assert (row.values["phone"], row.issues, row.outcome) == ("+8619000007018", (), "accepted")


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("1.23502E+17", "uscc_number_form"), (1.23502e17, "uscc_number_form"), (123502001549897392, "uscc_number_form"), ("", "uscc_missing"),
        ("—", "uscc_missing"), (CODE[:-1], "uscc_length"), (f"{CODE}1", "uscc_length"), (CODE.replace("0", "O", 1), "uscc_char"),
        (CODE[:-1] + "A", "uscc_check"), (int("9" * 15), "uscc_length"),
    ],
)  # fmt: skip
def test_a_code_that_cannot_stand_rejects_its_row_and_says_which_kind_of_slip(cell, code):
    row = row_of(uscc=cell)

    assert (row.outcome, [issue.code for issue in row.issues], row.issues[0].cell) == ("rejected", [code], "B2")


@pytest.mark.parametrize("cell", [f" {CODE} ", f"'{CODE}", CODE.lower(), f"{CODE[:4]} {CODE[4:9]}-{CODE[9:]}", f"\ufeff{CODE}", f"{CODE[:9]}\u202c{CODE[9:]}",
                                  CODE.translate({n: n + 0xFEE0 for n in range(0x21, 0x7F)})])  # fmt: skip
def test_a_code_in_any_dress_is_that_code_silently(cell):
    row = row_of(uscc=cell)

    assert (row.values["uscc"], row.issues, row.normalised, row.outcome) == (CODE, (), ("uscc",), "accepted")


def test_the_look_alike_that_makes_a_code_fit_is_suggested_and_not_taken():
    row = row_of(uscc=f"O{CODE[1:]}")

    assert (row.outcome, dict(row.issues[0].facts)) == ("rejected", {"position": 1, "found": "O", "suggestion": "0"})


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        (36.0, 36, None), ("36.0", 36, None), ("１，２００人", 1200, None), ("约 50 人", 50, "headcount_approx"), ("大约50", 50, "headcount_approx"),
        ("50左右", 50, "headcount_approx"), ("300余", 300, "headcount_approx"), ("30—50", None, "headcount_range"), ("30~50人", None, "headcount_range"),
        (36.5, None, "headcount_invalid"), (-3, None, "headcount_invalid"), ("一百", None, "headcount_invalid"),
    ],
)  # fmt: skip
def test_a_headcount_as_number_or_text(cell, value, code):
    row = row_of(headcount=cell)

    assert (row.values["headcount"], [issue.code for issue in row.issues]) == (value, [code] if code else [])


@pytest.mark.parametrize("cell", [44260, 44260.5, "44260", "2021.03.05", "２０２１年３月５日", "2021/03/05 00:00:00", "20210305", 20210305])
def test_a_day_number_of_a_spreadsheet_is_its_day(cell):
    row = row_of(since=cell)

    assert (row.values["since"], row.issues) == ("2021-03-05", ())


@pytest.mark.parametrize("cell", ["05/03/2021", "2021", "2021-13-01", 19_999, 80_001, "44260人", "明年"])
def test_what_is_no_clear_day_stays_empty(cell):
    row = row_of(since=cell)

    assert (row.values["since"], [issue.code for issue in row.issues], row.outcome) == (None, ["date_invalid"], "warning")


@pytest.mark.parametrize("mark", ["\u200b", "\u200d", "\u202e", "\u2060", "\ufeff", "\u00ad"])
def test_marks_nobody_sees_leave_the_name_with_a_warning(mark):
    row = row_of(name_zh=f"宁波{mark}某厂")

    assert (row.values["name_zh"], [issue.code for issue in row.issues]) == ("宁波某厂", ["name_hidden_chars"])


@pytest.mark.parametrize("name", ["宁波 某厂", "宁波\u3000某厂\u00a0", "\t宁波某厂\n", "宁波\r\n某厂"])
def test_blanks_of_every_width_leave_a_chinese_name_silently(name):
    data = f'企业名称,统一社会信用代码\n"{name}",{CODE}\n'.encode()

    row = read_file("list.csv", data).rows[0]

    assert (row.values["name_zh"], row.issues, row.normalised) == ("宁波某厂", (), ("name_zh",))


@pytest.mark.parametrize(("text", "warned"), [("=1+1", True), ("@SUM(A1)", True), ("+1+1", False), ("-2+3", False)])
def test_text_that_looks_like_a_formula_is_kept_letter_by_letter(text, warned):
    data = f"企业名称,统一社会信用代码,地址\n宁波某厂,{CODE},{text}\n".encode()

    row = read_file("list.csv", data).rows[0]

    assert (row.values["address"], [issue.code for issue in row.issues]) == (text, ["starts_like_formula"] if warned else [])


def test_a_formula_without_a_stored_result_is_an_empty_cell():
    reading = read_book(
        ["企业名称", "统一社会信用代码", "地址"], ["宁波某厂", CODE, '=HYPERLINK("http://127.0.0.1","x")'], ["=A2", OTHER, "甲路"]
    )

    assert reading.rows[0].values["address"] == ""
    assert [issue.code for issue in reading.rows[1].issues] == ["name_missing"]
    assert "HYPERLINK" not in repr(reading)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le+bom", "utf-16-be+bom"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_each_encoding_with_each_delimiter(encoding, delimiter):
    text = "\r\n".join(delimiter.join(row) for row in (HEADER[:3], ["宁波某厂", CODE, "张三"], ["宁波乙厂", OTHER, ""]))
    bom = {"utf-16-le+bom": b"\xff\xfe", "utf-16-be+bom": b"\xfe\xff"}.get(encoding, b"")
    data = bom + text.encode(encoding.removesuffix("+bom"))

    reading = read_file("list.txt", data)

    assert outcomes(reading) == [(2, "accepted"), (3, "accepted")]
    assert reading.rows[0].values["contact"] == "张三"


def test_characters_of_four_bytes_in_gb18030_are_not_lost():
    name = "宁波𠮷㙦㛃䶮厂"

    reading = read_file("list.csv", f"企业名称,统一社会信用代码\n{name},{CODE}\n".encode("gb18030"))

    assert reading.rows[0].values["name_zh"] == name


@pytest.mark.parametrize("deep", [1, 6, 9])
def test_a_header_may_stand_as_deep_as_the_tenth_row(deep):
    above = [["供应商登记表"]] + [[None]] * (deep - 1) if deep else []

    reading = read_book(*above, HEADER[:2], ["宁波某厂", CODE])

    assert (reading.columns.header_row, outcomes(reading)) == (deep + 1, [(deep + 2, "accepted")])


def test_merged_titles_blank_formatted_rows_totals_and_notes_are_no_firms():
    book = book_of(
        ["二〇二六年供应商名单"],
        [None],
        HEADER,
        ["宁波某厂", CODE],
        [None],
        ["宁波乙厂", OTHER],
        ["合计", None, None, None, None, None, None, 86],
        ["注：以执照为准"],
    )
    book.active.merge_cells("A1:J1")
    for column in range(1, 11):
        book.active[f"{get_column_letter(column)}5"].fill = openpyxl.styles.PatternFill("solid", fgColor="FFFF00")
        book.active[f"{get_column_letter(column)}40"].number_format = "0.00"

    reading = read_file("list.xlsx", saved(book))

    assert outcomes(reading) == [(4, "accepted"), (5, "skipped"), (6, "accepted"), (7, "skipped"), (8, "skipped")]
    assert [row.reason for row in reading.rows if row.reason] == ["blank_row", "totals_row", "notes_row"]


@pytest.mark.parametrize("word", ["合计", "合 计", "总计：", "Total", "小计（万元）"])
def test_every_word_for_a_total_is_left_out(word):
    assert [row.reason for row in read_book(HEADER, ["宁波某厂", CODE], [word]).rows] == [None, "totals_row"]


def test_hidden_sheets_are_named_and_hidden_rows_are_rows():
    book = book_of(HEADER[:2], ["宁波某厂", CODE], ["宁波乙厂", OTHER])
    book.active.row_dimensions[3].hidden = True
    secret = book.create_sheet("底价")
    secret.append(["企业名称", "统一社会信用代码"])
    secret.append(["不可见厂", THIRD])
    secret.sheet_state = "hidden"

    reading = read_file("list.xlsx", saved(book))

    assert outcomes(reading) == [(2, "accepted"), (3, "accepted")]
    assert [(message.code, message.found) for message in reading.messages] == [("hidden_sheet_ignored", "底价")]
    assert "不可见厂" not in repr(reading)


def test_two_columns_with_one_header_are_asked_about_in_a_workbook_too():
    reading = read_book(["企业名称", "统一社会信用代码", "电话", "手机"], ["宁波某厂", CODE, "", "19000007018"])

    assert (reading.file_result, [message.code for message in reading.messages if message.level == "error"]) == (
        "needs_mapping",
        ["column_twice"],
    )


@pytest.mark.parametrize(
    "text", ["0574-88001234 / 19000007018", "19000007018,0574-88001234", "19000007018 或 19000007019", "1900000701819000007019"]
)
def test_of_two_telephones_the_first_mobile_is_taken_and_said(text):
    data = f"企业名称\t统一社会信用代码\t手机号\n宁波某厂\t{CODE}\t{text}\n".encode()

    row = read_file("list.tsv", data).rows[0]

    assert (row.values["phone"], [issue.code for issue in row.issues]) == ("+8619000007018", ["phone_several"])


def test_a_header_of_thousands_of_columns_is_read_as_far_as_a_person_could():
    wide = ["企业名称", "统一社会信用代码", *(f"备用{n}" for n in range(5_000)), "手机号"]

    reading = read_file("list.csv", f"{','.join(wide)}\n宁波某厂,{CODE}\n".encode())

    assert len(reading.columns.columns) == 200
    assert outcomes(reading) == [(2, "accepted")]
    assert [(message.code, message.facts) for message in reading.messages if message.code == "columns_too_many"] == [
        ("columns_too_many", {"most": 200})
    ]


def test_a_list_without_a_header_and_with_thousands_of_cells_in_a_row_asks_about_two_hundred_columns():
    table = read_pasted("\n".join(["甲," * 3_000] * 2))

    columns = map_columns(table)

    assert (columns.needs_mapping, len(columns.columns)) == (True, 200)
    assert read(table, columns).rows == ()


def test_rows_of_any_length_are_rows():
    data = f"企业名称,统一社会信用代码,联系人\n宁波某厂,{CODE}\n\n,,\n宁波乙厂,{OTHER},张三,,,\n宁波丙厂\n".encode()

    assert outcomes(read_file("list.csv", data)) == [(2, "accepted"), (3, "skipped"), (4, "skipped"), (5, "accepted"), (6, "rejected")]
