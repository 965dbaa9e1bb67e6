"""What must hold for every series: charts and indices know no unit, order matters only where time does, NaN never comes in."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from qualitystats.capability import capability, capability_of, cpk_bounds
from qualitystats.control_charts import cusum, ewma, individuals_mr, nelson_bits, nelson_signals, p_chart, u_chart, xbar_r, xbar_s
from qualitystats.plausibility import exact_repeats, longest_repeat, terminal_digits, too_alike

# Readings as an instrument notes them: three decimals.
reading = st.integers(-99_999, 99_999).map(lambda number: number / 1000)
values = st.lists(reading, min_size=2, max_size=60)
grids = arrays.arrays(np.int64, st.tuples(st.integers(2, 20), st.integers(2, 8)), elements=st.integers(-9999, 9999))
scale, shift = st.sampled_from([0.25, 2.0, 1024.0]), st.sampled_from([-64.0, 0.0, 512.0])


@given(grids, scale, shift)
def test_limits_move_with_the_unit(grid, factor, offset):
    assume(np.ptp(grid, axis=1).any())
    for chart in (xbar_r, xbar_s):
        plain, other = chart(grid), chart(grid * factor + offset)
        assert [other.xbar.lcl, other.xbar.ucl] == pytest.approx(
            [plain.xbar.lcl * factor + offset, plain.xbar.ucl * factor + offset], rel=1e-9, abs=1e-6
        )
        assert other.spread.ucl == pytest.approx(plain.spread.ucl * factor, rel=1e-9)


@given(grids, st.randoms(use_true_random=False))
def test_the_order_within_and_of_subgroups_makes_no_difference_to_limits(grid, random):
    assume(np.ptp(grid, axis=1).any())
    mixed = np.array([random.sample(row, len(row)) for row in random.sample(grid.tolist(), len(grid))])

    for chart in (xbar_r, xbar_s):
        one, other = chart(grid), chart(mixed)
        assert [one.xbar.lcl, one.xbar.ucl, one.spread.ucl] == pytest.approx(
            [other.xbar.lcl, other.xbar.ucl, other.spread.ucl], rel=1e-9, abs=1e-9
        )


@given(values, scale, shift)
def test_capability_knows_no_unit(readings, factor, offset):
    assume(max(readings) > min(readings))
    plain = capability(readings, lower=-100, upper=100, target=1)
    other = capability(
        np.array(readings) * factor + offset, lower=-100 * factor + offset, upper=100 * factor + offset, target=factor + offset
    )

    for name in ("cp", "cpk", "pp", "ppk", "cpm"):
        assert getattr(other, name) == pytest.approx(getattr(plain, name), rel=1e-6)


@given(values)
def test_a_mirror_swaps_the_sides(readings):
    assume(max(readings) > min(readings))
    plain, mirrored = capability(readings, lower=-50, upper=70), capability([-reading for reading in readings], lower=-70, upper=50)

    assert (mirrored.ppl, mirrored.ppu) == pytest.approx((plain.ppu, plain.ppl), rel=1e-9, abs=1e-9)


@given(values, st.randoms(use_true_random=False))
def test_overall_indices_do_not_depend_on_the_order(readings, random):
    assume(max(readings) > min(readings))
    mixed = random.sample(readings, len(readings))

    assert capability(mixed, upper=70).ppk == pytest.approx(capability(readings, upper=70).ppk, rel=1e-9, abs=1e-9)


@given(
    reading,
    st.floats(0, 50),
    st.one_of(st.none(), st.integers(-200, 0)),
    st.one_of(st.none(), st.integers(1, 200)),
    st.one_of(st.none(), st.integers(2, 50)),
)
def test_an_index_is_a_finite_number_or_none_with_a_reason(mean, sigma, lower, upper, n):
    assume(lower is not None or upper is not None)
    assume(sigma == 0 or sigma > 1e-6)
    found = capability_of(mean=mean, sigma=sigma, lower=lower, upper=upper, n=n)

    for name in ("cp", "cpk", "cpl", "cpu", "cpm", "cp_interval", "cpk_interval"):
        value = getattr(found, name)
        assert (value is None) == (name in found.reasons)
        assert value is None or all(math.isfinite(part) for part in (value if isinstance(value, tuple) else (value,)))
    if found.cp is not None and found.cpk is not None:
        assert found.cpk <= found.cp * (1 + 1e-9)


@given(st.floats(-3, 5), st.integers(2, 500), st.integers(2, 500))
def test_more_values_make_narrower_bounds(cpk, one, other):
    few, many = sorted((one, other))
    low, high = cpk_bounds(cpk, n=few)

    assert low < cpk < high
    assert cpk_bounds(cpk, n=many)[0] >= low - 1e-12


def naive(z, rule):
    """Nelson's rules as one would read them aloud, point by point."""
    beyond = {1: 3.0, 5: 2.0, 6: 1.0}
    found = []
    for at in range(len(z)):

        def back(length, at=at):
            return z[at - length + 1 : at + 1] if at + 1 >= length else []

        def steps(length, back=back):
            return list(np.sign(np.diff(back(length)))) if len(back(length)) else []

        hit = {
            1: abs(z[at]) > 3,
            2: len(back(9)) > 0 and abs(sum(np.sign(back(9)))) == 9,
            3: len(steps(6)) > 0 and abs(sum(steps(6))) == 5,
            4: len(steps(14)) > 0 and all(a * b == -1 for a, b in zip(steps(14), steps(14)[1:], strict=False)),
            5: any(side * z[at] > beyond[5] and sum(side * value > beyond[5] for value in z[max(0, at - 2) : at + 1]) >= 2 for side in (1, -1)),
            6: any(side * z[at] > beyond[6] and sum(side * value > beyond[6] for value in z[max(0, at - 4) : at + 1]) >= 4 for side in (1, -1)),
            7: len(back(15)) > 0 and max(abs(value) for value in back(15)) < 1,
            8: len(back(8)) > 0 and min(abs(value) for value in back(8)) > 1 and min(back(8)) < 0 < max(back(8)),
        }  # fmt: skip
        if hit[rule]:
            found.append(at + 1)
    return tuple(found)


