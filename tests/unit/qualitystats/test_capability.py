"""Capability: published examples, one-sided limits, bounds with their method, and None with a reason."""

import numpy as np
import pytest

from qualitystats.capability import capability, capability_of, cp_bounds, cpk_bounds
from qualitystats.chart_constants import c4
from qualitystats.many_series import capability_many, judge_series, series_from_rows
from qualitystats.signals import nelson_signals

INDICES = ("cp", "cpk", "cpl", "cpu", "pp", "ppk", "ppl", "ppu", "cpm")


def test_the_nist_example_off_its_centre():
    found = capability_of(mean=16, sigma=2, lower=8, upper=20)

    assert (found.cp, found.cpu, found.cpl) == (1.0, pytest.approx(2 / 3), pytest.approx(4 / 3))
    assert found.cpk == found.cpu
    assert found.reasons["cp_interval"] == "number of values not stated"


def test_bounds_name_their_method_and_fit_the_textbook():
    # Montgomery prints 1.671 for the lower bound of Cp: it used 10.12 where chi-square is 8.91.
    found = capability_of(mean=50, sigma=1.75, lower=38, upper=62, n=20)

    assert found.cp_interval == pytest.approx((1.5649, 3.0056), abs=5e-5)
    assert found.cpk_interval == pytest.approx((1.5444, 3.0270), abs=5e-5)
    assert "chi-square" in found.interval_method
    assert "Bissell" in found.interval_method


def test_spread_within_is_not_the_overall_spread():
    # Two means far apart, hardly any spread within: Cp is high, Pp is low.
    found = capability([[9.0, 9.1], [11.0, 11.1], [9.0, 9.1], [11.0, 11.1]], lower=7, upper=13)
    pooled = np.sqrt(0.005) / c4(5)

    assert found.sigma_within == pytest.approx(pooled, rel=1e-12)
    assert found.cp == pytest.approx(1 / pooled, rel=1e-12)
    assert found.pp == pytest.approx(1 / np.std([9.0, 9.1, 11.0, 11.1] * 2, ddof=1), rel=1e-12)
    assert found.cp > 10 > found.pp
    assert (found.n, found.subgroups) == (8, 4)
    assert found.cp_interval == pytest.approx(cp_bounds(found.cp, freedom=4))
    assert found.ppk_interval == pytest.approx(cpk_bounds(found.ppk, n=8, freedom=7))


def test_single_values_take_their_spread_within_from_moving_ranges():
    found = capability([9.0, 10.0, 11.0, 10.0, 10.5, 9.5], lower=8, upper=13)

    assert found.sigma_within == pytest.approx(0.9 / 1.1283791670955126, rel=1e-9)
    assert found.within_method == "mean moving range / d2"
    assert found.cp_interval is None
    assert found.reasons["cp_interval"] == "spread from ranges: no confidence bounds without degrees of freedom"
    assert found.pp_interval is not None


def test_the_range_may_stand_for_the_pooled_spread():
    found = capability([[9.0, 11.0], [10.0, 12.0], [8.0, 12.0]], lower=4, upper=16, within="range")

    assert found.sigma_within == pytest.approx((8 / 3) / 1.1283791670955126, rel=1e-9)
    assert found.within_method == "mean range / d2"


def test_one_limit_gives_one_side_and_no_cp():
    found = capability([9.0, 10.0, 11.0], upper=13)

    assert (found.cp, found.cpl, found.pp, found.ppl) == (None, None, None, None)
    assert found.cpk == found.cpu == pytest.approx(3 / (3 * found.sigma_within))
    assert found.reasons["cp"] == found.reasons["pp"] == "only one specification limit"
    assert found.ppk_interval is not None


def test_a_mean_outside_of_the_limits_is_below_zero_and_not_hidden():
    assert capability([14.0, 15.0, 16.0], lower=8, upper=13).ppk == pytest.approx(-2 / 3)


def test_the_target_draws_cpm_below_cp():
    found = capability_of(mean=11, sigma=1, lower=4, upper=16, target=10)

    assert found.cpm == pytest.approx(12 / (6 * np.sqrt(2)))
    assert capability_of(mean=11, sigma=1, lower=4, upper=16).reasons["cpm"] == "no target stated"


