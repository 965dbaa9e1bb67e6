"""What is asked of a side each month is counted from the schedule, never typed."""

from datetime import date
from types import SimpleNamespace

from agreements.asking import MINUTES, Turn, asked_of
from parties.working_days import WorkingCalendar

WEEK = WorkingCalendar(holidays=frozenset(), workdays=frozenset(), known_until=date(2030, 1, 1))
STARTS = date(2026, 3, 2)


def said(clause_type, **params):
    return SimpleNamespace(type=clause_type, params=params)


AUDIT = said("audit_frequency", audit="self_check", every_months=3, notice_days=14, review_days=5)
PAPER = said("document_required", document="test_report", within_days=30, every_months=6)
RESULTS = said("owner_duty", duty="share_results", every_months=1, due_day_offset=10)
REPLY = said("owner_duty", duty="reply", days=5)
LIMIT = said("characteristic_limit", characteristic="PH")
EACH_LOT = said("process_requirement", frequency="each_lot")
MONTHLY = said("process_requirement", frequency="monthly")


def asked(*clauses, ends=None):
    return asked_of(clauses, effective_from=STARTS, effective_to=ends, days=WEEK)


def test_the_turns_of_a_year_are_counted_for_both_sides():
    both = asked(AUDIT, PAPER, RESULTS)

    assert both["supplier"].turns == [Turn("self_check", 4, 12), Turn("document", 2, 5)]
    assert both["owner"].turns == [Turn("review", 4, 15), Turn("document_read", 2, 3), Turn("owner_duty", 11, 20)]
    assert (both["supplier"].n, both["owner"].n) == (6, 17)
    assert both["supplier"].minutes_a_month == (4 * 12 + 2 * 5) / 12


def test_a_short_agreement_is_counted_over_its_own_months():
    both = asked(AUDIT, RESULTS, ends=date(2026, 9, 2))

    assert both["supplier"].months == 6
    assert both["supplier"].turns == [Turn("self_check", 2, 12)]
    assert both["owner"].turns == [Turn("review", 2, 15), Turn("owner_duty", 5, 20)]


def test_what_each_lot_asks_is_said_for_one_lot_and_adds_no_minutes():
    supplier = asked(LIMIT, LIMIT, EACH_LOT)["supplier"]

    assert (supplier.tests_a_lot, supplier.records_a_lot, supplier.n, supplier.minutes_a_month) == (2, 1, 0, 0)


def test_what_an_event_brings_is_not_counted():
    assert asked(REPLY)["owner"].n == 0


def test_records_of_each_month_are_counted():
    assert asked(MONTHLY)["supplier"].turns == [Turn("process_record", 11, MINUTES["process_record"])]
