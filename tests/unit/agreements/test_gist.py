"""The plain words say what the clauses say, in either language."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import override

from agreements.gist import gist_of, limit_words, minutes_a_month


@dataclass
class Said:
    order: int
    type: str
    params: dict[str, Any]
    side: str = "both"


LIMIT = {"name_zh": "水洗尺寸变化率", "name_en": "Dimensional change", "unit": "%", "kind": "variable", "lower": "-3", "upper": "1.5",
         "source": "customary (unverified)"}  # fmt: skip
AUDIT = Said(1, "audit_frequency", {"every_months": 3, "notice_days": 14, "review_days": 5})
DUTY = Said(2, "owner_duty", {"name_zh": "反馈来料检验结果", "name_en": "Share results", "every_months": 1, "due_day_offset": 10})


def test_a_limit_in_one_line_says_that_nobody_verified_it():
    with override("en"):
        assert limit_words(LIMIT) == "Dimensional change \u22123 … 1.5 % (unverified)"


def test_a_grade_is_said_as_a_grade():
    with override("en"):
        params = {**LIMIT, "kind": "ordinal", "lower": "3-4", "upper": None, "source": "GB", "name_en": "Dry rubbing"}
        assert limit_words(params) == "Dry rubbing ≥ grade 3-4"


def test_each_side_has_its_own_card():
    with override("en"):
        gist = gist_of([AUDIT, DUTY, Said(3, "data_sharing", {"what": ["documents"]}), Said(4, "characteristic_limit", LIMIT)])

    assert gist.supplier == ["A self-check every 3 months, photos on site"]
    assert gist.owner == ["Answer a self-check within 5 working days", "Share results every month"]
    assert gist.sees[0] == "Chain owner: documents filed under this agreement"
    assert len(gist.limits) == 1


def test_minutes_are_rounded_up_to_five():
    assert minutes_a_month([AUDIT], "supplier") == 5  # 12 / 3 = 4
    assert minutes_a_month([AUDIT, DUTY], "owner") == 25  # 15 / 3 + 20
    assert minutes_a_month([], "owner") == 0


def test_a_clause_in_free_words_stands_on_the_card_of_whom_it_binds():
    words = {"name_zh": "包装", "name_en": "packing", "words_zh": "每筒单独套袋。", "words_en": "A bag each."}
    with override("en"):
        gist = gist_of([Said(7, "free_text", words, "supplier"), Said(8, "free_text", words)])

    assert gist.supplier == ["Packing: as written in clause 7", "Packing: as written in clause 8"]
    assert gist.owner == ["Packing: as written in clause 8"]


def test_each_month_is_said_without_a_one_in_chinese():
    with override("zh-hans"):
        assert gist_of([DUTY]).owner == ["每月反馈来料检验结果"]
        assert gist_of([Said(2, "owner_duty", {**DUTY.params, "every_months": 2})]).owner == ["每 2 个月反馈来料检验结果"]


def test_a_name_and_its_words_are_joined_as_the_language_does():
    odour = {"name_zh": "异味", "name_en": "Odour", "kind": "binary", "upper": "0", "source": "GB 18401"}
    with override("zh-hans"):
        assert limit_words(odour) == "异味：不得有"
    with override("en"):
        assert limit_words(odour) == "Odour: none allowed"
