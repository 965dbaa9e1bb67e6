"""A result against its limits, by the right clause."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from inspections.judging import Limits, Verdict, clause_for, judge, limits_of, named_methods, speaks_of


@dataclass(frozen=True)
class Clause:
    params: dict[str, Any] = field(default_factory=dict)
    type: str = "characteristic_limit"


def judged(readings, bounds, *, kind="variable", decimals=1, qualifiers=None, width=1) -> tuple[str, int]:
    verdict = judge(kind, readings, decimals, qualifiers, bounds, width=width)
    return verdict.state, verdict.out_count


PH = limits_of({"kind": "variable", "lower": "4.0", "upper": "8.5"})
FORMALDEHYDE = limits_of({"kind": "censored", "upper": "75"})
RUBBING = limits_of({"kind": "ordinal", "lower": "3-4"})


def test_a_reading_on_the_limit_is_in_and_one_step_beyond_it_is_out():
    assert judged([40, 85], PH) == ("in", 0)
    assert judged([39, 86, 60], PH) == ("out", 2)
    assert judged([8501], PH, decimals=3) == ("out", 1)


def test_readings_not_taken_are_no_readings():
    assert judged([None, 60, None], PH) == ("in", 0)
    assert judge("variable", [None, None], 1, None, PH) == Verdict("not_judged", 0, "nothing_measured")


@pytest.mark.parametrize(
    ("sign", "value", "bounds", "state"),
    [
        ("<", 20, FORMALDEHYDE, "in"),
        ("<", 75, FORMALDEHYDE, "in"),
        ("<", 100, FORMALDEHYDE, "unclear"),
        (">", 75, FORMALDEHYDE, "out"),
        (">=", 75, FORMALDEHYDE, "unclear"),
        ("<", 3, Limits(lower=Decimal(3)), "out"),
        ("<=", 3, Limits(lower=Decimal(3)), "unclear"),
        (">=", 3, Limits(lower=Decimal(3)), "in"),
        ("<", 5, Limits(lower=Decimal(4), upper=Decimal(8)), "unclear"),
        ("<", 4, Limits(lower=Decimal(4), upper=Decimal(8)), "out"),
    ],
)
def test_a_bound_is_judged_only_where_every_value_it_may_have_agrees(sign, value, bounds, state):
    assert judge("censored", [value], 0, [sign], bounds).state == state


def test_one_reading_beyond_the_limit_decides_whatever_the_others_leave_open():
    assert judged([100, 90], FORMALDEHYDE, decimals=0, qualifiers=["<", "="]) == ("out", 1)


def test_a_grade_is_held_against_its_floor_by_half_steps():
    assert judged([35, 40], RUBBING, kind="ordinal") == ("in", 0)
    assert judged([30], RUBBING, kind="ordinal") == ("out", 1)
    assert judged([40], RUBBING, kind="ordinal", qualifiers=[">="]) == ("in", 0)


def test_a_colour_is_held_against_the_sealed_sample_and_without_one_against_nothing():
    params = {"kind": "derived", "unit": "ΔE CMC(2:1)", "upper": "1.0"}
    near, far = [5200, 1210, 805], [5200, 1600, 805]
    sealed = limits_of(params, standard=(52.0, 12.0, 8.0))
    assert judged(near, sealed, kind="derived", decimals=2, width=3) == ("in", 0)
    assert judged(near + far, sealed, kind="derived", decimals=2, width=3) == ("out", 1)
    assert judge("derived", near, 2, None, limits_of(params), width=3).why == "no_sealed_sample"


def test_no_clause_and_no_limit_judge_nothing():
    assert judge("variable", [1], 0, None, None) == Verdict("not_judged", 0, "no_clause")
    assert judge("variable", [1], 0, None, Limits()) == Verdict("not_judged", 0, "no_limit")


def test_a_clause_that_names_no_edition_judges_every_edition_of_its_method_and_no_other_method():
    params = {"method": "GB/T 3922", "edition": "GB/T 3922"}
    assert [speaks_of(params, edition) for edition in ("GB/T 3922-2013", "GB/T 3922-1995", "GB/T 3922", "GB/T 3920-2008", "")] == [
        "", "", "", "other_method", "edition_missing"
    ]  # fmt: skip


def test_a_clause_that_names_an_edition_judges_no_other():
    params = {"method": "GB/T 3922-2013"}
    assert [speaks_of(params, edition) for edition in ("GB/T 3922-2013", "GB/T 3922-1995", "GB/T 3922")] == [
        "",
        "other_edition",
        "edition_missing",
    ]


def test_methods_that_are_named_together_are_each_named():
    assert named_methods({"method": "GB/T 8628-2013, 8629, 8630", "edition": "GB/T 8628-2013"}) == {
        "GB/T 8628": "2013", "GB/T 8629": "", "GB/T 8630": ""
    }  # fmt: skip


def test_of_several_clauses_the_one_of_the_same_method_judges():
    old, new = (
        Clause({"characteristic": "FIB-CON", "method": "GB/T 2910"}),
        Clause({"characteristic": "FIB-CON", "edition": "GB/T 16988-2013"}),
    )
    assert clause_for([old, new], "FIB-CON", "GB/T 16988-2013") == (new, "")
    assert clause_for([old, new], "FIB-CON", "GB/T 40905.1-2021") == (None, "other_method")
    assert clause_for([old, new], "PH", "GB/T 7573-2009") == (None, "no_clause")
