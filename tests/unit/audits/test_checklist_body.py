"""What keeps a checklist from being published, what differs between two, and what a step of the builder does."""

import pytest

from audits.checklist_body import Fault, Known, differences, faults_of, head_differences, whole
from audits.checklist_edits import (
    free_code,
    moved,
    section_moved,
    with_copy,
    with_question,
    with_section,
    without_question,
    without_section,
)
from audits.checklist_text import Unreadable, conditions_from, conditions_text, options_from, options_text
from audits.words_checklists import ENTRIES, FAULTS

KNOWN = Known(("dyeing", "garment"), ("process_requirement",))


def body(*questions, **head):
    return whole({"name_zh": "表", **head, "questions": [{"text_zh": "问", **each} for each in questions]})


def faults(*questions, **head):
    found = faults_of(body(*questions, **head), KNOWN)
    assert all(fault.entry in ENTRIES and str(FAULTS[fault.code]) % fault.facts for fault in found)
    return [(fault.number, fault.entry, fault.code) for fault in found]


def test_a_plain_checklist_has_no_fault():
    sections = [{"code": "A", "name_zh": "甲"}]
    later = {"code": "A-2", "section": "A", "kind": "number", "lowest": "1", "highest": "2", "show_if": [{"code": "A-1", "is": ["no"]}]}

    assert faults({"code": "A-1", "section": "A"}, later, sections=sections) == []


@pytest.mark.parametrize(
    ("said", "entry", "code"),
    [
        ({"code": ""}, "code", "code_unfit"), ({"code": "编号"}, "code", "code_unfit"), ({"text_zh": " "}, "text_zh", "text_missing"),
        ({"kind": "smell"}, "kind", "word_unknown"), ({"photo": "sometimes"}, "photo", "word_unknown"), ({"weight": -1}, "weight", "weight_out_of_range"),
        ({"weight": True}, "weight", "weight_out_of_range"), ({"photos_least": 9}, "photos_least", "photos_out_of_range"),
        ({"kind": "number", "lowest": "low"}, "lowest", "limit_not_a_number"), ({"lowest": "1"}, "lowest", "limit_not_a_number"),
        ({"kind": "number", "lowest": "3", "highest": "2"}, "lowest", "limits_turned_round"), ({"options": [{"code": "a"}]}, "options", "options_not_asked"),
        ({"kind": "choice"}, "options", "options_too_few_or_many"), ({"kind": "choice", "options": [{"code": "a"}, {"code": "a"}]}, "options", "options_unfit"),
        ({"kind": "choice", "options": [{"code": "a"}, {"code": "b"}]}, "options", "options_without_words"),
        ({"kind": "choice", "options": [{"code": "a", "zh": "甲", "share": 101}, {"code": "b", "zh": "乙"}]}, "options", "options_unfit"),
        ({"kind": "scale", "options": [{"points": 0}, {"points": 0}]}, "options", "options_unfit"),
        ({"section": "Z"}, "section", "section_unknown"), ({"node_codes": ["space"]}, "node_codes", "node_unknown"),
        ({"clause_type": "poetry"}, "clause_type", "word_unknown"), ({"proposes": "site.secret"}, "proposes", "word_unknown"),
        ({"text_zh": "字" * 201}, "text_zh", "entry_too_long"), ({"show_if": [{"code": "Q-9", "is": ["no"]}]}, "show_if", "condition_not_earlier"),
    ],
)  # fmt: skip
def test_each_fault_is_told_at_its_question_and_entry(said, entry, code):
    assert faults({"code": "Q-0"}, {"code": "Q-1", **said}) == [(2, entry, code)]


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ({"code": "Q-1", "is": ["maybe"]}, "condition_never_true"), ({"code": "Q-1", "above": "3"}, "condition_never_true"),
        ({"code": "Q-1"}, "condition_unfit"), ({"code": "Q-1", "is": ["no"], "above": "1"}, "condition_unfit"), ({"code": "Q-2", "is": ["no"]}, "condition_not_earlier"),
    ],
)  # fmt: skip
def test_a_condition_that_never_holds_is_a_fault(condition, code):
    assert faults({"code": "Q-1"}, {"code": "Q-2", "show_if": [condition]}) == [(2, "show_if", code)]


