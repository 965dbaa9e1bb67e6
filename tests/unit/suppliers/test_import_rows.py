"""Single cells and rows beside each other: what is silent, what warns, what is rejected."""

import json
from itertools import count

import pytest

from parties import uscc
from suppliers.imports import map_columns, mend, read, read_file, read_pasted, row_from_dict, settle

CODE, OTHER, THIRD = "0DEM04E914JL3PWRKK", "0DEM0B65AKBN4TH2CJ", "0DEM091QNECBJWFYPK"


def read_lines(*lines: str, header: str = "企业名称\t统一社会信用代码\t手机号\t所属环节\t所在区\t街道\t员工人数\t地址\t合作起始日期", known=None):
    table = read_pasted("\n".join([header, *lines]))
    reading = read(table, map_columns(table), known)
    assert reading.file_result == "read", reading.messages
    return reading.rows


def one(field: str, text: str, **more: str):
    """The row of a firm that is in order but for one field."""
    places = ["name_zh", "uscc", "phone", "nodes", "region", "town", "headcount", "address", "since"]
    cells = {"name_zh": "宁波某厂", "uscc": CODE, field: text, **more}
    return read_lines("\t".join(cells.get(place, "") for place in places))[0]


def codes(row) -> list[str]:
    return [issue.code for issue in row.issues]


@pytest.mark.parametrize(
    "text", ["+86 190 0000 8229", "0086-19000008229", "8619000008229", "19000008229.0", "１９０－００００－８２２９", "190\u00a00000\u20118229"]
)
def test_a_mobile_number_is_put_in_order_silently(text):
    row = one("phone", text)

    assert (row.values["phone"], codes(row), row.normalised) == ("+8619000008229", [], ("phone",))
    assert row.original["phone"] == text


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("0574-80000035", None, "phone_not_mobile"), ("(0574)80000035转801", None, "phone_not_mobile"), ("88880000", None, "phone_not_mobile"),
        ("400-123-4567", None, "phone_not_mobile"), ("1900000312", None, "phone_invalid"), ("190000082290", None, "phone_invalid"),
        ("1.9E+10", None, "phone_invalid"), ("19000009468、19000009034", "+8619000009468", "phone_several"),
        ("19000009468 19000009034", "+8619000009468", "phone_several"), ("0574-80000035/19000008229", "+8619000008229", "phone_several"),
    ],
)
def test_a_phone_that_is_not_one_mobile_number_warns(text, value, code):
    row = one("phone", text)

    assert (row.values["phone"], codes(row), row.outcome) == (value, [code], "warning")


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("12 人", 12, None), ("1,200人", 1200, None), ("36.0", 36, None), ("约50人", 50, "headcount_approx"), ("50余人", 50, "headcount_approx"),
        ("50多", 50, "headcount_approx"), ("50人左右", 50, "headcount_approx"), ("20～30人", None, "headcount_range"),
        ("20至30", None, "headcount_range"), ("36.5", None, "headcount_invalid"), ("五十", None, "headcount_invalid"),
        ("1,20", None, "headcount_invalid"), ("50人以上", None, "headcount_invalid"), ("-5", None, "headcount_invalid"),
        ("99999999999", None, "headcount_invalid"),
    ],
)
def test_a_headcount_is_a_number_or_says_why_not(text, value, code):
    row = one("headcount", text)

    assert (row.values["headcount"], codes(row)) == (value, [code] if code else [])


@pytest.mark.parametrize("text", ["2021-03-05", "2021/3/5", "2021.3.5", "2021年3月5日", "20210305", "44260", "44260.75", "2021-03-05 08:30:00"])
def test_every_usual_way_to_write_a_day_is_that_day(text):
    row = one("since", text)

    assert (row.values["since"], codes(row)) == ("2021-03-05", [])


