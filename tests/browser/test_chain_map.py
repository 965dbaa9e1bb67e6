"""D3 by a bureau officer: a file with a wrong line, the same file mended, the map by place and step on a phone; then on the desk, in English."""

import os
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from oversight.chain import quarter_of
from tests.browser.conftest import DESK, PHONE, open_eyes
from tests.browser.pages import axe

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("QCCHAIN_PICTURES", "")
GOOD = (
    "地区,环节,企业数,规上,获证\n海曙区,针织,473,21,60\n海曙区,纺纱,151,10,20\n鄞州区,针织,700,30,50\n鄞州区,纺纱,3,1,1\n"
    "奉化区,针织,50,2,9\n奉化区,纺纱,40,2,4\n南门街道,针织,200,9,30\n江厦街道,针织,190,9,20\n"
)


def seen(page, name):
    """Nothing hangs over the edge, and nobody is shut out; a picture of it where one is wanted."""
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"chain-{name}.png"), full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name
    assert axe(page) == [], name


def handed_in(page, text):
    today = timezone.localdate()
    page.locator("[name=quarter]").select_option(quarter_of(today))
    page.locator("[name=source]").fill("统计年鉴（示例）")
    page.locator("[name=as_of]").fill(today.isoformat())
    page.locator("[name=file]").set_input_files({"name": "chain.csv", "mimeType": "text/csv", "buffer": text.encode()})
    page.locator("main form button[type=submit]").click()


def test_an_officer_hands_in_what_the_city_counted_and_reads_it_by_place_and_step(browser, stack):
    phone = open_eyes(browser, stack, screen=PHONE, language="zh-hans", who="zhou").page()
    phone.goto("/bureau/chain/")
    expect(phone.locator("main")).to_contain_text("共 8 家企业，海曙区最多：8 家")  # the platform's own, as they are now
    seen(phone, "1-live")
    phone.goto("/bureau/chain/counts/")
    handed_in(phone, GOOD + "火星,针织,4,,\n")
    expect(phone.locator("main")).to_contain_text("第 10 行：“火星”")
    handed_in(phone, GOOD)
    expect(phone.locator("main")).to_contain_text("统计年鉴（示例）")
    phone.goto("/bureau/chain/")
    expect(phone.locator("main")).to_contain_text("共 1,417 家企业，鄞州区最多：703 家")
    phone.locator("svg.tilemap a[aria-label^='纺纱']").click()
    expect(phone.locator("main")).to_contain_text("▒")
    expect(phone.locator("tr", has_text="鄞州区").first).to_contain_text("已合并")
    seen(phone, "2-spinning")

    desk = open_eyes(browser, stack, screen=DESK, language="en", who="zhou", dark=True).page()
    desk.goto("/bureau/chain/")
    desk.get_by_role("link", name="Certified", exact=True).click()
    desk.locator("svg.tilemap a[aria-label^='Haishu']").click()
    expect(desk.locator("h1")).to_have_text("Industry chain of Haishu District")
    expect(desk.locator("main")).to_contain_text("No data in these statistics: Fibre")
    seen(desk, "3-towns")
    with desk.expect_download() as file:
        desk.get_by_role("link", name="Export CSV").click()
    assert "330203,Haishu District,Knitting,All,473,21,60" in file.value.path().read_text("utf-8-sig")
    desk.get_by_role("link", name="Firms on the platform", exact=True).click()
    expect(desk.locator("main")).to_contain_text("Firms on the platform as they are now, not all firms of the city.")
