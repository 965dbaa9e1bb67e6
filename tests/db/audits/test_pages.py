"""The pages of audits and findings, as both sides open them in both languages, with and without script."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audits.models import Audit, CorrectiveAction, Finding, Response, ResponseEvidence
from foundation.actor import as_actor
from tests.cast import actor
from tests.clients import signed_in
from tests.db.audits.stage import agreement_in_force, answered, first_audit, picture, raised, replied, submitted

pytestmark = pytest.mark.django_db
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(autouse=True)
def evidence_root(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "evidence"


@pytest.fixture
def open_audit():
    return first_audit(agreement_in_force())


@pytest.fixture
def filed(tmp_path):
    return submitted(agreement_in_force(), tmp_path, q3="no", q5="na")


def shot(name="shot.jpg", shade=120):
    return SimpleUploadedFile(name, picture(shade), "image/jpeg")


def rows(model, who="lin"):
    with as_actor(actor(who)):
        return list(model.objects.visible_to(actor(who)))


def outside_chinese_runs(html):
    body = re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.S)
    body = re.sub(r"<(\w+)\b[^>]*\blang=\"zh-Hans\"[^>]*>.*?</\1>", "", body, flags=re.S)
    return re.sub(r"<textarea.*?</textarea>", "", body, flags=re.S)


def addresses(audit, finding, who):
    found = ["/audits/", "/audits/?view=open", "/audits/?view=done", f"/audits/{audit.pk}/", "/findings/", "/findings/?state=raised&grade=minor",
             f"/findings/{finding.pk}/"]  # fmt: skip
    return found + ([f"/audits/{audit.pk}/review/"] if who == "chen" else [])


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("who", ["chen", "lin"])
def test_every_page_opens_in_both_languages(filed, who, language):
    finding = raised(filed)
    replied(finding)
    client = signed_in(who, language)

    for address in addresses(filed, finding, who):
        page = client.get(address)
        html = page.content.decode()
        assert page.status_code == 200, address
        assert html.count("<h1") == 1, address
        if language == "zh-hans":
            assert HAN.search(html), address
        else:
            assert HAN.findall(outside_chinese_runs(html)) == [], address


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_screens_of_the_self_check_open_in_both_languages(open_audit, language):
    client = signed_in("lin", language)

    for address in [*(f"/audits/{open_audit.pk}/questions/{n}/" for n in range(1, 6)), f"/audits/{open_audit.pk}/check/"]:
        page = client.get(address)
        assert page.status_code == 200, address
        assert 'capture="environment"' in page.content.decode() or "check" in address
        if language == "en":
            assert HAN.findall(outside_chinese_runs(page.content.decode())) == [], address


@pytest.mark.parametrize("who", ["chen", "lin"])
def test_empty_lists_say_what_comes_here(who):
    client = signed_in(who, "en")

    assert "No audit yet" in client.get("/audits/").content.decode()
    assert "No finding yet" in client.get("/findings/").content.decode()


def test_a_whole_self_check_is_filed_without_script(open_audit):
    client = signed_in("lin")
    for number in range(1, 6):
        sent = {"answer": "yes", "note": "", "client_id": f"c{number}", "go": "next"}
        if number < 3:
            sent["photo"] = shot()
        page = client.post(f"/audits/{open_audit.pk}/questions/{number}/", sent)
        onward = f"/audits/{open_audit.pk}/questions/{number + 1}/" if number < 5 else f"/audits/{open_audit.pk}/check/"
        assert (page.status_code, page["Location"]) == (302, onward)

    page = client.post(f"/audits/{open_audit.pk}/submit/")
    again = client.post(f"/audits/{open_audit.pk}/submit/")

    assert (page.status_code, again.status_code) == (302, 302)
    assert [a.state for a in rows(Audit, "chen")] == ["submitted"]
    assert len(rows(ResponseEvidence, "chen")) == 2


def test_an_answer_is_saved_by_itself_and_the_line_says_when(open_audit):
    client = signed_in("lin", "en")

    page = client.post(
        f"/audits/{open_audit.pk}/questions/1/answer/", {"answer": "no", "note": "", "client_id": "c"}, headers={"HX-Request": "true"}
    )

    assert page.status_code == 200
    assert "Saved on the server" in page.content.decode()
    assert 'hx-swap-oob="true"' in page.content.decode()
    assert [r.answer for r in rows(Response)] == ["no"]


def test_a_photo_form_sent_twice_files_one_photo(open_audit):
    client = signed_in("lin")
    for _ in range(2):
        page = client.post(f"/audits/{open_audit.pk}/questions/1/photos/", {"client_id": "same", "answer": "yes", "photo": shot()})
        assert page.status_code == 302

    assert len(rows(ResponseEvidence)) == 1
    assert [r.answer for r in rows(Response)] == ["yes"]


def test_a_file_that_is_no_photo_is_refused_in_words_and_the_answer_is_kept(open_audit):
    client = signed_in("lin", "en")
    text = SimpleUploadedFile("shot.jpg", b"<html><script>1</script></html>", "image/jpeg")

    page = client.post(f"/audits/{open_audit.pk}/questions/1/", {"client_id": "x", "answer": "yes", "note": "seen", "photo": text})

    assert page.status_code == 422
    assert "Not everything could be saved" in page.content.decode()
    assert rows(ResponseEvidence) == []
    assert [(r.answer, r.note) for r in rows(Response)] == [("yes", "seen")]


def test_a_photo_is_removed_and_the_note_in_the_form_is_kept(open_audit):
    client = signed_in("lin")
    client.post(f"/audits/{open_audit.pk}/questions/1/", {"client_id": "x", "photo": shot()})
    hung = rows(ResponseEvidence)[0]

    page = client.post(f"/audits/{open_audit.pk}/questions/1/photos/{hung.evidence_id}/remove/", {"client_id": "y", "note": "重拍"})

    assert page.status_code == 302
    assert rows(ResponseEvidence) == []
    assert [r.note for r in rows(Response)] == ["重拍"]


def test_submitting_too_early_names_what_is_missing(open_audit):
    client = signed_in("lin", "en")

    page = client.post(f"/audits/{open_audit.pk}/submit/")

    assert page.status_code == 422
    assert "1, 2, 3, 4, 5" in page.content.decode()
    assert [a.state for a in rows(Audit)] == ["notified"]


def test_change_leads_back_to_the_check_page(open_audit, tmp_path):
    answered(open_audit, tmp_path, timezone.now())
    client = signed_in("lin")
    check = client.get(f"/audits/{open_audit.pk}/check/").content.decode()
    assert f"/audits/{open_audit.pk}/questions/3/?back=check" in check

    page = client.post(f"/audits/{open_audit.pk}/questions/3/", {"client_id": "z", "answer": "yes", "go": "next", "back": "check"})

    assert page["Location"] == f"/audits/{open_audit.pk}/check/"


def test_after_submission_the_question_pages_lead_to_the_audit(filed):
    client = signed_in("lin")

    assert client.get(f"/audits/{filed.pk}/questions/1/")["Location"] == f"/audits/{filed.pk}/"
    assert client.get(f"/audits/{filed.pk}/check/")["Location"] == f"/audits/{filed.pk}/"
    assert client.post(f"/audits/{filed.pk}/questions/1/", {"client_id": "a", "answer": "no"}).status_code == 422


def test_the_chain_owner_reviews_raises_and_closes_at_the_desk(filed):
    client = signed_in("chen", "en")
    page = client.get(f"/audits/{filed.pk}/review/").content.decode()
    assert page.count("/evidence/shared/") == 6  # three photos, each as a picture and as a link

    sent = {"grade": "minor", "question_code": "MW-3", "requirement": "r", "observed": "o", "client_id": "f1"}
    for _ in range(2):
        assert client.post(f"/audits/{filed.pk}/findings/", sent).status_code == 302
    assert client.post(f"/audits/{filed.pk}/accept/").status_code == 302

    assert len(rows(Finding, "lin")) == 1
    assert [a.state for a in rows(Audit, "lin")] == ["reviewed"]


def test_an_incomplete_finding_keeps_what_was_typed(filed):
    client = signed_in("chen", "en")

    page = client.post(f"/audits/{filed.pk}/findings/", {"grade": "minor", "requirement": "kept words", "observed": "", "client_id": "f"})

    assert page.status_code == 422
    assert "kept words" in page.content.decode()
    assert rows(Finding, "chen") == []


def test_before_submission_the_chain_owner_sees_no_answer(open_audit):
    signed_in("lin").post(f"/audits/{open_audit.pk}/questions/1/", {"client_id": "c", "answer": "no", "note": "CANARY-7731"})

    for address in (f"/audits/{open_audit.pk}/", f"/audits/{open_audit.pk}/review/"):
        assert "CANARY-7731" not in signed_in("chen").get(address).content.decode()


def test_the_supplier_answers_with_a_photo_and_the_owner_verifies(filed):
    finding = raised(filed, grade="critical", on="2026-03-11")
    supplier, owner = signed_in("lin", "en"), signed_in("chen", "en")
    words = {"correction": "stopped", "cause": "no reminder", "action": "ledger", "client_id": "a1"}

    without = supplier.post(f"/findings/{finding.pk}/answer/", words)
    assert without.status_code == 422
    assert "A critical finding is closed with evidence only" in without.content.decode()
    assert rows(CorrectiveAction) == []
    half = supplier.post(f"/findings/{finding.pk}/answer/", {**words, "cause": "", "photo": shot(shade=200)})
    assert half.status_code == 422
    # the photo of the first try is kept: it is not asked for twice
    assert supplier.post(f"/findings/{finding.pk}/answer/", words).status_code == 302
    assert "After" in owner.get(f"/findings/{finding.pk}/").content.decode()
    assert owner.post(f"/findings/{finding.pk}/verify/").status_code == 302

    assert [f.state for f in rows(Finding)] == ["closed"]


def test_contest_uphold_send_back_and_withdraw_have_their_forms(filed):
    supplier, owner = signed_in("lin", "en"), signed_in("chen", "en")
    one, two = raised(filed), raised(filed)

    assert supplier.post(f"/findings/{one.pk}/contest/", {"reason": ""}).status_code == 422
    assert supplier.post(f"/findings/{one.pk}/contest/", {"reason": "It was replaced"}).status_code == 302
    assert "It was replaced" in owner.get(f"/findings/{one.pk}/").content.decode()
    assert owner.post(f"/findings/{one.pk}/uphold/", {"reason": "The date differs"}).status_code == 302
    supplier.post(f"/findings/{one.pk}/answer/", {"correction": "a", "cause": "b", "action": "c", "client_id": "k"})
    assert owner.post(f"/findings/{one.pk}/send-back/", {"reason": "Why did it happen?"}).status_code == 302
    assert owner.post(f"/findings/{two.pk}/withdraw/", {"reason": "Seen wrongly"}).status_code == 302
    assert supplier.post(f"/findings/{two.pk}/accept/").status_code == 422

    assert {f.pk: f.state for f in rows(Finding)} == {one.pk: "accepted", two.pk: "withdrawn"}


def test_findings_leave_as_tables_under_the_filters(filed):
    raised(filed, grade="minor")
    raised(filed, grade="major")
    client = signed_in("chen", "en")

    table = client.get("/findings/export.csv?grade=minor").content.decode("utf-8-sig").splitlines()
    book = client.get("/findings/export.xlsx")

    assert len(table) == 2
    assert table[1].split(",")[2] == "Minor"
    assert book["Content-Type"].endswith("spreadsheetml.sheet")


@pytest.mark.parametrize("who", ["wu", "fang"])
def test_a_stranger_meets_the_same_404_as_for_nothing(filed, who):
    finding = raised(filed)
    client = signed_in(who, "en")
    absent = "0199aaaa-0000-7000-8000-000000000000"
    paths = ["/audits/{a}/", "/findings/{f}/"]
    paths += ["/audits/{a}/questions/1/", "/audits/{a}/check/"] if who == "wu" else ["/audits/{a}/review/"]

    for path in paths:
        theirs = client.get(path.format(a=filed.pk, f=finding.pk))
        nothing = client.get(path.format(a=absent, f=absent))
        assert (theirs.status_code, nothing.status_code) == (404, 404), path
    for path in ["/findings/{f}/accept/", "/audits/{a}/submit/"] if who == "wu" else ["/findings/{f}/verify/", "/audits/{a}/accept/"]:
        assert client.post(path.format(a=filed.pk, f=finding.pk)).status_code == 404, path

    assert [f.state for f in rows(Finding)] == ["raised"]
    assert client.get("/audits/").content.decode().count(str(filed.pk)) == 0
    assert client.get("/findings/").content.decode().count(str(finding.pk)) == 0


@pytest.mark.parametrize("who", ["zhou", "mei", "pan"])
def test_other_hats_are_refused(filed, who):
    client = signed_in(who)

    assert [client.get(path).status_code for path in ("/audits/", "/findings/", f"/audits/{filed.pk}/")] == [403, 403, 403]


def test_lists_go_on_where_they_ended(filed):
    finding = raised(filed)
    client = signed_in("chen", "en")

    after_audits = client.get(f"/audits/?after={filed.visit_on - timedelta(days=1)}_{filed.pk}")
    after_findings = client.get("/findings/", {"after": f"{finding.raised_at.isoformat()}_{finding.pk}"})

    assert f"/audits/{filed.pk}/" not in after_audits.content.decode()
    assert f"/findings/{finding.pk}/" not in after_findings.content.decode()
    assert client.get("/audits/?after=nonsense&view=nonsense").status_code == 200


def test_the_list_of_findings_does_not_ask_once_per_row(filed):
    client = signed_in("chen")
    raised(filed)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get("/findings/")
        counts.append(len(asked))
        for _again in range(4):
            raised(filed)

    assert counts[0] == counts[1]
