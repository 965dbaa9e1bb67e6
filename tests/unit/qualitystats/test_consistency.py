"""The consistency index: five parts, each with its n and its state; never a number where there is no answer."""

import numpy as np
import pytest

from qualitystats.consistency import (
    PARTS,
    agreement_part,
    capability_part,
    conformity_part,
    consistency_index,
    drift_part,
    lot_to_lot_part,
    unknown_part,
)

RNG = np.random.default_rng(8)
STEADY = RNG.normal(10, 1, size=60)


def parts(**known):
    return {**{name: unknown_part(name) for name in PARTS}, **known}


def test_the_worst_part_comes_first_and_unknown_ones_last():
    found = consistency_index(
        **parts(conformity=conformity_part(passed=99, inspected=100), agreement=agreement_part([1] * 5, [0] * 5, reproducibility_limit=2))
    )

    assert [part.name for part in found.worst_first][:2] == ["agreement", "conformity"]
    assert found.worst.score == 50.0
    assert {part.score for part in found.worst_first[2:]} == {None}


def test_no_data_is_a_state_and_not_a_zero():
    found = consistency_index(**parts())

    assert found.worst is None
    assert {(part.score, part.state) for part in found.parts} == {(None, "not_enough_data")}


def test_a_part_in_the_wrong_place_is_refused():
    with pytest.raises(ValueError, match="drift is the part 'agreement'"):
        consistency_index(**parts(drift=unknown_part("agreement")))


def test_one_of_one_does_not_outrank_ninety_nine_of_a_hundred():
    assert conformity_part(passed=1, inspected=1).score < conformity_part(passed=99, inspected=100).score
    assert conformity_part(passed=0, inspected=10).score == 0.0
    assert conformity_part(passed=0, inspected=0).score is None


def test_the_bound_of_conformity_is_clopper_and_pearsons():
    # 10 of 10: the share p with p^10 = 0.1.
    assert conformity_part(passed=10, inspected=10).score == pytest.approx(100 * 0.1**0.1)


def test_more_passed_than_inspected_is_refused():
    with pytest.raises(ValueError, match="passed is 3: must be <= inspected, 2"):
        conformity_part(passed=3, inspected=2)


def test_capability_needs_25_values_and_a_variable_characteristic():
    assert capability_part(STEADY[:24], lower=5, upper=15).state == "not_enough_data"
    assert capability_part(STEADY[:25], lower=5, upper=15).state == "scored"
    assert capability_part(["3-4", "4"], lower=3, kind="ordinal").state == "not_applicable"
    assert capability_part([5.0] * 30, lower=4, upper=6).score is None


def test_capability_scores_its_lower_bound_not_its_estimate():
    few, many = capability_part(STEADY[:25], lower=6, upper=14), capability_part(np.tile(STEADY[:25], 20), lower=6, upper=14)

    assert few.score < many.score
    assert few.n == 25


def test_variation_between_lots_lowers_the_score_of_the_lots():
    lots = np.repeat(np.arange(12), 5)
    shifted = STEADY + 3 * lots % 7

    assert lot_to_lot_part(shifted, lots=lots).score < 30 < lot_to_lot_part(STEADY, lots=lots).score
    assert lot_to_lot_part(STEADY, lots=lots).n == 12


def test_few_lots_or_single_readings_are_not_enough():
    assert lot_to_lot_part([1.0, 2, 3, 4], lots=[1, 1, 2, 2]).detail == "2 lots, 5 are needed"
    assert lot_to_lot_part(STEADY[:6], lots=range(6)).score is None


def test_a_drift_is_seen_at_the_last_lot():
    drifting = np.concatenate([STEADY[:30], STEADY[30:] + np.linspace(0, 4, 30)])

    assert drift_part(drifting).score == 0.0
    assert drift_part(STEADY).score > 20
    assert drift_part(STEADY[:25]).score is None
    assert drift_part([5.0] * 40).detail.startswith("the baseline has zero spread")


def test_no_limits_before_25_lots():
    with pytest.raises(ValueError, match="baseline is 24"):
        drift_part(STEADY, baseline=24)


def test_agreement_is_bias_against_the_methods_reproducibility():
    own = [5.0, 5.2, 4.9, 5.1, 5.0]

    assert agreement_part(own, own, reproducibility_limit=1).score == 100.0
    assert agreement_part(np.array(own) + 2, own, reproducibility_limit=1).score == 0.0
    assert agreement_part(own[:4], own[:4], reproducibility_limit=1).state == "not_enough_data"
    with pytest.raises(ValueError, match="retest has 4 results"):
        agreement_part(own, own[:4], reproducibility_limit=1)


@pytest.mark.parametrize("make", [lambda: capability_part([1.0], upper=2, kind="other"), lambda: unknown_part("speed")])
def test_an_unknown_word_is_refused(make):
    with pytest.raises(ValueError, match="must be one of"):
        make()
