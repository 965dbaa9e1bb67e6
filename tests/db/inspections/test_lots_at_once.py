"""Two people at one lot in the same moment: committed for real, in a database of their own."""

from decimal import Decimal
from uuid import uuid4

from django.db import transaction

from foundation.actor import as_actor
from foundation.errors import RuleBroken
from inspections.models import Lot
from inspections.selectors.descent import left_of
from inspections.services.descent import Part, merge_lots, split_lot
from inspections.services.lots import LotSaid, register_lot
from suppliers.models import SupplyLink
from tests.agreed import NOW
from tests.cast import actor, link_id
from tests.db.agreements.test_at_once import together
from tests.lots import a_lot


def split(lot: Lot, number: str, quantity: str, key=None):
    with as_actor(actor("lin")):
        return split_lot(actor=actor("lin"), lot=lot, parts=[Part(number, Decimal(quantity))], client_id=key or uuid4(), now=NOW)


def merge(*lots: Lot):
    with as_actor(actor("lin")):
        return merge_lots(actor=actor("lin"), lots=lots, lot_no=f"M-{uuid4().hex[:6]}", client_id=uuid4(), now=NOW)


def register(key):
    said = LotSaid("R-1", "纱", NOW.date(), Decimal("1"), "kg")
    with as_actor(actor("lin")):
        link = SupplyLink.objects.get(pk=link_id("chen", "lin"))
        return register_lot(actor=actor("lin"), said=said, client_id=key, now=NOW, link=link)


def outcomes(tries) -> list[str]:
    return sorted(each.code if isinstance(each, RuleBroken) else "done" for each in tries)


def test_no_lot_gives_more_than_it_has_however_many_take_from_it_at_once(fresh_database):
    with transaction.atomic():
        one, two = a_lot("A", quantity="1000"), a_lot("B", quantity="1000")
    key = uuid4()

    too_much = together(lambda: split(one, "A-1", "700"), lambda: split(one, "A-2", "700"))
    twice = together(lambda: split(two, "B-1", "100", key), lambda: split(two, "B-1", "100", key))
    crossed = together(lambda: merge(one, two), lambda: merge(two, one))
    same = uuid4()
    registered = together(lambda: register(same), lambda: register(same))

    assert outcomes(too_much) == ["done", "more_than_is_left"]
    assert {made[0].pk for made in twice} == {twice[0][0].pk}
    assert outcomes(crossed) == ["done", "nothing_is_left"]
    assert len({lot.pk for lot in registered}) == 1
    with transaction.atomic(), as_actor(actor("lin")):
        assert (left_of(one), left_of(two)) == (0, 0)
        assert Lot.objects.visible_to(actor("lin")).count() == 6  # two, a part of each, one put together, one registered
