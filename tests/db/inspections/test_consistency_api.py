"""Consistency and joint actions through the API: the same figures and the same walls."""

from datetime import date
from uuid import uuid4

import pytest
from django.test import Client

from tests.agreed import NOW
from tests.cast import link_id
from tests.clients import with_token
from tests.db.inspections.test_consistency_pages import season

pytestmark = pytest.mark.django_db
HERE = "/api/v1/consistency/YRN-CNT/"


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def get(who: str, path: str):
    return Client().get(path, **with_token(who))


def test_the_tree_and_the_suppliers_are_those_of_the_page():
    season("lin", 380)
    season("wu", 400)

    told = get("chen", HERE).json()

    assert [branch["name"] for branch in told["branches"]] == ["supplier", "lot", "within"]
    assert (told["readings"], [firm["lots"] for firm in told["suppliers"]], told["chosen"]["unit"]) == (36, [6, 6], "tex")
    assert get("chen", "/api/v1/consistency/").json()["characteristics"][0]["lots"] == 12
    assert get("fang", HERE).json()["chosen"] is None


def test_a_relation_has_its_five_parts_for_its_two_sides_only():
    season("lin", 380)
    where = f"{HERE}suppliers/{link_id('chen', 'lin')}/"

    answers = {who: get(who, where) for who in ("chen", "lin", "wu", "fang")}

    assert {who: answer.status_code for who, answer in answers.items()} == {"chen": 200, "lin": 200, "wu": 404, "fang": 404}
    assert sorted(part["name"] for part in answers["lin"].json()["parts"]) == ["agreement", "capability", "conformity", "drift", "lot_to_lot"]


def test_a_joint_action_is_opened_answered_and_closed():
    season("lin", 380)
    said = {"links": [str(link_id("chen", "lin"))], "characteristic": "YRN-CNT", "aim": "线密度批间差偏大，请一起查。", "due_on": str(date(2026, 4, 1))}
    owner, supplier = with_token("chen"), with_token("lin")
    opened = Client().post("/api/v1/joint-actions/", said, content_type="application/json", HTTP_IDEMPOTENCY_KEY=str(uuid4()), **owner)
    assert opened.status_code == 201, opened.content
    (row,) = opened.json()["actions"]
    assert (row["facts"]["lots"], row["state"]) == (6, "open")

    where = f"/api/v1/joint-actions/{row['id']}/"
    answered = Client().post(f"{where}answer/", {"answer": "换锭子后偏粗，已校正。"}, content_type="application/json", **supplier)
    closed = Client().post(f"{where}close/", {"outcome": "后续六批回到目标值。"}, content_type="application/json", **owner)

    assert (answered.status_code, closed.status_code, closed.json()["state"]) == (200, 200, "closed")
    assert get("wu", where).status_code == 404
    strange = {**said, "links": [str(link_id("fang", "wu"))]}
    assert Client().post("/api/v1/joint-actions/", strange, content_type="application/json", **owner).status_code == 404
