"""Readings come to the clauses of the text of the lot's day, and these say where they stand."""

from datetime import date, timedelta

import pytest

from agreements.models import Clause, ClauseReading
from foundation.actor import Hat, acting_as, as_actor
from inspections.models import CharacteristicResult, Signal
from inspections.services.watching import watch_due
from tests.agreed import NOW, in_force
from tests.cast import actor
from tests.lots import a_lot
from tests.results import filed, ph
from tests.series import many_lots, results_of

pytestmark = pytest.mark.django_db
FORMALDEHYDE = {"characteristic_code": "FOR", "edition_code": "GB/T 2912.1-2009", "unit": "mg/kg", "decimals": 0}
FASTNESS = {"characteristic_code": "CF-RUB", "edition_code": "GB/T 3920", "unit": "级", "decimals": 1}
COLOUR = {"characteristic_code": "COL-DE", "edition_code": "GB/T 8424.3", "unit": "ΔE CMC(2:1)", "decimals": 2, "width": 3}


def clause_on(agreement, characteristic: str) -> Clause:
    with acting_as(Hat.CLOCK):
        return Clause.objects.get(version__agreement=agreement, params__characteristic=characteristic)


def latest(clause: Clause) -> ClauseReading | None:
    with as_actor(actor("chen")):
        return ClauseReading.objects.filter(clause=clause).order_by("-as_of", "-at").first()


@pytest.fixture
def garment():
    return in_force(template="garment-2")


def test_a_filed_test_tells_its_clause_the_worst_reading_with_its_lots(garment):
    lot = a_lot()
    filed(lot, ph("6.6", "8.4"))
    watch_due(now=NOW)
    told = latest(clause_on(garment, "PH"))
    assert (told.value, told.n, told.state, told.as_of) == ("8.4", 1, "at_risk", lot.made_on)
    assert told.refs == [{"kind": "lot", "id": str(lot.pk), "label": lot.lot_no, "value": "8.4"}]
    assert (told.window["origin"], told.window["measures"]) == ("self", {})


def test_below_what_is_seen_and_grades_are_told_in_their_own_words(garment):
    lots = many_lots(3, first=date(2026, 3, 2))
    formaldehyde, rubbing = clause_on(garment, "FOR"), clause_on(garment, "CF-RUB")
    results_of(lots, [[20, 20], [20, 31], [20, 20]], qualifiers=["<", "="], clause_id=formaldehyde.pk, **FORMALDEHYDE)
    results_of(lots, [[40], [35, 45], [30]], clause_id=rubbing.pk, **FASTNESS)
    watch_due(now=NOW)
    assert [(row.value, row.n, row.state) for row in (latest(formaldehyde), latest(rubbing))] == [("31", 3, "met"), ("3", 3, "met")]
    assert [ref["value"] for ref in latest(formaldehyde).refs] == ["20", "31", "20"]
    results_of(many_lots(1, first=date(2026, 3, 6), mark="T"), [[80]], qualifiers=["<"], clause_id=formaldehyde.pk, **FORMALDEHYDE)
    watch_due(now=NOW)
    assert (latest(formaldehyde).value, latest(formaldehyde).state) == ("<80", "not_enough_data")


def test_a_clause_is_not_told_what_its_customer_may_not_see(garment):
    clause = clause_on(garment, "FOR")
    results_of(many_lots(2, first=date(2026, 3, 2)), [[99], [20]], clause_id=clause.pk, shown=False, **FORMALDEHYDE)
    watch_due(now=NOW)
    assert latest(clause) is None


def test_a_correction_tells_the_clause_anew_and_the_same_twice_is_one(garment):
    clause, lots = clause_on(garment, "FOR"), many_lots(2, first=date(2026, 3, 2))
    rows = results_of(lots, [[99], [20]], clause_id=clause.pk, verdict="out", **FORMALDEHYDE)
    watch_due(now=NOW)
    assert latest(clause).state == "breached"
    right = results_of(lots[:1], [[30]], clause_id=clause.pk, corrects_id=rows[0].pk, **FORMALDEHYDE)[0]
    with acting_as(Hat.CLOCK):
        CharacteristicResult.objects.filter(pk=rows[0].pk).update(replaced_by=right.pk)
    for minutes in (5, 10):
        watch_due(now=NOW + timedelta(minutes=minutes))
    assert (latest(clause).value, latest(clause).state) == ("30", "met")
    with as_actor(actor("chen")):
        assert ClauseReading.objects.filter(clause=clause).count() == 2


def test_lots_that_all_match_the_sample_may_break_the_clause_on_two_lots():
    yarn = in_force(template="cashmere-yarn-2")
    to_sample, between = clause_on(yarn, "COL-DE"), clause_on(yarn, "COL-DE-LOT")
    lots = many_lots(24, first=date(2026, 3, 2))
    results_of(lots, [[5200, 840, 1000 + 12 * n] for n in range(24)], clause_id=to_sample.pk, **COLOUR)
    watch_due(now=NOW)
    told = latest(between)
    assert (told.n, told.state, told.value, told.window["measures"]) == (10, "breached", "1.31", {"lot_delta_e": "1.31"})
    with as_actor(actor("lin")):
        signal = Signal.objects.get(kind="lot_to_lot")
    assert float(signal.facts["delta_e"]) > float(signal.facts["limit"]) == 1.0
    assert latest(to_sample).n == 0  # no sample is sealed: nothing to hold a colour against
