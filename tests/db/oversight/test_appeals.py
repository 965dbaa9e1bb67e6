"""Appeals against scores: one timeline of both sides, a laboratory of neither, a decision with reasons after which the score is counted anew."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from foundation.actor import as_actor
from foundation.errors import Absent, NotYours, RuleBroken
from notices.models import Notification, Todo
from records.appeal_questions import entries_of_appeal, opinion_for, score_appeal_for, score_appeals
from records.models import AppealEntry, AppealOpinion, Evidence, ScoreAppeal
from records.services import appeals
from records.services.appeals import AppealSaid
from records.services.evidence import file_evidence
from tests.cast import actor
from tests.clients import signed_in, with_token
from tests.world import photo

pytestmark = pytest.mark.django_db
LIN, CHEN, WU, ZHOU, MEI = (actor(who) for who in ("lin", "chen", "wu", "zhou", "mei"))
NOW = timezone.now()
GROUNDS = "十二月放假，不应算逾期"


def filed(*, part="compliance", evidence_id=None, client_id=""):
    said = AppealSaid(part, {"value": "82", "n": "19"}, GROUNDS, uuid4(), CHEN.org_id, evidence_id)
    with as_actor(LIN):
        return appeals.file_score_appeal(actor=LIN, said=said, client_id=client_id or uuid4().hex, now=NOW)


def decided(row, outcome="upheld", reasons="放假公告属实，扣除这三天。"):
    with as_actor(ZHOU):
        return appeals.decide_score_appeal(actor=ZHOU, appeal=row, outcome=outcome, reasons=reasons, now=NOW)


@pytest.fixture
def counted(monkeypatch):
    """What is asked to be counted anew."""
    heard = []
    monkeypatch.setattr(appeals, "_counters", [lambda row, now: heard.append((row.pk, now))])
    return heard


def test_an_appeal_is_filed_once_and_reaches_the_bureau_and_the_other_side():
    row, again = filed(client_id="same"), filed(client_id="same")

    assert (row.pk, row.state) == (again.pk, "filed")
    with as_actor(ZHOU):
        assert [each.pk for each in score_appeals(ZHOU)] == [row.pk]
        assert Todo.objects.filter(kind="score_appeal_to_decide", subject_id=row.pk, done_at=None).count() == 1
    with as_actor(CHEN):
        assert [entry.words for entry in entries_of_appeal(CHEN, score_appeal_for(CHEN, row.pk))] == [GROUNDS]
        assert Notification.objects.filter(kind="score_appealed").count() == 1
    for stranger in (WU, MEI, actor("fang"), actor("pan")):
        with as_actor(stranger), pytest.raises(Absent):
            score_appeal_for(stranger, row.pk)


def test_a_second_appeal_against_a_part_waits_for_the_first():
    score = uuid4()
    with as_actor(LIN):
        first = appeals.file_score_appeal(actor=LIN, said=AppealSaid("audit", {}, GROUNDS, score), client_id="a", now=NOW)
        with pytest.raises(RuleBroken) as broken:
            appeals.file_score_appeal(actor=LIN, said=AppealSaid("audit", {}, GROUNDS, score), client_id="b", now=NOW)
        assert (broken.value.code, ScoreAppeal.objects.visible_to(LIN).get().pk) == ("appeal_waits_already", first.pk)


def test_both_sides_speak_and_nobody_else():
    row = filed()
    with as_actor(CHEN):
        appeals.say_on_appeal(actor=CHEN, appeal=row, words="我们按协议的日期计算", client_id="c", now=NOW)
        appeals.say_on_appeal(actor=CHEN, appeal=row, words="我们按协议的日期计算", client_id="c", now=NOW)
    for stranger in (WU, MEI):
        with as_actor(stranger), pytest.raises(NotYours):
            appeals.say_on_appeal(actor=stranger, appeal=row, words="我也来说一句", client_id="w", now=NOW)

    with as_actor(ZHOU):
        assert [(e.side, e.words) for e in entries_of_appeal(ZHOU, row)] == [("appellant", GROUNDS), ("respondent", "我们按协议的日期计算")]


def test_a_forged_line_is_refused_by_the_database():
    row = filed()
    forged = AppealEntry(
        appeal=row,
        org_id=LIN.org_id,
        respondent_org_id=actor("fang").org_id,
        side="respondent",
        words="冒充",
        person_name="方岑",
        at=NOW,
        client_id="x",
    )
    with as_actor(actor("fang")), pytest.raises(DatabaseError), transaction.atomic():
        forged.save(force_insert=True)

    with as_actor(ZHOU):
        assert len(entries_of_appeal(ZHOU, row)) == 1


def test_a_laboratory_of_neither_side_reads_the_question_and_nothing_else(counted):
    row = filed()
    with as_actor(ZHOU):
        with pytest.raises(RuleBroken) as no_lab:
            appeals.ask_lab(actor=ZHOU, appeal=row, lab_org_id=WU.org_id, question="放假是否可以扣除？", now=NOW)
        asked = appeals.ask_lab(actor=ZHOU, appeal=row, lab_org_id=MEI.org_id, question="放假是否可以扣除？", now=NOW)
        assert appeals.ask_lab(actor=ZHOU, appeal=row, lab_org_id=MEI.org_id, question="放假是否可以扣除？", now=NOW).pk == asked.pk
        row.refresh_from_db()
    assert (no_lab.value.code, row.state) == ("appeal_lab_unknown", "with_lab")
    with pytest.raises(RuleBroken) as waits:
        decided(row)
    assert (waits.value.code, counted) == ("appeal_waits_for_lab", [])

    with as_actor(MEI):
        assert not ScoreAppeal.objects.visible_to(MEI).exists()
        opinion = opinion_for(MEI, row.pk)
        appeals.give_opinion(actor=MEI, opinion=opinion, words="可以扣除，公告早于到期日。", now=NOW)
        appeals.give_opinion(actor=MEI, opinion=opinion, words="改主意了，不可以。", now=NOW)
    page = signed_in("mei", "en").get(f"/appeals/scores/{row.pk}/").content.decode()
    assert "放假是否可以扣除" in page and LIN.org_name_zh not in page and "Yunzhu" not in page

    with as_actor(LIN):
        assert AppealOpinion.objects.visible_to(LIN).get().opinion == "可以扣除，公告早于到期日。"
    assert decided(row).state == "decided"


@pytest.mark.parametrize(("outcome", "times"), [("upheld", 1), ("partly", 1), ("dismissed", 0)])
def test_a_decision_for_the_firm_counts_its_score_anew_once(counted, outcome, times):
    row = filed()
    decided(row, outcome)
    decided(row, outcome)
    with pytest.raises(RuleBroken) as second:
        decided(row, "dismissed" if outcome == "upheld" else "upheld", "另一个说法，不应该生效")

    assert (second.value.code, len(counted)) == ("appeal_is_decided", times)
    with as_actor(LIN):
        mine = score_appeal_for(LIN, row.pk)
        assert (mine.outcome, mine.decided_by, Notification.objects.filter(kind="score_appeal_decided").count()) == (outcome, "周衡", 1)
        with pytest.raises(RuleBroken):
            appeals.say_on_appeal(actor=LIN, appeal=mine, words="还有话要说", client_id="late", now=NOW)


def test_only_the_bureau_decides_and_the_database_keeps_the_decision(counted):
    row = filed()
    for who in (LIN, CHEN, MEI):
        with as_actor(who), pytest.raises(NotYours):
            appeals.decide_score_appeal(actor=who, appeal=row, outcome="upheld", reasons="自己给自己", now=NOW)
    decided(row)

    with as_actor(ZHOU), pytest.raises(DatabaseError), transaction.atomic():
        ScoreAppeal.objects.filter(pk=row.pk).update(outcome="dismissed")
    with as_actor(ZHOU):
        assert score_appeal_for(ZHOU, row.pk).outcome == "upheld"


def test_a_file_laid_before_the_bureau_is_open_to_it_and_no_other_file():
    with as_actor(LIN):
        shown = file_evidence(actor=LIN, path=photo(), name="公告.jpg", client_id="shown", now=NOW)
        file_evidence(actor=LIN, path=photo((9, 9, 9)), name="别的.jpg", client_id="other", now=NOW)
    row = filed(evidence_id=shown.pk)

    with as_actor(ZHOU):
        assert [each.pk for each in Evidence.objects.visible_to(ZHOU)] == [shown.pk]
    client, address = signed_in("zhou"), f"/bureau/appeals/{row.pk}/files/{shown.pk}/"
    assert client.get(client.get(address)["Location"]).status_code == 200
    assert signed_in("lin").get("/privacy/looks/").content.decode().count("公告.jpg") == 1


def test_a_firm_takes_its_appeal_back():
    row = filed()
    with as_actor(LIN):
        appeals.withdraw_score_appeal(actor=LIN, appeal=row, now=NOW)
        assert score_appeal_for(LIN, row.pk).state == "withdrawn"
    with as_actor(ZHOU):
        assert not Todo.objects.filter(subject_id=row.pk, done_at=None).exists()


def test_the_pages_lead_to_a_decision_in_both_languages(counted):
    row = filed()
    page = f"/bureau/appeals/{row.pk}/"
    for language in ("en", "zh-hans"):
        client = signed_in("zhou", language)
        assert GROUNDS in client.get(page).content.decode()
        assert row.code in client.get("/bureau/appeals/").content.decode()
    for who in ("lin", "chen"):
        assert GROUNDS in signed_in(who, "en").get(f"/appeals/scores/{row.pk}/").content.decode()
        assert row.code in signed_in(who).get("/appeals/scores/").content.decode()
    assert signed_in("wu").get(f"/appeals/scores/{row.pk}/").status_code == 404

    client = signed_in("zhou", "en")
    assert client.post(page, {"do": "decide", "outcome": "upheld", "reasons": ""}).status_code == 422
    assert client.post(page, {"do": "say", "words": "请补充公告", "client_id": "s"}).status_code == 302
    assert client.post(page, {"do": "decide", "outcome": "upheld", "reasons": "放假公告属实"}).status_code == 302
    assert "放假公告属实" in signed_in("lin").get(f"/appeals/scores/{row.pk}/").content.decode()
    assert row.code in client.get("/bureau/appeals/export/?as=csv").content.decode("utf-8-sig")


def test_the_api_decides_as_the_page_does(counted):
    row, client, head = filed(), signed_in("zhou"), with_token("zhou")
    lines = client.get(f"/api/v1/bureau/appeals/{row.pk}/", **head).json()["lines"]
    said = client.post(
        f"/api/v1/appeals/scores/{row.pk}/lines/", {"words": "这是我们的公告"}, content_type="application/json", **with_token("lin")
    )
    done = client.post(
        f"/api/v1/bureau/appeals/{row.pk}/decision/", {"outcome": "partly", "reasons": "扣除两天"}, content_type="application/json", **head
    )

    assert [line["words"] for line in lines] == [GROUNDS]
    assert (said.status_code, done.status_code, done.json()["outcome"], len(counted)) == (201, 200, "partly", 1)
    assert client.get(f"/api/v1/appeals/scores/{row.pk}/", **with_token("wu")).status_code == 404
