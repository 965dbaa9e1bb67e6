"""A chain owner brings 2,000 suppliers in: upload, leave, come back, mend, answer, confirm, invite. In both languages, at a desk."""

import io
import random

import openpyxl
import pytest
from django.db import connection
from django.db.models import Count
from playwright.sync_api import expect

from foundation.actor import as_actor
from parties.uscc import check_character
from suppliers.models import SupplyLink
from tests.browser.conftest import DESK, open_eyes
from tests.browser.pages import axe
from tests.cast import actor

pytestmark = [pytest.mark.browser, pytest.mark.background]
ROWS = 2000
HEADS = ["企业名称", "统一社会信用代码", "联系人", "手机号", "所属环节", "所在区", "街道/乡镇", "员工人数", "地址", "合作起始日期", "备注"]
WRONG, ALIKE, WORDS = 7, 9, range(20, 32)  # sheet rows


def code(number):
    first = f"0DEM0B{number:011d}"
    return first + check_character(first)


def workbook():
    """As a purchasing department sends it: one slip in a code, one name that looks alike, a word of its own, long remarks."""
    draw = random.Random(7)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("供应商")
    sheet.append(HEADS)
    for row in range(2, ROWS + 2):
        name = f"宁波第{row}织造有限公司（示例）"
        if row == ALIKE:
            name = f"宁波第{ALIKE - 1}织造有限责任公司（示例）"
        node = "织布车间" if row in WORDS else "针织"
        typed = code(row).replace("0", "O", 1) if row == WRONG else code(row)
        remark = f"{draw.getrandbits(1200):0300x}"  # long: such a list is read by a worker
        sheet.append([name, typed, "甲", f"190{row:08d}", node, "海曙区", "石碶街道", row, f"示例路 {row} 号", "2021-03-05", remark])
    out = io.BytesIO()
    book.save(out)
    assert out.tell() > 256 * 1024
    return out.getvalue()


def still(page):
    page.emulate_media(reduced_motion="reduce")
    return page


def mend(page):
    """One tap for a suggestion, one answer for twelve rows, one for two names that look alike."""
    row = page.locator(f"#row-{WRONG}")
    expect(row.locator("td.cell-err mark")).to_have_text("O")
    row.locator(".mend .btn.quiet").click()
    expect(row.locator(".chip.good")).to_be_visible()
    page.locator("#many select").first.select_option(index=3)
    page.locator("#many li:has(select) button").first.click()
    expect(page.locator("#many")).to_have_count(0)
    expect(page.locator("#alike li")).to_have_count(1)
    page.locator("#alike button[value=same]").click()
    expect(page.locator("#alike details")).to_have_count(1)
    expect(page.locator("#alike button[value=same]")).to_have_count(0)


@pytest.mark.parametrize(("who", "language", "reading", "done", "state"), [
    ("fang", "zh-hans", "正在读取名单", "名单已导入", "listed"), ("chen", "en", "Reading the list", "The list is in", "invited"),
])  # fmt: skip
def test_two_thousand_suppliers_come_in_mended_and_are_invited(browser, stack, who, language, reading, done, state):
    eyes = open_eyes(browser, stack, screen=DESK, language=language, who=who)
    page = still(eyes.page())
    page.goto("/suppliers/import/", timeout=60_000)  # the first page of a product that has just started
    found = {"new": axe(page)}
    page.set_input_files("[name=file]", {"name": "名单.xlsx", "mimeType": "application/octet-stream", "buffer": workbook()})
    page.locator("form:has([name=file]) button[type=submit]").click()
    expect(page.locator("h1")).to_have_text(reading)
    found["reading"] = axe(page)
    page.close()

    page = still(eyes.page())
    page.goto("/suppliers/import/")
    page.locator("main .oblist a").first.click()
    expect(page.locator("#import-rows tr").first).to_be_visible(timeout=30_000)
    found["preview"] = axe(page)
    expect(page.locator("#import-head .sub")).to_contain_text(f"{ROWS}")
    mend(page)
    page.locator("form[action$='/confirm/'] button").click()
    expect(page.locator("h1")).to_have_text(done, timeout=40_000)
    found["done"] = axe(page)

    page.locator("#import-head a.btn.primary").click()
    invite = page.locator("form:has([name=do][value=invite]) button")
    expect(invite).to_contain_text(f"{ROWS - 1}")
    if state == "invited":
        invite.click()
        expect(page.locator("section[id^=job-] .say")).to_contain_text(f"{ROWS - 1}", timeout=40_000)

    page.goto(f"/suppliers/?query={code(ROWS)}")
    expect(page.locator("#links tr")).to_have_count(1)
    expect(page.locator("#links")).to_contain_text(f"宁波第{ROWS}织造有限公司（示例）")
    assert {name: faults for name, faults in found.items() if faults} == {}
    assert on_list(who) == {state: ROWS - 1}  # one row is the same firm as another


def on_list(who):
    connection.close()
    with as_actor(actor(who)):
        links = SupplyLink.objects.filter(uscc__startswith="0DEM0B0")
        return dict(links.order_by().values_list("state").annotate(n=Count("id")))
