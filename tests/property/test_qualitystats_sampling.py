"""What must hold for every plan and every series of lots; SciPy as oracle."""

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from qualitystats.sampling import (
    LEVELS,
    SEVERITIES,
    acceptance_probability,
    aoql,
    aqls,
    code_letter,
    fraction_accepted,
    oc_curve,
    plan_of_letter,
    replay,
    single_plan,
)

LETTERS = "ABCDEFGHJKLMNPQR"
sizes = st.integers(2, 2_000_000)
levels, severities, preferred = st.sampled_from(LEVELS), st.sampled_from(SEVERITIES), st.sampled_from(aqls())
fractions = st.floats(0, 1)
kinds = st.sampled_from(["binomial", "poisson"])


@given(sizes, sizes, levels)
def test_a_larger_lot_never_has_an_earlier_letter(one, other, level):
    small, large = sorted((one, other))

    assert code_letter(small, level) <= code_letter(large, level)


@given(sizes, preferred, severities)
def test_general_levels_and_special_levels_are_ordered(size, aql, severity):
    special, general = [[code_letter(size, level) for level in part] for part in (LEVELS[:4], LEVELS[4:])]

    assert special == sorted(special)
    assert general == sorted(general)


@given(sizes, levels, preferred, severities)
def test_a_plan_can_be_carried_out(size, level, aql, severity):
    plan = single_plan(lot_size=size, level=level, aql=aql, severity=severity)

    assert plan.re == plan.ac + 1
    assert plan.inspect_all == (plan.n >= size)
    assert 0 < plan.n_inspect <= size
    assert (plan.arrow == "") == (plan.plan_letter == plan.code_letter)
    assert single_plan(lot_size=size, level=level, aql=float(aql), severity=severity) == plan


@given(st.sampled_from(LETTERS), preferred)
def test_tightened_accepts_less_than_normal_and_reduced_takes_no_larger_sample(letter, aql):
    normal, tightened, reduced = (plan_of_letter(code_letter=letter, aql=aql, severity=severity) for severity in SEVERITIES)

    assert reduced.n <= normal.n
    for defect_rate in (0.3, 1.0, 3.0):
        share = float(aql) / 100 * defect_rate
        normally, strictly = (acceptance_probability(n=plan.n, ac=plan.ac, fraction=share, kind="poisson") for plan in (normal, tightened))
        assert strictly <= normally + 1e-12


@given(st.integers(1, 3000), st.integers(0, 50), fractions, fractions, kinds)
def test_worse_lots_are_accepted_less_often(n, ac, one, other, kind):
    good, bad = sorted((one, other))

    assert (
        acceptance_probability(n=n, ac=ac, fraction=bad, kind=kind) <= acceptance_probability(n=n, ac=ac, fraction=good, kind=kind) + 1e-12
    )


@given(st.integers(1, 3000), st.integers(0, 50), fractions, kinds)
def test_a_larger_acceptance_number_accepts_more_and_a_larger_sample_less(n, ac, fraction, kind):
    found = acceptance_probability(n=n, ac=ac, fraction=fraction, kind=kind)

    assert 0.0 <= found <= 1.0
    assert acceptance_probability(n=n, ac=ac + 1, fraction=fraction, kind=kind) >= found - 1e-12
    assert acceptance_probability(n=n + 1, ac=ac, fraction=fraction, kind=kind) <= found + 1e-12


@given(st.integers(1, 300), st.integers(0, 20), st.integers(1, 300), st.data())
def test_a_sample_of_a_lot_is_the_sum_of_its_hypergeometric_terms(n, ac, lot, data):
    size, wrong = min(n, lot), data.draw(st.integers(0, lot))
    terms = sum(math.comb(wrong, k) * math.comb(lot - wrong, size - k) for k in range(min(ac, size) + 1))

    found = acceptance_probability(n=size, ac=ac, fraction=wrong / lot, kind="hypergeometric", lot_size=lot)

    assert found == pytest.approx(terms / math.comb(lot, size), rel=1e-9, abs=1e-12)


@given(st.integers(1, 400), st.integers(0, 20), fractions)
def test_a_vast_lot_is_the_binomial_distribution_of_scipy(n, ac, fraction):
    assert acceptance_probability(n=n, ac=ac, fraction=fraction) == pytest.approx(stats.binom(n, fraction).cdf(ac), rel=1e-12, abs=1e-300)


@given(st.integers(2, 2000), st.integers(0, 30), st.floats(0.001, 0.999), kinds)
def test_the_quality_accepted_with_a_probability_is_accepted_with_it(n, ac, probability, kind):
    share = fraction_accepted(n=n, ac=min(ac, n - 1), probability=probability, kind=kind)

    assert acceptance_probability(n=n, ac=min(ac, n - 1), fraction=share, kind=kind) == pytest.approx(probability, rel=1e-6)


@settings(max_examples=40)
@given(st.integers(2, 1000), st.integers(0, 20))
def test_nothing_worse_than_the_limit_gets_through(n, ac):
    number = min(ac, n - 1)
    curve = oc_curve(n=n, ac=number)

    assert max(share * found for share, found in curve) <= aoql(n=n, ac=number) * (1 + 1e-6)


@given(st.sampled_from([float("nan"), float("inf"), -0.1, True, "0.1", None]))
def test_a_fraction_that_is_none_is_refused(fraction):
    with pytest.raises(ValueError, match="fraction"):
        acceptance_probability(n=10, ac=0, fraction=fraction)


lots = st.lists(st.one_of(st.integers(0, 12), st.tuples(st.just("resub"), st.integers(0, 12))), max_size=60)
series = st.fixed_dictionaries({"aql": preferred, "code_letter": st.sampled_from(LETTERS), "reduced_authorised": st.booleans()})


@given(lots, series, st.integers(0, 60))
def test_the_replay_of_a_beginning_is_the_beginning_of_the_replay(found, rules, cut):
    assert replay(found[:cut], **rules).steps == replay(found, **rules).steps[:cut]


@given(lots, series)
def test_lots_submitted_again_change_no_severity(found, rules):
    originals = [lot for lot in found if isinstance(lot, int)]
    kept = [(step.severity, step.switching_score_after) for step in replay(found, **rules) if step.original]

    assert kept == [(step.severity, step.switching_score_after) for step in replay(originals, **rules)]


@given(lots, series)
def test_a_series_keeps_its_rules(found, rules):
    steps = replay(found, **rules).steps

    for before, after in itertools.pairwise(steps):
        assert after.severity == before.severity_after
    for step in steps:
        assert (step.accepted is None) == (step.severity == "discontinued")
        assert (step.switching_score_after is None) == (step.severity != "normal")
        assert step.severity_after != "reduced" or rules["reduced_authorised"]
        assert step.severity == step.severity_after or (step.reason and step.original)
