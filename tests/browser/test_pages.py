"""Every page × persona × language × {with stories, empty}: it opens, passes axe, keeps its language and its width."""

import pytest

from tests.browser.conftest import DESK, PHONE, open_eyes
from tests.browser.pages import (
    ABSENT_PAGE,
    FOR_THE_SIGNED_IN,
    PERSONAS,
    SENT_ON,
    addresses_of,
    axe,
    faults_of,
    furnish,
    is_walked,
    web_over,
)

pytestmark = pytest.mark.browser
MAIN_PAGES = {
    "chen": ["/home/", "/suppliers/", "/agreements/", "/audits/", "/findings/", "/obligations/", "/record/"],
    "lin": ["/home/", "/firm/", "/agreements/", "/inbox/"],
    "zhou": ["/bureau/", "/bureau/agreements/", "/bureau/map/"],
    "pan": ["/jobs/"],
    "nobody": ["/", "/account/sign-in/", "/privacy/"],
}


@pytest.fixture(scope="module", params=["demo", "empty"])
def world(request, servers, template, django_db_setup, django_db_blocker):
    with web_over(servers, template, django_db_blocker, request.param) as standing:
        if request.param == "demo":
            furnish(standing)
        yield standing


def screens_of(who):
    """A supplier stands with a phone, the others sit at a desk; the other width is looked at too."""
    return (PHONE, DESK) if who == "lin" else (DESK, PHONE)


def still(page):
    """Nothing moves: a colour half way between two is nobody's contrast."""
    page.emulate_media(reduced_motion="reduce")
    return page


def opened(world, browser, who, language):
    first, other = screens_of(who)
    eyes = open_eyes(browser, world.stack, screen=first, language=language, who=None if who == "nobody" else who)
    page, said = still(eyes.page()), []
    page.on("console", lambda m: said.append((m.location.get("url"), m.text)) if m.type == "error" else None)
    page.on("pageerror", lambda e: said.append((None, str(e))))
    return eyes, page, said, other


# Which addresses are read and which are verbs is the same for all: asked once, not drawn twice for everybody.
IS_PAGE = {}


def looked_up(page, route, address):
    """Open a page; what the address itself answered, before the browser was sent on. What is no page, or not in this state, is not opened."""
    if route not in IS_PAGE:
        status = page.request.get(address, max_redirects=0).status
        if status == 405 or status == 200:
            IS_PAGE[route] = status == 200
        if status in (302, 404, 405) and route is not ABSENT_PAGE:
            return status
    elif not IS_PAGE[route]:
        return 405
    first = page.goto(address).request
    while first.redirected_from:
        first = first.redirected_from
    return first.response().status


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("who", PERSONAS)
def test_every_page_opens_is_accessible_keeps_its_language_and_its_width(world, browser, who, language):
    eyes, page, said, other = opened(world, browser, who, language)
    faults, reached, asked, absent = [], set(), set(), set()
    for route, address in addresses_of(world, who):
        if not is_walked(route.pattern, address, who, language):
            continue
        status = looked_up(page, route, address)
        if status == 405:
            continue  # a verb, not a page
        asked.add(route.name)
        if status == 302 and (route.name in SENT_ON or (who == "nobody" and route.name in FOR_THE_SIGNED_IN)):
            reached.add(route.name)
        if status == 404:
            absent.add(f"{world.stack.url}{address}")  # the browser itself says so too, perhaps later
        if status in (302, 404) and route is not ABSENT_PAGE:
            continue  # not in this state; one of the others must open
        reached.add(route.name)
        wrong = [] if status == (404 if route is ABSENT_PAGE else 200) else [f"status {status}"]
        wrong += faults_of(page, language, other)
        wrong += [words for url, words in said if url not in absent]
        said.clear()
        faults += [f"{address} {each}" for each in wrong]
    eyes.context.close()

    assert not faults, "\n".join(faults)
    assert world.name == "empty" or asked - reached == set()


def test_a_pale_word_is_seen_on_a_page_whose_contrasts_are_known(world, browser):
    eyes, page, _said, other = opened(world, browser, "chen", "en")
    page.goto("/home/")
    before = [faults_of(page, "en", other) for _ in range(2)]
    page.evaluate("() => { document.querySelector('h1').style.color = '#ddd' }")
    after = faults_of(page, "en", other)
    eyes.context.close()

    assert before == [[], []]
    assert [each.split(":")[0] for each in after] == ["color-contrast"]


def test_main_pages_keep_their_contrast_in_the_dark(world, browser):
    faults = {}
    for who, addresses in MAIN_PAGES.items():
        eyes = open_eyes(browser, world.stack, screen=DESK, language="en", who=None if who == "nobody" else who, dark=True)
        page = still(eyes.page())
        for address in addresses:
            page.goto(address)
            if found := axe(page, ["color-contrast"]):
                faults[who, address] = found
        eyes.context.close()

    assert faults == {}
