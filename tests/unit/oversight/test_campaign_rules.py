"""A rule is kept as data, and a number of firms is never exact."""

from types import SimpleNamespace

import pytest

from oversight.campaign_rules import Crowd, Rule, crowd, funnel


def firm(**more):
    return SimpleNamespace(
        **{"region_id": "330203", "town_id": "330203009", "node_codes": ["knitting"], "size": "small", "above_scale": False, **more}
    )


def test_a_rule_comes_back_as_it_went():
    rule = Rule(regions=("330203",), nodes=("knitting", "dyeing"), above_scale=True, lacks_certificate="iso_9001")

    assert Rule.of(rule.as_json()) == rule
    assert rule.as_json() == {"regions": ["330203"], "nodes": ["knitting", "dyeing"], "above_scale": True, "lacks_certificate": "iso_9001"}


def test_what_a_kept_rule_says_strangely_is_left_out():
    assert Rule.of({"regions": "330203", "above_scale": "yes", "unknown": 1, "sizes": ["small"]}) == Rule(sizes=("small",))


@pytest.mark.parametrize(
    ("rule", "fits"),
    [
        (Rule(), True),
        (Rule(regions=("330203",), nodes=("knitting", "dyeing")), True),
        (Rule(regions=("330206",)), False),
        (Rule(towns=("330203001",)), False),
        (Rule(nodes=("dyeing",)), False),
        (Rule(sizes=("large", "medium")), False),
        (Rule(above_scale=True), False),
    ],
)
def test_all_that_a_rule_names_must_hold(rule, fits):
    assert rule.fits(firm()) is fits


def test_only_what_is_a_firms_own_looks_closer():
    assert not Rule(regions=("330203",), above_scale=True).looks_closer
    assert Rule(open_findings=True).looks_closer
    assert Rule(lacks_certificate="iso_9001").looks_closer
    assert Rule(no_agreement=True).looks_closer


@pytest.mark.parametrize(("n", "least"), [(0, 0), (4, 0), (5, 5), (9, 5), (10, 10), (20_436, 20_435)])
def test_a_number_of_firms_is_rounded_down_to_fives(n, least):
    assert crowd(n) == Crowd(least=least)


@pytest.mark.parametrize(
    ("n", "of", "said"),
    [
        (15, 20, Crowd(15)),
        (16, 20, Crowd(15)),
        (20, 20, Crowd(15)),
        (12, 12, Crowd(5)),
        (4, 20, Crowd()),
        (6, 9, Crowd(untold=True)),
        (0, 9, Crowd(untold=True)),
    ],
)
def test_the_few_who_are_missing_are_not_told_either(n, of, said):
    assert crowd(n, out_of=of) == said


def test_every_answer_stands_for_five_numbers_or_more():
    for told in range(60):
        for done in range(told + 1):
            same = [n for n in range(told + 1) if crowd(n, out_of=told) == crowd(done, out_of=told)]
            assert len(same) >= min(5, told + 1), (told, done)


def test_a_funnel_is_told_out_of_those_who_were_told():
    assert funnel([40, 22, 3]) == [Crowd(40), Crowd(20), Crowd()]
    assert funnel([20, 20, 3], out_of=20) == [Crowd(15), Crowd(15), Crowd()]
    assert funnel([7, 2], out_of=8) == [Crowd(untold=True), Crowd(untold=True)]
