"""Comparison rounds: who sees what at which step, what is refused, and what a closed round keeps."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from foundation.actor import as_actor
from foundation.errors import Absent, FieldsToMend, NotYours, RuleBroken
from notices.models import Notification, Todo
from oversight.models import ComparisonRound, RoundAnalysis, RoundMeasure, RoundParticipant, RoundReading, RoundSheet
from oversight.selectors.comparison import Candidate, analyses_of, own_past, round_for, rounds, sheets_to_fill
from oversight.services import comparison as services
from oversight.services.comparison import (
    MeasureSaid,
    RoundSaid,
    answer_round,
    close_run_out,
    create_round,
    invite_to_round,
    leave_out,
    move_round,
    send_again,
)
from oversight.services.comparison_results import LineSaid, file_sheet, receive_sample, release_sheet
from tests.cast import actor
from tests.world_rounds import a_round, colleague, other_lab, published

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = timezone.localdate(NOW)
LABS = [actor("mei"), *(other_lab(n) for n in range(5))]


@pytest.fixture(autouse=True)
def _known(monkeypatch):
    """The cast has one laboratory; the others are invented, so the registry is stood in for."""
    known = [Candidate(lab.org_id, lab.org_name_zh, lab.org_name_en, lab.hat) for lab in [*LABS, actor("lin"), actor("wu"), actor("chen")]]
    monkeypatch.setattr(
        services, "candidates", lambda actor, kind, ids=None: [each for each in known if ids is None or each.pk in set(ids)]
    )


def _made(**more):
    zhou = actor("zhou")
    said = RoundSaid("interlab", "pH 值比对", "棉布", TODAY, TODAY + timedelta(days=20), more)
    made = create_round(actor=zhou, said=said, client_id=str(uuid4()), now=NOW)
    services.add_measure(
        actor=zhou,
        round_id=made.pk,
        said=MeasureSaid("PH", "GB/T 7573-2009", benchmark_lower=Decimal("4.0"), benchmark_upper=Decimal("8.5")),
    )
    invite_to_round(actor=zhou, round_id=made.pk, org_ids=[lab.org_id for lab in LABS], now=NOW)
    return made


def _code(raised):
    return raised.value.code


def test_a_round_from_draft_to_published_shows_each_laboratory_itself_and_the_crowd_by_codes():
    zhou = actor("zhou")
    with as_actor(zhou):
        made = _made()
        parts = {row.org_id: row.pk for row in RoundParticipant.objects.filter(round=made)}
        move_round(actor=zhou, round_id=made.pk, to="open", now=NOW)
    for lab in LABS:
        with as_actor(lab):
            answer_round(actor=lab, participant_id=parts[lab.org_id], joins=True, now=NOW)
    with as_actor(zhou):
        for to in ("samples_sent", "collecting"):
            move_round(actor=zhou, round_id=made.pk, to=to, now=NOW)
        measure = RoundMeasure.objects.get(round=made)
    for lab, value in zip(LABS, ["7.6", "6.7", "6.8", "6.8", "6.6", "6.9"], strict=True):
        with as_actor(lab):
            receive_sample(actor=lab, participant_id=parts[lab.org_id], condition="good", now=NOW)
            file_sheet(actor=lab, participant_id=parts[lab.org_id], lines=[LineSaid(measure.pk, [value, value])], via="web", now=NOW)
            release_sheet(actor=colleague(lab), participant_id=parts[lab.org_id], now=NOW)
            assert analyses_of(lab, made) == {}
    with as_actor(zhou):
        for to in ("closed", "analysed", "published"):
            move_round(actor=zhou, round_id=made.pk, to=to, now=NOW)
        code = RoundParticipant.objects.get(pk=parts[LABS[0].org_id]).blind_code

    with as_actor(LABS[0]):
        (found,) = analyses_of(LABS[0], made).values()
        mine = next(line for line in found.crowd if line["code"] == code)
        (past,) = own_past(LABS[0])
        assert (found.outcome, found.figures["n"], mine["value"], mine["verdict"]) == ("scored", 6, 7.6, "act")
        assert (past.line, RoundParticipant.objects.filter(round=made).count(), RoundReading.objects.filter(round=made).count()) == (
            mine,
            1,
            1,
        )
        assert not {"org_id", "name", "org"} & {key for line in found.crowd for key in line}
        assert set(Todo.objects.filter(subject_id=made.pk, done_at=None)) == set()
        assert Notification.objects.filter(subject_id=made.pk, kind="round_published").count() == 1


def test_a_draft_is_seen_by_nobody_but_the_bureau():
    with as_actor(actor("zhou")):
        made = _made()
        assert rounds(actor("zhou"))[0] == made
    with as_actor(actor("mei")):
        assert (rounds(actor("mei")), RoundParticipant.objects.count(), RoundSheet.objects.count(), RoundMeasure.objects.count()) == (
            [],
            0,
            0,
            0,
        )
        with pytest.raises(Absent):
            round_for(actor("mei"), made.pk)


def test_who_takes_no_part_sees_nothing_of_a_published_round():
    made = published(now=NOW)
    for stranger in (replace(actor("mei"), org_id=uuid4()), actor("lin"), actor("an")):
        with as_actor(stranger):
            assert rounds(stranger) == []
            assert [
                model.objects.visible_to(stranger).count() for model in (ComparisonRound, RoundParticipant, RoundSheet, RoundAnalysis)
            ] == [0, 0, 0, 0]
    with as_actor(actor("lin")):  # the second wall, without the first
        assert [
            model.objects.count() for model in (ComparisonRound, RoundMeasure, RoundParticipant, RoundSheet, RoundReading, RoundAnalysis)
        ] == [0] * 6
    with as_actor(actor("mei")):
        assert round_for(actor("mei"), made.pk) == made


def test_the_one_who_entered_cannot_release():
    made, mei = a_round(now=NOW), actor("mei")
    with as_actor(mei):
        (sheet,), measure = sheets_to_fill(mei, made), RoundMeasure.objects.get(round=made)
        file_sheet(actor=mei, participant_id=sheet.pk, lines=[LineSaid(measure.pk, ["6.8"])], via="web", now=NOW)
        with pytest.raises(RuleBroken) as raised:
            release_sheet(actor=mei, participant_id=sheet.pk, now=NOW)
        with pytest.raises(DatabaseError), transaction.atomic():
            RoundSheet.objects.filter(pk=sheet.pk).update(state="released", released_by_id=mei.person_id)

        assert (_code(raised), RoundSheet.objects.get(pk=sheet.pk).state) == ("second_person_needed", "entered")


def test_results_entered_anew_take_a_release_back_and_replace_what_stood_there():
    made, mei = a_round(now=NOW), actor("mei")
    with as_actor(mei):
        (sheet,), measure = sheets_to_fill(mei, made), RoundMeasure.objects.get(round=made)
        file_sheet(
            actor=mei,
            participant_id=sheet.pk,
            lines=[LineSaid(measure.pk, ["6.8"], rater="甲"), LineSaid(measure.pk, ["6.9"], rater="乙")],
            via="web",
            now=NOW,
        )
        release_sheet(actor=colleague(mei), participant_id=sheet.pk, now=NOW)

        again = file_sheet(actor=mei, participant_id=sheet.pk, lines=[LineSaid(measure.pk, ["6.7", "<6.9"])], via="api", now=NOW)

        (row,) = RoundReading.objects.filter(sheet=sheet)
        assert (again.state, again.released_by, row.values, row.qualifiers) == ("entered", "", [Decimal("6.7"), Decimal("6.9")], ["=", "<"])


def test_a_reading_that_cannot_be_kept_is_named_by_its_line_and_nothing_changes():
    made, mei = a_round(now=NOW), actor("mei")
    with as_actor(mei):
        (sheet,), measure = sheets_to_fill(mei, made), RoundMeasure.objects.get(round=made)
        lines = [LineSaid(measure.pk, ["6.8"]), LineSaid(measure.pk, ["abc"], rater="乙"), LineSaid(uuid4(), ["1"])]
        with pytest.raises(FieldsToMend) as raised:
            file_sheet(actor=mei, participant_id=sheet.pk, lines=lines, via="web", now=NOW)

        assert [error["pointer"] for error in raised.value.errors] == ["/lines/1/values", "/lines/2/measure"]
        assert (RoundReading.objects.count(), RoundSheet.objects.get(pk=sheet.pk).state) == (0, "sent")


def test_an_edition_that_is_superseded_is_marked_and_another_one_is_kept_but_not_counted(monkeypatch):
    monkeypatch.setattr("oversight.services.comparison_results.is_superseded", lambda code, on: code == "GB/T 7573-2009")
    made, mei = a_round(now=NOW), actor("mei")
    with as_actor(mei):
        (sheet,), measure = sheets_to_fill(mei, made), RoundMeasure.objects.get(round=made)
        lines = [LineSaid(measure.pk, ["6.8"], rater="甲", edition="GB/T 7573-2002"), LineSaid(measure.pk, ["6.9"], rater="乙")]
        file_sheet(actor=mei, participant_id=sheet.pk, lines=lines, via="web", now=NOW)
        release_sheet(actor=colleague(mei), participant_id=sheet.pk, now=NOW)

        rows = RoundReading.objects.filter(sheet=sheet).order_by("values").values_list("edition_code", "is_old_edition")
        assert list(rows) == [("GB/T 7573-2002", False), ("GB/T 7573-2009", True)]
    with as_actor(actor("zhou")):
        for to in ("closed", "analysed"):
            move_round(actor=actor("zhou"), round_id=made.pk, to=to, now=NOW)
        figures = RoundAnalysis.objects.get(round=made).figures
        assert (figures["n"], figures["old_editions"], figures["other_editions"], figures["left_out"]) == (1, 1, 0, 5)


def test_a_late_laboratory_is_left_out_with_a_note_and_not_waited_for():
    made, zhou, mei = a_round(now=NOW), actor("zhou"), actor("mei")
    with as_actor(zhou):
        move_round(actor=zhou, round_id=made.pk, to="closed", now=NOW)

        late = RoundParticipant.objects.filter(round=made).values_list("state", "excluded_because").distinct()
        assert (list(late), RoundSheet.objects.filter(round=made, state="left_out").count()) == ([("excluded", "late")], 6)
    with as_actor(mei):
        assert Notification.objects.filter(subject_id=made.pk, kind="round_left_out").count() == 1


def test_the_clock_closes_a_round_after_its_last_day_and_not_before():
    made = a_round(now=NOW)

    before = close_run_out(NOW + timedelta(days=20))
    after = [close_run_out(NOW + timedelta(days=21)) for _again in range(2)]

    with as_actor(actor("zhou")):
        found = ComparisonRound.objects.get(pk=made.pk)
        assert (before, after, found.state, found.closed_at) == (0, [1, 0], "closed", NOW + timedelta(days=21))
        assert set(RoundParticipant.objects.filter(round=made).values_list("state", "excluded_because")) == {("excluded", "late")}


def test_whoever_writes_holds_the_round_before_its_people_and_sheets():
    """Else a firm that answers and the bureau that goes on wait for each other, or a sheet is filled while its round is closed."""
    made, zhou, mei = a_round(now=NOW), actor("zhou"), actor("mei")
    part = next(row for row in _parts(made) if row.org_id == mei.org_id)
    with CaptureQueriesContext(connection) as asked:
        with as_actor(mei), pytest.raises(RuleBroken) as raised:
            answer_round(actor=mei, participant_id=part.pk, joins=False, now=NOW)
        with as_actor(mei):
            receive_sample(actor=mei, participant_id=part.pk, condition="damaged", note="受潮", now=NOW)
        with as_actor(zhou):
            send_again(actor=zhou, participant_id=part.pk, now=NOW)

    steps = [each["sql"] for each in asked.captured_queries]
    held = [sql.split('FROM "oversight_')[1].split('"')[0] for sql in steps if "FOR UPDATE" in sql]
    assert (_code(raised), held) == ("round_is_under_way", ["comparisonround", "comparisonround", "roundsheet", "comparisonround"])


def _parts(made):
    with as_actor(actor("zhou")):
        return list(RoundParticipant.objects.filter(round=made))


def test_a_closed_round_changes_nothing_whoever_asks():
    made, zhou, mei = published(now=NOW), actor("zhou"), actor("mei")
    with as_actor(mei):
        (sheet,) = sheets_to_fill(mei, made)
        with pytest.raises(RuleBroken) as raised:
            file_sheet(actor=mei, participant_id=sheet.pk, lines=[LineSaid(uuid4(), ["6.8"])], via="web", now=NOW)
        with pytest.raises(DatabaseError), transaction.atomic():
            RoundReading.objects.filter(sheet=sheet).delete()
    with as_actor(zhou):
        for act in (
            lambda: RoundAnalysis.objects.filter(round=made).update(outcome="scored"), lambda: RoundParticipant.objects.filter(round=made).update(blind_code="XXXX"),
            lambda: ComparisonRound.objects.filter(pk=made.pk).update(state="collecting"), lambda: ComparisonRound.objects.filter(pk=made.pk).update(name_zh="改"),
        ):  # fmt: skip
            with pytest.raises(DatabaseError), transaction.atomic():
                act()

        assert (_code(raised), RoundReading.objects.filter(round=made).count(), ComparisonRound.objects.get(pk=made.pk).state) == (
            "results_not_asked",
            6,
            "published",
        )


def test_steps_are_not_skipped_and_a_step_taken_twice_is_taken_once():
    zhou = actor("zhou")
    with as_actor(zhou):
        made = _made()
        with pytest.raises(RuleBroken) as skipped:
            move_round(actor=zhou, round_id=made.pk, to="collecting", now=NOW)
        assert _code(skipped) == "round_step_skipped"
        for _again in range(2):
            assert move_round(actor=zhou, round_id=made.pk, to="open", now=NOW).state == "open"
        with pytest.raises(RuleBroken) as few:
            move_round(actor=zhou, round_id=made.pk, to="samples_sent", now=NOW)

        assert (_code(few), ComparisonRound.objects.get(pk=made.pk).state) == ("round_needs_takers", "open")
        assert Todo.objects.filter(kind="round_invited", subject_id=made.pk).count() == 0  # those lie with the laboratories


def test_a_round_made_or_asked_twice_is_one():
    zhou = actor("zhou")
    with as_actor(zhou):
        said = RoundSaid("interlab", "比对", "棉布", TODAY, TODAY)
        first, second = (create_round(actor=zhou, said=said, client_id="same", now=NOW) for _ in range(2))
        asked = [invite_to_round(actor=zhou, round_id=first.pk, org_ids=[LABS[0].org_id], now=NOW) for _ in range(2)]

        assert (first.pk == second.pk, asked, RoundSheet.objects.filter(round=first).count()) == (True, [1, 0], 1)


def test_only_the_bureau_leads():
    made = a_round(now=NOW)
    for other in (actor("mei"), actor("lin"), actor("pan")):
        with as_actor(other), pytest.raises(NotYours):
            move_round(actor=other, round_id=made.pk, to="closed", now=NOW)
    with as_actor(actor("zhou")):
        assert ComparisonRound.objects.get(pk=made.pk).state == "collecting"


def test_a_damaged_sample_goes_back_and_another_is_sent():
    made, zhou, mei = a_round(now=NOW), actor("zhou"), actor("mei")
    with as_actor(mei):
        (sheet,) = sheets_to_fill(mei, made)
        with pytest.raises(RuleBroken) as wordless:
            receive_sample(actor=mei, participant_id=sheet.pk, condition="damaged", now=NOW)
        receive_sample(actor=mei, participant_id=sheet.pk, condition="damaged", note="受潮", now=NOW)
    with as_actor(zhou):
        assert (_code(wordless), send_again(actor=zhou, participant_id=sheet.pk, now=NOW).state) == ("round_note_needed", "sent")
        with pytest.raises(RuleBroken) as raised:
            leave_out(actor=zhou, participant_id=sheet.pk, because=" ", now=NOW)
        assert leave_out(actor=zhou, participant_id=sheet.pk, because="样品用尽", now=NOW).excluded_because == "样品用尽"
        assert _code(raised) == "round_note_needed"


def test_a_laboratory_that_tests_products_never_reads_whose_they_are():
    zhou, mei, lin = actor("zhou"), actor("mei"), actor("lin")
    with as_actor(zhou):
        said = RoundSaid("product_static", "衬衫对比", "衬衫", TODAY, TODAY, tester_org_id=mei.org_id)
        made = create_round(actor=zhou, said=said, client_id=str(uuid4()), now=NOW)
        services.add_measure(actor=zhou, round_id=made.pk, said=MeasureSaid("PH", "GB/T 7573-2009"))
        invite_to_round(
            actor=zhou,
            round_id=made.pk,
            org_ids=[lin.org_id, actor("wu").org_id, actor("chen").org_id, *(lab.org_id for lab in LABS[1:4])],
            now=NOW,
        )
        move_round(actor=zhou, round_id=made.pk, to="open", now=NOW)
    with as_actor(lin):
        part = RoundParticipant.objects.get(round=made)
        answer_round(actor=lin, participant_id=part.pk, joins=True, now=NOW)
        assert (RoundSheet.objects.get(pk=part.pk).state, RoundSheet.objects.filter(round=made).count()) == ("joined", 1)
    with as_actor(mei):
        assert list(RoundParticipant.objects.filter(round=made).values_list("org_id", "part")) == [(mei.org_id, "tester")]
        fields = {field.name for field in RoundSheet._meta.get_fields() if field.concrete}
        assert (RoundSheet.objects.filter(round=made).count(), "org_id" in fields) == (6, False)


def test_the_same_readings_give_the_same_figures_and_hash():
    first, second = published(now=NOW), published(now=NOW)
    with as_actor(actor("zhou")):
        one, two = (RoundAnalysis.objects.get(round=each) for each in (first, second))

        assert one.figures == two.figures
        assert [line["score"] for line in one.crowd] == [line["score"] for line in two.crowd]
        assert (one.method, len(one.inputs_sha256), isinstance(one.pk, UUID)) == ("comparison-1", 64, True)
