"""VDA 6.3 rule by rule, and checklists whose questions do not apply."""

import pytest

from qualitystats.audit_score import Vda63Question, audit_band, checklist_score, on_time_percent, ppm, vda63, vda63_grade

FINE = {"overall": 95, "elements": [95, 95]}


@pytest.mark.parametrize(
    ("change", "grade", "reasons"),
    [
        ({}, "A", ()),
        ({"elements": [95, 79]}, "B", ("element/step <80",)),
        ({"steps": [79]}, "B", ("element/step <80",)),
        ({"sub_elements": [79]}, "B", ("P6 sub-element <80",)),
        ({"star_points": [4]}, "B", ("*-question 4 points",)),
        ({"other_points": [0]}, "B", ("question 0 points",)),
        ({"other_points": [4]}, "A", ()),
        ({"elements": [95, 69]}, "C", ("element/step <70",)),
        ({"steps": [69]}, "C", ("element/step <70",)),
        ({"sub_elements": [69]}, "B", ("P6 sub-element <80",)),
        ({"star_points": [0]}, "C", ("*-question 0 points",)),
        ({"overall": 85, "star_points": [4], "other_points": [0], "sub_elements": [10]}, "B", ()),
        ({"overall": 85, "star_points": [0]}, "C", ("*-question 0 points",)),
        ({"overall": 79.9, "star_points": [0]}, "C", ()),
        ({"overall": 90}, "A", ()),
        ({"overall": 80}, "B", ()),
    ],
)
def test_every_downgrading_rule(change, grade, reasons):
    found = vda63_grade(**{**FINE, **change})

    assert (found.grade, found.reasons) == (grade, reasons)


def test_two_reasons_are_both_named():
    assert vda63_grade(**FINE, star_points=[4], other_points=[0]).reasons == ("*-question 4 points", "question 0 points")


@pytest.mark.parametrize(("level", "grade"), [(79.5, "A"), (79.49, "B"), (69.5, "B"), (69.49, "C"), (78.5, "B")])
def test_levels_are_rounded_to_whole_percent_halves_up_for_the_downgrading_rules(level, grade):
    assert vda63_grade(overall=95, elements=[level]).grade == grade


def test_the_overall_level_is_not_rounded_but_says_where_that_matters():
    assert (vda63_grade(overall=89.6, elements=[90]).grade, vda63_grade(overall=89.6, elements=[90]).rounding_matters) == ("B", True)
    assert vda63_grade(overall=89.4, elements=[90]).rounding_matters is False


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"overall": 101}, "overall is 101"),
        ({"elements": []}, "elements is empty"),
        ({"star_points": [5]}, "star_points"),
        ({"steps": [float("nan")]}, "steps is nan"),
    ],
)
def test_what_no_audit_gives_is_refused(change, words):
    with pytest.raises(ValueError, match=words):
        vda63_grade(**{**FINE, **change})


def test_not_evaluated_questions_leave_the_sum_and_the_possible_points():
    found = vda63([Vda63Question("P5", "1", 10), Vda63Question("P5", "2", 8), Vda63Question("P5", "3", None)])

    assert found.elements == {"P5": 90.0}
    assert found.overall == 90.0


def test_a_question_rated_by_steps_counts_once_with_its_mean_of_two_decimals():
    steps = {"weave": 10, "dye": 8, "finish": 8}
    found = vda63(
        [
            Vda63Question("P6", "6.1.1", steps, sub_element="EU1"),
            Vda63Question("P6", "6.2.1", {"weave": 10, "dye": 10, "finish": 10}, sub_element="EU2"),
        ]
    )

    assert found.elements["P6"] == pytest.approx(100 * (8.67 + 10) / 20)
    assert found.sub_elements == {"EU1": 86.7, "EU2": 100.0}
    assert found.steps == {"dye": 90.0, "finish": 90.0, "weave": 100.0}


def test_the_overall_level_weighs_questions_not_elements():
    found = vda63([Vda63Question("P5", "1", 8), *[Vda63Question("P7", str(number), 10) for number in range(9)]])

    assert found.overall == 98.0
    assert found.elements == {"P5": 80.0, "P7": 100.0}


def test_fewer_than_two_thirds_evaluated_gives_no_grade():
    asked = [Vda63Question("P5", "1", 10), Vda63Question("P5", "2", None), Vda63Question("P7", "1", 10)]
    found = vda63(asked)

    assert (found.grade, found.incomplete) == (None, ("P5",))


def test_one_step_with_zero_points_of_a_starred_question_is_enough():
    asked = [
        Vda63Question("P6", "6.1", {"weave": 10, "dye": 0}, starred=True),
        *[Vda63Question("P6", f"6.{n}", {"weave": 10, "dye": 10}) for n in range(2, 12)],
    ]
    found = vda63(asked)

    assert found.overall > 90
    assert (found.grade, found.before) == ("C", "A")
    assert "*-question 0 points" in found.reasons


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ([], "questions is empty"),
        ([Vda63Question("P1", "1", 10)], "element of question 1 is 'P1'"),
        ([Vda63Question("P5", "1", 7)], "points of question 1 are 7"),
        ([Vda63Question("P5", "1", True)], "points of question 1"),
        ([Vda63Question("P5", "1", 10), Vda63Question("P5", "1", 8)], "P5 1 twice"),
    ],
)
def test_a_question_that_cannot_be_is_refused(asked, words):
    with pytest.raises(ValueError, match=words):
        vda63(asked)


def test_what_does_not_apply_leaves_the_sum_above_and_below_the_line():
    with_it, without = checklist_score([1, 0, None], weights=[3, 1, 100]), checklist_score([1, 0], weights=[3, 1])

    assert with_it.score == without.score == 75.0
    assert (with_it.answered, with_it.not_applicable, with_it.applicable_weight) == (2, 1, 4)


def test_a_checklist_that_does_not_apply_has_no_score():
    assert checklist_score([None, None]).score is None
    assert checklist_score([]).score is None
    assert checklist_score([1], weights=[0]).score is None


@pytest.mark.parametrize(
    ("answers", "weights", "words"),
    [([1.1], None, "answers"), ([1], [-1], "weights has -1"), ([1], [1, 2], "weights has 2 values"), ([float("nan")], None, "finite")],
)
def test_an_answer_lies_between_nothing_and_all(answers, weights, words):
    with pytest.raises(ValueError, match=words):
        checklist_score(answers, weights=weights)


def test_an_open_critical_finding_caps_the_band_and_never_lifts_it():
    floors = {"A": 90, "B": 75, "C": 60, "D": 0}

    assert [audit_band(score, floors=floors) for score in (95, 90, 75, 60, 59.9)] == ["A", "A", "B", "C", "D"]
    assert [audit_band(score, floors=floors, open_critical=2) for score in (95, 59.9)] == ["C", "D"]
    assert audit_band(None, floors=floors) is None


@pytest.mark.parametrize("floors", [{"A": 75, "C": 90}, {"A": 90, "B": 75}])
def test_floors_must_fall_and_hold_the_cap(floors):
    with pytest.raises(ValueError, match="floors is"):
        audit_band(50, floors=floors)


def test_nothing_delivered_is_no_value_and_not_a_zero():
    assert ppm(nonconforming=0, delivered=0) is None
    assert ppm(nonconforming=0, delivered=500) == 0.0
    assert on_time_percent(on_time=0, due=0) is None
    with pytest.raises(ValueError, match="nonconforming is 5: must be <= delivered, 4"):
        ppm(nonconforming=5, delivered=4)
