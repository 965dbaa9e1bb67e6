"""A2 and B2: the supplier counters a limit on the phone in Chinese, the chain owner accepts, both sign the text with its change."""

import os
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from agreements.services import draft_agreement, send_agreement
from foundation.actor import as_actor
from suppliers.models import SupplyLink
from tests.browser.conftest import DESK, open_eyes
from tests.browser.pages import axe
from tests.cast import PASSWORD, actor, link_id

pytestmark = pytest.mark.browser
SCREEN = {"width": 390, "height": 844}
PICTURES = os.environ.get("QCCHAIN_PICTURES", "")


def sent_today():
    """An agreement that chen has sent to lin."""
    chen, now = actor("chen"), timezone.now()
    with as_actor(chen):
        link = SupplyLink.objects.get(pk=link_id("chen", "lin"))
        draft = draft_agreement(actor=chen, link=link, template_code="garment-1", effective_from=timezone.localdate(now), effective_to=None, now=now)
        return send_agreement(actor=chen, agreement=draft, now=now).pk


def seen(page, name):
    """Nothing hangs over the edge, and nobody is shut out; a picture of it where one is wanted."""
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"talk-{name}.png"), full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name
    assert axe(page) == [], name


def sign(page, agreement):
    page.goto(f"/agreements/{agreement}/sign/")
    page.locator("[name=read]").check()
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form:has([name=password]) button[type=submit]").click()
    page.wait_for_url(f"**/agreements/{agreement}/**")


def counter_a_limit(phone, agreement):
    phone.goto(f"/agreements/{agreement}/")
    expect(phone.locator("#talk")).to_contain_text("轮到您了")
    phone.get_by_role("link", name="逐条查看").click()
    clause = phone.locator("#clause-1")
    expect(clause).to_contain_text("不低于 3 级")
    seen(phone, "1-cards")
    phone.locator("#clause-2").get_by_role("button", name="可以").click()
    expect(phone.locator("#clause-2")).to_contain_text("已标")
    phone.locator("#clause-1").get_by_role("link", name="要改").click()
    phone.get_by_label("下限").fill("2-3")
    phone.get_by_label("理由").or_(phone.locator("[name=note]")).first.fill("深色做不到三级")
    seen(phone, "2-propose")
    phone.get_by_role("button", name="提交建议").click()
    expect(phone.locator("#clause-1")).to_contain_text("我方建议")
    expect(phone.locator("#clause-1 ins")).to_contain_text(["2-3 级", "双方约定"])
    expect(phone.locator("body")).to_contain_text("等对方处理")
    seen(phone, "3-proposed")


def accept_it(desk, agreement):
    desk.goto(f"/agreements/{agreement}/")
    expect(desk.locator("#talk")).to_contain_text("Your turn")
    expect(desk.locator("#talk ins").first).to_contain_text("2-3")
    seen(desk, "4-owner")
    desk.locator("#talk").get_by_role("button", name="Accept").click()
    desk.wait_for_url(f"**/agreements/{agreement}/talk/**")
    expect(desk.locator("#changed")).to_contain_text("2-3")
    expect(desk.locator("body")).to_contain_text("version 2")
    seen(desk, "5-next-text")


def test_a_limit_is_countered_on_the_phone_accepted_at_the_desk_and_signed_by_both(stack, browser):
    agreement = sent_today()
    phone = open_eyes(browser, stack, screen=SCREEN, language="zh-hans", who="lin").page()
    desk = open_eyes(browser, stack, screen=DESK, language="en", who="chen").page()

    counter_a_limit(phone, agreement)
    accept_it(desk, agreement)

    phone.goto(f"/agreements/{agreement}/talk/")
    expect(phone.locator("#changed ins").first).to_contain_text("2-3 级")
    seen(phone, "6-next-text")
    sign(phone, agreement)
    sign(desk, agreement)
    phone.goto(f"/agreements/{agreement}/")
    expect(phone.locator(".head .chip")).to_contain_text("生效")
