"""What a reader of a diff sees: whole numbers, whole grades, whole codes of standards."""

import pytest

from agreements.diff import changes, pieces
from agreements.turns import Turn, turn_of
from tests.agreed import NOW


def shown(before, after):
    return [(run.kind[0], run.text) for run in changes(before, after)]


@pytest.mark.parametrize(
    ("before", "after", "seen"),
    [
        ("色牢度不低于 3 级（GB/T 3920）。", "色牢度不低于 2-3 级（GB/T 3920）。", [("s", "色牢度不低于 "), ("r", "3 级"), ("a", "2-3 级"), ("s", "（GB/T 3920）。")]),
        ("每 3 个月一次，提前 14 天", "每 6 个月一次，提前 7 天", [("s", "每 "), ("r", "3 个月"), ("a", "6 个月"), ("s", "一次，提前 "), ("r", "14 天"), ("a", "7 天")]),
        ("at most 20 mg/kg (GB/T 2912.1-2009)", "at most 75 mg/kg (GB/T 2912.1-2009)", [("s", "at most "), ("r", "20 mg/kg"), ("a", "75 mg/kg"), ("s", " (GB/T 2912.1-2009)")]),
        ("of class B", "of class A", [("s", "of class "), ("r", "B"), ("a", "A")]),
        ("供应商提交", "供应商提交检测报告", [("s", "供应商提交"), ("a", "检测报告")]),
        ("", "新条款", [("a", "新条款")]),
    ],
)
def test_a_change_is_shown_in_whole_words_numbers_and_grades(before, after, seen):
    assert shown(before, after) == seen


def test_a_lone_character_between_two_changes_is_no_island():
    assert shown("甲乙丙", "丁乙戊") == [("r", "甲乙丙"), ("a", "丁乙戊")]


def test_a_standard_keeps_its_code_and_a_range_its_ends():
    assert pieces("GB/T 7573-2009 pH 4.0") == ["GB/T 7573-2009", " ", "pH", " ", "4.0"]


class Open:
    def __init__(self, side, hours):
        self.side, self.at = side, NOW.replace(hour=hours)


@pytest.mark.parametrize(
    ("state", "waiting", "signed", "whose"),
    [
        ("draft", [], [], None),
        ("in_review", [], [], Turn("supplier", "agreement_to_review")),
        ("in_review", [Open("supplier", 9)], [], Turn("owner", "agreement_to_answer")),
        ("in_review", [Open("supplier", 11), Open("owner", 10)], [], Turn("supplier", "agreement_to_answer")),
        ("agreed", [], [], Turn("supplier", "agreement_to_sign")),
        ("signing", [], ["supplier"], Turn("owner", "agreement_to_sign")),
        ("signing", [Open("supplier", 9)], ["owner"], Turn("owner", "agreement_to_answer")),
        ("signed", [], ["owner", "supplier"], None),
        ("replaced", [], [], None),
    ],
)
def test_one_side_is_waited_for_at_any_time(state, waiting, signed, whose):
    assert turn_of(state, waiting, signed) == whose