@pytest.mark.parametrize("values", [[0.1, 0.1, 0.1], [[0.1, 0.1], [0.1, 0.1]]])
def test_zero_spread_has_no_capability(values):
    found = capability(values, lower=0, upper=1)

    assert [getattr(found, name) for name in INDICES] == [None] * 9
    assert found.reason == "zero spread: nothing can be said"
    assert set(INDICES) <= set(found.reasons)


def test_zero_spread_within_leaves_the_overall_indices():
    found = capability([[9.0, 9.0], [11.0, 11.0]], lower=7, upper=13)

    assert (found.cp, found.cpk) == (None, None)
    assert found.reasons["cpk"] == "zero spread: nothing can be said"
    assert found.ppk == pytest.approx(1 / np.std([9, 9, 11, 11], ddof=1))


@pytest.mark.parametrize("values", [[], [5.0], [[]]])
def test_too_few_values_have_no_capability(values):
    if values == [[]]:
        with pytest.raises(ValueError, match="values has shape"):
            capability(values, upper=6)
    else:
        assert capability(values, upper=6).reason == f"{len(values)} values: at least 2 are needed for a spread"


@pytest.mark.parametrize("kind", ["ordinal", "attribute", "censored"])
def test_what_is_not_measured_has_no_capability_and_its_values_are_not_read(kind):
    found = capability(["3-4", "4"], lower=3, kind=kind)

    assert found.cpk is None
    assert found.reason.startswith(f"not a variable characteristic ({kind})")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({}, "lower and upper are None"),
        ({"lower": 5, "upper": 5}, "lower is 5.0: must be < upper, 5.0"),
        ({"lower": 5, "upper": 9, "target": 10}, "target is 10.0: must lie within"),
        ({"lower": float("-inf"), "upper": 9}, "lower is -inf: must be finite"),
        ({"upper": "9"}, "upper holds"),
        ({"upper": True}, "upper holds"),
        ({"upper": 9, "confidence": 1}, "confidence is 1.0: must be < 1"),
        ({"upper": 9, "kind": "grade"}, "kind is 'grade'"),
        ({"upper": 9, "within": "best"}, "within is 'best'"),
        ({"upper": 9, "values": [1.0, float("nan")]}, r"values\[1\] is nan"),
        ({"upper": 9, "values": ["3-4", "4"]}, "values holds"),
        ({"upper": 9, "values": [[1.0], [2.0]]}, "values has shape"),
    ],
)
def test_what_cannot_be_compared_is_refused_by_name(wrong, words):
    with pytest.raises(ValueError, match=words):
        capability(**{"values": [1.0, 2.0, 3.0], **wrong})


def test_many_series_give_the_numbers_of_each_by_itself():
    rng = np.random.default_rng(8)
    values = rng.normal(10, 1, size=(1200, 40))
    values[5] = 10.0
    found, bits = judge_series(values, lower=6, upper=np.full(1200, 15.0))

    for at in (0, 333, 1199):
        alone = capability(values[at], lower=6, upper=15)
        assert [found.cp[at], found.cpk[at], found.pp[at], found.ppk[at]] == pytest.approx([alone.cp, alone.cpk, alone.pp, alone.ppk])
        signals = nelson_signals(values[at], centre=alone.mean, sigma=alone.sigma_within)
        assert (np.flatnonzero(bits[at]) + 1).tolist() == sorted({signal.index for signal in signals})
    assert np.isnan([found.cp[5], found.cpk[5], found.pp[5], found.ppk[5]]).all()
    assert not bits[5].any()


def test_many_series_with_one_limit_have_no_cp():
    found = capability_many([[9.0, 10.0, 11.0]], upper=13)

    assert np.isnan(found.cp).all()
    assert found.ppk.tolist() == pytest.approx([1.0])


def test_rows_become_series_in_the_order_of_time():
    names, grid = series_from_rows(np.array(["b", "a", "b", "a"]), [5.0, 7.0, 6.0, 8.0])

    assert (names.tolist(), grid.tolist()) == (["a", "b"], [[7.0, 8.0], [5.0, 6.0]])
    with pytest.raises(ValueError, match="series has 1 to 2 rows each"):
        series_from_rows(np.array([1, 1, 2]), [1.0, 2.0, 3.0])
