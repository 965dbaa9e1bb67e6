"""Each sentence of a standing has its facts; values and limits read as print has them."""

from datetime import date

import pytest
from django.utils.translation import override

from agreements.compliance import Period, period_of
from agreements.duty_words import WHY, limit_said, period_words, value_words, why_words
from agreements.standing import Bounds, Standing

FACTS = {
    "day": date(2026, 3, 2), "since": date(2026, 3, 1), "n": 2, "met": 17, "due": 19, "late": 1, "value": "8.9", "what": "cv", "needed": 20,
}  # fmt: skip


@pytest.mark.parametrize("why", sorted(WHY))
def test_every_reason_is_a_sentence_in_both_languages(why):
    standing = Standing("met", why, FACTS)

    with override("en"):
        assert "%" not in why_words(standing, today=date(2026, 6, 1))
    with override("zh-hans"):
        assert why_words(standing, today=date(2026, 6, 1)).endswith("。")


def test_values_and_limits_read_as_print_has_them():
    with override("en"):
        assert value_words(Standing("met", "duties_kept", value="17/19")) == "17 of 19"
        assert value_words(Standing("met", "value_inside", value="-2.1", limit=Bounds(unit="%"))) == "\u22122.1 %"
        assert value_words(Standing("met", "value_inside", value="3-4", limit=Bounds("3", unit="级", kind="ordinal"))) == "grade 3-4"
        assert limit_said(Bounds("3", unit="级", kind="ordinal")) == "≥ grade 3"
        assert limit_said(Bounds("-3", "1.5", "%")) == "\u22123 … 1.5 %"
        assert limit_said(Bounds()) == ""


@pytest.mark.parametrize(("language", "first", "last"), [("en", "Q1 2026", "Q4 2025"), ("zh-hans", "2026 年第 1 季度", "2025 年第 4 季度")])
def test_periods_are_named_as_people_write_them(language, first, last):
    with override(language):
        said = [period_words(period_of(kind, date(2026, 3, 31))) for kind in ("month", "quarter", "12m")]

        assert said == ["2026-03", first, "2025-04 – 2026-03"]
        assert period_words(Period("quarter", date(2025, 10, 1), date(2026, 1, 1))) == last
