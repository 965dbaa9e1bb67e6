"""Each type of clause: what it needs, and the one answer to each thing that it cannot be."""

from datetime import date

import pytest

from agreements.clause_types import DUTIES_BY_EVENT, DUTIES_BY_PERIOD, SCHEMAS
from agreements.clauses import Edition, Known, Problem, first_wording, is_computed, library_problems, problems, rendered

NAMES = {"name_zh": "成衣", "name_en": "garments"}
SOURCE = {"source": "agreed by both sides", "source_zh": "双方商定"}
LIMIT = {
    "characteristic": "YRN-CNT", **NAMES, "method": "GB/T 4743-2009", "edition": "GB/T 4743-2009", "unit": "tex", "kind": "variable",
    "lower": "27", "upper": "29", **SOURCE,
}  # fmt: skip
COLOUR = {**LIMIT, "characteristic": "COL-DE-LOT", "unit": "ΔE CMC(2:1)", "kind": "derived", "lower": None, "upper": None}
GOOD = {
    "characteristic_limit": LIMIT,
    "sampling_plan": {
        **NAMES, "method": "GB/T 2828.1", "stage": "final", "level": "II", "aql_critical": "0", "aql_major": "2.5", "aql_minor": "4.0",
        "switching": True,
    },
    "process_requirement": {**NAMES, "what_zh": "逐批验布", "what_en": "checks each roll", "frequency": "each_lot", "evidence": "record"},
    "document_required": {"document": "test_report", **NAMES, "within_days": 30, "every_months": 6},
    "change_notice": {"days": 30, "what": ["material", "subcontractor"]},
    "corrective_action_deadline": {"critical": 15, "major": 30, "minor": 60, "containment_hours": 24},
    "audit_frequency": {"audit": "second_party", "checklist": "mill-walk-1", "every_months": 12, "notice_days": 14, "review_days": 5},
    "sealed_sample": {
        **NAMES, "delta_e_max": "1.0", "formula": "CMC(2:1)", "illuminant": "D65", "observer": "10°", "valid_months": 12, **SOURCE,
    },
    "concession_rule": {"granted_by": "cqo", "answer_days": 3, "max_share": "10", "expiry_days": 30},
    "owner_duty": {"duty": "reply", **NAMES, "days": 5},
    "data_sharing": {"what": ["documents"]},
    "dispute": {"lab_zh": "宁波某检测有限公司", "lab_en": "a laboratory", "costs": "half_each", "days": 7},
    "free_text": {**NAMES, "words_zh": "双方每季度会晤一次。\n地点轮流。", "words_en": "Both meet each quarter.\nThey take turns."},
}  # fmt: skip


def test_every_type_has_its_good_example():
    assert set(GOOD) == set(SCHEMAS)


@pytest.mark.parametrize("clause_type", GOOD)
def test_a_good_clause_is_right_and_reads_in_both_languages(clause_type):
    params, words = GOOD[clause_type], first_wording(clause_type, GOOD[clause_type])

    assert problems(clause_type, params, words.zh, words.en) == []
    for text in (rendered(words.zh, params), rendered(words.en, params)):
        assert not {"{", "[", "]"} & set(text)
        assert text


@pytest.mark.parametrize("clause_type", GOOD)
def test_every_needed_parameter_that_is_left_out_is_named(clause_type):
    for name, param in SCHEMAS[clause_type].items():
        if not param.optional:
            left = {key: value for key, value in GOOD[clause_type].items() if key != name}
            assert Problem(name, "param_missing") in problems(clause_type, left), name


