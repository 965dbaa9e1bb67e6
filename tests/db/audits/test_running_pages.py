"""The addresses that a phone on site asks: the pack, the queue's posts, the state, handing in; and a supplier's corrective action."""

import hashlib
import json
from base64 import b64encode
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from audits.models import CorrectiveAction, Finding
from audits.services.handing_in import hand_in
from audits.services.steps import accept_plan
from foundation.actor import Hat, acting_as, as_actor
from suppliers.models import Site
from tests.cast import actor
from tests.clients import signed_in
from tests.db.audits.stage import agreement_in_force, picture
from tests.visits import NOON, arrived, op, sends, shot, standing, visit, walked

pytestmark = pytest.mark.django_db
CHEN, LIN = actor("chen"), actor("lin")


@pytest.fixture(autouse=True)
def evidence_root(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "evidence"


def envelope(who, *ops):
    return {"person": str(who.person_id), "hat": str(who.hat), "org": str(who.org_id), "sent_at": NOON.isoformat(), "ops": list(ops)}


def post(client, url, body):
    return client.post(url, json.dumps(body), content_type="application/json")


def test_a_pack_holds_the_questions_the_team_and_the_days_and_is_not_sent_twice():
    audit, client = visit(), signed_in("chen")

    ahead = client.get("/audits/packs/").json()
    packed = client.get(ahead["packs"][0]["url"])

    body = packed.json()
    assert (ahead["person"], ahead["hat"], [each["audit"] for each in ahead["packs"]]) == (str(CHEN.person_id), "owner", [str(audit.pk)])
    assert [each["code"] for each in body["checklist"]["questions"]] == ["MW-1", "MW-2", "MW-3", "MW-4", "MW-5"]
    assert (body["due_days"], body["visit"]["lead"], body["last"], body["team"][0]["name"]) == (
        {"critical": 15, "major": 30, "minor": 60}, True, None, CHEN.person_name,
    )  # fmt: skip
    assert packed["ETag"] == f'"{body["sha256"]}"'
    assert client.get(ahead["packs"][0]["url"], headers={"If-None-Match": packed["ETag"]}).status_code == 304


def test_a_gate_is_known_by_its_hash_and_its_token_is_never_in_the_pack():
    audit = visit()
    with as_actor(LIN):
        Site.objects.filter(org_id=LIN.org_id, is_main=True).update(gate_token="gate-of-lin")
    client = signed_in("chen")

    text = client.get(f"/audits/{audit.pk}/pack/").content.decode()
    said = post(client, f"/audits/{audit.pk}/ops/", envelope(CHEN, op("start", gate="gate-of-lin"))).json()

    assert hashlib.sha256(b"gate-of-lin").hexdigest() in text
    assert "gate-of-lin" not in text
    assert (said["results"][0]["status"], said["state"]["opening"]["by_gate"]) == ("saved", True)
    with acting_as(Hat.CLOCK):
        assert Site.objects.get(org_id=LIN.org_id, is_main=True).gate_token == "gate-of-lin"


def test_a_queue_of_another_person_is_refused_whole():
    audit, client = visit(), signed_in("chen")
    body = envelope(CHEN, op("start")) | {"person": str(uuid4())}

    said = post(client, f"/audits/{audit.pk}/ops/", body)

    assert (said.status_code, said.json()["code"]) == (409, "other_person")
    assert standing(CHEN, audit).audit.state == "notified"


def test_whoever_is_not_signed_in_is_told_so_and_not_sent_elsewhere():
    audit = visit()

    for url in ("/audits/packs/", f"/audits/{audit.pk}/pack/", f"/audits/{audit.pk}/state/"):
        assert (Client().get(url).status_code, Client().get(url).json()["code"]) == (401, "sign_in_needed")
    assert post(Client(), f"/audits/{audit.pk}/ops/", {}).status_code == 401


def test_what_cannot_be_read_keeps_nothing():
    audit, client = visit(), signed_in("chen")

    for body in ("{", "[]", json.dumps(envelope(CHEN, op("start")) | {"ops": "all"}), json.dumps(envelope(CHEN, *[op("start")] * 101))):
        said = client.post(f"/audits/{audit.pk}/ops/", body, content_type="application/json")
        assert said.status_code == 422
    assert standing(CHEN, audit).audit.state == "notified"


def test_a_team_member_only_finds_the_visit():
    audit = visit()

    for who in ("fang", "wu", "lin"):
        for url in (f"/audits/{audit.pk}/pack/", f"/audits/{audit.pk}/state/"):
            assert signed_in(who).get(url).status_code in (403, 404)


def test_forty_two_of_forty_two(tmp_path):
    audit, client = visit(), signed_in("chen")
    walked(audit, tmp_path)
    state = client.get(f"/audits/{audit.pk}/state/").json()["on_server"]
    body = {name: value for name, value in envelope(CHEN).items() if name not in ("ops", "sent_at")}

    wrong = post(client, f"/audits/{audit.pk}/hand-in/", body | {"client_id": str(uuid4()), "sha256": "0" * 64})
    right = post(client, f"/audits/{audit.pk}/hand-in/", body | {"client_id": str(uuid4()), "sha256": state["sha256"]})

    assert (state["asked"], state["answered"], state["photos"], state["arrived"], state["complete"]) == (5, 5, 2, 2, True)
    assert (wrong.status_code, wrong.json()["code"], wrong.json()["state"]["state"]) == (409, "visit_differs", "in_progress")
    assert (right.status_code, right.json()["state"], right.json()["on_server"]["sha256"]) == (200, "submitted", state["sha256"])


def raised(tmp_path, agreement=None, now=NOON) -> Finding:
    audit = visit(agreement)
    walked(
        audit,
        tmp_path,
        findings=(op("finding", finding=uuid4(), question="MW-3", grade="minor", requirement="校准有效", observed="过期"),),
        q3="no",
    )
    with as_actor(CHEN):
        hand_in(actor=CHEN, audit_id=audit.pk, sha256=None, now=now)
        return Finding.objects.get(audit=audit)


def test_a_corrective_action_from_a_phone_waits_for_its_photo_and_is_told_once(tmp_path):
    finding, client = raised(tmp_path), signed_in("lin")
    photo = shot(77)
    answer = op("answer_finding", correction="停用", cause="没有提醒", action="建立台账", photo=photo["photo"])
    url = f"/findings/{finding.pk}/ops/"

    early = post(client, url, envelope(LIN, photo, answer)).json()["results"]
    arrived(LIN, photo, 77, tmp_path, now=NOON.replace(hour=15))
    for _again in range(2):
        late = post(client, url, envelope(LIN, photo, answer)).json()

    assert [(each["status"], each.get("code")) for each in early] == [("saved", None), ("refused", "photo_not_here")]
    assert ([each["status"] for each in late["results"]], late["state"]["state"]) == (["saved", "saved"], "answered")
    with as_actor(LIN):
        assert CorrectiveAction.objects.get().client_id == answer["client_id"]
    assert signed_in("wu").get(f"/findings/{finding.pk}/pack/").status_code == 404
    assert client.get(f"/findings/{finding.pk}/pack/").json()["grade"] == "minor"


def test_a_phone_is_told_what_was_found_before_and_which_steps_are_open(tmp_path):
    agreement, client = agreement_in_force(), signed_in("lin")
    first, again = raised(tmp_path, agreement), raised(tmp_path, agreement, NOON + timedelta(days=2))
    at, ahead = f"/findings/{again.pk}/", visit(agreement)
    said = {name: str(value) for name, value in {"cause": "没人记", "action": "建台账", "responsible": "何经", "planned_for": timezone.localdate()}.items()}
    answer, contain, plan = op("answer_finding", correction="停用", cause="没有提醒", action="建立台账"), op("contain", measures="停用"), op("plan", **said)

    taken = client.get(f"{at}pack/").json()
    steps = post(client, f"{at}ops/", envelope(LIN, answer, contain, plan)).json()
    with as_actor(CHEN):
        accept_plan(actor=CHEN, finding_id=again.pk, now=timezone.now())
    later = client.get(f"{at}pack/").json()

    assert (taken["nth"], taken["seen_before"], taken["steps"], taken["plan"]) == (2, ["2026-03-16"], ["contain"], None)
    assert [(one["status"], one.get("code")) for one in steps["results"]] == [("refused", "repeat_needs_a_plan"), ("saved", None), ("saved", None)]
    assert (steps["state"]["steps"], steps["state"]["plan"]["state"]) == ([], "proposed")
    assert (later["steps"], later["plan"]["state"], later["plan"]["action"]) == (["carry_out"], "accepted", "建台账")
    assert client.get(f"/findings/{first.pk}/pack/").json()["steps"] == ["answer_finding", "contain"]
    assert signed_in("chen").get(f"/audits/{ahead.pk}/pack/").json()["seen_before"] == {"MW-3": ["2026-03-16", "2026-03-18"]}


def test_photos_by_tus_join_the_operation_that_named_them(tmp_path):
    audit, client, body = visit(), signed_in("chen"), picture(90)
    photo = shot(90, question="MW-1")
    sends(CHEN, audit, op("start"), photo)
    told = ",".join(
        f"{name} {b64encode(value.encode()).decode()}"
        for name, value in {"filename": "a.jpg", "sha256": photo["sha256"], "client_id": photo["photo"]}.items()
    )

    made = client.post("/evidence/tus/", headers={"Tus-Resumable": "1.0.0", "Upload-Length": str(len(body)), "Upload-Metadata": told})
    sent = client.generic(
        "PATCH", made["Location"].removeprefix("http://testserver"), body, content_type="application/offset+octet-stream",
        headers={"Tus-Resumable": "1.0.0", "Upload-Offset": "0"},
    )  # fmt: skip

    assert (made.status_code, sent.status_code) == (201, 204)
    state = client.get(f"/audits/{audit.pk}/state/").json()
    assert [(each["arrived"], each["url"]) for each in state["photos"]] == [(True, f"/evidence/{sent['Evidence-Id']}/file/")]
