"""What answers add up to: weights, caps, what waits, and VDA 6.3; the same inputs give the same number."""

import json
from decimal import Decimal

import pytest

from audits.scoring import Mark, Outcome, Standing, compute, inputs_of
from audits.status import Answered, result_class

YES, HALF, NO = Decimal(1), Decimal("0.5"), Decimal(0)


def came(*marks, scoring="weighted", **standing):
    return compute(inputs_of(scoring, marks, Standing(**standing)))


def mark(number, share, weight=1, **more):
    return Mark(number, f"Q-{number}", weight, share=share, **more)


def vda(number, points, element="P5", **more):
    return Mark(
        number, f"{element[1]}.{number}", element=element, points=points, share=Decimal(points) / 10 if points is not None else None, **more
    )


def test_weight_times_share_over_the_weight_that_applies():
    outcome = came(mark(1, YES, 2), mark(2, HALF), mark(3, None, 5, out="na"))

    assert (outcome.value_hundredths, outcome.band, outcome.reasons) == (8333, "B", ())


def test_nothing_that_applies_is_no_score_and_no_band():
    assert came(mark(1, None, out="na"), mark(2, None, out="unanswered")) == Outcome(None, "")


@pytest.mark.parametrize(
    ("good", "of", "band"), [(9, 10, "A"), (89, 100, "B"), (75, 100, "B"), (74, 100, "C"), (60, 100, "C"), (59, 100, "D"), (0, 1, "D")]
)
def test_bands_begin_at_their_floors(good, of, band):
    assert came(mark(1, YES, good), mark(2, NO, of - good)).band == band


def test_what_is_read_as_ninety_per_cent_is_an_a():
    outcome = came(mark(1, YES, 89996), mark(2, NO, 10004))

    assert (outcome.value_hundredths, outcome.band) == (9000, "A")


def test_an_open_critical_finding_allows_c_at_best_and_says_so():
    outcome = came(mark(1, YES), open_critical=1)

    assert (outcome.value_hundredths, outcome.band, outcome.before, outcome.reasons) == (10000, "C", "A", ("critical_finding",))


def test_a_critical_question_not_met_at_all_allows_c_at_best():
    assert came(mark(1, NO, 1, is_critical=True), mark(2, YES, 99)).reasons == ("critical_question",)
    assert came(mark(1, HALF, 1, is_critical=True), mark(2, YES, 99)).band == "A"


def test_a_cap_lifts_nothing():
    outcome = came(mark(1, NO, 9), mark(2, YES), open_critical=2)

    assert (outcome.band, outcome.reasons) == ("D", ())


def test_a_mark_that_waits_leaves_the_sum_above_and_below_the_line():
    waiting = mark(2, NO, 9, is_critical=True, out="waits")

    assert came(mark(1, YES), waiting, contested=1).band == "A"


def test_each_section_has_its_own_share():
    outcome = came(mark(1, YES, section="s1"), mark(2, NO, section="s1"), mark(3, YES, section="s2"), mark(4, None, section="s3", out="na"))

    assert outcome.sections == {"s1": 50.0, "s2": 100.0}


def test_a_process_audit_is_graded_by_its_own_rules():
    outcome = came(vda(1, 10), vda(2, 8), vda(3, 10), scoring="vda63")

    assert (outcome.value_hundredths, outcome.band, outcome.sections) == (9333, "A", {"P5": 93.33})


def test_a_starred_question_takes_a_process_audit_down():
    outcome = came(*(vda(n, 10) for n in range(1, 20)), vda(20, 4, is_critical=True), scoring="vda63")

    assert (outcome.band, outcome.before, outcome.reasons) == ("B", "A", ("*-question 4 points",))


def test_too_few_evaluated_questions_are_no_grade():
    outcome = came(vda(1, 10), vda(2, None, out="na"), scoring="vda63")

    assert (outcome.value_hundredths, outcome.band, outcome.reasons) == (None, "", ("incomplete P5",))


def test_a_critical_finding_caps_a_process_audit_too():
    assert came(vda(1, 10), scoring="vda63", open_critical=1).reasons == ("critical_finding",)


def test_a_checklist_of_no_element_cannot_be_a_process_audit():
    assert came(mark(1, YES), scoring="vda63").reasons == ("no_element",)


def test_what_is_kept_survives_json_and_gives_the_same_number():
    marks = [mark(1, Decimal("0.6"), 3, section="s1"), mark(2, NO, 2, is_critical=True), mark(3, None, out="na")]
    inputs = inputs_of("weighted", marks, Standing(1, 1))

    assert compute(json.loads(json.dumps(inputs))) == compute(inputs)


@pytest.mark.parametrize("inputs", [{"method": "weighted-0"}, {"method": ""}])
def test_a_method_that_is_not_ours_is_refused(inputs):
    with pytest.raises(ValueError, match="method is"):
        compute(inputs)
    with pytest.raises(ValueError, match="scoring is"):
        inputs_of("by hand", [], Standing())


@pytest.mark.parametrize(("no", "critical"), [(set(), 0), ({4}, 0), ({1}, 0), ({1, 2, 3}, 0), (set(), 1), ({4, 5}, 2)])
def test_a_self_check_has_the_class_it_always_had(no, critical):
    weights = {1: 3, 2: 2, 3: 2, 4: 2, 5: 1}
    answers = [Answered(n, f"Q-{n}", w, n == 1, "none", answer="no" if n in no else "yes") for n, w in weights.items()]
    marks = [mark(n, NO if n in no else YES, w, is_critical=n == 1) for n, w in weights.items()]

    assert came(*marks, open_critical=critical).band == result_class(answers, critical_findings=critical)
