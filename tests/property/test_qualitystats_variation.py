"""Variation, laboratories and gauges: permutation, change of unit, shares that sum to one, and no number for no answer."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualitystats.consistency import agreement_part, capability_part, conformity_part, drift_part, lot_to_lot_part
from qualitystats.gauge import gauge_rr_anova, gauge_rr_range
from qualitystats.interlab import algorithm_a, algorithm_a_groups, en, homogeneity, repeatability_reproducibility, z, zeta
from qualitystats.variance import variance_components

READING = st.floats(-1e3, 1e3).map(lambda value: round(value, 3))
READINGS = st.lists(READING, min_size=3, max_size=30)
UNIT = st.tuples(st.sampled_from([0.001, 0.5, 7.0, 1000.0]), st.sampled_from([-50.0, 0.0, 3.0]))
TREES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), READING), min_size=2, max_size=40)
NOT_FINITE = st.sampled_from([float("nan"), float("inf"), -float("inf")])


def split(tree):
    suppliers, lots, values = zip(*tree, strict=True)
    return list(values), {"supplier": suppliers, "lot": lots}


def study(seed, parts=4, operators=2, trials=3):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(parts, 1, 1)) + 0.3 * rng.normal(size=(1, operators, 1)) + 0.2 * rng.normal(size=(parts, operators, trials))


@given(TREES)
def test_shares_sum_to_one_or_are_not_there(tree):
    values, nesting = split(tree)
    found = variance_components(values, nesting=nesting)

    shares = list(found.shares.values())
    if found.reason:
        assert set(shares) == {None}
    else:
        assert sum(shares) == pytest.approx(1)
        assert all(0 <= share <= 1 for share in shares)
        assert all(0 <= part.low <= part.high for part in found.components)
        assert all(part.truncated == (part.estimate < 0) for part in found.components)


@given(TREES, st.randoms(use_true_random=False))
def test_the_order_of_the_readings_does_not_matter(tree, random):
    turned = tree.copy()
    random.shuffle(turned)
    one, other = (variance_components(split(each)[0], nesting=split(each)[1]) for each in (tree, turned))

    scale = max(abs(value) for *_, value in tree) ** 2 + 1
    assert bool(one.reason) == bool(other.reason)
    for first, second in zip(one.components, other.components, strict=True):
        assert (first.estimate or 0) == pytest.approx(second.estimate or 0, abs=1e-8 * scale)


@given(TREES, UNIT)
def test_a_change_of_unit_changes_variances_by_its_square_and_no_share(tree, unit):
    values, nesting = split(tree)
    factor, offset = unit
    one = variance_components(values, nesting=nesting)
    other = variance_components(np.array(values) * factor + offset, nesting=nesting)

    scale = (max(abs(value) for value in values) ** 2 + 1) * factor**2
    if one.total is not None and one.total > 1e-6:
        for first, second in zip(one.components, other.components, strict=True):
            assert second.estimate == pytest.approx(first.estimate * factor**2, rel=1e-6, abs=1e-7 * scale)


@given(READINGS, st.randoms(use_true_random=False))
def test_algorithm_a_does_not_depend_on_order(values, random):
    turned = values.copy()
    random.shuffle(turned)

    assert algorithm_a(values) == algorithm_a(turned)


@given(READINGS, UNIT)
def test_algorithm_a_follows_a_change_of_unit(values, unit):
    factor, offset = unit
    one, other = algorithm_a(values), algorithm_a(np.array(values) * factor + offset)

    scale = factor * (np.ptp(values) + 1)
    assert other.x_star == pytest.approx(one.x_star * factor + offset, abs=1e-5 * scale)
    assert other.s_star == pytest.approx(one.s_star * factor, abs=1e-5 * scale)


@given(READINGS)
def test_algorithm_a_stands_still_where_it_ends(values):
    found = algorithm_a(values)

    pulled = np.clip(values, found.x_star - 1.5 * found.s_star, found.x_star + 1.5 * found.s_star)
    assert found.converged
    assert min(values) <= found.x_star <= max(values)
    assert pulled.mean() == pytest.approx(found.x_star, abs=1e-6)
    assert 1.134 * pulled.std(ddof=1) == pytest.approx(found.s_star, abs=1e-6)


@settings(max_examples=50)
@given(st.lists(READINGS, min_size=1, max_size=8))
def test_groups_together_give_what_each_gives_alone(groups):
    found = algorithm_a_groups(groups)

    for at, group in enumerate(groups):
        alone = algorithm_a(group)
        assert found.x_star[at] == pytest.approx(alone.x_star, abs=1e-7)
        assert found.s_star[at] == pytest.approx(alone.s_star, abs=1e-7)


@given(READINGS, st.floats(-10, 10), st.floats(0.1, 10), st.floats(0.01, 5), st.floats(0.01, 5))
def test_zeta_is_en_times_k_when_both_have_the_same_k(results, assigned, k, expanded, of_assigned):
    by_standard = zeta(results, assigned_value=assigned, expanded=expanded, k=k, expanded_assigned=of_assigned, k_assigned=k)
    by_expanded = en(results, assigned_value=assigned, expanded=expanded, expanded_assigned=of_assigned)

    assert by_standard == pytest.approx(k * by_expanded)


@given(st.lists(st.lists(READING, min_size=2, max_size=4), min_size=2, max_size=6))
def test_reproducibility_is_never_better_than_repeatability(labs):
    found = repeatability_reproducibility(labs)

    assert found.s_R >= found.s_r >= 0
    assert found.s_R**2 == pytest.approx(found.s_r**2 + found.s_L**2)


@given(st.integers(0, 500), UNIT)
def test_a_gauge_study_follows_a_change_of_unit(seed, unit):
    factor, offset = unit
    one, other = gauge_rr_anova(study(seed)), gauge_rr_anova(study(seed) * factor + offset)
    ranges, turned = gauge_rr_range(study(seed)), gauge_rr_range(study(seed) * factor + offset)

    assert other.grr == pytest.approx(one.grr * factor**2, rel=1e-6)
    assert (other.ndc, other.pooled) == (one.ndc, one.pooled)
    assert turned.grr == pytest.approx(ranges.grr * factor, rel=1e-6)


@given(st.integers(0, 500))
def test_a_gauge_study_does_not_depend_on_who_or_what_comes_first(seed):
    data = study(seed)
    one, other = gauge_rr_anova(data), gauge_rr_anova(data[::-1, ::-1, ::-1])

    assert other.grr == pytest.approx(one.grr)
    assert other.part == pytest.approx(one.part)
    assert one.total == pytest.approx(one.grr + one.part)


@given(st.integers(0, 200), st.integers(0, 200))
def test_more_that_pass_never_score_less(passed, more):
    n = 400

    assert conformity_part(passed=passed + more, inspected=n).score >= conformity_part(passed=passed, inspected=n).score


@settings(max_examples=50)
@given(st.lists(READING, min_size=26, max_size=40), UNIT)
def test_every_part_scores_within_0_and_100_or_not_at_all(values, unit):
    lots = [at // 4 for at in range(len(values))]
    for part in (
        capability_part(values, lower=-10, upper=10),
        lot_to_lot_part(values, lots=lots),
        drift_part(values),
        agreement_part(values, values[::-1], reproducibility_limit=unit[0]),
    ):
        assert (part.score is None) == (part.state != "scored")
        assert part.score is None or 0 <= part.score <= 100


@given(NOT_FINITE, st.integers(0, 3))
def test_what_is_not_finite_is_refused_at_every_door(bad, at):
    values = [1.0, 2.0, 4.0, 7.0]
    values[at] = bad
    square = np.array(values).reshape(2, 2)
    for ask in (
        lambda: variance_components(values, nesting={"lot": [1, 1, 2, 2]}),
        lambda: algorithm_a(values),
        lambda: algorithm_a_groups([values, values]),
        lambda: z(values, assigned_value=1, sigma_pt=1),
        lambda: repeatability_reproducibility(square),
        lambda: homogeneity(square, sigma_pt=1),
        lambda: gauge_rr_anova(np.broadcast_to(square[:, :, None], (2, 2, 2))),
        lambda: lot_to_lot_part(values, lots=[1, 1, 2, 2]),
        lambda: drift_part(values),
        lambda: agreement_part(values, [1, 2, 3, 4], reproducibility_limit=1),
    ):
        with pytest.raises(ValueError, match="must be finite"):
            ask()
