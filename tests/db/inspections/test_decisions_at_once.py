"""Two deciders at once, two customers at once: committed for real, in a database of their own."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

from django.db import transaction

from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import RuleBroken
from inspections.models import ChangeNotice, ChangeReply, Lot, LotDecision
from inspections.services.change_notices import ChangeSaid, answer_change, draft_change, send_change
from inspections.services.concessions import AnswerSaid, answer_concession, ask_concession
from inspections.services.decisions import DecisionSaid, decide_lot
from inspections.services.descent import Part, split_lot
from inspections.services.lots import move_lot
from tests.agreed import NOW, in_force
from tests.cast import actor
from tests.db.agreements.test_at_once import together
from tests.lots import a_lot


def took(who, lot, kind, why_code, client_id=None):
    one = actor(who)
    with transaction.atomic(), as_actor(one):
        said = DecisionSaid(kind, why_code=why_code)
        return decide_lot(actor=one, lot=lot, said=said, client_id=client_id or uuid4(), now=NOW)


def answered(row, granted):
    one = actor("chen")
    with transaction.atomic(), as_actor(one):
        return answer_concession(actor=one, concession=row, said=AnswerSaid(granted, why="外观可以接受，见样。"), now=NOW)


def replied(reply, who, answer):
    with transaction.atomic(), as_actor(actor(who)):
        return answer_change(actor=actor(who), reply=reply, answer=answer, why="先做试样再说。", now=NOW)


def test_of_two_who_decide_at_once_one_decides(fresh_database):
    with transaction.atomic():
        in_force(template="accessories-1")
        lots = [move_lot(a_lot(f"LL-{number}"), Lot.State.INSPECTING, now=NOW) for number in range(3)]
    key = uuid4()
    results = together(
        lambda: took("chen", lots[0], "release", "meets"),
        lambda: took("chen", lots[0], "not_accept", "colour"),
        lambda: took("lin", lots[1], "hold", "colour", key),
        lambda: took("lin", lots[1], "hold", "colour", key),  # the same form, sent twice
    )
    assert sorted(type(row).__name__ for row in results[:2]) == ["LotDecision", "RuleBroken"], results
    assert results[2].pk == results[3].pk
    with acting_as(Hat.CLOCK):
        assert LotDecision.objects.count() == 2

    with transaction.atomic(), as_actor(actor("lin")):
        row = ask_concession(actor=actor("lin"), lot=lots[2], quantity=Decimal(50), why="仅外观略花，强力合格。", client_id=uuid4(), now=NOW)
    both = together(lambda: answered(row, True), lambda: answered(row, False))
    assert [each.code for each in both if isinstance(each, RuleBroken)] == ["concession_answered_already"], both


def parted(lot, number, quantity=Decimal(1)):
    said = [Part(f"{number}-{each}", quantity) for each in range(3)]
    with transaction.atomic(), as_actor(actor("lin")):
        return split_lot(actor=actor("lin"), lot=lot, parts=said, client_id=uuid4(), now=NOW)


def test_no_part_is_born_behind_a_hold(fresh_database):
    with transaction.atomic():
        lots = [a_lot(f"LL-{number}") for number in range(4)]
    parts = [parted(lot, lot.lot_no, Decimal(10))[0] for lot in lots]
    steps = [(lambda lot=lot: took("lin", lot, "hold", "colour")) for lot in lots]
    results = together(*steps, *((lambda part=part: parted(part, part.lot_no)) for part in parts))

    wrong = [each for each in results if isinstance(each, Exception) and getattr(each, "code", "") != "lot_is_not_free"]
    assert wrong == []
    with acting_as(Hat.CLOCK):
        assert set(Lot.objects.values_list("state", flat=True)) == {"held"}
        assert Lot.objects.count() == 16 + 3 * sum(isinstance(each, list) for each in results)


def test_two_customers_who_answer_at_once_settle_a_change_once(fresh_database):
    with transaction.atomic():
        in_force("chen", "wu")
        in_force("fang", "wu")
        with as_actor(actor("wu")):
            said = ChangeSaid("machine", "针织面料", "8 号圆机", "12 号圆机", date(2026, 3, 20))
            row = draft_change(actor=actor("wu"), said=said, client_id=uuid4(), now=NOW)
            send_change(actor=actor("wu"), change=row, now=NOW)
    with acting_as(Hat.CLOCK):
        replies = {each.owner_org_id: each for each in ChangeReply.objects.all()}
    mine, theirs = replies[actor("chen").org_id], replies[actor("fang").org_id]
    results = together(
        lambda: replied(mine, "chen", "accepted"),
        lambda: replied(theirs, "fang", "refused"),
        lambda: replied(theirs, "fang", "accepted"),
    )
    assert [each.code for each in results if isinstance(each, RuleBroken)] == ["change_answered_already"], results
    with acting_as(Hat.CLOCK):
        assert ChangeNotice.objects.get().settled_on == NOW.date()
