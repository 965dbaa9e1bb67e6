"""Whatever stands in a file of results: it is read, asked about or refused, never a crash; and no number becomes another."""

import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from inspections.reading import context_from_json, read_file

CONTEXT = context_from_json(
    json.loads((Path(__file__).parents[2] / "data" / "import-samples" / "context.json").read_text(encoding="utf-8"))
)
NOW = datetime(2026, 11, 1, tzinfo=UTC)
PIECES = st.sampled_from(
    ["YZ2504-001", "pH值", "甲醛", "起球", "Lab值", "GB/T 7573-2009", "<20", "未检出", "ND(", "3-4级", "≥", "4级及以上", "2025-04-08", "03/04/2025", "%", "mg/kg",
     "1e400", "NaN", "=1+1", "−6", "６．８", "12,345.6", "52/1/-4", "L*=", "\ufeff", "\u200b", "/", "—", "合格", "0" * 30, '"', "\t"]
)  # fmt: skip
CELL = st.one_of(
    PIECES, st.text(max_size=12), st.lists(PIECES, max_size=3).map("".join), st.decimals(allow_nan=False, allow_infinity=False).map(str)
)
HEADS = st.sampled_from(
    [
        "批号",
        "样品",
        "检测项目",
        "方法标准",
        "结果",
        "单位",
        "判定",
        "检测日期",
        "L*",
        "a*",
        "b*",
        "检出限",
        "线密度 x1",
        "线密度 x2",
        "pH值",
        "甲醛(ppm) 2",
    ]
)
LEAF = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), CELL)
VALUE = st.recursive(
    LEAF,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(["L", "a", "b", "x"]), inner, max_size=3)),
    max_leaves=6,
)
NAMES = ["idempotency_key", "lot", "characteristic", "edition", "values", "unit", "measured_at", "instrument"]


@settings(max_examples=50)
@given(st.lists(HEADS, min_size=1, max_size=8), st.lists(st.lists(CELL, max_size=9), max_size=6))
@example(["批号", "线密度 x1"], [["YZ2504-001", "1E+999999"]])
def test_any_sheet_comes_to_an_end(heads, rows):
    text = "\n".join(["\t".join(heads), *("\t".join(cell.replace("\n", " ").replace("\t", " ") for cell in row) for row in rows)])
    reading = read_file("r.tsv", text.encode("utf-8", "ignore"), CONTEXT, now=NOW)

    assert reading.file_result in ("read", "needs_mapping", "refused")
    json.dumps([row.as_dict() for row in reading.rows])
    assert all(bool(row.sets) <= (row.outcome in ("accepted", "warning")) for row in reading.rows)


@settings(max_examples=50)
@given(st.lists(st.dictionaries(st.sampled_from(NAMES), VALUE), max_size=4), st.text(max_size=30))
def test_any_line_comes_to_an_end(said, other):
    lines = [*(json.dumps(each) for each in said), other]
    reading = read_file("m.jsonl", "\n".join(lines).encode("utf-8", "surrogatepass"), CONTEXT, now=NOW)

    assert reading.file_result in ("read", "refused")
    json.dumps([row.as_dict() for row in reading.rows])


@settings(max_examples=50)
@given(st.decimals(min_value=0, max_value=14, places=3), st.sampled_from(["{}", " {} ", "+{}", "{}　", "'{}"[1:]]))
def test_a_plain_number_is_kept_as_it_is(value, form):
    text = f"批号,检测项目,方法标准,结果\nYZ2504-001,pH值,GB/T 7573-2009,{form.format(value)}\n"
    (row,) = read_file("r.csv", text.encode(), CONTEXT, now=NOW).rows

    assert row.sets[0].readings == (Decimal(re.sub(r"[^\d.]", "", str(value))),)
