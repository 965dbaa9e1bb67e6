"""The runner's page: nothing of anybody stands in it, and it is told whose packs this browser may show."""

import re

import pytest
from django.test import Client

from tests.clients import signed_in

pytestmark = pytest.mark.django_db


def here(client: Client) -> str:
    return client.cookies["qcc_here"].value


def test_the_page_is_the_same_for_everybody_and_says_only_whose_packs_may_be_shown():
    chen, lin, nobody = signed_in("chen"), signed_in("lin"), Client()
    nobody.cookies["django_language"] = "zh-hans"
    pages = [client.get("/audits/run/") for client in (chen, lin, nobody)]

    assert pages[0].content == pages[1].content == pages[2].content
    assert re.fullmatch("[0-9a-f]{24}", here(chen)) and here(chen) != here(lin) and here(nobody) == "-"
    assert nobody.get("/audits/run/gate/no-such-gate/").content == pages[2].content


def test_signing_out_hides_the_packs_and_a_session_that_ran_out_does_not():
    chen = signed_in("chen")
    chen.get("/audits/run/")
    before = here(chen)
    session = chen.cookies.pop("sessionid")
    chen.get("/audits/run/")
    ran_out = here(chen)
    chen.cookies["sessionid"] = session.value
    chen.post("/account/sign-out/")

    assert (ran_out, here(chen)) == (before, "-")


def test_another_person_in_the_same_browser_is_another_word_on_any_page():
    chen = signed_in("chen")
    chen.get("/audits/run/")
    before = here(chen)
    chen.cookies["sessionid"] = signed_in("lin").cookies["sessionid"].value
    chen.get("/home/")

    assert here(chen) not in (before, "-")


def test_no_cookie_is_set_where_nobody_opened_the_runner():
    assert "qcc_here" not in signed_in("chen").get("/home/").cookies


def test_the_worker_stands_at_a_fixed_address_and_keeps_the_page_with_its_files():
    worker = Client().get("/audits/run/worker.js")
    text = worker.content.decode()

    assert (worker.status_code, worker["Content-Type"], worker["Cache-Control"]) == (200, "text/javascript; charset=utf-8", "no-cache")
    assert '"/static/runner/page.js"' in text and '"/static/css/runner.css"' in text and "&quot;" not in text
    assert Client().get("/audits/run/app.webmanifest").json()["scope"] == "/audits/run/"
    assert Client().get("/audits/run/certificate.crt").status_code == 404
