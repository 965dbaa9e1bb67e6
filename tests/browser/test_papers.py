"""B2 on the phone in Chinese: the paper before the signature, a stamped copy compared by both, the sheet, and the public check."""

import io
import os
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from agreements.selectors import current_version
from agreements.services import draft_agreement, send_agreement, sign_agreement
from foundation.actor import as_actor
from suppliers.models import SupplyLink
from tests.browser.conftest import DESK, open_eyes
from tests.browser.pages import axe
from tests.cast import PASSWORD, actor, link_id

pytestmark = [pytest.mark.browser, pytest.mark.background]
SCREEN = {"width": 390, "height": 844}
PICTURES = os.environ.get("QCCHAIN_PICTURES", "")


def sent_today():
    chen, now = actor("chen"), timezone.now()
    with transaction.atomic(), as_actor(chen):
        link = SupplyLink.objects.get(pk=link_id("chen", "lin"))
        draft = draft_agreement(actor=chen, link=link, template_code="garment-1", effective_from=timezone.localdate(now), effective_to=None, now=now)
        return send_agreement(actor=chen, agreement=draft, now=now)


def seen(page, name):
    """Nothing hangs over the edge, and nobody is shut out; a picture of it where one is wanted."""
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"papers-{name}.png"), full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name
    assert axe(page) == [], name


def stamped_page() -> dict[str, object]:
    buffer = io.BytesIO()
    Image.new("RGB", (600, 850), (250, 246, 240)).save(buffer, "JPEG")
    return {"name": "盖章页.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}


def send_stamped(phone, agreement):
    phone.goto(f"/agreements/{agreement}/sign/")
    seen(phone, "1-sign")
    phone.get_by_text("其他签署方式").click()
    phone.get_by_role("link", name="改用纸质盖章签署").click()
    seen(phone, "2-stamp")
    phone.locator("[name=file]").set_input_files([stamped_page()])
    phone.get_by_role("button", name="提交盖章页").click()
    expect(phone.locator("h1")).to_contain_text("盖章件")
    phone.locator("[name=same]").check()
    phone.locator("[name=password]").fill(PASSWORD)
    seen(phone, "3-compare")
    phone.get_by_role("button", name="确认一致").click()
    expect(phone.locator("#say")).to_contain_text("林杼")


def compare(desk, agreement):
    desk.goto(f"/agreements/{agreement}/")
    seen(desk, "4-owner")
    desk.get_by_role("link", name="Stamped copy: Supplier").click()
    expect(desk.locator("figure img")).to_be_visible()
    assert desk.evaluate("document.querySelector('figure img').naturalWidth") > 0
    desk.locator("[name=same]").check()
    seen(desk, "5-compare")
    desk.get_by_role("button", name="It matches").click()
    expect(desk.locator("body")).to_contain_text("Counts as the signature")


def sheet_of(page, agreement):
    """The sheet is made by a job once the record has numbered both signatures."""
    for _ in range(30):
        page.goto(f"/agreements/{agreement}/")
        link = page.get_by_role("link", name="签署页", exact=True)
        if link.count():
            return link
        expect(page.locator("body")).to_contain_text("签署页正在生成")
        page.wait_for_timeout(1000)
    raise AssertionError("no sheet within 30 seconds")


def test_stamped_on_the_phone_compared_at_the_desk_and_checked_by_anybody(stack, browser):
    agreement, chen = sent_today(), actor("chen")
    phone = open_eyes(browser, stack, screen=SCREEN, language="zh-hans", who="lin").page()
    desk = open_eyes(browser, stack, screen=DESK, language="en", who="chen").page()
    anybody = open_eyes(browser, stack, screen=SCREEN, language="zh-hans").page()

    send_stamped(phone, agreement.pk)
    compare(desk, agreement.pk)
    with transaction.atomic(), as_actor(chen):
        sha256 = current_version(chen, agreement).sha256
    anybody.goto(f"/verify/agreement/{sha256}/")
    expect(anybody.locator("#answer")).to_contain_text("非本系统文件")  # only one side has signed
    with transaction.atomic(), as_actor(chen):
        sign_agreement(actor=chen, agreement=agreement, sha256=sha256, password=PASSWORD, now=timezone.now())

    link = sheet_of(phone, agreement.pk)
    seen(phone, "6-papers")
    with phone.expect_download() as taken:
        link.click()
    anybody.goto("/verify/agreement/")
    seen(anybody, "7-check")
    anybody.locator("[name=file]").set_input_files(str(taken.value.path()))
    anybody.get_by_role("button", name="核验此文件").click()
    expect(anybody.locator("#answer")).to_contain_text("有效")
    expect(anybody.locator("body")).not_to_contain_text(agreement.number)
    seen(anybody, "8-answer")
