"""A self-check by a checklist of the chain owner's own: every kind of answer, what is asked only after another, the class it comes to."""

import pytest
from django.test import Client

from audits import services
from audits.models import Response
from audits.selectors import audit_for, sheet_of
from audits.services.checklists import begin_draft, publish_draft
from foundation.actor import as_actor
from foundation.errors import RuleBroken
from tests.cast import actor
from tests.clients import signed_in, with_token
from tests.db.audits.stage import FREQUENCY, agreement_in_force, first_audit, moment, photo

pytestmark = pytest.mark.django_db
NOW = moment("2026-03-10")
QUESTIONS = [
    {"code": "K-1", "text_zh": "仓库湿度？", "text_en": "Humidity?", "kind": "number", "unit": "%", "lowest": "55", "highest": "75", "weight": 2},
    {"code": "K-2", "text_zh": "怎样发料？", "text_en": "How issued?", "kind": "choice", "options": [{"code": "fifo", "zh": "先进先出", "en": "First in, first out", "share": 100}, {"code": "free", "zh": "随意", "en": "As it comes", "share": 0}], "photo": "on_no", "photos_least": 2},
    {"code": "K-3", "text_zh": "为什么随意？", "text_en": "Why?", "kind": "text", "show_if": [{"code": "K-2", "is": ["free"]}]},
    {"code": "K-4", "text_zh": "整齐程度？", "text_en": "Order?", "kind": "scale"},
    {"code": "K-5", "text_zh": "拍一下门口", "text_en": "Photograph the gate", "kind": "photo"},
    {"code": "K-6", "text_zh": "谁检查的？", "text_en": "Who looked?", "kind": "signature"},
    {"code": "K-7", "text_zh": "只问染厂", "text_en": "Dyers only", "node_codes": ["dyeing"]},
]  # fmt: skip


@pytest.fixture(autouse=True)
def evidence_root(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "evidence"


@pytest.fixture
def audit():
    chen = actor("chen")
    with as_actor(chen):
        draft = begin_draft(
            actor=chen, client_id="k", body={"name_zh": "各种答案", "name_en": "All kinds", "questions": QUESTIONS}, now=NOW
        )
        version = publish_draft(actor=chen, draft_id=draft.pk, revision=1, now=NOW)
    return first_audit(agreement_in_force(frequency={**FREQUENCY, "checklist": version.pk}))


def say(audit, number, value=None, *, answer="", note=""):
    lin = actor("lin")
    with as_actor(lin):
        return services.save_answer(actor=lin, audit_id=audit.pk, number=number, answer=answer, value=value, note=note, now=NOW)


def sheet(audit, who="lin"):
    with as_actor(actor(who)):
        return sheet_of(actor(who), audit_for(actor(who), audit.pk))


def hang(audit, number, folder):
    lin, evidence = actor("lin"), photo("lin", folder, NOW)
    with as_actor(lin):
        services.add_photo(actor=lin, audit_id=audit.pk, number=number, evidence=evidence, now=NOW)


def submit(audit):
    with as_actor(actor("lin")):
        return services.submit_audit(actor=actor("lin"), audit_id=audit.pk, now=NOW)


def test_every_kind_is_answered_submitted_and_graded(audit, tmp_path):
    for number, value in ((1, "80"), (2, "fifo"), (4, "8"), (6, "林师傅")):
        say(audit, number, value)
    with pytest.raises(RuleBroken) as early:
        submit(audit)
    hang(audit, 5, tmp_path)
    before = sheet(audit)
    submit(audit)
    with as_actor(actor("chen")):
        reviewed = services.accept_audit(actor=actor("chen"), audit_id=audit.pk, now=moment("2026-03-11"))

    assert early.value.facts == {"numbers": "5"}
    assert [question.code for question in before.asked()] == ["K-1", "K-2", "K-4", "K-5", "K-6"]
    assert before.done() == 5
    # 2 x 0 for the humidity, 1 for the way of issuing, 0.8 for the order, of a weight of 4: 45 %.
    assert reviewed.result_class == "D"


def test_a_question_that_hangs_on_an_answer_comes_and_goes_with_it(audit):
    say(audit, 2, "free")
    say(audit, 3, "一直这样")
    asked = [question.code for question in sheet(audit).asked()]
    lacks = {question.code: sheet(audit).lacks(question) for question in sheet(audit).asked()}
    say(audit, 2, "fifo")

    assert "K-3" in asked
    assert (lacks["K-2"], lacks["K-3"], lacks["K-5"]) == ("photo", "", "photo")
    assert "K-3" not in [question.code for question in sheet(audit).asked()]


@pytest.mark.parametrize(
    ("number", "value", "answer", "code"),
    [(1, "feucht", "", "answer_not_a_number"), (2, "lifo", "", "answer_not_of_this_question"), (4, "7", "", "answer_not_of_this_question"), (1, None, "yes", "answer_unknown")],
)  # fmt: skip
def test_what_is_no_answer_to_the_question_is_refused_and_not_kept(audit, number, value, answer, code):
    with pytest.raises(RuleBroken) as refused:
        say(audit, number, value, answer=answer)

    assert refused.value.code == code
    with as_actor(actor("lin")):
        assert Response.objects.filter(audit=audit).count() == 0


def test_the_pages_ask_by_kind_and_lead_past_what_is_not_asked(audit):
    lin = signed_in("lin", "en")
    url = f"/audits/{audit.pk}/questions/"

    assert 'inputmode="decimal"' in lin.get(f"{url}1/").content.decode()
    assert lin.post(f"{url}1/", {"value": "66", "go": "next", "client_id": "a"})["Location"] == f"{url}2/"
    assert lin.post(f"{url}2/", {"value": "fifo", "go": "next", "client_id": "b"})["Location"] == f"{url}4/"
    assert lin.post(f"{url}1/", {"value": "wet", "go": "next", "client_id": "c"}).status_code == 422
    assert (
        lin.post(f"{url}6/", {"answer": "na", "note": "没有人", "go": "next", "client_id": "d"})["Location"] == f"/audits/{audit.pk}/check/"
    )
    page = lin.get(f"{url}2/").content.decode()
    assert 'value="fifo" checked' in page
    checked = lin.get(f"/audits/{audit.pk}/check/").content.decode()
    assert "66 %" in checked
    assert "First in, first out" in checked
    assert "Dyers only" not in checked


def test_the_api_takes_and_gives_every_kind(audit):
    lin = with_token("lin")
    said = Client().put(f"/api/v1/audits/{audit.pk}/answers/4/", {"answer": "", "value": "10"}, content_type="application/json", **lin)

    assert said.status_code == 200
    assert [(q["code"], q["kind"], q["value"]) for q in said.json()["questions"]][2] == ("K-4", "scale", 10)
