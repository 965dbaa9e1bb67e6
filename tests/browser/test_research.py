"""B, D4, E1, E2: a report becomes a confirmed problem, a project, a firm's own before and after, and a technique that firms work by."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from tests.browser.conftest import DESK, PHONE, open_eyes
from tests.browser.pages import axe
from tests.db.oversight.test_research import measured

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("QCCHAIN_PICTURES", "")


def seen(page, name):
    """Nothing hangs over the edge, and nobody is shut out; a picture of it where one is wanted."""
    page.evaluate("scrollTo(0, 0)")
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"research-{name}.png"), full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name
    assert axe(page) == [], name


def send(page, button):
    page.get_by_role("button", name=button, exact=True).click()


def test_a_report_becomes_research_and_a_technique_that_a_workshop_takes_up(stack, browser):
    changed = measured()
    chen = open_eyes(browser, stack, screen=PHONE, language="en", who="chen").page()
    zhou = open_eyes(browser, stack, screen=DESK, language="zh-hans", who="zhou").page()
    mei = open_eyes(browser, stack, screen=DESK, language="en", who="mei").page()
    lin = open_eyes(browser, stack, screen=PHONE, language="zh-hans", who="lin").page()

    chen.goto("/problems/report/?characteristic=PH&category=safety&origin=variation")
    chen.fill("[name=words]", "Four of our knitters: acidity after washing above eight, since spring.")
    seen(chen, "1-report-en")
    send(chen, "Send the report")

    zhou.goto("/bureau/problems/")
    seen(zhou, "2-desk-zh")
    zhou.locator("#reports a.name").first.click()
    zhou.get_by_role("link", name="登记为新问题").click()
    zhou.fill("[name=statement]", "针织面料水洗后酸碱度超出约定范围")
    send(zhou, "保存")
    zhou.locator("button[value=triaged]").click()
    zhou.locator("button[value=confirmed]").click()
    assert "证据还不够" in zhou.locator("main").inner_text()
    zhou.locator("summary", has_text="补充证据").click()
    zhou.fill("[name=source]", "2026年春季监督抽查通报")
    zhou.fill("[name=seen_on]", (timezone.localdate() - timedelta(days=9)).isoformat())
    zhou.fill("[name=looked_at]", "24")
    zhou.fill("[name=nonconforming]", "9")
    send(zhou, "添加")
    zhou.locator("button[value=confirmed]").click()
    seen(zhou, "3-problem-zh")

    mei.goto("/research/competence/")
    mei.check("[name=categories][value=safety]")
    send(mei, "Save")
    seen(mei, "4-feed-en")
    mei.get_by_role("link", name="Offer", exact=True).click()
    mei.fill("[name=words]", "A washing pilot line and three engineers.")
    send(mei, "Send the offer")

    zhou.reload()
    zhou.get_by_role("link", name="立项攻关").click()
    zhou.fill("[name=from_value]", "8.2")
    zhou.fill("[name=to_value]", "7.0")
    seen(zhou, "5-project-form-zh")
    send(zhou, "提出立项")
    address = zhou.url
    zhou.locator("button[value=approved]").click()

    mei.goto(address)
    mei.locator("summary", has_text="Add a step").click()
    mei.fill("[name=name]", "Baseline of twenty firms")
    mei.fill("[name=due_on]", (timezone.localdate() + timedelta(days=40)).isoformat())
    send(mei, "Add it")
    mei.locator("button[value=running]").click()

    lin.goto(f"{address}join/")
    seen(lin, "6-consent-zh")
    lin.check("[name=consents]")
    lin.fill("[name=changed_on]", changed.isoformat())
    send(lin, "参加")
    seen(lin, "7-own-part-zh")
    assert "−1.1" in lin.locator("main").inner_text()

    mei.goto(f"{address}data/")
    seen(mei, "8-data-en")
    mei.goto(address)
    mei.get_by_role("link", name="Write a technique").click()
    mei.fill("[name=name]", "末道水洗加酸中和")
    mei.fill("[name=steps]", "末道清水浴加入有机酸\n调到六点五再出布")
    mei.fill("[name=contact]", "梅析")
    send(mei, "Save the draft")
    send(mei, "Publish")
    lin.goto(mei.url)
    send(lin, "我们采用")
    seen(lin, "9-technique-zh")
    lin.goto("/lists/problems/")
    seen(lin, "10-problems-zh")
    zhou.goto(address)
    seen(zhou, "11-project-zh")
