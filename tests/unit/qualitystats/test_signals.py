"""Run rules: strict lines, exact counts, and the point that completes the pattern; checks for readings that are too even."""

import numpy as np
import pytest

from qualitystats.control_charts import (
    nelson_bits,
    nelson_flags,
    nelson_signals,
    repeated_readings,
    spread_too_small,
    western_electric_signals,
)


def nelson(z):
    return nelson_signals(z, centre=0, sigma=1).by_rule


def test_eight_on_one_side_is_western_electric_and_nine_is_nelson():
    assert nelson([0.5] * 8) == {}
    assert western_electric_signals([0.5] * 8, centre=0, sigma=1).by_rule == {4: (8,)}
    assert nelson([0.5] * 10) == {2: (9, 10)}


def test_a_point_on_the_centre_line_breaks_a_run():
    assert nelson([0.5] * 4 + [0.0] + [0.5] * 4 + [0.6] * 4) == {}


def test_a_point_on_a_sigma_line_is_not_beyond_it():
    assert nelson([3.0, -3.0]) == {}
    assert nelson([2.0, 0.0, 2.0]) == {}
    assert nelson([1.0, 0.9] * 7 + [1.0]).get(7) is None


def test_equal_neighbours_break_a_trend_and_an_alternation():
    assert nelson([-1.2, -0.7, -0.7, 0.3, 0.6, 0.9]) == {}
    assert nelson([0.6, 0.4, 0.1, -0.1, -0.3, -0.5]) == {3: (6,)}
    assert nelson([0.3, -0.3] * 6 + [-0.3, 0.3]) == {}


def test_the_completing_point_is_itself_beyond_the_line():
    assert nelson([2.1, 2.2, 0.1]) == {5: (2,)}
    assert nelson([0.0, 2.1, 2.2, 0.1]) == {5: (3,)}
    assert nelson([1.2, 1.3, 1.1, 1.4, 0.1]) == {6: (4,)}


def test_eight_beyond_one_sigma_must_lie_on_both_sides():
    one_side = nelson([1.5] * 8)

    assert 8 not in one_side
    assert 6 in one_side


def test_a_signal_says_its_rule_its_points_and_its_words():
    (signal,) = nelson_signals([0.0] + [0.5] * 9, centre=0, sigma=1, rules=[2])

    assert (signal.rule, signal.first, signal.index) == (2, 2, 10)
    assert signal.words == "9 points in a row on one side of the centre"


def test_only_the_rules_asked_for_are_looked_at():
    assert nelson_signals([4.0] * 9, centre=0, sigma=1, rules=[2]).by_rule == {2: (9,)}
    with pytest.raises(ValueError, match=r"rules has \[9\]: must be among"):
        nelson_signals([4.0], centre=0, sigma=1, rules=[9])


def test_centre_and_sigma_are_in_the_unit_of_the_values():
    assert nelson_signals([10.0, 16.1], centre=10, sigma=2, rules=[1]).by_rule == {1: (2,)}


def test_many_series_give_the_flags_of_each_series_by_itself():
    rng = np.random.default_rng(6)
    values = rng.normal(5, 2, size=(700, 60)).round(1)  # ties, and more than one block
    bits = nelson_bits(values, centre=values.mean(axis=1), sigma=2.0)

    for row, flags in list(zip(values, bits, strict=True))[::50]:
        found = nelson_signals(row, centre=row.mean(), sigma=2.0).by_rule
        assert found == {rule: at for rule in range(1, 9) if (at := tuple((np.flatnonzero(flags >> (rule - 1) & 1) + 1).tolist()))}


def test_flags_are_a_plane_for_each_rule():
    planes = nelson_flags([[0.5] * 9, [4.0] + [0.1] * 8], 0, 1, rules=[1, 2])

    assert planes.shape == (2, 2, 9)
    assert planes.sum(axis=2).tolist() == [[0, 1], [1, 1]]


def test_a_series_without_limits_has_no_flags():
    assert nelson_bits([[5.0] * 9, [0.5] * 9], centre=0, sigma=[0.0, 1.0]).sum(axis=1).tolist() == [0, 2]
    with pytest.raises(ValueError, match="sigma is -1.0"):
        nelson_bits([[5.0]], centre=0, sigma=-1)


@pytest.mark.parametrize("values", [[], [1.0], [1.0, 2.0]])
def test_short_series_have_no_patterns_and_no_errors(values):
    assert nelson_signals(values, centre=1, sigma=1).by_rule == {}
    assert nelson_bits([values], centre=1, sigma=1).shape == (1, len(values))


def copies(rng, copied):
    readings = rng.normal(size=(20, 5))
    readings[:, 1:copied] = readings[:, :1]
    return readings


def test_the_spread_rule_finds_what_its_docstring_says_and_no_more():
    rng = np.random.default_rng(7)
    found = {
        "honest": sum(bool(spread_too_small(rng.normal(size=(20, 5)), sigma=1)) for _ in range(300)),
        "blatant": sum(bool(spread_too_small(rng.normal(size=(20, 1)) + 0.08 * rng.normal(size=(20, 5)), sigma=1)) for _ in range(300)),
        "4 of 5": sum(bool(spread_too_small(copies(rng, 4), sigma=1)) for _ in range(300)),
        "3 of 5": sum(bool(spread_too_small(copies(rng, 3), sigma=1)) for _ in range(300)),
    }

    assert found["honest"] == 0
    assert found["blatant"] == 300
    assert 45 <= found["4 of 5"] <= 96
    assert found["3 of 5"] <= 12


def test_a_spread_is_small_only_where_the_run_is_whole():
    even, usual = [5.0, 5.01, 5.0], [4.8, 5.2, 5.0]

    assert spread_too_small([even] * 3 + [usual] + [even] * 3, sigma=0.2) == ()
    assert spread_too_small([usual] + [even] * 4, sigma=0.2) == (5,)


def test_repeats_are_found_in_any_order_and_name_the_first():
    assert repeated_readings([[1, 2, 3], [4, 5, 6], [3, 1, 2], [7, 7, 7], [2, 3, 1]]) == ((3, 1), (4, 4), (5, 1))
