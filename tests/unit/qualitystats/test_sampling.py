"""Plans and probabilities against published tables, with the traps of those who got them wrong."""

import pytest

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
    single_plan,
    z14_reduced_plan,
)

# NIST/SEMATECH e-Handbook 6.2.3.2: n = 52, c = 3.
NIST_OC = {0.01: 0.998, 0.02: 0.980, 0.03: 0.930, 0.04: 0.845, 0.05: 0.739, 0.06: 0.620}


def test_a_lot_of_1000_at_level_one_has_letter_g_and_not_f():
    # A widely read page gives F with n 20 and Ac 3; Table 1 gives G for 501 to 1,200.
    plan = single_plan(lot_size=1000, level="I", aql=2.5)

    assert (plan.code_letter, plan.plan_letter, plan.n, plan.ac, plan.re) == ("G", "G", 32, 2, 3)


@pytest.mark.parametrize(
    ("size", "letter"), [(2, "A"), (8, "A"), (9, "B"), (1200, "J"), (1201, "K"), (500_000, "P"), (500_001, "Q"), (10**9, "Q")]
)
def test_letters_change_at_the_ends_of_the_ranges(size, letter):
    assert code_letter(size, "II") == letter


def test_an_arrow_takes_sample_size_and_numbers_of_the_row_it_leads_to():
    plan = single_plan(lot_size=1200, level="I", aql="0.25")

    assert (plan.code_letter, plan.arrow, plan.plan_letter, plan.n, plan.ac, plan.re) == ("G", "down", "H", 50, 0, 1)


def test_an_arrow_upward_makes_the_sample_smaller():
    plan = single_plan(lot_size=3200, level="III", aql=40, severity="tightened")

    assert (plan.code_letter, plan.arrow, plan.plan_letter, plan.n, plan.ac) == ("L", "up", "G", 32, 18)


def test_the_arrow_below_the_last_row_leads_to_letter_s():
    plan = plan_of_letter(code_letter="R", aql="0.025", severity="tightened")

    assert (plan.plan_letter, plan.n, plan.ac, plan.re) == ("S", 3150, 1, 2)


def test_a_sample_that_reaches_the_lot_means_every_item():
    plan, equal, larger = (single_plan(lot_size=size, level="II", aql="0.65") for size in (8, 20, 21))

    assert (plan.n, plan.inspect_all, plan.n_inspect) == (20, True, 8)
    assert (equal.n, equal.inspect_all, equal.n_inspect) == (20, True, 20)
    assert (larger.n, larger.inspect_all, larger.n_inspect) == (20, False, 20)


def test_every_letter_has_a_plan_for_every_aql_under_every_severity():
    found = [plan_of_letter(code_letter=letter, aql=aql, severity=severity)
             for letter in "ABCDEFGHJKLMNPQR" for aql in aqls() for severity in SEVERITIES]  # fmt: skip

    assert len(found) == 16 * 26 * 3
    assert {plan.re - plan.ac for plan in found} == {1}


def test_reduced_plans_have_no_gap_in_iso_and_one_in_z14():
    iso, z14 = plan_of_letter(code_letter="K", aql=2.5, severity="reduced"), z14_reduced_plan(code_letter="K", aql=2.5)

    assert (iso.n, iso.ac, iso.re) == (50, 5, 6)
    assert (z14.n, z14.ac, z14.re) == (50, 3, 6)


def test_the_disputed_cell_is_flagged_and_its_neighbours_are_not():
    plan = plan_of_letter(code_letter="A", aql=10, severity="tightened")

    assert "AQLSchemes" in plan.disputed
    assert (plan.n, plan.ac, plan.re) == (2, 0, 1)
    assert plan_of_letter(code_letter="B", aql=10, severity="tightened").disputed == ""
    assert plan_of_letter(code_letter="A", aql=10, severity="normal").disputed == ""


@pytest.mark.parametrize(
    ("typed", "key"), [(0.01, "0.010"), ("0.010", "0.010"), ("0.1", "0.10"), (1, "1.0"), (1000, "1000"), (" 2.5 ", "2.5")]
)
def test_an_aql_is_read_from_a_number_and_from_text(typed, key):
    assert single_plan(lot_size=500, aql=typed).aql == key


