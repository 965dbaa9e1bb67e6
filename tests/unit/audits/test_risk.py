"""A band is a sum of reasons; worse facts never make it calmer."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audits.risk import CLASS_POINTS, FINDING_POINTS, Facts, rate, rated_again

CLASSES = ["A", "B", "C", "D"]
FACTS = st.builds(
    Facts, result_class=st.sampled_from(list(CLASS_POINTS)), critical=st.integers(0, 3), major=st.integers(0, 5), minor=st.integers(0, 9),
    overdue=st.integers(0, 9), changes=st.integers(0, 9), months_since=st.none() | st.integers(0, 60),
)  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "band", "points"),
    [
        (Facts(result_class="A", months_since=3), "A", 0),
        (Facts(), "C", 40),  # never audited: nobody knows
        (Facts(result_class="B", months_since=13), "B", 17),
        (Facts(result_class="C", months_since=5, major=1), "C", 40),
        (Facts(result_class="D", months_since=5, overdue=2), "D", 60),
        (Facts(result_class="A", months_since=1, critical=1), "D", 30),  # one that is critical is enough
    ],
)
def test_a_band_follows_from_its_points_and_one_open_critical_finding_makes_it_d(facts, band, points):
    assert (rate(facts).band, rate(facts).points) == (band, points)


@settings(max_examples=30)
@given(FACTS)
def test_the_parts_are_the_points_and_a_stored_band_is_found_again(facts):
    rated = rate(facts)

    assert sum(part.points for part in rated.parts) == rated.points
    assert all(0 <= part.points <= part.most for part in rated.parts)
    assert rated_again(facts.kept()) == rated


@settings(max_examples=30)
@given(FACTS, st.sampled_from(["critical", "major", "minor", "overdue", "changes"]))
def test_one_more_thing_that_is_wrong_never_makes_a_firm_calmer(facts, what):
    worse = replace(facts, **{what: getattr(facts, what) + 1})

    assert rate(worse).band >= rate(facts).band
    assert rate(worse).points >= rate(facts).points


def test_no_kind_of_finding_counts_without_end():
    assert rate(Facts(result_class="A", months_since=0, minor=1000)).points == FINDING_POINTS["minor"][1]
