"""JavaScript switched off: everything that must be done can be done. And by keyboard alone one finds the way."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from audits.models import Audit
from foundation.actor import as_actor
from records.models import RecordEntry
from tests.browser.conftest import DESK, PHONE, open_eyes
from tests.browser.pages import sent_agreement, web_over
from tests.cast import PASSWORD, actor
from tests.world import agree, photo

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def world(servers, template, django_db_setup, django_db_blocker):
    from audits.services import tick

    with web_over(servers, template, django_db_blocker, "two agreements") as standing:
        now = timezone.now()
        agree("chen", "lin", now=now)
        tick(now)
        standing.ids["sent"] = sent_agreement(now).pk
        yield standing


def without_script(browser, world):
    context = browser.new_context(viewport=PHONE, base_url=world.stack.url, locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto("/account/sign-in/")
    page.fill("[name=login]", "lin")
    page.fill("[name=password]", PASSWORD)
    page.locator("form:has([name=password]) button[type=submit]").click()
    page.wait_for_url("**/home/")
    return page


def test_agreement_is_read_and_signed_without_script(browser, world):
    page, address = without_script(browser, world), f"/agreements/{world.ids['sent']}/"
    page.goto(address)
    expect(page.locator("main")).to_contain_text("羊绒")
    page.get_by_role("link", name="核对并签署").click()
    page.check("[name=read]")
    page.fill("[name=password]", PASSWORD)
    page.locator("form:has([name=password]) button[type=submit]").click()
    page.wait_for_url(f"**{address}")

    expect(page.locator("#sign")).to_contain_text("林杼")
    expect(page.locator("#sign .signer").filter(has_text="云杼")).not_to_contain_text("待签")


def test_question_with_a_photo_is_answered_without_script(browser, world):
    lin = actor("lin")
    with as_actor(lin):
        audit = Audit.objects.visible_to(lin).earliest("visit_on")
    page = without_script(browser, world)
    page.goto(f"/audits/{audit.pk}/questions/1/")
    page.check("input[name=answer][value=yes]", force=True)
    page.set_input_files("input[name=photo]", str(photo()))
    page.locator(".footbar button[name=go][value=next]").click()
    page.wait_for_url("**/questions/2/")
    page.goto(f"/audits/{audit.pk}/questions/1/")

    expect(page.locator("input[name=answer][value=yes]")).to_be_checked()
    expect(page.locator("figure.photo img")).to_have_count(1)


def test_entry_is_disputed_without_script(browser, world):
    lin = actor("lin")
    with as_actor(lin):
        entry = RecordEntry.objects.visible_to(lin).filter(kind="agreement_sent").latest("at")
    page = without_script(browser, world)
    page.goto(f"/record/entries/{entry.pk}/")
    page.locator("#word summary").click()
    page.fill("form[action$='/dispute/'] textarea", "第三条的期限和我们谈的不一样")
    page.locator("form[action$='/dispute/'] button[type=submit]").click()

    expect(page.locator("main")).to_contain_text("第三条的期限和我们谈的不一样")
    expect(page.locator("main .chip.bad")).to_contain_text("供应商：有异议")


def test_keyboard_skips_to_the_content_sees_its_focus_and_comes_back_from_a_dialog(browser, world):
    page = open_eyes(browser, world.stack, screen=DESK, language="en", who="chen").page()
    page.goto("/agreements/")
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    expect(page.locator("a.skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    ring = page.evaluate("() => { const s = getComputedStyle(document.activeElement); return [s.outlineStyle, s.outlineWidth] }")
    assert ring == ["solid", "3px"]

    opener = page.locator("[data-opens=hats]")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.locator("dialog#hats")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog#hats")).to_be_hidden()
    expect(opener).to_be_focused()
    assert page.url.endswith("/agreements/#main")  # the dialog stood in for the page it links to
