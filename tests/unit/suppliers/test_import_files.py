"""Files of every encoding and shape: what is read, what asks for a mapping, what is refused."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from suppliers.imports import Reading, map_columns, read, read_file, read_pasted, read_table

HOSTILE = Path(__file__).parents[2] / "data" / "hostile-files"
CODE, OTHER = "0DEM04E914JL3PWRKK", "0DEM0B65AKBN4TH2CJ"
NAME = "宁波蔚绶拉链有限公司（示例）"
HEADER = "企业名称,统一社会信用代码,手机号"
LINES = f"{HEADER}\r\n{NAME},{CODE},19000007018\r\n宁波初织羊绒原料有限公司（示例）,{OTHER},\r\n"


def firms(reading: Reading) -> list[tuple[str, str]]:
    assert reading.file_result == "read", reading.messages
    return [(row.values["name_zh"], row.values["uscc"]) for row in reading.rows if row.outcome != "skipped"]


TWO_FIRMS = [(NAME, CODE), ("宁波初织羊绒原料有限公司（示例）", OTHER)]


def workbook(*rows, sheets=(), merge=(), hidden=()) -> bytes:
    book = openpyxl.Workbook()
    for title, content in sheets:
        book.create_sheet(title, 0 if title.startswith("^") else None)
        for row in content:
            book[title].append(row)
    sheet = book["Sheet"]
    for row in rows:
        sheet.append(row)
    for area in merge:
        sheet.merge_cells(area)
    for title in hidden:
        book[title].sheet_state = "veryHidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(data: bytes, name: str, change) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            part = source.read(entry)
            target.writestr(entry.filename, change(part) if entry.filename == name else part)
    return out.getvalue()


@pytest.mark.parametrize(
    ("encoding", "reported"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("gb18030", "gb18030"), ("gbk", "gb18030")],
)
def test_every_usual_encoding_is_found_without_being_told(encoding, reported):
    reading = read_file("list.csv", LINES.encode(encoding))

    assert reading.table.encoding == reported
    assert firms(reading) == TWO_FIRMS


def test_big_endian_utf_16_with_its_mark_is_read():
    assert firms(read_file("list.csv", b"\xfe\xff" + LINES.encode("utf-16-be"))) == TWO_FIRMS


def test_characters_that_moved_out_of_private_use_keep_their_meaning():
    data = LINES.encode("gb18030").replace("蔚绶".encode("gb18030"), bytes.fromhex("FE59FEA0"))

    assert firms(read_file("list.csv", data))[0][0] == "宁波\u9fb4\u9fbb拉链有限公司（示例）"


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r"])
def test_delimiter_and_line_end_are_found(delimiter, ending):
    reading = read_file("list.txt", LINES.replace("\r\n", ending).replace(",", delimiter).encode())

    assert reading.table.delimiter == delimiter
    assert firms(reading) == TWO_FIRMS


def test_semicolons_part_columns_although_commas_stand_in_the_cells():
    data = f"企业名称;统一社会信用代码;地址\n{NAME};{CODE};甲路1号,2楼,3室\n".encode()

    reading = read_file("list.csv", data)

    assert reading.table.delimiter == ";"
    assert reading.rows[0].values["address"] == "甲路1号,2楼,3室"


def test_a_last_line_without_end_is_a_row():
    assert firms(read_file("list.csv", LINES.rstrip().encode())) == TWO_FIRMS


def test_line_breaks_and_delimiters_inside_quotes_belong_to_the_cell():
    data = f'企业名称,统一社会信用代码,地址\n"宁波蔚绶\n拉链有限公司（示例）",{CODE},"甲路1号,\r\n2楼"\n{NAME},{OTHER},"说""好"""\n'.encode()

    reading = read_file("list.csv", data)

    assert [row.number for row in reading.rows] == [2, 3]
    assert reading.rows[0].values["name_zh"] == NAME
    assert reading.rows[0].values["address"] == "甲路1号, 2楼"
    assert reading.rows[1].values["address"] == '说"好"'


def test_a_forgotten_quotation_mark_does_not_swallow_the_rows_below():
    data = f'{HEADER}\n"{NAME},{CODE},19000007018\n宁波初织羊绒原料有限公司（示例）,{OTHER},\n'.encode()

    reading = read_file("list.csv", data)

    assert [message.code for message in reading.messages] == ["quote_unclosed"]
    assert [row.values["uscc"] for row in reading.rows] == [CODE, OTHER]
    assert reading.rows[0].original["name_zh"] == f'"{NAME}'


