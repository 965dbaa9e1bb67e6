"""The state tables, whole; evidence rules; the class of an audit."""

import itertools

import pytest

from audits.models import ActionPlan, Audit, CorrectiveAction, Finding
from audits.status import (
    ACTION_MOVES,
    AUDIT_CHIPS,
    AUDIT_MOVES,
    FINDING_CHIPS,
    FINDING_MOVES,
    GRADE_CHIPS,
    PLAN_MOVES,
    Answered,
    missing,
    moved,
    result_class,
)
from audits.words import ANSWERS
from foundation.actor import Hat
from foundation.errors import RuleBroken

HATS = (Hat.OWNER, Hat.SUPPLIER, Hat.BUREAU, Hat.CLOCK)
FINDING_VERBS = (
    "raise", "note", "accept", "contest", "answer", "contain", "plan", "accept_plan", "return_plan", "done", "verify", "watch", "refuse",
    "works", "reopen", "uphold", "reword", "appeal", "settle", "lift", "withdraw",
)  # fmt: skip
TABLES = [
    (AUDIT_MOVES, Audit.State.values, ("notify", "start", "submit", "review", "close", "cancel")),
    (FINDING_MOVES, Finding.State.values, FINDING_VERBS),
    (PLAN_MOVES, ActionPlan.State.values, ("accept_plan", "return_plan")),
    (ACTION_MOVES, CorrectiveAction.State.values, ("verify", "refuse")),
]
EVERY = [(t, s, v, h) for t, (_, states, verbs) in enumerate(TABLES) for s, v, h in itertools.product(states, verbs, HATS)]


@pytest.mark.parametrize(("table", "state", "verb", "hat"), EVERY)
def test_only_what_the_table_names_can_happen_and_by_that_hat_only(table, state, verb, hat):
    moves = TABLES[table][0]
    wanted = moves.get((state, verb))

    if wanted is not None and wanted[1] is hat:
        assert moved(moves, state, verb, hat) == wanted[0]
    else:
        with pytest.raises(RuleBroken, match="finding_not_in_this_state"):
            moved(moves, state, verb, hat)


@pytest.mark.parametrize(("table", "states", "verbs"), TABLES)
def test_the_tables_speak_of_known_states_and_verbs_only(table, states, verbs):
    assert {state for state, _ in table} | {to for to, _ in table.values()} <= set(states)
    assert {verb for _, verb in table} == set(verbs)


def test_closed_withdrawn_and_cancelled_are_final():
    assert [m for m in AUDIT_MOVES if m[0] in ("closed", "cancelled")] == []
    assert [m for m in FINDING_MOVES if m[0] in ("closed", "withdrawn")] == []


def test_a_submitted_audit_is_never_reopened_nor_cancelled():
    assert {verb for state, verb in AUDIT_MOVES if state in ("submitted", "reviewed")} == {"review", "close"}


def test_every_state_and_grade_is_drawn():
    assert set(AUDIT_CHIPS) == set(Audit.State.values)
    assert set(FINDING_CHIPS) == set(Finding.State.values)
    assert set(GRADE_CHIPS) == set(Finding.Grade.values)
    assert set(ANSWERS) == {"yes", "no", "na", ""}


def question(number=1, *, weight=1, critical=False, photo="none", answer="", note="", photos=0):
    return Answered(number, f"Q-{number}", weight, critical, photo, answer, note, photos)


@pytest.mark.parametrize(
    ("asked", "lacks"),
    [
        (question(), "answer"),
        (question(answer="yes"), ""),
        (question(answer="na"), "reason"),
        (question(answer="na", note="  "), "reason"),
        (question(answer="na", note="没有变更", photo="always"), ""),
        (question(answer="yes", photo="always"), "photo"),
        (question(answer="yes", photo="always", photos=1), ""),
        (question(answer="yes", photo="on_no"), ""),
        (question(answer="no", photo="on_no"), "photo"),
        (question(answer="no", photo="on_no", photos=2), ""),
        (question(answer="no", photo="none"), ""),
    ],
)
def test_what_an_answer_still_lacks_follows_its_evidence_rule(asked, lacks):
    assert missing(asked) == lacks


def marks(*answers, weights=None, critical=()):
    return [
        question(n, answer=answer, weight=(weights or {}).get(n, 1), critical=n in critical) for n, answer in enumerate(answers, start=1)
    ]


@pytest.mark.parametrize(
    ("answers", "letter"),
    [
        (marks(*["yes"] * 10), "A"),
        (marks(*["yes"] * 9, "no"), "A"),  # exactly 90 %
        (marks(*["yes"] * 8, "no", "no"), "B"),
        (marks("yes", "yes", "yes", "no"), "B"),  # exactly 75 %
        (marks("yes", "yes", "yes", "no", "no"), "C"),  # exactly 60 %
        (marks("yes", "no"), "D"),
        (marks("yes", "no", weights={1: 3}), "B"),  # weights count, 3 of 4
        (marks("yes", "na", "na"), "A"),  # not applicable leaves the denominator
        (marks(*["yes"] * 10, "no", critical={11}), "C"),  # a critical "no" caps
        (marks("yes", "no", "no", critical={2}), "D"),  # a cap never lifts
        (marks("na", "na"), ""),  # not enough data
        ([], ""),
    ],
)
def test_the_class_is_the_share_of_applicable_weight_capped_by_a_critical_no(answers, letter):
    assert result_class(answers) == letter


def test_a_critical_finding_that_stands_caps_the_class():
    assert result_class(marks("yes", "yes"), critical_findings=1) == "C"
