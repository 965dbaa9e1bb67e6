"""Whatever is in a file: no row is lost, nothing raises, and a second time changes nothing."""

import csv
import io
import json
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from parties import uscc
from suppliers.imports import FIELDS, Record, Table, map_columns, mend, read, read_file, row_from_dict, settle

ANYTHING = st.text(st.characters(), max_size=40)
TYPED = st.sampled_from([
    "0DEM04E914JL3PWRKK", "0DEM0B65AKBN4TH2CJ", "ODEM04E914JL3PWRKK", "宁波某厂", "宁波某厂（示例）", "19000007018", "0574-80000035", "针织、服装",
    "海曙区", "石碶", "约50人", "20-30", "2021年3月5日", "=1+1", "合计", "注：", "", " ", "\u200b", "企业名称", "统一社会信用代码", '"', "'", "1.2E+17",
])
CELL = st.one_of(TYPED, ANYTHING, st.integers(), st.floats(allow_nan=True))
CODE = st.text("0DEM123", min_size=12, max_size=12).map(lambda body: f"0DEM0{body}").map(lambda body: body + uscc.check_character(body))
FIRM = st.tuples(st.sampled_from(["甲厂", "乙厂", "丙 厂"]), CODE, st.sampled_from(["", "19000007018", "x"]))


@given(st.lists(st.lists(CELL, max_size=len(FIELDS) + 2).map(tuple), min_size=1, max_size=12))
@settings(max_examples=200, deadline=None)
def test_no_cell_raises_and_every_row_is_there_once(rows):
    table = Table("xlsx", tuple(Record(number, cells) for number, cells in enumerate(rows, start=1)))
    columns = map_columns(table, chosen=dict(enumerate(FIELDS)))

    reading = read(table, columns)

    if reading.file_result == "read":
        below_header = [record for record in table.records if record.number >= columns.first_data_row]
        assert [(row.number, row.raw) for row in reading.rows] == [(record.number, record.cells) for record in below_header]
        assert all(row.outcome == "rejected" for row in reading.rows if any(issue.level == "error" for issue in row.issues))
        stored = [row_from_dict(json.loads(json.dumps(row.as_dict()))) for row in reading.rows]
        assert repr(stored) == repr(list(reading.rows))


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_no_bytes_raise(data):
    assert read_file("list.csv", data).file_result in ("read", "needs_mapping", "refused")


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_damaged_workbook_never_raises(data):
    whole = (Path(__file__).parents[2] / "data" / "import-samples" / "suppliers.xlsx").read_bytes()
    at, what = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.binary(min_size=1, max_size=8))

    reading = read_file("list.xlsx", whole[:at] + what + whole[at + len(what) :])

    assert reading.file_result in ("read", "needs_mapping", "refused")


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12), min_size=2, max_size=4), min_size=1, max_size=8))
@settings(max_examples=150, deadline=None)
def test_a_well_formed_csv_keeps_every_record(rows):
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([["企业名称", "统一社会信用代码", "手机号", "地址"], *rows])

    reading = read_file("list.csv", out.getvalue().encode())

    if reading.file_result == "read":
        assert [row.number for row in reading.rows] == list(range(2, len(rows) + 2))
        assert [row.raw for row in reading.rows] == [tuple(row) for row in rows]


@given(st.lists(FIRM, min_size=1, max_size=12))
@settings(max_examples=100, deadline=None)
def test_a_second_time_changes_nothing_and_one_code_is_one_firm(firms):
    data = ("企业名称,统一社会信用代码,手机号\n" + "\n".join(",".join(firm) for firm in firms)).encode()
    first = read_file("list.csv", data)
    made = {row.values["uscc"]: row.values for row in first.rows if row.outcome in ("accepted", "warning")}

    second = read_file("list.csv", data, known=made)

    assert len(made) == len({code for _, code, _ in firms}) == sum(row.outcome in ("accepted", "warning") for row in first.rows)
    assert {row.outcome for row in second.rows} == {"duplicate"}
    assert settle(first.rows) == list(first.rows)


@given(FIRM, st.sampled_from(FIELDS[:4]), ANYTHING)
@settings(max_examples=100, deadline=None)
def test_mending_back_what_was_typed_restores_the_row(firm, field, text):
    table = Table("text", (Record(2, (*firm, "")),))
    row = read(table, map_columns(table, chosen={0: "name_zh", 1: "uscc", 2: "phone", 3: "contact"})).rows[0]

    assert mend(mend(row, field, text), field, row.original[field]) == row
