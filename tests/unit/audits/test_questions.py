"""What answers are, what they lack, when a question is asked."""

from decimal import Decimal

import pytest

from audits.checklist_body import QUESTION, asked_by
from audits.questions import Answer, answer_of, as_json, asked_of, fails, for_nodes, missing, parsed, photos_wanted, share, shown
from foundation.errors import RuleBroken

COLOURS = [{"code": "red", "zh": "红", "en": "Red", "share": 0}, {"code": "blue", "zh": "蓝", "en": "Blue", "share": None}]


def question(code="Q-1", **said):
    return asked_by({**QUESTION, "code": code, "text_zh": "问", **said})


YES_NO, SCALE, TEXT = question(), question(kind="scale"), question(kind="text")
NUMBER = question(kind="number", lowest="55", highest="75")
CHOICE, PHOTO, SIGNED = question(kind="choice", options=COLOURS), question(kind="photo", photos_least=2), question(kind="signature")


@pytest.mark.parametrize(
    ("asked", "raw", "kept"),
    [
        (YES_NO, "yes", "yes"), (YES_NO, "", None), (SCALE, "8", 8), (SCALE, 0, 0), (NUMBER, " 12,50 ", "12.50"), (NUMBER, "６５．５", "65.5"),
        (NUMBER, -3, "-3"), (CHOICE, "blue", "blue"), (TEXT, "  好  ", "好"), (TEXT, "   ", None), (PHOTO, "anything", None),
        (SIGNED, "林师傅", {"name": "林师傅", "strokes": []}),
        (SIGNED, {"name": "林师傅", "strokes": [[1, 2, 3, 4]]}, {"name": "林师傅", "strokes": [[1, 2, 3, 4]]}),
    ],
)  # fmt: skip
def test_an_answer_is_kept_in_its_one_form(asked, raw, kept):
    assert parsed(asked, raw) == kept


@pytest.mark.parametrize(
    ("asked", "raw", "code"),
    [
        (YES_NO, "maybe", "answer_not_of_this_question"), (YES_NO, "na", "answer_not_of_this_question"), (SCALE, "5", "answer_not_of_this_question"),
        (SCALE, "-4", "answer_not_of_this_question"), (CHOICE, "green", "answer_not_of_this_question"), (NUMBER, "much", "answer_not_a_number"),
        (NUMBER, "1e9", "answer_not_a_number"), (NUMBER, True, "answer_not_a_number"), (NUMBER, "NaN", "answer_not_a_number"),
        (TEXT, "字" * 501, "answer_too_long"), (SIGNED, {"name": " "}, "signature_unreadable"), (SIGNED, {"name": "林", "strokes": [[1]]}, "signature_unreadable"),
        (SIGNED, {"name": "林", "strokes": [[1, 9999]]}, "signature_unreadable"), (SIGNED, {"name": "林", "strokes": "x"}, "signature_unreadable"),
    ],
)  # fmt: skip
def test_what_is_no_answer_to_the_question_is_refused(asked, raw, code):
    with pytest.raises(RuleBroken) as refused:
        parsed(asked, raw)

    assert refused.value.code == code


def test_an_answer_travels_as_json_and_comes_back():
    answer = answer_of(NUMBER, {"value": "66", "note": " 早班 "})

    assert answer == Answer("66", note="早班")
    assert answer_of(NUMBER, as_json(answer)) == answer
    assert answer_of(NUMBER, {"value": "nonsense", "na": True, "note": "没有仓库"}) == Answer(na=True, note="没有仓库")
    assert answer_of(NUMBER, None) == Answer()


@pytest.mark.parametrize(
    ("asked", "answer", "photos", "lacks"),
    [
        (YES_NO, None, 0, "answer"), (YES_NO, Answer("yes"), 0, ""), (YES_NO, Answer(na=True), 0, "reason"), (YES_NO, Answer(na=True, note="无"), 0, ""),
        (question(photo="always"), Answer("yes"), 0, "photo"), (question(photo="always", photos_least=2), Answer("yes"), 1, "photo"),
        (question(photo="on_no"), Answer("yes"), 0, ""), (question(photo="on_no"), Answer("no"), 0, "photo"),
        (question(photo="on_no", kind="scale"), Answer(4), 0, "photo"), (question(photo="on_no", kind="scale"), Answer(6), 0, ""),
        (question(photo="optional"), Answer("no"), 0, ""), (PHOTO, Answer(), 1, "photo"), (PHOTO, Answer(), 2, ""), (PHOTO, None, 0, "photo"),
        (SCALE, Answer(0), 0, ""),
    ],
)  # fmt: skip
def test_an_answer_is_complete_by_its_evidence_rule(asked, answer, photos, lacks):
    assert missing(asked, answer, photos) == lacks


@pytest.mark.parametrize(
    ("asked", "answer", "reached"),
    [
        (YES_NO, Answer("yes"), 1), (YES_NO, Answer("no"), 0), (YES_NO, Answer(na=True), None), (YES_NO, None, None), (SCALE, Answer(8), Decimal("0.8")),
        (question(kind="scale", options=[{"points": 0}, {"points": 5}]), Answer(5), 1), (CHOICE, Answer("red"), 0), (CHOICE, Answer("blue"), None),
        (NUMBER, Answer("55"), 1), (NUMBER, Answer("75.1"), 0), (question(kind="number"), Answer("9"), None), (TEXT, Answer("好"), None),
    ],
)  # fmt: skip
def test_the_degree_of_fulfilment_is_of_what_can_be_graded_only(asked, answer, reached):
    assert share(asked, answer) == reached


def test_four_points_of_ten_fail_and_six_do_not():
    assert fails(SCALE, Answer(4))
    assert not fails(SCALE, Answer(6))
    assert not fails(TEXT, Answer("差"))
    assert photos_wanted(question(photo="on_no", photos_least=3), Answer("no")) == 3


@pytest.mark.parametrize(
    ("condition", "answer", "holds"),
    [
        ({"is": ["no", "na"]}, Answer("no"), True), ({"is": ["no", "na"]}, Answer(na=True), True), ({"is": ["no"]}, Answer("yes"), False),
        ({"is_not": ["yes"]}, Answer("no"), True), ({"is_not": ["yes"]}, None, False), ({"above": "5"}, Answer("5.1"), True),
        ({"above": "5"}, Answer("5"), False), ({"below": "5"}, Answer(4), True), ({"below": "5"}, Answer(na=True), False), ({"is": ["8"]}, Answer(8), True),
    ],
)  # fmt: skip
def test_a_question_is_shown_by_the_answers_before_it(condition, answer, holds):
    asked = question("Q-2", show_if=[{"code": "Q-1", **condition}])

    assert shown(asked, {"Q-1": answer} if answer else {}) is holds


def test_what_hangs_on_a_hidden_question_is_hidden_too():
    chain = [question("A"), question("B", show_if=[{"code": "A", "is": ["no"]}]), question("C", show_if=[{"code": "B", "is": ["no"]}])]
    stale = {"A": Answer("yes"), "B": Answer("no"), "C": Answer("no")}

    assert [each.code for each in asked_of(chain, stale)] == ["A"]
    assert [each.code for each in asked_of(chain, {**stale, "A": Answer("no")})] == ["A", "B", "C"]


def test_a_question_of_other_nodes_is_not_asked_there():
    dyeing = question(node_codes=["dyeing"])

    assert for_nodes(dyeing, ["dyeing", "weaving"])
    assert not for_nodes(dyeing, ["garment"])
    assert for_nodes(dyeing, [])
    assert [each.code for each in asked_of([dyeing, question("Q-2")], {}, ["garment"])] == ["Q-2"]
