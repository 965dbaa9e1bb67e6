"""Variance components: the exact coefficients against traces of matrices, coverage by simulation, and no answer where there is none."""

import math
from itertools import pairwise

import numpy as np
import pytest

from qualitystats.interlab import repeatability_reproducibility
from qualitystats.linear_mean_squares import interval_of_difference
from qualitystats.variance import _expectations, _levels, variance_components

SUPPLIERS = list("AAAAAABBBBBCCCCCCC")
LOTS = [1, 1, 1, 2, 2, 3, 1, 1, 2, 2, 2, 1, 2, 2, 2, 3, 3, 3]
VALUES = [5.1, 5.3, 4.9, 6.0, 6.2, 5.5, 7.1, 7.3, 6.6, 6.9, 6.7, 4.0, 4.4, 4.1, 4.3, 5.0, 5.2, 4.8]


def dense_expectations(codes, n):
    """Coefficients as traces: E[y'Ay] holds the variance of a level with indicator Z as trace(Z'AZ)."""
    indicators = [np.ones((n, 1)), *(np.eye(int(code.max()) + 1)[code] for code in codes), np.eye(n)]
    projections = [indicator @ np.linalg.inv(indicator.T @ indicator) @ indicator.T for indicator in indicators]
    rows = []
    for outer, inner in pairwise(projections):
        form = inner - outer
        rows.append([np.trace(indicator.T @ form @ indicator) / np.trace(form) for indicator in indicators[1:]])
    return np.array(rows)


def test_expected_mean_squares_of_unequal_groups_are_exact():
    _, codes = _levels({"supplier": SUPPLIERS, "lot": LOTS}, len(VALUES))
    freedom = [2, 5, 10]

    assert _expectations(codes, freedom) == pytest.approx(dense_expectations(codes, len(VALUES)), abs=1e-9)


def test_two_unequal_levels_by_hand():
    found = variance_components([1.0, 2.0, 3.0, 2.0, 4.0, 3.0], nesting={"lab": ["a", "a", "b", "c", "c", "c"]})

    precision = repeatability_reproducibility([[1.0, 2.0], [3.0], [2.0, 4.0, 3.0]])
    assert found["within"].variance == pytest.approx(precision.s_r**2)
    assert found["lab"].variance == pytest.approx(precision.s_L**2)


def test_balanced_three_levels_by_the_textbook():
    rng = np.random.default_rng(2)
    data = rng.normal(size=(6, 4, 3)) + rng.normal(size=(6, 4, 1)) + rng.normal(size=(6, 1, 1))
    found = variance_components(
        data.ravel(), nesting={"supplier": np.repeat(np.arange(6), 12), "lot": np.tile(np.repeat(np.arange(4), 3), 6)}
    )

    of_lots = 3 * data.mean(axis=2).var(axis=1, ddof=1).mean()
    of_suppliers = 12 * data.mean(axis=(1, 2)).var(ddof=1)
    within = data.var(axis=2, ddof=1).mean()
    assert found["within"].estimate == pytest.approx(within)
    assert found["lot"].estimate == pytest.approx((of_lots - within) / 3)
    assert found["supplier"].estimate == pytest.approx((of_suppliers - of_lots) / 12)


def test_equal_lot_labels_of_two_suppliers_are_two_lots():
    found = variance_components(VALUES, nesting={"supplier": SUPPLIERS, "lot": LOTS})

    assert [part.groups for part in found.components] == [3, 8, 18]
    assert [part.degrees_of_freedom for part in found.components] == [2, 5, 10]


def test_shares_sum_to_one_and_follow_the_variances():
    found = variance_components(VALUES, nesting={"supplier": SUPPLIERS, "lot": LOTS})

    assert sum(found.shares.values()) == pytest.approx(1)
    assert found["supplier"].share == found["supplier"].variance / found.total
    assert found["lot"].sd == math.sqrt(found["lot"].variance)


def test_a_negative_estimate_is_zero_flagged_and_kept():
    found = variance_components([1.0, 3.0, 3.0, 1.0, 1.0, 3.0], nesting={"lot": [1, 1, 2, 2, 3, 3]})

    lot = found["lot"]
    assert (lot.variance, lot.share, lot.truncated) == (0.0, 0.0, True)
    assert lot.estimate == pytest.approx(-1.0)
    assert lot.low == 0.0
    assert found["within"].share == 1.0


