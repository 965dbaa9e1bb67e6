"""What a clause asks, as numbers that a chart can hold its lots against."""

from __future__ import annotations

from inspections.selectors.series import bounds_of_params


def test_limits_stand_as_the_clause_words_them():
    found = bounds_of_params({"kind": "variable", "lower": "36.4", "upper": "40.6", "ppk_min": "1.00", "source": "FZ/T 71006-2021"})

    assert (found.lower, found.upper, found.target, found.ppk_min, found.source) == (36.4, 40.6, None, 1.0, "FZ/T 71006-2021")


def test_a_grade_stands_at_its_half_step():
    assert bounds_of_params({"kind": "ordinal", "lower": "3-4"}).lower == 3.5


def test_a_colour_is_told_apart_by_the_formula_that_the_clause_names():
    assert bounds_of_params({"kind": "derived", "unit": "ΔE CIEDE2000", "upper": "1.0"}).formula == "ciede2000"
    assert bounds_of_params({"kind": "derived", "unit": "ΔE", "upper": "1.0"}).formula == "cmc(2:1)"


def test_what_is_empty_or_no_number_is_no_limit():
    found = bounds_of_params({"kind": "variable", "lower": "", "upper": "soft", "cv_max": None})

    assert not found.asks and found.cv_max is None
