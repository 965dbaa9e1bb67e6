"""F2 and B7: a firm asks by phone from its overdue balance, a provider quotes and delivers, the report stands among the firm's files."""

import os
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from foundation.actor import as_actor
from suppliers.services.firm_instruments import InstrumentSaid, add_instrument
from tests.browser.conftest import DESK, open_eyes
from tests.browser.pages import axe
from tests.cast import actor
from tests.world import photo
from tests.world_services import an_offer

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}
# The other pages are judged where every page is.
JUDGED = ("1-ask-zh", "6-delivered-zh")
PICTURES = os.environ.get("QCCHAIN_PICTURES", "")


def seen(page, name):
    """Nothing hangs over the edge, and nobody is shut out; a picture of it where one is wanted."""
    page.evaluate("scrollTo(0, 0)")
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"service-{name}.png"), full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name
    if name in JUDGED or PICTURES:
        assert axe(page) == [], name


@pytest.fixture(scope="module")
def balance(stack):
    now, lin = timezone.now(), actor("lin")
    an_offer(now=now, kind="metrology")
    today = timezone.localdate(now)
    said = InstrumentSaid(
        "balance", "B-7", model="JA2003", calibrated_on=today - timedelta(days=400), calibration_due_on=today - timedelta(days=35)
    )
    with as_actor(lin):
        return add_instrument(actor=lin, said=said, client_id=uuid4(), now=now)


def test_help_is_asked_for_quoted_delivered_and_rated(stack, browser, balance):
    phone = open_eyes(browser, stack, screen=PHONE, language="zh-hans", who="lin").page()
    desk = open_eyes(browser, stack, screen=DESK, language="en", who="an").page()
    office = open_eyes(browser, stack, screen=DESK, language="en", who="zhou").page()

    phone.goto(f"/firm/instruments/{balance.pk}/")
    phone.get_by_role("link", name="就此求助").click()
    phone.get_by_label("需要什么").fill("天平过期了，最好上门校准。")
    phone.get_by_label("校准有效期").check()
    seen(phone, "1-ask-zh")
    phone.get_by_role("button", name="发出求助").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("求助：计量")
    where = phone.url.replace(stack.url, "")

    desk.goto("/services/board/")
    seen(desk, "2-board-en")
    desk.goto(where)
    expect(desk.get_by_text("A firm that you do not know yet")).to_be_visible()
    assert "云杼" not in desk.content()
    desk.get_by_label("About what it costs").fill("150 yuan, at your place")
    desk.get_by_label("Working days until you deliver").fill("3")
    seen(desk, "3-call-en")
    desk.get_by_role("button", name="Send the quote").click()

    phone.goto(where)
    seen(phone, "4-quoted-zh")
    phone.get_by_role("button", name="选定").click()
    desk.goto(where)
    desk.get_by_label("What you found or did").fill("Calibrated, within class.")
    desk.get_by_label("Report and photos").set_input_files([photo(), photo((200, 60, 40))])
    desk.get_by_role("button", name="Deliver it").click()
    expect(desk.get_by_role("heading", name="Delivered")).to_be_visible()
    seen(desk, "5-delivered-en")

    phone.goto(where)
    seen(phone, "6-delivered-zh")
    phone.get_by_role("button", name="与委托一致，确认").click()
    phone.get_by_label("5 · 很满意").check()
    phone.get_by_role("button", name="评价").click()
    expect(phone.get_by_text("已评价").first).to_be_visible()
    office.goto("/bureau/services/")
    seen(office, "7-bureau-en")
    assert "云杼" not in office.content() and "Yunzhu" not in office.content()
    if PICTURES:
        for page, path, name in (
            (phone, "/services/", "8-catalogue-zh"),
            (desk, "/services/demand/", "9-demand-en"),
            (desk, "/services/", "10-catalogue-en"),
            (phone, "/services/requests/", "11-requests-zh"),
        ):
            page.goto(path)
            seen(page, name)
