"""Control charts against published examples; no limits where there can be none."""

import numpy as np
import pytest
from scipy import integrate, stats

from qualitystats.control_charts import (
    c_chart,
    constants,
    cusum,
    ewma,
    individuals_mr,
    np_chart,
    p_chart,
    u_chart,
    xbar_r,
    xbar_s,
)

# Montgomery, Appendix VI, three decimals (four for c4): A2, d2, d3, D3, D4, A3, c4, B3, B4.
PRINTED = {
    2: (1.880, 1.128, 0.853, 0.000, 3.267, 2.659, 0.7979, 0.000, 3.267),
    3: (1.023, 1.693, 0.888, 0.000, 2.574, 1.954, 0.8862, 0.000, 2.568),
    5: (0.577, 2.326, 0.864, 0.000, 2.114, 1.427, 0.9400, 0.000, 2.089),
    6: (0.483, 2.534, 0.848, 0.000, 2.004, 1.287, 0.9515, 0.030, 1.970),
    7: (0.419, 2.704, 0.833, 0.076, 1.924, 1.182, 0.9594, 0.118, 1.882),
}
# NIST/SEMATECH e-Handbook 6.3.2.3: target 325, k 0.3175, h 4.1959 in units of the readings.
MEANS = [324.93, 324.68, 324.73, 324.35, 325.35, 325.23, 324.13, 324.53, 325.23, 324.60,
         324.63, 325.15, 328.33, 327.25, 327.83, 328.50, 326.68, 327.78, 326.88, 328.35]  # fmt: skip
SUMS = [0, 0, 0, 0, 0.03, 0, 0, 0, 0, 0, 0, 0, 3.01, 4.94, 7.45, 10.63, 11.99, 14.44, 16.00, 19.04]


@pytest.mark.parametrize("n", PRINTED)
def test_constants_round_to_the_printed_table(n):
    found = constants(n)
    values = (found.A2, found.d2, found.d3, found.D3, found.D4, found.A3, found.c4, found.B3, found.B4)

    assert values == pytest.approx(PRINTED[n], abs=1e-3)


def test_the_constant_of_single_values_is_not_the_rounded_one_of_the_tables():
    assert pytest.approx(2.658680776358274, abs=1e-9) == constants(2).E2


@pytest.mark.parametrize("n", [2, 5, 25, 100])
def test_the_mean_range_is_that_of_a_second_integration(n):
    # Another formula than the one that made the table: the integral of 1 - Phi^n - (1 - Phi)^n.
    mean = integrate.quad(lambda x: 1 - stats.norm.cdf(x) ** n - stats.norm.sf(x) ** n, -10, 10, epsabs=1e-12, limit=400)[0]

    assert constants(n).d2 == pytest.approx(mean, abs=1e-8)


@pytest.mark.parametrize("n", [1, 0, 101, 2.5, True, "5", float("nan")])
def test_constants_of_no_subgroup_are_refused(n):
    with pytest.raises(ValueError, match="n is|n holds"):
        constants(n)


def test_limits_of_the_mean_are_three_standard_errors():
    readings = np.random.default_rng(3).normal(10, 1, size=(30, 4))

    for pair in (xbar_r(readings), xbar_s(readings)):
        assert pair.xbar.ucl - pair.xbar.centre == pytest.approx(3 * pair.sigma / 2, rel=1e-12)
    single = individuals_mr(readings.ravel())
    assert single.x.ucl - single.x.centre == pytest.approx(3 * single.sigma, rel=1e-12)


def test_there_are_no_limits_before_the_baseline_is_complete():
    readings = np.random.default_rng(4).normal(10, 1, size=(24, 4))

    pair = xbar_r(readings, baseline=25)

    assert (pair.xbar.centre, pair.xbar.lcl, pair.xbar.ucl, pair.sigma) == (None, None, None, None)
    assert pair.reason == "24 of 25 baseline points: no limits yet"
    assert len(pair.xbar.points) == 24
    assert pair.xbar.signals == ()


def test_limits_stand_on_the_baseline_alone_and_judge_what_comes_after():
    calm = np.random.default_rng(5).normal(10, 1, size=(25, 4))
    shifted = np.vstack([calm, calm[:3] + 5])

    alone, after = xbar_r(calm), xbar_r(shifted, baseline=25)

    assert (after.xbar.centre, after.xbar.ucl, after.r.ucl) == (alone.xbar.centre, alone.xbar.ucl, alone.r.ucl)
    assert set(after.xbar.signals) >= {26, 27, 28}
    single = individuals_mr([*calm[:, 0], 99.0], baseline=25)
    assert single.x.ucl == individuals_mr(calm[:, 0]).x.ucl


