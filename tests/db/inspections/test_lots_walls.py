"""Lots and results behind their walls, before any page stands."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, transaction

from foundation.actor import as_actor
from foundation.errors import RuleBroken
from inspections.models import CharacteristicResult, Lot
from tests.agreed import NOW
from tests.cast import actor
from tests.lots import a_lot

pytestmark = pytest.mark.django_db


def result_of(lot: Lot, who: str, **words) -> CharacteristicResult:
    row = {
        "lot": lot, "owner_org_id": lot.owner_org_id, "supplier_org_id": lot.supplier_org_id, "org_id": actor(who).org_id,
        "product_code": lot.product_code, "made_on": lot.made_on, "characteristic_code": "PH", "readings": [66, 67], "decimals": 1,
        "measured_at": NOW, "received_at": NOW, "origin": "self", "entered_via": "web", "verdict": "in", "said_key": uuid4(), "said": uuid4(),
    }  # fmt: skip
    with as_actor(actor(who)), transaction.atomic():
        return CharacteristicResult.objects.create(**(row | words))


def test_a_lot_of_a_relation_is_seen_by_its_two_sides_and_by_nobody_else():
    lot = a_lot()
    seen = {}
    for who in ("chen", "lin", "fang", "wu"):
        with as_actor(actor(who)):
            seen[who] = Lot.objects.visible_to(actor(who)).filter(pk=lot.pk).exists()
    assert seen == {"chen": True, "lin": True, "fang": False, "wu": False}


def test_a_lot_of_no_relation_is_its_makers_alone():
    lot = a_lot(owner=None)
    with as_actor(actor("chen")):
        assert not Lot.objects.filter(pk=lot.pk).exists()
    with as_actor(actor("lin")):
        assert Lot.objects.get(pk=lot.pk).stream_id is None


def test_a_number_is_taken_once_for_a_product_and_a_customer():
    a_lot("YZ-1")
    with pytest.raises(RuleBroken) as refused:
        a_lot("YZ-1")
    assert refused.value.code == "lot_number_taken"
    assert a_lot("YZ-1", product_code="OTHER").lot_no == "YZ-1"


def test_a_result_must_have_the_sides_and_the_day_of_its_lot():
    lot = a_lot()
    with pytest.raises(IntegrityError):
        result_of(lot, "lin", made_on=date(2026, 3, 1))
    with pytest.raises(ProgrammingError):  # nobody files under another firm's name
        result_of(lot, "lin", org_id=actor("chen").org_id)
    with as_actor(actor("lin")):
        assert not CharacteristicResult.objects.filter(lot=lot).exists()


def test_a_result_is_never_changed():
    row = result_of(a_lot(), "lin")
    with pytest.raises((InternalError, IntegrityError, ProgrammingError)), as_actor(actor("lin")), transaction.atomic():
        CharacteristicResult.objects.filter(pk=row.pk).update(readings=[1])
    with as_actor(actor("chen")):
        assert CharacteristicResult.objects.visible_to(actor("chen")).get(pk=row.pk).readings == [66, 67]
