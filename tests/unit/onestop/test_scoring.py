"""What facts add up to: hand-computed cases, and what a change of method does to them."""

import json
from copy import deepcopy

import pytest

from foundation.errors import RuleBroken
from inspections.consistency import wilson
from onestop.scoring import FIRST_BODY, PARTS, checked, compute, move, n_of
from onestop.steadiness import weakest_of

FULL = {
    "compliance": {"due": 20, "met": 18, "weighted": 20 * 9_000},
    "conformity": {"judged": 100, "passed": 96},
    "steadiness": {"series": 4, "quiet": 3},
    "audits": {"audits": 2, "total": 8_800 + 9_101},
    "correcting": {"due": 3, "in_time": 2},
    "freshness": {"kept": 8, "current": 8},
    "open_critical": 0,
}
SAID = {
    **{f"weight_{name}": FIRST_BODY["parts"][name]["weight"] for name in PARTS},
    **{f"least_{name}": FIRST_BODY["parts"][name]["least"] for name in PARTS},
    "least_parts": 3, "floor_A": 85, "floor_B": 70, "floor_C": 55,
}  # fmt: skip


def test_the_whole_is_the_weighted_mean_of_its_parts():
    said = compute(FIRST_BODY, FULL)

    assert said.parts == {
        "compliance": 9_000,
        "conformity": 9_138,
        "steadiness": 7_500,
        "audits": 8_951,
        "correcting": 6_667,
        "freshness": 10_000,
    }
    # (25 × 90.00 + 25 × 91.38 + 15 × 75.00 + 15 × 89.51 + 10 × 66.67 + 10 × 100.00) / 100
    assert (said.value_hundredths, said.band, said.capped) == (8_669, "A", False)


@pytest.mark.parametrize(("n", "good"), [(20, 20), (100, 96), (1_000, 1), (37, 0)])
def test_the_share_of_good_results_is_its_lower_bound_as_in_the_consistency_index(n, good):
    facts = {**FULL, "conformity": {"judged": n, "passed": good}}

    assert compute(FIRST_BODY, facts).parts["conformity"] == pytest.approx(wilson(good, n)[0] * 10_000, abs=0.5)


def test_a_series_with_an_index_counts_by_it_and_the_others_by_their_silence():
    steady = {"series": 4, "quiet": 1, "indexed": 2, "index_total": 6_200 + 8_001}

    # (62.00 + 80.01 + 100 + 0) / 4
    assert compute(FIRST_BODY, {**FULL, "steadiness": steady}).parts["steadiness"] == 6_050


def test_the_weakest_known_part_of_an_index_speaks_and_one_part_alone_does_not():
    assert weakest_of({"capability": 9_100, "lot_to_lot": 6_200, "drift": None}) == ("lot_to_lot", 6_200)
    assert weakest_of({"capability": None, "lot_to_lot": 6_200, "drift": None}) == ("", None)


def test_what_is_not_known_is_no_zero_and_leaves_the_sum():
    facts = {**FULL, "audits": {"audits": 0, "total": 0}, "correcting": {"due": 2, "in_time": 0}}

    said = compute(FIRST_BODY, facts)

    assert (said.parts["audits"], said.parts["correcting"]) == (None, None)
    # (25 × 90.00 + 25 × 91.38 + 15 × 75.00 + 10 × 100.00) / 75
    assert said.value_hundredths == 8_879


def test_two_parts_are_too_few_for_a_whole():
    facts = {"compliance": FULL["compliance"], "freshness": FULL["freshness"], "open_critical": 0}

    said = compute(FIRST_BODY, facts)

    assert (said.value_hundredths, said.band) == (None, "")
    assert said.parts["compliance"] == 9_000


def test_an_open_critical_finding_allows_c_at_best():
    said = compute(FIRST_BODY, {**FULL, "open_critical": 1})

    assert (said.value_hundredths, said.band, said.capped) == (8_669, "C", True)


def test_computed_again_from_what_was_kept_it_is_the_same():
    assert compute(FIRST_BODY, json.loads(json.dumps(FULL))) == compute(FIRST_BODY, FULL)


def test_a_heavier_weak_part_is_the_reason_why_a_firm_falls():
    after = deepcopy(FIRST_BODY)
    after["parts"]["correcting"]["weight"], after["parts"]["compliance"]["weight"] = 25, 10

    found = move(FIRST_BODY, after, FULL)

    assert (found.before.band, found.after.band, found.part) == ("A", "B", "correcting")
    assert found.change == -350  # 15 points of weight from 90.00 to 66.67
    assert move(FIRST_BODY, deepcopy(FIRST_BODY), FULL) is None


def test_an_unknown_algorithm_is_refused_by_name():
    with pytest.raises(ValueError, match="portrait-9"):
        compute({**FIRST_BODY, "algorithm": "portrait-9"}, FULL)


def test_the_first_method_passes_its_own_rules():
    assert checked(SAID) == FIRST_BODY


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"weight_audits": 16}, "score_weights_not_whole"),
        ({"weight_audits": 101}, "score_weight_out_of_range"),
        ({"least_audits": 0}, "score_least_out_of_range"),
        ({"least_parts": 7}, "score_least_parts_out_of_range"),
        ({"floor_B": 90}, "score_floors_not_falling"),
    ],
)
def test_a_method_that_cannot_be_is_refused_with_its_rule(said, code):
    with pytest.raises(RuleBroken) as refused:
        checked({**SAID, **said})
    assert refused.value.code == code


def test_the_number_of_rows_behind_a_part_is_told():
    assert [n_of(part, FULL) for part in PARTS] == [20, 100, 4, 2, 3, 8]