# Few different values make ties, runs and points on the lines likely.
steps = st.lists(st.sampled_from([-3.5, -2.5, -2.0, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.5, 3.0]), max_size=40)
calm = st.lists(st.sampled_from([-0.5, 0.5, 0.25]), min_size=10, max_size=40)
wild = st.lists(st.sampled_from([-1.5, 1.5, 2.5]), min_size=6, max_size=30)


@settings(max_examples=150)
@given(st.one_of(steps, calm, wild))
def test_blocks_find_what_reading_the_rules_aloud_finds(z):
    found = nelson_signals(z, centre=0, sigma=1).by_rule

    assert found == {rule: at for rule in range(1, 9) if (at := naive(z, rule))}


@given(st.one_of(steps, calm, wild), scale, shift)
def test_signals_know_no_unit_and_no_sign(z, factor, offset):
    found = nelson_signals(z, centre=0, sigma=1).by_rule

    assert nelson_signals([value * factor + offset for value in z], centre=offset, sigma=factor).by_rule == found
    assert nelson_signals([-value for value in z], centre=0, sigma=1).by_rule == found


@given(st.lists(wild.map(lambda z: (z * 6)[:30]), min_size=1, max_size=8))
def test_a_series_is_judged_without_its_neighbours(grid):
    together = nelson_bits(grid, centre=0, sigma=1)

    assert together.tolist() == [nelson_bits([row], centre=0, sigma=1)[0].tolist() for row in grid]


@given(values, st.floats(0.05, 1))
def test_a_moving_average_stays_within_its_readings_and_the_centre(readings, weight):
    chart = ewma(readings, centre=0, sigma=1, weight=weight)

    assert min(0, *readings) - 1e-6 <= min(chart.points)
    assert max(chart.points) <= max(0, *readings) + 1e-6


@given(values)
def test_sums_never_fall_below_zero_and_mirror(readings):
    chart, mirrored = cusum(readings, centre=0, sigma=2), cusum([-reading for reading in readings], centre=0, sigma=2)

    assert min(*chart.upper, *chart.lower) >= 0
    assert (mirrored.upper, mirrored.lower) == (chart.lower, chart.upper)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(50, 500)), min_size=2, max_size=30))
def test_limits_of_counts_enclose_the_centre(samples):
    counts, sizes = zip(*samples, strict=True)
    for chart in (p_chart(counts, sizes), u_chart(counts, sizes)):
        assert (chart.centre is None) == (chart.reason != "")
        if chart.centre is not None:
            assert all(low <= chart.centre <= high for low, high in zip(chart.lcl, chart.ucl, strict=True))


@given(st.integers(0, 9), st.sampled_from([float("nan"), float("inf"), -float("inf")]))
def test_no_chart_and_no_index_takes_what_is_not_finite(at, bad):
    readings = [1.0, 2.0, 3.0, 4.0, 5.0, 4.0, 3.0, 2.0, 1.0, 2.0]
    readings[at] = bad
    pairs = [readings[at : at + 2] for at in range(0, 10, 2)]
    questions = [
        lambda: individuals_mr(readings),
        lambda: xbar_r(pairs),
        lambda: xbar_s(pairs),
        lambda: ewma(readings, centre=0, sigma=1),
        lambda: cusum(readings, centre=0, sigma=1),
        lambda: nelson_signals(readings, centre=0, sigma=1),
        lambda: capability(readings, upper=9),
        lambda: capability(pairs, upper=9),
        lambda: exact_repeats(pairs, decimals=1),
        lambda: longest_repeat(readings, decimals=1),
        lambda: terminal_digits(readings, decimals=1),
        lambda: too_alike(pairs, sigma=1),
    ]

    for question in questions:
        with pytest.raises(ValueError, match="must be finite"):
            question()