@pytest.mark.parametrize("chart", [xbar_r, xbar_s])
def test_readings_without_spread_have_no_limits(chart):
    # Their standard deviation is a rounding above zero.
    pair = chart([[0.1, 0.1, 0.1], [0.3, 0.3, 0.3]])

    assert pair.xbar.ucl is None
    assert pair.reason == "no spread in the baseline: limits would be one line"


def test_single_values_without_spread_have_no_limits():
    assert individuals_mr([0.3, 0.3, 0.3]).sigma is None


def test_the_ewma_has_limits_that_grow_and_nears_the_steady_ones():
    chart = ewma([50.0] * 60, centre=50, sigma=2.0539, weight=0.3)

    assert chart.ucl[0] == pytest.approx(50 + 3 * 2.0539 * 0.3, rel=1e-12)
    assert list(chart.ucl) == sorted(chart.ucl)
    assert chart.ucl[-1] == pytest.approx(chart.steady_ucl, rel=1e-9)


def test_an_ewma_of_weight_one_is_the_series_itself():
    chart = ewma([1.0, 5.0, 2.0], centre=0, sigma=1, weight=1)

    assert chart.points == (1.0, 5.0, 2.0)
    assert chart.ucl == (3.0, 3.0, 3.0)
    assert chart.signals == (2,)


def test_the_cusum_of_the_nist_example_signals_first_at_group_14():
    chart = cusum(MEANS, centre=325, sigma=0.635, reference=0.5, decision=4.1959 / 0.635)

    assert chart.signals[0] == 14
    # Its printed readings are rounded, and their roundings add up.
    assert [total * 0.635 for total in chart.upper] == pytest.approx(SUMS, abs=0.03)


def test_limits_of_shares_differ_with_the_sizes_and_stay_within_0_and_1():
    chart = p_chart([4, 7, 2, 9, 5, 12], [100, 120, 80, 150, 100, 60])

    assert chart.signals == (6,)
    assert chart.lcl[0] == 0.0
    assert chart.lcl[3] == pytest.approx(0.004011, abs=1e-6)


def test_the_centre_is_the_share_of_all_items_not_the_mean_of_shares():
    assert p_chart([0, 50], [900, 100]).centre == 0.05


def test_number_and_share_charts_signal_alike():
    counts = [3, 1, 4, 20, 2]

    number, share = np_chart(counts, 50), p_chart(counts, 50)

    assert number.signals == share.signals == (4,)
    assert number.ucl == pytest.approx(share.ucl[0] * 50, rel=1e-12)


def test_nothing_found_means_no_limits_instead_of_limits_at_zero():
    for chart in (p_chart([0, 0], 50), np_chart([0, 0], 50), c_chart([0, 0]), u_chart([0, 0], 1.5)):
        assert chart.centre is None
        assert chart.reason.startswith("none found in the baseline")
        assert chart.signals == ()
    assert p_chart([50, 50], 50).centre is None


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda: p_chart([5, 61], [50, 60]), r"nonconforming\[1\] is 61: must be <= inspected, 60"),
        (lambda: p_chart([1.5, 2], 50), r"nonconforming\[0\] is 1.5: must be a whole number"),
        (lambda: p_chart([1, 2], [50, 60, 70]), "inspected has shape"),
        (lambda: c_chart([1, -1]), r"nonconformities\[1\] is -1.0"),
        (lambda: u_chart([1, 2], [1, 0]), r"units\[1\] is 0.0: must be > 0"),
        (lambda: xbar_r([1.0, 2.0]), "subgroups has 1 axes"),
        (lambda: xbar_r([[1.0], [2.0]]), "must have at least 2"),
        (lambda: xbar_r([[1.0, float("nan")], [2.0, 1.0]]), r"subgroups\[0\]\[1\] is nan"),
        (lambda: individuals_mr([1.0, None]), "values holds None"),
        (lambda: individuals_mr(["1.0", "2.0"]), "values holds"),
        (lambda: individuals_mr([1.0, True]), "values holds truth values"),
        (lambda: xbar_r([[1.0, 2.0], [False, 3.0]]), "subgroups holds truth values"),
        (lambda: individuals_mr(np.ma.masked_array([1.0, 2.0], [0, 1])), "values has masked values"),
        (lambda: individuals_mr([1.0, 2.0], baseline=1), "baseline is 1.0: must be >= 2"),
        (lambda: ewma([1.0], centre=0, sigma=0), "sigma is 0.0: must be > 0"),
        (lambda: ewma([1.0], centre=0, sigma=1, weight=1.1), "weight is 1.1: must be <= 1"),
        (lambda: cusum([1.0], centre=float("inf"), sigma=1), "centre is inf"),
    ],
)
def test_what_cannot_be_charted_is_refused_by_name(ask, words):
    with pytest.raises(ValueError, match=words):
        ask()