def test_two_questions_of_one_code_and_an_empty_checklist_are_faults():
    assert faults({"code": "Q-1"}, {"code": "Q-1"}) == [(2, "code", "code_twice")]
    assert faults() == [(0, "questions", "no_question")]
    assert faults({"code": "Q-1"}, name_zh="") == [(0, "name_zh", "name_missing")]
    assert faults({"code": "Q-1"}, minutes=0, scoring="by mood") == [(0, "minutes", "minutes_out_of_range"), (0, "scoring", "word_unknown")]


def test_a_process_audit_names_the_elements_of_what_has_points():
    right = {"code": "P6-1", "kind": "scale", "element": "P6", "sub_element": "EU1"}

    assert faults(right, {"code": "N-1", "kind": "text"}, scoring="vda63") == []
    assert faults({**right, "element": "P1", "sub_element": ""}, scoring="vda63") == [(1, "element", "element_unknown")]
    assert faults({**right, "sub_element": ""}, scoring="vda63") == [(1, "sub_element", "sub_element_unfit")]
    assert faults({**right, "element": "P2"}, scoring="vda63") == [(1, "sub_element", "sub_element_unfit")]


def test_differences_name_what_is_new_changed_moved_and_gone():
    was = body({"code": "A"}, {"code": "B"}, {"code": "C"}, {"code": "D"})
    now = body({"code": "C"}, {"code": "A"}, {"code": "B", "weight": 2}, {"code": "E"}, name_en="List")

    found = [(each.what, each.code) for each in differences(was, now)]

    assert found == [("moved", "C"), ("changed", "B"), ("added", "E"), ("removed", "D")]
    assert dict(differences(was, now)[1].entries) == {"weight": (1, 2)}
    assert head_differences(was, now) == {"name_en": ("", "List")}
    assert differences(now, now) == []


def test_a_question_moves_through_its_section_and_into_the_next():
    start = body(
        {"code": "A-1", "section": "A"}, {"code": "A-2", "section": "A"}, {"code": "B-1", "section": "B"},
        sections=[{"code": "A", "name_zh": "甲"}, {"code": "B", "name_zh": "乙"}],
    )  # fmt: skip

    down = moved(moved(start, 1, up=False), 2, up=False)

    assert [(q["code"], q["section"]) for q in down["questions"]] == [("A-2", "A"), ("A-1", "B"), ("B-1", "B")]
    assert moved(down, 2, up=True) == moved(start, 1, up=False)
    assert moved(start, 3, up=False) == start
    assert [q["code"] for q in section_moved(start, 2, up=True)["questions"]] == ["B-1", "A-1", "A-2"]
    assert section_moved(start, 1, up=True) == start


def test_steps_of_the_builder_keep_everything_else():
    start = body({"code": "A-1", "section": "A"}, sections=[{"code": "A", "name_zh": "甲"}])

    assert [q["code"] for q in with_copy(start, 1)["questions"]] == ["A-1", "A-2"]
    assert without_question(with_copy(start, 1), 2) == start
    assert free_code(start, "A") == "A-2"
    assert [q["code"] for q in with_question(start, {"code": "N", "text_zh": "新"})["questions"]] == ["N", "A-1"]
    renamed = with_section(start, {"code": "X", "name_zh": "乙"}, 1)
    assert (renamed["sections"][0]["code"], renamed["questions"][0]["section"]) == ("X", "X")
    assert [q["section"] for q in without_section(renamed, 1)["questions"]] == [""]


def test_options_and_conditions_come_back_from_their_text():
    choice = [{"code": "a", "zh": "甲", "en": "A", "share": 100}, {"code": "b", "zh": "", "en": "B", "share": None}]
    conditions = [{"code": "A-1", "is": ["no", "na"]}, {"code": "A-2", "above": "5"}, {"code": "A-3", "is_not": ["yes"]}]

    assert options_from("choice", options_text("choice", choice)) == choice
    assert options_from("scale", "0 | 没有 | none；10 | 全有 | all") == [
        {"points": 0, "zh": "没有", "en": "none"},
        {"points": 10, "zh": "全有", "en": "all"},
    ]
    assert conditions_from(conditions_text(conditions)) == conditions
    assert conditions_from("A-1＝no，na") == [{"code": "A-1", "is": ["no", "na"]}]
    for odd in ("when it rains", "A-1 ~ no"):
        with pytest.raises(Unreadable):
            conditions_from(odd)
    with pytest.raises(Unreadable):
        options_from("scale", "many | 多")


def test_a_fault_is_a_value():
    assert Fault(1, "code", "code_unfit") == Fault(1, "code", "code_unfit", {})
