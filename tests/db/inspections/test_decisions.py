"""Decisions about lots: who may, in which order, twice, two at once, and what the database refuses to everybody."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from agreements.models import Obligation
from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import NotYours, RuleBroken
from inspections.models import Concession, Hold, Lot, LotDecision
from inspections.services.concessions import AnswerSaid, answer_concession, ask_concession, lapse_concession, withdraw_concession
from inspections.services.decisions import DecisionSaid, decide_lot
from inspections.services.lots import move_lot
from records.models import RecordEntry
from tests.agreed import NOW, in_force, todos
from tests.cast import actor
from tests.lots import a_lot

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=3)
WHY = {"release": "meets", "hold": "out_of_limits", "lift": "cleared_up", "not_accept": "out_of_limits", "rework": "sort_out", "regrade": "looks", "scrap": "not_worth_it"}


def inspected(**words):
    """A lot under inspection."""
    lot = a_lot(**words)
    return move_lot(lot, Lot.State.INSPECTING, now=NOW)


def only(who, *roles):
    """One of the cast with these roles only."""
    return replace(actor(who), roles=frozenset(roles))


def take(who, lot, kind, *, roles=None, now=LATER, client_id=None, **said):
    one = only(who, *roles) if roles else actor(who)
    with as_actor(one):
        words = DecisionSaid(kind, **{"why_code": WHY.get(kind, ""), **said})
        return decide_lot(actor=one, lot=lot, said=words, client_id=client_id or uuid4(), now=now)


def state(lot):
    with acting_as(Hat.CLOCK):
        return Lot.objects.get(pk=lot.pk).state


def refused(code, *args, **words):
    lot, before = args[1], state(args[1])
    with acting_as(Hat.CLOCK):
        rows = LotDecision.objects.filter(lot=lot).count(), Hold.objects.filter(lot=lot, ended_at=None).count()
    with pytest.raises(RuleBroken) as broken:
        take(*args, **words)
    assert broken.value.code == code
    assert state(lot) == before
    with acting_as(Hat.CLOCK):
        assert (LotDecision.objects.filter(lot=lot).count(), Hold.objects.filter(lot=lot, ended_at=None).count()) == rows


def test_the_owner_releases_and_the_supplier_reads_it_at_once():
    lot = inspected()
    refused("decision_is_the_customers", "lin", lot, "release")
    once = uuid4()
    first, again = take("chen", lot, "release", client_id=once), take("chen", lot, "release", client_id=once)

    assert (first.pk, state(lot)) == (again.pk, "released")
    with as_actor(actor("lin")):
        assert RecordEntry.objects.visible_to(actor("lin")).filter(kind="lot_released", subject_id=lot.pk).count() == 1


def test_a_supplier_decides_on_its_own_lot_and_a_registered_one_is_not_released():
    own = a_lot(owner=None)
    refused("lot_has_moved_on", "lin", own, "release")
    move_lot(own, Lot.State.INSPECTING, now=NOW)
    take("lin", own, "release")
    assert state(own) == "released"


def test_an_officers_hold_beats_everyone():
    lot = inspected()
    take("lin", lot, "hold", roles=("cqo",))
    refused("held_already", "lin", lot, "hold", roles=("quality",))
    refused("held_by_officer", "lin", lot, "lift", roles=("quality",))
    refused("held_by_their_officer", "chen", lot, "release")
    refused("held_by_their_officer", "chen", lot, "lift")
    refused("held_by_officer", "lin", lot, "scrap", roles=("quality",))
    take("lin", lot, "lift", roles=("cqo",), now=LATER + timedelta(minutes=1))
    assert state(lot) == "inspecting"


def test_quality_ends_its_own_hold_and_only_an_officer_releases_from_it():
    lot = inspected()
    take("chen", lot, "hold", roles=("quality",))
    refused("held_by_the_other_side", "lin", lot, "lift")
    refused("release_is_the_officers", "chen", lot, "release", roles=("quality",))
    take("chen", lot, "release", roles=("cqo",), now=LATER + timedelta(minutes=1))
    assert state(lot) == "released"
    with acting_as(Hat.CLOCK):
        assert [hold.ended_as for hold in Hold.objects.filter(lot=lot)] == ["cqo"]


def test_a_lot_that_both_hold_is_free_when_both_have_ended_it():
    lot = inspected()
    take("chen", lot, "hold", roles=("quality",))
    take("lin", lot, "hold", roles=("quality",), now=LATER + timedelta(minutes=1))
    take("chen", lot, "lift", roles=("quality",), now=LATER + timedelta(minutes=2))
    assert state(lot) == "held"
    take("lin", lot, "lift", roles=("quality",), now=LATER + timedelta(minutes=3))
    assert state(lot) == "inspecting"


def test_who_decides_second_finds_that_the_lot_has_moved_on():
    lot = inspected()
    take("chen", lot, "not_accept")
    refused("lot_has_moved_on", "chen", lot, "release")
    assert "lot_finding_to_raise" in todos("chen") and "lot_not_accepted" in todos("lin")
    take("lin", lot, "rework", now=LATER + timedelta(minutes=1))
    assert state(lot) == "inspecting"
    assert "lot_not_accepted" not in todos("lin")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"why_code": "nonsense"}, "decision_needs_a_reason"),
        ({"why_code": "other", "why": "短"}, "decision_needs_a_reason"),
        ({"quantity": Decimal(1201)}, "scrap_out_of_range"),
        ({"quantity": Decimal(0)}, "scrap_out_of_range"),
    ],
)
def test_a_decision_that_cannot_be_is_refused(said, code):
    lot = inspected()
    take("chen", lot, "hold", roles=("quality",))
    refused(code, "chen", lot, "scrap", **said)
    refused("grade_needed", "chen", lot, "regrade")


def test_parts_are_scrapped_until_nothing_is_left():
    lot = inspected()
    take("chen", lot, "not_accept")
    take("lin", lot, "scrap", quantity=Decimal(700), now=LATER + timedelta(minutes=1))
    assert state(lot) == "not_accepted"
    refused("scrap_out_of_range", "lin", lot, "scrap", quantity=Decimal(501))
    take("lin", lot, "scrap", now=LATER + timedelta(minutes=2))
    assert state(lot) == "scrapped"


def test_roles_hats_and_other_firms():
    lot = inspected()
    for who, roles in (("lin", ("staff",)), ("chen", ("viewer",))):
        with pytest.raises(NotYours):
            take(who, lot, "hold", roles=roles)
    for who in ("wu", "fang"):
        with pytest.raises(Exception, match="^$"):
            take(who, lot, "hold")
    assert state(lot) == "inspecting"
    take("lin", lot, "hold")
    for who, seen in (("lin", 1), ("chen", 1), ("wu", 0), ("fang", 0), ("mei", 0), ("zhou", 0)):
        with as_actor(actor(who)):
            assert (LotDecision.objects.visible_to(actor(who)).count(), Hold.objects.visible_to(actor(who)).count()) == (seen, seen)


def test_no_hat_jumps_a_state_and_no_decision_is_changed():
    lot = inspected()
    decision = take("lin", lot, "hold")
    for wanted in ("released", "scrapped", "concession", "registered", "inspecting"):
        with pytest.raises(DatabaseError), acting_as(Hat.CLOCK), transaction.atomic():
            Lot.objects.filter(pk=lot.pk).update(state=wanted, state_since=LATER)
    with pytest.raises(DatabaseError), acting_as(Hat.CLOCK), transaction.atomic():
        Hold.objects.filter(lot=lot).update(ended_as="quality", ended_at=LATER)
    with pytest.raises(DatabaseError), as_actor(actor("lin")), transaction.atomic():
        LotDecision.objects.filter(pk=decision.pk).update(why="改写")
    assert state(lot) == "held"


def asked(lot, quantity="60", client_id=None, who=None):
    one = who or actor("lin")
    with as_actor(one):
        return ask_concession(actor=one, lot=lot, quantity=Decimal(quantity), why="色差略大，客户可接受裁片。", client_id=client_id or uuid4(), now=LATER)


def test_a_concession_follows_the_rule_of_the_lots_day():
    in_force(template="accessories-1")
    lot = inspected()
    with pytest.raises(RuleBroken) as broken:
        asked(lot, "121")
    assert (broken.value.code, state(lot)) == ("concession_above_the_rule", "inspecting")
    once = uuid4()
    row, again = asked(lot, client_id=once), asked(lot, client_id=once)
    assert (row.pk, state(lot)) == (again.pk, "held")
    with as_actor(actor("chen")):
        duty = Obligation.objects.visible_to(actor("chen")).get(kind="concession_answer")
    assert duty.due_on == row.due_on == date(2026, 3, 5)

    quality = only("chen", "quality")
    with as_actor(quality), pytest.raises(RuleBroken) as broken:
        answer_concession(actor=quality, concession=row, said=AnswerSaid(True), now=LATER)
    assert broken.value.code == "concession_is_the_granters"
    one = actor("chen")
    with as_actor(one):
        for said, code in ((AnswerSaid(True, quantity=Decimal(61)), "concession_quantity"), (AnswerSaid(True, until=date(2026, 4, 2)), "concession_day")):
            with pytest.raises(RuleBroken) as broken:
                answer_concession(actor=one, concession=row, said=said, now=LATER)
            assert broken.value.code == code
        granted = answer_concession(actor=one, concession=row, said=AnswerSaid(True, quantity=Decimal(50)), now=LATER + timedelta(minutes=5))
        assert (granted.granted_quantity, granted.until) == (Decimal(50), date(2026, 4, 1))
        with pytest.raises(RuleBroken) as broken:
            answer_concession(actor=one, concession=row, said=AnswerSaid(False, why="改了主意。"), now=LATER)
        assert broken.value.code == "concession_answered_already"
        duty.refresh_from_db()
    assert (state(lot), duty.met_on) == ("concession", NOW.date())
    assert not lapse_concession(concession=granted, now=NOW + timedelta(days=30))
    assert lapse_concession(concession=granted, now=NOW + timedelta(days=31))
    assert not lapse_concession(concession=granted, now=NOW + timedelta(days=31))
    assert state(lot) == "not_accepted"


def test_a_concession_taken_back_or_refused_leaves_the_lot_on_hold():
    in_force(template="accessories-1")
    lot = inspected()
    row = asked(lot)
    with as_actor(actor("lin")):
        assert withdraw_concession(actor=actor("lin"), concession=row, now=LATER).state == "withdrawn"
    row = asked(lot)
    with as_actor(actor("chen")):
        assert answer_concession(actor=actor("chen"), concession=row, said=AnswerSaid(False, why="此色不能让步。"), now=LATER).state == "refused"
    assert state(lot) == "held"
    with as_actor(actor("wu")):
        assert not Concession.objects.visible_to(actor("wu")).exists()


def test_without_a_clause_there_is_no_concession():
    in_force()
    lot = inspected()
    with pytest.raises(RuleBroken) as broken:
        asked(lot)
    assert (broken.value.code, state(lot)) == ("no_concession_rule", "inspecting")
