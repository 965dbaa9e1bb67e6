"""The state of a duty is said from its days alone; judged is only what could be judged."""

from datetime import date, timedelta

import pytest

from agreements.compliance import STATES, Compliance, counted, state_of

TODAY = date(2026, 6, 10)


def on(days: int) -> date:
    return TODAY + timedelta(days=days)


@pytest.mark.parametrize(
    ("due_on", "met_on", "waived", "void", "state"),
    [
        (on(8), None, False, False, "scheduled"),
        (on(7), None, False, False, "due_soon"),
        (on(1), None, False, False, "due_soon"),
        (on(0), None, False, False, "due"),
        (on(-1), None, False, False, "overdue"),
        (on(-1), on(-1), False, False, "met"),
        (on(5), on(-3), False, False, "met"),
        (on(-2), on(-1), False, False, "met_late"),
        (on(-2), None, True, False, "waived"),
        (on(9), None, False, True, "void"),
        (on(9), None, True, True, "void"),
        (on(-2), on(-2), True, True, "met"),
    ],
)
def test_the_state_of_a_day(due_on, met_on, waived, void, state):
    assert state_of(due_on, met_on, waived, void, TODAY) == state


def test_only_what_could_be_judged_is_judged():
    kept = counted(["met", "met", "met_late", "overdue", "due", "due_soon", "scheduled", "waived", "void"])

    assert kept == Compliance(met=2, met_late=1, overdue=1, open=3, waived=1, void=1)
    assert (kept.met, kept.due) == (2, 4)
    assert not kept.is_clean


def test_nothing_due_yet_is_not_enough_data():
    assert not counted(["scheduled", "due", "waived"]).has_data
    assert not Compliance().has_data
    assert not Compliance().is_clean


def test_all_kept_in_time_is_clean():
    assert counted(["met", "met", "scheduled"]).is_clean


def test_sides_add_up():
    assert counted(["met"]) + counted(["overdue", "due"]) == counted(["met", "overdue", "due"])


def test_every_state_is_counted_once():
    total = counted(STATES)

    assert total.met + total.met_late + total.overdue + total.open + total.waived + total.void == len(STATES)
