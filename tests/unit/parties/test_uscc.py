"""The unified social credit code against published codes and against python-stdnum."""

import json
from pathlib import Path

import pytest
from stdnum.cn import uscc as oracle

from parties.uscc import ALPHABET, UsccProblem, check_character, clean, problem

VECTORS = json.loads((Path(__file__).parents[2] / "data" / "identifiers" / "uscc.json").read_text("utf-8"))


@pytest.mark.parametrize("code", VECTORS["valid"])
def test_published_codes_fit(code):
    assert problem(code) is None
    assert check_character(code[:17]) == code[17] == oracle.calc_check_digit(code[:17])


@pytest.mark.parametrize("code", [invalid["code"] for invalid in VECTORS["invalid"]])
def test_published_slips_do_not_fit(code):
    assert problem(code) is not None
    assert not oracle.is_valid(code)


def test_the_standards_own_example_ends_in_three():
    assert check_character("91350100M000100Y4") == "3"


def test_alphabet_is_that_of_the_standard():
    assert VECTORS["alphabet"] == ALPHABET


@pytest.mark.parametrize("typed", [
    "91350100m000100y43", "９１３５０１００Ｍ０００１００Ｙ４３", "'91350100M000100Y43", " 9135 0100-M000‑100Y43\u3000", "\u200b91350100M0\u202e00100Y43\ufeff",
])
def test_width_case_blanks_hyphens_and_unseen_marks_are_cleaned(typed):
    assert clean(typed) == "91350100M000100Y43"
    assert problem(typed) is None


@pytest.mark.parametrize(("typed", "found"), [
    ("", UsccProblem("uscc_missing")),
    (" - ", UsccProblem("uscc_missing")),
    ("无", UsccProblem("uscc_length", found=1, expected=18)),
    ("91310115591693856", UsccProblem("uscc_length", found=17, expected=18)),
    ("91350100I000100Y43", UsccProblem("uscc_char", position=9, found="I")),
    ("ODEM09E1TH9TUTJBCT", UsccProblem("uscc_char", position=1, found="O", suggestion="0")),
    ("0DEM06FI93B4HLK2RC", UsccProblem("uscc_char", position=8, found="I", suggestion="1")),
    ("91350100M000100Y44", UsccProblem("uscc_check", position=18, found="4", expected="3")),
    ("1.23502E+17", UsccProblem("uscc_number_form", found="1.23502E+17")),
    ("1.23502e17", UsccProblem("uscc_number_form", found="1.23502e17")),
    ("123502001549897000.0", UsccProblem("uscc_number_form", found="123502001549897000.0")),
    ("123502001549897000", UsccProblem("uscc_check", position=18, found="0", expected="8")),
])
def test_the_message_says_what_does_not_fit_and_where(typed, found):
    assert problem(typed) == found


def test_two_bad_letters_get_no_suggestion():
    assert problem("ODEMO9E1TH9TUTJBCT") == UsccProblem("uscc_char", position=1, found="O")


@pytest.mark.parametrize("first17", ["", "91350100M000100Y", "91350100I000100Y4", "91350100M000100Y43"])
def test_a_check_character_needs_seventeen_good_characters(first17):
    with pytest.raises(ValueError, match="first17"):
        check_character(first17)
