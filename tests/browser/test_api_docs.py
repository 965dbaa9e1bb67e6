"""The API's own papers in a real browser, under the strict CSP and without another server."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, open_eyes

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_addresses_are_shown_and_the_policy_holds(stack, browser, language):
    page = open_eyes(browser, stack, screen=DESK, language=language).page()
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/api/docs/")

    expect(page.locator(".opblock").first).to_be_visible(timeout=20_000)  # some six hundred addresses are drawn
    page.locator("#operations-agreements-Agreements_post .opblock-summary-control").click()
    expect(page.get_by_text("Idempotency-Key").first).to_be_visible()
    assert said == []
    assert [url for url in asked if not url.startswith((stack.url, "data:", "blob:"))] == []


def test_every_problem_has_its_line_on_a_phone(stack, browser):
    page = open_eyes(browser, stack, screen=PHONE, language="zh-hans").page()
    page.goto("/api/docs/problems/#answers_missing")

    expect(page.locator("#answers_missing")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