def test_a_quotation_mark_in_the_middle_of_a_cell_is_text():
    data = f'企业名称,统一社会信用代码,地址\n{NAME},{CODE},幅宽5"\n宁波初织羊绒原料有限公司（示例）,{OTHER},\n'.encode()

    reading = read_file("list.csv", data)

    assert firms(reading) == TWO_FIRMS
    assert reading.rows[0].values["address"] == '幅宽5"'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"\xef\xbb\xbf  \r\n", "file_empty"),
        (f"{HEADER}\r\n".encode(), "rows_missing"),
        (f"{HEADER}\r\n,,\r\n合计,,\r\n".encode(), "rows_missing"),
        (b"\x80\xff,\xff\n", "encoding_unknown"),
        (b"\x80\xff\x00\x01", "not_a_table"),
        (b"%PDF-1.7\n\x00\x01\x02", "not_a_table"),
        (b"\xef\xbb\xbf%PDF-1.4\n" + f"{HEADER}\r\n".encode(), "not_a_table"),
        (b"%!PS-Adobe-3.0\n", "not_a_table"),
        (b"\x7fELF\x02\x01\x01\x00", "not_a_table"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not_a_table"),
        (b"\xff\xd8\xff\xe0 JFIF", "not_a_table"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html><html><table><tr><td>lot</td></tr></table></html>", "web_page"),
        (b"<html xmlns:x='urn:schemas-microsoft-com:office:excel'><table>", "web_page"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "web_page"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "workbook_old_or_protected"),
        (b"PK\x03\x04 cut short", "not_a_workbook"),
    ],
)
def test_what_is_no_list_is_refused_with_one_reason_and_no_rows(data, code):
    reading = read_file("list.csv", data)

    assert (reading.file_result, reading.messages[0].code, reading.rows) == ("refused", code, ())


def test_a_cell_that_begins_like_a_program_is_a_cell_unless_the_name_says_program_too():
    data = f"MZ-12,{HEADER}\r\n,{NAME},{CODE},\r\n".encode()

    assert read_file("list.csv", data).file_result != "refused"
    assert [message.code for message in read_file("SETUP.EXE", data).messages] == ["not_a_table"]


def test_a_list_without_a_header_asks_and_does_not_swallow_its_first_row():
    data = LINES.split("\r\n", 1)[1].encode()
    reading = read_file("list.csv", data)
    assert (reading.file_result, reading.columns.header_row, reading.rows) == ("needs_mapping", None, ())
    assert [message.code for message in reading.messages] == ["header_missing"]

    told = read(reading.table, map_columns(reading.table, chosen={0: "name_zh", 1: "uscc", 2: "phone"}))

    assert firms(told) == TWO_FIRMS
    assert told.columns.first_data_row == 1


def test_two_columns_of_one_meaning_ask_which_is_meant():
    data = f"企业名称,统一社会信用代码,手机号,手机号\n{NAME},{CODE},19000007018,19000007019\n".encode()
    reading = read_file("list.csv", data)
    assert reading.file_result == "needs_mapping"
    assert [(m.code, m.found, m.facts["field"]) for m in reading.messages] == [("column_twice", "手机号、手机号", "phone")]

    told = read(reading.table, map_columns(reading.table, chosen={0: "name_zh", 1: "uscc", 3: "phone"}))

    assert told.rows[0].values["phone"] == "+8619000007019"


def test_a_list_without_a_code_column_asks_for_it():
    reading = read_file("list.csv", f"企业名称,手机号\n{NAME},19000007018\n".encode())

    assert reading.file_result == "needs_mapping"
    assert [(message.code, message.facts) for message in reading.messages] == [("column_missing", {"field": "uscc"})]


def test_what_an_owner_said_once_is_remembered_for_the_next_file():
    data = f"厂牌,证照编码\n{NAME},{CODE}\n".encode()
    assert read_file("list.csv", data).file_result == "needs_mapping"

    reading = read_file("list.csv", data, remembered={"厂牌": "name_zh", "证照编码": "uscc"})

    assert firms(reading) == [(NAME, CODE)]


def test_a_mapping_to_a_field_that_does_not_exist_is_refused():
    table = read_table("list.csv", LINES.encode())

    with pytest.raises(ValueError, match="colour"):
        map_columns(table, chosen={0: "colour"})


@pytest.mark.parametrize(
    "header",
    [
        " * 企业 名称 （必填）,统一社会信用代码（18位）*,手机号",
        "Supplier Name,Unified Social Credit Code,Mobile Phone",
        "COMPANY NAME (Chinese),USCC*,phone",
        "供应商名称,社会信用代码,联系电话",
    ],
)
def test_headers_are_known_whatever_their_case_spaces_stars_and_remarks(header):
    assert firms(read_file("list.csv", LINES.replace(HEADER, header).encode())) == TWO_FIRMS


