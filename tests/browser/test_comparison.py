"""D5 and E4: a laboratory fills its sheet, a second person releases, the bureau closes and publishes, the laboratory reads its own place."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from foundation.actor import as_actor
from oversight.models import RoundSheet
from oversight.services.comparison_results import release_sheet
from tests.browser.conftest import DESK, PHONE, open_eyes
from tests.browser.pages import axe, web_over
from tests.cast import actor
from tests.world_rounds import a_round, colleague, filled

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def world(servers, template, django_db_setup, django_db_blocker):
    with web_over(servers, template, django_db_blocker, "empty") as standing:
        yield standing


def test_a_round_from_the_sheet_to_ones_own_score(world, browser):
    now, mei = timezone.now(), actor("mei")
    made = a_round(now=now)
    filled(made, now=now, but=mei.org_id)
    with as_actor(mei):
        sheet = RoundSheet.objects.get(round=made)
    phone = open_eyes(browser, world.stack, screen=PHONE, language="zh-hans", who="mei").page()
    desk = open_eyes(browser, world.stack, screen=DESK, language="en", who="zhou").page()

    phone.goto(f"{world.stack.url}/rounds/{made.pk}/")
    phone.get_by_role("link", name=f"样品 {sheet.blind_code}").click()
    phone.get_by_label("读数", exact=True).fill("7.6 好")
    phone.get_by_role("button", name="保存结果").click()
    expect(phone.get_by_role("alert")).to_contain_text("尚未保存")
    phone.get_by_label("读数", exact=True).fill("7.6 7.6")
    phone.get_by_role("button", name="保存结果").click()
    expect(phone.get_by_text("这些结果由您录入，须由同事复核发布。")).to_be_visible()
    with as_actor(colleague(mei)):
        release_sheet(actor=colleague(mei), participant_id=sheet.pk, now=now)

    desk.goto(f"{world.stack.url}/rounds/{made.pk}/")
    for step in ("Close the round", "Work it out", "Publish"):
        desk.get_by_role("button", name=step).click()
    expect(desk.get_by_role("heading", name="pH", exact=True)).to_be_visible()

    phone.goto(f"{world.stack.url}/rounds/own/")
    expect(phone.get_by_role("row", name="不满意")).to_be_visible()
    phone.goto(f"{world.stack.url}/rounds/{made.pk}/")
    expect(phone.get_by_text("您的结果明显偏离：须采取措施。").first).to_be_visible()
    assert (phone.get_by_text("检测所").count(), axe(phone), axe(desk)) == (0, [], [])
