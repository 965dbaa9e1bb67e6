"""The pages of the long way, as both sides and a third party open and fill them, without script; and the same over the API."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from audits import services
from audits.models import ActionPlan, Containment, Finding, FindingAppeal, FollowUpItem
from foundation.actor import Hat, acting_as, as_actor
from tests.cast import BY_NAME, actor
from tests.clients import signed_in, with_token
from tests.db.audits.stage import agreement_in_force, picture, raised, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def evidence_root(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "evidence"


@pytest.fixture
def finding(tmp_path):
    return raised(submitted(agreement_in_force(), tmp_path, q3="no"))


def shot():
    return SimpleUploadedFile("shot.jpg", picture(), "image/jpeg")


def state(finding):
    with acting_as(Hat.CLOCK):
        return Finding.objects.get(pk=finding.pk).state


def said_plan(**more):
    day = timezone.localdate() + timedelta(days=5)
    return {"cause": "没有提醒", "action": "建台账", "responsible": "何经", "planned_for": day.isoformat(), "client_id": "p", **more}


def test_the_long_way_by_forms_alone(finding):
    lin, chen, at = signed_in("lin", "zh-hans"), signed_in("chen", "zh-hans"), f"/findings/{finding.pk}/"

    assert "立即采取临时措施" in lin.get(at).content.decode()
    assert lin.post(f"{at}contain/", {"measures": "停用天平", "photo": shot(), "client_id": "c"}).status_code == 302
    assert lin.get(f"{at}plan/").status_code == 200
    sent = lin.post(f"{at}plan/", said_plan(why_1="标签过期", why_2="没人看", fish_method="没有规定"))
    assert (sent.status_code, state(finding)) == (302, "action_planned")
    page = chen.get(at).content.decode()
    assert "标签过期" in page and "同意计划" in page
    assert chen.post(f"{at}plan/accept/").status_code == 302
    assert "证明已落实" in lin.get(at).content.decode()
    assert lin.post(f"{at}carry-out/", {"done": "台账已建", "photo": shot(), "client_id": "d"}).status_code == 302
    assert chen.post(f"{at}watch/", {"lots_wanted": "2"}).status_code == 302
    assert (state(finding), "还需 2 批" in chen.get(at).content.decode()) == ("verify", True)
    assert chen.post(f"{at}effect/", {"works": "yes", "words": "好"}).status_code == 422
    assert chen.post(f"{at}effect/", {"works": "no", "words": "又过期"}).status_code == 302
    assert state(finding) == "reopened"


def test_what_is_missing_keeps_what_was_typed_and_changes_nothing(finding):
    lin, at = signed_in("lin", "en"), f"/findings/{finding.pk}/"

    bare = lin.post(f"{at}contain/", {"measures": "", "scope": "三批", "client_id": "c"})

    assert (bare.status_code, "三批" in bare.content.decode(), state(finding)) == (422, True, "raised")
    with as_actor(actor("lin")):
        assert Containment.objects.count() == 0
    lin.post(f"{at}contain/", {"measures": "停用天平", "client_id": "c"})
    late = lin.post(f"{at}plan/", said_plan(planned_for="2020-01-01", why_1="标签过期"))
    assert (late.status_code, "标签过期" in late.content.decode(), state(finding)) == (422, True, "contained")
    with as_actor(actor("lin")):
        assert ActionPlan.objects.count() == 0


def test_the_board_has_a_column_for_every_step_and_the_list_an_export(finding):
    for who in ("chen", "lin"):
        page = signed_in(who, "en").get("/findings/board/?grade=major").content.decode()
        assert page.count('class="lane"') == 6
        assert f"/findings/{finding.pk}/" in page
    empty = signed_in("wu", "en").get("/findings/board/")
    assert (empty.status_code, "Nothing is open" in empty.content.decode()) == (200, True)
    assert "天平校准已过期" in signed_in("chen").get("/findings/export.csv?view=open").content.decode()


def test_the_board_the_list_and_the_export_are_narrowed_by_firm_state_and_day_in_the_address(finding):
    lin, wu, chen = (BY_NAME[who].org_id for who in ("lin", "wu", "chen"))

    def shows(who, query):
        pages = [signed_in(who, "en").get(f"/findings/{path}{query}").content.decode() for path in ("board/", "", "export.csv")]
        assert ("No finding fits" in pages[0]) is (f"/findings/{finding.pk}/" not in pages[0])
        return [f"/findings/{finding.pk}/" in pages[0], f"/findings/{finding.pk}/" in pages[1], "天平校准已过期" in pages[2]]

    yes, no = [True] * 3, [False] * 3
    assert [shows("chen", f"?firm={lin}"), shows("chen", f"?firm={wu}"), shows("lin", f"?firm={chen}"), shows("lin", f"?firm={wu}")] == [yes, no, yes, no]
    assert [shows("chen", f"?state={state}") for state in ("raised", "contained")] == [yes, no]
    assert [shows("lin", "?late=1"), shows("lin", "?late=1&state=raised&grade=major"), shows("lin", "?late=2&firm=x&state=y")] == [yes, yes, yes]
    due_today = raised(finding.audit, on=(timezone.localdate() - timedelta(days=30)).isoformat())
    late, every = (signed_in("lin").get(f"/findings/board/{query}").content.decode() for query in ("?late=1", ""))
    assert [f"/findings/{due_today.pk}/" in page for page in (late, every)] == [False, True]  # its last day is not late
    offered = {who: signed_in(who).get("/findings/board/").content.decode() for who in ("chen", "lin", "wu")}
    assert [f'value="{lin}"' in offered["chen"], f'value="{chen}"' in offered["lin"], str(chen) in offered["wu"]] == [True, True, False]


def test_a_draft_is_kept_changed_and_raised_at_the_desk(finding):
    chen, audit_id = signed_in("chen", "en"), finding.audit_id
    words = {"grade": "minor", "requirement": "通道畅通", "observed": "纸箱堵门", "gap": "两箱", "client_id": "k"}

    chen.post(f"/audits/{audit_id}/findings/", {**words, "do": "keep"})

    with as_actor(actor("chen")):
        draft = Finding.objects.get(state="draft")
    assert signed_in("lin").get(f"/findings/{draft.pk}/").status_code == 404
    chen.post(f"/findings/{draft.pk}/draft/", {**words, "observed": "三箱堵门", "do": "raise"})
    page = strip_tags(signed_in("lin", "en").get(f"/findings/{draft.pk}/").content.decode())
    assert "Required: 通道畅通. Seen: 三箱堵门. So: 两箱." in page
    assert "要求“通道畅通”；现场看到：三箱堵门；差距在于：两箱。" in page


def test_an_appeal_from_the_page_to_the_third_partys_word(finding):
    lin, chen, mei, at = signed_in("lin", "en"), signed_in("chen", "en"), signed_in("mei", "zh-hans"), f"/findings/{finding.pk}/"
    lin.post(f"{at}contest/", {"reason": "已换新", "photo": shot(), "client_id": "x"})
    assert chen.get(f"{at}reword/").status_code == 200
    chen.post(f"{at}uphold/", {"reason": "日期不符"})

    assert lin.post(f"{at}appeal/", {"arbiter": str(BY_NAME["mei"].org_id), "reason": "请看照片", "client_id": "a"}).status_code == 302

    with as_actor(actor("mei")):
        case = FindingAppeal.objects.get()
    page = mei.get(f"/appeals/{case.pk}/").content.decode()
    assert "请看照片" in page and "日期不符" in page
    for name in (BY_NAME["lin"].org_zh, BY_NAME["chen"].org_zh, BY_NAME["lin"].name, BY_NAME["chen"].name):
        assert name not in page
    assert case.code in mei.get("/appeals/").content.decode()
    assert mei.post(f"/appeals/{case.pk}/", {"do": "decide", "outcome": "withdrawn", "reason": "标签已换"}).status_code == 302
    assert state(finding) == "withdrawn"
    assert signed_in("chen").get(f"/appeals/{case.pk}/").status_code in (403, 404)


def test_a_follow_up_is_planned_and_filled_from_the_page(finding):
    chen, day = signed_in("chen", "en"), timezone.localdate() + timedelta(days=7)

    assert chen.get(f"/audits/{finding.audit_id}/follow-up/").status_code == 200
    made = chen.post(f"/audits/{finding.audit_id}/follow-up/", {"visit_on": day.isoformat(), "half": "am", "announced": "on"})

    with as_actor(actor("chen")):
        item = FollowUpItem.objects.get()
    assert made.headers["Location"] == f"/audits/{item.audit_id}/"
    assert f"/follow-ups/{item.pk}/" in chen.get(f"/audits/{item.audit_id}/").content.decode()
    assert chen.get(f"/follow-ups/{item.pk}/").status_code == 200
    assert signed_in("lin").get(f"/audits/{item.audit_id}/").status_code == 200


def test_the_same_way_over_the_api(finding):
    lin, chen, client, at = with_token("lin"), with_token("chen"), Client(), f"/api/v1/findings/{finding.pk}/"

    def post(where, who, **body):
        return client.post(f"{at}{where}/", body, content_type="application/json", **who)

    assert post("contain", lin, measures="停用天平", client_id="c").status_code == 201
    assert post("contain", lin, measures="停用天平", client_id="c").status_code == 201
    day = (timezone.localdate() + timedelta(days=5)).isoformat()
    plan = post("plan", lin, cause="没有提醒", action="建台账", responsible="何经", planned_for=day, whys=["标签过期"], client_id="p")
    assert (plan.status_code, plan.json()["plans"][0]["whys"]) == (201, ["标签过期"])
    assert post("plan/return", chen, reason="再想想").json()["state"] == "contained"
    assert post("plan", chen, cause="x", action="x", responsible="x", planned_for=day).status_code == 403
    way = client.get(f"{at}way/", **chen).json()
    assert ([row["measures"] for row in way["containments"]], way["plans"][0]["state"]) == (["停用天平"], "returned")


def test_an_opportunity_is_a_page_without_a_day(finding):
    with as_actor(actor("chen")):
        seen = services.Observation("ofi", "现场目视化", "可加看板")
        noted = services.raise_finding(actor=actor("chen"), audit_id=finding.audit_id, seen=seen, client_id="o", now=timezone.now())

    for who in ("chen", "lin"):
        assert signed_in(who, "en").get(f"/findings/{noted.pk}/").status_code == 200
        assert signed_in(who, "en").get("/findings/?state=noted").status_code == 200
