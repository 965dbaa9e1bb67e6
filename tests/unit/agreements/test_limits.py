"""What a limit may say, and what is told about each thing that it may not."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from agreements.limit_files import Line, judged, kept, read_limits
from agreements.limits import Fault, LimitSaid, Shelf, faults, has_run_out, said_as_marked, superseded_by
from jobs.exports import csv_bytes, xlsx_bytes
from suppliers.imports.shapes import FileRefused

DAY = date(2026, 8, 3)


def edition(code, supersedes=None, valid_from=None, valid_to=None):
    return SimpleNamespace(code=code, supersedes_id=supersedes, valid_from=valid_from, valid_to=valid_to)


def characteristic(code, kind, unit, direction):
    return SimpleNamespace(code=code, kind=kind, unit=unit, direction=direction)


SHELF = Shelf(
    {
        row.code: row
        for row in (
            characteristic("PH", "variable", "", "two"),
            characteristic("FOR", "censored", "mg/kg", "upper"),
            characteristic("BST", "variable", "kPa", "lower"),
            characteristic("CF-WAT", "ordinal", "级", "lower"),
            characteristic("COL-DE", "derived", "ΔE CMC(2:1)", "upper"),
            characteristic("ODO", "binary", "", "upper"),
        )
    },
    {row.code: row for row in (edition("M-1990"), edition("M-2010", "M-1990"), edition("M-2030", "M-2010", date(2030, 1, 1)))},
    {"M-1990": frozenset(["PH"]), "M-2010": frozenset(["PH", "FOR", "BST", "CF-WAT", "COL-DE", "ODO"]), "M-2030": frozenset(["PH"])},
    frozenset(["bedding"]),
)
PH = LimitSaid("PH", "M-2010", lower="4.0", upper="8.5", source_zh="GB 18401-2010，B 类", source_en="GB 18401-2010, class B", verified=True)
FOR = replace(PH, characteristic="FOR", lower="", upper="75", unit="mg/kg")
WAT = replace(PH, characteristic="CF-WAT", lower="", upper="", grade_floor="3-4")


@pytest.mark.parametrize(
    "said", [PH, FOR, WAT, replace(PH, product="bedding", safety_class="A", grade="first", target="6.5", max_cv_percent="3.5")]
)
def test_a_sound_limit_has_no_fault(said):
    assert faults(said, SHELF, on=DAY) == []


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        (replace(PH, characteristic="XX"), Fault("characteristic", "limit_characteristic_unknown", {"found": "XX"})),
        (replace(FOR, unit="ppm"), Fault("unit", "limit_unit_wrong", {"found": "ppm", "unit": "mg/kg", "of": "FOR"})),
        (replace(PH, unit="级"), Fault("unit", "limit_unit_wrong", {"found": "级", "unit": "–", "of": "PH"})),
        (replace(PH, edition="M-2020"), Fault("edition", "limit_edition_unknown", {"found": "M-2020"})),
        (replace(FOR, edition="M-2030"), Fault("edition", "limit_edition_measures_other", {"edition": "M-2030", "of": "FOR"})),
        (replace(PH, edition="M-1990"), Fault("edition", "limit_edition_superseded", {"edition": "M-1990", "newer": "M-2010"})),
        (replace(PH, product="sofa"), Fault("product", "limit_product_unknown", {"found": "sofa"})),
        (replace(PH, safety_class="D"), Fault("safety_class", "limit_class_unknown", {"found": "D"})),
        (replace(PH, lower="4,0"), Fault("lower", "limit_not_a_number", {"found": "4,0"})),
        (replace(PH, upper="1e3"), Fault("upper", "limit_not_a_number", {"found": "1e3"})),
        (replace(PH, lower="٤"), Fault("lower", "limit_not_a_number", {"found": "٤"})),
        (replace(PH, max_cv_percent="0"), Fault("max_cv_percent", "limit_variation_not_positive", {"found": "0"})),
        (replace(PH, max_cv_percent="-1"), Fault("max_cv_percent", "limit_variation_not_positive", {"found": "-1"})),
        (replace(WAT, grade_floor="2026-03-04"), Fault("grade_floor", "limit_not_a_half_step", {"found": "2026-03-04"})),
        (replace(PH, lower="", upper=""), Fault("lower", "limit_says_nothing")),
        (replace(PH, source_zh=" "), Fault("source_zh", "limit_source_missing")),
        (replace(PH, source_en="x" * 201), Fault("source_en", "limit_source_long", {"most": 200})),
        (replace(PH, read_in="x" * 201), Fault("read_in", "limit_source_long", {"most": 200})),
        (replace(PH, source_en="a table (unverified)"), Fault("source_en", "limit_verified_or_not")),
        (replace(WAT, lower="3"), Fault("lower", "limit_of_a_grade", {"of": "CF-WAT"})),
        (replace(WAT, max_cv_percent="5"), Fault("max_cv_percent", "limit_of_a_grade", {"of": "CF-WAT"})),
        (replace(PH, grade_floor="4"), Fault("grade_floor", "limit_is_no_grade", {"of": "PH", "kind": "variable"})),
        (replace(FOR, lower="1"), Fault("lower", "limit_has_no_lower", {"of": "FOR"})),
        (replace(PH, characteristic="BST"), Fault("upper", "limit_has_no_upper", {"of": "BST"})),
        (replace(PH, max_lot_delta_e="1.0"), Fault("max_lot_delta_e", "limit_delta_e_of_colour", {"of": "PH"})),
        (replace(PH, characteristic="ODO", lower="", upper="1"), Fault("upper", "limit_of_found_or_not", {"found": "1"})),
        (replace(PH, lower="9", upper="8.5"), Fault("upper", "limit_bounds_cross", {"lower": "9", "upper": "8.5"})),
        (replace(PH, target="3.9"), Fault("target", "limit_target_outside", {"found": "3.9"})),
    ],
)  # fmt: skip
def test_each_thing_wrong_is_named_at_its_field(said, fault):
    assert faults(said, SHELF, on=DAY) == [fault]


def test_an_edition_is_superseded_from_the_day_of_its_successor():
    assert superseded_by("M-2010", SHELF.editions.values(), on=date(2029, 12, 31)) == ""
    assert superseded_by("M-2010", SHELF.editions.values(), on=date(2030, 1, 1)) == "M-2030"
    assert superseded_by("M-1990", SHELF.editions.values(), on=date(1970, 1, 1)) == "M-2010"  # a day nobody has read counts as past


def test_an_edition_runs_out_after_its_last_day():
    last = edition("M", valid_to=DAY)

    assert (has_run_out(last, on=DAY), has_run_out(last, on=date(2026, 8, 4)), has_run_out(edition("N"), on=DAY)) == (False, True, False)


def test_what_nobody_verified_says_so_once():
    marked = {"source_zh": "一张表（待核实）", "source_en": "a table (unverified)"}

    assert said_as_marked(replace(PH, source_zh="一张表", source_en="a table", verified=False)) == marked
    assert said_as_marked(replace(PH, **marked, verified=False)) == marked


HEADS = ["characteristic", "方法版本", "Class", "Lower limit", "upper", "最低级数", "依据（中文）", "source_en", "verified"]
ROWS = [
    ["PH", "M-2010", "B", "4.0", "8.5", "", "GB", "GB", "yes"],
    ["PH", "M-2010", "B", "4.0", "9.0", "", "GB", "GB", "yes"],
    ["CF-WAT", "M-2010", "A", "", "", "3-4", "GB", "GB", "perhaps"],
    ["FOR", "M-2010", "A", "", "-20", "", "GB", "GB", ""],
]


@pytest.mark.parametrize("data", [csv_bytes(HEADS, ROWS), xlsx_bytes("limits", HEADS, ROWS)])
def test_a_table_is_read_row_by_row_as_it_was_written(data):
    lines = read_limits("limits", data)

    assert [line.number for line in lines] == [2, 3, 4, 5]
    assert lines[0].said == LimitSaid(
        "PH", "M-2010", safety_class="B", lower="4.0", upper="8.5", source_zh="GB", source_en="GB", verified=True
    )
    assert lines[2].faults == (Fault("verified", "limit_not_yes_or_no", {"found": "perhaps"}),)
    assert lines[3].said.upper == "-20"


def test_a_preview_tells_new_changed_same_faulty_twice_and_waiting_apart():
    stands = SimpleNamespace(
        lower="4.0",
        target="",
        upper="8.5",
        grade_floor="",
        max_cv_percent="",
        max_lot_delta_e="",
        source_zh="GB",
        source_en="GB",
        read_in="",
        verified=True,
    )
    place = ("PH", "M-2010", "", "B", "")
    lines = read_limits("limits.csv", csv_bytes(HEADS, ROWS))

    same, twice, odd, new = judged(lines, SHELF, {place: stands}, [], on=DAY)
    assert [line.outcome for line in (same, twice, odd, new)] == ["same", "faulty", "faulty", "new"]
    assert twice.faults == (Fault("characteristic", "limit_twice_in_file", {"row": 2}),)
    (changed,) = judged([lines[1]], SHELF, {place: stands}, [], on=DAY)
    assert (changed.outcome, changed.changes) == ("changed", (("upper", "8.5", "9.0"),))
    (waits,) = judged([lines[1]], SHELF, {place: stands}, [place], on=DAY)
    assert waits.faults == (Fault("characteristic", "limit_draft_waits"),)


def test_what_a_preview_hands_on_is_read_again_as_it_was():
    lines = [Line(1, PH), Line(2, WAT), Line(3, FOR, outcome="same")]

    assert [line.said for line in read_limits("rows.json", kept(lines).encode())] == [PH, WAT]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "limits_empty"),
        (b" \n", "limits_empty"),
        (b"[]", "limits_empty"),
        (b"[1]", "limits_not_json"),
        (b'{"limits": 3}', "limits_not_json"),
        (b"[{", "limits_not_json"),
        (b"[" * 20000, "limits_not_json"),
        (b'[{"minimum": 3}]', "limits_head_unknown"),
        (b"characteristic,minimum\nPH,3\n", "limits_head_unknown"),
        (b"characteristic,edition,lower,source_zh\nPH,M-2010,3,GB\n", "limits_head_missing"),
        (csv_bytes(HEADS, ROWS[:1] * 1001), "limits_too_many"),
        (b"x" * (2 * 1024 * 1024 + 1), "limits_too_large"),
        (b"\xd0\xcf\x11\xe0" + b"0" * 600, "workbook_old_or_protected"),
    ],
)
def test_a_file_that_is_no_list_of_limits_is_refused_with_one_reason(data, code):
    with pytest.raises(FileRefused) as refused:
        read_limits("limits", data)

    assert refused.value.message.code == code