@pytest.mark.parametrize(
    ("nesting", "words"),
    [
        ({"supplier": [1] * 6}, "only one supplier"),
        ({"lot": [1, 2, 3, 4, 5, 6]}, "every lot has one reading"),
        ({"supplier": [1, 1, 2, 2, 3, 3], "lot": [1, 1, 2, 2, 3, 3]}, "every supplier has one lot"),
    ],
)
def test_levels_that_cannot_be_told_apart_have_no_variances_and_a_reason(nesting, words):
    found = variance_components([1.0, 2.0, 3.0, 4.0, 5.0, 7.0], nesting=nesting)

    assert words in found.reason
    assert found.total is None
    assert {part.variance for part in found.components} == {None}
    assert {part.share for part in found.components} == {None}
    assert {part.interval for part in found.components} == {None}


def test_equal_values_have_no_shares():
    found = variance_components([0.1] * 6, nesting={"lot": [1, 1, 2, 2, 3, 3]})

    assert (found.total, found.shares) == (0.0, {"lot": None, "within": None})
    assert found.reason == "all values are equal: nothing to share"


@pytest.mark.parametrize(
    ("values", "options", "words"),
    [
        ([1, float("nan"), 2], {"nesting": {"lot": [1, 1, 2]}}, r"values\[1\] is nan"),
        ([1, 2, 3], {"nesting": {"lot": [1, 1]}}, "one label for each of the 3 values"),
        ([1, 2, 3], {"nesting": {"lot": "112"}}, "one label"),
        ([1, 2, 3], {"nesting": {}}, "no level"),
        ([1, 2, 3], {"nesting": {"within": [1, 1, 2]}}, "level called 'within'"),
        ([1, 2, 3], {"nesting": {"lot": [1, 1, 2]}, "confidence": 1.0}, "confidence"),
        ([], {"nesting": {"lot": []}}, "at least 1"),
    ],
)
def test_what_is_no_tree_of_readings_is_refused(values, options, words):
    with pytest.raises(ValueError, match=words):
        variance_components(values, **options)


def test_levels_may_be_given_without_names():
    found = variance_components(VALUES, nesting=[SUPPLIERS, LOTS])

    assert [part.name for part in found.components] == ["level 1", "level 2", "within"]


def test_the_interval_within_is_the_exact_chi_square_one():
    found = variance_components([1.0, 2.0, 4.0, 6.0, 5.0, 9.0], nesting={"lot": [1, 1, 2, 2, 3, 3]})

    # Chi-square points of 3 degrees of freedom: 9.3484 and 0.2158.
    squares = 3 * found["within"].variance
    assert found["within"].interval == pytest.approx((squares / 9.3484, squares / 0.215795), rel=1e-4)


def test_a_difference_with_nothing_to_subtract_is_a_chi_square_interval():
    low, high = interval_of_difference(10.0, 9, 1e-12, 50, tail=0.025)

    assert (low, high) == pytest.approx((9 * 10 / 19.0228, 9 * 10 / 2.70039), rel=1e-4)


def test_intervals_cover_the_truth_as_often_as_they_say():
    rng = np.random.default_rng(11)
    supplier = np.repeat(np.arange(8), rng.integers(2, 9, size=8) * 2)
    lot = np.concatenate([np.arange(np.sum(supplier == each)) // 2 for each in range(8)])
    number = np.unique(np.column_stack([supplier, lot]), axis=0, return_inverse=True)[1].ravel()
    runs, truth, hits = 300, np.array([1.0, 0.5, 2.0]), np.zeros(3)

    for _ in range(runs):
        readings = rng.normal(size=8)[supplier] + rng.normal(0, 0.5**0.5, size=number.max() + 1)[number] + rng.normal(0, 2**0.5, len(lot))
        found = variance_components(readings, nesting={"supplier": supplier, "lot": lot})
        hits += [part.low <= true <= part.high for part, true in zip(found.components, truth, strict=True)]

    assert (hits / runs > 0.91).all()
    assert (hits / runs < 0.995).all()
