"""Colour differences: what must hold of every pair, with colour-science as oracle."""

import warnings

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from qualitystats.colour import cie76, ciede2000, cmc, lot_to_lot_worst_pair, shade_groups
from qualitystats.textile import Grade

with warnings.catch_warnings():  # it tells of plotting that it has no library for
    warnings.simplefilter("ignore")
    import colour

LAB = st.tuples(st.floats(0, 100), st.floats(-120, 120), st.floats(-120, 120))
LABS = st.lists(LAB, min_size=2, max_size=12)
NOT_FINITE = st.sampled_from([float("nan"), float("inf"), -float("inf")])


def hues_nearly_opposite(first, second):
    """Where the mean hue flips by 180 degrees between roundings; the two codes may round to different sides."""
    (_, a_1, b_1), (_, a_2, b_2) = first, second
    turn = np.degrees(np.arctan2(b_2, a_2) - np.arctan2(b_1, a_1)) % 360
    return abs(turn - 180) < 1e-2


@given(LAB, LAB)
def test_ciede2000_is_the_same_in_both_directions(first, second):
    assert ciede2000(first, second) == pytest.approx(ciede2000(second, first), abs=1e-9)


@given(LAB, LAB)
def test_a_difference_is_never_below_zero_and_never_no_number(first, second):
    for found in (ciede2000(first, second), cie76(first, second), cmc(reference=first, sample=second, lightness=2, chroma=1)):
        assert np.isfinite(found)
        assert found >= 0


@given(LAB)
def test_a_colour_does_not_differ_from_itself(lab):
    assert ciede2000(lab, lab) == 0
    assert cmc(reference=lab, sample=lab, lightness=2, chroma=1) == 0
    assert cie76(lab, lab) == 0


@given(st.floats(20, 90), st.floats(1, 50), st.floats(1.5, 4))
def test_cmc_is_smaller_when_the_stronger_colour_is_the_standard(light, chroma, times):
    weak, strong = [light, chroma, 0], [light, times * chroma, 0]

    there = cmc(reference=weak, sample=strong, lightness=2, chroma=1)
    back = cmc(reference=strong, sample=weak, lightness=2, chroma=1)

    assert back < there


@given(LAB, LAB, st.sampled_from([(2, 1), (1, 1), (1.4, 0.9)]))
def test_cmc_agrees_with_the_oracle(reference, sample, weights):
    expected = colour.delta_E(np.array(reference), np.array(sample), method="CMC", l=weights[0], c=weights[1])
    assume(np.isfinite(expected))

    assert cmc(reference=reference, sample=sample, lightness=weights[0], chroma=weights[1]) == pytest.approx(
        float(expected), rel=1e-6, abs=1e-6
    )


@settings(max_examples=300)
@given(LAB, LAB)
def test_ciede2000_agrees_with_the_oracle(first, second):
    # A colour without hue has none to compare: the oracle takes 0 for it, the paper the other's.
    assume(np.hypot(*first[1:]) > 1e-6)
    assume(np.hypot(*second[1:]) > 1e-6)
    assume(not hues_nearly_opposite(first, second))
    expected = float(colour.delta_E(np.array(first), np.array(second), method="CIE 2000"))

    assert ciede2000(first, second) == pytest.approx(expected, rel=1e-7, abs=1e-7)


@given(LABS, st.randoms(use_true_random=False))
def test_the_worst_pair_does_not_depend_on_the_order_of_the_lots(labs, random):
    turned = labs.copy()
    random.shuffle(turned)

    for formula in ("ciede2000", "cie76", "cmc(2:1)"):
        assert lot_to_lot_worst_pair(labs, formula=formula).difference == pytest.approx(
            lot_to_lot_worst_pair(turned, formula=formula).difference, abs=1e-9
        )


@given(LABS, st.floats(0.1, 60))
def test_every_pair_of_a_shade_group_is_within_its_limit(labs, limit):
    found = shade_groups(labs, limit=limit, standard=labs[0], formula="cie76")

    array = np.array(labs)
    assert sorted(lot for group in found.groups for lot in group.lots) == list(range(len(labs)))
    for group in found.groups:
        members = array[list(group.lots)]
        assert cie76(members[:, None], members[None]).max() <= limit


@given(LABS, st.floats(0.1, 60), st.randoms(use_true_random=False))
def test_shade_groups_do_not_depend_on_the_order_of_the_lots(labs, limit, random):
    order = list(range(len(labs)))
    random.shuffle(order)

    found = shade_groups(labs, limit=limit, standard=[50, 0, 0], formula="cie76")
    turned = shade_groups([labs[at] for at in order], limit=limit, standard=[50, 0, 0], formula="cie76")

    sizes = sorted(sorted(labs[lot] for lot in group.lots) for group in found.groups)
    assert sizes == sorted(sorted(labs[order[lot]] for lot in group.lots) for group in turned.groups)


@given(LAB, LAB, st.integers(0, 2), NOT_FINITE)
def test_what_is_not_finite_is_refused_at_the_door(first, second, axis, bad):
    broken = list(first)
    broken[axis] = bad

    for ask in (
        lambda: ciede2000(broken, second),
        lambda: cie76(second, broken),
        lambda: cmc(reference=broken, sample=second, lightness=2, chroma=1),
        lambda: lot_to_lot_worst_pair([first, broken]),
        lambda: shade_groups([first, broken], limit=1),
    ):
        with pytest.raises(ValueError, match="must be finite"):
            ask()


@given(st.floats(1, 5), st.floats(1, 5))
def test_grades_are_ordered_as_their_positions(first, second):
    one, other = round(2 * first) / 2, round(2 * second) / 2

    assert (Grade(one) < Grade(other)) == (one < other)
    assert Grade(str(Grade(one))) == Grade(one)