@pytest.mark.parametrize(
    ("clause_type", "change", "found"),
    [
        ("characteristic_limit", {"lower": "", "upper": None}, Problem("lower", "limit_missing")),
        ("characteristic_limit", {"lower": "29"}, Problem("upper", "limits_cross", {"lower": "29", "upper": "29"})),
        ("characteristic_limit", {"cv_max": "2.5"}, Problem("window_lots", "window_missing")),
        ("characteristic_limit", {"window_lots": 10}, Problem("window_lots", "window_of_nothing")),
        ("characteristic_limit", {"cv_max": "0", "window_lots": 10}, Problem("cv_max", "param_not_above_zero")),
        ("characteristic_limit", {"cv_max": "-1", "window_lots": 10}, Problem("cv_max", "param_not_above_zero")),
        ("characteristic_limit", {"cv_max": 2.5, "window_lots": 10}, Problem("cv_max", "param_not_a_number")),
        ("characteristic_limit", {"ppk_min": "1.33", "window_lots": 1}, Problem("window_lots", "param_not_in_range", {"low": 2, "high": 200})),
        ("characteristic_limit", {"lot_delta_e_max": "1", "window_lots": 9}, Problem("lot_delta_e_max", "variation_is_of_another_kind")),
        ("characteristic_limit", {"safety_class": "D"}, Problem("safety_class", "param_not_a_choice", {"choices": "A, B, C"})),
        ("sampling_plan", {"aql_major": "3.0"}, None),
        ("sampling_plan", {"aql_major": "2,5"}, None),
        ("sampling_plan", {"aql_major": 2.5}, None),
        ("sampling_plan", {"aql_minor": "1.5"}, Problem("aql_minor", "aqls_cross", {"lower": "2.5", "upper": "1.5"})),
        ("sampling_plan", {"aql_critical": "4.0"}, Problem("aql_major", "aqls_cross", {"lower": "4.0", "upper": "2.5"})),
        ("sampling_plan", {"aql_major": None, "aql_minor": None}, Problem("aql_major", "sampling_needs_a_plan")),
        ("sampling_plan", {"level": ""}, Problem("level", "param_missing")),
        ("sampling_plan", {"level": "IV"}, Problem("level", "param_not_a_choice", {"choices": "S-1, S-2, S-3, S-4, I, II, III"})),
        ("sampling_plan", {"switching": "yes"}, Problem("switching", "param_not_yes_or_no")),
        ("sampling_plan", {"n": 0}, Problem("n", "param_not_in_range", {"low": 1, "high": 500})),
        ("process_requirement", {"frequency": "sometimes"}, None),
        ("process_requirement", {"what_zh": "一\n二"}, Problem("what_zh", "param_not_short_text", {"most": 200})),
        ("document_required", {"within_days": 0}, Problem("within_days", "param_not_in_range", {"low": 1, "high": 365})),
        ("change_notice", {"what": ["weather"]}, None),
        ("change_notice", {"what": ["material", "material"]}, Problem("what", "param_says_it_twice")),
        ("change_notice", {"days": True}, Problem("days", "param_not_in_range", {"low": 1, "high": 365})),
        ("corrective_action_deadline", {"major": 90}, Problem("critical", "deadlines_cross")),
        (
            "corrective_action_deadline", {"critical": 1, "containment_hours": 25},
            Problem("containment_hours", "containment_after_the_end", {"hours": 24}),
        ),
        ("audit_frequency", {"audit": "surprise"}, Problem("audit", "param_not_a_choice", {"choices": "self_check, second_party"})),
        ("audit_frequency", {"every_months": 1, "notice_days": 28}, Problem("notice_days", "notice_longer_than_the_period")),
        ("sealed_sample", {"delta_e_max": "1,0"}, Problem("delta_e_max", "param_not_a_number")),
        ("sealed_sample", {"observer": "5°"}, Problem("observer", "param_not_a_choice", {"choices": "10°, 2°"})),
        ("sealed_sample", {"valid_months": 0}, Problem("valid_months", "param_not_in_range", {"low": 1, "high": 36})),
        ("concession_rule", {"max_share": ""}, Problem("max_share", "concession_has_no_bound")),
        ("concession_rule", {"max_share": "100.1"}, Problem("max_share", "share_above_the_whole")),
        ("concession_rule", {"answer_days": 31}, Problem("answer_days", "param_not_in_range", {"low": 1, "high": 30})),
        ("owner_duty", {"days": None}, Problem("days", "param_missing")),
        ("owner_duty", {"every_months": 1}, Problem("every_months", "param_of_another_duty")),
        ("owner_duty", {"duty": "be kind"}, None),
        ("dispute", {"costs": "nobody"}, None),
        ("dispute", {"lab_zh": "甲" * 201}, Problem("lab_zh", "param_not_short_text", {"most": 200})),
        ("free_text", {"words_zh": "甲" * 2001}, Problem("words_zh", "param_not_a_text", {"most": 2000})),
        ("free_text", {"words_en": " \n "}, Problem("words_en", "param_not_a_text", {"most": 2000})),
        ("free_text", {"words_en": "a\x00b"}, Problem("words_en", "param_not_a_text", {"most": 2000})),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_exactly(clause_type, change, found):
    answer = problems(clause_type, {**GOOD[clause_type], **change})

    if found is None:  # one of many choices: the list of them is the answer
        assert [(each.field, each.code) for each in answer] == [(next(iter(change)), "param_not_a_choice")]
    else:
        assert answer == [found]


def test_a_limit_of_variation_is_right_alone_where_it_can_be_computed():
    assert problems("characteristic_limit", {**COLOUR, "lot_delta_e_max": "0.8", "window_lots": 10}) == []
    assert problems("characteristic_limit", {**LIMIT, "cv_max": "2.5", "window_lots": 20}) == []
    assert problems("characteristic_limit", {**LIMIT, "lower": None, "ppk_min": "1.33", "window_lots": 30}) == []
    assert problems("characteristic_limit", {**LIMIT, "lower": None, "upper": None, "ppk_min": "1.33", "window_lots": 30}) == [
        Problem("ppk_min", "ppk_needs_a_bound")
    ]


def test_a_duty_by_period_has_its_months_and_one_by_event_its_days():
    for duty in DUTIES_BY_PERIOD:
        assert problems("owner_duty", {"duty": duty, **NAMES, "every_months": 1, "due_day_offset": 0}) == []
        assert [p.field for p in problems("owner_duty", {"duty": duty, **NAMES, "days": 5})] == ["every_months", "due_day_offset", "days"]
    for duty in DUTIES_BY_EVENT:
        assert problems("owner_duty", {"duty": duty, **NAMES, "days": 5}) == []


def test_variables_alone_need_no_level():
    assert problems("sampling_plan", {**NAMES, "method": "–", "stage": "final", "switching": False, "n": 5}) == []
    assert problems("sampling_plan", {**NAMES, "method": "–", "stage": "final", "switching": True, "n": 5}) == [
        Problem("switching", "switching_needs_an_aql")
    ]


KNOWN = {"YRN-CNT": Known("tex", "variable")}
EDITIONS = {
    "GB/T 4743-1995": Edition("GB/T 4743-1995", until=date(2010, 2, 1), superseded_by="GB/T 4743-2009"),
    "GB/T 4743-2009": Edition("GB/T 4743-2009", since=date(2010, 2, 1)),
}


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, []),
        ({"unit": "Nm"}, [Problem("unit", "unit_is_not_the_librarys", {"unit": "Nm", "expected": "tex"})]),
        ({"unit": ""}, [Problem("unit", "unit_is_not_the_librarys", {"unit": "–", "expected": "tex"})]),
        ({"kind": "attribute"}, [Problem("kind", "kind_is_not_the_librarys", {"expected": "variable"})]),
        ({"characteristic": "OWN-1", "unit": "mm"}, []),
        ({"edition": "GB/T 1"}, [Problem("edition", "edition_unknown", {"edition": "GB/T 1"})]),
        (
            {"edition": "GB/T 4743-1995"},
            [Problem("edition", "edition_superseded",
                     {"edition": "GB/T 4743-1995", "by": "GB/T 4743-2009"})],
        ),
    ],
)  # fmt: skip
def test_the_library_speaks_against_another_unit_and_a_superseded_edition(change, found):
    assert library_problems("characteristic_limit", {**LIMIT, **change}, known=KNOWN, editions=EDITIONS, on=date(2026, 3, 2)) == found


