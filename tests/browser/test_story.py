"""The whole story in the real product: chain owner (desk, English), supplier (phone, Chinese), bureau (desk, Chinese)."""

import re
import time

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, open_eyes
from tests.cast import PASSWORD
from tests.world import photo

pytestmark = [pytest.mark.browser, pytest.mark.background]
FIRM = "宁波素杼针织有限公司（示例）"
LIST = f"企业名称,统一社会信用代码,联系人,手机号,所属环节,所在区,街道/乡镇\n{FIRM},0DEM04E914JL3PWRKK,林素,19000007018,针织,海曙区,石碶街道\n"
NEW_PASSWORD = "suzhu-knits-2026"


def sign_in(page, name, password=PASSWORD):
    page.goto("/account/sign-in/")
    page.fill("[name=login]", name)
    page.fill("[name=password]", password)
    page.locator("form:has([name=password]) button[type=submit]").click()
    page.wait_for_url(re.compile(r"/(home|bureau)/"))


def until(page, address, locator, seconds=40):
    """Look again until the worker and beat have done their part."""
    end = time.monotonic() + seconds
    while True:
        page.goto(address)
        if page.locator(locator).count():
            return page.locator(locator).first
        assert time.monotonic() < end, f"{locator} did not appear on {address}"
        time.sleep(1)


