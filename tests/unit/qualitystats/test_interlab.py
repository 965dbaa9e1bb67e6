"""Laboratories: the standard's numbers, its traps, and where there is no answer."""

import json
from pathlib import Path

import numpy as np
import pytest

from qualitystats.interlab import (
    algorithm_a,
    algorithm_a_groups,
    difference_percent,
    en,
    homogeneity,
    repeatability_reproducibility,
    z,
    z_prime,
    zeta,
)

VECTORS = Path(__file__).resolve().parents[2] / "vectors" / "04_interlab"
COPPER = next(case for case in json.loads((VECTORS / "algorithm_A.json").read_text("utf-8"))["cases"] if "copper" in case["name"])


def textbook(values):
    """Algorithm A as the standard words it, round by round."""
    results = np.asarray(values, dtype=float)
    mean = np.median(results)
    spread = 1.483 * np.median(np.abs(results - mean))
    for _ in range(2000):
        pulled = np.clip(results, mean - 1.5 * spread, mean + 1.5 * spread)
        before, mean, spread = (mean, spread), pulled.mean(), 1.134 * pulled.std(ddof=1)
        if max(abs(before[0] - mean), abs(before[1] - spread)) < 1e-13:
            break
    return mean, spread


def test_the_jump_ends_where_the_standards_creeping_ends():
    found = algorithm_a(COPPER["data"])

    assert (found.x_star, found.s_star) == pytest.approx(textbook(COPPER["data"]), rel=1e-9)
    assert found.converged
    assert found.iterations < 10


def test_the_rounded_factor_of_the_standard_is_used_not_the_exact_one():
    # The exact factor gives 0.67364, as metRology and statsmodels do.
    assert round(algorithm_a(COPPER["data"]).s_star, 5) == 0.67415


def test_many_groups_of_unequal_size_give_what_each_gives_alone():
    rng = np.random.default_rng(1)
    groups = [rng.standard_t(2, size=size).tolist() for size in rng.integers(3, 30, size=200)]

    found = algorithm_a_groups(groups)

    alone = [algorithm_a(group) for group in groups]
    assert found.converged.all()
    assert found.x_star.tolist() == pytest.approx([each.x_star for each in alone], rel=1e-9, abs=1e-9)
    assert found.s_star.tolist() == pytest.approx([each.s_star for each in alone], rel=1e-8)
    assert found.u.tolist() == pytest.approx([each.u for each in alone], rel=1e-8)
    assert found.p.tolist() == [len(group) for group in groups]


def test_more_than_half_equal_results_start_from_the_standard_deviation():
    found = algorithm_a([5, 5, 5, 5, 7, 7])

    assert found.started_from == "standard deviation"
    assert found.converged
    assert found.s_star > 0


@pytest.mark.parametrize("values", [[5.0] * 20 + [6.0], [5.0] * 8 + [6.0], [3.0, 3.0]])
def test_nearly_all_equal_results_have_that_value_and_no_spread(values):
    found = algorithm_a(values)

    assert (found.x_star, found.s_star, found.converged) == (values[0], 0.0, True)


def test_a_large_common_offset_costs_no_figures():
    near, far = algorithm_a(COPPER["data"]), algorithm_a(np.array(COPPER["data"]) + 1e6)

    assert far.x_star - 1e6 == pytest.approx(near.x_star, abs=1e-8)
    assert far.s_star == pytest.approx(near.s_star, abs=1e-8)


@pytest.mark.parametrize(
    ("values", "words"), [([1.0], "at least 2"), ([], "at least 2"), ([1, float("nan")], r"values\[1\] is nan"), ([[1, 2]], "1")]
)
def test_algorithm_a_refuses_what_is_no_list_of_results(values, words):
    with pytest.raises(ValueError, match=words):
        algorithm_a(values)


@pytest.mark.parametrize("groups", [[], [[1.0]], [[1.0, 2.0], [3.0]], [[1.0, 2.0, 3.0], [1.0, float("inf")]]])
def test_a_group_needs_two_finite_results(groups):
    with pytest.raises(ValueError, match="groups"):
        algorithm_a_groups(groups)


