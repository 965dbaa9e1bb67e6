"""Every sample list through the page, the API and the command: the same rows, the same words, the same firms; and again."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from foundation.actor import as_actor
from suppliers.models import SupplierImport, SupplyLink
from suppliers.words import nodes_said, place_names
from tests.cast import actor
from tests.db.suppliers.doors import RowSeen, looked_at, sentence_for, through_the_api, through_the_command, through_the_page
from tests.db.suppliers.stage import NOW, SAMPLES, sample

pytestmark = pytest.mark.django_db
SUPPLIERS = ("suppliers-utf8.csv", "suppliers-gb18030.csv", "suppliers.xlsx")
FILES = (*SUPPLIERS, "uscc-check.csv")
TONES = {"error": "err", "warning": "warn"}


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def firms() -> int:
    with as_actor(actor("chen")):
        return SupplyLink.objects.count()


def said(field: str, value: Any) -> str:
    """A value as a person reads it."""
    with override("zh-hans"):
        if field == "nodes":
            return nodes_said(value)
        return place_names()[value] if field == "region" else str(value)


def problems_with(row: RowSeen, want: dict[str, Any]) -> list[Any]:
    """Where what a person sees is not what is expected."""
    wrong: list[Any] = [] if row.state == want["outcome"] else [("outcome", row.state)]
    issues = want.get("issues", [])
    for issue in issues:
        cell = row.cells.get(issue["field"])
        told, tone = (cell.problem, cell.tone) if cell else (row.notes, TONES[issue["level"]])
        if not sentence_for(issue).search(told) or tone != TONES[issue["level"]]:
            wrong.append((issue, told, tone))
        if cell and issue["field"] == "uscc" and cell.value and cell.marked != issue.get("position", 0):
            wrong.append(("position", cell.marked))
        if (
            "suggestion" in issue
            and cell.suggestion != cell.value[: issue["position"] - 1] + issue["suggestion"] + cell.value[issue["position"] :]
        ):
            wrong.append(("suggestion", cell.suggestion))
    troubled = {issue["field"] for issue in issues}
    wrong += [("false alarm", name, cell.problem) for name, cell in row.cells.items() if cell.problem and name not in troubled]
    wrong += [("normalised", name) for name in want.get("normalised", []) if not row.cells[name].typed]
    wrong += [
        ("tidied without a word", name)
        for name, cell in row.cells.items()
        if cell.typed and name not in {*want.get("normalised", []), *troubled}
    ]
    for name, value in want.get("values", {}).items():
        if value and name in row.cells and row.cells[name].value != said(name, value):
            wrong.append(("value", name, row.cells[name].value))
    if "duplicate_of" in want and f"第 {want['duplicate_of']} 行" not in row.notes:
        wrong.append(("duplicate_of", row.notes))
    return wrong


@pytest.mark.parametrize("name", FILES)
def test_the_page_shows_every_row_as_expected(name):
    data, want = sample(name)

    _, _, page = through_the_page(name, data)

    assert list(page.rows) == [row["row"] for row in want["rows"]]
    assert {row["row"]: wrong for row in want["rows"] if (wrong := problems_with(page.rows[row["row"]], row))} == {}
    assert page.summary.startswith(f"{want['totals']['rows']} 行：")
    assert len([words for words in page.messages if "不读取" in words]) == len({m["code"] for m in want.get("file_messages", [])})


def wrong_in(got: dict[str, Any], want: dict[str, Any]) -> dict[str, Any]:
    """Where what a program is told of a row is not what is expected. Facts that are not asked for are left aside."""
    issues = want.get("issues", [])
    told = [{"level": one["level"], "field": one["field"], "code": one["code"], **one["facts"]} for one in got["problems"]]
    expected = {
        "outcome": want["outcome"], "issues": issues, "normalised": sorted(want.get("normalised", [])), "reason": want.get("reason"),
        "duplicate_of": want.get("duplicate_of"), "differs": want.get("differs", []), "values": want.get("values", got["values"]),
    }  # fmt: skip
    seen = {
        "outcome": got["outcome"], "normalised": sorted(got["normalised"]), "reason": got["reason"], "duplicate_of": got["duplicate_of"],
        "differs": got["differs"], "values": got["values"],
        "issues": [{key: one[key] for key in issue if key in one} for one, issue in zip(told, issues, strict=False)] if len(told) == len(issues) else told,
    }  # fmt: skip
    return {name: (seen[name], value) for name, value in expected.items() if seen[name] != value}


def totals_of(want: dict[str, Any]) -> dict[str, int]:
    return {name: count for name, count in want["totals"].items() if name != "firms_after"}


@pytest.mark.parametrize("name", FILES)
def test_the_api_answers_every_row_as_expected(name):
    data, want = sample(name)

    got = through_the_api(name, data)

    assert {row["row"]: wrong for row in want["rows"] if (wrong := wrong_in(got["rows"][row["row"]], row))} == {}
    assert list(got["rows"]) == [row["row"] for row in want["rows"]]
    assert {key: got["totals"][key] for key in totals_of(want)} == totals_of(want)
    assert got["messages"] == want.get("file_messages", [])
    assert {column["header"]: column["field"] for column in got["columns"] if column["header"]} == want["columns"]


@pytest.mark.parametrize("name", SUPPLIERS)
def test_the_api_imports_as_many_firms_as_expected_and_none_twice(name):
    data, want = sample(name)
    before = firms()

    first = through_the_api(name, data)
    added = [confirmed(first)]
    second = through_the_api(name, data)
    added.append(confirmed(second))

    assert added == [want["totals"]["firms_after"], 0]
    assert firms() - before == want["totals"]["firms_after"]
    brought = [row for row in want["rows"] if row["outcome"] in ("accepted", "warning")]
    assert {(second["rows"][row["row"]]["outcome"], second["rows"][row["row"]]["known"]) for row in brought} == {("duplicate", True)}
    assert [row["number"] for row in second["rows"].values() if row["known"] and (row["differs"] or row["adds"])] == [
        row["row"] for row in want["rows"] if row.get("differs")
    ]


def confirmed(told: dict[str, Any]) -> int:
    return Client().post(f"/api/v1/suppliers/imports/{told['id']}/confirm/", **told["headers"]).json()["added"]


@pytest.mark.parametrize("name", FILES)
def test_the_command_reports_every_row_as_expected_and_a_dry_run_writes_nothing(name, tmp_path):
    want, before = sample(name)[1], firms()

    got = through_the_command(SAMPLES / name, tmp_path / "report.json", dry_run=True)

    rows = {row["number"]: row for row in got["rows"]}
    assert {row["row"]: wrong for row in want["rows"] if (wrong := wrong_in(rows[row["row"]], row))} == {}
    assert {key: got["totals"][key] for key in totals_of(want)} == totals_of(want)
    assert (got["file_result"], got["columns"], got["added"]) == ("read", want["columns"], 0)
    assert [{key: said[key] for key in ("level", "code", "found")} for said in got["messages"]] == want.get("file_messages", [])
    assert {name: value for name, value in got["reader"].items() if value is not None} == {
        name: value for name, value in want["reader"].items() if name != "first_data_row"
    }
    assert firms() == before
    with as_actor(actor("chen")):
        assert SupplierImport.objects.count() == 0


@pytest.mark.parametrize("name", SUPPLIERS)
def test_the_command_imports_as_many_firms_as_expected_and_none_twice(name, tmp_path):
    want, before = sample(name)[1], firms()

    first = through_the_command(SAMPLES / name, tmp_path / "first.json")
    second = through_the_command(SAMPLES / name, tmp_path / "second.json")

    rows = {row["number"]: row for row in first["rows"]}
    assert {row["row"]: wrong for row in want["rows"] if (wrong := wrong_in(rows[row["row"]], row))} == {}
    assert (first["added"], second["added"]) == (want["totals"]["firms_after"], 0)
    assert firms() - before == want["totals"]["firms_after"]
    assert {row["outcome"] for row in second["rows"]} <= {"duplicate", "rejected", "skipped"}


def test_the_command_says_what_it_cannot_do_and_changes_nothing(tmp_path):
    before, report = firms(), tmp_path / "report.json"
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "no-header.csv").write_text("宁波云缕纺织有限公司（示例）,0DEM0N1000000000AC\n", encoding="utf-8")

    with pytest.raises(CommandError, match="nothing to read"):
        through_the_command(tmp_path / "empty.csv", report)
    with pytest.raises(CommandError, match="No header was found"):
        through_the_command(tmp_path / "no-header.csv", report)
    assert json.loads(report.read_text(encoding="utf-8"))["file_result"] == "needs_mapping"
    with pytest.raises(CommandError, match="There is no chain owner with the code 0DEM0N1000000000BF"):
        call_command("import_suppliers", str(SAMPLES / FILES[0]), "--owner", "0DEM0N1000000000BF")
    with pytest.raises(CommandError, match="There is no file"):
        through_the_command(tmp_path / "absent.csv", report)

    assert firms() == before


@pytest.mark.parametrize("name", SUPPLIERS)
def test_the_page_imports_as_many_firms_as_expected_and_none_twice(name):
    data, want = sample(name)
    before = firms()

    client, address, _ = through_the_page(name, data)
    assert firms() == before
    client.post(address + "confirm/")
    first = firms()
    again, there, page = through_the_page(name, data)
    again.post(there + "confirm/")

    assert first - before == want["totals"]["firms_after"]
    assert firms() == first
    was = {row["row"]: row["outcome"] for row in want["rows"]}
    after = {"accepted": "duplicate", "warning": "duplicate"}
    assert {number: row.state for number, row in page.rows.items()} == {number: after.get(state, state) for number, state in was.items()}
    assert {row.notes for number, row in page.rows.items() if was[number] == "accepted"} == {"您的名单里已有这家企业，不作改动。"}
    assert {row.state for row in looked_at(client, address).rows.values()} <= {"imported", "duplicate", "rejected", "skipped"}


def test_a_list_of_codes_alone_is_checked_and_never_imported():
    before = firms()
    client, address, page = through_the_page("uscc-check.csv", sample("uscc-check.csv")[0])

    client.post(address + "confirm/")

    assert firms() == before
    assert "可导入" not in page.summary
    assert "只有代码：已逐个核对。没有企业名称，不会导入。" in page.messages
    assert reverse("suppliers:import_confirm", args=[address.rstrip("/").rpartition("/")[2]]) not in client.get(address).content.decode()
