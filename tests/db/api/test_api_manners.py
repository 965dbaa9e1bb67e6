"""How the API refuses: one form of problem, in both languages, and never a word about another firm's things."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agreements.models import Agreement
from foundation.actor import as_actor
from tests.cast import actor, link_id

ABSENT = "00000000-0000-7000-8000-000000000000"
THINGS = [
    ("suppliers/{link_id}/", "fang"), ("suppliers/imports/{import_id}/", "fang"), ("suppliers/imports/{import_id}/rows/", "fang"),
    ("agreements/{agreement_id}/", "wu"), ("agreements/{agreement_id}/text/", "wu"), ("obligations/{obligation_id}/", "wu"),
    ("obligations/?agreement={agreement_id}", "wu"), ("audits/{audit_id}/", "wu"), ("findings/{finding_id}/", "wu"),
    ("record/streams/{stream_id}/entries/", "wu"), ("record/entries/{entry_id}/", "wu"), ("evidence/{evidence_id}/", "wu"),
    ("evidence/{evidence_id}/file/", "wu"), ("evidence/shared/{share_id}/", "fang"), ("evidence/uploads/{upload_id}/", "wu"),
]  # fmt: skip


@pytest.mark.parametrize(("address", "who"), THINGS)
def test_another_firms_thing_is_told_like_one_that_does_not_exist(world, address, who):
    ids = world.lin.ids
    other = world(who, "GET", address.format(**ids))
    absent = world(who, "GET", address.format(**dict.fromkeys(ids, ABSENT)))

    assert (other.status, other.raw) == (404, absent.raw)
    assert dict(other.headers) == dict(absent.headers)


@pytest.mark.parametrize(
    ("method", "address", "body"),
    [
        ("POST", "agreements/{agreement_id}/send/", None), ("POST", "audits/{audit_id}/review/", None), ("POST", "suppliers/imports/{import_id}/confirm/", None),
        ("PATCH", "agreements/{draft_id}/clauses/1/", {"params": {}}), ("POST", "suppliers/{link_id}/invitation/", None),
    ],
)  # fmt: skip
def test_another_owner_cannot_write_what_it_cannot_see_and_nothing_changes(world, method, address, body):
    with as_actor(actor("chen")):
        before = list(Agreement.objects.visible_to(actor("chen")).order_by("pk").values())
    answer = world("fang", method, address.format(**world.lin.ids), body)

    assert (answer.status, answer.body["code"]) == (404, "not_found")
    with as_actor(actor("chen")):
        assert list(Agreement.objects.visible_to(actor("chen")).order_by("pk").values()) == before


def test_a_reading_key_may_not_write_and_nothing_changes(world):
    answer = world("reader", "POST", "suppliers/", {"name_zh": "宁波青纬织造有限公司（示例）", "uscc": "0DEM0X1000000000AG"})

    assert (answer.status, answer.body["code"]) == (403, "scope_missing")
    assert len(world("reader", "GET", "suppliers/").body["results"]) == 4


def test_without_a_key_there_is_a_challenge_and_both_languages(world):
    answer = world("nobody", "GET", "me/")

    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="qcchain"')
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.body == {
        "type": "/api/docs/problems/#sign_in_needed", "status": 401, "code": "sign_in_needed",
        "title": {"zh": "请先登录，或提供有效的令牌。", "en": "Sign in first, or send a valid token."},
    }  # fmt: skip


def test_another_hat_is_refused_by_name(world):
    assert world("lin", "GET", "suppliers/").body["code"] == "other_hat"
    assert world("lin", "POST", "agreements/", {}).body["code"] == "other_hat"
    assert world("chen", "GET", "bureau/map/").body["code"] == "other_hat"


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        (b"{", "application/json", 400, "body_unreadable"),
        (b"[" * 100_000, "application/json", 400, "body_unreadable"),
        (b'{"x": NaN}', "application/json", 400, "body_unreadable"),
        (b'{"name_zh": "a\\u0000b", "uscc": "x"}', "application/json", 422, "fields_to_mend"),
        (b'{"name_zh": "a\\ud800b", "uscc": "x"}', "application/json", 422, "fields_to_mend"),
        (b'{"name_zh": "a", "uscc": "x", "b\\u0000": 1}', "application/json", 422, "fields_to_mend"),
        (b"[1]", "application/json", 422, "fields_to_mend"),
        (b"", "application/json", 422, "fields_to_mend"),
        (b"name_zh=x", "application/x-www-form-urlencoded", 415, "media_type_unknown"),
        (b"<a/>", "application/xml", 415, "media_type_unknown"),
    ],
)
def test_a_body_that_cannot_be_read_is_said_to_be_so(world, body, kind, status, code):
    answer = world("chen", "POST", "suppliers/", body, content_type=kind)

    assert (answer.status, answer.body["code"]) == (status, code)
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_form_is_refused_where_json_is_wanted(world):
    assert world.callers["chen"].form("suppliers/", {"name_zh": "x"}).status == 415


def test_every_wrong_field_is_named_in_both_languages(world):
    answer = world("chen", "POST", "suppliers/", {"name_en": "x", "region_code": "999999", "headcoun": 3})
    unknown = world("chen", "POST", "suppliers/", {"name_zh": "a", "uscc": "b", "headcoun": 3})

    assert [error["pointer"] for error in answer.body["errors"]] == ["/headcoun"]
    assert unknown.body["errors"] == [
        {"pointer": "/headcoun", "code": "field_unknown", "message": {"zh": "这里没有这个字段。", "en": "There is no such field here."}}
    ]
    missing = world("chen", "POST", "suppliers/", {"region_code": "999999"}).body["errors"]
    assert {(error["pointer"], error["code"]) for error in missing} == {("/name_zh", "required"), ("/uscc", "required"), ("/region_code", "invalid_choice")}
    assert all(error["message"]["zh"] != error["message"]["en"] for error in missing)


def test_a_rule_names_its_field_and_leads_to_its_page(world):
    answer = world("chen", "POST", "agreements/", {"link": str(link_id("chen", "lin")), "template": "garment-1", "effective_from": "2020-01-01"})

    assert (answer.status, answer.body["code"], answer.body["type"]) == (422, "starts_in_the_past", "/api/docs/problems/#starts_in_the_past")
    assert answer.body["errors"][0]["pointer"] == "/effective_from"
    assert 'id="starts_in_the_past"' in Client().get("/api/docs/problems/").content.decode()


@pytest.mark.parametrize("address", ["suppliers/", "agreements/", "obligations/", "audits/", "findings/", "record/streams/", "notifications/"])
def test_an_unknown_filter_and_a_foreign_cursor_are_named(world, address):
    unknown = world("chen", "GET", f"{address}?colour=red")
    cursors = [world("chen", "GET", f"{address}?after={cursor}") for cursor in ("x", "bnVsbA", "WyJhIiwgImIiXQ", ABSENT, "W10", "%00")]

    assert (unknown.status, unknown.body["errors"][0]["parameter"], unknown.body["errors"][0]["code"]) == (422, "colour", "filter_unknown")
    assert {answer.status for answer in cursors} == {422}
    assert cursors[0].body["errors"][0]["code"] == "cursor_unreadable"
    assert world("chen", "GET", f"{address}?page_size=201").status == 422


def test_methods_and_addresses_that_do_not_exist_are_problems_too(world):
    wrong, nowhere, id_ = world("chen", "DELETE", "me/"), world("nobody", "GET", "nowhere/"), world("chen", "GET", "agreements/7/")

    assert (wrong.status, wrong.body["code"], wrong.headers["Allow"]) == (405, "method_not_allowed", "GET, HEAD")
    assert (nowhere.status, nowhere.body["code"]) == (404, "not_found")
    assert (id_.status, id_.body) == (404, nowhere.body)
    assert world("chen", "OPTIONS", "me/").status == 405


def test_a_refused_write_leaves_nothing_behind(world):
    """The second service of a request refuses: what the first one wrote goes with it."""
    answer = world("lin", "POST", f"obligations/{world.lin.ids['obligation_id']}/document/", {"evidence": ABSENT})

    assert (answer.status, answer.body["code"]) == (422, "evidence_missing")
    assert world("lin", "GET", f"obligations/{world.lin.ids['obligation_id']}/").body["met_on"] is None


@pytest.mark.parametrize(
    ("who", "address", "most"),
    [
        ("chen", "suppliers/", 12), ("chen", "agreements/", 12), ("lin", "obligations/", 12), ("lin", "audits/", 12), ("lin", "findings/", 12),
        ("lin", "record/streams/", 12), ("lin", "notifications/", 12), ("zhou", "bureau/agreements/", 13),
    ],
)  # fmt: skip
def test_a_list_costs_the_same_few_queries_however_long_it_is(world, who, address, most):
    world(who, "GET", address)
    with CaptureQueriesContext(connection) as one:
        world(who, "GET", f"{address}?page_size=1")
    with CaptureQueriesContext(connection) as many:
        world(who, "GET", f"{address}?page_size=200")

    assert len(many) == len(one)
    assert len(many) <= most, [query["sql"][:90] for query in many]


def test_schema_and_papers_are_open_to_everybody(world):
    schema, page = Client().get("/api/schema/"), Client().get("/api/docs/")

    assert schema.json()["openapi"].startswith("3.")
    assert page.status_code == 200
    assert b"<script>" not in page.content
    assert "unsafe" not in page.headers["Content-Security-Policy"]


def test_moments_are_told_with_their_zone(world):
    told = world("lin", "GET", "notifications/").body["results"][0]["at"]

    assert timezone.datetime.fromisoformat(told).utcoffset() is not None
