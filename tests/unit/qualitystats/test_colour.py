"""Colour: the traps of the formulas, and lots against each other."""

import numpy as np
import pytest

from qualitystats.colour import (
    cie76,
    ciede2000,
    cmc,
    grey_scale_change_grade,
    lot_to_lot_worst_pair,
    mean_hue,
    metamerism_index,
    shade_groups,
)
from qualitystats.textile import Grade

DARK_RED, NEAR_IT = [50, 20, 10], [51, 21, 9]


def test_the_first_colour_of_cmc_is_the_standard():
    there = cmc(reference=DARK_RED, sample=NEAR_IT, lightness=2, chroma=1)
    back = cmc(reference=NEAR_IT, sample=DARK_RED, lightness=2, chroma=1)

    assert (round(there, 5), round(back, 5)) == (1.48197, 1.42177)


def test_cmc_takes_its_weights_by_name_only():
    with pytest.raises(TypeError):
        cmc(DARK_RED, NEAR_IT, 2, 1)
    with pytest.raises(TypeError, match="lightness"):
        cmc(reference=DARK_RED, sample=NEAR_IT)


def test_cmc_changes_its_hue_formula_at_345_degrees():
    inside = cmc(reference=[45, 30, -8.05], sample=[45, 30, -8.02], lightness=2, chroma=1)

    assert round(inside, 6) == 0.019547


def test_a_lone_pair_and_an_array_of_pairs_give_the_same():
    # Pair 9 of the paper: nearly opposite hues, where the mean hue hangs by a thread.
    first, second = [50, 2.49, -0.001], [50, -2.49, 0.0009]

    assert round(ciede2000(first, second), 4) == 7.1792
    assert ciede2000([first, first], second).tolist() == [ciede2000(first, second)] * 2
    assert ciede2000(np.array([[first]]), np.array([second])).shape == (1, 1)


def test_exactly_opposite_hues_are_the_same_in_both_directions():
    assert ciede2000([50, 2.5, 0], [50, -2.5, 0]) == ciede2000([50, -2.5, 0], [50, 2.5, 0])


@pytest.mark.parametrize("grey", [[50, 0, 0], [50, -0.0, 0.0], [50, -0.0, -0.0]])
def test_a_colour_without_hue_is_no_special_case_for_the_caller(grey):
    assert ciede2000(grey, grey) == 0.0
    assert ciede2000(grey, [50, -1, 2]) == ciede2000([50, 0, 0], [50, -1, 2])
    assert round(ciede2000([50, 0, 0], [50, -1, 2]), 4) == 2.3669


@pytest.mark.parametrize("measure", [ciede2000, cie76, lambda a, b: cmc(reference=a, sample=b, lightness=2, chroma=1)])
@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ([50, 0, float("nan")], [50, 0, 0], r"reference\[2\] is nan"),
        ([50, 0, 0], [50, float("inf"), 0], r"sample\[1\] is inf"),
        ([50, 0], [50, 0, 0], "reference has shape"),
        ([[50, 0, 0]] * 2, [[50, 0, 0]] * 3, "does not broadcast"),
        (["50", "0", "0"], [50, 0, 0], "must be real numbers"),
        (50, [50, 0, 0], "last axis"),
    ],
)
def test_what_is_no_colour_is_refused_at_the_door(measure, first, second, words):
    with pytest.raises(ValueError, match=words):
        measure(first, second)


@pytest.mark.parametrize("weight", [0, -1, float("nan")])
def test_a_weight_must_be_positive(weight):
    with pytest.raises(ValueError, match="chroma is"):
        cmc(reference=DARK_RED, sample=NEAR_IT, lightness=2, chroma=weight)


def test_the_callers_arrays_are_not_written_to():
    first, second = np.array([[50.0, 2.49, -0.001]]), np.array([[50.0, -2.49, 0.001]])
    kept = first.copy(), second.copy()

    ciede2000(first, second)

    assert (first == kept[0]).all()
    assert (second == kept[1]).all()


def test_lots_that_all_pass_may_still_be_far_from_each_other():
    standard = [50, 10, 10]
    lots = [[50, 10, 10 + drift] for drift in np.linspace(-0.75, 0.75, 24)]

    worst = lot_to_lot_worst_pair(lots, formula="cmc(2:1)")

    assert cmc(reference=standard, sample=lots, lightness=2, chroma=1).max() < 1.0
    assert worst.pair == (0, 23)
    assert worst.difference > 1.8


