"""Before and after against published intervals, SciPy, and sums done by hand."""

from __future__ import annotations

import pytest
from scipy import stats

from qualitystats.before_after import FEW, FEW_FIRMS, difference_of_means, difference_of_shares, pooled_difference, step_at_zero


# R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, method 10, to four decimals.
@pytest.mark.parametrize(
    ("after", "before", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_the_interval_of_two_shares_is_the_published_one(after: tuple[int, int], before: tuple[int, int], low: float, high: float) -> None:
    found = difference_of_shares(hits_before=before[0], n_before=before[1], hits_after=after[0], n_after=after[1])

    assert found.low is not None and found.high is not None
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_the_interval_of_two_means_is_that_of_welch() -> None:
    before, after = [4.1, 3.8, 4.4, 4.0, 3.9], [4.6, 4.9, 4.5, 4.8]
    oracle = stats.ttest_ind(after, before, equal_var=False).confidence_interval(0.95)

    found = difference_of_means(before, after)

    assert (found.low, found.high) == (pytest.approx(oracle.low), pytest.approx(oracle.high))
    assert (found.n_before, found.n_after, found.is_clear) == (5, 4, True)


def test_two_lots_on_a_side_say_nothing() -> None:
    assert difference_of_means([1.0, 2.0], [5.0, 6.0, 7.0]).reason == FEW
    assert difference_of_shares(hits_before=2, n_before=2, hits_after=0, n_after=9).difference is None
    assert step_at_zero([-2, -1, 0, 1, 2, 3, 4], [1.0] * 7).reason == FEW


def test_a_drift_that_goes_on_is_not_taken_for_a_step() -> None:
    days = list(range(-6, 6))
    drift = [0.1 * day + (0.01 if day % 2 else -0.01) for day in days]

    assert difference_of_means(drift[:6], drift[6:]).is_clear
    assert not step_at_zero(days, drift).is_clear


def test_a_clean_step_is_found_whole() -> None:
    found = step_at_zero(list(range(-5, 5)), [2.0] * 5 + [3.0] * 5)

    assert (found.before, found.after, found.difference) == (pytest.approx(2.0), pytest.approx(3.0), pytest.approx(1.0))


def test_firms_together_count_once_each_and_four_are_too_few() -> None:
    # mean 0.3, s = 0.158114, t(0.975, 4) = 2.776445: 0.3 ± 2.776445·0.158114/√5 = 0.3 ± 0.196325
    found = pooled_difference([0.2, 0.4, 0.3, 0.1, 0.5], least_firms=5)

    assert (found.difference, found.low) == (pytest.approx(0.3), pytest.approx(0.1036757, rel=1e-5))
    assert pooled_difference([0.2, 0.4, 0.3, 0.1], least_firms=5).reason == FEW_FIRMS
    assert pooled_difference([0.2, 0.4, 0.3, 0.1], least_firms=5).difference is None


def test_more_hits_than_lots_are_refused() -> None:
    with pytest.raises(ValueError, match="hits is 4: must be at most n, 3"):
        difference_of_shares(hits_before=4, n_before=3, hits_after=1, n_after=3)
