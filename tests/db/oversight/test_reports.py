"""A report: figures of one moment, kept with their hash and their files; the few are never told."""

import hashlib
import io
import re
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone, translation
from openpyxl import load_workbook

from foundation.actor import as_actor
from foundation.errors import NotYours, RuleBroken
from oversight import report_files
from oversight.models import Report, ReportFile
from oversight.report_parts import PARTS, Asked, _with_the_few_merged, frozen
from oversight.report_periods import Period
from oversight.selectors.reports import reports
from oversight.services.reports import ReportSaid, make_report, sha_of
from tests.cast import BY_NAME, actor
from tests.clients import signed_in, with_token
from tests.db.oversight.rows import NOW, agreement, days, owed

pytestmark = pytest.mark.django_db
ZHOU = actor("zhou")
IN_ENGLISH = re.compile(r"\b(?!SHA|VDA|ISO|pH)[A-Za-z]{2,}\b(?![-\d])")
SAID = ReportSaid(period="2026-06", parts=["compliance", "map", "policies"], words="本月平稳。")


@pytest.fixture
def no_paper(monkeypatch):
    """The paper is drawn in one test only."""
    monkeypatch.setattr(report_files, "pdf_of", lambda template, context: b"%PDF-")


def made(said=SAID, client_id="r", now=NOW):
    with as_actor(ZHOU), translation.override("zh-hans"):
        return make_report(actor=ZHOU, said=said, client_id=client_id, now=now)


def test_the_figures_of_a_report_stay_while_the_rows_go_on(no_paper):
    report = made()
    owed(agreement("chen", "lin", "A-9"), "supplier", days(-3))
    with as_actor(ZHOU):
        kept = Report.objects.visible_to(ZHOU).get(pk=report.pk)

    assert kept.parts == report.parts
    assert sha_of(kept) == kept.sha256
    assert [part["code"] for part in kept.parts] == ["map", "compliance", "policies"]


def test_each_file_carries_its_own_hash_and_the_hash_of_the_figures(no_paper):
    report = made()
    with as_actor(ZHOU):
        files = {kept.extension: kept for kept in ReportFile.objects.visible_to(ZHOU).filter(report=report)}
        book = load_workbook(io.BytesIO(bytes(files["xlsx"].content)))

    assert sorted(files) == ["docx", "pdf", "xlsx"]
    assert all(hashlib.sha256(bytes(kept.content)).hexdigest() == kept.sha256 for kept in files.values())
    said = [cell.value for cell in book.worksheets[0]["A"]]
    assert any(report.sha256 in str(line) for line in said)
    assert "本月平稳。" in said


@pytest.mark.parametrize("table", ["oversight_report", "oversight_reportfile"])
def test_nothing_of_a_report_is_changed_or_thrown_away(no_paper, table):
    report = made()
    model = Report if table == "oversight_report" else ReportFile
    with as_actor(ZHOU):
        for attempt in (lambda rows: rows.update(sha256="0" * 64), lambda rows: rows.delete()):
            with pytest.raises(DatabaseError), transaction.atomic():
                attempt(model.objects.all())
        assert Report.objects.visible_to(ZHOU).get(pk=report.pk).sha256 == report.sha256


def test_made_twice_it_is_one_report(no_paper):
    assert made().pk == made(replace(SAID, words="另一份"), now=NOW + timedelta(hours=1)).pk


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (replace(SAID, parts=["nothing"]), "report_needs_parts"),
        (replace(SAID, period="2026-08"), "report_period_ahead"),
        (replace(SAID, period="x"), "report_period_ahead"),
    ],
)
def test_a_report_of_nothing_or_of_days_to_come_is_refused(no_paper, said, code):
    with pytest.raises(RuleBroken, match=code):
        made(said)

    with as_actor(ZHOU):
        assert reports(ZHOU) == ([], False)


def test_only_the_bureau_makes_and_reads_reports(no_paper):
    report = made()
    chen = actor("chen")

    with as_actor(chen):
        with pytest.raises(NotYours):
            make_report(actor=chen, said=SAID, client_id="c", now=NOW)
        assert Report.objects.visible_to(chen).count() == 0
    for address in ("", "new/", f"{report.pk}/", f"{report.pk}/report.pdf"):
        assert signed_in("chen").get(f"/bureau/reports/{address}").status_code == 403
    assert signed_in("zhou").get(f"/bureau/reports/{uuid4()}/report.pdf").status_code == 404


def test_places_of_a_few_firms_are_merged_with_as_many_more_as_it_takes():
    firms = {"a": 12, "b": 7, "c": 3, "d": 0}
    figures = {"a": [9, 1], "b": [5, 2], "c": [3, 0], "d": [0, 0]}

    with translation.override("en"):
        rows, merged = _with_the_few_merged(firms, figures, {"a": "A", "b": "B", "c": "C", "d": "D"})

    assert merged
    assert rows == [["A", 12, 9, 1], ["D", 0, 0, 0], ["Merged", 10, 8, 2], ["Together", 22, 17, 3]]


