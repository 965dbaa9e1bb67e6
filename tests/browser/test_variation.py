"""A6: where the variation of a characteristic comes from, at the desk in English; the joint action that follows, answered on the phone in Chinese."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import DESK, open_eyes
from tests.browser.pages import axe
from tests.db.inspections.test_consistency_pages import measured
from tests.lots import a_lot

pytestmark = pytest.mark.browser
SCREEN = {"width": 390, "height": 844}
PICTURES = os.environ.get("QCCHAIN_PICTURES", "")


def seen(page, name):
    """Nothing hangs over the edge, and nobody is shut out; a picture of it where one is wanted."""
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"variation-{name}.png"), full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name
    assert axe(page) == [], name


def half_a_year() -> None:
    """Twelve lots of each of two suppliers, who lie two tex apart."""
    today = timezone.localdate()
    for supplier, mean in (("lin", 380), ("wu", 400)):
        for at in range(12):
            lot = a_lot(f"{supplier}-{at:02}", supplier=supplier, made_on=today - timedelta(days=10 * at), now=timezone.now())
            measured(lot, [mean - 3 + at % 4, mean + at % 3, mean + 4 - at % 2], by=supplier)


def test_the_tree_says_between_suppliers_and_two_of_them_are_asked_to_look_into_it(stack, browser):
    half_a_year()
    desk = open_eyes(browser, stack, screen=DESK, language="en", who="chen").page()

    desk.goto("/consistency/")
    seen(desk, "1-overview")
    desk.get_by_role("link", name="Linear density").click()
    expect(desk.locator("figure.chart figcaption").first).to_contain_text("threads run between suppliers.")
    seen(desk, "2-tree")
    desk.get_by_label("Pick Yunzhu Textile (demo)").check()
    desk.get_by_role("button", name="Open a joint action").click()
    desk.get_by_label("What to look into together").fill("线密度批间差偏大，请一起查锭子与喂入。")
    desk.get_by_label("Answer by").fill((timezone.localdate() + timedelta(days=14)).isoformat())
    seen(desk, "3-action")
    desk.get_by_role("button", name="Open it").click()
    expect(desk.get_by_text("Opened. Each supplier sees its own figures")).to_be_visible()

    phone = open_eyes(browser, stack, screen=SCREEN, language="zh-hans", who="lin").page()
    phone.goto("/actions/")
    phone.locator("tbody a.name").first.click()
    seen(phone, "4-answer")
    phone.get_by_label("查到了什么、做了什么").fill("二号机换锭子后偏粗，已从第 12 批起校正。")
    phone.get_by_role("button", name="送出答复").click()
    expect(phone.get_by_text("您的回复已送达链主")).to_be_visible()
    phone.goto("/consistency/YRN-CNT/")
    seen(phone, "5-own-tree")
    assert "澜织" not in phone.content()
