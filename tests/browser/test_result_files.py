"""A laboratory's file comes in: looked at on a phone in Chinese, mended and filed; columns asked about at a desk in English."""

import os
from pathlib import Path

import pytest
from django.utils import timezone

from tests.browser.conftest import DESK, open_eyes
from tests.browser.pages import axe
from tests.lots import a_lot
from tests.world import agree

pytestmark = pytest.mark.browser
SCREEN = {"width": 390, "height": 844}
PICTURES = os.environ.get("QCCHAIN_PICTURES", "")
SAMPLES = Path(__file__).parents[1] / "data" / "import-samples"
LOTS = [f"YZ2504-00{number}" for number in range(1, 10)]


def seen(page, name):
    """Nothing hangs over the edge, and nobody is shut out; a picture of it where one is wanted."""
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"files-{name}.png"), full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name
    assert axe(page) == [], name


def upload(page, name, data):
    page.goto("/results/files/")
    page.set_input_files("input[type=file]", {"name": name, "mimeType": "text/csv", "buffer": data})
    page.locator("main form button[type=submit]").first.click()


def test_a_file_is_looked_at_mended_and_filed_and_unknown_columns_are_asked_about(stack, browser):
    agree("chen", "lin", now=timezone.now(), template="garment-1")
    for number in LOTS:
        a_lot(number, now=timezone.now(), made_on=timezone.localdate())
    phone = open_eyes(browser, stack, screen=SCREEN, language="zh-hans", who="lin").page()

    phone.goto("/results/files/")
    seen(phone, "1-upload")
    upload(phone, "检测报告.csv", (SAMPLES / "lab-results.csv").read_bytes())
    phone.get_by_role("heading", name="核对结果").wait_for()
    seen(phone, "2-preview")
    assert "19 不可能出现：可能范围为 0 至 14" in phone.content()
    phone.get_by_role("row", name="14").get_by_role("link", name="修改").click()
    seen(phone, "3-mend")
    phone.get_by_label("E · 结果").fill("7.9")
    phone.get_by_role("button", name="重新读取").click()
    phone.get_by_role("button", name="组读数").click()
    phone.get_by_text("已提交").first.wait_for()
    seen(phone, "4-filed")

    desk = open_eyes(browser, stack, screen=DESK, language="en", who="lin").page()
    upload(desk, "sheet.csv", f"柜号,第一,第二\n{LOTS[0]},38.5,38.7\n".encode())
    seen(desk, "5-columns")
    desk.get_by_label("Which row is the header?").select_option("1")
    desk.locator("#id_column-0").select_option("lot")
    desk.locator("#id_column-1").select_option("YRN-CNT")
    desk.locator("#id_column-2").select_option("YRN-CNT")
    desk.get_by_role("button", name="Read the rows").click()
    desk.get_by_text("YRN-CNT · n = 2 · 38.5 38.7 tex").wait_for()
    seen(desk, "6-wide")
