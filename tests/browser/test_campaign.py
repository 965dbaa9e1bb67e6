"""D6 and D8: an officer sends a campaign from a measure, a mill does the task on the phone, and the month becomes a report."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from foundation.actor import as_actor
from oversight.campaign_rules import Rule
from oversight.services.policies import PolicySaid, draft_policy, publish_policy
from parties.models import OrgRole
from tests.browser.conftest import DESK, PHONE, open_eyes
from tests.browser.pages import axe
from tests.cast import BY_NAME, actor

pytestmark = [pytest.mark.browser, pytest.mark.background]
PICTURES = os.environ.get("QCCHAIN_PICTURES", "")


def seen(page, name, *, by_axe=False):
    """Nothing hangs over the edge; a picture of it where one is wanted. The walk over all pages judges the rest by axe."""
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"campaign-{name}.png"), full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name
    assert not by_axe or axe(page) == [], name


def eight_firms_and_a_measure():
    now, officer = timezone.now(), actor("zhou")
    with as_actor(actor("pan")):
        for who in ("mei", "an", "zhou", "pan"):
            OrgRole.objects.create(org_id=BY_NAME[who].org_id, hat="supplier")
    with as_actor(officer):
        said = PolicySaid(
            kind="testing", title_zh="检测费减半", title_en="Testing at half price", eligible_zh="小微企业，每年二十批。", apply_zh="到一站式窗口。",
            valid_from=timezone.localdate(), valid_to=timezone.localdate() + timedelta(days=60), rule=Rule(nodes=("knitting",)),
        )  # fmt: skip
        row = draft_policy(actor=officer, said=said, client_id="m", now=now)
        publish_policy(actor=officer, policy_id=row.pk, now=now)


def test_a_campaign_goes_out_is_done_on_the_phone_and_stands_in_the_report(stack, browser):
    eight_firms_and_a_measure()
    desk = open_eyes(browser, stack, screen=DESK, language="en", who="zhou").page()
    phone = open_eyes(browser, stack, screen=PHONE, language="zh-hans", who="lin").page()

    desk.goto("/lists/policies/")
    seen(desk, "1-measures")
    desk.get_by_role("link", name="Testing at half price").click()
    seen(desk, "2-measure")
    desk.get_by_role("link", name="Tell the firms whom it fits").click()
    desk.locator("#id_title_zh").fill("湿摩擦自查月")
    desk.locator("#id_message_zh").fill("请抽三批深色产品自测。")
    desk.locator("#id_task_zh").fill("自测三批并录入")
    expect(desk.get_by_role("checkbox", name="Knitting")).to_be_checked()
    seen(desk, "3-draft")
    desk.get_by_role("button", name="Save and look at it").click()
    expect(desk.get_by_text("Firms by place, step and size: at least 5.")).to_be_visible()
    seen(desk, "4-before")
    desk.get_by_role("button", name="Send it").click()
    expect(desk.get_by_text("It is being sent.")).to_be_visible()

    asked = phone.get_by_text("完成监管部门布置的事：湿摩擦自查月")
    for _ in range(20):
        phone.goto("/home/")
        if asked.count():
            break
        phone.wait_for_timeout(500)
    expect(asked.first).to_be_visible()
    phone.goto("/campaigns/")
    seen(phone, "5-asked")
    phone.get_by_role("link", name="湿摩擦自查月").click()
    seen(phone, "6-task", by_axe=True)
    phone.get_by_role("button", name="我们已完成").click()
    expect(phone.get_by_text("监管部门只看到有多少家完成").first).to_be_visible()
    phone.goto("/lists/policies/?fits=1")
    seen(phone, "7-fits")

    desk.reload()
    expect(desk.get_by_text("at least 5").first).to_be_visible()
    seen(desk, "8-taken-up")
    desk.goto("/bureau/reports/new/")
    seen(desk, "9-new-report")
    desk.get_by_role("button", name="Make the report").click()
    expect(desk.get_by_text("Its figures do not change any more.").first).to_be_visible()
    seen(desk, "10-report", by_axe=True)
    with desk.expect_download() as taken:
        desk.get_by_role("link", name="XLSX").click()
    assert taken.value.suggested_filename.endswith(".xlsx")
