"""No limits before 25 lots, a second fit at 50, and each lot judged by the limits of its own day."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import numpy as np
import pytest

from inspections.control_limits import fits, too_even, usual_spread, watched
from inspections.series import Bounds, Change, Series, chart_of, lot_means
from inspections.series_figures import bounded, capability_found, colour_found, effective_readings, grade_counts, share_chart
from qualitystats.control_charts import ewma, individuals_mr

UP_DOWN = np.array([10.0, 12.0] * 40)


def a_series(readings, *, kind="variable", bounds=None, changes=(), qualifiers=None, standard=None) -> Series:
    lots = len(readings)
    return Series(
        characteristic="X", kind=kind, unit="mm", decimals=1, lots=tuple(UUID(int=i + 1) for i in range(lots)),
        lot_nos=tuple(f"L-{i + 1}" for i in range(lots)), made_on=tuple(date(2026, 1, 1) + timedelta(i) for i in range(lots)),
        readings=tuple(np.array(each, dtype=float) for each in readings), qualifiers=qualifiers or (None,) * lots,
        bounds=(bounds or Bounds(),) * lots, changes=tuple(changes), standard=standard,
    )  # fmt: skip


def test_twenty_four_lots_have_no_limits():
    found = watched(UP_DOWN[None, :24])

    assert np.isnan(found.centre).all() and not found.beyond.any() and not found.moved.any()


def test_the_first_limits_are_those_of_the_first_twenty_five_lots():
    values = np.random.default_rng(1).normal(10, 1, 40)

    found, told = watched(values[None, :]), individuals_mr(values, baseline=25).x

    assert found.centre[0].tolist() == [told.centre] * 40
    assert found.ucl[0] == pytest.approx([told.ucl] * 40)
    assert found.lcl[0] == pytest.approx([told.lcl] * 40)


def test_at_fifty_lots_limits_are_fitted_again_and_earlier_lots_keep_theirs():
    values = np.random.default_rng(2).normal(10, 1, 60)

    found = watched(values[None, :])

    assert fits(60) == ((0, 50, 25), (50, 60, 50))
    assert found.centre[0, 49] == values[:25].mean() and found.centre[0, 50] == values[:50].mean()
    assert watched(values[None, :55]).beyond[0].tolist() == found.beyond[0, :55].tolist()


def test_the_moving_average_is_that_of_the_kernel():
    values = np.random.default_rng(3).normal(10, 1, 40)

    found, pair = watched(values[None, :]), individuals_mr(values, baseline=25)
    told = ewma(values, centre=pair.x.centre, sigma=pair.sigma)

    assert found.average[0] == pytest.approx(told.points)
    assert (found.centre + found.average_half)[0] == pytest.approx(told.ucl)


def test_a_signal_stands_only_after_the_lots_that_made_the_limits():
    values = np.r_[np.tile([10.0, 11.0], 12), 30.0, np.tile([10.0, 11.0], 3), 60.0]

    found = watched(values[None, :])

    assert np.flatnonzero(found.beyond[0]).tolist() == [31]


def test_many_series_at_once_are_each_what_they_are_alone():
    block = np.random.default_rng(4).normal(10, 1, (5, 70))
    block[3] = 7.0

    together = watched(block)

    for row in range(5):
        alone = watched(block[row : row + 1])
        assert np.array_equal(together.ucl[row], alone.ucl[0], equal_nan=True)
        assert together.moved[row].tolist() == alone.moved[0].tolist()
    assert np.isnan(together.centre[3]).all()


def test_four_lots_in_a_row_that_are_far_too_alike_are_a_signal():
    deviations = np.r_[np.ones(25), [0.1] * 5, 1.0][None, :]
    numbers = np.full(deviations.shape, 5)

    usual = usual_spread(deviations, numbers)

    assert usual[0, 30] == pytest.approx(1 / 0.9399856, rel=1e-6)
    assert np.flatnonzero(too_even(deviations, numbers, usual)[0]).tolist() == [28, 29]


def test_after_a_change_point_limits_are_made_anew():
    values = np.r_[np.random.default_rng(5).normal(10, 1, 30), np.random.default_rng(6).normal(20, 1, 26)]
    series = a_series([[value] for value in values], changes=[Change(30, "machine")])

    chart = chart_of(series)

    assert series.periods == ((0, 30), (30, 56)) and series.missing == 0
    assert chart.centre[40] == pytest.approx(values[30:55].mean())
    assert chart.signals == () and chart.baseline_ends == (25, 55)


def test_a_short_period_says_how_many_lots_are_missing():
    series = a_series([[10.0]] * 30, changes=[Change(8, "machine")])

    assert series.missing == 3 and chart_of(series).missing == 3


def test_grades_and_bounds_are_never_averaged():
    for kind in ("ordinal", "censored", "binary"):
        with pytest.raises(ValueError, match="must be one that has a mean"):
            lot_means(a_series([[3.5]], kind=kind))


def test_capability_waits_for_twenty_five_lots():
    few = capability_found(a_series([[10.0, 10.2]] * 22, bounds=Bounds(lower=9, upper=11)))

    assert (few.ppk, few.missing, few.why, few.lots, few.readings) == (None, 3, "too_few", 22, 44)


def test_readings_of_one_lot_that_are_alike_count_as_one():
    alike = tuple(np.full(5, float(lot)) for lot in range(10))
    mixed = tuple(np.random.default_rng(lot).normal(0, 1, 5) for lot in range(10))

    assert effective_readings(alike) == 10
    assert effective_readings(mixed) > 40


def test_capability_judges_by_the_nearer_limit_and_has_its_bounds():
    readings = [np.random.default_rng(lot).normal(10, 1, 5) for lot in range(30)]
    found = capability_found(a_series(readings, bounds=Bounds(lower=4, upper=13)))

    values = np.concatenate(readings)
    assert found.ppk.cpk == pytest.approx((13 - values.mean()) / (3 * values.std(ddof=1)))
    low, high = found.ppk.cpk_interval
    assert low < found.ppk.cpk < high


def test_shares_of_grades_are_counted_against_the_grade_of_the_lots_day():
    series = a_series([[3.0, 4.0], [2.5, 3.0]], kind="ordinal", bounds=Bounds(lower=3.0))

    assert dict(grade_counts(series)) == {3.0: 2, 4.0: 1, 2.5: 1}
    assert share_chart(series).points.tolist() == [0.0, 0.5]
    assert share_chart(series).reason == "2 of 25 baseline points: no limits yet"


def test_a_bound_is_inside_outside_or_open_as_the_limit_lies():
    series = a_series([[20, 30, 80, 100, 75]], kind="censored", bounds=Bounds(upper=75), qualifiers=(("<", "=", "=", "<", ">"),))

    found = bounded(series)

    assert (found.readings, found.bounded, found.inside, found.outside, found.unclear) == (5, 3, 2, 2, 1)


def test_every_lot_may_pass_and_the_worst_pair_still_fail():
    readings = [[[50.0, 0.0, b]] for b in np.linspace(-0.9, 0.9, 10)]
    found = colour_found(a_series(readings, kind="derived", bounds=Bounds(upper=1.0), standard=(50.0, 0.0, 0.0)))

    assert found.to_standard.max() < 1.5 and found.worst.pair == (0, 9)
    assert found.worst.difference > found.to_standard.max()
    assert len(found.groups.groups) >= 2 and found.sealed


def test_quiet_series_give_false_signals_as_seldom_as_is_said_and_shifts_are_found():
    """What the pages say of their rules: 25 lots, then 20 watched; a shift of 1.5 standard deviations is found by the moving average."""
    values = np.random.default_rng(7).normal(0, 1, (2000, 50))
    quiet = watched(values[:, :45])
    values[:, 30:] += 1.5
    shifted = watched(values)

    assert 0.10 < quiet.beyond.any(axis=1).mean() < 0.18
    assert 0.09 < quiet.moved.any(axis=1).mean() < 0.18
    assert shifted.moved[:, 30:].any(axis=1).mean() > 0.97
    assert 0.62 < shifted.beyond[:, 30:].any(axis=1).mean() < 0.75