def test_zeta_divides_the_expanded_uncertainty_by_its_k():
    right = zeta(0.013, assigned_value=0.044, expanded=0.003, k=2, expanded_assigned=0.0082, k_assigned=2)
    forgotten = zeta(0.013, assigned_value=0.044, expanded=0.003, k=1, expanded_assigned=0.0082, k_assigned=1)

    assert round(right, 2) == -7.1
    assert round(forgotten, 2) == -3.55


def test_scores_keep_shape_and_order():
    results = [0.053, 0.013, 0.045]

    assert z(results, assigned_value=0.044, sigma_pt=0.0066).round(2).tolist() == [1.36, -4.7, 0.15]
    assert isinstance(z(0.013, assigned_value=0.044, sigma_pt=0.0066), float)
    assert en(results, assigned_value=0.044, expanded=[0.007, 0.003, 0.007], expanded_assigned=0.0082).round(2).tolist() == [
        0.83,
        -3.55,
        0.09,
    ]


@pytest.mark.parametrize(
    ("score", "words"),
    [
        (lambda: z([1], assigned_value=1, sigma_pt=0), "sigma_pt is 0.0: must be > 0"),
        (lambda: z([1], assigned_value=float("nan"), sigma_pt=1), "assigned_value is nan"),
        (lambda: z_prime([1], assigned_value=1, sigma_pt=1, u_assigned=-1), "u_assigned is -1.0"),
        (lambda: zeta(1, assigned_value=1, expanded=0, k=2, expanded_assigned=0, k_assigned=2), "needs an uncertainty"),
        (lambda: zeta(1, assigned_value=1, expanded=1, k=0, expanded_assigned=1, k_assigned=2), "k has 0.0: must be > 0"),
        (lambda: en([1, 2], assigned_value=1, expanded=[1, -1], expanded_assigned=1), "expanded has -1.0"),
        (lambda: en([1, 2], assigned_value=1, expanded=[1, 1, 1], expanded_assigned=1), "must be that of results"),
        (lambda: difference_percent(1, assigned_value=0), "assigned_value is 0.0"),
    ],
)
def test_a_score_without_a_meaning_is_refused(score, words):
    with pytest.raises(ValueError, match=words):
        score()


def test_laboratories_with_unequal_replicates_are_weighed_by_them():
    found = repeatability_reproducibility([[1.0, 2.0], [3.0], [2.0, 4.0, 3.0]])

    within = (0.5 + 2.0) / 3
    between = (2 * (1.5 - 2.5) ** 2 + (3 - 2.5) ** 2 + 3 * (3 - 2.5) ** 2) / 2
    replicates = (6 - (4 + 1 + 9) / 6) / 2
    assert found.mean == 2.5
    assert found.s_r == pytest.approx(within**0.5)
    assert found.s_L == pytest.approx(((between - within) / replicates) ** 0.5)
    assert found.R / found.s_R == pytest.approx(2.8)


def test_laboratories_that_agree_better_than_their_replicates_have_no_spread_between():
    found = repeatability_reproducibility([[1.0, 3.0], [3.0, 1.0], [1.0, 3.0]])

    assert (found.s_L, found.s_L_truncated) == (0.0, True)
    assert found.s_R == found.s_r


@pytest.mark.parametrize(("data", "words"), [([[1, 2]], "at least 2"), ([[1], [2]], "needs replicates"), ([[1, 2], []], "at least 1")])
def test_precision_needs_laboratories_and_replicates(data, words):
    with pytest.raises(ValueError, match=words):
        repeatability_reproducibility(data)


def test_items_that_differ_are_not_homogeneous():
    found = homogeneity([[1.0, 1.01], [1.2, 1.21], [1.4, 1.41]], sigma_pt=0.1)

    assert (found.passes, found.criterion) == (False, pytest.approx(0.03))


def test_items_need_replicates():
    with pytest.raises(ValueError, match="1 replicates"):
        homogeneity([[1.0], [1.1]], sigma_pt=1)
