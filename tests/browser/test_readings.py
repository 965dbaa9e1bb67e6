"""B4: the day's test entered on the phone in Chinese: a lot, a characteristic, five readings, one out of limits; and a block pasted at a desk."""

import os
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from foundation.actor import as_actor
from inspections.models import CharacteristicResult
from suppliers.services.firm_instruments import InstrumentSaid, add_instrument
from tests.browser.conftest import DESK, open_eyes
from tests.browser.pages import axe
from tests.cast import actor
from tests.lots import a_lot
from tests.results import filed, ph
from tests.world import agree

pytestmark = pytest.mark.browser
SCREEN = {"width": 390, "height": 844}
PICTURES = os.environ.get("QCCHAIN_PICTURES", "")


def seen(page, name):
    """Nothing hangs over the edge, and nobody is shut out; a picture of it where one is wanted."""
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"readings-{name}.png"), full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name
    assert axe(page) == [], name


def a_day_in_the_mill():
    """An agreement that shows results, lots with a test each, and a pH meter whose calibration has run out."""
    now, today = timezone.now(), timezone.localdate()
    agree("chen", "lin", now=now, template="garment-2")
    lots = [a_lot(f"YZ-{number}", made_on=today, now=now) for number in range(1, 5)]
    for number, lot in enumerate(lots[:3]):
        filed(lot, ph(f"6.{number}", "6.7", measured_at=now), now=now)
    with as_actor(actor("lin")):
        said = InstrumentSaid("ph_meter", "PH-7", calibrated_on=today - timedelta(days=400), calibration_due_on=today - timedelta(days=35))
        add_instrument(actor=actor("lin"), said=said, client_id=uuid4(), now=now)
    return lots[3]


def test_a_test_is_entered_with_one_thumb_and_a_block_is_pasted_at_a_desk(stack, browser):
    lot = a_day_in_the_mill()
    phone = open_eyes(browser, stack, screen=SCREEN, language="zh-hans", who="lin").page()

    phone.goto("/results/new/")
    seen(phone, "1-lot")
    phone.get_by_role("link", name="YZ-4").click()
    seen(phone, "2-characteristic")
    phone.get_by_role("link", name="pH 值").first.click()
    seen(phone, "3-empty")
    phone.locator("#id_r1").fill("6.6")
    phone.keyboard.press("Enter")
    expect(phone.locator("#id_r2")).to_be_focused()
    for number, value in enumerate(("6.7", "６．５", "停机", "9.1"), start=2):
        phone.locator(f"#id_r{number}").fill(value)
    expect(phone.locator("#bar-r1 [data-fill]")).to_have_attribute("class", "c1")
    expect(phone.locator("#bar-r5 [data-fill]")).to_have_attribute("class", "sig")
    phone.get_by_label("量具").first.select_option("PH-7")
    phone.get_by_role("button", name="保存读数").click()
    expect(phone.locator("#err-r4")).to_contain_text("不是读数")
    expect(phone.locator("#id_r5")).to_have_value("9.1")
    seen(phone, "4-mend")
    phone.locator("#id_r4").fill("")
    phone.get_by_role("button", name="保存读数").click()
    phone.wait_for_url("**/results/*/")
    expect(phone.locator(".head .chip")).to_contain_text("超出限值")
    expect(phone.locator("main")).to_contain_text("4 个读数里有 1 个超出约定")
    expect(phone.locator("main")).to_contain_text("已过校准有效期")
    expect(phone.get_by_role("link", name="复测")).to_be_visible()
    expect(phone.locator("figure.chart svg").nth(1)).to_be_visible()
    seen(phone, "5-result")
    phone.goto(f"/lots/{lot.pk}/results/new/CF-WAT/")
    phone.locator("[name=r1][value='3-4']").check(force=True)
    seen(phone, "6-grades")
    phone.goto(f"/lots/{lot.pk}/results/new/COL-DE/")
    seen(phone, "7-colour")
    phone.goto(f"/lots/{lot.pk}/results/new/FOR/")
    seen(phone, "8-bounds")
    phone.goto(f"/lots/{lot.pk}/")
    seen(phone, "9-lot")

    desk = open_eyes(browser, stack, screen=DESK, language="en", who="lin").page()
    desk.goto("/results/grid/?characteristic=PH")
    desk.locator("#l0").evaluate(
        """(cell, text) => { const data = new DataTransfer(); data.setData("text/plain", text);
        cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })); }""",
        "YZ-1\t6.6\t6.7\nYZ-2\t9.2\t6.6",
    )
    expect(desk.locator("[name=c1-0]")).to_have_value("9.2")
    desk.get_by_role("button", name="Look at it").click()
    expect(desk.locator("tbody tr").nth(1)).to_contain_text("Out of limits")
    seen(desk, "10-grid")
    desk.get_by_role("button", name="File 2 results").click()
    expect(desk.locator("body")).to_contain_text("Filed: 2 results")
    with as_actor(actor("chen")):
        assert CharacteristicResult.objects.visible_to(actor("chen")).filter(verdict="out").count() == 2
    owner = open_eyes(browser, stack, screen=DESK, language="en", who="chen").page()
    owner.goto(f"/lots/{lot.pk}/")
    seen(owner, "11-owner-lot")
    owner.locator("#results a.name").first.click()
    seen(owner, "12-owner-result")