def addresses(page, pattern):
    """The links of a page's main part that fit, in their order."""
    links = page.locator("main a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    return [href for href in links if href and re.search(pattern, href)]


def comes(page, address, pattern, seconds=40):
    """The first link that fits, once the worker and beat have put it on the page."""
    end = time.monotonic() + seconds
    while True:
        page.goto(address)
        if found := addresses(page, pattern):
            return found[0]
        assert time.monotonic() < end, f"no link like {pattern} on {address}"
        time.sleep(1)


def bring_in(owner):
    """Chen pastes a list, looks at the preview, imports and invites. Returns the invitation's address."""
    owner.goto("/suppliers/import/")
    owner.fill("[name=list]", LIST)
    owner.get_by_role("button", name="Preview").click()
    expect(owner.locator("#import-rows")).to_contain_text(FIRM)
    owner.locator("form[action$='/confirm/'] button[type=submit]").first.click()
    owner.goto("/suppliers/?q=0DEM04E914JL3PWRKK")
    owner.get_by_role("link", name=re.compile("素杼")).first.click()
    owner.goto(owner.url.rstrip("/") + "/invitation/")
    owner.get_by_role("button", name="Invite").click()
    expect(owner.locator(".qr svg")).to_be_visible()
    return owner.locator("#join-url").input_value()


def join(phone, address):
    """Lin opens the link on a phone, confirms the firm, picks the process, chooses a password, photographs the licence."""
    phone.goto(address)
    expect(phone.locator("h1")).to_contain_text(FIRM)
    phone.get_by_role("link", name="是的").or_(phone.locator("a[href$='/steps/']")).first.click()
    phone.locator("input[name=nodes][value=knitting]").check()
    phone.locator("form button[type=submit]").last.click()
    expect(phone.locator("main, body").first).to_contain_text("砚棠")  # who will see what, before joining
    phone.fill("[name=name]", "林素")
    phone.fill("[name=contact]", "19000007018")
    phone.fill("[name=password]", NEW_PASSWORD)
    phone.locator("form:has([name=password]) button[type=submit]").click()
    phone.wait_for_url(re.compile("/firm/welcome/"))
    expect(phone.locator("#who-sees")).to_contain_text("砚棠")
    phone.set_input_files("[name=file]", str(photo()))
    phone.locator("form:has([name=file]) button[type=submit]").click()
    expect(phone.locator(".banner.good")).to_be_visible()


def agree(owner, phone):
    """Chen drafts and sends; both sign the same text. Returns the agreement's address."""
    owner.goto("/agreements/new/")
    owner.select_option("[name=link]", label=next(t for t in owner.locator("[name=link] option").all_inner_texts() if "素杼" in t))
    owner.locator("input[name=template][value='garment-1']").check()
    owner.fill("[name=effective_from]", timezone.localdate().isoformat())
    owner.get_by_role("button", name="Draft it").click()
    owner.wait_for_url(re.compile(r"/agreements/[0-9a-f-]{36}/$"))
    address = owner.url
    owner.goto(address + "send/")
    owner.get_by_role("button", name="Lock and send").click()
    for page, password in ((owner, PASSWORD), (phone, NEW_PASSWORD)):
        page.goto(address + "sign/")
        page.check("[name=read]")
        page.fill("[name=password]", password)
        page.locator("form:has([name=password]) button[type=submit]").click()
        page.wait_for_url(address)
    return address


def answer(phone, audit):
    """Five questions, one per screen, photos from the camera; then check and submit."""
    phone.goto(audit + "questions/1/")
    for number in range(1, 6):
        phone.wait_for_url(re.compile(rf"/questions/{number}/"))
        value = "no" if number == 4 else "yes"
        phone.locator(f"label:has(input[name=answer][value={value}])").click()
        if number in (1, 2, 4):
            phone.set_input_files("input[type=file]", str(photo((number * 50, 80, 120))))
            expect(phone.locator("figure.photo")).to_have_count(1, timeout=20_000)
        if number == 4:
            phone.fill("[name=note]", "料架正在维修")
        phone.locator("button[name=go][value=next]:visible").last.click()
    phone.wait_for_url(re.compile("/check/"))
    phone.locator("form[action$='/submit/'] button[type=submit]").click()
    phone.wait_for_url(audit)


def raise_finding(owner, audit):
    """Chen reviews and raises a minor finding. Returns its address."""
    owner.goto(audit + "review/")
    owner.select_option("[name=grade]", "minor")
    owner.fill("[name=requirement]", "Nonconforming products are kept apart")
    owner.fill("[name=observed]", "They stood beside good ones at the knitting line")
    owner.get_by_role("button", name="Raise the finding").click()
    owner.goto("/findings/")
    owner.goto(addresses(owner, r"/findings/[0-9a-f-]{36}/$")[0])
    return owner.url


def close_finding(owner, phone, finding, audit):
    """Lin accepts and answers; Chen verifies; the audit is accepted."""
    phone.goto(finding)
    phone.locator("form[action$='/accept/'] button[type=submit]").first.click()
    phone.fill("[name=correction]", "当场隔离并贴红牌")
    phone.fill("[name=cause]", "没有专用存放区")
    phone.fill("[name=action]", "划出红区，班组长每日点检")
    if phone.locator("input[type=file]").count():
        phone.set_input_files("input[type=file]", str(photo((10, 120, 60))))
    phone.locator("form:has([name=cause]) button[type=submit]").last.click()
    owner.goto(finding)
    owner.locator("form[action$='/verify/'] button[type=submit]").first.click()
    owner.goto(audit + "review/")
    owner.locator("form[action$='/accept/'] button[type=submit]").first.click()


def test_invite_agree_schedule_file_review_oversee(browser, stack):
    owner = open_eyes(browser, stack, screen=DESK, language="en").page()
    phone = open_eyes(browser, stack, screen=PHONE, language="zh-hans").page()
    bureau = open_eyes(browser, stack, screen=DESK, language="zh-hans").page()
    sign_in(owner, "chen")

    join(phone, bring_in(owner))
    address = agree(owner, phone)
    expect(owner.locator("main")).to_contain_text("素杼")

    audit = stack.url + comes(phone, "/audits/", r"/audits/[0-9a-f-]{36}/$")
    answer(phone, audit)
    finding = raise_finding(owner, audit)
    close_finding(owner, phone, finding, audit)

    for page in (owner, phone):  # both read the same stream, and the sequencer has numbered it
        page.goto("/record/")
        page.goto(addresses(page, r"/record/[0-9a-f-]{36}/$")[0])
        page.locator("details > summary").evaluate_all("all => all.forEach(s => { s.parentElement.open = true })")
    read = [set(addresses(page, r"/record/entries/[0-9a-f-]{36}/$")) for page in (owner, phone)]
    assert read[0] == read[1]
    assert len(read[0]) >= 8
    phone.goto(min(read[0]))
    phone.locator("form[action$='/agree/'] button[type=submit]").first.click()
    assert until(phone, phone.url, "main .chip.good, main .good")

    sign_in(bureau, "zhou")
    bureau.goto("/bureau/agreements/")
    expect(bureau.locator("main")).to_contain_text("素杼")
    bureau.goto("/bureau/agreements/" + address.rstrip("/").rsplit("/", 1)[1] + "/")
    expect(bureau.locator("main")).not_to_contain_text("料架正在维修")
    expect(bureau.locator("main")).not_to_contain_text("They stood beside good ones")
    bureau.goto("/bureau/map/?region=330203")
    expect(bureau.locator("svg").filter(has_text="石碶").first).to_be_visible()
