"""What lots were made of and became: quantities that add up, no circles, and no step out of one's world."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import NotYours, RuleBroken
from inspections.models import Lot, LotParent
from inspections.selectors.descent import descent_of, left_of, lots_of_labels
from inspections.services.decisions import DecisionSaid, decide_lot
from inspections.services.descent import InputSaid, Part, give_portion, merge_lots, name_input, split_lot
from inspections.services.lots import LotSaid, change_lot, move_lot, register_lot
from suppliers.models import SupplyLink
from tests.agreed import NOW
from tests.cast import actor, link_id
from tests.lots import a_lot

pytestmark = pytest.mark.django_db
WHY = {"hold": "out_of_limits", "lift": "cleared_up", "not_accept": "out_of_limits", "scrap": "not_worth_it"}


def split(lot: Lot, *parts: tuple[str, str], who: str = "lin", client_id=None) -> list[Lot]:
    said = [Part(number, Decimal(quantity)) for number, quantity in parts]
    with as_actor(actor(who)):
        return split_lot(actor=actor(who), lot=lot, parts=said, client_id=client_id or uuid4(), now=NOW)


def merge(*lots: Lot, who: str = "lin", lot_no: str = "M-1") -> Lot:
    with as_actor(actor(who)):
        return merge_lots(actor=actor(who), lots=lots, lot_no=lot_no, client_id=uuid4(), now=NOW)


def put_in(lot: Lot, parent: Lot | None = None, *, who: str = "lin", quantity: str | None = None, **words) -> LotParent:
    said = InputSaid(parent=parent, quantity=Decimal(quantity) if quantity else None, **words)
    with as_actor(actor(who)):
        return name_input(actor=actor(who), lot=lot, said=said, client_id=uuid4(), now=NOW)


def portion(lot: Lot, owner: str, quantity: str, *, supplier: str = "lin", lot_no: str = "") -> Lot:
    with as_actor(actor(supplier)):
        link = SupplyLink.objects.get(pk=link_id(owner, supplier))
        return give_portion(actor=actor(supplier), lot=lot, link=link, part=Part(lot_no, Decimal(quantity)), client_id=uuid4(), now=NOW)


def walked(who: str, lot: Lot) -> set[tuple[str, str, str, int]]:
    """(way, from, to, how far) of every step that this person sees."""
    with as_actor(actor(who)):
        names = {row.pk: row.lot_no for row in Lot.objects.visible_to(actor(who))}
        return {(step.way, names[step.parent_id], names[step.lot_id], step.depth) for step in descent_of(actor(who), lot)}


def refused(verb, *args, **words) -> str:
    with pytest.raises(RuleBroken) as error:
        verb(*args, **words)
    return error.value.code


def count() -> tuple[int, int]:
    with acting_as(Hat.CLOCK):
        return Lot.objects.count(), LotParent.objects.count()


def test_a_lot_is_divided_into_parts_that_are_at_most_the_whole():
    lot, key = a_lot(quantity="1000"), uuid4()

    parts = split(lot, ("A", "400"), ("B", "350.5"), client_id=key)
    again = split(lot, ("A", "400"), ("B", "350.5"), client_id=key)

    assert [part.pk for part in again] == [part.pk for part in parts]
    assert left_of(lot) == Decimal("249.5")
    before = count()
    assert refused(split, lot, ("C", "249.6")) == "more_than_is_left"
    assert refused(split, lot, ("C", "100"), ("A", "1")) == "lot_number_taken"
    assert refused(split, lot) == "split_needs_parts"
    assert refused(split, lot, ("C", "0")) == "lot_quantity_out_of_range"
    assert count() == before
    assert walked("chen", parts[0]) == {("up", lot.lot_no, "A", 1)}
    assert walked("lin", lot) == {("down", lot.lot_no, "A", 1), ("down", lot.lot_no, "B", 1)}


def test_what_was_decided_about_a_lot_is_not_evaded_by_dividing_it():
    held, free = a_lot("H"), a_lot("F")
    move_lot(held, Lot.State.HELD, now=NOW)
    move_lot(free, Lot.State.RELEASED, now=NOW)
    before = count()

    assert refused(split, held, ("H-1", "10")) == "lot_is_not_free"
    assert refused(merge, held, free) == "lot_is_not_free"

    assert count() == before
    (part,) = split(free, ("F-1", "10"))
    assert part.state == "released"


def test_like_lots_are_put_together_and_nothing_of_them_is_left():
    one, two, other = a_lot("A", quantity="300"), a_lot("B", quantity="200"), a_lot("C", product="另一种")
    split(one, ("A-1", "100"))

    merged = merge(one, two)

    assert (merged.quantity, merged.owner_org_id, merged.state) == (Decimal("400"), actor("chen").org_id, "registered")
    assert (left_of(one), left_of(two)) == (0, 0)
    before = count()
    assert refused(merge, other, merged, lot_no="M-2") == "merge_of_unlike"
    assert refused(merge, one, merged, lot_no="M-2") == "nothing_is_left"
    assert refused(merge, merged, lot_no="M-2") == "merge_needs_lots"
    assert count() == before
    assert walked("chen", merged) == {("up", "A", "M-1", 1), ("up", "B", "M-1", 1)}


def test_an_input_is_a_lot_of_the_maker_or_the_words_of_a_label():
    yarn, knit, dyed = a_lot("YARN", owner=None, quantity="500"), a_lot("KNIT"), a_lot("DYED")

    put_in(knit, yarn, quantity="120")
    put_in(dyed, knit)
    put_in(dyed, parent_no="HL-0912", made_by="宁波岚彩印染（示例）", material="活性黑")

    assert left_of(yarn) == Decimal("380")
    assert walked("lin", dyed) == {("up", "KNIT", "DYED", 1), ("up", "YARN", "KNIT", 2)}
    assert walked("chen", dyed) == {("up", "KNIT", "DYED", 1)}  # the yarn is the maker's own
    before = count()
    assert refused(put_in, knit, dyed) == "input_goes_in_a_circle"
    assert refused(put_in, dyed, knit) == "input_named_already"
    assert refused(put_in, knit, yarn, quantity="381") == "more_than_is_left"
    assert refused(put_in, knit) == "input_needs_a_name"
    assert count() == before


def test_no_input_is_taken_from_another_customer_or_another_firm():
    chens, fangs = a_lot("C", supplier="wu"), a_lot("F", owner="fang", supplier="wu")
    lins = a_lot("L")
    before = count()

    assert refused(put_in, chens, fangs, who="wu") == "input_is_of_another_customer"
    assert refused(put_in, chens, lins, who="chen") == "input_is_of_another_customer"
    with pytest.raises(NotYours):
        put_in(lins, parent_no="X", who="wu")

    assert count() == before


@pytest.mark.parametrize("steps", [["hold"], ["not_accept"], ["not_accept", "scrap"]])
def test_nothing_is_made_of_a_lot_from_the_day_on_which_it_is_kept_back(steps):
    day = timezone.localdate(NOW)
    yarn = move_lot(a_lot("YARN", made_on=day - timedelta(days=9)), Lot.State.INSPECTING, now=NOW)
    before, same_day = a_lot("KNIT-1", made_on=day - timedelta(days=1)), a_lot("KNIT-2", made_on=day)
    with as_actor(actor("chen")):
        for kind in steps:
            decide_lot(actor=actor("chen"), lot=yarn, said=DecisionSaid(kind, why_code=WHY[kind]), client_id=uuid4(), now=NOW)

    put_in(before, yarn)
    assert refused(put_in, same_day, yarn) == "input_is_kept_back"

    assert walked("lin", before) == {("up", "YARN", "KNIT-1", 1)}
    assert walked("lin", same_day) == set()


def test_what_is_set_free_may_be_made_into_something_again():
    yarn = move_lot(a_lot("YARN"), Lot.State.INSPECTING, now=NOW)
    knit, chen = a_lot("KNIT", made_on=timezone.localdate(NOW)), actor("chen")
    with as_actor(chen):
        decide_lot(actor=chen, lot=yarn, said=DecisionSaid("hold", why_code=WHY["hold"]), client_id=uuid4(), now=NOW)
        assert refused(put_in, knit, yarn) == "input_is_kept_back"
        decide_lot(actor=chen, lot=yarn, said=DecisionSaid("lift", why_code=WHY["lift"]), client_id=uuid4(), now=NOW)

    put_in(knit, yarn)

    assert walked("lin", knit) == {("up", "YARN", "KNIT", 1)}


def test_the_database_itself_keeps_descent_in_one_world():
    chens, fangs, own = a_lot("C", supplier="wu"), a_lot("F", owner="fang", supplier="wu"), a_lot("O", owner=None, supplier="wu")
    lins, wu, chen = a_lot("L"), actor("wu"), actor("chen")
    words = {"kind": "input", "at": NOW, "supplier_org_id": wu.org_id}
    for who, row in (
        (wu, {"lot": chens, "parent": fangs, "owner_org_id": chen.org_id}),  # a customer would be shown another's lot
        (wu, {"lot": chens, "parent": own, "owner_org_id": chen.org_id}),  # or the maker's own
        (chen, {"lot": chens, "parent": lins, "owner_org_id": chen.org_id}),  # another firm's
        (wu, {"lot": chens, "owner_org_id": actor("fang").org_id, "parent_no": "X"}),  # or somebody is told of another's lot
    ):  # fmt: skip
        with pytest.raises(DatabaseError), as_actor(who), transaction.atomic():
            LotParent.objects.create(**words, **row, client_id=uuid4())
    with pytest.raises(DatabaseError), as_actor(chen), transaction.atomic():
        Lot.objects.filter(pk=chens.pk).update(quantity=1)  # only the maker changes a lot
    assert count()[1] == 0


def test_a_long_line_of_descent_is_one_question_of_bounded_depth():
    chain = [a_lot(f"G{number}", owner=None) for number in range(12)]
    for younger, older in zip(chain[1:], chain, strict=False):
        put_in(younger, older)

    with as_actor(actor("lin")), CaptureQueriesContext(connection) as asked:
        steps = descent_of(actor("lin"), chain[5])

    assert len(asked) == 1
    assert sorted((step.way, step.depth) for step in steps) == sorted([("up", n) for n in range(1, 6)] + [("down", n) for n in range(1, 7)])
    with as_actor(actor("lin")):
        assert max(step.depth for step in descent_of(actor("lin"), chain[11])) == 8


def test_a_supplier_gives_its_own_lot_out_in_portions():
    whole = a_lot("W", owner=None, supplier="wu", quantity="1000")

    chens = portion(whole, "chen", "600", supplier="wu")
    fangs = portion(whole, "fang", "300", supplier="wu", lot_no="W-F")

    assert (chens.lot_no, fangs.lot_no, left_of(whole)) == ("W", "W-F", Decimal("100"))
    before = count()
    assert refused(portion, whole, "fang", "101", supplier="wu", lot_no="W-G") == "more_than_is_left"
    assert refused(portion, chens, "fang", "1", supplier="wu") == "only_an_own_lot_has_portions"
    assert count() == before
    assert walked("wu", whole) == {("down", "W", "W", 1), ("down", "W", "W-F", 1)}
    assert walked("chen", chens) == walked("fang", fangs) == set()


def test_a_lot_is_put_right_only_while_nothing_hangs_on_it():
    lot, divided = a_lot("A"), a_lot("B")
    split(divided, ("B-1", "10"))
    said = LotSaid("A-2", lot.product, lot.made_on, Decimal("900"), "kg", product_code=lot.product_code)

    with as_actor(actor("lin")):
        assert change_lot(actor=actor("lin"), lot=lot, said=said, now=NOW).lot_no == "A-2"
        assert refused(change_lot, actor=actor("lin"), lot=divided, said=said, now=NOW) == "lot_is_not_changed_any_more"
    with as_actor(actor("chen")), pytest.raises(NotYours):
        change_lot(actor=actor("chen"), lot=lot, said=said, now=NOW)
    with as_actor(actor("lin")), pytest.raises(DatabaseError), transaction.atomic():
        Lot.objects.filter(pk=divided.pk).update(quantity=5)

    with acting_as(Hat.CLOCK):
        assert list(Lot.objects.filter(pk__in=[lot.pk, divided.pk]).order_by("lot_no").values_list("lot_no", "quantity")) == [
            ("A-2", 900),
            ("B", 1200),
        ]


def test_a_viewer_registers_nothing():
    looker = replace(actor("lin"), roles=frozenset({"viewer"}))
    before = count()
    said = LotSaid("V", "纱", NOW.date(), Decimal("1"), "kg")
    with as_actor(looker), pytest.raises(NotYours):
        register_lot(actor=looker, said=said, client_id=uuid4(), now=NOW)
    assert count() == before


def test_the_words_of_a_label_lead_to_the_lot_that_they_seem_to_name_for_whoever_sees_it():
    yarn, knit = a_lot("YZ-1"), a_lot("K-1", supplier="wu")
    short = put_in(knit, who="wu", parent_no="YZ-1", made_by="云杼纺织")
    other = put_in(knit, who="wu", parent_no="YZ-1", made_by="宁波岚彩")
    nameless = put_in(knit, who="wu", parent_no="YZ-1")

    found = {}
    for who in ("chen", "wu"):
        with as_actor(actor(who)):
            found[who] = {pk: lot.pk for pk, lot in lots_of_labels(actor(who), [short, other, nameless]).items()}

    assert found == {"chen": {short.pk: yarn.pk}, "wu": {}}
