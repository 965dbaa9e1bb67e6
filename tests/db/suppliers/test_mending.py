"""What a list asks of a person: names that look alike, words of its own, rows that go home to be mended and come back."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import override

from foundation.actor import as_actor
from foundation.errors import RuleBroken
from jobs.exports import xlsx_bytes
from suppliers.documents import mending_sheet, reasons
from suppliers.import_words import FIELD_NAMES
from suppliers.imports import FIELDS, field_of, is_reasons, read_file
from suppliers.models import SupplierImport, SupplyLink
from suppliers.selectors import import_rows, import_totals, rows_to_mend, words_asked
from suppliers.services.lists import confirm_import, read_row, start_import
from suppliers.services.mends import mend_word, take_suggestions
from tests.cast import actor
from tests.clients import signed_in
from tests.db.suppliers.stage import NOW, sample

pytestmark = pytest.mark.django_db
SAMPLES = ("suppliers-utf8.csv", "suppliers-gb18030.csv", "suppliers.xlsx")
CODES = ["0DEM0N1000000000AC", "0DEM0N1000000000BF", "0DEM0N1000000000CJ"]


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def chen():
    with as_actor(actor("chen")):
        yield actor("chen")


def uploaded(client: Any, name: str, data: bytes) -> SupplierImport:
    response = client.post(reverse("suppliers:import_new"), {"file": SimpleUploadedFile(name, data)})
    assert response.status_code == 302, response.content.decode()
    with as_actor(actor("chen")):
        return SupplierImport.objects.get(pk=response["Location"].rstrip("/").rpartition("/")[2])


def taken_home(client: Any, batch: SupplierImport, kind: str, query: str = "") -> bytes:
    return client.get(reverse(f"suppliers:import_errors_{kind}", args=[batch.pk]) + query).content


def table(kind: str, data: bytes) -> list[list[str]]:
    if kind == "csv":
        return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}  # "n" is an empty cell
    return [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]


def written(kind: str, rows: list[list[str]]) -> bytes:
    """The sheet as Excel would save it: an apostrophe that keeps text from being run is no part of it."""
    if kind == "xlsx":
        return xlsx_bytes("x", rows[0], rows[1:])
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def said_of(batch: SupplierImport) -> list[str]:
    """The reasons of the rows that do not come in, in order."""
    with as_actor(actor("chen")):
        return [reasons(read_row(row)) for row in rows_to_mend(actor("chen"), batch)]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("name", SAMPLES)
def test_the_untouched_sheet_of_reasons_says_the_same_when_it_comes_back(name, kind):
    client = signed_in("chen")
    first = uploaded(client, name, sample(name)[0])

    again = uploaded(client, f"mend.{kind}", taken_home(client, first, kind))

    assert said_of(again) == said_of(first)
    assert len(said_of(first)) == sample(name)[1]["totals"]["rejected"]
    assert [m for m in again.facts["messages"] if "qcchain" in m["found"]] == []
    assert table(kind, taken_home(client, again, kind)) == table(kind, taken_home(client, first, kind))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_sheet_is_the_same_sheet_with_a_last_column_of_reasons(kind):
    text = "备注,企业名称,统一社会信用代码,联系人\n老客户,=HYPERLINK(1),0DEM0N1000000000A1,+cmd\n新,宁波禾缕纺纱厂（示例）,0DEM0N1000000000AC,@SUM(1)\n"
    client = signed_in("chen")
    batch = uploaded(client, "list.csv", text.encode())

    rows = table(kind, taken_home(client, batch, kind))

    assert rows[0] == ["备注", "企业名称", "统一社会信用代码", "联系人", "原因 · qcchain"]
    assert [row[:4] for row in rows[1:]] == [["老客户", "'=HYPERLINK(1)", "0DEM0N1000000000A1", "'+cmd"]]
    assert "第 18 位" in rows[1][4]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_mending_in_the_sheet_and_importing_it_brings_in_the_rest_and_nothing_twice(kind):
    lines = [
        "名称,代码,企业名称,统一社会信用代码,联系人",
        "a,b,宁波一厂（示例）,0DEM0N1000000000AC,甲",
        "a,b,=二厂（示例）,0DEM0N1000000000B1,@乙",
        "a,b,宁波三厂（示例）,,丙",
    ]
    client = signed_in("chen")
    text = "\n".join(lines).replace("名称,代码,", "类别,档次,", 1)
    batch = uploaded(client, "list.csv", text.encode())
    client.post(reverse("suppliers:import_confirm", args=[batch.pk]))
    rows = table(kind, taken_home(client, batch, kind))
    rows[1][3], rows[2][3] = CODES[1], CODES[2]

    mended = uploaded(client, f"mend.{kind}", written(kind, rows))
    client.post(reverse("suppliers:import_confirm", args=[mended.pk]))
    again = uploaded(client, f"mend.{kind}", written(kind, rows))
    client.post(reverse("suppliers:import_confirm", args=[again.pk]))

    with as_actor(actor("chen")):
        links = SupplyLink.objects.filter(uscc__in=CODES).order_by("uscc")
        assert [(link.uscc, link.name_zh, link.contact) for link in links] == [
            (CODES[0], "宁波一厂（示例）", "甲"), (CODES[1], "=二厂（示例）", "@乙"), (CODES[2], "宁波三厂（示例）", "丙"),
        ]  # fmt: skip
        assert import_totals(actor("chen"), again)["duplicate"] == 2


def test_rows_counted_once_leave_only_when_asked_for():
    client = signed_in("chen")
    batch = uploaded(client, "suppliers-utf8.csv", sample("suppliers-utf8.csv")[0])

    without, with_them = (table("csv", taken_home(client, batch, "csv", query)) for query in ("", "?duplicates=1"))

    assert (len(without) - 1, len(with_them) - 1) == (8, 10)


def test_a_code_that_became_a_number_is_told_again_and_not_made_text_of_eighteen_figures(chen):
    row = read_file("x.csv", "企业名称,统一社会信用代码\n甲厂,1\n".encode()).rows[0]
    row = type(row)(row.number, ("甲厂", 123502000000000000), {**row.cells, "uscc": 123502000000000000}, row.refs, "rejected")

    sheet = mending_sheet(
        "csv", columns=[{"index": 0, "header": "企业名称", "field": "name_zh"}, {"index": 1, "header": "代码", "field": "uscc"}], rows=[row]
    )

    assert "1.23502e+17" in sheet.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_our_own_words_for_columns_are_headers_we_know(language):
    with override(language):
        assert {name: field_of(str(FIELD_NAMES[name])) for name in FIELDS} == {name: name for name in FIELDS}
        head = mending_sheet("csv", columns=[], rows=[]).decode("utf-8-sig").strip()
        assert is_reasons(head)


def test_one_answer_puts_a_word_right_in_every_row_that_carries_it(chen):
    rows = [f"宁波第{n}厂（示例）,{code},针织、印花车间" for n, code in enumerate(CODES)]
    batch = start_import(actor=chen, file_name="x", data="企业名称,统一社会信用代码,所属环节\n" + "\n".join(rows), now=NOW)
    assert [(word.field, word.found, word.rows) for word in words_asked(chen, batch)] == [("nodes", "印花车间", 3)]

    mended = mend_word(actor=chen, batch=batch, field="nodes", found="印花车间", value="印染整理", now=NOW)

    assert mended == 3
    assert words_asked(chen, batch) == []
    read = [read_row(row) for row in import_rows(chen, batch)]
    assert [(row.outcome, row.values["nodes"], row.cells["nodes"]) for row in read] == [
        ("accepted", ["knitting", "dyeing"], "针织、印染整理")
    ] * 3


def test_a_word_without_a_meaning_changes_nothing(chen):
    rows = [f"宁波第{n}厂（示例）,{code},印花车间" for n, code in enumerate(CODES)]
    batch = start_import(actor=chen, file_name="x", data="企业名称,统一社会信用代码,所属环节\n" + "\n".join(rows), now=NOW)
    before = [row.cells for row in import_rows(chen, batch)]

    for said in ({"field": "nodes", "found": "印花车间", "value": " "}, {"field": "uscc", "found": "印花车间", "value": "x"}):
        with pytest.raises(RuleBroken, match="word_missing"):
            mend_word(actor=chen, batch=batch, now=NOW, **said)

    assert [row.cells for row in import_rows(chen, batch)] == before


def test_every_suggestion_is_taken_at_one_press_and_only_where_the_code_then_fits(chen):
    batch = start_import(actor=chen, file_name="x", data=sample("suppliers-utf8.csv")[0], now=NOW)
    wrong = [row["row"] for row in sample("suppliers-utf8.csv")[1]["rows"] if any("suggestion" in issue for issue in row.get("issues", []))]

    mended = take_suggestions(actor=chen, batch=batch, now=NOW)

    assert mended == len(wrong) == 2
    assert take_suggestions(actor=chen, batch=batch, now=NOW) == 0
    assert [row.outcome for row in import_rows(chen, batch) if row.number in wrong] == ["accepted", "accepted"]
    assert import_totals(chen, batch)["rejected"] == 6


def test_a_name_that_looks_alike_is_asked_about_and_answered_on_the_page():
    text = (
        "企业名称,统一社会信用代码\n宁波云缕纺织有限责任公司（示例）,0DEM0N1000000000AC\n宁波云缕纺织有限公司（示例）,0DEM0N1000000000BF\n"
    )
    client = signed_in("chen")
    batch = uploaded(client, "x.csv", text.encode())
    page = reverse("suppliers:import", args=[batch.pk])
    before = client.get(page).content.decode()

    client.post(reverse("suppliers:import_alike", args=[batch.pk, 3]), {"other": "2", "answer": "same"})
    same = client.get(page).content.decode()
    client.post(reverse("suppliers:import_alike", args=[batch.pk, 3]), {"other": "2", "answer": "different"})
    two = client.get(page).content.decode()

    assert "名称相近：是同一家吗？" in before
    assert ("导入 1 行" in same, "导入 2 行" in two) == (True, True)
    assert "名称相近：是同一家吗？" not in two


def test_a_question_about_no_such_pair_is_absent():
    client = signed_in("chen")
    batch = uploaded(client, "x.csv", sample("suppliers-utf8.csv")[0])

    found = [
        client.post(reverse("suppliers:import_alike", args=[batch.pk, 3]), {"other": other, "answer": "same"}).status_code
        for other in ("2", "x", "")
    ]

    assert found == [404, 404, 404]
    assert said_of(batch)  # the list stands


def test_what_was_imported_is_not_handed_out_to_be_mended(chen):
    batch = start_import(actor=chen, file_name="x", data=sample("suppliers.xlsx")[0], now=NOW)
    confirm_import(actor=chen, batch=batch, now=NOW)

    assert {row.outcome for row in rows_to_mend(chen, batch, duplicates=True)} <= {"rejected", "duplicate"}
    assert [row.link_id for row in rows_to_mend(chen, batch, duplicates=True) if row.link_id] == []
