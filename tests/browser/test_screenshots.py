"""`make screenshots`: every page as somebody sees it, on a phone and at a desk, in both languages, into screenshots/."""

import os

import pytest

from tests.browser.conftest import DESK, PHONE, open_eyes
from tests.browser.pages import ABSENT_PAGE, PERSONAS, addresses_of, furnish, web_over
from tests.harness import ROOT

pytestmark = [
    pytest.mark.browser,
    pytest.mark.screenshots,
    pytest.mark.skipif(not os.environ.get("QCCHAIN_SCREENSHOTS"), reason="pictures are taken by `make screenshots`"),
]
FOLDER = ROOT / "screenshots"
IN_THE_DARK = {"chen": ["/home/", "/agreements/"], "lin": ["/home/"], "zhou": ["/bureau/", "/bureau/map/"]}
# Pictures further down load when they are scrolled to; a screenshot does not scroll.
PHOTOS = "() => Promise.all([...document.images].map(i => { i.loading = 'eager'; return i.decode().catch(() => 0) }))"
WAYS = [(screen, language) for screen in (PHONE, DESK) for language in ("zh-hans", "en")]


@pytest.fixture(scope="module", params=["demo", "empty"])
def world(request, servers, template, django_db_setup, django_db_blocker):
    with web_over(servers, template, django_db_blocker, request.param) as standing:
        if request.param == "demo":
            furnish(standing)
        yield standing


def file_name(address):
    """A name that tells the page: the address without its ids, numbered where several fall together."""
    words = [w[:4] if len(w) > 30 else w[:12] for w in address.strip("/").split("/")]
    return "-".join(words) or "landing"


@pytest.mark.parametrize("who", PERSONAS)
def test_screenshots_of_every_page(world, browser, who):
    wanted = os.environ.get("QCCHAIN_SCREENSHOTS_OF", "")
    taken = 0
    for screen, language in WAYS:
        eyes = open_eyes(browser, world.stack, screen=screen, language=language, who=None if who == "nobody" else who)
        page = eyes.page()
        folder = FOLDER / world.name / who / f"{screen['width']}-{language[:2]}"
        for number, (route, address) in enumerate(addresses_of(world, who)):
            if eyes.context.request.get(address, max_redirects=0).status != (404 if route is ABSENT_PAGE else 200) or wanted not in address:
                continue
            page.goto(address)
            page.evaluate(PHOTOS)
            page.screenshot(path=folder / f"{number:03}-{file_name(address)}.png", full_page=True)
            taken += 1
        eyes.context.close()

    assert taken >= 4 or wanted


def test_screenshots_in_the_dark(world, browser):
    for who, addresses in IN_THE_DARK.items():
        eyes = open_eyes(browser, world.stack, screen=DESK, language="zh-hans", who=who, dark=True)
        page = eyes.page()
        for address in addresses:
            assert page.goto(address).status == 200
            page.screenshot(path=FOLDER / world.name / who / "dark" / f"{file_name(address)}.png", full_page=True)
        eyes.context.close()