@pytest.mark.parametrize("text", ["03/04/2025", "去年", "2021-02-30", "2021年3月", "19999", "80001"])
def test_a_day_that_can_be_read_two_ways_or_none_stays_empty(text):
    row = one("since", text)

    assert (row.values["since"], codes(row)) == (None, ["date_invalid"])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("浙江省宁波市海曙区", "330203"), ("HAISHU DISTRICT", "330203"), ("Ningbo Haishu", "330203"), ("Cixi City", "330282"), ("奉化市", "330213"),
        ("象山", "330225"), ("宁波高新区", "GX"), ("Hi-tech Zone", "GX"), ("前湾", "QW"), ("Qianwan New Area", "QW"),
    ],
)
def test_a_district_is_known_in_both_languages_with_and_without_its_kind(text, code):
    assert one("region", text).values["region"] == code


@pytest.mark.parametrize("text", ["宁波市", "江东区", "杭州市余杭区", "海曙区古林镇"])
def test_any_other_place_is_left_empty_and_named(text):
    row = one("region", text)

    assert (row.values["region"], [(issue.code, issue.facts["found"]) for issue in row.issues]) == (None, [("region_unknown", text)])


@pytest.mark.parametrize(
    ("region", "text", "town", "code"),
    [
        ("海曙区", "石碶", "石碶街道", None), ("", "石碶街道", "石碶街道", None), ("江东区", "石碶街道", "石碶街道", "region_unknown"),
        ("鄞州", "五乡", "五乡镇", None), ("慈溪市", "石碶", None, "town_not_in_region"), ("海曙区", "集仕港镇", None, "town_unknown"),
    ],
)
def test_a_town_is_judged_within_its_district(region, text, town, code):
    row = one("town", text, region=region)

    assert (row.values["town"], codes(row)) == (town, [code] if code else [])


@pytest.mark.parametrize(
    ("text", "nodes", "unknown"),
    [
        ("针织、服装;家纺＋拉链", ["knitting", "garment", "home", "trims"], []), ("Dyeing & finishing", ["dyeing"], []), ("FIBRE", ["fibre"], []),
        ("Weaving / Knitting", ["weaving", "knitting"], []), ("服装，综合类", ["garment"], ["综合类"]), ("印染、染整", ["dyeing"], []),
    ],
)
def test_chain_nodes_are_split_and_an_unknown_word_asks(text, nodes, unknown):
    row = one("nodes", text)

    assert row.values["nodes"] == nodes
    assert [issue.facts["found"] for issue in row.issues if issue.code == "node_unknown"] == unknown


def test_unseen_marks_in_a_name_are_taken_out_with_a_warning_and_in_a_code_silently():
    row = one("name_zh", "宁波\u200b某\u202e厂", uscc=f"\u2060{CODE[:9]}\u200b{CODE[9:]}")

    assert (row.values["name_zh"], row.values["uscc"]) == ("宁波某厂", CODE)
    assert codes(row) == ["name_hidden_chars"]
    assert row.normalised == ("uscc",)


@pytest.mark.parametrize("text", ['=HYPERLINK("http://127.0.0.1")', "@SUM(1)"])
def test_text_like_a_formula_is_kept_as_text_and_warned_of(text):
    row = one("address", text)

    assert (row.values["address"], codes(row), row.issues[0].cell) == (text, ["starts_like_formula"], "H2")


def test_a_name_longer_than_can_be_kept_is_rejected_and_never_cut():
    row = one("name_zh", "长" * 81)

    assert (row.outcome, codes(row), row.original["name_zh"]) == ("rejected", ["text_too_long"], "长" * 81)


def test_cells_beyond_the_header_are_pointed_out():
    rows = read_lines(f"宁波某厂\t{CODE}\t2楼", header="企业名称\t统一社会信用代码")

    assert [(issue.code, issue.facts) for issue in rows[0].issues] == [("cells_beyond_header", {"found": "2楼"})]


