"""A5, as far as the decision: a lot registered on the phone in Chinese, traced and tested; at the desk in English all that a decision needs on one page."""

import os
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from foundation.actor import Hat, acting_as
from inspections.models import Lot
from tests.browser.conftest import DESK, open_eyes
from tests.browser.pages import axe
from tests.results import filed, ph
from tests.world import agree

pytestmark = pytest.mark.browser
SCREEN = {"width": 390, "height": 844}
PICTURES = os.environ.get("QCCHAIN_PICTURES", "")


def seen(page, name):
    """Nothing hangs over the edge, and nobody is shut out; a picture of it where one is wanted."""
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"lots-{name}.png"), full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name
    assert axe(page) == [], name


def lot_of(number: str) -> Lot:
    with acting_as(Hat.CLOCK):
        return Lot.objects.get(lot_no=number)


def test_a_lot_is_registered_traced_and_found_by_its_label_with_all_that_a_decision_needs(stack, browser):
    agreement = agree("chen", "lin", now=timezone.now(), template="garment-2")
    phone = open_eyes(browser, stack, screen=SCREEN, language="zh-hans", who="lin").page()

    phone.goto("/lots/")
    expect(phone.get_by_text("还没有批次。登记第一批吧。")).to_be_visible()
    phone.get_by_role("main").get_by_role("link", name="登记批次").click()
    phone.get_by_label("批号").fill("YZ-7")
    phone.get_by_label("数量").fill("1，200")
    phone.get_by_label("产品", exact=True).fill("羊绒针织纱 2/26Nm")
    seen(phone, "1-new")
    phone.get_by_role("button", name="登记").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("批次 YZ-7")
    expect(phone.get_by_role("link", name="录入今天的检测").first).to_be_visible()
    phone.get_by_role("link", name="填写投料").click()
    phone.get_by_label("标签上的批号").fill("HL-0912")
    phone.get_by_label("是什么").fill("羊绒条 15.5μm")
    phone.get_by_role("button", name="记下").click()
    phone.get_by_role("link", name="拆分").click()
    phone.get_by_label("平均拆成几批？").fill("2")
    phone.get_by_role("button", name="按等份预填").click()
    seen(phone, "2-split")
    phone.get_by_role("button", name="拆分").click()
    expect(phone.get_by_text("已拆分：2 份各有批号。")).to_be_visible()
    seen(phone, "3-lot")

    lot, part = lot_of("YZ-7"), lot_of("YZ-7-1")
    filed(part, ph("6.6", "6.7", measured_at=timezone.now()), now=timezone.now())
    filed(part, ph("6.9", "7.1", measured_at=timezone.now()), by="chen", now=timezone.now())
    desk = open_eyes(browser, stack, screen=DESK, language="en", who="chen").page()
    desk.goto(f"/lots/q/{part.token}/")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Lot YZ-7-1")
    expect(desk.get_by_role("link", name=f"{agreement.number}, version 1")).to_be_visible()
    results = desk.get_by_role("region", name="Test results").get_by_role("row", name="pH")
    expect(results).to_contain_text("6.65")
    expect(results).to_contain_text("7.00")
    seen(desk, "4-lot")
    desk.get_by_role("link", name="The whole tree").click()
    expect(desk.locator("svg.descent rect")).to_have_count(3)  # the part, its lot, the words of a label
    desk.locator("svg.descent").get_by_role("link", name="YZ-7").click()
    expect(desk).to_have_url(f"{stack.url}/lots/{lot.pk}/")
    desk.get_by_role("link", name="The whole tree").click()
    expect(desk.locator("svg.descent rect")).to_have_count(4)  # and its two parts
    seen(desk, "5-tree")

    phone.goto("/lots/?product=羊绒")
    phone.get_by_role("link", name="保存此视图").click()
    phone.get_by_label("视图名称").fill("羊绒")
    seen(phone, "6-view")
    phone.get_by_role("button", name="保存视图").click()
    expect(phone.get_by_role("navigation", name="哪些批次").get_by_role("link", name="羊绒")).to_have_attribute("aria-current", "page")
    seen(phone, "7-kept")

    # The lot is held with its parts: the owner reads so on the part, and with which lot.
    desk.goto(f"/lots/{lot.pk}/decide/?do=hold")
    desk.get_by_role("button", name="Something is to be looked at more closely").click()
    expect(desk.get_by_text("Decided. It stands in the common record.")).to_be_visible()
    desk.goto(f"/lots/{part.pk}/")
    expect(desk.get_by_role("link", name="held with lot YZ-7")).to_be_visible()
    expect(desk.get_by_role("link", name="End the hold")).to_have_count(0)
    seen(desk, "8-held")
