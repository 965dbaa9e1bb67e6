"""Duties fall on whole months from the start day, and on days that are worked."""

from datetime import date

import pytest

from agreements.schedule import Duty, Span, add_months, dated_duties
from parties.working_days import WorkingCalendar

WEEK = WorkingCalendar(holidays=frozenset(), workdays=frozenset(), known_until=date(2030, 1, 1))
DUTY = {"duty": "share_results", "name_zh": "反馈", "name_en": "Share", "every_months": 1, "due_day_offset": 10}
PAPER = {"document": "business_licence", "name_zh": "执照", "name_en": "licence", "within_days": 30}


@pytest.mark.parametrize(
    ("months", "day"),
    [(0, date(2026, 1, 31)), (1, date(2026, 2, 28)), (2, date(2026, 3, 31)), (3, date(2026, 4, 30)), (12, date(2027, 1, 31)),
     (25, date(2028, 2, 29))],
)  # fmt: skip
def test_months_count_from_the_start_day(months, day):
    assert add_months(date(2026, 1, 31), months) == day


def test_a_document_is_asked_once():
    duties = dated_duties("document_required", PAPER, span=Span(date(2026, 3, 2), None, date(2027, 4, 2)), days=WEEK)

    assert duties == [Duty("supplier", "document", "business_licence:0", date(2026, 4, 1))]


def test_a_document_is_asked_again_each_half_year():
    params = {**PAPER, "every_months": 6}

    duties = dated_duties("document_required", params, span=Span(date(2026, 3, 2), None, date(2027, 4, 2)), days=WEEK)

    assert [(d.key, d.due_on) for d in duties] == [
        ("business_licence:0", date(2026, 4, 1)),
        ("business_licence:1", date(2026, 10, 2)),
        ("business_licence:2", date(2027, 4, 1)),
    ]


def test_a_duty_of_the_owner_falls_after_each_period():
    duties = dated_duties("owner_duty", DUTY, span=Span(date(2026, 1, 31), None, date(2026, 5, 12)), days=WEEK)

    assert [(d.side, d.kind, d.key, d.due_on) for d in duties] == [
        ("owner", "owner_duty", "share_results:0", date(2026, 3, 10)),
        ("owner", "owner_duty", "share_results:1", date(2026, 4, 10)),
        ("owner", "owner_duty", "share_results:2", date(2026, 5, 11)),  # 10 May is a Sunday
    ]


def test_a_holiday_moves_the_day_and_not_the_next_one():
    holiday = WorkingCalendar(holidays=frozenset({date(2026, 3, 10)}), workdays=frozenset(), known_until=date(2030, 1, 1))

    duties = dated_duties("owner_duty", DUTY, span=Span(date(2026, 1, 31), None, date(2026, 4, 30)), days=holiday)

    assert [d.due_on for d in duties] == [date(2026, 3, 11), date(2026, 4, 10)]


def test_nothing_is_due_on_or_after_the_first_day_no_longer_covered():
    def days_until(end):
        return [d.due_on for d in dated_duties("owner_duty", DUTY, span=Span(date(2026, 1, 1), end, date(2027, 1, 1)), days=WEEK)]

    assert days_until(date(2026, 3, 12)) == [date(2026, 2, 11), date(2026, 3, 11)]
    assert days_until(date(2026, 3, 11)) == [date(2026, 2, 11)]
    assert days_until(date(2026, 1, 15)) == []


def test_a_longer_look_keeps_every_key_and_day():
    short = dated_duties("owner_duty", DUTY, span=Span(date(2026, 1, 31), None, date(2026, 8, 1)), days=WEEK)
    long = dated_duties("owner_duty", DUTY, span=Span(date(2026, 1, 31), None, date(2028, 8, 1)), days=WEEK)

    assert long[: len(short)] == short
    assert len({d.key for d in long}) == len(long)


@pytest.mark.parametrize(
    "clause_type", ["characteristic_limit", "change_notice", "corrective_action_deadline", "audit_frequency", "data_sharing"]
)
def test_what_an_event_brings_has_no_day_of_its_own(clause_type):
    assert dated_duties(clause_type, {}, span=Span(date(2026, 1, 1), None, date(2027, 1, 1)), days=WEEK) == []
