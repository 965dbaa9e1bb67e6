"""Medians, quantiles, ratios and verdicts of the benchmarks."""

import pytest

from benchmarks.base import MET, MISSED, judged
from benchmarks.figures import Ratio, quantile, ratio_of
from benchmarks.machine import too_busy


@pytest.mark.parametrize(("q", "expected"), [(0, 1), (0.5, 50), (0.99, 99), (1, 100)])
def test_a_quantile_is_a_value_that_was_seen(q, expected):
    assert quantile(list(range(100, 0, -1)), q) == expected


def test_a_quantile_of_nothing_is_refused():
    with pytest.raises(ValueError, match="0 values"):
        quantile([], 0.5)


def test_a_ratio_is_of_the_medians_and_lies_in_its_interval():
    ratio = ratio_of([100, 110, 120, 130, 500], [10, 11, 12, 13, 9])

    assert ratio.value == 120 / 11
    assert ratio.low <= ratio.value <= ratio.high
    assert (ratio.low, ratio.high) == (100 / 13, 500 / 9) or ratio.low > 100 / 13


def test_equal_rounds_give_a_ratio_of_one_without_doubt():
    assert ratio_of([5, 5, 5, 5, 5], [5, 5, 5, 5, 5]) == Ratio(1, 1, 1)


def test_a_ratio_over_nothing_is_refused():
    with pytest.raises(ValueError, match="above zero"):
        ratio_of([1, 2, 3], [0, 1, 2])


def test_the_goal_is_judged_by_the_median():
    assert judged(Ratio(15.0, 9.0, 20.0), 15.0) == MET
    assert judged(Ratio(14.9, 14.0, 20.0), 15.0) == MISSED


@pytest.mark.parametrize(("load", "expected"), [(3.0, False), (3.01, True)])
def test_above_one_and_a_half_times_the_cores_nothing_is_judged(load, expected):
    assert too_busy(load, 2) is expected
