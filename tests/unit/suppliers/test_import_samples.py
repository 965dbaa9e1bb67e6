"""Every sample list comes out exactly as the file of expectations beside it says."""

import json
from pathlib import Path
from typing import Any

import pytest

from suppliers.imports import Reading, Row, read_file

SAMPLES = Path(__file__).parents[2] / "data" / "import-samples"
FILES = ("suppliers-utf8.csv", "suppliers-gb18030.csv", "suppliers.xlsx", "uscc-check.csv")


def expected(name: str) -> dict[str, Any]:
    return json.loads((SAMPLES / f"{name}.expected.json").read_text(encoding="utf-8"))


def read_sample(name: str, known: dict[str, Any] | None = None) -> Reading:
    return read_file(name, (SAMPLES / name).read_bytes(), known=known)


ROWS = [pytest.param(name, row, id=f"{name}-{row['row']}") for name in FILES for row in expected(name)["rows"]]


@pytest.fixture(scope="module")
def readings() -> dict[str, dict[int, Row]]:
    return {name: {row.number: row for row in read_sample(name).rows} for name in FILES}


@pytest.mark.parametrize(("name", "want"), ROWS)
def test_each_row_has_its_expected_outcome_issues_and_values(readings, name, want):
    row = readings[name][want["row"]]

    assert row.outcome == want["outcome"]
    assert [_as_expected(issue, wanted) for issue, wanted in zip(row.issues, want.get("issues", []), strict=True)] == want.get("issues", [])
    assert sorted(row.normalised) == sorted(want.get("normalised", []))
    if "values" in want:
        assert row.values == want["values"]
    assert row.reason == want.get("reason")
    assert row.duplicate_of == want.get("duplicate_of")
    assert list(row.differs) == want.get("differs", [])


def _as_expected(issue, wanted):
    """The issue in the shape of the expectation; facts that it does not ask for are left aside, all it asks for must be there."""
    facts = {key: value for key, value in issue.facts.items() if key in wanted}
    return {"level": issue.level, "field": issue.field, "code": issue.code, **facts}


@pytest.mark.parametrize("name", FILES)
def test_the_file_is_read_with_its_encoding_header_columns_and_totals(name):
    want = expected(name)
    reading = read_sample(name)

    assert reading.file_result == want["file_result"]
    reader = {
        "encoding": reading.table.encoding, "delimiter": reading.table.delimiter, "sheet": reading.table.sheet,
        "header_row": reading.columns.header_row, "first_data_row": reading.columns.first_data_row,
    }
    assert {key: value for key, value in reader.items() if value is not None} == want["reader"]
    assert reading.columns.names == want["columns"]
    messages = [{"level": message.level, "code": message.code, "found": message.found} for message in reading.messages]
    assert messages == want.get("file_messages", [])
    assert reading.totals == {key: value for key, value in want["totals"].items() if key != "firms_after"}
    assert [row.number for row in reading.rows] == [row["row"] for row in want["rows"]]


@pytest.mark.parametrize("name", [name for name in FILES if name != "uscc-check.csv"])
def test_the_same_file_a_second_time_changes_nothing(name):
    first = read_sample(name)
    known = {row.values["uscc"]: row.values for row in first.rows if row.outcome in ("accepted", "warning")}
    assert len(known) == expected(name)["totals"]["firms_after"]

    second = read_sample(name, known)

    assert {row.outcome for row in second.rows} <= {"duplicate", "rejected", "skipped"}
    again = [row for row in second.rows if row.outcome == "duplicate"]
    assert all(row.known and row.duplicate_of is None for row in again)
    assert {row.values["uscc"] for row in again} == set(known)


def test_a_hidden_sheet_leaves_nothing_in_the_reading():
    text = repr(read_sample("suppliers.xlsx"))

    for word in expected("suppliers.xlsx")["must_not_contain"]:
        assert word not in text


def test_a_list_of_codes_alone_is_told_apart_from_a_supplier_list():
    assert read_sample("uscc-check.csv").columns.codes_only
    assert not read_sample("suppliers.xlsx").columns.codes_only
