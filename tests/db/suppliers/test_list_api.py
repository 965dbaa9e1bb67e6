"""The list at work through the API: the same verbs as the pages."""

import json

import pytest
from django.test import Client

from foundation.actor import as_actor
from suppliers.models import BulkEdit, SavedView
from suppliers.services.exports import write_export
from tests.cast import actor, link_id
from tests.clients import with_token
from tests.db.suppliers.stage import NEW_CODE, listed, state_of

pytestmark = pytest.mark.django_db
LIN, WU = str(link_id("chen", "lin")), str(link_id("chen", "wu"))


@pytest.fixture
def call():
    keys = {who: with_token(who) for who in ("chen", "fang", "lin")}

    def ask(method, address, body=None, who="chen"):
        data = json.dumps(body).encode() if body is not None else b""
        answer = Client().generic(method, f"/api/v1/suppliers/{address}", data, content_type="application/json", **keys[who])
        is_json = "json" in answer.get("Content-Type", "")
        return answer.status_code, (json.loads(answer.content) if is_json and answer.content else answer.content)

    return ask


def test_the_list_is_filtered_by_initials_tier_tag_approval_and_problem(call):
    listed(phone="")
    call("POST", f"{LIN}/approvals/", {"category": "knitting", "state": "approved", "reason": "合格"})
    call("POST", "bulk/", {"suppliers": [WU], "field": "tag", "value": "秋季"})

    def codes(query):
        return [row["uscc"] for row in call("GET", f"?{query}")[1]["results"]]

    assert codes("query=nbhl") == [NEW_CODE]
    assert codes("approval=approved&node=knitting") == ["0DEM0A0000000000L1"]
    assert codes("tag=%E7%A7%8B%E5%AD%A3") == ["0DEM0A0000000000W1"]
    assert codes("problem=no_phone") == [NEW_CODE]
    assert codes("tier=2") == []
    assert codes("region=330203009") == ["0DEM0A0000000000W1", "0DEM0A0000000000L1"]
    assert call("GET", "?tier=9")[0] == 422


def test_many_are_looked_at_changed_and_put_back(call):
    said = {"filters": {"state": "joined"}, "field": "tier", "value": 2}

    looked = call("POST", "bulk/", said | {"preview": True})[1]
    assert [row["after"] for row in looked["preview"]["rows"]] == [2, 2]
    assert state_of(LIN).tier == 1
    status, done = call("POST", "bulk/", said | {"seen": looked["preview"]["seen"]})
    assert (status, done["done"]["written"], state_of(LIN).tier) == (201, 2, 2)
    assert call("GET", "bulk/")[1]["results"][0]["id"] == done["done"]["id"]
    assert {row["became"] for row in call("GET", f"bulk/{done['done']['id']}/")[1]} == {"written"}
    assert call("POST", f"bulk/{done['done']['id']}/undo/")[1]["left"] == 0
    assert state_of(LIN).tier == 1


@pytest.mark.parametrize(
    "said",
    [
        {"field": "tag", "value": "x"}, {"suppliers": [LIN], "field": "nodes", "value": [[1]]}, {"suppliers": [LIN], "field": "nodes", "value": 7},
        {"suppliers": [LIN], "field": "approval"}, {"suppliers": [LIN], "field": "region", "value": {"a": 1}},
        {"suppliers": [str(link_id("fang", "wu"))], "field": "tag", "value": "x"},
    ],
)  # fmt: skip
def test_a_change_that_cannot_be_is_refused(call, said):
    assert call("POST", "bulk/", said)[0] == 422

    with as_actor(actor("chen")):
        assert BulkEdit.objects.count() == 0


def test_views_are_kept_renamed_opened_first_and_deleted(call):
    status, view = call("POST", "views/", {"name": "a", "filters": {"state": "joined"}, "for_all": True})
    assert (status, view["query"], view["for_all"]) == (201, "state=joined", True)
    assert call("PATCH", f"views/{view['id']}/", {"name": "b", "opens_first": True})[1] | {"id": 0} == {
        "id": 0, "name": "b", "query": "state=joined", "for_all": True, "opens_first": True,
    }  # fmt: skip
    assert [each["name"] for each in call("GET", "views/")[1]] == ["b"]
    assert call("DELETE", f"views/{view['id']}/", who="fang")[0] == 404
    assert call("DELETE", f"views/{view['id']}/")[0] == 204
    with as_actor(actor("chen")):
        assert SavedView.objects.count() == 0


def test_a_place_in_the_chain_is_said_and_a_circle_refused(call):
    assert call("PUT", f"{LIN}/chain/", {"via": WU})[1] == {"tier": 2, "up": [WU], "behind": []}
    assert call("GET", f"{WU}/chain/")[1] == {"tier": 1, "up": [], "behind": [LIN]}
    status, problem = call("PUT", f"{WU}/chain/", {"via": LIN})
    assert (status, problem["code"]) == (422, "way_is_a_circle")
    assert call("GET", f"{LIN}/")[1]["via_id"] == WU


def test_an_export_is_asked_for_made_and_fetched(call):
    status, job = call("POST", "exports/", {"kind": "csv", "filters": {"state": "joined"}, "language": "en"})
    assert (status, job["state"], job["total"]) == (202, "waiting", 2)
    assert call("GET", f"exports/{job['id']}/file/")[0] == 404

    write_export(key=f"export:{job['id']}", job_id=job["id"], org_id=actor("chen").org_id)

    assert call("GET", f"exports/{job['id']}/")[1]["state"] == "done"
    assert b"0DEM0A0000000000L1" in call("GET", f"exports/{job['id']}/file/")[1]
    assert call("GET", f"exports/{job['id']}/", who="fang")[0] == 404
    assert call("GET", "exports/", who="lin")[0] == 403
