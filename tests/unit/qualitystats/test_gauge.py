"""Gage R&R: pooling, truncation, the manual's factors, and designs that cannot answer."""

import json
from pathlib import Path

import numpy as np
import pytest

from qualitystats.chart_constants import constants
from qualitystats.gauge import gauge_rr_anova, gauge_rr_range, ndc

DATA = json.loads((Path(__file__).resolve().parents[2] / "vectors/02_spc/gage_rr_aiag_minitab.json").read_text("utf-8"))["data"]
# AIAG MSA manual, K3 by number of parts, as printed there with four decimals.
K3 = {2: 0.7071, 3: 0.5231, 4: 0.4467, 5: 0.4030, 6: 0.3742, 7: 0.3534, 8: 0.3375, 9: 0.3249, 10: 0.3146}


def test_an_interaction_without_weight_is_pooled_and_that_is_said():
    pooled, full = gauge_rr_anova(DATA), gauge_rr_anova(DATA, pool_above=1)

    assert (pooled.pooled, full.pooled) == (True, False)
    assert (round(pooled.grr, 5), round(full.grr, 5)) == (0.09143, 0.09811)
    assert full.truncated == ("interaction",)
    assert pooled.truncated == ()


def test_components_add_up():
    found = gauge_rr_anova(DATA)

    assert found.grr == pytest.approx(found.repeatability + found.operator + found.interaction)
    assert found.total == pytest.approx(found.grr + found.part)
    assert found.pct_contribution_grr == pytest.approx(100 * found.grr / found.total)
    assert found.pct_study_var_grr == pytest.approx(10 * found.pct_contribution_grr**0.5)


def test_the_number_of_categories_is_cut_not_rounded():
    assert gauge_rr_anova(DATA).ndc == 4  # 4.86
    assert gauge_rr_range(DATA).ndc == 5
    assert ndc(part_sd=1.0, grr_sd=10.0) == 1
    assert ndc(part_sd=0.0, grr_sd=0.0) is None


@pytest.mark.parametrize(("parts", "factor"), K3.items())
def test_factors_of_one_range_are_the_manuals(parts, factor):
    assert round(1 / np.hypot(constants(parts).d2, constants(parts).d3), 4) == factor


def test_readings_that_never_differ_give_no_percentages():
    found, ranges = gauge_rr_anova(np.full((3, 2, 2), 0.1)), gauge_rr_range(np.full((3, 2, 2), 0.1))

    assert (found.total, found.pct_contribution_grr, found.pct_study_var_grr, found.p_interaction, found.ndc) == (0, None, None, None, None)
    assert (ranges.tv, ranges.pct_grr, ranges.ndc) == (0, None, None)


def test_parts_without_repeat_spread_have_no_number_of_categories():
    data = np.broadcast_to(np.arange(4.0)[:, None, None], (4, 2, 2))

    assert gauge_rr_anova(data).ndc is None
    assert gauge_rr_anova(data).part > 0


def test_grr_is_held_against_a_tolerance_when_there_is_one():
    found = gauge_rr_anova(DATA, tolerance=8.0)

    assert found.pct_tolerance_grr == pytest.approx(600 * found.grr**0.5 / 8)
    assert gauge_rr_anova(DATA).pct_tolerance_grr is None


@pytest.mark.parametrize("study", [gauge_rr_anova, gauge_rr_range])
@pytest.mark.parametrize(
    ("shape", "words"), [((1, 2, 2), "1 parts"), ((2, 1, 2), "1 operators"), ((2, 2, 1), "1 trials"), ((2, 2), "2 axes")]
)
def test_a_design_that_cannot_answer_is_refused(study, shape, words):
    with pytest.raises(ValueError, match=words):
        study(np.zeros(shape))


@pytest.mark.parametrize("study", [gauge_rr_anova, gauge_rr_range])
def test_a_missing_reading_is_refused(study):
    with pytest.raises(ValueError, match=r"data\[0\]\[1\]\[0\] is nan"):
        study([[[1, 2], [float("nan"), 2]], [[1, 2], [3, 4]]])


@pytest.mark.parametrize("level", [-0.1, 1.1, float("nan")])
def test_a_level_for_pooling_is_a_probability(level):
    with pytest.raises(ValueError, match="pool_above"):
        gauge_rr_anova(DATA, pool_above=level)
