"""B7: a firm looks at its portrait, shows it to a bank, the bank reads it without signing in, and the firm sees that and takes it back."""

import os
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from foundation.actor import Hat, acting_as
from onestop.models import NodeMiddle
from tests.browser.conftest import DESK, PHONE, open_eyes
from tests.browser.pages import axe, web_over
from tests.world_portraits import scored

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("QCCHAIN_PICTURES", "")
MIDDLES = {"whole": 78, "compliance": 84, "conformity": 88, "steadiness": 70, "audits": 81, "correcting": 73, "freshness": 92}


def seen(page, name):
    """Nothing hangs over the edge, and nobody is shut out; a picture of it where one is wanted."""
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"portrait-{name}.png"), full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name
    assert axe(page) == [], name


@pytest.fixture(scope="module")
def stack(servers, template, django_db_setup, django_db_blocker):
    """Without the clock: at night it would count anew, and the score of this test stands on no rows."""
    with web_over(servers, template, django_db_blocker, "portrait") as world:
        yield world.stack


def test_a_portrait_goes_to_a_bank_and_comes_back(stack, browser):
    now = timezone.now()
    scored("lin", now=now)
    with acting_as(Hat.CLOCK):
        for part, middle in MIDDLES.items():
            month = timezone.localdate(now).replace(day=1)
            NodeMiddle.objects.create(
                node_code="knitting", part=part, month=month, firms_from=20, middle=middle, low=middle - 8, high=middle + 5
            )

    firm = open_eyes(browser, stack, screen=PHONE, language="zh-hans", who="lin").page()
    firm.goto("/portrait/")
    seen(firm, "1-own")
    firm.get_by_role("link", name="给银行看").click()
    firm.get_by_label("给谁看？").fill("示例银行海曙支行")
    firm.get_by_role("button", name="生成链接").click()
    address = firm.locator("p.mono.break").inner_text()

    bank = open_eyes(browser, stack, screen=DESK, language="en").page()
    answer = bank.goto(address)
    assert (answer.status, answer.headers["x-robots-tag"]) == (200, "noindex, nofollow")
    expect(bank.locator("h1")).to_have_text("Yunzhu Textile (demo)")
    assert "示例银行" not in bank.content()
    seen(bank, "2-bank")

    firm.reload()
    expect(firm.get_by_role("table", name="链接打开记录").locator("tbody tr")).to_have_count(1)
    seen(firm, "3-opened")
    firm.get_by_role("button", name="收回链接").click()
    expect(firm.get_by_role("heading", name="链接不再显示任何内容")).to_be_visible()
    assert bank.goto(address).status == 404

    firm.goto("/portrait/share/")
    firm.get_by_label("由谁查看").select_option(index=1)
    firm.get_by_role("button", name="生成链接").click()
    expect(firm.get_by_role("heading", name="对方在自己的账号里查看")).to_be_visible()
    customer = open_eyes(browser, stack, screen=PHONE, language="en", who="chen").page()
    customer.goto("/portraits/")
    seen(customer, "4-shown")
    customer.get_by_role("link", name="Yunzhu Textile (demo)").click()
    expect(customer.get_by_text("87 %", exact=True)).to_be_visible()
    assert "86.69" not in customer.content()
    seen(customer, "5-customer")
    if PICTURES:
        for name, who, screen, language, at in (
            ("6-why", "lin", DESK, "en", "/portrait/why/"), ("7-share", "lin", DESK, "zh-hans", "/portrait/share/"), ("8-own", "lin", DESK, "zh-hans", "/portrait/"),
            ("9-new", "pan", DESK, "zh-hans", "/platform/scores/new/"), ("10-list", "pan", PHONE, "zh-hans", "/platform/scores/"),
            ("11-appeal", "lin", PHONE, "en", "/portrait/appeal/"),
        ):  # fmt: skip
            page = open_eyes(browser, stack, screen=screen, language=language, who=who, dark=name == "8-own").page()
            page.goto(at)
            seen(page, name)
