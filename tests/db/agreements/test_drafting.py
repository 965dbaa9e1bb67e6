"""Draft, change, send, return: what only its owner sees, and what is locked."""

import hashlib
import json
from datetime import timedelta

import pytest

from agreements.models import Agreement, Clause
from agreements.selectors import agreement_for, agreements, clauses_of, current_version
from agreements.services import (
    change_clause,
    draft_agreement,
    return_agreement,
    send_agreement,
    set_days,
)
from foundation.actor import as_actor
from foundation.errors import Absent, NotYours, RuleBroken
from suppliers.models import SupplyLink
from tests.agreed import ENDS, NOW, STARTS, drafted, kinds, seen_by_clock, sent, signed_by, todos
from tests.cast import actor, link_id

pytestmark = pytest.mark.django_db
CHEN, LIN, WU = actor("chen"), actor("lin"), actor("wu")


def test_a_draft_holds_the_templates_clauses_with_their_words():
    agreement = drafted()

    with as_actor(CHEN):
        clauses = clauses_of(CHEN, current_version(CHEN, agreement))
    assert agreement.number == "QCA-2026-0001"
    assert agreement.state == "draft"
    assert [c.order for c in clauses] == list(range(1, 9))
    assert clauses[2].text_en.startswith("Every 3 month(s) the supplier completes a self-check (5 questions")
    assert not any("{" in c.text_zh + c.text_en for c in clauses)


def test_numbers_are_the_owners_own():
    first, second = drafted(), drafted(starts=STARTS + timedelta(days=1))
    foreign = drafted("fang", "wu")

    assert [a.number for a in (first, second, foreign)] == ["QCA-2026-0001", "QCA-2026-0002", "QCA-2026-0001"]


def test_the_same_draft_asked_twice_is_one():
    assert drafted().pk == drafted().pk


def test_an_unsent_draft_is_its_owners_own():
    agreement = drafted()

    with as_actor(LIN):
        assert agreements(LIN) == []
        with pytest.raises(Absent):
            agreement_for(LIN, agreement.pk)
        # the wall below says the same
        assert not Agreement.objects.filter(pk=agreement.pk).exists()
        assert not Clause.objects.filter(version__agreement_id=agreement.pk).exists()
    with as_actor(actor("zhou")):
        assert not Agreement.objects.filter(pk=agreement.pk).exists()


def test_only_a_joined_supplier_gets_an_agreement():
    with as_actor(CHEN):
        SupplyLink.objects.filter(pk=link_id("chen", "lin")).update(state="invited")
        link = SupplyLink.objects.get(pk=link_id("chen", "lin"))
        with pytest.raises(RuleBroken, match="supplier_has_not_joined"):
            draft_agreement(actor=CHEN, link=link, template_code="garment-1", effective_from=STARTS, effective_to=None, now=NOW)
        assert Agreement.objects.count() == 0


@pytest.mark.parametrize(
    ("starts", "ends", "code"),
    [(STARTS - timedelta(days=1), ENDS, "starts_in_the_past"), (STARTS, STARTS, "ends_before_it_starts")],
)
def test_days_that_cannot_be_are_refused(starts, ends, code):
    with pytest.raises(RuleBroken, match=code):
        drafted(starts=starts, ends=ends)

    with as_actor(CHEN):
        assert Agreement.objects.count() == 0


def test_a_supplier_cannot_draft():
    with as_actor(LIN):
        link = SupplyLink.objects.get(pk=link_id("chen", "lin"))
        with pytest.raises(NotYours):
            draft_agreement(actor=LIN, link=link, template_code="garment-1", effective_from=STARTS, effective_to=None, now=NOW)


def test_a_changed_clause_has_new_words():
    agreement = drafted()
    with as_actor(CHEN):
        clause = clauses_of(CHEN, current_version(CHEN, agreement))[2]
        changed = change_clause(actor=CHEN, clause=clause, params={"every_months": 2, "review_days": 3}, now=NOW)

        stored = Clause.objects.get(pk=clause.pk)
    assert changed.params["every_months"] == 2
    assert stored.text_en.startswith("Every 2 month(s)")
    assert "3 个工作日" in stored.text_zh


