"""Shares of small places against published intervals and sums done by hand."""

from __future__ import annotations

import math

import pytest

from qualitystats.small_areas import BetaPrior, FunnelLimits, beta_prior, funnel_limits, shrunken_share, wilson_interval


# R. G. Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3 (score), to four decimals.
@pytest.mark.parametrize(("count", "n", "lower", "upper"), [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)])  # fmt: skip
def test_the_wilson_interval_is_the_published_one(count: int, n: int, lower: float, upper: float) -> None:
    found = wilson_interval(count, n=n)
    assert (round(found.lower, 4), round(found.upper, 4)) == (lower, upper)


def test_one_of_two_does_not_outrank_thirty_of_a_hundred() -> None:
    assert wilson_interval(1, n=2).lower < wilson_interval(30, n=100).lower


def test_places_that_differ_by_more_than_chance_have_a_finite_prior() -> None:
    # m = 12/60 = 0.2; s² = (20·0.15² + 20·0.05² + 20·0.2²)/60 = 0.065/3; chance = 0.16·3/60 = 0.008; A = 0.0136667; 0.16/A - 1 = 10.70732
    found = beta_prior([1, 3, 8], [20, 20, 20])
    assert found is not None
    assert found.mean == pytest.approx(0.2)
    assert found.strength == pytest.approx(10.7073171, rel=1e-7)


def test_weighted_values_vary_less_than_counts_so_that_less_of_their_spread_is_chance() -> None:
    # Totals 0.5, 1.5, 4 are 1, 3, 8 values of a half: m = 0.1, T = 12·0.25/60 - 0.01 = 0.04, s² = 0.0054166667, A = 0.0034166667, T/A - 1 = 10.70732
    found = beta_prior([0.5, 1.5, 4], [20, 20, 20], square_sum=12 * 0.25)
    assert found is not None
    assert (found.mean, found.strength) == (pytest.approx(0.1), pytest.approx(10.7073171, rel=1e-7))


def test_places_that_differ_by_no_more_than_chance_are_all_expected_at_the_mean() -> None:
    found = beta_prior([2, 3, 2], [10, 10, 10])
    assert found == BetaPrior(7 / 30, math.inf)
    assert shrunken_share(3, n=10, prior=found) == 7 / 30


def test_a_small_place_is_drawn_further_to_the_mean_than_a_large_one() -> None:
    # (10·0.2 + 3)/(10 + 5) = 1/3 and (10·0.2 + 60)/(10 + 100) = 62/110
    prior = BetaPrior(0.2, 10)
    assert shrunken_share(3, n=5, prior=prior) == pytest.approx(1 / 3)
    assert shrunken_share(60, n=100, prior=prior) == pytest.approx(62 / 110)
    assert shrunken_share(0, n=0, prior=prior) == pytest.approx(0.2)


@pytest.mark.parametrize(("totals", "sizes"), [([1], [5]), ([0, 0], [5, 9]), ([5, 9], [5, 9])])
def test_without_two_places_or_without_any_difference_there_is_no_prior(totals: list[float], sizes: list[int]) -> None:
    assert beta_prior(totals, sizes) is None


# By hand: binomial (10, 0.5) has P(≤1) = 11/1024, P(≤2) = 56/1024, P(≤7) = 968/1024, P(≤8) = 1013/1024.
# Binomial (3, 0.1) has P(≤0) = 0.729, P(≤1) = 0.972, P(≤2) = 0.999.
@pytest.mark.parametrize(("n", "share", "tail", "limits"), [(10, 0.5, 0.025, (2, 8)), (3, 0.1, 0.025, (0, 2)), (3, 0.1, 0.03, (0, 1)), (7, 0.0, 0.025, (0, 0)), (7, 1.0, 0.025, (7, 7))])  # fmt: skip
def test_funnel_limits_are_exact(n: int, share: float, tail: float, limits: tuple[int, int]) -> None:
    assert funnel_limits(n, share=share, tail=tail) == FunnelLimits(*limits)


def test_funnel_limits_hold_for_twenty_thousand_firms() -> None:
    found = funnel_limits(20_436, share=0.08, tail=0.001)
    assert (found.lower, found.upper) == (1516, 1756)


@pytest.mark.parametrize("call", [lambda: wilson_interval(3, n=2), lambda: wilson_interval(1, n=0), lambda: funnel_limits(5, share=1.2, tail=0.1), lambda: funnel_limits(5, share=0.2, tail=0.5), lambda: beta_prior([1], [1, 2]), lambda: shrunken_share(float("nan"), n=2, prior=BetaPrior(0.1, 3))])  # fmt: skip
def test_what_cannot_be_a_share_is_refused(call) -> None:
    with pytest.raises(ValueError, match="must"):
        call()
