"""Sheets with a lot a row and its readings side by side, with every rule bent once."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from inspections.reading import Reading, ResultRow, context_from_json, read_file

SAMPLES = Path(__file__).parents[2] / "data" / "import-samples"
CONTEXT = context_from_json(json.loads((SAMPLES / "context.json").read_text(encoding="utf-8")))
NOW = datetime(2026, 11, 1, 8, tzinfo=UTC)


def read(text: str | bytes, name: str = "results.csv") -> Reading:
    return read_file(name, text if isinstance(text, bytes) else text.encode(), CONTEXT, now=NOW)


def codes(said: dict[str, Any]) -> list[str]:
    return [issue["code"] for issue in said.get("issues", [])]


WIDE = "批号,生产日期,线密度 x1,线密度 x2,线密度 x3,pH值 x1,pH值 x2\n,,tex,tex,tex,,\n"


def wide(*rows: str, head: str = WIDE) -> Reading:
    return read(head + "\n".join(rows) + "\n")


def readings_of(row: ResultRow) -> dict[str, list[Any]]:
    return {each["characteristic"]: each["readings"] for each in row.as_dict()["values"]["subgroups"]}


def test_gaps_keep_their_place_and_words_are_readings_not_taken():
    reading = wide("YZ2504-001,2025-04-01,38.5,—,停机,6.8,", "YZ2504-002,2025-04-01,-,,/,,", "合计,,1,2,3,,", "平均值,,38,,,,")

    first, second, third, fourth = reading.rows
    assert (first.outcome, codes(first.as_dict()), first.issues[0].cell) == ("warning", ["reading_text"], "E3")
    assert readings_of(first) == {"YRN-CNT": [38.5, None, None], "PH": [6.8, None]}
    assert [(row.outcome, row.reason) for row in (second, third, fourth)] == [
        ("skipped", "no_readings"), ("skipped", "totals_row"), ("skipped", "totals_row"),
    ]  # fmt: skip


def test_an_impossible_reading_is_left_out_and_the_row_stands():
    (row,) = wide("YZ2504-001,2025-04-01,38.5,38.6,38.7,66,6.8").rows

    assert (row.outcome, [(issue.level, issue.code, issue.cell, issue.facts["found"]) for issue in row.issues]) == (
        "warning", [("error", "value_impossible", "F3", 66)],
    )  # fmt: skip
    assert readings_of(row)["PH"] == [None, 6.8]


@pytest.mark.parametrize(
    "head",
    [
        "批号,线密度(tex) x1,线密度(tex) x2\n", "批号,线密度x1（tex）,线密度x2（tex）\n", "批号,线密度-1,线密度-2\n,tex,tex\n", "批次号,YRN-CNT 1,YRN-CNT 2\n,tex,tex\n",
        "批号,线密度1,线密度2\n,特克斯,tex\n", "批号,线密度,\n,x1,x2\n,tex,tex\n", "Lot,线密度 #1,线密度 #2\n,TEX,tex\n",
    ],
)  # fmt: skip
def test_headers_of_readings_however_they_are_numbered(head):
    reading = wide("YZ2504-001,38.5,38.7", head=head)

    assert (reading.file_result, reading.totals["accepted"], reading.messages) == ("read", 1, ())
    assert readings_of(reading.rows[0]) == {"YRN-CNT": [38.5, 38.7]}


def test_units_above_the_readings_are_converted_with_a_word_or_refused():
    converted = wide("YZ2504-001,385,387", head="批号,线密度 x1,线密度 x2\n,dtex,dtex\n").rows[0]
    refused = wide("YZ2504-001,385,387", head="批号,线密度 x1,线密度 x2\n,kg,kg\n").rows[0]

    assert (converted.outcome, codes(converted.as_dict()), readings_of(converted)) == (
        "warning",
        ["unit_converted"],
        {"YRN-CNT": [38.5, 38.7]},
    )
    assert (refused.outcome, set(codes(refused.as_dict())), refused.sets) == ("rejected", {"unit_mismatch"}, ())


def test_no_unit_anywhere_is_said_once_for_the_sheet():
    reading = wide("YZ2504-001,38.5,38.7", head="批号,线密度 x1,线密度 x2\n")

    assert [(each.code, each.facts["assumed"]) for each in reading.messages] == [("unit_missing", "tex")]
    assert reading.rows[0].outcome == "accepted"


def test_the_same_row_twice_is_a_duplicate_and_other_readings_of_a_lot_are_said():
    reading = wide("YZ2504-001,,38.5,38.6,38.7,,", "YZ2504-001,,38.5,38.60,38.7,,", "YZ2504-001,,38.1,38.6,38.7,,", "YZ2504-001,,,,,6.8,")

    assert [(row.outcome, row.duplicate_of, codes(row.as_dict())) for row in reading.rows] == [
        ("accepted", None, []), ("duplicate", 3, []), ("warning", None, ["same_test_other_result"]), ("accepted", None, []),
    ]  # fmt: skip


def test_grades_and_bounds_stand_side_by_side_too():
    (row,) = wide("YZ2504-001,3-4,≥4,3.7,<20,ND", head="批号,起球 x1,起球 x2,起球 x3,甲醛 x1,甲醛 x2\n,,,,mg/kg,mg/kg\n").rows

    sets = {read.characteristic: (list(map(float, filter(None, read.readings))), read.qualifiers) for read in row.sets}
    assert sets == {"PIL": ([3.5, 4.0], ("=", ">=", "=")), "FOR": ([20.0, 20.0], ("<", "<"))}
    assert codes(row.as_dict()) == ["grade_invalid"]
