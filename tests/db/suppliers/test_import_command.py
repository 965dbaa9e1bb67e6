"""manage.py import_suppliers: the same rows as page and API, in words for people and in JSON for programs."""

import json

import pytest
from django.core.management import CommandError, call_command

from foundation.actor import as_actor
from suppliers.models import ImportRow, SupplierImport, SupplyLink
from tests.cast import BY_NAME, actor
from tests.db.suppliers.stage import SAMPLES, sample

pytestmark = pytest.mark.django_db
OWNER = BY_NAME["chen"].uscc
FILES = ("suppliers-utf8.csv", "suppliers-gb18030.csv", "suppliers.xlsx")


def run(name, tmp_path, *words, owner=OWNER, suffix="json") -> tuple[int, dict | list]:
    """(exit code, report)"""
    report, code = tmp_path / f"report.{suffix}", 0
    try:
        call_command("import_suppliers", str(name), "--owner", owner, "--report", str(report), *words)
    except CommandError as error:
        code = error.returncode
    text = report.read_text(encoding="utf-8") if report.exists() else "null"
    return code, [json.loads(line) for line in text.splitlines()] if suffix == "jsonl" else json.loads(text)


def suppliers(who="chen") -> int:
    with as_actor(actor(who)):
        return SupplyLink.objects.visible_to(actor(who)).count()


@pytest.mark.parametrize("name", FILES)
def test_each_sample_is_reported_row_by_row_as_expected_and_its_firms_are_written(name, tmp_path):
    before, expected = suppliers(), sample(name)[1]

    code, report = run(SAMPLES / name, tmp_path)

    reader = {k: v for k, v in report["reader"].items() if v is not None}
    assert (code, report["file_result"], report["columns"]) == (0, "read", expected["columns"])
    assert reader == {k: v for k, v in expected["reader"].items() if k != "first_data_row"}
    assert suppliers() == before + expected["totals"]["firms_after"] == before + report["added"]
    rows = {row["number"]: row for row in report["rows"]}
    for want in expected["rows"]:
        row = rows[want["row"]]
        assert row["outcome"] == want["outcome"]
        assert [(p["level"], p["field"], p["code"]) for p in row["problems"]] == [(i["level"], i["field"], i["code"]) for i in want.get("issues", [])]
        for problem, issue in zip(row["problems"], want.get("issues", []), strict=True):
            assert {k: v for k, v in issue.items() if k in ("suggestion", "position", "found", "expected")}.items() <= problem["facts"].items()
        assert row["values"] == want.get("values", row["values"])
        assert (row["duplicate_of"], sorted(row["normalised"])) == (want.get("duplicate_of"), sorted(want.get("normalised", [])))


def test_a_dry_run_tells_all_and_writes_nothing(tmp_path, capsys):
    before = suppliers()

    code, report = run(SAMPLES / "suppliers.xlsx", tmp_path, "--dry-run")

    assert (code, report["added"], report["totals"]["ready"]) == (0, 0, 18)
    assert "18 ready" in capsys.readouterr().out
    with as_actor(actor("chen")):
        assert (SupplierImport.objects.count(), ImportRow.objects.count()) == (0, 0)
    assert suppliers() == before


def test_the_same_file_again_adds_nothing(tmp_path):
    run(SAMPLES / "suppliers.xlsx", tmp_path)
    before = suppliers()

    _, report = run(SAMPLES / "suppliers.xlsx", tmp_path)

    assert (report["added"], suppliers()) == (0, before)
    assert all(row["known"] for row in report["rows"] if row["outcome"] == "duplicate")


def test_a_report_that_ends_in_jsonl_is_a_line_a_row(tmp_path):
    _, rows = run(SAMPLES / "suppliers.xlsx", tmp_path, suffix="jsonl")

    assert [row["number"] for row in rows] == [row["row"] for row in sample("suppliers.xlsx")[1]["rows"]]
    assert sum(row["supplier"] is not None for row in rows) == 18


def test_a_list_without_a_header_asks_and_writes_nothing(tmp_path):
    path, before = tmp_path / "x.csv", suppliers()
    path.write_text("宁波禾缕纺纱有限公司（示例）,0DEM0N1000000000AC\n", encoding="utf-8")

    code, report = run(path, tmp_path)

    assert (code, report["file_result"], report["rows"], suppliers()) == (3, "needs_mapping", [], before)


def test_what_is_no_list_is_refused_in_plain_words(tmp_path):
    path = tmp_path / "x.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0 old")

    code, report = run(path, tmp_path)

    assert (code, report["file_result"], [m["code"] for m in report["messages"]]) == (1, "refused", ["workbook_old_or_protected"])
    with as_actor(actor("chen")):
        assert not SupplierImport.objects.exists()


@pytest.mark.parametrize("owner", ["0DEM0A0000000000L1", "0DEM0N1000000000AC", "nobody"])
def test_only_a_chain_owner_has_a_list(owner, tmp_path):
    code, report = run(SAMPLES / "suppliers.xlsx", tmp_path, owner=owner)

    assert (code, report) == (2, None)
