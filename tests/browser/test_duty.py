"""D1, D3, D7: an officer reminds whom it must, reads clauses under a case with its reason, decides an appeal; the firm reads who looked."""

import os
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from audits.models import FindingAppeal
from foundation.actor import as_actor
from records.services.appeals import AppealSaid, file_score_appeal, say_on_appeal
from tests.browser.conftest import DESK, PHONE, open_eyes
from tests.browser.pages import axe
from tests.cast import actor
from tests.db.oversight.duty_world import SECRET_WORDS, story
from tests.db.oversight.rows import owed

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("QCCHAIN_PICTURES", "")
WHY = "12315 转来投诉：色牢度与协议不符"


def seen(page, name):
    """Nothing hangs over the edge, and nobody is shut out; a picture of it where one is wanted."""
    page.evaluate("scrollTo(0, 0)")
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"duty-{name}.png"), full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name
    assert axe(page) == [], name


def on_paper(page, name):
    """Printed, nothing is left to press or to fill in, no card is empty, and a list breaks between its rows, none of them on end."""
    page.emulate_media(media="print")
    if PICTURES:
        page.pdf(path=str(Path(PICTURES) / f"duty-{name}.pdf"), prefer_css_page_size=True)
    left = page.locator("main").locator("button, textarea, input, .btn").filter(visible=True).count()
    breaks = page.evaluate("[...document.querySelectorAll('main .table-wrap')].map((each) => getComputedStyle(each).breakInside)")
    tall = page.evaluate("[...document.querySelectorAll('main .table tbody tr')].filter((row) => row.offsetHeight > 120).length")
    page.emulate_media(media="screen")

    assert (left, set(breaks) <= {"auto"}, tall) == (0, True, 0), name


@pytest.fixture(scope="module")
def told(stack):
    """An agreement with overdue duties of both sides, and an appeal on which both have spoken."""
    from agreements.models import Agreement

    made, today, now = story(), timezone.localdate(), timezone.now()
    with as_actor(actor("chen")):
        agreement = Agreement.objects.get(pk=made["agreement_id"])
    for side, back in (("supplier", 12), ("owner", 30), ("supplier", 100)):
        owed(agreement, side, today.fromordinal(today.toordinal() - back))
    owed(agreement, "supplier", today.fromordinal(today.toordinal() - 95), met_on=today.fromordinal(today.toordinal() - 96))
    lin, chen = actor("lin"), actor("chen")
    with as_actor(lin):
        said = AppealSaid("compliance", {"value": "71", "n": "14"}, "检修停产一周，已书面告知", None, chen.org_id)
        appeal = file_score_appeal(actor=lin, said=said, client_id="a", now=now)
    sides = {"owner_org_id": chen.org_id, "supplier_org_id": lin.org_id, "arbiter_org_id": actor("mei").org_id}
    with as_actor(lin):
        FindingAppeal.objects.create(
            finding_id=made["finding_id"], **sides, arbiter_name_zh=actor("mei").org_name_zh, code="FA-8KQ2W7MN", grade="major", requirement="—",
            observed="—", contested_because="—", upheld_because="—", why="—", asked_by="林", asked_at=now, client_id="f",
        )  # fmt: skip
    with as_actor(chen):
        say_on_appeal(actor=chen, appeal=appeal, words="收到过停产通知", client_id="b", now=now)
    return {**made, "number": agreement.number, "appeal": appeal}


def test_an_officer_reminds_looks_and_decides_and_the_firm_reads_who_looked(stack, browser, told):
    zhou = open_eyes(browser, stack, screen=DESK, language="zh-hans", who="zhou").page()
    lin = open_eyes(browser, stack, screen=PHONE, language="en", who="lin").page()

    zhou.goto("/bureau/")
    seen(zhou, "1-morning-zh")
    zhou.goto("/bureau/agreements/?by=worst")
    seen(zhou, "2-worst-zh")
    on_paper(zhou, "2-worst-zh")
    zhou.locator("input.pick").first.check()
    zhou.get_by_role("button", name="看看会提醒谁").click()
    seen(zhou, "3-preview-zh")
    zhou.get_by_role("button", name="发出提醒").click()
    expect(zhou.get_by_text("已提醒 2 方")).to_be_visible()
    zhou.goto("/bureau/agreements/trend/")
    seen(zhou, "4-trend-zh")

    zhou.goto(f"/bureau/agreements/{told['agreement_id']}/")
    zhou.get_by_role("link", name="写明理由立案查阅").click()
    zhou.get_by_label("投诉举报").check()
    zhou.get_by_label("为什么要查阅").fill(WHY)
    seen(zhou, "5-new-case-zh")
    zhou.get_by_role("button", name="立案", exact=True).click()
    seen(zhou, "6-case-zh")
    zhou.get_by_role("link", name=f"协议 {told['number']} 的条款").click()
    expect(zhou.get_by_text(SECRET_WORDS).first).to_be_visible()
    seen(zhou, "7-clauses-zh")

    lin.goto("/privacy/looks/")
    expect(lin.get_by_text(WHY).first).to_be_visible()
    seen(lin, "8-who-looked-en-phone")

    zhou.goto("/bureau/appeals/")
    expect(zhou.get_by_role("link", name="FA-8KQ2W7MN")).to_be_visible()
    seen(zhou, "9-appeals-zh")
    zhou.set_viewport_size(PHONE)
    seen(zhou, "9-appeals-zh-phone")
    zhou.set_viewport_size(DESK)
    zhou.get_by_role("link", name=told["appeal"].code).click()
    seen(zhou, "9-appeal-zh")
    on_paper(zhou, "9-appeal-zh")
    zhou.get_by_label("支持申诉：该评分项重新计算").check()
    zhou.locator("#id_reasons").fill("停产通知属实，扣除这一周。")
    zhou.get_by_role("button", name="作出决定").click()
    lin.goto(f"/appeals/scores/{told['appeal'].pk}/")
    expect(lin.get_by_text("停产通知属实，扣除这一周。").first).to_be_visible()
    seen(lin, "10-decided-en-phone")
