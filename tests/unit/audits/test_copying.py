"""A copy of an audit says what was found, and nothing of who asked."""

import json
from datetime import date

import pytest

from audits.copying import Choice, Raised, Source, Told, called, copy_of, covered

SECTIONS = ({"code": "s1", "name_zh": "进料", "name_en": "Incoming"}, {"code": "s2", "name_zh": "过程", "name_en": "Process"})
NAMES = {
    each for name in ("宁波砚棠服饰有限公司（示例）", "Yantang Apparel Co., Ltd. (demo)", "陈棠", "XY-2026-003") for each in called(name)
}


def source(**more):
    values = {
        "kind": "second_party", "visited_on": date(2026, 3, 17), "site_zh": "一号厂房", "site_en": "Mill 1", "checklist_zh": "走访",
        "checklist_en": "Walk", "is_own_checklist": False, "sections": SECTIONS,
        "score": {"method": "weighted-1", "band": "B", "hundredths": 8333, "sections": {"s1": 50.0, "s2": 100.0}},
        "told": (Told(1, "s1", "有标识吗", "Labelled?", True, "no", "0"), Told(2, "s2", "有记录吗", "Recorded?", False, "yes", "100")),
        "raised": (
            Raised("minor", "open", 2, "s2", ("要求", "砚棠的订单没有签字", "")),
            Raised("major", "put_right", 1, "s1", ("按 XY-2026-003", "陈棠看到未标识", "YANTANG spec")),
        ),
    }  # fmt: skip
    return Source(**{**values, **more})


def said(body):
    return json.dumps(body, ensure_ascii=False)


def test_a_whole_copy_has_score_questions_and_findings_by_gravity():
    body = copy_of(source(), Choice(), NAMES)

    assert (body["score"]["band"], body["score"]["hundredths"], body["month"], body["whole"]) == ("B", 8333, "2026-03-01", True)
    assert [q["answer"] for q in body["questions"]] == ["no", "yes"]
    assert [(f["grade"], f["state"], f["question"], f["words"]) for f in body["findings"]] == [
        ("major", "put_right", 1, []),
        ("minor", "open", 2, []),
    ]


def test_the_words_of_findings_go_along_only_when_asked_for_and_with_names_covered():
    body = copy_of(source(), Choice(with_words=True), NAMES)

    assert body["findings"][0]["words"] == ["按 ▇▇", "▇▇看到未标识", "▇▇ spec"]
    assert "砚棠" not in said(body)


def test_a_copy_by_section_holds_only_that_section_and_no_overall_score():
    body = copy_of(source(), Choice(sections=("s2",)), NAMES)

    assert body["score"] is None
    assert [s["code"] for s in body["sections"]] == ["s2"]
    assert [q["number"] for q in body["questions"]] == [2]
    assert [f["grade"] for f in body["findings"]] == ["minor"]


def test_of_an_owners_own_checklist_no_question_and_no_name_goes_along():
    body = copy_of(source(is_own_checklist=True), Choice(with_words=True), NAMES)

    assert (body["checklist"], body["questions"]) == (None, [])
    assert [(s["code"], s["zh"], s["percent"]) for s in body["sections"]] == [("1", "", 50.0), ("2", "", 100.0)]
    assert [f["question"] for f in body["findings"]] == [None, None]


def test_no_day_goes_along_only_the_month():
    assert "2026-03-17" not in said(copy_of(source(), Choice(with_words=True), NAMES))


def test_two_copies_of_one_audit_are_not_alike():
    first, second = (copy_of(source(), Choice(), NAMES) for _ in range(2))

    assert first["salt"] != second["salt"]
    assert {k: v for k, v in first.items() if k != "salt"} == {k: v for k, v in second.items() if k != "salt"}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("宁波砚棠服饰有限公司（示例）", {"宁波砚棠服饰有限公司（示例）", "宁波砚棠服饰有限公司", "砚棠服饰", "砚棠"}),
        (
            "Yantang Apparel Co., Ltd. (demo)",
            {"Yantang Apparel Co., Ltd. (demo)", "Yantang Apparel Co., Ltd.", "Yantang Apparel", "Yantang"},
        ),
        ("陈棠", {"陈棠"}),
        ("", set()),
    ],
)
def test_a_firm_is_known_by_all_that_people_call_it(name, words):
    assert called(name) == words


def test_longer_names_are_covered_before_shorter_ones():
    assert covered("宁波砚棠服饰有限公司与砚棠", called("宁波砚棠服饰有限公司")) == "▇▇与▇▇"
