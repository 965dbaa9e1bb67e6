"""Two samples against a published table and sums done by hand."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from scipy import stats

from qualitystats.youden import youden_pairs

# P. M. Berthouex, L. C. Brown, Statistics for Environmental Engineers, 2nd ed. 2002, table 9.1: eight laboratories, a low and a high specimen.
LOW = [2.0, 3.6, 1.8, 1.1, 2.5, 2.4, 1.8, 1.7]
HIGH = [6.3, 6.6, 6.8, 6.8, 7.4, 6.9, 6.1, 6.3]


def test_the_random_part_is_that_of_the_published_table() -> None:
    found = youden_pairs(LOW, HIGH)

    assert (found.p, round(found.s_random, 3)) == (8, round(sqrt(4.17875 / 14), 3))  # the table: sum of squares 4.18, s 0.55
    assert found.middle == (pytest.approx(1.9), pytest.approx(6.7))


def test_the_circle_holds_what_a_normal_distribution_of_two_equal_spreads_does() -> None:
    for confidence in (0.5, 0.95, 0.99):
        found = youden_pairs(LOW, HIGH, confidence=confidence)
        assert found.radius == pytest.approx(found.s_random * stats.chi2.ppf(confidence, 2) ** 0.5)


def test_a_bias_common_to_both_is_systematic_and_one_of_its_own_is_not() -> None:
    bias, slip = np.array([-2.0, -1.0, 0.0, 1.0, 2.0]), np.array([0.1, -0.2, 0.2, -0.2, 0.1])

    common, own = youden_pairs(bias + slip, 10 + bias - slip), youden_pairs(bias, -bias)

    # Sums vary by 10 and differences by 0.14: (10 / 2 - 0.14 / 2) / 2 is common, 0.14 / 2 is not.
    assert (common.s_systematic, common.share) == (pytest.approx(sqrt(2.465)), pytest.approx(2.465 / 2.535))
    assert (own.s_systematic, own.share, own.s_random) == (0.0, 0.0, pytest.approx(sqrt(5)))


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [([1.0, 2.0], [1.0, 2.0], "3 or more"), ([1.0, 2.0, 3.0], [1.0, 2.0], "must have 3"), ([1.0] * 3, [2.0] * 3, "do not vary"), ([1.0, 2.0, float("nan")], [1.0] * 3, "first")],
)  # fmt: skip
def test_what_cannot_be_parted_is_refused(first: list[float], second: list[float], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        youden_pairs(first, second)