def test_an_aql_above_ten_counts_nonconformities_only():
    assert single_plan(lot_size=500, aql=15).per_100_items_only
    assert not single_plan(lot_size=500, aql=10).per_100_items_only


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"lot_size": 1}, "lot_size is 1.0: must be >= 2"),
        ({"lot_size": True}, "lot_size"),
        ({"lot_size": 10.5}, "lot_size is 10.5: must be a whole number"),
        ({"lot_size": float("nan")}, "lot_size is nan"),
        ({"lot_size": "1200"}, "lot_size"),
        ({"aql": 2.6}, "aql is 2.6: must be one of 0.010"),
        ({"aql": float("inf")}, "aql is inf"),
        ({"aql": True}, "aql"),
        ({"aql": "much"}, "aql is 'much'"),
        ({"level": "IV"}, "level is 'IV': must be one of S-1"),
        ({"level": 2}, "level is 2"),
        ({"severity": "strict"}, "severity is 'strict': must be one of normal, tightened, reduced"),
    ],
)
def test_what_no_table_has_is_refused_by_name(wrong, words):
    with pytest.raises(ValueError, match=words):
        single_plan(**{"lot_size": 1200, "level": "II", "aql": 2.5, **wrong})


def test_letters_that_no_row_has_are_refused():
    for letter in ("I", "O", "S", "", "AA"):
        with pytest.raises(ValueError, match="code_letter is"):
            plan_of_letter(code_letter=letter, aql=2.5)


def test_the_curve_of_the_nist_example_is_met_to_a_thousandth():
    curve = oc_curve(n=52, ac=3, fractions=list(NIST_OC))

    # Two of its last digits are one unit off the binomial (0.8460, 0.7384).
    assert list(curve.probabilities) == pytest.approx(list(NIST_OC.values()), abs=1e-3)


def test_the_outgoing_limit_of_the_nist_example():
    # The page prints 0.372; its own table says 0.0372.
    assert round(aoql(n=52, ac=3, lot_size=10_000), 4) == 0.0372
    assert aoql(n=52, ac=3) > aoql(n=52, ac=3, lot_size=10_000)


def test_three_distributions_answer_their_own_questions():
    # By hand: 0.9^10; e^-1; C(18,10)/C(20,10).
    assert acceptance_probability(n=10, ac=0, fraction=0.1, kind="binomial") == pytest.approx(0.3486784401, rel=1e-12)
    assert acceptance_probability(n=10, ac=0, fraction=0.1, kind="poisson") == pytest.approx(0.36787944117144233, rel=1e-12)
    assert acceptance_probability(n=10, ac=0, fraction=0.1, kind="hypergeometric", lot_size=20) == pytest.approx(43758 / 184756, rel=1e-12)


def test_nonconformities_may_be_more_than_one_per_item_and_items_may_not():
    assert acceptance_probability(n=2, ac=3, fraction=1.5, kind="poisson") == pytest.approx(0.6472318887822313, rel=1e-12)
    with pytest.raises(ValueError, match="fraction is 1.5: must be 0 to 1"):
        acceptance_probability(n=2, ac=3, fraction=1.5, kind="binomial")


def test_a_lot_holds_whole_items_only():
    with pytest.raises(ValueError, match="times lot_size 50 must be a whole number of items, not 0.5"):
        acceptance_probability(n=10, ac=0, fraction=0.01, kind="hypergeometric", lot_size=50)


def test_a_lot_size_belongs_to_the_hypergeometric_distribution_only():
    with pytest.raises(ValueError, match="hypergeometric needs it"):
        acceptance_probability(n=10, ac=0, fraction=0.1, kind="hypergeometric")
    with pytest.raises(ValueError, match="has no use for it"):
        acceptance_probability(n=10, ac=0, fraction=0.1, kind="binomial", lot_size=100)
    with pytest.raises(ValueError, match="n is 101: must be <= lot_size, 100"):
        acceptance_probability(n=101, ac=0, fraction=0.1, kind="hypergeometric", lot_size=100)


def test_the_sure_ends_of_the_curve_are_exact():
    assert acceptance_probability(n=80, ac=5, fraction=[0.0, 1.0]).tolist() == [1.0, 0.0]
    assert acceptance_probability(n=5, ac=5, fraction=1.0) == 1.0
    assert fraction_accepted(n=5, ac=5, probability=0.1) == 1.0


def test_levels_and_aqls_are_those_of_the_standard():
    assert LEVELS == ("S-1", "S-2", "S-3", "S-4", "I", "II", "III")
    assert [float(aql) for aql in aqls()] == sorted(float(aql) for aql in aqls())
