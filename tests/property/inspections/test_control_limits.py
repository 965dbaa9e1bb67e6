"""Limits know no unit: the same lots in another unit, or measured from another zero, raise the same signals."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from inspections.charts.canvas import spread_apart
from inspections.charts.scales import Scale, round_steps
from inspections.charts.threads import threads_of
from inspections.control_limits import watched


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000), scale=st.sampled_from([0.001, 0.5, 3.0, 1000.0]), shift=st.floats(-1000, 1000), lots=st.integers(25, 80)
)
def test_signals_do_not_depend_on_the_unit(seed, scale, shift, lots):
    values = np.random.default_rng(seed).normal(0, 1, (1, lots))

    found, moved = watched(values), watched(values * scale + shift)

    assert found.beyond.tolist() == moved.beyond.tolist()
    assert np.allclose((found.ucl * scale + shift), moved.ucl, rtol=1e-6, atol=1e-6 * scale)


@settings(max_examples=50, deadline=None)
@given(low=st.floats(-1e6, 1e6), width=st.floats(1e-3, 1e6))
def test_round_steps_lie_in_the_range_and_are_few(low, width):
    steps = round_steps(low, low + width)

    assert 1 <= len(steps) <= 6
    assert all(low - 1e-6 * width <= step <= low + width + 1e-6 * width for step in steps)


@settings(max_examples=50, deadline=None)
@given(shares=st.lists(st.floats(0, 1), min_size=2, max_size=5).filter(lambda each: sum(each) > 0.01))
def test_a_hundred_threads_are_never_more_nor_fewer(shares):
    counts = threads_of(shares)

    assert sum(counts) == 100 and all(count >= 0 for count in counts)
    assert all(abs(count - 100 * share / sum(shares)) <= 1 for count, share in zip(counts, shares, strict=True))


@settings(max_examples=50, deadline=None)
@given(places=st.lists(st.floats(0, 200), min_size=1, max_size=6))
def test_labels_never_lie_on_each_other(places):
    moved = sorted(spread_apart(places, least=14, between=(0, 238)))

    assert all(after - before >= 14 - 1e-6 for before, after in pairwise(moved))


def test_a_scale_goes_through_its_ends():
    scale = Scale(2.0, 4.0, 100.0, 0.0)

    assert (scale(2.0), scale(3.0), scale(4.0)) == (100.0, 50.0, 0.0)
