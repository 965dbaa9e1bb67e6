"""Checklists by the API: read by both sides, written by a chain owner."""

import pytest
from django.test import Client

from audits.models import ChecklistDraft, ChecklistVersion
from foundation.actor import as_actor
from tests.cast import actor
from tests.clients import with_token

pytestmark = pytest.mark.django_db
DRAFTS = "/api/v1/checklists/drafts/"
BODY = {
    "name_zh": "接口表", "sections": [{"code": "A", "name_zh": "甲"}],
    "questions": [
        {"code": "A-1", "section": "A", "text_zh": "怎样发料？", "kind": "choice", "options": [{"code": "a", "zh": "先进先出", "share": 100}, {"code": "b", "zh": "随意", "share": 0}]},
        {"code": "A-2", "section": "A", "text_zh": "为什么？", "kind": "text", "show_if": [{"code": "A-1", "is": ["b"]}]},
    ],
}  # fmt: skip


@pytest.fixture
def chen():
    return with_token("chen")


def call(method, url, headers, said=None):
    return getattr(Client(), method)(url, said, content_type="application/json", **headers)


def test_a_checklist_is_drafted_changed_and_published_by_the_api(chen):
    begun = call("post", DRAFTS, chen, {"client_id": "k1", "body": BODY})
    draft = begun.json()
    changed = call("put", f"{DRAFTS}{draft['id']}/", chen, {"revision": 1, "body": {**BODY, "minutes": 20}})
    late = call("put", f"{DRAFTS}{draft['id']}/", chen, {"revision": 1, "body": {**BODY, "minutes": 99}})
    done = call("post", f"{DRAFTS}{draft['id']}/publish/", chen, {"revision": 2})

    assert (begun.status_code, draft["faults"], draft["body"]["questions"][1]["show_if"]) == (201, [], [{"code": "A-1", "is": ["b"]}])
    assert (changed.status_code, changed.json()["revision"]) == (200, 2)
    assert (late.status_code, late.json()["code"]) == (422, "checklist_changed_meanwhile")
    whole = done.json()
    assert (done.status_code, whole["minutes"], whole["is_own"], whole["state"]) == (200, 20, True, "published")
    assert [(line["code"], line["kind"], line["text"]["zh"]) for line in whole["lines"]] == [
        ("A-1", "choice", "怎样发料？"),
        ("A-2", "text", "为什么？"),
    ]
    retired = call("post", f"/api/v1/checklists/{whole['code']}/retire/", chen)
    assert retired.json()["state"] == "retired"
    assert whole["code"] not in [row["code"] for row in call("get", "/api/v1/checklists/", chen).json()]


def test_what_is_wrong_is_told_and_not_published(chen):
    draft = call("post", DRAFTS, chen, {"client_id": "k1", "body": {"name_zh": "坏表", "questions": [{"code": "A-1"}]}}).json()
    refused = call("post", f"{DRAFTS}{draft['id']}/publish/", chen, {"revision": 1})
    strange = call("post", DRAFTS, chen, {"client_id": "k2", "body": {"questions": [{"code": "A-1", "options": "all"}]}})

    assert draft["faults"] == [{"number": 1, "entry": "text_zh", "code": "text_missing"}]
    assert (refused.status_code, refused.json()["code"]) == (422, "checklist_has_faults")
    assert (strange.status_code, strange.json()["code"]) == (422, "fields_to_mend")
    with as_actor(actor("chen")):
        assert ChecklistVersion.objects.filter(owner_org_id=actor("chen").org_id).count() == 0
        assert ChecklistDraft.objects.count() == 1


def test_a_draft_is_begun_from_the_library_once_and_thrown_away(chen):
    first, again = (call("post", DRAFTS, chen, {"client_id": "k1", "based_on": "mill-walk-1"}).json() for _each in range(2))

    assert (first["id"], first["based_on"], len(first["body"]["questions"])) == (again["id"], "mill-walk-1", 5)
    assert [row["id"] for row in call("get", DRAFTS, chen).json()["results"]] == [first["id"]]
    assert call("delete", f"{DRAFTS}{first['id']}/", chen).status_code == 204
    assert call("get", f"{DRAFTS}{first['id']}/", chen).status_code == 404


def test_a_supplier_reads_the_library_and_writes_nothing():
    lin = with_token("lin")

    assert "mill-walk-1" in [row["code"] for row in call("get", "/api/v1/checklists/", lin).json()]
    assert call("get", "/api/v1/checklists/mill-walk-1/", lin).json()["lines"][3]["is_critical"] is True
    assert call("post", DRAFTS, lin, {"client_id": "k1"}).status_code == 403
    assert call("post", "/api/v1/checklists/mill-walk-1/retire/", lin).status_code == 403
