"""An amendment with a counter-proposal: begun at the desk in English, countered on the phone in Chinese, signed, and in force on its day."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from agreements import tasks
from agreements.services import draft_agreement, send_agreement, sign_agreement
from foundation.actor import as_actor
from suppliers.models import SupplyLink
from tests.browser.conftest import DESK, open_eyes
from tests.browser.pages import axe
from tests.cast import PASSWORD, actor, link_id

pytestmark = pytest.mark.browser
SCREEN = {"width": 390, "height": 844}
PICTURES = os.environ.get("QCCHAIN_PICTURES", "")


def in_force_today():
    """An agreement of chen and lin, signed by both, for a year."""
    chen, lin, now = actor("chen"), actor("lin"), timezone.now()
    today = timezone.localdate(now)
    with as_actor(chen):
        link = SupplyLink.objects.get(pk=link_id("chen", "lin"))
        agreement = draft_agreement(
            actor=chen, link=link, template_code="garment-1", effective_from=today, effective_to=today + timedelta(days=366), now=now
        )
        agreement = send_agreement(actor=chen, agreement=agreement, now=now)
        sha256 = agreement.versions.get().sha256
        sign_agreement(actor=chen, agreement=agreement, sha256=sha256, password=PASSWORD, now=now)
    with as_actor(lin):
        sign_agreement(actor=lin, agreement=agreement, sha256=sha256, password=PASSWORD, now=now)
    return agreement.pk


def seen(page, name):
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"amend-{name}.png"), full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name
    assert axe(page) == [], name


def sign(page, agreement):
    page.goto(f"/agreements/{agreement}/sign/")
    page.locator("[name=read]").check()
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form:has([name=password]) button[type=submit]").click()
    page.wait_for_url(f"**/agreements/{agreement}/**")


def amend(desk, agreement, starts):
    desk.goto(f"/agreements/{agreement}/")
    desk.locator("#versions").get_by_role("link", name="Amend").click()
    desk.get_by_label("What changes").fill("Fastness to rubbing is raised by half a grade")
    desk.get_by_label("First day of the new text").fill(starts.isoformat())
    seen(desk, "1-begin")
    desk.get_by_role("button", name="Begin the draft").click()
    desk.wait_for_url("**?version=2")
    desk.goto(f"/agreements/{agreement}/clauses/1/")
    desk.locator("[name=lower]").fill("3-4")
    desk.locator("[name=source]").fill("Agreed by both sides")
    desk.locator("[name=source_zh]").fill("双方约定")
    desk.get_by_role("button", name="Save the clause").click()
    desk.wait_for_url("**?version=2")
    seen(desk, "2-draft")
    desk.locator("#draft").get_by_role("link", name="Check and send").click()
    desk.get_by_role("button", name="Lock and send").click()
    desk.wait_for_url("**?version=2")


def counter(phone, agreement):
    phone.goto(f"/agreements/{agreement}/")
    expect(phone.locator(".head .chip")).to_contain_text("生效")  # the text in force binds meanwhile
    expect(phone.locator("main")).to_contain_text("另有文本正在办理")
    phone.get_by_role("link", name="打开新文本").click()
    seen(phone, "3-new-text")
    phone.goto(f"/agreements/{agreement}/clauses/1/propose/")
    phone.get_by_label("下限").fill("3")
    phone.locator("[name=note]").first.fill("深色做不到三到四级")
    phone.get_by_role("button", name="提交建议").click()
    expect(phone.locator("#clause-1")).to_contain_text("我方建议")


def accept(desk, agreement):
    desk.goto(f"/agreements/{agreement}/talk/")
    desk.get_by_role("button", name="Accept").first.click()
    expect(desk.locator("#changed")).to_contain_text("3")


def test_an_amendment_is_countered_accepted_signed_and_takes_effect_on_its_day(stack, browser):
    agreement, today = in_force_today(), timezone.localdate()
    starts = today + timedelta(days=10)
    phone = open_eyes(browser, stack, screen=SCREEN, language="zh-hans", who="lin").page()
    desk = open_eyes(browser, stack, screen=DESK, language="en", who="chen").page()

    amend(desk, agreement, starts)
    counter(phone, agreement)
    accept(desk, agreement)
    sign(phone, agreement)
    sign(desk, agreement)

    desk.goto(f"/agreements/{agreement}/versions/?from=1&to=3&view=side")
    expect(desk.locator("#differences")).to_contain_text("both sides")
    seen(desk, "4-differences")
    phone.goto(f"/agreements/{agreement}/versions/")
    expect(phone.locator("main")).to_contain_text("已签署")
    seen(phone, "5-versions")
    tasks.tick(timezone.now() + timedelta(days=10))
    desk.goto(f"/agreements/{agreement}/versions/")
    expect(desk.locator("main")).to_contain_text("Superseded")
    phone.goto(f"/agreements/{agreement}/?version=1")
    expect(phone.locator("main")).to_contain_text("不再具有约束力")
    seen(phone, "6-former")
