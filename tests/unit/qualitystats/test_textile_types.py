"""Grades are ordered and nothing more; a bound answers only what it decides."""

import copy
import pickle

import numpy as np
import pytest

from qualitystats.textile import GRADES, Censored, Grade, read_result


def test_nine_grades_are_in_order():
    grades = [Grade(text) for text in GRADES]

    assert grades == sorted(grades)
    assert len(set(grades)) == 9
    assert [grade.value for grade in grades] == [1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5]


@pytest.mark.parametrize(
    "written", ["3-4", "3-4级", "3～4", "3~4", "3–4", "3—4", "3至4级", "３－４", " 3-4 级 ", "3.5", 3.5, np.float64(3.5), "3/4"]
)
def test_a_grade_is_one_grade_however_it_is_written(written):
    assert Grade(written) == Grade("3-4")
    assert hash(Grade(written)) == hash(Grade("3-4"))
    assert str(Grade.parse(written)) == "3-4"


@pytest.mark.parametrize(
    "wrong", ["3-5", "4-3", "0", "6", "5-6", "5.5", "3.2", "", "good", "3-4-5", None, True, float("nan"), 0.5, 5.5, 3.25, [3]]
)
def test_what_is_no_grade_is_refused(wrong):
    with pytest.raises(ValueError, match="must be one of 1, 1-2, 2"):
        Grade(wrong)


@pytest.mark.parametrize("thing", [Grade("3-4"), Censored("<", 20), Censored.not_detected()])
@pytest.mark.parametrize(
    "sum_up",
    [
        lambda thing: thing + thing,
        lambda thing: sum([thing, thing]),
        lambda thing: np.mean([thing, thing]),
        lambda thing: thing / 2,
        lambda thing: 2 * thing,
        lambda thing: np.float64(2) * thing,
        lambda thing: np.array([1.0, 2.0]) + thing,
        float,
        int,
        round,
        abs,
        lambda thing: -thing,
        lambda thing: np.asarray([thing], dtype=float),
        lambda thing: 1.0 - thing,
    ],
)
def test_every_way_into_arithmetic_ends_in_one_clear_error(thing, sum_up):
    with pytest.raises(TypeError, match="it can be compared, not calculated with"):
        sum_up(thing)


def test_a_grade_does_not_compare_with_a_number():
    with pytest.raises(TypeError):
        _ = Grade("3") < 3.5
    assert Grade("3") != 3


def test_results_cannot_be_changed_and_survive_a_copy():
    with pytest.raises(AttributeError):
        Grade("3").half_steps = 8
    with pytest.raises(AttributeError):
        Censored("<", 20).bound = 5
    assert copy.deepcopy(Grade("3-4")) == pickle.loads(pickle.dumps(Grade("3-4"))) == Grade("3-4")


@pytest.mark.parametrize(
    ("result", "limit", "answer"),
    [
        (Censored("<", 20), 20, True),
        (Censored("<", 20), 75, True),
        (Censored("<", 20), 10, None),
        (Censored("<=", 20), 20, True),
        (Censored(">", 300), 300, False),
        (Censored(">=", 300), 300, None),
        (Censored(">", 300), 400, None),
        (Censored.not_detected(5), 20, True),
        (Censored.not_detected(), 20, None),
    ],
)
def test_a_bound_is_at_most_a_limit_only_where_every_value_is(result, limit, answer):
    assert result.at_most(limit) is answer


@pytest.mark.parametrize(
    ("result", "limit", "answer"),
    [(Censored("<", 3), 3, False), (Censored(">=", 3), 3, True), (Censored("<=", 3), 3, None), (Censored(">", 2), 3, None)],
)
def test_a_bound_is_at_least_a_limit_only_where_every_value_is(result, limit, answer):
    assert result.at_least(limit) is answer


def test_operators_answer_or_raise_but_never_guess():
    assert Censored("<", 20) <= 20
    assert Censored("<", 20) < 20
    assert Censored("<", 20) <= 75
    assert not Censored(">", 300) <= 300
    assert Censored("<", 5) < Censored(">", 10)
    with pytest.raises(ValueError, match="<20 < 10: the bound does not decide it"):
        _ = Censored("<", 20) < 10
    with pytest.raises(ValueError, match="does not decide"):
        _ = Censored.not_detected() >= 0
    with pytest.raises(TypeError, match="compares with finite numbers"):
        _ = Censored("<", 20) < "10"


@pytest.mark.parametrize(
    ("text", "qualifier", "bound"),
    [
        ("<20", "<", 20),
        ("＜20", "<", 20),
        ("≤ 5", "<=", 5),
        (">1000", ">", 1000),
        ("未检出", "ND", None),
        ("N.D.", "ND", None),
        ("not detected", "ND", None),
    ],
)
def test_a_bound_is_read_as_laboratories_write_it(text, qualifier, bound):
    assert (Censored.parse(text).qualifier, Censored.parse(text).bound) == (qualifier, bound)


def test_a_number_stays_a_number_and_a_bound_a_bound():
    assert read_result("12.5") == 12.5
    assert read_result(12.5) == 12.5
    assert read_result("<20") == Censored("<", 20)
    assert read_result("ND", detection_limit=5) == Censored.not_detected(5)


@pytest.mark.parametrize("wrong", ["", "about 5", "<", "<x", None, float("nan"), True, "1,2"])
def test_what_is_no_result_is_refused(wrong):
    with pytest.raises(ValueError, match="must be"):
        read_result(wrong)


@pytest.mark.parametrize(("qualifier", "bound"), [("=", 5), ("<", None), ("<", float("inf")), ("<", True), ("", 5)])
def test_a_bound_needs_a_known_qualifier_and_a_finite_number(qualifier, bound):
    with pytest.raises(ValueError, match="must be"):
        Censored(qualifier, bound)