@pytest.mark.parametrize(
    ("order", "params", "code", "field"),
    [
        (1, {"lower": "6"}, "param_not_a_grade", "lower"),
        (1, {"lower": "4"}, "source_is_of_the_former_limit", "source"),
        (1, {"lower": ""}, "param_missing", "lower"),
        (1, {"method": "GB/T 1"}, "param_is_the_templates", "method"),
        (2, {"upper": "3", "source": "a", "source_zh": "甲"}, "limits_cross", "upper"),
        (3, {"every_months": 0}, "param_not_in_range", "every_months"),
        (3, {"penalty": 1}, "param_unknown", "penalty"),
        (3, {"checklist": "no-such-1"}, "clause_checklist_unknown", "checklist"),
        (3, {"audit": "second_party"}, "param_is_the_templates", "audit"),
    ],
)
def test_a_clause_that_cannot_compute_is_refused_with_its_field(order, params, code, field):
    agreement = drafted()
    with as_actor(CHEN):
        clause = clauses_of(CHEN, current_version(CHEN, agreement))[order - 1]
        before = (clause.params, clause.text_zh, clause.text_en)

        with pytest.raises(RuleBroken, match=code) as refused:
            change_clause(actor=CHEN, clause=clause, params=params, now=NOW)

        stored = Clause.objects.get(pk=clause.pk)
    assert refused.value.field == field
    assert refused.value.facts["clause"] == order
    assert (stored.params, stored.text_zh, stored.text_en) == before


def test_sending_locks_one_text_and_asks_the_supplier():
    agreement = sent()

    with as_actor(LIN):
        version = current_version(LIN, agreement)
    body = json.loads(version.canonical)
    assert agreement.state == "in_review"
    assert version.sha256 == hashlib.sha256(version.canonical.encode()).hexdigest()
    assert body["number"] == agreement.number
    assert len(body["clauses"]) == 8
    assert todos("lin") == ["agreement_to_review"]
    assert kinds(agreement, "lin") == ["agreement_sent"]


def test_sent_twice_is_sent_once():
    agreement = sent()
    with as_actor(CHEN):
        send_agreement(actor=CHEN, agreement=agreement, now=NOW)

    assert kinds(agreement) == ["agreement_sent"]


def test_a_sent_text_is_not_changed_by_its_owner():
    agreement = sent()
    with as_actor(CHEN):
        clause = clauses_of(CHEN, current_version(CHEN, agreement))[2]
        with pytest.raises(RuleBroken, match="agreement_is_no_draft"):
            change_clause(actor=CHEN, clause=clause, params={"every_months": 1}, now=NOW)
        with pytest.raises(RuleBroken, match="agreement_is_no_draft"):
            set_days(actor=CHEN, agreement=agreement, effective_from=STARTS, effective_to=None, now=NOW)
        assert Clause.objects.get(pk=clause.pk).params["every_months"] == 3


def test_a_returned_text_is_kept_and_a_new_draft_is_the_owners():
    agreement = sent()
    with as_actor(LIN):
        first = current_version(LIN, agreement)
        return_agreement(actor=LIN, agreement=agreement, reason="自查每半年一次即可", now=NOW + timedelta(hours=1))
        still = current_version(LIN, agreement)
    with as_actor(CHEN):
        draft = current_version(CHEN, agreement)

    assert seen_by_clock(agreement).state == "draft"
    assert (still.pk, still.sha256) == (first.pk, first.sha256)
    assert (draft.number, draft.locked_at) == (2, None)
    assert kinds(agreement) == ["agreement_returned", "agreement_sent"]
    assert (todos("lin"), todos("chen")) == ([], ["agreement_returned"])


def test_a_return_needs_a_reason():
    agreement = sent()
    with as_actor(LIN), pytest.raises(RuleBroken, match="return_needs_a_reason"):
        return_agreement(actor=LIN, agreement=agreement, reason=" no ", now=NOW)

    assert seen_by_clock(agreement).state == "in_review"


def test_a_second_version_can_be_sent_and_signed():
    agreement = sent()
    with as_actor(LIN):
        return_agreement(actor=LIN, agreement=agreement, reason="自查每半年一次即可", now=NOW)
    with as_actor(CHEN):
        clause = clauses_of(CHEN, current_version(CHEN, agreement))[2]
        change_clause(actor=CHEN, clause=clause, params={"every_months": 6}, now=NOW)
        send_agreement(actor=CHEN, agreement=agreement, now=NOW)
    signed_by("lin", agreement)
    signed_by("chen", agreement)

    with as_actor(LIN):
        version = current_version(LIN, agreement, on=STARTS)
        assert (version.number, version.in_force) == (2, True)
        assert clauses_of(LIN, version)[2].params["every_months"] == 6