def test_an_edition_is_judged_on_the_day_from_which_it_binds():
    def said(on, edition):
        return [
            p.code for p in library_problems("characteristic_limit", {**LIMIT, "edition": edition}, known=KNOWN, editions=EDITIONS, on=on)
        ]

    assert said(date(2010, 1, 31), "GB/T 4743-1995") == []
    assert said(date(2010, 2, 1), "GB/T 4743-1995") == ["edition_superseded"]
    assert said(date(2010, 1, 31), "GB/T 4743-2009") == ["edition_not_yet_valid"]


def test_parts_whose_values_are_missing_are_left_out_of_the_words():
    words = first_wording("characteristic_limit", LIMIT)

    assert rendered(words.en, LIMIT) == "garments at least 27 tex, at most 29 tex (GB/T 4743-2009). Source: agreed by both sides."
    assert rendered(words.zh, {**LIMIT, "lower": None, "kind": "ordinal", "upper": "4-5"}) == (
        "成衣，不高于 4-5 级（GB/T 4743-2009）。依据：双方商定。"
    )
    assert "任意两批之间的色差 ΔE 不大于 0.8；按最近 10 批计算" in rendered(
        words.zh, {**COLOUR, "lot_delta_e_max": "0.8", "window_lots": 10}
    )


def test_choices_are_said_in_their_language():
    plan = GOOD["sampling_plan"]
    words = first_wording("sampling_plan", plan)

    assert "致命不合格：不得出现；严重不合格：AQL 2.5；轻微不合格：AQL 4.0；按转移规则执行正常、加严、放宽检验。" in rendered(
        words.zh, plan
    )
    assert rendered(words.en, {**plan, "aql_critical": "0.65", "switching": False}).endswith(
        "inspection level II; critical nonconformities: AQL 0.65; major: AQL 2.5; minor: AQL 4.0."
    )
    notice = GOOD["change_notice"]
    assert "原材料（含染化料、辅料）、外协加工方" in rendered(first_wording("change_notice", notice).zh, notice)


def test_words_of_people_are_taken_as_they_are():
    said = {**GOOD["free_text"], "words_en": "{lower} [[x]] -dash"}

    assert rendered(first_wording("free_text", said).en, said) == "{lower} [[x]] -dash"


def test_only_a_free_text_is_not_computed():
    assert [clause_type for clause_type in SCHEMAS if not is_computed(clause_type)] == ["free_text"]
