"""A5 and B6: a lot is held and not accepted with its finding in a few clicks; a change is told by phone and answered at the desk."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from foundation.actor import Hat, acting_as
from inspections.models import Arbitration, Lot
from inspections.services.lots import move_lot
from tests.browser.conftest import DESK, open_eyes
from tests.browser.pages import axe
from tests.lots import a_lot
from tests.world import agree

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
PICTURES = os.environ.get("QCCHAIN_PICTURES", "")


def seen(page, name):
    """Nothing hangs over the edge, and nobody is shut out; a picture of it where one is wanted."""
    page.evaluate("scrollTo(0, 0)")  # else the head lies over a field, and what is left of it is too small a target
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"decide-{name}.png"), full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name
    assert axe(page) == [], name


@pytest.fixture(scope="module")
def agreed(stack):
    now = timezone.now()
    agree("chen", "lin", now=now, template="accessories-1")
    return move_lot(a_lot("LL-7", made_on=timezone.localdate(now), product="拉链 5#", product_code="ZIP-5", unit="pcs", now=now), Lot.State.INSPECTING, now=now)


def test_a_lot_is_held_conceded_judged_and_refused_with_its_finding(stack, browser, agreed):
    phone = open_eyes(browser, stack, screen=PHONE, language="zh-hans", who="lin").page()
    desk = open_eyes(browser, stack, screen=DESK, language="en", who="chen").page()
    lab = open_eyes(browser, stack, screen=DESK, language="en", who="mei").page()
    where = f"/lots/{agreed.pk}/"

    phone.goto(where)
    seen(phone, "1-lot-zh")
    phone.get_by_role("link", name="申请让步接收").click()
    phone.get_by_label("数量").fill("60")
    phone.get_by_label("哪里不符，为什么仍可使用").fill("拉头镀层略花，强力合格。")
    seen(phone, "2-concession-zh")
    phone.get_by_role("button", name="申请").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("让步接收 60 件")

    desk.goto(phone.url.replace(stack.url, ""))
    seen(desk, "3-concession-en")
    desk.get_by_label("Why").fill("The plating is seen on the finished garment.")
    desk.get_by_role("button", name="Refuse").click()
    desk.goto(where)
    seen(desk, "4-lot-held-en")
    desk.get_by_role("link", name="Let a laboratory decide").click()
    desk.get_by_label("What you do not agree on").fill("Both sides measured the rubbing fastness differently.")
    seen(desk, "5-arbitration-new-en")
    desk.get_by_role("button", name="Ask the laboratory").click()
    seen(desk, "6-arbitration-en")

    lab.goto("/arbitrations/")
    seen(lab, "7-samples-en")
    with acting_as(Hat.CLOCK):
        code = Arbitration.objects.get().sample_code
    lab.get_by_role("link", name=code).click()
    assert "Yantang" not in lab.content() and "Yunzhu" not in lab.content() and "LL-7" not in lab.content()
    lab.get_by_role("button", name="The sample is here: take it").click()
    lab.get_by_label("Result and reason").fill("Grade 2-3, report A-17.")
    seen(lab, "8-sample-en")
    lab.get_by_role("button", name="It does not meet the bounds").click()

    desk.goto(where)
    expect(desk.locator("h1 + .chip")).to_have_text("Not accepted")
    desk.get_by_role("link", name="Raise a finding").click()
    desk.get_by_label("Requirement").fill("Rubbing fastness at least 3-4")
    desk.get_by_label("Observed").fill("Grade 2-3 by the laboratory, report A-17")
    seen(desk, "9-finding-en")
    desk.get_by_role("button", name="Raise it").click()
    expect(desk.get_by_role("link", name="lot LL-7")).to_be_visible()

    phone.goto(where)
    seen(phone, "10-lot-refused-zh")
    phone.get_by_role("link", name="返工").click()
    seen(phone, "11-rework-zh")
    phone.get_by_role("button", name="逐件挑选").click()
    expect(phone.locator("h1 + .chip")).to_have_text("检验中")


def test_a_change_is_told_by_phone_and_answered_at_the_desk(stack, browser, agreed):
    phone = open_eyes(browser, stack, screen=PHONE, language="zh-hans", who="lin").page()
    desk = open_eyes(browser, stack, screen=DESK, language="en", who="chen").page()

    phone.goto("/changes/")
    seen(phone, "21-none-zh")
    phone.get_by_role("main").get_by_role("link", name="通知变更").click()
    phone.get_by_label("材料").check()
    phone.get_by_label("涉及产品").fill("拉链 5#，全部颜色")
    phone.get_by_label("变更前").fill("甲厂锌合金拉头")
    phone.get_by_label("变更后").fill("乙厂锌合金拉头")
    phone.get_by_label("计划日期").fill((timezone.localdate() + timedelta(days=40)).isoformat())
    seen(phone, "22-new-zh")
    phone.get_by_role("button", name="继续").click()
    seen(phone, "23-draft-zh")
    phone.get_by_role("button", name="发出").click()
    expect(phone.get_by_text("还有 1 家未答复")).to_be_visible()

    desk.goto("/changes/")
    seen(desk, "24-list-en")
    desk.get_by_role("rowheader", name="Material").get_by_role("link").click()
    desk.get_by_text("Accept with a trial").first.click()
    desk.get_by_label("What the trial has to show").fill("Send 200 sliders first.")
    seen(desk, "25-reply-en")
    desk.get_by_role("button", name="Accept with a trial").click()
    expect(desk.get_by_text("Send 200 sliders first.")).to_be_visible()

    phone.reload()
    expect(phone.get_by_text("Send 200 sliders first.")).to_be_visible()
    seen(phone, "26-answers-zh")
