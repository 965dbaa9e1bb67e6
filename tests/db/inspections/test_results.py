"""Results: read as typed, judged by the text of the lot's day, kept once, shown to whom they were granted."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.actor import CLOCK, Hat, acting_as, as_actor
from foundation.errors import NotYours, RuleBroken
from inspections.filing import values_of
from inspections.models import CharacteristicResult, Lot
from inspections.services.descent import Part, give_portion
from inspections.services.results import Meant, ResultsToMend, carry_to_portion, file_meant, read_typed
from inspections.services.results_corrected import correct_result
from inspections.services.results_shown import show_results
from inspections.typed import SetSaid
from records.models import Grant, RecordEntry
from suppliers.models import SupplyLink
from suppliers.services.firm_instruments import InstrumentSaid, add_instrument
from tests.agreed import NOW, in_force
from tests.cast import actor, link_id
from tests.lots import a_lot
from tests.results import filed, ph, rows_seen

pytestmark = pytest.mark.django_db
SHARING = "garment-2"  # a template whose clause grants the supplier's results


def kinds_on(lot: Lot, who: str = "chen") -> list[str]:
    with as_actor(actor(who)):
        return list(
            RecordEntry.objects.visible_to(actor(who)).filter(subject_id=lot.pk).order_by("at", "id").values_list("kind", flat=True)
        )


def state_of(lot: Lot) -> str:
    with acting_as(Hat.CLOCK):
        return Lot.objects.get(pk=lot.pk).state


def hidden_lot(**words) -> Lot:
    """A lot of a relation in which the supplier has granted nobody sight of its results."""
    in_force(template="garment-1")
    return a_lot(**words)


def test_readings_are_kept_judged_and_both_sides_are_told():
    in_force(template=SHARING)
    lot = a_lot()

    (kept,) = filed(lot, ph("6.6", "6.7", "８．６", "", " 6.55 "))

    row = rows_seen("chen", lot)[0]
    assert kept.state == "stored" and row.pk == kept.row.pk
    assert values_of(row) == [Decimal("6.60"), Decimal("6.70"), Decimal("8.60"), None, Decimal("6.55")]
    assert (row.verdict, row.out_count, row.origin, row.entered_via) == ("out", 1, "self", "web")
    assert row.clause_id is not None
    assert state_of(lot) == "inspecting"
    assert kinds_on(lot) == ["lot_registered", "lot_results_filed"]


def test_what_was_filed_before_stays_once_and_a_key_with_other_readings_is_refused():
    lot = hidden_lot()
    said = ph("6.6", key="form-1")
    first = filed(lot, said)[0]

    assert filed(lot, said)[0].state == "repeated"
    with pytest.raises(RuleBroken) as refused:
        filed(lot, ph("6.7", key="form-1"))

    assert refused.value.code == "result_key_reused"
    assert [row.pk for row in rows_seen("lin", lot)] == [first.row.pk]


@pytest.mark.parametrize(
    ("said", "place"),
    [
        (ph("6.6", "停机"), ("value_not_a_number", 1)),
        (ph("6.6", "66"), ("value_impossible", 1)),
        (ph("6.6", unit="mg/kg"), ("unit_mismatch", None)),
        (ph("", ""), ("result_missing", 0)),
        (SetSaid("CF-RUB", ["5月4日"]), ("grade_looks_like_date", 0)),
        (SetSaid("CF-RUB", ["3-5"]), ("grade_invalid", 0)),
        (SetSaid("COL-DE", ["52.3", "", "8.1"]), ("lab_incomplete", 1)),
        (SetSaid("AZO", ["未检出"]), ("detection_limit_missing", 0)),
        (SetSaid("NONE", ["1"]), ("characteristic_unknown", None)),
        (ph("6.6", measured_at=NOW + timedelta(minutes=6)), ("measured_in_the_future", None)),
        (ph("6.6", measured_at=datetime(1, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))), ("measured_too_early", None)),
    ],
)
def test_what_cannot_be_is_refused_with_its_place_and_nothing_is_kept(said, place):
    lot = hidden_lot()

    with pytest.raises(ResultsToMend) as refused:
        filed(lot, ph("6.6"), said)

    (fault,) = refused.value.faults
    assert (fault.code, fault.at) == place
    assert fault.set == 1
    assert rows_seen("lin", lot) == []
    assert state_of(lot) == "registered"


@pytest.mark.parametrize("said", [ph("9" * 300), ph("6.6", unit="kg" * 150), SetSaid("COL-DE", ["5", "8", "9" * 300])])
def test_what_is_refused_is_said_again_as_far_as_a_page_has_room(said):
    with pytest.raises(ResultsToMend) as refused:
        filed(hidden_lot(), said)

    assert len(refused.value.faults[0].facts["found"]) <= 41
    assert len(refused.value.words()) < 200


def test_bounds_grades_units_and_colours_are_kept_as_they_were_meant():
    lot = hidden_lot()
    sets = [
        SetSaid("FOR", ["<20", "未检出", "32"], edition="GB/T 2912.1-2009"),
        SetSaid("CF-RUB", ["3-4级", "≥4", "４"], edition="GB/T 3920"),
        SetSaid("YRN-STR", ["2.09", "214 cN"], unit="N"),
        SetSaid("COL-DE", ["52.31", "12.1", "-8.05", "", "", ""]),
    ]

    filed(lot, *[replace(said, measured_at=NOW, key=str(uuid4())) for said in sets])

    found = {row.characteristic_code: row for row in rows_seen("lin", lot)}
    assert (found["FOR"].readings, found["FOR"].qualifiers) == ([20, 20, 32], ["<", "<", "="])
    assert (found["CF-RUB"].readings, found["CF-RUB"].decimals, found["CF-RUB"].qualifiers) == ([35, 40, 40], 1, ["=", ">=", "="])
    assert (values_of(found["YRN-STR"]), found["YRN-STR"].unit) == ([Decimal(209), Decimal(214)], "cN")
    assert "unit_converted" in found["YRN-STR"].marks
    assert found["YRN-STR"].details["as_typed"]["unit"] == "N"
    assert (found["COL-DE"].readings, found["COL-DE"].width) == ([5231, 1210, -805, None, None, None], 3)


def test_another_method_is_never_held_against_the_clause_and_no_clause_judges_nothing():
    in_force(template=SHARING)
    lot = a_lot()

    filed(
        lot,
        SetSaid("CF-RUB", ["2"], edition="GB/T 3922-2013", key="1"),
        ph("9.9", edition="GB/T 7573-2002", key="2"),
        SetSaid("YRN-CNT", ["38.5"], edition="GB/T 4743-2009", key="3"),
    )

    found = {row.characteristic_code: row for row in rows_seen("chen", lot)}
    assert {code: (row.verdict, row.details["why"]) for code, row in found.items()} == {
        "CF-RUB": ("not_judged", "other_method"), "PH": ("not_judged", "other_edition"), "YRN-CNT": ("not_judged", "no_clause"),
    }  # fmt: skip
    assert "edition_differs" in found["PH"].marks
    assert "not_in_agreement" in found["YRN-CNT"].marks


def test_an_instrument_past_its_calibration_is_marked_and_the_reading_is_kept():
    lot = hidden_lot()
    with as_actor(actor("lin")):
        said = InstrumentSaid("balance", "TN-01", calibrated_on=date(2025, 1, 10), calibration_due_on=date(2026, 1, 9))
        add_instrument(actor=actor("lin"), said=said, client_id=uuid4(), now=NOW)

    filed(lot, ph("6.6", instrument="tn-01", key="1"), ph("6.6", instrument="tn-01", key="2", measured_at=NOW - timedelta(days=80)))

    assert [("instrument_overdue" in row.marks, row.verdict) for row in rows_seen("lin", lot)] == [(True, "in"), (False, "in")]


def test_readings_that_were_not_granted_are_the_suppliers_alone_until_it_shows_them():
    lot = hidden_lot()
    filed(lot, ph("6.6"))
    assert rows_seen("chen", lot) == []
    assert kinds_on(lot) == ["lot_registered"]

    with as_actor(actor("lin")):
        link = SupplyLink.objects.visible_to(actor("lin")).get(pk=link_id("chen", "lin"))
        first, again = (show_results(actor=actor("lin"), link=link, now=NOW) for _time in range(2))

    assert (first, again) == (1, 0)
    assert [row.owner_org_id for row in rows_seen("chen", lot)] == [actor("chen").org_id]
    with as_actor(actor("chen")):
        entry = RecordEntry.objects.visible_to(actor("chen")).get(kind="results_shown")
        assert entry.stream_id == lot.stream_id
    filed(lot, ph("6.7"))
    assert len(rows_seen("chen", lot)) == 2


def test_a_clause_that_grants_results_shows_what_was_filed_before_it():
    lot = a_lot(made_on=date(2026, 2, 20))
    filed(lot, ph("6.6"))
    assert rows_seen("chen", lot) == []

    in_force(template=SHARING)

    assert len(rows_seen("chen", lot)) == 1


def test_strangers_and_the_other_customer_see_nothing_and_file_nothing():
    in_force(template=SHARING)
    lot = a_lot()
    filed(lot, ph("6.6"))

    for who in ("wu", "fang", "zhou", "pan"):
        assert rows_seen(who, lot) == []
    for who in ("wu", "fang", "mei"):
        with pytest.raises(NotYours):
            filed(lot, ph("6.6"), by=who)
    assert len(rows_seen("lin", lot)) == 1


def test_a_viewer_files_nothing():
    lot = hidden_lot()
    viewer = replace(actor("lin"), roles=frozenset({"viewer"}))

    with pytest.raises(NotYours), as_actor(viewer):
        file_meant(actor=viewer, meant=read_typed(lot, [ph("6.6")], now=NOW), now=NOW, entered_via="web")

    assert rows_seen("lin", lot) == []


def test_a_customers_own_test_is_seen_by_both_sides_whatever_was_granted():
    lot = hidden_lot()

    filed(lot, ph("6.6"), by="chen")

    assert [row.origin for row in rows_seen("lin", lot)] == ["customer"]
    assert len(rows_seen("chen", lot)) == 1
    with pytest.raises(RuleBroken) as refused:
        filed(lot, ph("6.6", origin="self"), by="chen")
    assert refused.value.code == "origin_is_not_yours"


def test_what_is_found_on_a_whole_is_found_on_its_portions_judged_by_their_own_texts():
    in_force("chen", "wu", template=SHARING)
    whole = a_lot(owner=None, supplier="wu")
    with as_actor(actor("wu")):
        links = {owner: SupplyLink.objects.visible_to(actor("wu")).get(pk=link_id(owner, "wu")) for owner in ("chen", "fang")}
        to_chen, to_fang = (
            give_portion(actor=actor("wu"), lot=whole, link=links[owner], part=Part(f"P-{owner}", Decimal(100)), client_id=uuid4(), now=NOW)
            for owner in ("chen", "fang")
        )

    filed(whole, ph("9.1"), by="wu")

    assert [(row.verdict, row.details["why"]) for row in rows_seen("wu", whole)] == [("not_judged", "no_clause")]
    (copy,) = rows_seen("chen", to_chen)
    assert (copy.verdict, copy.source_id) == ("out", rows_seen("wu", whole)[0].pk)
    assert rows_seen("fang", to_fang) == []
    assert [row.owner_org_id for row in rows_seen("wu", to_fang)] == [None]
    assert rows_seen("chen", whole) == []


def test_a_portion_given_later_carries_what_was_found_before_once():
    whole = a_lot(owner=None)
    filed(whole, ph("6.6"), ph("6.7"))
    with as_actor(actor("lin")):
        link = SupplyLink.objects.visible_to(actor("lin")).get(pk=link_id("chen", "lin"))
        portion = give_portion(actor=actor("lin"), lot=whole, link=link, part=Part("P-1", Decimal(10)), client_id=uuid4(), now=NOW)
        counts = [carry_to_portion(actor=actor("lin"), whole=whole, portion=portion, now=NOW) for _time in range(2)]

    assert counts == [2, 2]
    assert len(rows_seen("lin", portion)) == 2


def test_a_correction_is_a_row_of_its_own_with_the_reason():
    in_force(template=SHARING)
    lot = a_lot()
    wrong = filed(lot, ph("9.6"))[0].row

    with as_actor(actor("lin")):
        said = ph("6.9", key="right")
        right = correct_result(actor=actor("lin"), result=wrong, said=said, reason="看错了小数", now=NOW)
        assert correct_result(actor=actor("lin"), result=wrong, said=said, reason="看错了小数", now=NOW).pk == right.pk

    old, new = rows_seen("chen", lot)
    assert (old.replaced_by, new.corrects_id, new.verdict, new.details["reason"]) == (new.pk, old.pk, "in", "看错了小数")
    assert kinds_on(lot)[-1] == "lot_result_corrected"


def test_nobody_corrects_what_another_filed_nor_without_a_reason_nor_twice():
    in_force(template=SHARING)
    lot = a_lot()
    row = filed(lot, ph("6.6"))[0].row

    with as_actor(actor("chen")), pytest.raises(NotYours):
        correct_result(actor=actor("chen"), result=row, said=ph("6.7"), reason="x", now=NOW)
    with as_actor(actor("lin")):
        with pytest.raises(RuleBroken) as refused:
            correct_result(actor=actor("lin"), result=row, said=ph("6.7"), reason=" ", now=NOW)
        assert refused.value.code == "correction_needs_a_reason"
        correct_result(actor=actor("lin"), result=row, said=ph("6.7"), reason="看错", now=NOW)
        with pytest.raises(RuleBroken) as twice:
            correct_result(actor=actor("lin"), result=row, said=ph("6.8"), reason="看错", now=NOW)
        assert twice.value.code == "result_corrected_already"

    assert len(rows_seen("lin", lot)) == 2


def test_a_correction_of_the_whole_corrects_what_its_portions_show():
    in_force("chen", "wu", template=SHARING)
    whole = a_lot(owner=None, supplier="wu")
    with as_actor(actor("wu")):
        link = SupplyLink.objects.visible_to(actor("wu")).get(pk=link_id("chen", "wu"))
        portion = give_portion(actor=actor("wu"), lot=whole, link=link, part=Part("P-1", Decimal(10)), client_id=uuid4(), now=NOW)
    filed(whole, ph("9.1"), by="wu")
    (shown,) = rows_seen("chen", portion)

    with as_actor(actor("wu")):
        correct_result(actor=actor("wu"), result=shown, said=ph("7.1"), reason="看错", now=NOW)

    old, new = rows_seen("chen", portion)
    assert (old.pk, old.replaced_by, new.corrects_id, new.verdict) == (shown.pk, new.pk, old.pk, "in")


def test_many_sets_of_many_lots_cost_as_many_questions_as_one():
    in_force(template=SHARING)
    lots = [a_lot(f"L-{number}") for number in range(12)]
    me = actor("lin")

    def asked(chosen: list[Lot], mark: str) -> int:
        with as_actor(me), CaptureQueriesContext(connection) as queries:
            meant = [Meant(lot, read.read) for lot in chosen for read in read_typed(lot, [ph("6.6", key=f"{mark}{lot.pk}")], now=NOW)]
            before = len(queries)
            file_meant(actor=me, meant=meant, now=NOW, entered_via="api")
            return len(queries) - before

    assert asked(lots[:1], "a") == asked(lots[1:], "b")


def test_grants_are_read_by_day():
    in_force(template=SHARING)
    lot = a_lot()
    with acting_as(Hat.CLOCK):
        Grant.objects.filter(from_org_id=actor("lin").org_id, to_org_id=actor("chen").org_id, what="results").update(
            valid_to=date(2026, 3, 1)
        )
    assert CLOCK.hat is Hat.CLOCK

    filed(lot, ph("6.6"))

    assert rows_seen("chen", lot) == []
    with acting_as(Hat.CLOCK):
        assert CharacteristicResult.objects.get(lot=lot).owner_org_id is None