def test_columns_may_stand_in_any_order_below_title_rows():
    data = f"2025年供应商登记表\n\n序号,手机号,统一社会信用代码,企业名称\n1,19000007018,{CODE},{NAME}\n".encode()

    reading = read_file("list.csv", data)

    assert (reading.columns.header_row, reading.columns.first_data_row) == (3, 4)
    assert firms(reading) == [(NAME, CODE)]
    assert [(message.level, message.code, message.found) for message in reading.messages] == [("warning", "column_unmapped", "序号")]


def test_a_header_below_the_tenth_row_is_not_looked_for():
    data = ("标题\n" * 10 + LINES).encode()

    assert read_file("list.csv", data).file_result == "needs_mapping"


def test_pasted_cells_are_read_like_a_file():
    table = read_pasted(LINES.replace(",", "\t"))

    assert firms(read(table, map_columns(table))) == TWO_FIRMS


def test_the_sheet_with_the_header_is_read_and_the_others_are_named():
    data = workbook(
        ["企业名称", "统一社会信用代码"], [NAME, CODE], sheets=[("^说明", [["请按营业执照填写"]]), ("旧名单", [["企业名称", "统一社会信用代码"]])],
        hidden=["旧名单"],
    )

    reading = read_file("list.xlsx", data)

    assert reading.table.sheet == "Sheet"
    assert firms(reading) == [(NAME, CODE)]
    assert {(message.level, message.code, message.found) for message in reading.messages} == {
        ("warning", "sheet_not_read", "^说明"), ("info", "hidden_sheet_ignored", "旧名单"),
    }


def test_a_cell_merged_over_rows_stands_in_each_of_them():
    data = workbook(["企业名称", "统一社会信用代码", "所在区"], [NAME, CODE, "海曙区"], ["宁波某厂", OTHER, None], merge=["C2:C3"])

    assert [row.values["region"] for row in read_file("list.xlsx", data).rows] == ["330203", "330203"]


def test_a_code_that_a_spreadsheet_made_a_number_is_said_to_be_one():
    reading = read_file("list.xlsx", workbook(["企业名称", "统一社会信用代码"], [NAME, 123502001549897397]))

    assert [(issue.code, issue.cell) for issue in reading.rows[0].issues] == [("uscc_number_form", "B2")]


def test_a_formula_gives_its_stored_result_or_nothing_and_text_like_one_stays_text():
    table = read_table("formula.xlsx", (HOSTILE / "formula.xlsx").read_bytes())

    assert [record.cells[0] for record in table.records] == ["", "+1+1", "-2+3", "@SUM(1)", "\t=1+1", "\n=1+1", "＝1+1", "正常值"]
    assert read_file("formula.xlsx", (HOSTILE / "formula.xlsx").read_bytes()).file_result == "needs_mapping"


@pytest.mark.parametrize("name", ["bomb.zip", "nested.zip", "slip.zip", "many.zip", "liar.zip"])
def test_hostile_packages_are_refused_before_a_parser_sees_them(name):
    reading = read_file("list.xlsx", (HOSTILE / name).read_bytes())

    assert (reading.file_result, reading.rows) == ("refused", ())


def test_a_part_that_unpacks_a_hundredfold_is_refused():
    data = repacked(workbook([HEADER]), "xl/theme/theme1.xml", lambda part: b" " * 50_000_000)

    assert read_file("list.xlsx", data).messages[0].code == "package_too_big"


def test_entities_in_any_part_are_refused():
    laughs = b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    data = repacked(workbook([HEADER]), "xl/worksheets/sheet1.xml", lambda part: laughs + part)

    assert read_file("list.xlsx", data).messages[0].code == "xml_declares_entities"


def test_a_stray_cell_at_the_far_end_of_a_sheet_is_refused_and_not_allocated():
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "企业名称", "x"
    out = io.BytesIO()
    book.save(out)

    assert read_file("list.xlsx", out.getvalue()).messages[0].code == "sheet_too_large"


def test_a_million_formatted_empty_rows_cost_nothing():
    book = openpyxl.Workbook()
    for row in (["企业名称", "统一社会信用代码"], [NAME, CODE]):
        book.active.append(row)
    book.active.row_dimensions[1_048_576].height = 20
    book.active["XFD1048576"].number_format = "0.00"
    out = io.BytesIO()
    book.save(out)

    assert firms(read_file("list.xlsx", out.getvalue())) == [(NAME, CODE)]
