"""Every sample of a file of results comes out exactly as the file of expectations beside it says."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from inspections.reading import Reading, ResultRow, Seen, context_from_json, read_file

SAMPLES = Path(__file__).parents[2] / "data" / "import-samples"
FILES = ("lab-results.csv", "measurements-wide.xlsx", "measurements.jsonl")
NOW = datetime(2026, 11, 1, 8, tzinfo=UTC)
CONTEXT = context_from_json(json.loads((SAMPLES / "context.json").read_text(encoding="utf-8")))


def expected(name: str) -> dict[str, Any]:
    return json.loads((SAMPLES / f"{name}.expected.json").read_text(encoding="utf-8"))


def read_sample(name: str) -> Reading:
    return read_file(name, (SAMPLES / name).read_bytes(), CONTEXT, now=NOW)


ROWS = [pytest.param(name, row, id=f"{name}-{row['row']}") for name in FILES for row in expected(name)["rows"]]


@pytest.fixture(scope="module")
def readings() -> dict[str, dict[int, ResultRow]]:
    return {name: {row.number: row for row in read_sample(name).rows} for name in FILES}


@pytest.mark.parametrize(("name", "want"), ROWS)
def test_each_row_has_its_expected_outcome_issues_and_values(readings, name, want):
    row = readings[name][want["row"]]

    assert row.outcome == want["outcome"]
    wanted = want.get("issues", [])
    said = row.as_dict()
    assert [_as_expected(issue, each) for issue, each in zip(said.get("issues", []), wanted, strict=True)] == wanted
    assert sorted(said.get("normalised", [])) == sorted(want.get("normalised", []))
    if "values" in want and row.outcome != "duplicate":
        assert said["values"] == want["values"]
    assert row.reason == want.get("reason")
    assert row.duplicate_of == want.get("duplicate_of")
    assert row.http in (want["http"] if isinstance(want.get("http", row.http), list) else [want.get("http", row.http)])


def _as_expected(issue, wanted):
    return {key: value for key, value in issue.items() if key in wanted}


@pytest.mark.parametrize("name", FILES)
def test_the_file_is_read_with_its_encoding_header_columns_and_totals(name):
    want = expected(name)
    reading = read_sample(name)

    assert reading.file_result == want["file_result"]
    assert reading.totals == want["totals"]
    assert [row.number for row in reading.rows if row.outcome != "accepted"] == [
        row["row"] for row in want["rows"] if row["outcome"] != "accepted"
    ]
    messages = [{"level": message.level, "code": message.code, "found": message.found} for message in reading.messages]
    assert messages == want.get("file_messages", [])
    if reading.columns is None:
        assert reading.encoding == want["reader"]["encoding"]
        return
    facts = {
        "encoding": reading.table.encoding,
        "delimiter": reading.table.delimiter,
        "sheet": reading.table.sheet,
        "header_row": reading.columns.header_row,
        "unit_row": reading.columns.unit_row,
        "first_data_row": reading.columns.first_data_row,
    }
    assert {key: value for key, value in facts.items() if value is not None} == want["reader"]
    assert {column.header: column.field for column in reading.columns.columns} == _columns(want["columns"])


def _columns(wanted: dict[str, str | None]) -> dict[str, str | None]:
    """Of "线密度 x1..x5" each of the five."""
    single = {}
    for header, field in wanted.items():
        if header.endswith(" x1..x5"):
            single |= {f"{header.removesuffix(' x1..x5')} x{at}": f"{field} x{at}" for at in range(1, 6)}
        else:
            single[header] = field
    return single


def test_the_same_lines_a_second_time_are_all_known():
    data = (SAMPLES / "measurements.jsonl").read_bytes()
    seen = Seen()
    read_file("measurements.jsonl", data, CONTEXT, now=NOW, seen=seen)

    again = read_file("measurements.jsonl", data, CONTEXT, now=NOW, seen=seen)

    assert {row.outcome for row in again.rows} == {"duplicate", "rejected"}
    assert again.totals["duplicate"] == 187
