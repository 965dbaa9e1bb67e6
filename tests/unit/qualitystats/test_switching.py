"""Switching rules: when a switch begins, what counts, what does not, and the reason in words."""

import pytest

from qualitystats.sampling import InspectedLot, SwitchingState, replay, replay_by_class
from qualitystats.switching import NOT_ACCEPTED_TO_STOP

# Letter K at AQL 2.5: normal 125/7, tightened 125/5, reduced 50/5; one AQL tighter on normal: Ac 5.
K = {"aql": 2.5, "code_letter": "K"}


def test_a_switch_begins_with_the_next_lot_and_says_why():
    series = replay([0, 8, 9, 0], **K)

    assert [step.severity for step in series] == ["normal", "normal", "normal", "tightened"]
    assert series[2].reason == "2 of the last 3 lots not accepted → tightened from the next lot"
    assert (series[2].switched, series[3].switched) == (True, False)


def test_two_lots_five_apart_tighten_and_six_apart_do_not():
    assert replay([8, 0, 0, 0, 8], **K).state.severity == "tightened"
    assert replay([8, 0, 0, 0, 8], **K)[-1].reason == "2 of the last 5 lots not accepted → tightened from the next lot"
    assert replay([8, 0, 0, 0, 0, 8], **K).state.severity == "normal"


def test_an_accepted_lot_that_fails_the_tighter_aql_sets_the_score_back_and_adds_nothing():
    scores = [step.switching_score_after for step in replay([5, 5, 6, 5], **K)]

    assert scores == [3, 6, 0, 3]


@pytest.mark.parametrize(("aql", "counts"), [("0.25", [0, 0, 1]), ("0.40", [1, 1, 2])])
def test_plans_with_ac_of_0_or_1_score_two_and_fall_to_zero(aql, counts):
    letter = {"0.25": "H", "0.40": "K"}[aql]

    assert [step.switching_score_after for step in replay(counts, aql=aql, code_letter=letter)] == [2, 4, 0]


def test_reduced_needs_the_authority_and_steady_production():
    assert replay([0] * 12, **K).state.severity == "normal"
    assert replay([0] * 12, **K)[-1].code == "not_authorised"
    assert replay([0] * 10, **K, reduced_authorised=True).state.severity == "reduced"
    unsteady = [*[0] * 9, InspectedLot(0, production_steady=False)]
    assert replay(unsteady, **K, reduced_authorised=True).state.severity == "normal"


def test_unsteady_production_ends_reduced_inspection():
    series = replay([*[0] * 10, InspectedLot(0, production_steady=False)], **K, reduced_authorised=True)

    assert (series[-1].severity, series[-1].accepted, series.state.severity) == ("reduced", True, "normal")


def test_five_not_accepted_on_tightened_stop_inspection_even_when_not_in_a_row():
    series = replay([8, 8, 6, 0, 6, 0, 6, 0, 6, 0, 6, 0], **K)

    assert series[10].severity_after == "discontinued"
    assert series[10].reason == "5 lots not accepted on tightened inspection → inspection is discontinued"
    assert (series[11].plan, series[11].accepted, series[11].switching_score_after) == (None, None, None)


def test_the_count_of_not_accepted_ends_with_its_stay_on_tightened():
    four = [6, 0, 6, 0, 6, 0, 6]
    series = replay([8, 8, *four, 0, 0, 0, 0, 0, 8, 8, *four], **K)

    assert series.state.severity == "tightened"
    assert series.state.not_accepted == NOT_ACCEPTED_TO_STOP - 1


def test_a_lot_submitted_again_is_judged_and_changes_nothing():
    without, with_it = replay([8, 0, 0], **K), replay([8, ["resub", 8], ("resub", 0), 0, 0], **K)

    assert [step.accepted for step in with_it] == [False, False, True, True, True]
    assert (
        (with_it.state.severity, with_it.state.recent) == (without.state.severity, without.state.recent) == ("normal", (False, True, True))
    )
    assert with_it.state.switching_score == without.state.switching_score


def test_each_lot_may_have_its_own_size():
    series = replay([InspectedLot(0, lot_size=1200), {"nonconforming": 0, "lot_size": 3200}], aql=2.5, level="II")

    assert [(step.plan.code_letter, step.plan.n) for step in series] == [("J", 80), ("K", 125)]


def test_one_size_may_stand_for_all_lots():
    assert replay([0, 1], aql=2.5, level="II", lot_size=1200)[1].plan.n == 80


def test_classes_of_nonconformity_have_series_of_their_own():
    series = replay_by_class({"major": [8, 8], "minor": [0, 0]}, aql={"major": 2.5, "minor": 4.0}, code_letter="K")

    assert {name: found.state.severity for name, found in series.items()} == {"major": "tightened", "minor": "normal"}
    assert series["major"].state.nonconformity_class == "major"
    with pytest.raises(ValueError, match="aql is for"):
        replay_by_class({"major": [8]}, aql={"minor": 4.0}, code_letter="K")


def test_the_edition_stands_in_the_series_and_in_its_plans():
    state = SwitchingState.start(**K).after(0)

    assert state.edition == state.step.plan.edition == "ISO 2859-1:1999 (GB/T 2828.1-2012)"


def test_inspection_is_taken_up_again_on_tightened_with_counts_at_zero():
    stopped = replay([8, 8, 6, 6, 6, 6, 6], **K).state

    resumed = stopped.resumed()

    assert (stopped.severity, resumed.severity, resumed.not_accepted, resumed.accepted_in_a_row) == ("discontinued", "tightened", 0, 0)


@pytest.mark.parametrize(
    "lot", [True, -1, 1.5, "3", None, ("other", 1), ["resub"], {"d": 1}, {"nonconforming": 1, "size": 5}, InspectedLot(0, lot_size=1)]
)
def test_a_lot_that_cannot_be_read_is_refused_and_the_state_stays(lot):
    state = SwitchingState.start(**K).after(8)

    with pytest.raises(ValueError):
        state.after(lot)

    assert state == SwitchingState.start(**K).after(8)


def test_a_series_needs_a_level_or_a_letter_and_with_a_level_a_size():
    with pytest.raises(ValueError, match="one of them must be given"):
        replay([0], aql=2.5)
    with pytest.raises(ValueError, match="one of them must be given"):
        replay([0], aql=2.5, level="II", code_letter="K")
    with pytest.raises(ValueError, match="lot_size is None"):
        replay([0], aql=2.5, level="II")
