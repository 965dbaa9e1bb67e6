"""What came of a lot is held with it and set free with it: never its inputs' products, never by a word that another customer may read."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, transaction

from foundation.actor import Hat, acting_as, as_actor
from inspections.models import Hold, Lot, LotDecision
from inspections.services.arbitration import ArbitrationSaid, ask_arbitration, decide_sample, take_sample
from inspections.services.lots import move_lot
from notices.models import Notification
from records.models import RecordEntry
from tests.agreed import NOW, in_force
from tests.cast import actor
from tests.clients import signed_in, with_token
from tests.db.inspections.test_arbitration import MEI, sample
from tests.db.inspections.test_decisions import LATER, refused, state, take
from tests.db.inspections.test_lots_descent import merge, portion, put_in, split
from tests.lots import a_lot

pytestmark = pytest.mark.django_db


def told(who: str) -> list[UUID]:
    """Of which lots a firm was told that they are on hold."""
    with acting_as(Hat.CLOCK):
        return list(Notification.objects.filter(kind="lot_held", org_id=actor(who).org_id).values_list("subject_id", flat=True).distinct())


def after(minutes: int):
    return LATER + timedelta(minutes=minutes)


def released(lot: Lot, who: str) -> Lot:
    move_lot(lot, Lot.State.INSPECTING, now=NOW)
    take(who, lot, "release", now=NOW + timedelta(minutes=1))
    return Lot(pk=lot.pk, owner_org_id=lot.owner_org_id, supplier_org_id=lot.supplier_org_id, lot_no=lot.lot_no, state="released")


def test_a_hold_on_the_whole_holds_every_portion_and_its_words_stay_with_the_maker():
    in_force("chen", "wu")
    whole = a_lot("GANZ-7", owner=None, supplier="wu", quantity="1000")
    chens, fangs = portion(whole, "chen", "600", supplier="wu", lot_no="C-1"), portion(whole, "fang", "300", supplier="wu", lot_no="F-1")
    released(chens, "chen")
    take("fang", fangs, "hold")
    take("wu", whole, "hold", roles=("quality",), why_code="other", why="方棠退回两件，原因未明。", now=after(1))

    assert [state(lot) for lot in (whole, chens, fangs)] == ["held"] * 3
    assert told("chen") == [chens.pk]
    with as_actor(actor("chen")):
        hold = Hold.objects.visible_to(actor("chen")).get()
        assert (hold.lot_id, hold.side, hold.by_cqo, hold.why_code, hold.why) == (chens.pk, "supplier", False, "look_closer", "")
        entries = RecordEntry.objects.visible_to(actor("chen")).filter(kind="lot_held", subject_id=chens.pk)
        assert entries.count() == 1
    page = signed_in("chen", "en").get(f"/lots/{chens.pk}/").content.decode()
    api = signed_in("chen").get(f"/api/v1/lots/{chens.pk}/decisions/", **with_token("chen")).json()
    assert "Something is to be looked at more closely" in page
    for word in ("GANZ-7", "方棠", str(whole.pk)):
        assert word not in page and word not in str(api), word
    assert api["holds"][0]["held_with"] is None
    mine = signed_in("wu", "en").get(f"/lots/{chens.pk}/").content.decode()
    assert "held with lot" in mine and f"/lots/{whole.pk}/" in mine

    # The part is set free where it is held, and nowhere else.
    refused("held_with_its_source", "wu", chens, "lift", roles=("cqo",), now=after(2))
    refused("held_with_its_source", "wu", chens, "rework", roles=("cqo",), now=after(2))
    refused("held_by_the_other_side", "chen", chens, "release", now=after(2))
    take("wu", whole, "lift", roles=("quality",), now=after(3))
    assert [state(lot) for lot in (whole, chens, fangs)] == ["inspecting", "released", "held"]  # Fang holds hers by herself
    take("fang", fangs, "lift", now=after(4))
    assert state(fangs) == "inspecting"


def test_parts_are_held_through_every_split_and_merge_and_a_product_of_the_lot_is_not():
    lot, other, product = a_lot("L", quantity="100"), a_lot("X", quantity="50"), a_lot("P", product="羊绒衫", unit="pcs")
    for each in (lot, other):
        released(each, "chen")
    first, second = split(lot, ("A", "30"), ("B", "30"))
    (grandchild,) = split(first, ("A-1", "10"))
    merged = merge(second, other)
    put_in(product, grandchild, quantity="5")
    take("chen", lot, "hold", roles=("quality",), now=after(1))
    family = (lot, first, second, grandchild, merged)

    assert [state(one) for one in family] == ["held"] * 5
    assert (state(other), state(product)) == ("released", "registered")
    assert told("lin") == [lot.pk]  # one message for one hold, however many parts
    take("lin", merged, "hold", roles=("quality",), now=after(2))
    take("chen", lot, "release", roles=("cqo",), now=after(3))
    assert [state(one) for one in family] == ["released", "released", "released", "released", "held"]
    take("lin", merged, "lift", roles=("quality",), now=after(4))
    assert state(merged) == "released"
    with acting_as(Hat.CLOCK):
        assert not Hold.objects.filter(ended_at=None).exists()
        assert LotDecision.objects.filter(lot=grandchild).values_list("kind", "to_state").order_by("at")[0] == ("hold", "held")


def test_a_part_that_was_not_accepted_does_not_leave_while_its_whole_is_held():
    whole = a_lot("W", owner=None, quantity="1000")
    part, gone = portion(whole, "chen", "600", lot_no="W-C"), portion(whole, "chen", "100", lot_no="W-D")
    for each in (part, gone):
        move_lot(each, Lot.State.INSPECTING, now=NOW)
    take("chen", gone, "not_accept", now=after(0))
    take("lin", whole, "hold", roles=("cqo",), now=after(1))
    take("chen", part, "not_accept", now=after(2))  # it stays back anyway, and its hold with it

    assert [state(lot) for lot in (part, gone)] == ["not_accepted"] * 2
    for each in (part, gone):
        refused("held_with_its_source", "lin", each, "rework", roles=("cqo",), now=after(3))
        refused("held_by_their_officer", "chen", each, "regrade", new_grade="二等品", now=after(3))
        with pytest.raises(DatabaseError), acting_as(Hat.CLOCK), transaction.atomic():
            Lot.objects.filter(pk=each.pk).update(state="inspecting", state_since=after(2))
    take("lin", gone, "scrap", roles=("cqo",), now=after(3))
    take("lin", whole, "lift", roles=("cqo",), now=after(4))
    assert [state(lot) for lot in (part, gone)] == ["not_accepted", "scrapped"]
    take("lin", part, "rework", now=after(5))
    assert state(part) == "inspecting"


def test_what_becomes_of_the_lot_decides_nothing_on_its_parts():
    whole = a_lot("W", owner=None, quantity="1000")
    part, refused_one = portion(whole, "chen", "600", lot_no="W-C"), portion(whole, "chen", "100", lot_no="W-D")
    move_lot(refused_one, Lot.State.INSPECTING, now=NOW)
    refused("lot_has_moved_on", "lin", refused_one, "lift", now=after(0))
    take("chen", refused_one, "not_accept", now=after(0))
    refused("lot_has_moved_on", "lin", refused_one, "lift", now=after(0))  # nobody holds it
    take("lin", whole, "hold", roles=("cqo",), now=after(0))
    take("lin", whole, "rework", roles=("cqo",), now=after(1))

    assert [state(lot) for lot in (whole, part, refused_one)] == ["inspecting", "held", "not_accepted"]
    for each in (part, refused_one):
        refused("held_by_officer", "lin", each, "lift", roles=("quality",), now=after(2))
    refused("held_by_their_officer", "chen", refused_one, "regrade", new_grade="二等品", now=after(2))
    for each in (part, refused_one):
        take("lin", each, "lift", roles=("cqo",), now=after(2))
    assert [state(lot) for lot in (part, refused_one)] == ["inspecting", "not_accepted"]
    take("chen", refused_one, "regrade", new_grade="二等品", now=after(3))
    assert state(refused_one) == "regraded"


@pytest.mark.parametrize(("verdict", "stand"), [("meets", ["released", "inspecting"]), ("fails", ["not_accepted", "held"])])
def test_a_verdict_that_frees_a_lot_frees_its_parts(verdict, stand):
    lot = a_lot(quantity="100")
    (part,) = split(lot, ("A", "30"))
    take("lin", lot, "hold")
    with as_actor(actor("chen")):
        said = ArbitrationSaid("PH", "双方测得的 pH 不一致。", edition="GB/T 7573-2009", lab_org_id=MEI)
        row = ask_arbitration(actor=actor("chen"), lot=lot, said=said, client_id=uuid4(), now=LATER)
    with as_actor(actor("mei")):
        take_sample(actor=actor("mei"), sample=sample(row), now=LATER)
        decide_sample(actor=actor("mei"), sample=sample(row), verdict=verdict, why="实测 pH 6.4，报告 A-1。", now=after(60))

    assert [state(lot), state(part)] == stand


def test_the_database_lets_no_hold_follow_one_of_the_other_side():
    lot = a_lot(quantity="100")
    take("chen", lot, "hold")
    with acting_as(Hat.CLOCK):
        source = Hold.objects.get(lot=lot)
    with pytest.raises(DatabaseError, match="hold_follows_one_of_its_maker_and_side"), as_actor(actor("lin")), transaction.atomic():
        Hold(
            lot=lot, owner_org_id=lot.owner_org_id, supplier_org_id=lot.supplier_org_id, side="supplier", by_cqo=False, was="registered",
            held_by="林", held_at=LATER, source_id=source.pk,
        ).save(force_insert=True)  # fmt: skip
    with acting_as(Hat.CLOCK):
        assert Hold.objects.filter(lot=lot).count() == 1
