"""Appeals against scores: one timeline of both sides, a laboratory of neither, a decision with reasons after which the score is counted anew."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from audits.models import FindingAppeal
from foundation.actor import as_actor
from foundation.errors import Absent, NotYours, RuleBroken
from inspections.models import Arbitration
from notices.models import Notification, Todo
from oversight.selectors.appeals import appeals as all_appeals
from records.appeal_questions import entries_of_appeal, opinion_for, score_appeal_for, score_appeals
from records.models import AppealEntry, AppealOpinion, Evidence, ScoreAppeal
from records.services import appeals
from records.services.appeals import AppealSaid
from records.services.evidence import file_evidence
from tests.cast import actor
from tests.clients import signed_in, with_token
from tests.db.oversight.duty_world import story
from tests.lots import a_lot
from tests.world import photo

pytestmark = pytest.mark.django_db
LIN, CHEN, WU, ZHOU, MEI = (actor(who) for who in ("lin", "chen", "wu", "zhou", "mei"))
NOW = timezone.now()
GROUNDS = "十二月放假，不应算逾期"
SECRET = "只给双方看的话"


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


def test_the_bureau_lays_no_file_before_itself_and_nobody_speaks_for_another():
    """A line in a side's name would open any file of that firm, without a case and without a look."""
    with as_actor(LIN):
        other = file_evidence(actor=LIN, path=photo((9, 9, 9)), name="别的.jpg", client_id="other", now=NOW)
    row = filed()
    line = {"appeal": row, "org_id": LIN.org_id, "respondent_org_id": CHEN.org_id, "words": "冒充", "person_name": "冒充", "at": NOW}
    opinion = {"appeal": row, "org_id": LIN.org_id, "respondent_org_id": CHEN.org_id, "lab_org_id": MEI.org_id, "lab_name_zh": "检测所", "code": row.code}
    forged = [
        (ZHOU, AppealEntry(**line, side="appellant", evidence_id=other.pk, client_id="1")),
        (CHEN, AppealEntry(**line, side="appellant", client_id="2")),
        (LIN, AppealEntry(**line, side="respondent", client_id="3")),
        (ZHOU, AppealOpinion(**opinion, question="？", state="given", opinion="对企业不利", asked_by="冒充", asked_at=NOW)),
    ]  # fmt: skip

    for who, words in forged:
        with as_actor(who), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            words.save(force_insert=True)

    with as_actor(ZHOU):
        assert [entry.words for entry in entries_of_appeal(ZHOU, row)] == [GROUNDS]
        assert not AppealOpinion.objects.visible_to(ZHOU).exists()
        assert not Evidence.objects.visible_to(ZHOU).exists()


@pytest.fixture
def three():
    """One appeal of each kind between Lin and Chen, a day apart: of a lot, against a finding, against a score."""
    made, lot, lab = story(), a_lot(), {"lab_name_zh": MEI.org_name_zh, "lab_org_id": MEI.org_id}
    sides = {"owner_org_id": CHEN.org_id, "supplier_org_id": LIN.org_id}
    with as_actor(LIN):
        Arbitration.objects.create(
            lot=lot, **sides, **lab, asked_side="supplier", characteristic_code="PH", sample_code="AR-TEST0001",
            why=SECRET, asked_by=SECRET, asked_at=NOW - timedelta(days=2), client_id=uuid4(),
        )  # fmt: skip
        FindingAppeal.objects.create(
            finding_id=made["finding_id"], **sides, arbiter_org_id=MEI.org_id, arbiter_name_zh=MEI.org_name_zh, code="FA-TEST0001", grade="major",
            requirement=SECRET, observed=SECRET, contested_because=SECRET, upheld_because=SECRET, why=SECRET, asked_by=SECRET,
            asked_at=NOW - timedelta(days=1), client_id="f",
        )  # fmt: skip
    return {**made, "score": filed()}


def test_appeals_of_every_kind_stand_on_one_timeline_by_state_and_laboratory(three, django_assert_num_queries):
    with as_actor(ZHOU):
        with django_assert_num_queries(5):
            found = all_appeals(ZHOU)
        pages, after = [], None
        while page := all_appeals(ZHOU, after=after, limit=1)[:1]:
            pages, after = [*pages, page[0].kind], (page[0].filed_at, page[0].id)
        decided_ones = all_appeals(ZHOU, state="decided")

    said = [(line.kind, line.code, line.state, line.grade, line.org_name_zh, line.respondent_name_zh, line.lab_name_zh) for line in found]
    assert said == [
        ("score", three["score"].code, "filed", "", LIN.org_name_zh, CHEN.org_name_zh, ""),
        ("finding", "FA-TEST0001", "asked", "major", LIN.org_name_zh, CHEN.org_name_zh, MEI.org_name_zh),
        ("lot", "AR-TEST0001", "asked", "", LIN.org_name_zh, CHEN.org_name_zh, MEI.org_name_zh),
    ]
    assert found[1].agreement_id == three["agreement_id"]
    assert (pages, decided_ones) == (["score", "finding", "lot"], [])


def test_no_word_of_the_other_appeals_reaches_the_bureau(three):
    client, head = signed_in("zhou", "en"), with_token("zhou")
    page = client.get("/bureau/appeals/?view=open").content.decode()
    table = client.get("/bureau/appeals/export/?as=csv").content.decode("utf-8-sig")
    rows = client.get("/api/v1/bureau/appeals/", **head).json()["results"]
    words = [(FindingAppeal, name) for name in ("requirement", "observed", "gap", "contested_because", "upheld_because", "why", "words", "asked_by")]
    words += [(Arbitration, name) for name in ("lot_id", "characteristic_code", "why", "asked_by", "owner_said", "supplier_said", "verdict", "verdict_reason")]
    for model, name in words:
        with as_actor(ZHOU), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            list(model.objects.values_list(name))

    for code in (three["score"].code, "FA-TEST0001", "AR-TEST0001"):
        assert code in page and code in table
    assert [row["kind"] for row in rows] == ["score", "finding", "lot"]
    assert rows[2]["laboratory"]["zh"] == MEI.org_name_zh
    assert f"/bureau/agreements/{three['agreement_id']}/" in page
    assert [SECRET in text for text in (page, table, str(rows))] == [False, False, False]
    # A firm's own list stays what it was: appeals against scores.
    assert "FA-TEST0001" not in signed_in("lin").get("/appeals/scores/").content.decode()


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