def test_rejected_rows_do_not_make_a_firm_so_a_later_good_row_does():
    rows = read_lines(f"\t{CODE}", f"宁波某厂\t{CODE}", f"宁波某厂 \t{CODE}")

    assert [(row.number, row.outcome, row.duplicate_of) for row in rows] == [(2, "rejected", None), (3, "accepted", None), (4, "duplicate", 3)]


def test_blank_cells_do_not_differ_and_what_the_first_lacks_is_named():
    rows = read_lines(f"宁波某厂\t{CODE}\t19000008229\t针织、服装", f"宁波某厂\t{CODE}\t19000008230\t服装、针织\t海曙区")

    assert (rows[1].differs, rows[1].adds) == (("phone",), ("region",))


def test_old_characters_make_no_second_name():
    rows = read_lines(f"宁波華紡織厂\t{CODE}", f"宁波华纺织厂\t{OTHER}")

    assert rows[0].values["name_zh"] == "宁波華紡織厂"
    assert [(issue.code, issue.facts) for issue in rows[1].issues] == [("same_name_other_uscc", {"other_row": 2})]


def test_the_owners_own_firms_are_duplicates_and_its_names_are_compared():
    known = {CODE: {"name_zh": "宁波某厂", "phone": "+8619000008229"}}

    rows = read_lines(f"宁波某厂\t{CODE}\t19000008230", f"宁波某厂\t{OTHER}", known=known)

    assert (rows[0].outcome, rows[0].known, rows[0].differs) == ("duplicate", True, ("phone",))
    assert (rows[1].outcome, rows[1].issues[0].facts) == ("warning", {"other_uscc": CODE})


def test_totals_notes_and_repeated_headers_are_skipped_and_counted():
    rows = read_lines(
        f"宁波某厂\t{CODE}", "企业名称\t统一社会信用代码\t手机号", f"宁波乙厂\t{OTHER}", "", "合 计：\t\t\t\t\t\t120", "注：1. 按营业执照填写", "2. 手机号用于接收邀请",
        "填表人：张三\t\t\t审核：李四",
    )

    assert [row.reason for row in rows] == [None, "header_again", None, "blank_row", "totals_row", "notes_row", "notes_row", "notes_row"]
    assert [row.outcome for row in rows if row.reason] == ["skipped"] * 6


def test_a_firm_whose_name_begins_like_a_note_is_not_skipped():
    rows = read_lines(f"说明书印刷厂\t{CODE}", "注塑厂\t", f"宁波乙厂\t{OTHER}")

    assert [row.outcome for row in rows] == ["accepted", "rejected", "accepted"]


def test_a_mended_row_is_read_anew_and_the_others_settle_around_it():
    rows = list(read_lines(f"宁波某厂\t{CODE[:-1]}", f"宁波乙厂\t{CODE}"))
    assert [row.outcome for row in rows] == ["rejected", "accepted"]

    rows[0] = mend(rows[0], "uscc", CODE)
    settled = settle(rows)

    assert [(row.outcome, row.duplicate_of) for row in settled] == [("accepted", None), ("duplicate", 2)]
    assert settle(settled) == settled
    with pytest.raises(ValueError, match="colour"):
        mend(rows[0], "colour", "red")


def test_a_row_survives_its_journey_through_json():
    rows = read_lines(f"宁波某厂\t{CODE}\t0574-80000035", f"宁波某厂\t{CODE}", "合计")

    assert [row_from_dict(json.loads(json.dumps(row.as_dict()))) for row in rows] == list(rows)


def test_twenty_thousand_rows_take_seconds_and_not_minutes():
    serial = count(10**9)
    bodies = (f"0DEM0{next(serial):012d}" for _ in range(20_000))
    lines = [f"宁波第{index}厂,{body}{uscc.check_character(body)},190{index:08d},针织,海曙区" for index, body in enumerate(bodies)]

    reading = read_file("list.csv", ("企业名称,统一社会信用代码,手机号,环节,所在区\n" + "\n".join(lines)).encode())

    assert reading.totals["accepted"] == 20_000
