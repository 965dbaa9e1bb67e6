"""The verbs of deciding, arbitrating and telling of changes through the API: the same rules, the same rows."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from inspections.models import Lot
from inspections.services.lots import move_lot
from tests.agreed import in_force
from tests.cast import actor
from tests.clients import with_token
from tests.lots import a_lot

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask():
    now = timezone.now()
    in_force(template="accessories-1", starts=timezone.localdate(now), ends=None, now=now)
    tokens = {who: with_token(who) for who in ("chen", "lin", "wu", "mei")}

    def said(who, method, address, body=None):
        given = {"data": json.dumps(body), "content_type": "application/json"} if body is not None else {}
        answer = getattr(Client(), method)(f"/api/v1/{address}", **given, **tokens[who])
        return answer.status_code, answer.json() if answer.content else None

    return said


@pytest.fixture
def lot():
    now = timezone.now()
    return move_lot(a_lot(made_on=timezone.localdate(now), now=now), Lot.State.INSPECTING, now=now)


def test_a_lot_is_held_conceded_and_released(ask, lot):
    once = str(uuid4())
    hold = {"kind": "hold", "why_code": "colour", "client_id": once}
    status, first = ask("lin", "post", f"lots/{lot.pk}/decisions/", hold)
    assert (status, first["to_state"], first["as_cqo"]) == (201, "held", True)
    assert ask("lin", "post", f"lots/{lot.pk}/decisions/", hold)[1]["id"] == first["id"]
    status, told = ask("chen", "post", f"lots/{lot.pk}/decisions/", {"kind": "release", "why_code": "meets"})
    assert (status, told["code"]) == (422, "held_by_their_officer")
    assert ask("wu", "get", f"lots/{lot.pk}/decisions/")[0] == 404

    status, row = ask("lin", "post", f"lots/{lot.pk}/concessions/", {"quantity": "60", "why": "仅色差，强力合格。"})
    assert (status, row["state"]) == (201, "asked")
    assert ask("lin", "post", f"concessions/{row['id']}/withdraw/")[1]["state"] == "withdrawn"
    row = ask("lin", "post", f"lots/{lot.pk}/concessions/", {"quantity": "60", "why": "仅色差，强力合格。"})[1]
    status, granted = ask("chen", "post", f"concessions/{row['id']}/answer/", {"granted": True, "quantity": "50"})
    assert (status, granted["state"], granted["granted_quantity"]) == (200, "granted", "50.000")
    assert len(ask("chen", "get", f"lots/{lot.pk}/concessions/")[1]["concessions"]) == 2
    stands = ask("lin", "get", f"lots/{lot.pk}/decisions/")[1]
    assert (stands["state"], stands["holds"], stands["steps"]) == ("concession", [], ["hold"])
    assert ask("wu", "get", f"concessions/{row['id']}/")[0] == 404


def test_a_laboratory_decides_and_a_finding_follows(ask, lot):
    ask("chen", "post", f"lots/{lot.pk}/decisions/", {"kind": "hold", "why_code": "look_closer"})
    asked = {"characteristic": "CF-RUB", "why": "双方测得不同。", "laboratory": str(actor("mei").org_id)}
    status, row = ask("lin", "post", f"lots/{lot.pk}/arbitrations/", asked)
    assert (status, row["laboratory"]["en"]) == (201, "Chujing Testing (demo)")
    status, samples = ask("mei", "get", "samples-to-test/")
    assert [each["sample_code"] for each in samples["results"]] == [row["sample_code"]]
    assert not [name for name in ("云杼", "砚棠", "Yunzhu", "Yantang", lot.lot_no) if name in json.dumps(samples, ensure_ascii=False)]
    one = f"samples-to-test/{row['id']}/"
    assert ask("mei", "post", f"{one}take/")[1]["state"] == "accepted"
    assert ask("mei", "post", f"{one}decide/", {"verdict": "fails", "why": "2-3 级，报告 A-17。"})[1]["verdict"] == "fails"
    assert ask("mei", "post", f"{one}decline/", {"why": "晚了一步。"})[1]["code"] == "arbitration_is_over"
    assert ask("chen", "get", f"arbitrations/{row['id']}/")[1]["verdict_reason"] == "2-3 级，报告 A-17。"
    assert ask("mei", "get", f"arbitrations/{row['id']}/")[0] == 403

    finding = {"grade": "major", "requirement": "摩擦色牢度不低于 3-4 级", "observed": "2-3 级，报告 A-17"}
    status, raised = ask("chen", "post", f"lots/{lot.pk}/findings/", finding)
    assert (status, raised["lot"], raised["audit"]) == (201, str(lot.pk), None)
    assert ask("lin", "get", f"findings/{raised['id']}/")[1]["lot"] == str(lot.pk)


def test_a_change_is_told_and_answered(ask):
    day = (timezone.localdate() + timedelta(days=60)).isoformat()
    words = {"kind": "machine", "products": "拉链 5#", "was": "三号机", "becomes": "五号机", "planned_on": day}
    status, row = ask("lin", "post", "changes/", words)
    assert (status, row["state"], row["answers"]) == (201, "draft", [])
    assert ask("lin", "put", f"changes/{row['id']}/", {**words, "kind": "method"})[1]["kind"] == "method"
    sent = ask("lin", "post", f"changes/{row['id']}/send/")[1]
    assert [each["owner"]["en"] for each in sent["answers"]] == ["Yantang Apparel (demo)"]
    told = ask("chen", "get", "told-changes/?state=waiting")[1]["results"][0]
    assert set(told) >= {"kind", "due_on"} and "change" not in told and str(row["id"]) not in json.dumps(told)
    answer = {"answer": "accepted_with_trial", "why": "先打二十条。"}
    assert ask("chen", "post", f"told-changes/{told['id']}/answer/", answer)[1]["state"] == "accepted_with_trial"
    assert ask("lin", "get", f"changes/{row['id']}/")[1]["settled_on"] == timezone.localdate().isoformat()
    assert ask("lin", "post", f"changes/{row['id']}/effective/")[1]["code"] == "change_day_is_to_come"
    assert ask("lin", "post", f"changes/{row['id']}/withdraw/")[1]["state"] == "withdrawn"
    assert [ask(who, "get", f"told-changes/{told['id']}/")[0] for who in ("lin", "wu")] == [200, 404]