def test_the_worst_pair_is_the_worst_of_all_pairs_in_blocks_or_at_once():
    lots = np.random.default_rng(3).uniform([20, -40, -40], [90, 40, 40], size=(700, 3))
    every = ciede2000(lots[:, None], lots[None])

    worst = lot_to_lot_worst_pair(lots)

    assert worst.difference == every.max()
    assert every[worst.reference, worst.sample] == every.max()
    assert worst.n_lots == 700


def test_the_worst_pair_by_cmc_says_which_lot_was_the_standard():
    lots = np.random.default_rng(4).uniform([20, -40, -40], [90, 40, 40], size=(60, 3))

    worst = lot_to_lot_worst_pair(lots, formula="cmc(2:1)")

    found = cmc(reference=lots[worst.reference], sample=lots[worst.sample], lightness=2, chroma=1)
    assert found == pytest.approx(worst.difference, abs=1e-12)
    assert worst.difference == cmc(reference=lots[:, None], sample=lots[None], lightness=2, chroma=1).max()


@pytest.mark.parametrize(
    ("lots", "words"),
    [([[50, 0, 0]], "at least 2"), ([50, 0, 0], r"must be \(lots, 3\)"), ([[50, 0, 0], [50, 0, None]], "must be a real number")],
)
def test_a_worst_pair_needs_two_colours(lots, words):
    with pytest.raises(ValueError, match=words):
        lot_to_lot_worst_pair(lots)


@pytest.mark.parametrize("formula", ["cmc", "CMC(2:1)", "cmc(0:1)", "de2000", None])
def test_a_formula_must_be_named_with_its_weights(formula):
    with pytest.raises(ValueError, match="formula is"):
        lot_to_lot_worst_pair([DARK_RED, NEAR_IT], formula=formula)


def test_every_pair_within_a_shade_group_is_within_the_limit():
    lots = np.random.default_rng(5).normal([50, 10, 10], 0.8, size=(80, 3))

    found = shade_groups(lots, limit=1.0, standard=[50, 10, 10])

    assert sorted(lot for group in found.groups for lot in group.lots) == list(range(80))
    for group in found.groups:
        members = lots[list(group.lots)]
        assert ciede2000(members[:, None], members[None]).max() <= 1.0
        assert group.worst <= 1.0
    assert ciede2000([50, 10, 10], lots[list(found.groups[0].lots)]).max() <= 1.0
    assert [group.has_standard for group in found.groups] == [True, *[False] * (len(found.groups) - 1)]


def test_a_lot_near_its_neighbour_but_far_from_the_standard_is_not_in_the_standards_group():
    found = shade_groups([[50, 0, 1.7], [50, 0, 0.8], [50, 0, 0.1]], limit=1.0, standard=[50, 0, 0], formula="cie76")

    assert found.labels == (1, 0, 0)


def test_a_shade_limit_must_be_positive():
    with pytest.raises(ValueError, match="limit is 0.0: must be > 0"):
        shade_groups([DARK_RED], limit=0)


@pytest.mark.parametrize(("difference", "half_step"), [(0.424, "5"), (0.426, "4-5"), (13.6, "1"), (200, "1"), (0.425, "5")])
def test_a_grey_scale_grade_is_the_nearest_half_step(difference, half_step):
    assert grey_scale_change_grade(difference).half_step == half_step
    assert grey_scale_change_grade(difference).grade == Grade(half_step)


def test_a_grey_scale_difference_below_zero_is_refused():
    with pytest.raises(ValueError, match="dE_F is -0.1: must be >= 0"):
        grey_scale_change_grade(-0.1)


def test_the_mean_of_two_hues_goes_the_short_way():
    assert [mean_hue(350, 20), mean_hue(20, 350), mean_hue(100, 270), mean_hue(0, 360)] == [5, 5, 185, 0]


def test_a_pair_that_does_not_match_has_no_metamerism_index():
    found = metamerism_index(reference_lights=([50, 0, 0], [50, 0, 1]), test_lights=([50, 0, 0], [50, 0, 2]), match_within=0.5)

    assert found.index is None
    assert "not a match" in found.reason
