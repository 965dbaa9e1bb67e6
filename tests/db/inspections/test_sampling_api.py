"""The verbs of inspection by attributes through the API: the same rules, the same rows."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from tests.agreed import NOW, in_force
from tests.clients import with_token
from tests.sampled import inspected, pieces, series_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask():
    in_force(template="garment-2", ends=None)
    tokens = {who: with_token(who) for who in ("chen", "lin", "wu")}

    def said(who, method, address, body=None):
        given = {"data": json.dumps(body), "content_type": "application/json"} if body is not None else {}
        answer = getattr(Client(), method)(f"/api/v1/{address}", **given, **tokens[who])
        return answer.status_code, answer.json() if answer.content else None

    return said


def test_a_plan_is_asked_an_inspection_filed_once_and_its_series_read(ask):
    lot = pieces("YZ-001")
    status, plan = ask("lin", "get", f"lots/{lot.pk}/sampling-plan/")
    assert (status, plan["pieces"], plan["seen"]) == (200, 80, "1200;critical:normal:80:0;major:normal:80:5;minor:normal:80:7")
    assert plan["sentences"][1].startswith("major: ")
    body = {
        "counts": {"critical": 0, "major": 6, "minor": 1},
        "seen": plan["seen"],
        "client_id": str(uuid4()),
        "reasons": [{"klass": "major", "words": "断线", "n": 4}],
    }
    status, filed = ask("lin", "post", f"lots/{lot.pk}/inspections/", body)
    again = ask("lin", "post", f"lots/{lot.pk}/inspections/", body)
    assert (status, filed["decision"], again[1]["id"]) == (201, "not_accepted", filed["id"])
    assert {(row["klass"], row["words"], row["n"]) for row in filed["reasons"]} == {
        ("major", "断线", 4),
        ("major", "", 2),
        ("minor", "", 1),
    }
    status, page = ask("chen", "get", "sampling/")
    assert (status, sorted(row["klass"] for row in page["results"])) == (200, ["major", "minor"])
    series = next(row for row in page["results"] if row["klass"] == "major")
    status, one = ask("chen", "get", f"sampling/{series['id']}/")
    assert (status, [step["kind"] for step in one["steps"]], one["steps"][1]["found"]) == (200, ["terms", "lot"], 6)
    assert [row["id"] for row in ask("chen", "get", f"lots/{lot.pk}/inspections/")[1]] == [filed["id"]]
    corrected = ask(
        "lin",
        "post",
        f"inspections/{filed['id']}/corrections/",
        {"counts": {"critical": 0, "major": 2, "minor": 1}, "reason": "四件是别的批"},
    )
    assert (corrected[0], corrected[1]["decision"], corrected[1]["corrects"]) == (201, "accepted", filed["id"])


def test_refusals_name_the_field_and_strangers_find_nothing(ask):
    lot = pieces("YZ-001")
    status, problem = ask("lin", "post", f"lots/{lot.pk}/inspections/", {"counts": {"critical": 0, "major": 81, "minor": 0}})
    assert (status, problem["errors"][0]["pointer"], problem["code"]) == (422, "/counts/major", "found_more_than_taken")
    assert ask("wu", "post", f"lots/{lot.pk}/inspections/", {"counts": {"critical": 0, "major": 0, "minor": 0}})[0] == 404
    assert ask("lin", "get", f"lots/{lot.pk}/sampling-plan/?stage=incoming")[1]["code"] == "no_plan_for_stage"
    row = inspected(lot)
    assert [ask("wu", "get", f"{address}/")[0] for address in (f"inspections/{row.pk}", f"sampling/{series_of().pk}")] == [404, 404]


def test_the_chain_owner_resumes_and_allows_and_the_supplier_may_not(ask):
    for number in range(7):
        inspected(pieces(f"YZ-{number:03}"), major=9, now=NOW + timedelta(minutes=number))
    address = f"sampling/{series_of().pk}"
    assert ask("lin", "post", f"{address}/resume/", {"reason": "已整改完毕"})[0] == 403
    status, row = ask("chen", "post", f"{address}/resume/", {"reason": "换了织针，复验三批"})
    assert (status, row["severity"]) == (200, "tightened")
    assert ask("chen", "post", f"{address}/resume/", {"reason": "换了织针，复验三批"})[0] == 200
    assert ask("chen", "post", f"{address}/reduced/", {"allowed": True, "reason": "一年来稳定"})[0] == 200
    assert ask("chen", "get", f"{address}/")[1]["reduced_allowed"] is True
