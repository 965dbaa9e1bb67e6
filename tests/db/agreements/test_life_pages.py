"""The pages of a text's life: what a step would do is read before it is taken, in either language."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from agreements.models import AgreementVersion, StatusNotice
from agreements.services.amending import start_amendment
from agreements.services.drafting import send_agreement
from foundation.actor import Hat, acting_as, as_actor
from tests.agreed import in_force, seen_by_clock, sent
from tests.cast import PASSWORD, actor
from tests.clients import signed_in, with_token

pytestmark = pytest.mark.django_db
CHEN = actor("chen")
HAN = re.compile(r"[\u4e00-\u9fff]")
CHINESE_DATA = re.compile(r'<([a-z0-9]+)\b[^>]*\blang="zh-Hans"[^>]*>.*?</\1>', re.S)
DAYS = {name: (timezone.localdate() + timedelta(days=n)).isoformat() for name, n in (("today", 0), ("tomorrow", 1), ("later", 40))}


def live(**words):
    """An agreement in force since today, for a year and a day."""
    now = timezone.now()
    today = timezone.localdate(now)
    return in_force(now=now - timedelta(minutes=30), starts=today, ends=today + timedelta(days=366), **words)


def amended(agreement, *, send: bool = False):
    with as_actor(CHEN):
        starts = timezone.localdate() + timedelta(days=40)
        start_amendment(actor=CHEN, agreement=agreement, summary="Results every second month", effective_from=starts, now=timezone.now())
        if send:
            send_agreement(actor=CHEN, agreement=agreement, now=timezone.now())


def versions(agreement):
    with acting_as(Hat.CLOCK):
        return list(AgreementVersion.objects.filter(agreement=agreement).order_by("number").values_list("number", "state"))


def notices(agreement):
    with acting_as(Hat.CLOCK):
        return list(StatusNotice.objects.filter(agreement=agreement).order_by("given_at").values_list("kind", "side"))


@pytest.mark.parametrize("who", ["chen", "lin"])
def test_every_page_reads_in_either_language(who):
    agreement = live()
    own = f"/agreements/{agreement.pk}/"
    steps = ["suspend/", "terminate/", "versions/"] + (["amend/", "renew/"] if who == "chen" else ["ask/", "ask/renewal/"])
    amended_paths = ["", "?version=2", "versions/?from=1&to=2", "versions/?from=1&to=2&view=side", "text/?version=2"]
    for language in ("en", "zh-hans"):
        client = signed_in(who, language)
        assert [client.get(own + step).status_code for step in steps] == [200] * len(steps)
    amended(agreement, send=True)
    for language in ("en", "zh-hans"):
        client = signed_in(who, language)
        for path in [*amended_paths, *(["withdraw/"] if who == "chen" else [])]:
            response = client.get(own + path)
            page = response.content.decode()
            assert response.status_code == 200, path
            main = page[page.index("<main") : page.index("</main>")]
            said = CHINESE_DATA.sub("", main)
            assert bool(HAN.search(said)) is (language == "zh-hans") or "text/" in path, (path, said[max(0, HAN.search(said).start() - 200) :][:240])


def test_an_amendment_is_drafted_and_sent_through_the_pages():
    agreement, client = live(), signed_in("chen", "en")
    own = f"/agreements/{agreement.pk}/"

    refused = client.post(own + "amend/", {"summary": "", "effective_from": DAYS["today"]})
    assert (refused.status_code, versions(agreement)) == (422, [(1, "in_force")])
    begun = client.post(own + "amend/", {"summary": "Results every second month", "effective_from": DAYS["later"]})
    assert (begun.status_code, begun.headers["Location"]) == (302, own + "?version=2")
    page = client.get(own + "?version=2").content.decode()
    assert "not in force" in page and own + "send/" in page
    assert client.get(own + "amend/").headers["Location"] == own + "?version=2"
    assert signed_in("lin", "en").get(own + "?version=2").status_code == 404
    days = client.post(own + "days/", {"effective_from": DAYS["tomorrow"], "effective_to": ""})
    assert days.headers["Location"] == own + "?version=2"

    assert client.post(own + "send/").headers["Location"] == own + "?version=2"

    assert versions(agreement) == [(1, "in_force"), (2, "in_review")]
    page = signed_in("lin", "en").get(own).content.decode()
    assert own + "?version=2" in page  # the supplier's own page leads to the new text
    assert "Results every second month" in page


def test_taking_an_amendment_back_asks_for_a_reason_once_it_was_read():
    agreement, client = live(), signed_in("chen", "en")
    own = f"/agreements/{agreement.pk}/"
    amended(agreement, send=True)

    assert client.post(own + "withdraw/", {"reason": ""}).status_code == 422
    assert versions(agreement) == [(1, "in_force"), (2, "in_review")]
    assert client.post(own + "withdraw/", {"reason": "We will ask again in autumn"}).status_code == 302

    assert versions(agreement) == [(1, "in_force"), (2, "withdrawn")]
    assert client.get(own + "withdraw/").status_code == 302


def test_a_first_text_is_withdrawn_through_its_page():
    agreement = sent(now=timezone.now() - timedelta(minutes=5), starts=timezone.localdate(), ends=None)
    own = f"/agreements/{agreement.pk}/"

    assert signed_in("chen", "en").post(own + "withdraw/", {"reason": "Another template fits better"}).status_code == 302

    assert seen_by_clock(agreement).state == "withdrawn"
    assert signed_in("lin").get(own).status_code == 200


def test_looking_at_what_a_day_does_gives_no_notice():
    agreement, client = live(), signed_in("lin", "en")
    own = f"/agreements/{agreement.pk}/"

    looked = client.post(own + "suspend/", {"effective_on": DAYS["later"], "reason": "", "look": "1"})
    assert (looked.status_code, notices(agreement)) == (200, [])
    assert "These duties stop running" in looked.content.decode()
    given = client.post(own + "suspend/", {"effective_on": DAYS["tomorrow"], "reason": "The dye-house is being rebuilt"})

    assert (given.status_code, notices(agreement)) == (302, [("suspend", "supplier")])
    page = signed_in("chen", "en").get(own).content.decode()
    assert "The dye-house is being rebuilt" in page
    with acting_as(Hat.CLOCK):
        notice = StatusNotice.objects.get(agreement=agreement)
    assert signed_in("chen", "en").post(own + "take-back/", {"notice": notice.pk}).status_code == 403
    assert client.post(own + "take-back/", {"notice": notice.pk}).status_code == 302
    assert client.post(own + "take-back/", {"notice": "nonsense"}).status_code == 404
    assert "The dye-house is being rebuilt" not in signed_in("chen", "en").get(own).content.decode()


def test_an_end_is_given_notice_and_agreed_through_the_pages():
    agreement, client = live(), signed_in("chen", "en")
    own = f"/agreements/{agreement.pk}/"
    said = {"effective_on": DAYS["later"], "reason": "The product line moves elsewhere", "password": PASSWORD}

    assert client.post(own + "terminate/", {**said, "effective_on": DAYS["tomorrow"]}).status_code == 422
    assert client.post(own + "terminate/", {**said, "password": "indigo"}).status_code == 422
    assert notices(agreement) == []
    assert client.post(own + "terminate/", said).status_code == 302
    assert client.get(own + "terminate/consent/").status_code == 302  # not its own to agree to
    other = signed_in("lin", "en")
    page = other.get(own + "terminate/consent/").content.decode()
    assert "The product line moves elsewhere" in page
    assert other.post(own + "terminate/consent/", {"password": "indigo"}).status_code == 422
    assert other.post(own + "terminate/consent/", {"password": PASSWORD}).status_code == 302

    assert seen_by_clock(agreement).state == "terminated"
    for who in ("chen", "lin"):
        assert signed_in(who, "en").get(own).status_code == 200


def test_a_wish_of_the_supplier_stands_on_the_owners_page():
    agreement = live()
    own = f"/agreements/{agreement.pk}/"

    assert signed_in("lin", "en").post(own + "ask/", {"reason": "We would like pH up to 9.0"}).status_code == 302
    assert "We would like pH up to 9.0" in signed_in("chen", "en").get(own).content.decode()
    assert signed_in("chen").get(own + "ask/").status_code == 403
    assert signed_in("chen", "en").post(own + "renew/").headers["Location"] == own + "?version=2"
    assert versions(agreement)[1] == (2, "draft")


@pytest.mark.parametrize("path", ["versions/", "amend/", "renew/", "withdraw/", "suspend/", "resume/", "terminate/", "terminate/consent/"])
def test_a_rival_finds_none_of_it(path):
    agreement = live()

    for who in ("fang", "wu"):
        assert signed_in(who).get(f"/agreements/{agreement.pk}/{path}").status_code in (403, 404), who
        assert signed_in(who).post(f"/agreements/{agreement.pk}/{path}").status_code in (403, 404, 405), who


def test_programs_amend_give_notice_and_read_versions():
    agreement = live()
    own = f"/api/v1/agreements/{agreement.pk}/"
    client, chen, lin = Client(), with_token("chen"), with_token("lin")

    def ask(who, path, method="get", **body):
        call = client.get(own + path, **who) if method == "get" else client.post(own + path, body, content_type="application/json", **who)
        return call.status_code, call.json()

    assert ask(lin, "amendment/", "post", summary="x", effective_from=DAYS["later"])[0] == 403
    status, made = ask(chen, "amendment/", "post", summary="Results every second month", effective_from=DAYS["later"])
    assert (status, made["number"], made["state"]) == (201, 2, "draft")
    assert [row["number"] for row in ask(chen, "versions/")[1]] == [2, 1]
    assert [row["number"] for row in ask(lin, "versions/")[1]] == [1]
    assert ask(lin, "versions/2/")[0] == 404
    assert ask(chen, "versions/2/")[1]["clauses"] != []
    assert ask(chen, "withdrawal/", "post", reason="")[1]["state"] == "withdrawn"
    status, notice = ask(lin, "notices/", "post", kind="suspend", effective_on=DAYS["tomorrow"], reason="The dye-house is being rebuilt")
    assert (status, notice["kind"], notice["side"], notice["reason"]) == (201, "suspend", "supplier", "The dye-house is being rebuilt")
    assert ask(chen, "notices/", "post", kind="suspend", effective_on=DAYS["later"], reason="Another reason")[0] == 422
    assert [row["kind"] for row in ask(chen, "notices/")[1]] == ["suspend"]
    assert ask(lin, "notices/taken-back/", "post", notice=notice["id"])[1]["dropped_at"] is not None
    assert ask(chen, "renewal/", "post")[1]["effective_from"] == str(agreement.effective_to)
