"""A portrait as its firm sees it and shows it: a link for thirty days, each opening written down, and nothing of any chain owner in it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import Absent, NotYours, RuleBroken
from notices.models import Notification
from onestop.models import Portrait, PortraitLook
from onestop.portrait_rows import appeal_said
from onestop.selectors.portraits import looks_at, portrait_for, portraits_shown_to
from onestop.selectors.scores import scores_of
from onestop.services import portraits
from onestop.services.portraits import open_portrait, revoke_portrait, share_portrait, token_of
from onestop.views.portrait_public import MOST
from records.models import AccessEvent, ScoreAppeal
from records.services.appeals import decide_score_appeal, file_score_appeal
from tests.cast import CAST, actor, link_id
from tests.clients import signed_in, with_token
from tests.world_portraits import FULL, scored

pytestmark = pytest.mark.django_db
LIN, WU, CHEN, ZHOU = actor("lin"), actor("wu"), actor("chen"), actor("zhou")
NOT_YET = "数据还不够生成画像。页面上写明了还缺什么。"


@pytest.fixture
def now():
    return timezone.now()


def shared(now, who=LIN, for_whom="示例银行海曙支行", client_id=""):
    with as_actor(who):
        return share_portrait(actor=who, for_whom=for_whom, client_id=client_id or uuid4().hex, now=now)


def address(row):
    return f"/portrait/{token_of(row)}/"


def test_a_bank_reads_it_without_signing_in_and_the_firm_sees_the_opening(now):
    scored("lin", now=now)
    row = shared(now)

    answer = Client().get(
        address(row), HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537.36", REMOTE_ADDR="203.0.113.77"
    )

    said = answer.content.decode()
    assert answer.status_code == 200
    assert ("云杼纺织" in said, "86.69 %" in said, "noindex" in said) == (True, True, True)
    assert (answer["X-Robots-Tag"], answer["Referrer-Policy"]) == ("noindex, nofollow", "no-referrer")
    with as_actor(LIN):
        looks = looks_at(LIN, row)
    assert [(look.net, look.device) for look in looks] == [("203.0.113.0", "Chrome · Windows")]
    page = signed_in("lin").get(f"/portrait/shared/{row.pk}/").content.decode()
    assert ("203.0.113.0" in page, "203.0.113.77" in page, "示例银行海曙支行" in page) == (True, False, True)


def test_what_is_shown_names_nobody_but_the_firm(now):
    scored("lin", now=now)
    row = shared(now)

    said = Client().get(address(row)).content.decode()

    others = [m for m in CAST if m.who != "lin"]
    assert [m.who for m in others if m.org_zh in said or m.org_en in said or str(m.org_id) in said] == []
    assert ("示例银行" in said, str(row.pk) in said, str(LIN.org_id) in said) == (False, False, False)


def test_a_link_dies_after_thirty_days_or_when_taken_back_and_all_dead_links_answer_alike(now):
    scored("lin", now=now)
    kept, gone = shared(now), shared(now, for_whom="另一家")
    with as_actor(LIN):
        first = revoke_portrait(actor=LIN, portrait_id=gone.pk, now=now)
        again = revoke_portrait(actor=LIN, portrait_id=gone.pk, now=now + timedelta(hours=1))
    assert first.revoked_at == again.revoked_at

    with pytest.raises(Absent):
        open_portrait(token_of(kept), net="", device="", now=now + timedelta(days=30))
    answers = [Client().get(at) for at in (address(gone), "/portrait/no-such-token/")]
    assert [answer.status_code for answer in answers] == [404, 404]
    with acting_as(Hat.CLOCK):
        assert PortraitLook.objects.count() == 0


def test_asked_twice_it_is_one_link_and_its_secret_is_not_kept(now):
    scored("lin", now=now)

    one, two = shared(now, client_id="x1"), shared(now, for_whom="谁", client_id="x1")

    assert (one.pk, two.for_whom) == (two.pk, "示例银行海曙支行")
    assert token_of(one) not in (one.token_hash, str(one.body))


def test_without_a_whole_there_is_nothing_to_show(now):
    scored("lin", now=now, compliance={"due": 0, "met": 0, "weighted": 0}, conformity={"judged": 0, "passed": 0}, audits={"audits": 0, "total": 0},
           steadiness={"series": 0, "quiet": 0})  # fmt: skip

    with pytest.raises(RuleBroken, match="portrait_not_yet"):
        shared(now)
    with acting_as(Hat.CLOCK):
        assert Portrait.objects.count() == 0


def test_so_many_links_at_a_time(now, monkeypatch):
    monkeypatch.setattr(portraits, "MOST_OPEN", 1)
    scored("lin", now=now)
    shared(now)

    with pytest.raises(RuleBroken, match="portrait_too_many_open"):
        shared(now)
    with as_actor(LIN):
        assert Portrait.objects.count() == 1


def test_another_firm_and_a_chain_owner_find_nothing(now):
    scored("lin", now=now)
    row = shared(now)

    with pytest.raises(Absent), as_actor(WU):
        portrait_for(WU, row.pk)
    with pytest.raises(Absent), as_actor(WU):
        revoke_portrait(actor=WU, portrait_id=row.pk, now=now)
    with pytest.raises(NotYours), as_actor(CHEN):
        share_portrait(actor=CHEN, for_whom="x", client_id="y", now=now)
    assert signed_in("wu").get(f"/portrait/shared/{row.pk}/").status_code == 404
    assert signed_in("chen").get("/portrait/").status_code == 403
    with as_actor(LIN):
        assert Portrait.objects.get().revoked_at is None


def test_a_chain_owner_reads_what_its_supplier_shows_it_in_whole_percents_and_without_counts(now):
    scored("lin", now=now)
    with as_actor(LIN):
        row = share_portrait(actor=LIN, for_whom="", client_id="to-chen", now=now, customer=link_id("chen", "lin"))
        again = share_portrait(actor=LIN, for_whom="", client_id="to-chen", now=now, customer=link_id("chen", "lin"))
    chen, at = signed_in("chen"), f"/portraits/{row.pk}/"
    page, listed = chen.get(at), chen.get("/portraits/").content.decode()

    said = page.content.decode()
    assert (row.pk, token_of(row), page.status_code, at in listed) == (again.pk, "", 200, True)
    assert (">87 %<" in said, "86.69" in said, "云杼纺织" in said) == (True, False, True)
    assert [words for words in ("项按期", "个结果", "180000", "18") if words in said.partition("<tbody")[2].partition("</tbody")[0]] == []
    assert (row.body["inputs"], set(row.body["parts"].values())) == ({}, {9_000, 9_100, 7_500, 6_700, 10_000})
    assert [signed_in(who).get(at).status_code for who in ("fang", "wu", "zhou")] == [404, 403, 403]
    with as_actor(LIN):
        assert (len(looks_at(LIN, row)), AccessEvent.objects.get(what="portrait").viewer_org_id) == (1, CHEN.org_id)
        told = row.for_whom
    with acting_as(Hat.CLOCK):
        assert (told, Notification.objects.get(kind="portrait_shown").org_id) == (CHEN.org_name_zh, CHEN.org_id)


def test_what_is_shown_to_a_chain_owner_ends_when_taken_back_and_the_database_keeps_the_rest(now):
    scored("lin", now=now)
    shared(now)  # a bank's
    with as_actor(LIN):
        row = share_portrait(actor=LIN, for_whom="", client_id="to-chen", now=now, customer=link_id("chen", "lin"))
        with pytest.raises(Absent):
            share_portrait(actor=LIN, for_whom="", client_id="to-fang", now=now, customer=link_id("fang", "wu"))
    with as_actor(CHEN):
        assert [each.pk for each in portraits_shown_to(CHEN, now=now)] == [row.pk]
        assert portraits_shown_to(CHEN, now=now + timedelta(days=30)) == []
        for column in ("org_id", "token_hash", "score_id", "for_whom"):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                list(Portrait.objects.values_list(column))
    signed_in("lin").post(f"/portrait/shared/{row.pk}/revoke/")

    with as_actor(CHEN):
        assert list(Portrait.objects.values_list("pk")) == []
    assert signed_in("chen").get(f"/portraits/{row.pk}/").status_code == 404


def test_what_was_shown_is_not_changed(now):
    scored("lin", now=now)
    row = shared(now)

    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), as_actor(LIN):
        Portrait.objects.filter(pk=row.pk).update(body={})
    scored("lin", now=now, open_critical=1)
    assert "A" in Client().get(address(row)).content.decode()
    with as_actor(LIN):
        assert Portrait.objects.get(pk=row.pk).body["band"] == "A"


def test_the_pages_of_a_firm_say_what_there_is_and_why(now):
    client = signed_in("lin")
    assert "还没有画像" in client.get("/portrait/").content.decode()
    assert client.get("/portrait/why/").status_code == 302
    links, asked = client.get("/portrait/shared/").content.decode(), client.get("/portrait/share/", follow=True)
    assert ("/portrait/share/" in links, NOT_YET in links) == (False, True)
    assert (asked.redirect_chain, NOT_YET in asked.content.decode()) == ([("/portrait/", 302)], True)

    scored("lin", now=now, correcting={"due": 1, "in_time": 0})
    page, why = client.get("/portrait/").content.decode(), client.get("/portrait/why/").content.decode()

    assert ("<svg" in page, "20" in page, 'href="/portrait/share/"' in page) == (True, True, True)
    assert 'href="/portrait/share/"' in client.get("/portrait/shared/").content.decode()
    assert "刚才按留存的数据重新计算，结果相同" in why
    said = client.post("/portrait/share/", {"for_whom": "", "client_id": "z"})
    assert said.status_code == 422
    made = client.post("/portrait/share/", {"for_whom": "示例银行", "client_id": "z"})
    assert made.status_code == 302
    assert "示例银行" in client.get("/portrait/shared/").content.decode()
    table = client.get("/portrait/export.csv").content.decode("utf-8-sig").splitlines()
    assert len(table) == 7


def test_an_appeal_goes_to_the_bureau_with_the_part_as_it_stands(now):
    score = scored("lin", now=now)

    answer = signed_in("lin").post("/portrait/appeal/", {"part": "conformity", "grounds": "这批的结果仪器坏了", "client_id": "a1"})

    assert answer.status_code == 302
    with as_actor(actor("zhou")):
        filed = ScoreAppeal.objects.get()
    assert (filed.org_id, filed.part, filed.score_id) == (LIN.org_id, "conformity", score.pk)
    assert (filed.about["value"], filed.about["inputs"]) == (9_138, FULL["conformity"])


def test_an_appeal_that_is_right_counts_the_firm_anew_and_keeps_the_former_score(now):
    former = scored("lin", now=now)
    with as_actor(LIN):
        appeal = file_score_appeal(actor=LIN, said=appeal_said(former, "audits", "这次审核已撤销，不该再计"), client_id="a2", now=now)

    with as_actor(ZHOU):
        decide_score_appeal(actor=ZHOU, appeal=appeal, outcome="upheld", reasons="审核已撤销，重新计分", now=now)

    with as_actor(LIN):
        rows = scores_of(LIN, LIN.org_id)
    assert [(row.number, row.why) for row in rows] == [(2, "appeal"), (1, "night")]
    assert (rows[1].value_hundredths, rows[0].parts["audits"]) == (former.value_hundredths, None)


def test_the_same_by_api(now):
    scored("lin", now=now)
    headers = with_token("lin")
    client = Client()

    said = client.get("/api/v1/portrait/", **headers).json()
    made = client.post("/api/v1/portrait/links/", {"for_whom": "示例银行", "client_id": "k"}, content_type="application/json", **headers)
    back = client.post(f"/api/v1/portrait/links/{made.json()['id']}/revoke/", {}, content_type="application/json", **headers)

    assert (said["value_hundredths"], said["band"], said["parts"]["conformity"]) == (8_669, "A", 9_138)
    assert (made.status_code, made.json()["address"].startswith("http")) == (201, True)
    assert (back.status_code, back.json()["revoked_at"] is not None) == (200, True)


def test_an_address_asks_so_often_and_no_more(now):
    scored("lin", now=now)
    row = shared(now)
    client = Client()

    codes = [client.get("/portrait/no-such-token/").status_code for _try in range(MOST)] + [client.get(address(row)).status_code]

    assert codes == [404] * MOST + [429]
