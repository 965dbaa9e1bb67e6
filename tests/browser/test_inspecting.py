"""A lot inspected on a phone: the plan in a sentence, a thumb counts, the verdict shows before anything is sent."""

from django.db import transaction
from django.utils import timezone

from tests.agreed import in_force
from tests.browser.conftest import PHONE, open_eyes
from tests.sampled import inspected, pieces


def test_a_thumb_counts_and_the_verdict_comes_before_the_filing(stack, browser):
    now = timezone.now()
    with transaction.atomic():
        in_force(template="garment-2", ends=None)
        for number in range(2):
            inspected(pieces(f"YZ-01{number}"), "lin", major=6, now=now)
        lot = pieces("YZ-012")
    page = open_eyes(browser, stack, screen=PHONE, language="zh-hans", who="lin").page()
    page.goto(f"{stack.url}/lots/{lot.pk}/")
    page.get_by_role("link", name="检验这一批").click()
    text = page.inner_text("main")
    assert "字码 J：1,200 件中抽 80 件，3 件及以下接收，4 件及以上不接收" in text
    assert "自批次 YZ-011 起加严，因为最近 2 批中有 2 批不接收" in text
    for _piece in range(4):
        page.get_by_role("button", name="严重不合格：加一件").click()
    page.get_by_role("heading", name="按方案不接收").wait_for()
    page.get_by_role("button", name="严重不合格：减一件").click()
    page.get_by_role("heading", name="按方案接收", exact=True).wait_for()
    page.get_by_role("button", name="提交检验").click()
    page.wait_for_url("**/inspections/*/")
    assert "发现 3 件" in page.inner_text("main") and page.locator(".chip.bad").count() == 0
