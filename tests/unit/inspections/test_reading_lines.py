"""Sets as machines send them, a line each, with every rule bent once."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from inspections.reading import Reading, context_from_json, read_file

SAMPLES = Path(__file__).parents[2] / "data" / "import-samples"
CONTEXT = context_from_json(json.loads((SAMPLES / "context.json").read_text(encoding="utf-8")))
NOW = datetime(2026, 11, 1, 8, tzinfo=UTC)


def read(text: str | bytes, name: str = "results.csv") -> Reading:
    return read_file(name, text if isinstance(text, bytes) else text.encode(), CONTEXT, now=NOW)


def codes(said: dict[str, Any]) -> list[str]:
    return [issue["code"] for issue in said.get("issues", [])]


LINE: dict[str, Any] = {
    "idempotency_key": "k-1", "lot": "YZ2504-001", "characteristic": "PH", "edition": "GB/T 7573-2009", "values": [6.5, 6.6], "unit": "",
    "measured_at": "2025-04-01T08:00:00+08:00", "instrument": "TN-01",
}  # fmt: skip


def lines(*said: dict[str, Any] | str | bytes) -> list[dict[str, Any]]:
    raw = [
        each if isinstance(each, bytes) else (each if isinstance(each, str) else json.dumps(each, ensure_ascii=False)).encode()
        for each in said
    ]
    return [{**row.as_dict(), "http": row.http} for row in read(b"\n".join(raw) + b"\n", "m.jsonl").rows]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"values": [6.5, True]}, "value_not_a_number"), ({"values": [6.5, "6.5a"]}, "value_not_a_number"), ({"values": ["1e1"]}, "value_not_a_number"),
        ({"values": [6.5, {"x": 1}]}, "value_not_a_number"), ({"values": [[6.5]]}, "value_not_a_number"), ({"values": []}, "result_missing"),
        ({"values": None}, "result_missing"), ({"values": [None, None]}, "result_missing"), ({"values": 6.5}, "values_not_a_list"),
        ({"values": "6.5"}, "values_not_a_list"), ({"values": [6.5] * 1001}, "values_too_many"), ({"values": [10**40]}, "value_impossible"),
        ({"values": [6.5, 66]}, "value_impossible"), ({"values": [""]}, "value_not_a_number"), ({"lot": 7}, "lot_unknown"), ({"lot": None}, "lot_missing"),
        ({"lot": "yz2504-001"}, "lot_unknown"), ({"characteristic": ["PH"]}, "characteristic_unknown"), ({"unit": 5}, "text_invalid"),
        ({"unit": "N"}, "unit_mismatch"), ({"measured_at": "2025-02-30T00:00:00Z"}, "date_invalid"), ({"measured_at": 1743465600}, "date_invalid"),
        ({"measured_at": "2026-11-02T00:00:00+08:00"}, "date_future"), ({"measured_at": None}, "date_missing"), ({"measured_at": "gestern"}, "date_invalid"),
        ({"measured_at": "2025-04-01T25:00:00"}, "date_invalid"), ({"measured_at": "0001-01-02T00:00:00Z"}, "date_invalid"), ({"idempotency_key": ""}, "key_missing"), ({"idempotency_key": 5}, "key_invalid"),
        ({"idempotency_key": "k" * 256}, "key_too_long"), ({"idempotency_key": "a\x00b"}, "key_invalid"), ({"instrument": "T\x00N"}, "text_has_nul"),
        ({"lot": "YZ2504-001\x00"}, "text_has_nul"), ({"instrument": "x" * 61}, "text_too_long"),
    ],
)  # fmt: skip
def test_a_line_is_refused_whole_with_its_reason(change, code):
    (row,) = lines(LINE | change)

    assert (row["outcome"], row["http"]) == ("rejected", 422)
    assert code in codes(row)
    assert "values" not in row


@pytest.mark.parametrize(
    "line",
    [
        "{", "[1]", '"text"', "42", "null", "{} {}", '{"lot":"a","lot":"b"}', '{"values":[{"L":1,"L":2}]}', '{"a":' * 3000 + "1" + "}" * 3000,
        '{"values":[01]}', "{'lot':1}", b'{"lot":"\xff\xfe"}', '{"lot":"a\x01"}', "x" * 300_000, '{"values":[1' + "0" * 5000 + "]}",
    ],
)  # fmt: skip
def test_what_is_not_one_object_is_malformed_and_stops_nobody(line):
    first, second = lines(line, LINE)

    assert first["outcome"] == "rejected"
    assert first["issues"][0]["code"] in ("json_malformed", "key_missing")
    assert second["http"] == 201


@pytest.mark.parametrize("bare", ["NaN", "Infinity", "-Infinity", "1e400", "-1e999999"])
def test_numbers_that_are_not_finite_are_no_numbers(bare):
    (row,) = lines(json.dumps(LINE).replace("6.6", bare))

    assert (row["http"], codes(row)) == (422, ["value_not_a_number"])


def test_numbers_however_json_writes_them_are_kept_as_they_are():
    (row,) = lines(json.dumps(LINE).replace("[6.5, 6.6]", '["6.50", 66e-1, 7, null, " 6.7 ", 6.700]'))

    assert row["http"] == 201
    assert row["values"]["readings"] == [6.5, 6.6, 7, None, 6.7, 6.7]


def test_the_same_key_with_the_same_content_is_known_whatever_the_order_and_with_other_content_refused():
    turned = json.dumps(dict(reversed(LINE.items()))).replace("6.5,", "6.50,")
    rows = lines(LINE, turned, LINE | {"values": [6.5, 6.7]}, LINE | {"idempotency_key": "k-2"})

    assert [(row["http"], row.get("duplicate_of"), codes(row)) for row in rows] == [
        (201, None, []), (200, 1, []), (422, None, ["key_reused"]), (201, None, []),
    ]  # fmt: skip
    assert rows[2]["issues"][0]["other_row"] == 1


def test_a_refused_line_does_not_take_its_key():
    rows = lines(LINE | {"values": [66]}, LINE)

    assert [row["http"] for row in rows] == [422, 201]


@pytest.mark.parametrize(
    ("typed", "utc", "said_codes"),
    [
        ("2025-04-01T08:00:00Z", "2025-04-01T08:00:00Z", []), ("2025-04-01T08:00+0800", "2025-04-01T00:00:00Z", []),
        ("2025-04-01 08:00:00.250", "2025-04-01T00:00:00.250000Z", ["time_zone_assumed"]), ("2025-04-01", "2025-03-31T16:00:00Z", ["time_zone_assumed"]),
    ],
)  # fmt: skip
def test_times_are_kept_in_utc(typed, utc, said_codes):
    (row,) = lines(LINE | {"measured_at": typed})

    assert (row["values"]["measured_at"], codes(row)) == (utc, said_codes)


def test_colours_grades_and_bounds_come_by_line_too():
    rows = lines(
        LINE | {"idempotency_key": "c", "characteristic": "COL-LAB", "edition": "GB/T 8424.3-2001", "values": [[52.3, 1.2, -4.5], {"L": 50, "a": 1, "b": 2}]},
        LINE | {"idempotency_key": "g", "characteristic": "CF-RUB", "edition": "GB/T 3920-2008", "unit": "级", "values": ["3-4", 4, ">=4", 3.5]},
        LINE | {"idempotency_key": "f", "characteristic": "FOR", "edition": "GB/T 2912.1-2009", "unit": "ppm", "values": ["<20", 32, "ND"]},
        LINE | {"idempotency_key": "x", "characteristic": "COL-LAB", "edition": "GB/T 8424.3-2001", "values": [[52.3, 1.2]]},
    )  # fmt: skip

    assert [row["http"] for row in rows] == [201, 201, 201, 422]
    assert rows[0]["values"]["readings"] == [[52.3, 1.2, -4.5], [50, 1, 2]]
    assert (rows[1]["values"]["readings"], rows[1]["values"]["qualifiers"]) == (["3-4", "4", "4", "3-4"], ["=", "=", ">=", "="])
    assert (rows[2]["values"]["readings"], rows[2]["values"]["qualifiers"]) == ([20, 32, 20], ["<", "=", "<"])


def test_lines_in_other_encodings_and_with_unknown_names_and_blank_lines():
    said = json.dumps(LINE | {"备注": "好"}, ensure_ascii=False)
    for encoding in ("utf-8-sig", "utf-16", "gb18030"):
        reading = read(f"\n{said}\r\n\n".encode(encoding), "m.jsonl")
        assert [(row.number, row.outcome) for row in reading.rows if row.outcome != "skipped"] == [(2, "accepted")], encoding
        assert [(each.code, each.found) for each in reading.messages] == [("column_unmapped", "备注")]
