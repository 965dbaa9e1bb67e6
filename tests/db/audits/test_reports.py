"""The report: printed once for what it says, in both languages, its hash in the record; whoever holds it may ask whether it stands."""

import hashlib
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client

from audits import services
from audits.models import AuditReport
from audits.report_text import told
from audits.selectors.reports import reports_of
from audits.services import reports
from audits.services.reports import ReportDamaged, bytes_of, copy_token, print_report
from foundation.actor import as_actor
from foundation.errors import Absent, RuleBroken
from records.models import RecordEntry
from tests.cast import actor
from tests.clients import signed_in
from tests.db.audits.stage import agreement_in_force, first_audit, moment, raised, submitted

pytestmark = pytest.mark.django_db
CHEN, LIN = actor("chen"), actor("lin")


@pytest.fixture(autouse=True)
def evidence_root(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "evidence"


@pytest.fixture
def drawn(monkeypatch):
    """Papers are not drawn but told: what goes into each is what is tested here, and drawing takes seconds."""
    made = []

    def tell(content, pictures, report, *, is_demo):
        made.append((content, pictures))
        return f"%PDF {report.token}".encode()

    monkeypatch.setattr(reports, "report_pdf", tell)
    return made


@pytest.fixture
def audit(tmp_path):
    return submitted(agreement_in_force(), tmp_path, q3="no")


def printed(audit, who=CHEN, on="2026-03-12"):
    with as_actor(who):
        return print_report(actor=who, audit_id=audit.pk, now=moment(on))


def test_a_real_paper_is_a_pdf_with_its_photos(audit):
    raised(audit)

    report = printed(audit)

    raw = bytes_of(report)
    assert (raw[:5], len(raw), hashlib.sha256(raw).hexdigest()) == (b"%PDF-", report.size, report.sha256)
    assert raw.count(b"/Subtype /Image") + raw.count(b"/Subtype/Image") >= 1


def test_it_says_the_same_whoever_of_both_asks_and_is_printed_once(audit, drawn):
    first, again = printed(audit, LIN), printed(audit, CHEN, on="2026-03-13")

    assert (first.pk, first.number, len(drawn)) == (again.pk, 1, 1)
    with as_actor(CHEN):
        entry = RecordEntry.objects.select_related("payload").get(kind="audit_report_kept")
    kept = json.loads(entry.payload.text)
    assert (kept["sha256"], kept["content"], kept["number"]) == (first.sha256, first.content_sha256, 1)


def test_what_has_changed_is_printed_anew_and_the_former_stays(audit, drawn):
    first = printed(audit)
    with as_actor(CHEN):
        services.accept_audit(actor=CHEN, audit_id=audit.pk, now=moment("2026-03-13"))

    second = printed(audit, on="2026-03-14")

    assert (first.number, second.number) == (1, 2)
    assert (drawn[0][0]["score"], drawn[1][0]["score"]["band"]) == (None, "B")
    with as_actor(LIN):
        assert [row.number for row in reports_of(LIN, audit)] == [2, 1]


def test_it_holds_findings_answers_and_photos_in_both_languages(audit):
    raised(audit)
    with as_actor(CHEN):
        content, pictures = told(CHEN, audit)

    (finding,) = content["findings"]
    assert (finding["grade"], finding["observed"], len(finding["before"])) == ({"zh": "主要", "en": "Major"}, "天平校准已过期", 1)
    assert [q["answer"]["en"] for q in content["questions"]] == ["Yes", "Yes", "No", "Yes", "Yes"]
    assert set(pictures) == {sha for q in content["questions"] for sha in q["photos"]}
    assert all(raw[:2] == b"\xff\xd8" for raw in pictures.values())


def test_photos_that_the_agreement_does_not_share_are_on_no_report(tmp_path):
    private = submitted(agreement_in_force(shares=False), tmp_path, q3="no")
    with as_actor(CHEN):
        content, pictures = told(CHEN, private)

    assert ([q["photos"] for q in content["questions"]], pictures) == ([[], [], [], [], []], {})


def test_there_is_no_report_before_it_is_handed_in(drawn):
    early = first_audit(agreement_in_force())

    with pytest.raises(RuleBroken, match="report_not_yet"):
        printed(early)

    with as_actor(CHEN):
        assert (AuditReport.objects.count(), drawn) == (0, [])


def test_a_stranger_prints_nothing(audit, drawn):
    with pytest.raises(Absent):
        printed(audit, actor("wu"))

    assert drawn == []


def test_a_kept_report_is_never_changed(audit, drawn):
    report = printed(audit)

    with as_actor(CHEN), pytest.raises(DatabaseError), transaction.atomic():
        AuditReport.objects.filter(pk=report.pk).update(sha256="0" * 64)
    with as_actor(CHEN):
        assert AuditReport.objects.get().sha256 == report.sha256


def test_damaged_bytes_are_not_handed_out(audit, drawn, settings):
    report = printed(audit)
    (settings.EVIDENCE_ROOT / report.path).write_bytes(b"other")

    with pytest.raises(ReportDamaged):
        bytes_of(report)


def test_both_sides_take_it_away_and_a_stranger_does_not(audit, drawn):
    report = printed(audit)
    path = f"/audits/{audit.pk}/report/1.pdf"

    for who in ("chen", "lin"):
        answer = signed_in(who).get(path)
        assert (answer["Content-Type"], hashlib.sha256(answer.content).hexdigest()) == ("application/pdf", report.sha256)
        assert signed_in(who).get(f"/audits/{audit.pk}/report/").status_code == 200
    assert signed_in("wu").get(path).status_code == 404


def test_the_page_prints_it_and_says_when_nothing_is_new(audit, drawn):
    client = signed_in("lin", language="en")

    for _ in range(2):
        assert client.post(f"/audits/{audit.pk}/report/print/").status_code == 302

    assert len(drawn) == 1
    assert "It says the same" in client.get(f"/audits/{audit.pk}/report/").content.decode()


def test_the_auditees_phone_opens_a_copy_for_a_day_without_signing_in(audit, drawn, monkeypatch):
    report = printed(audit)
    token = copy_token(report)

    assert Client().get(f"/audits/copy/{token}/").content == bytes_of(report)
    assert Client().get(f"/audits/copy/{report.token}/").status_code == 404
    monkeypatch.setattr(reports, "COPY_SECONDS", -1)
    assert Client().get(f"/audits/copy/{token}/").status_code == 404


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_whoever_holds_it_learns_whether_it_stands_and_no_name(audit, drawn, language):
    first = printed(audit)
    asking = Client()
    asking.cookies["django_language"] = language

    page = asking.get(f"/verify/audit/{first.token}/").content.decode()
    same = asking.post(f"/verify/audit/{first.token}/", {"file": SimpleUploadedFile("r.pdf", bytes_of(first))}).content.decode()
    other = asking.post(f"/verify/audit/{first.token}/", {"file": SimpleUploadedFile("r.pdf", b"else")}).content.decode()
    nobody = asking.get("/verify/audit/zzz/").content.decode()

    words = {
        "en": ("This report stands", "unchanged", "or was changed", "No report with this code"),
        "zh-hans": ("报告有效", "未改动", "或已改动", "没有打印过"),
    }[language]
    assert [word in text for word, text in zip(words, (page, same, other, nobody), strict=True)] == [True] * 4
    for trace in ("云杼", "砚棠", "Yunzhu", "Yantang", str(audit.pk)):
        assert trace not in page


def test_a_report_that_was_replaced_says_so(audit, drawn):
    first = printed(audit)
    with as_actor(CHEN):
        services.accept_audit(actor=CHEN, audit_id=audit.pk, now=moment("2026-03-13"))
    printed(audit, on="2026-03-14")
    asking = Client()
    asking.cookies["django_language"] = "en"

    assert "A later report has taken its place" in asking.get(f"/verify/audit/{first.token}/").content.decode()