def test_a_city_of_a_few_firms_is_not_told_at_all():
    with translation.override("en"):
        rows, merged = _with_the_few_merged({"a": 3, "b": 0}, {"a": [1], "b": [0]}, {"a": "A", "b": "B"})

    assert merged
    assert rows == [["B", 0, 0]]


def test_no_part_names_a_firm_and_no_cell_is_of_a_few():
    """Two suppliers of one district: whatever they owe, nothing is told of it."""
    lin, wu = agreement("chen", "lin", "A-1"), agreement("chen", "wu", "A-2")
    for number in range(6):
        owed(lin, "supplier", days(-number - 1))
        owed(wu, "owner", days(-number - 1), met_on=days(-number - 1))
    names = [name for member in BY_NAME.values() for name in (member.org_zh, member.org_en)]
    for language in ("en", "zh-hans"):
        with as_actor(ZHOU), translation.override(language):
            parts = frozen(Asked(ZHOU, Period(date(2026, 6, 1), 1), NOW), list(PARTS))
        text = str(parts)
        assert [name for name in names if name in text] == []
        found = {part["code"]: part["rows"] for part in parts}
        assert found["compliance"] == []
        assert found["agreements"] == []


def test_the_pages_of_a_report_and_its_pdf():
    """The only paper drawn here."""
    officer = signed_in("zhou", "en")
    period = f"{timezone.localdate():%Y-%m}"
    bad = officer.post("/bureau/reports/new/", {"client_id": "p", "period": period, "parts": []})
    saved = officer.post("/bureau/reports/new/", {"client_id": "p", "period": period, "language": "en", "parts": list(PARTS), "words": "A calm month."})
    page = officer.get(saved.url)
    files = {kind: officer.get(f"{saved.url}report.{kind}") for kind in ("pdf", "xlsx", "docx")}

    assert (bad.status_code, saved.status_code, page.status_code) == (422, 302, 200)
    assert "A calm month." in page.content.decode()
    assert files["pdf"].content[:5] == b"%PDF-"
    assert {kind: answer["Content-Disposition"].endswith(f'.{kind}"') for kind, answer in files.items()} == {
        "pdf": True,
        "xlsx": True,
        "docx": True,
    }
    assert saved.url in officer.get("/bureau/reports/").content.decode()


def test_a_report_is_in_the_language_in_which_it_was_made_whoever_reads_it(no_paper):
    """All parts, of which most are empty here: what the machine says of that is of the report's language too."""
    with as_actor(ZHOU), translation.override("en"):
        report = make_report(actor=ZHOU, said=replace(SAID, parts=list(PARTS), language="zh-hans"), client_id="zh", now=NOW)
        title, notes = report_files.title_of(report), report_files.notes_of(report)
    officer = signed_in("zhou", "en")
    page, archive = (officer.get(f"/bureau/reports/{tail}").content.decode() for tail in (f"{report.pk}/", ""))
    inside = page.partition('<div class="stack" lang="zh-hans">')[2].partition("<aside")[0]

    assert [words for words in machine_words(report, title, notes) if IN_ENGLISH.search(words)] == []
    assert [words for words in re.findall(r">([^<>]+)<", inside) if IN_ENGLISH.search(words)] == []
    assert (title, inside.count("本期没有内容") > 0, "made in Chinese" in page) == ("质量报告 2026年6月", True, True)
    assert "Chinese" in archive and "Quality report" not in archive
    name = officer.get(f"/bureau/reports/{report.pk}/report.xlsx")["Content-Disposition"]
    assert f"report-2026-06-zh-{report.sha256[:8]}.xlsx" in name


def machine_words(report, title, notes):
    """Everything that stands in its files but what an officer wrote."""
    for part in report.parts:
        yield from (part["title"], *part["heads"], *part["notes"], *(str(cell) for row in part["rows"] for cell in row))
    yield from (title, *notes)


def test_the_same_by_api(no_paper):
    client, headers = signed_in("zhou"), with_token("zhou")
    period = f"{timezone.localdate():%Y-%m}"
    made_one = client.post("/api/v1/bureau/reports/", {"period": period, "parts": ["map"]}, content_type="application/json", **headers)
    address = f"/api/v1/bureau/reports/{made_one.json()['id']}/"

    assert (made_one.status_code, [part["code"] for part in made_one.json()["parts"]]) == (201, ["map"])
    assert [row["id"] for row in client.get("/api/v1/bureau/reports/", **headers).json()["results"]] == [made_one.json()["id"]]
    assert client.get(f"{address}file/xlsx/", **headers).status_code == 200
    assert client.get(f"{address}file/exe/", **headers).status_code == 404
