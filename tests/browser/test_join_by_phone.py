"""B1, joining by phone in Chinese: the wrong firm says so, the right one joins, its blurred licence is asked for again."""

import io
import os
from pathlib import Path

import pytest
from django.utils import timezone
from PIL import Image, ImageDraw, ImageFilter
from playwright.sync_api import expect

from foundation.actor import as_actor
from suppliers.models import SupplyLink
from suppliers.services.invitations import invite, join_url
from suppliers.services.links import FirmSaid, add_supplier
from tests.browser.conftest import open_eyes
from tests.browser.pages import axe
from tests.cast import actor

pytestmark = pytest.mark.browser
SCREEN = {"width": 390, "height": 844}
FIRM, WRONG = "宁波禾缕纺纱有限公司（示例）", "宁波拾纱针织有限公司（示例）"
PASSWORD = "helv-spins-2026"
PICTURES = os.environ.get("QCCHAIN_PICTURES", "")


def invited(who, name, uscc):
    """A firm on the owner's list and the address of its invitation."""
    owner, now = actor(who), timezone.now()
    with as_actor(owner):
        link = add_supplier(actor=owner, firm=FirmSaid(name, uscc, phone="19000000123", contact="何师傅"), now=now)
        ((invitation, _),) = invite(actor=owner, links=[link], now=now)
    return link.pk, join_url(invitation.pk).partition("/join/")[2]


def licence(blur):
    """A drawn licence, as a phone would send it."""
    image = Image.new("RGB", (1600, 1130), (238, 232, 215))
    draw = ImageDraw.Draw(image)
    draw.rectangle((40, 40, 1560, 1090), outline=(150, 60, 40), width=8)
    for row in range(9):
        draw.text((140, 120 + row * 105), "BUSINESS LICENCE 0DEM0N1000000000AC", fill=(35, 35, 35), font_size=48)
    out = io.BytesIO()
    image.filter(ImageFilter.GaussianBlur(blur)).save(out, "JPEG", quality=88)
    return {"name": "IMG_2026.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def seen(page, name):
    """Nothing hangs over the edge of a phone, and nobody is shut out; a picture of it where one is wanted."""
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name
    assert axe(page) == [], name
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"join-{name}.png"), full_page=True)


def say_it_is_not_us(phone, token):
    phone.goto(f"/join/{token}")
    expect(phone.locator("h1")).to_contain_text(WRONG)
    seen(phone, "1-wrong-firm")
    phone.get_by_role("link", name="不是我们").click()
    phone.get_by_label("我们是另一家企业").check()
    phone.get_by_label("补充说明").fill("我们是禾缕纺纱")
    seen(phone, "2-not-us")
    phone.get_by_role("button", name="不是我们").click()
    expect(phone.locator("h1")).to_contain_text("谢谢")
    seen(phone, "3-reported")
    phone.goto(f"/join/{token}")
    expect(phone.locator("h1")).to_contain_text("邀请")


def join(phone, token):
    phone.goto(f"/join/{token}")
    expect(phone.locator("h1")).to_contain_text(FIRM)
    phone.locator("a[href$='/steps/']").click()
    phone.locator("label.choice:has(input[value=spinning])").click()
    seen(phone, "4-steps")
    phone.locator("form button[type=submit]").last.click()
    expect(phone.locator("body")).to_contain_text("砚棠")  # who will see what, before joining
    phone.fill("[name=name]", "何禾")
    phone.fill("[name=contact]", "19000007123")
    phone.fill("[name=password]", PASSWORD)
    seen(phone, "5-who-signs-in")
    phone.locator("form:has([name=password]) button[type=submit]").click()
    phone.wait_for_url("**/firm/welcome/")
    seen(phone, "6-licence")


def photograph(phone, blur):
    phone.set_input_files("[name=file]", licence(blur))
    phone.locator("form:has([name=file]) button[type=submit]").click()
    phone.wait_for_load_state()


def test_the_wrong_firm_says_so_and_the_right_one_joins_with_a_blurred_licence(browser, stack):
    wrong, wrong_token = invited("chen", WRONG, "0DEM0N1000000000BF")
    right, token = invited("chen", FIRM, "0DEM0N1000000000AC")
    phone = open_eyes(browser, stack, screen=SCREEN, language="zh-hans").page()

    say_it_is_not_us(phone, wrong_token)
    join(phone, token)
    photograph(phone, blur=7)
    expect(phone.locator(".banner", has_text="模糊")).to_be_visible()
    expect(phone.locator(".banner.good")).to_be_visible()  # it is kept, and one may go on
    seen(phone, "7-blurred")
    phone.get_by_role("link", name="重拍一张").click()
    photograph(phone, blur=0)
    expect(phone.locator(".banner", has_text="模糊")).to_have_count(0)
    seen(phone, "8-sharp")
    phone.get_by_role("link", name="去看待办").click()
    expect(phone.locator("main .task").first).to_be_visible()
    seen(phone, "9-tasks")

    with as_actor(actor("chen")):
        lines = dict(SupplyLink.objects.visible_to(actor("chen")).filter(pk__in=(wrong, right)).values_list("pk", "state"))
    assert lines == {wrong: "declined", right: "joined"}
    owner = open_eyes(browser, stack, screen=SCREEN, language="zh-hans", who="chen").page()
    owner.goto(f"/suppliers/{wrong}/")
    expect(owner.locator("main")).to_contain_text("我们是禾缕纺纱")
    seen(owner, "10-owner-reads")


def test_a_firm_with_two_owners_joins_once_and_accepts_the_second_in_one_tap(browser, stack):
    """Lin has joined Chen; Fang invites too."""
    owner, now = actor("fang"), timezone.now()
    with as_actor(owner):
        link = SupplyLink.objects.create(
            owner_org_id=owner.org_id, owner_name_zh=owner.org_name_zh, owner_name_en=owner.org_name_en, name_zh="宁波云杼纺织有限公司（示例）",
            pinyin_key="yunzhu", uscc="0DEM0A0000000000L1", is_demo=True, created_at=now,
        )  # fmt: skip
        ((invitation, _),) = invite(actor=owner, links=[link], now=now)
    lin = open_eyes(browser, stack, screen=SCREEN, language="zh-hans", who="lin").page()

    lin.goto("/join/" + join_url(invitation.pk).partition("/join/")[2])
    seen(lin, "11-second-owner")
    lin.locator("form[action$='/accept/'] button").click()

    expect(lin.locator("#who-sees")).to_contain_text("鹿岑")
    lin.goto("/firm/")
    expect(lin.locator("main")).to_contain_text("砚棠")
    expect(lin.locator("main")).to_contain_text("鹿岑")
    chen = open_eyes(browser, stack, screen=SCREEN, language="zh-hans", who="chen").page()
    for address in ("/suppliers/?query=云杼", "/home/", "/inbox/"):
        chen.goto(address)
        expect(chen.locator("body")).not_to_contain_text("鹿岑")
