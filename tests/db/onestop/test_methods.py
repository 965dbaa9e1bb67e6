"""The method of the scores: drafted and tried by one person, approved by another; what was computed stays as it was."""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from foundation.actor import CLOCK, Hat, acting_as, as_actor
from foundation.errors import Absent, NotYours, RuleBroken
from onestop.scoring import FIRST_BODY
from onestop.selectors.scores import method_for, method_in_force, methods
from onestop.services import methods as verbs
from onestop.services.scoring import score_firms
from records.models import AccessEvent, Score, ScoreMethod
from tests.cast import actor
from tests.clients import signed_in, with_token
from tests.world_portraits import FULL, said_of, scored

pytestmark = pytest.mark.django_db
PAN, LIN = actor("pan"), actor("lin")
SECOND = replace(PAN, person_id=uuid4(), person_name="陶第二")


@pytest.fixture
def now():
    return timezone.now()


def drafted(now, **changes):
    said = said_of(**(changes or {"weight_correcting": 25, "weight_compliance": 10}))
    with as_actor(PAN):
        return verbs.draft_method(actor=PAN, said=said, why="整改说得更多", client_id=uuid4().hex, now=now)


def done(verb, row, now, who=PAN):
    with as_actor(who):
        return verb(actor=who, method_id=row.pk, now=now)


def test_the_product_comes_with_one_method_in_force_and_it_is_the_first_body():
    with as_actor(LIN):
        rows = methods(LIN)
    assert [(row.number, row.state, row.body) for row in rows] == [(1, "in_force", FIRST_BODY)]


def test_a_dry_run_says_who_moves_and_why_and_writes_no_score(now, monkeypatch):
    monkeypatch.setattr(verbs, "facts_of", lambda today: {LIN.org_id: FULL})

    trial = done(verbs.try_method, drafted(now), now)

    assert (trial.summary["firms"], trial.summary["moved"], trial.summary["change_band"]) == (1, 1, 1)
    assert (trial.summary["bands"]["A"], trial.summary["bands"]["B"], trial.summary["parts"]) == ([1, 0], [0, 1], {"correcting": 1})
    assert trial.movers == [
        {
            "org": str(LIN.org_id),
            "before": 8_669,
            "after": 8_319,
            "band_before": "A",
            "band_after": "B",
            "change": -350,
            "part": "correcting",
        }
    ]
    with acting_as(Hat.CLOCK):
        assert Score.objects.count() == 0


def test_a_firm_that_the_dry_run_names_sees_who_looked(now, monkeypatch):
    monkeypatch.setattr(verbs, "facts_of", lambda today: {LIN.org_id: FULL})
    row = drafted(now)
    done(verbs.try_method, row, now)

    page = signed_in("pan").get(f"/platform/scores/{row.pk}/").content.decode()

    assert ("云杼纺织" in page, "整改" in page) == (True, True)
    with as_actor(LIN):
        seen = AccessEvent.objects.visible_to(LIN).get()
    assert (seen.what, seen.person_name, seen.subject_id) == ("score", PAN.person_name, row.pk)


def test_one_person_proposes_and_another_approves(now):
    row = drafted(now)
    with pytest.raises(RuleBroken, match="score_method_not_tried"):
        done(verbs.propose_method, row, now)
    done(verbs.try_method, row, now)
    done(verbs.propose_method, row, now)
    with pytest.raises(RuleBroken, match="score_method_needs_a_second_person"):
        done(verbs.approve_method, row, now)
    with as_actor(PAN):
        assert method_in_force(PAN).number == 1

    done(verbs.approve_method, row, now, SECOND)
    done(verbs.approve_method, row, now, SECOND)

    with as_actor(PAN):
        assert [(each.number, each.state) for each in methods(PAN)] == [(2, "in_force"), (1, "retired")]


def test_a_new_method_makes_new_scores_and_leaves_the_former(now):
    old = scored("lin", now=now)
    row = drafted(now)
    for verb, who in ((verbs.try_method, PAN), (verbs.propose_method, PAN), (verbs.approve_method, SECOND)):
        done(verb, row, now, who)

    assert score_firms(now=now, org_ids=[LIN.org_id]) == 1

    with acting_as(Hat.CLOCK):
        rows = list(Score.objects.filter(subject_org_id=LIN.org_id).order_by("number"))
        assert method_in_force(CLOCK).pk == row.pk
    assert [each.method_id for each in rows] == [old.method_id, row.pk]
    assert (rows[0].value_hundredths, rows[0].inputs) == (old.value_hundredths, old.inputs)


def test_what_was_tried_against_a_former_method_is_tried_again(now):
    first, second = drafted(now), drafted(now, weight_audits=20, weight_compliance=20)
    for row in (first, second):
        done(verbs.try_method, row, now)
        done(verbs.propose_method, row, now)
    done(verbs.approve_method, first, now, SECOND)

    with pytest.raises(RuleBroken, match="score_method_base_moved"):
        done(verbs.approve_method, second, now, SECOND)
    with as_actor(PAN):
        assert method_in_force(PAN).pk == first.pk


def test_what_was_proposed_is_not_changed_and_what_is_over_stays_over(now):
    row = drafted(now)
    done(verbs.try_method, row, now)
    done(verbs.propose_method, row, now)

    with pytest.raises(DatabaseError, match="not changed"), transaction.atomic(), as_actor(PAN):
        ScoreMethod.objects.filter(pk=row.pk).update(body={})
    done(verbs.withdraw_method, row, now)
    with pytest.raises(RuleBroken, match="score_method_is_over"):
        done(verbs.approve_method, row, now, SECOND)
    with pytest.raises(DatabaseError, match="does not go"), transaction.atomic(), as_actor(PAN):
        ScoreMethod.objects.filter(pk=row.pk).update(state="in_force")


def test_a_firm_reads_what_is_in_force_and_no_draft(now):
    row = drafted(now)

    with pytest.raises(Absent), as_actor(LIN):
        method_for(LIN, row.pk)
    with pytest.raises(NotYours), as_actor(LIN):
        verbs.draft_method(actor=LIN, said=said_of(weight_audits=20, weight_compliance=20), why="x", client_id="y", now=now)
    assert signed_in("lin").get("/platform/scores/").status_code == 403
    with as_actor(PAN):
        assert ScoreMethod.objects.count() == 2


def test_the_platforms_pages_lead_from_a_draft_to_its_approval(now):
    client = signed_in("pan")
    wrong = client.post("/platform/scores/new/", {**said_of(weight_audits=20), "why": "x", "client_id": "p1"})
    assert client.get("/platform/scores/").status_code == 200
    assert (wrong.status_code, "105" in wrong.content.decode()) == (422, True)

    made = client.post("/platform/scores/new/", {**said_of(weight_audits=20, weight_compliance=20), "why": "x", "client_id": "p1"})

    with as_actor(PAN):
        row = methods(PAN)[0]
    at = f"/platform/scores/{row.pk}/"
    assert made["Location"] == at
    assert client.post(f"{at}propose/").status_code == 302
    assert client.post(f"{at}approve/").status_code == 422
    page = client.get(at).content.decode()
    assert "<del" in page
    assert client.get(f"{at}movers.csv").status_code == 200
    said = Client().get(f"/api/v1/platform/scores/{row.pk}/", **with_token("pan")).json()
    assert (said["state"], said["number"], said["trial"]["moved"]) == ("proposed", 2, 0)
