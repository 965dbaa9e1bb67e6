"""Inspections by attributes: filed under the plan of the day, kept as they are, corrected by rows of their own."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from agreements.models import ClauseReading
from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import Absent, NotYours, RuleBroken
from inspections.models import Inspection, Lot, NonconformityCount, SwitchingSeries, SwitchingStep
from inspections.selectors.sampling import planned_for, plans_asked, stands_of_lot, steps_of
from inspections.services.sampling import InspectionSaid, Named, file_inspection
from inspections.services.sampling_series import allow_reduced, resume_sampling
from notices.models import Notification
from qualitystats.sampling import replay
from records.models import RecordEntry
from tests.agreed import NOW, in_force, todos
from tests.cast import actor
from tests.sampled import corrected, counted, inspected, pieces, series_of, told_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreed():
    return in_force(template="garment-2")


def rows() -> dict[str, int]:
    with acting_as(Hat.CLOCK):
        return {model.__name__: model.objects.count() for model in (Inspection, NonconformityCount, SwitchingSeries, SwitchingStep)}


def refused(code: str, do, *words, **more) -> RuleBroken:
    before = rows()
    with pytest.raises(RuleBroken) as broken, transaction.atomic():
        do(*words, **more)
    assert (broken.value.code, rows()) == (code, before)
    return broken.value


def kinds_on_record(lot: Lot) -> list[str]:
    with as_actor(actor("lin")):
        return list(
            RecordEntry.objects.visible_to(actor("lin"))
            .filter(stream_id=lot.stream_id, kind__startswith="inspection")
            .values_list("kind", flat=True)
        )


def test_a_lot_is_judged_by_the_plan_of_its_day_and_stays_under_inspection(agreed):
    lot = pieces("YZ-001")
    row = inspected(lot, major=5, minor=2, named=(Named("major", "断线", 3),))
    plans = {plan["klass"]: (plan["code_letter"], plan["n"], plan["ac"], plan["re"], plan["found"], plan["accepted"]) for plan in row.plans}
    assert plans == {"critical": ("", 80, 0, 1, 0, True), "major": ("J", 80, 5, 6, 5, True), "minor": ("J", 80, 7, 8, 2, True)}
    with as_actor(actor("lin")):
        assert Lot.objects.get(pk=lot.pk).state == "inspecting"
        found = sorted(NonconformityCount.objects.visible_to(actor("lin")).filter(inspection=row).values_list("klass", "words", "n"))
        assert (row.decision, row.side, row.agreement_id, row.version_number) == ("accepted", "owner", agreed.pk, 1)
        reading = ClauseReading.objects.visible_to(actor("lin")).get(clause_id=row.clause_id)
    assert found == [("major", "", 2), ("major", "断线", 3), ("minor", "", 2)]
    assert (reading.value, reading.n, kinds_on_record(lot)) == ("0", 1, ["inspection_filed"])


def test_one_critical_piece_is_not_accepted_and_the_supplier_is_told(agreed):
    row = inspected(pieces("YZ-001"), critical=1)
    assert row.decision == "not_accepted"
    with as_actor(actor("lin")):
        told = list(
            Notification.objects.visible_to(actor("lin")).filter(kind="inspection_not_accepted").values_list("subject_id", flat=True)
        )
    assert told == [row.pk]
    assert series_of().severity == "normal" and told_of(series_of())[0].accepted  # each class by itself


def test_two_of_five_not_accepted_tighten_the_next_lot_and_the_plan_says_so(agreed):
    for number, major in enumerate((0, 6, 0, 7), start=1):
        inspected(pieces(f"YZ-00{number}"), major=major)
    series = series_of()
    assert (series.severity, series.since["lot_no"], series.since["facts"]) == ("tightened", "YZ-004", {"missed": 2, "of": 4})
    assert (series.lots, series.not_accepted, series_of(klass="minor").severity) == (4, 2, "normal")
    chen, lot = actor("chen"), pieces("YZ-005")
    with as_actor(chen):
        of_lot = plans_asked(chen, lot)
        planned, _series = planned_for(chen, lot, of_lot.at("final"), side="owner", lot_size=1200)
        other, _none = planned_for(chen, lot, of_lot.at("final"), side="supplier", lot_size=1200)
    assert [(planned.plans[name].severity, planned.plans[name].ac) for name in ("major", "minor")] == [("tightened", 3), ("normal", 7)]
    assert other.plans["major"].severity == "normal"  # each side has its own series


@pytest.mark.parametrize(
    "found", [(0, 8, 9, 0, 0, 0, 0, 0), (0,) * 12, (9, 9, 9, 9, 9, 9, 9, 0), (6, 0, 0, 0, 0, 6, 6, 4, 3, 3, 3, 3, 3, 0)]
)
def test_published_sequences_through_the_database_are_those_of_the_kernel(agreed, found):
    reduced = found == (0,) * 12
    for number, major in enumerate(found):
        if number and series_of().severity == "discontinued":
            break
        inspected(pieces(f"YZ-{number:03}"), major=major, now=NOW + timedelta(minutes=number))
        if number == 0 and reduced:
            with as_actor(actor("chen")):
                allow_reduced(actor=actor("chen"), series=series_of(), allowed=True, reason="一年来稳定", now=NOW)
    steps = told_of(series_of())
    kernel = replay(found[: len(steps)], aql="2.5", level="II", lot_size=1200, reduced_authorised=reduced)
    assert [(s.severity, s.severity_after, s.accepted, s.code, s.score, s.plan["n"], s.plan["ac"]) for s in steps] == [
        (k.severity, k.severity_after, k.accepted, k.code, k.switching_score_after, k.plan.n, k.plan.ac) for k in kernel
    ]
    assert series_of().severity == kernel.state.severity


def test_discontinued_inspection_waits_for_the_chain_owner_who_says_why(agreed):
    for number in range(7):
        inspected(pieces(f"YZ-{number:03}"), major=9)
    series, lot = series_of(), pieces("YZ-100")
    assert series.severity == "discontinued" and "sampling_discontinued" in todos("chen")
    refused("sampling_is_discontinued", inspected, lot)
    with as_actor(actor("lin")), pytest.raises(NotYours):
        resume_sampling(actor=actor("lin"), series=series, reason="已整改完毕", now=NOW)
    with as_actor(actor("chen")):
        refused("sampling_word_needs_a_reason", resume_sampling, actor=actor("chen"), series=series, reason="ok", now=NOW)
        for _twice in range(2):
            resume_sampling(actor=actor("chen"), series=series, reason="换了织针，已复验三批", now=NOW)
    assert series_of().severity == "tightened" and "sampling_discontinued" not in todos("chen")
    assert [step.reason for step in told_of(series, kind="resumed")] == ["换了织针，已复验三批"]
    assert inspected(lot, major=0).plans[1]["severity"] == "tightened"


def test_a_correction_tells_the_series_again_and_keeps_what_stood_before(agreed):
    filed = [inspected(pieces(f"YZ-00{number}"), major=major) for number, major in enumerate((0, 6, 0, 6, 4))]
    series = series_of()
    assert [step.severity for step in told_of(series)] == ["normal"] * 4 + ["tightened"]
    assert filed[4].decision == "not_accepted"  # four are too many on tightened inspection
    newer = corrected(filed[1], major=2, now=NOW + timedelta(hours=1))
    series = series_of()
    kernel = replay((0, 2, 0, 6, 4), aql="2.5", level="II", lot_size=1200)
    assert [(s.severity, s.accepted, s.found) for s in told_of(series)] == [(k.severity, k.accepted, k.nonconforming) for k in kernel]
    assert (series.severity, series.generation, series.not_accepted, series.pieces_saved) == ("normal", 2, 1, 0)
    assert [step.severity for step in told_of(series, generation=1)] == ["normal"] * 4 + ["tightened"]
    assert told_of(series)[1].inspection_id == newer.pk and told_of(series, generation=1)[1].inspection_id == filed[1].pk
    with as_actor(actor("lin")):
        assert Inspection.objects.get(pk=filed[1].pk).decision == "not_accepted" and newer.decision == "accepted"
    refused("inspection_is_corrected", corrected, filed[1], major=1)
    refused("correction_changes_nothing", corrected, newer, major=2)
    refused("correction_needs_a_reason", corrected, newer, major=3, reason="?")
    inspected(pieces("YZ-009"), major=0, now=NOW + timedelta(hours=2))
    assert [step.number for step in told_of(series_of(), generation=1)] == [2, 3, 4, 5, 6]  # a later lot belongs to the later telling


def test_the_same_form_sent_twice_files_once(agreed):
    lot, key = pieces("YZ-001"), uuid4()
    first = inspected(lot, major=1, client_id=key)
    before = rows()
    assert (inspected(lot, major=1, client_id=key).pk, rows()) == (first.pk, before)


def test_a_lot_submitted_again_is_judged_and_counts_for_nothing(agreed):
    lot = pieces("YZ-001")
    first = inspected(lot, major=6)
    refused("lot_inspected_already", inspected, lot, major=0)
    again = inspected(lot, major=0, again=True)
    corrected(first, major=7, now=NOW + timedelta(hours=1))
    with as_actor(actor("lin")):
        assert stands_of_lot(actor("lin"), lot, stage="final", side="owner") == again  # the later submission, whatever is put right later
    steps = told_of(series_of())
    assert (again.original, [step.code for step in steps], series_of().lots) == (False, ["", "resubmitted"], 1)


def test_what_cannot_be_is_refused_and_nothing_is_kept(agreed):
    lot, yarn = pieces("YZ-001"), pieces("YZ-002", unit="kg", quantity="800")
    assert refused("found_more_than_taken", inspected, lot, major=81).field == "n_major"
    refused("found_more_than_taken", inspected, lot, major=40, minor=41)
    refused("named_more_than_counted", inspected, lot, major=1, named=(Named("major", "断线", 2),))
    refused("lot_size_out_of_range", inspected, yarn)
    refused("no_plan_for_stage", inspected, lot, stage="incoming")
    refused("inspected_in_the_future", inspected, lot, inspected_on=NOW.date() + timedelta(days=1))
    refused("inspected_too_early", inspected, lot, inspected_on=date(1, 1, 1))
    refused("plan_changed", inspected, lot, seen="1200:major:tightened:80:3")
    assert inspected(yarn, lot_size=400).plans[1]["code_letter"] == "H"
    with as_actor(actor("lin")):
        assert Lot.objects.get(pk=lot.pk).state == "registered"


def test_a_lot_of_a_day_without_an_agreement_or_of_no_relation_has_no_plan(agreed):
    refused("no_plan_for_stage", inspected, pieces("YZ-001", made_on=NOW.date() - timedelta(days=1)))
    refused("lot_has_no_relation", inspected, pieces("YZ-002", owner=None), "lin")


def test_nobody_but_the_two_sides_and_no_viewer_files(agreed):
    lot = pieces("YZ-001")
    for who in ("wu", "fang", "mei"):
        with as_actor(actor(who)), pytest.raises((Absent, NotYours)), transaction.atomic():
            file_inspection(actor=actor(who), lot=lot, said=InspectionSaid("final", counted(), NOW.date()), client_id=uuid4(), now=NOW)
    viewer = replace(actor("lin"), roles=frozenset({"viewer"}))
    with as_actor(viewer), pytest.raises(NotYours):
        file_inspection(actor=viewer, lot=lot, said=InspectionSaid("final", counted(), NOW.date()), client_id=uuid4(), now=NOW)
    inspected(lot, "lin", major=1)
    seen = {}
    for who in ("chen", "lin", "wu", "fang"):
        with as_actor(actor(who)):
            seen[who] = [model.objects.count() for model in (Inspection, NonconformityCount, SwitchingSeries, SwitchingStep)]
    assert seen == {"chen": [1, 1, 2, 4], "lin": [1, 1, 2, 4], "wu": [0] * 4, "fang": [0] * 4}


def test_the_other_sides_inspection_is_not_corrected_and_no_row_is_changed(agreed):
    row = inspected(pieces("YZ-001"), "lin", major=6)
    with pytest.raises(NotYours):
        corrected(row, "chen", major=1)
    for hat in (Hat.CLOCK, Hat.OWNER):
        with pytest.raises(DatabaseError), acting_as(hat, org_id=actor("chen").org_id), transaction.atomic():
            Inspection.objects.filter(pk=row.pk).update(decision="accepted")
    with pytest.raises(DatabaseError), as_actor(actor("chen")), transaction.atomic():  # nor filed in the other side's name
        Inspection.objects.create(**{name: getattr(row, name) for name in ("lot_id", "owner_org_id", "supplier_org_id", "org_id", "side", "stage", "lot_size", "plans", "decision", "agreement_id", "version_id", "version_number", "clause_id", "inspected_on", "filed_by", "filed_at")}, client_id=uuid4())  # fmt: skip
    with as_actor(actor("lin")):
        assert list(Inspection.objects.values_list("decision", flat=True)) == ["not_accepted"]


def test_leave_for_reduced_inspection_is_given_and_taken_back(agreed):
    inspected(pieces("YZ-001"))
    for allowed in (True, True, False):
        with as_actor(actor("chen")):
            allow_reduced(actor=actor("chen"), series=series_of(), allowed=allowed, reason="供应商过程稳定", now=NOW)
    with as_actor(actor("lin")):
        steps = [step.kind for step in steps_of(actor("lin"), series_of("lin"))]
    assert steps == ["terms", "lot", "authorised", "unauthorised"]


def test_other_terms_in_a_later_text_begin_a_segment_and_say_so(agreed):
    for number, major in enumerate((6, 0, 6)):
        inspected(pieces(f"YZ-00{number}"), major=major)
    assert series_of().severity == "tightened"
    later = NOW + timedelta(days=30)
    in_force(template="accessories-1", starts=later.date(), now=later)  # level I where level II had been asked
    row = inspected(pieces("YZ-100", made_on=later.date(), now=later), major=2, now=later)
    former = inspected(pieces("YZ-101", now=later), major=4, now=later)  # made under the former text, inspected late
    steps = [(step.code, step.segment, step.terms["level"]) for step in told_of(series_of(), kind="terms")]
    assert steps == [("opened", 1, "II"), ("terms_changed", 2, "I"), ("terms_back", 1, "II")]
    plans = [(row.plans[1][name], former.plans[1][name]) for name in ("severity", "code_letter", "accepted")]
    assert plans == [("normal", "tightened"), ("G", "J"), (True, False)]
