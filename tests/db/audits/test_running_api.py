"""A visit on site by the API: the same pack, operations and state, under the token's own person."""

import json
from uuid import uuid4

import pytest
from django.test import Client

from foundation.actor import as_actor
from tests.cast import actor
from tests.clients import with_token
from tests.visits import op, standing, visit, walked

pytestmark = pytest.mark.django_db
CHEN = actor("chen")


@pytest.fixture(autouse=True)
def evidence_root(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "evidence"


def post(url, body, who="chen"):
    return Client().post(url, json.dumps(body), content_type="application/json", **with_token(who))


def test_operations_are_applied_once_and_told_back():
    audit, tap = visit(), op("answer", question="MW-5", value="no", note="看过")
    url = f"/api/v1/audits/{audit.pk}/ops/"

    first = post(url, {"ops": [op("start"), tap]}).json()
    again = post(url, {"ops": [tap]}).json()
    history = Client().get(url, **with_token("chen")).json()

    assert [each["status"] for each in first["results"] + again["results"]] == ["saved", "saved", "repeated"]
    assert again["state"]["answers"]["MW-5"]["note"] == "看过"
    assert [(each["kind"], each["person"]) for each in history] == [("answer", CHEN.person_name), ("start", CHEN.person_name)]


def test_a_visit_is_handed_in_and_reviewed_by_the_api(tmp_path):
    audit = visit()
    walked(audit, tmp_path)
    url = f"/api/v1/audits/{audit.pk}/"
    pack = Client().get(f"{url}pack/", **with_token("chen")).json()
    state = Client().get(f"{url}state/", **with_token("chen")).json()["state"]

    wrong = post(f"{url}hand-in/", {"sha256": "0" * 64})
    right = post(f"{url}hand-in/", {"sha256": state["on_server"]["sha256"]})
    reviewed = post(f"{url}review-visit/", {})

    assert (pack["sha256"], len(pack["pack"]["checklist"]["questions"])) == (pack["pack"]["sha256"], 5)
    assert (wrong.status_code, wrong.json()["code"]) == (409, "visit_differs")
    assert (right.status_code, right.json()["state"]["state"]) == (200, "submitted")
    assert (reviewed.status_code, reviewed.json()["state"]) == (200, "closed")


def test_who_is_not_on_the_team_finds_no_visit_there():
    audit = visit()

    assert post(f"/api/v1/audits/{audit.pk}/ops/", {"ops": [op("start")]}, who="fang").status_code == 404
    assert post(f"/api/v1/audits/{audit.pk}/ops/", {"ops": [op("start")]}, who="lin").status_code == 403
    assert post(f"/api/v1/audits/{uuid4()}/ops/", {"ops": []}).status_code == 404
    with as_actor(CHEN):
        assert standing(CHEN, audit).audit.state == "notified"
