"""D2 by a bureau officer: the map of a quarter, a cell, what is merged, a note why it is no problem; then on the desk, in English."""

import os
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import DESK, open_eyes
from tests.browser.pages import axe
from tests.world_problem_map import a_published_quarter

pytestmark = pytest.mark.browser
SCREEN = {"width": 360, "height": 780}
PICTURES = os.environ.get("QCCHAIN_PICTURES", "")


def seen(page, name):
    """Nothing hangs over the edge, and nobody is shut out; a picture of it where one is wanted."""
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"problem-map-{name}.png"), full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name
    assert axe(page) == [], name


def test_an_officer_finds_what_stands_out_and_says_why_it_is_no_problem(browser, stack):
    a_published_quarter(timezone.now())
    phone = open_eyes(browser, stack, screen=SCREEN, language="zh-hans", who="zhou").page()
    phone.goto("/bureau/problems/map/")
    expect(phone.locator("h1")).to_contain_text("颜色与色牢度")
    seen(phone, "1-phone")
    phone.locator("svg.tilemap a[aria-label^='鄞州区']").click()
    expect(phone.locator("h1")).to_contain_text("鄞州区")
    phone.goto(f"{phone.url}&node=dyeing")
    expect(phone.locator("main")).to_contain_text("已合并以保护企业")
    expect(phone.locator("main")).not_to_contain_text("已知情况")
    seen(phone, "2-merged")
    phone.goto("/bureau/problems/map/cell/?category=colour&place=330225&node=dyeing")
    phone.locator("[name=words]").fill("两家在换染料，已在复检")
    phone.get_by_role("button", name="保存说明").click()
    expect(phone.locator("main")).to_contain_text("两家在换染料，已在复检")
    seen(phone, "3-note")

    desk = open_eyes(browser, stack, screen=DESK, language="en", who="zhou", dark=True).page()
    desk.goto("/bureau/problems/map/?place=330203")
    expect(desk.locator("h1")).to_contain_text("Haishu")
    seen(desk, "4-towns")
    desk.locator("table.matrix a").first.click()
    desk.get_by_role("link", name="Register a problem").click()
    expect(desk.locator("[name=category]")).to_have_value("colour")
