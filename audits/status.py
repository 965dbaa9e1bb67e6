"""States as one table: from which state, by whose verb, to which. And what the answers add up to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import pgettext_lazy

from foundation.actor import Hat
from foundation.errors import RuleBroken

# (state, verb) -> (next state, who may). What is not in the table cannot happen.
Moves = Mapping[tuple[str, str], tuple[str, Hat]]

AUDIT_MOVES: Moves = {
    ("planned", "notify"): ("notified", Hat.CLOCK),
    ("planned", "start"): ("in_progress", Hat.SUPPLIER),
    ("notified", "start"): ("in_progress", Hat.SUPPLIER),
    ("in_progress", "start"): ("in_progress", Hat.SUPPLIER),
    ("in_progress", "submit"): ("submitted", Hat.SUPPLIER),
    ("submitted", "review"): ("reviewed", Hat.OWNER),
    ("reviewed", "close"): ("closed", Hat.OWNER),
    ("planned", "cancel"): ("cancelled", Hat.CLOCK),
    ("notified", "cancel"): ("cancelled", Hat.CLOCK),
    ("in_progress", "cancel"): ("cancelled", Hat.CLOCK),
}

# A visit is conducted by the chain owner's team; the supplier is told, agrees to the day or asks for another.
VISIT_MOVES: Moves = {
    ("planned", "notify"): ("notified", Hat.CLOCK),
    ("notified", "accept"): ("accepted", Hat.SUPPLIER),
    ("notified", "ask_date"): ("reschedule_asked", Hat.SUPPLIER),
    ("accepted", "ask_date"): ("reschedule_asked", Hat.SUPPLIER),
    ("reschedule_asked", "give_date"): ("accepted", Hat.OWNER),
    ("reschedule_asked", "keep_date"): ("notified", Hat.OWNER),
    # Another day is told anew, and agreed to anew; what nobody was told of stays untold.
    ("planned", "move"): ("planned", Hat.OWNER),
    **{(state, "move"): ("notified", Hat.OWNER) for state in ("notified", "accepted", "reschedule_asked", "packed")},
    **{(state, "pack"): ("packed", Hat.OWNER) for state in ("planned", "notified", "accepted", "packed")},
    **{(state, "start"): ("in_progress", Hat.OWNER) for state in ("planned", "notified", "accepted", "packed", "in_progress")},
    ("in_progress", "submit"): ("submitted", Hat.OWNER),
    ("submitted", "review"): ("reviewed", Hat.OWNER),
    ("reviewed", "close"): ("closed", Hat.OWNER),
    **{
        (state, "call_off"): ("cancelled", Hat.OWNER)
        for state in ("planned", "notified", "accepted", "reschedule_asked", "packed", "in_progress")
    },
    **{(state, "cancel"): ("cancelled", Hat.CLOCK) for state in ("planned", "notified", "accepted", "reschedule_asked", "packed")},
}


def moves_of(kind: str) -> Moves:
    """Which table a kind of audit goes by."""
    return AUDIT_MOVES if kind == "self_check" else VISIT_MOVES


# A finding goes one of two ways to its end. The short one: answered in one go, verified. The long one, step by step: contained,
# planned, the plan accepted, carried out, verified, and where it is asked for, watched over the next lots.
FINDING_MOVES: Moves = {
    ("draft", "raise"): ("raised", Hat.OWNER),
    ("draft", "note"): ("noted", Hat.OWNER),
    ("raised", "accept"): ("accepted", Hat.SUPPLIER),
    ("raised", "contest"): ("contested", Hat.SUPPLIER),
    **{(state, "answer"): ("answered", Hat.SUPPLIER) for state in ("raised", "accepted")},  # who answers has accepted
    **{(state, "contain"): ("contained", Hat.SUPPLIER) for state in ("raised", "accepted", "contained", "reopened")},
    **{(state, "plan"): ("action_planned", Hat.SUPPLIER) for state in ("contained", "reopened")},
    ("action_planned", "accept_plan"): ("action_planned", Hat.OWNER),
    ("action_planned", "return_plan"): ("contained", Hat.OWNER),
    ("action_planned", "done"): ("implemented", Hat.SUPPLIER),
    **{(state, "verify"): ("closed", Hat.OWNER) for state in ("answered", "implemented")},
    **{(state, "watch"): ("verify", Hat.OWNER) for state in ("answered", "implemented")},
    ("answered", "refuse"): ("accepted", Hat.OWNER),
    ("implemented", "refuse"): ("action_planned", Hat.OWNER),
    ("verify", "works"): ("closed", Hat.OWNER),
    ("verify", "reopen"): ("reopened", Hat.OWNER),
    ("contested", "uphold"): ("accepted", Hat.OWNER),  # it stands: what is left is to answer it
    ("contested", "reword"): ("accepted", Hat.OWNER),
    ("accepted", "appeal"): ("contested", Hat.SUPPLIER),
    ("contested", "settle"): ("accepted", Hat.CLOCK),  # a third party has upheld it, or will not decide
    ("contested", "lift"): ("withdrawn", Hat.CLOCK),
    **{
        (state, "withdraw"): ("withdrawn", Hat.OWNER)
        for state in ("raised", "accepted", "contested", "contained", "action_planned", "reopened", "noted")
    },
}

PLAN_MOVES: Moves = {
    ("proposed", "accept_plan"): ("accepted", Hat.OWNER),
    ("proposed", "return_plan"): ("returned", Hat.OWNER),
}

ACTION_MOVES: Moves = {
    ("answered", "verify"): ("verified", Hat.OWNER),
    ("answered", "refuse"): ("refused", Hat.OWNER),
}

ANSWERABLE = ("planned", "notified", "in_progress")
# A visit that has not begun yet.
AHEAD = ("planned", "notified", "accepted", "reschedule_asked", "packed")
REVIEWABLE = ("submitted", "reviewed")
FINDING_OPEN = ("raised", "accepted", "contested", "contained", "action_planned", "answered", "implemented", "verify", "reopened")
# The supplier has the next word.
WITH_SUPPLIER = ("raised", "accepted", "contained", "action_planned", "reopened")
# What stands: neither written down only, nor contested, nor taken back.
FINDING_STANDS = tuple(state for state in (*FINDING_OPEN, "closed") if state != "contested")

AUDIT_CHIPS = {
    "planned": ("info", "calendar", pgettext_lazy("audit", "Planned")),
    "notified": ("info", "calendar", pgettext_lazy("audit", "Announced")),
    "accepted": ("good", "calendar", pgettext_lazy("audit", "Day agreed")),
    "reschedule_asked": ("warn", "calendar", pgettext_lazy("audit", "Another day asked")),
    "packed": ("info", "download", pgettext_lazy("audit", "Ready on the phone")),
    "in_progress": ("warn", "pen", pgettext_lazy("audit", "Under way")),
    "submitted": ("info", "upload", pgettext_lazy("audit", "Waiting for review")),
    "reviewed": ("good", "check", pgettext_lazy("audit", "Reviewed")),
    "closed": ("good", "check", pgettext_lazy("audit", "Closed")),
    "cancelled": ("", "minus", pgettext_lazy("audit", "Cancelled")),
}
FINDING_CHIPS = {
    "draft": ("", "pen", pgettext_lazy("finding", "Draft")),
    "raised": ("bad", "alert", pgettext_lazy("finding", "Raised")),
    "accepted": ("warn", "clock", pgettext_lazy("finding", "To be answered")),
    "contested": ("warn", "info", pgettext_lazy("finding", "Contested")),
    "contained": ("warn", "hold", pgettext_lazy("finding", "Contained")),
    "action_planned": ("info", "calendar", pgettext_lazy("finding", "Action planned")),
    "answered": ("info", "upload", pgettext_lazy("finding", "Answered")),
    "implemented": ("info", "upload", pgettext_lazy("finding", "Carried out")),
    "verify": ("info", "eye", pgettext_lazy("finding", "Effect is watched")),
    "reopened": ("bad", "undo", pgettext_lazy("finding", "Open again")),
    "closed": ("good", "check", pgettext_lazy("finding", "Closed")),
    "withdrawn": ("", "minus", pgettext_lazy("finding", "Withdrawn")),
    "noted": ("", "comment", pgettext_lazy("finding", "Noted")),
}
GRADE_CHIPS = {
    "critical": ("bad", "alert", pgettext_lazy("finding", "Critical")),
    "major": ("warn", "alert", pgettext_lazy("finding", "Major")),
    "minor": ("info", "info", pgettext_lazy("finding", "Minor")),
    "ofi": ("", "comment", pgettext_lazy("finding", "Opportunity")),
}


def moved(moves: Moves, state: str, verb: str, hat: Hat) -> str:
    """The state after the verb.

    Raises RuleBroken("finding_not_in_this_state") where the table has no such move for this hat.
    """
    found = moves.get((state, verb))
    if found is None or found[1] is not hat:
        raise RuleBroken("finding_not_in_this_state")
    return found[0]


def may(moves: Moves, state: str, verb: str, hat: Hat) -> bool:
    """Whether the table has this move for this hat."""
    found = moves.get((state, verb))
    return found is not None and found[1] is hat


@dataclass(frozen=True, slots=True)
class Answered:
    """One question as it stands: its rule and what was answered."""

    number: int
    code: str
    weight: int
    is_critical: bool
    photo: str  # none, on_no, always
    answer: str = ""  # yes, no, na or nothing yet
    note: str = ""
    photos: int = 0


def missing(question: Answered) -> str:
    """What still lacks before the answer may be sent: "answer", "photo", "reason", or "" for nothing.

    A question that does not apply needs its reason, and no photo: there is nothing to photograph.
    """
    if not question.answer:
        return "answer"
    if question.answer == "na":
        return "" if question.note.strip() else "reason"
    wanted = question.photo == "always" or (question.photo == "on_no" and question.answer == "no")
    return "photo" if wanted and not question.photos else ""


# Shares in per cent of the applicable weight. Below the last one the class is D.
CLASS_FROM = ((90, "A"), (75, "B"), (60, "C"))


def result_class(answers: Iterable[Answered], *, critical_findings: int = 0) -> str:
    """The class A to D of a reviewed audit, or "" for not enough data.

    Sum of the weights answered "yes" over the sum of the weights that apply: from 90 % A, from 75 % B, from 60 % C,
    else D. "Not applicable" leaves the denominator. A critical question answered "no", or a critical finding that
    stands, lets the class be no better than C.
    """
    applicable = [a for a in answers if a.answer in ("yes", "no")]
    total = sum(a.weight for a in applicable)
    if not total:
        return ""
    got = sum(a.weight for a in applicable if a.answer == "yes")
    found = next((letter for share, letter in CLASS_FROM if 100 * got >= share * total), "D")
    capped = critical_findings > 0 or any(a.is_critical and a.answer == "no" for a in applicable)
    return max(found, "C") if capped else found


def labels(chips: Mapping[str, tuple[str, str, Any]]) -> list[dict[str, Any]]:
    """The states of a table as the choices of a filter."""
    return [{"value": state, "label": chip[2]} for state, chip in chips.items()]
