"""What somebody writes into the address bar or a hidden field is answered; it never breaks a page."""

import json
from base64 import urlsafe_b64encode
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from foundation.asked import moment_of
from tests.agreed import drafted, in_force
from tests.clients import signed_in, with_token

pytestmark = pytest.mark.django_db
SOME = str(UUID(int=5))
# Each is a moment for Python and none for PostgreSQL.
MOMENTS = ["2026-01-01T00:00:00+00:00:30.5", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"]
LISTS = [("chen", "agreements:list", "_"), ("lin", "records:streams", "_"), ("lin", "audits:findings", "_"), ("chen", "notices:inbox", "~")]


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize(("who", "page", "mark"), LISTS)
def test_a_moment_that_the_database_does_not_know_is_the_beginning_of_a_list(who, page, mark, moment):
    answer = signed_in(who).get(reverse(page), {"after": f"{moment}{mark}{SOME}"})

    assert answer.status_code == 200


@pytest.mark.parametrize("moment", MOMENTS)
def test_such_a_moment_in_a_cursor_of_the_api_is_refused_or_read(moment):
    cursor = urlsafe_b64encode(json.dumps([moment, SOME]).encode()).decode().rstrip("=")

    answer = Client().get("/api/v1/agreements/", {"after": cursor}, **with_token("chen"))

    assert answer.status_code == (200 if moment_of(moment) else 422)


@pytest.mark.parametrize(
    ("who", "page", "asked"),
    [("chen", "agreements:list", "q"), ("chen", "agreements:csv", "q"), ("lin", "records:stream", "kind"), ("lin", "records:stream_csv", "kind"),
     ("lin", "records:stream_jsonl", "kind")],
)  # fmt: skip
def test_a_nul_in_a_filter_is_left_out(who, page, asked):
    agreement = in_force()
    where = reverse(page, args=[agreement.stream_id] if page.startswith("records") else [])

    answer = signed_in(who).get(where, {asked: "\x00"})

    assert answer.status_code == 200
    if "csv" in page or "jsonl" in page:  # a page carries a token of its own
        assert b"".join(answer) == b"".join(signed_in(who).get(where))


@pytest.mark.parametrize("where", ["/language/", "/me/theme/", "/inbox/read/"])
@pytest.mark.parametrize(
    "onward", ["abc", "abc\x00", "//evil.example", "/\\evil.example", "http:///evil.example", "javascript:alert(1)", "/" + "a" * 3000]
)
def test_a_form_goes_on_to_a_page_of_ours_or_to_its_own_end(where, onward):
    answer = signed_in("chen").post(where, {"next": onward, "language": "en", "theme": "dark"})

    assert (answer.status_code, answer["Location"]) == (302, {"/language/": "/", "/me/theme/": "/me/", "/inbox/read/": "/inbox/"}[where])


def test_a_form_still_goes_on_to_the_page_it_stood_on():
    answer = signed_in("chen").post("/language/", {"next": "/agreements/?q=1", "language": "en"})

    assert answer["Location"] == "/agreements/?q=1"


@pytest.mark.parametrize(("first", "last", "field"), [("9999-12-31", "", "effective_from"), ("2026-12-01", "9999-12-31", "effective_to")])
def test_an_agreement_does_not_run_to_the_end_of_the_calendar(first, last, field):
    agreement = drafted()

    answer = signed_in("chen").post(reverse("agreements:days", args=[agreement.pk]), {"effective_from": first, "effective_to": last})

    assert answer.status_code == 422
    assert "2100" in str(answer.context["form"].errors[field])


def test_the_api_refuses_the_end_of_the_calendar_too():
    agreement = drafted()
    body = {"effective_from": "2026-12-01", "effective_to": "9999-12-31"}

    answer = Client().put(f"/api/v1/agreements/{agreement.pk}/days/", body, content_type="application/json", **with_token("chen"))

    assert (answer.status_code, answer.json()["errors"][0]["code"], answer.json()["errors"][0]["pointer"]) == (422, "year_out_of_reach", "/effective_to")


def test_a_body_nested_without_end_is_no_upload():
    answer = signed_in("lin").post(reverse("records:uploads"), "[" * 200_000, content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (422, "fields_to_mend")


@pytest.mark.parametrize("charset", ["hex", "base64", "zlib"])
def test_a_form_in_a_charset_that_writes_no_text_is_a_bad_request(charset):
    body = '--x\r\nContent-Disposition: form-data; name="login"\r\n\r\nchen\r\n--x--\r\n'

    answer = Client().generic("POST", "/account/sign-in/", body, content_type=f"multipart/form-data; boundary=x; charset={charset}")

    assert answer.status_code == 400


@pytest.mark.parametrize("page", ["/home/", "/agreements/", "/obligations/export.csv", "/me/", "/hat/"])
def test_what_a_firm_reads_is_kept_by_nobody_on_the_way(page):
    answer = signed_in("chen").get(page)

    assert (answer.status_code, answer["Cache-Control"].split(",")[0]) == (200, "private")
    assert "Cookie" in answer["Vary"]


def test_nor_is_what_a_program_reads():
    assert Client().get("/api/v1/me/", **with_token("chen"))["Cache-Control"] == "private, no-cache"
