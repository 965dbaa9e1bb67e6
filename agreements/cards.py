"""Rows as pages show them: cards in plain words, obligations of either side in one shape, the rail of states. No queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agreements.clauses import is_computed, is_unverified
from agreements.compliance import Compliance
from agreements.forms import in_language
from agreements.gist import gist_of, minutes_a_month
from agreements.models import Agreement, AgreementVersion, Clause, Obligation, Signature
from agreements.selectors import state_on
from agreements.words import AGREEMENT_CHIPS, SIDES, VERSION_CHIPS, clause_title, obligation_words
from foundation.actor import Actor, Hat
from foundation.templatetags.qc import chip_for

# How the obligation piece draws a state.
LOOKS = {"met": "met", "met_late": "met", "overdue": "late", "due": "soon", "due_soon": "soon"}
RAIL = ("draft", "in_review", "agreed", "signing", "signed", "in_force")


def firm_name(agreement: Agreement, side: str) -> str:
    """A side's firm in the reader's language."""
    return in_language(getattr(agreement, f"{side}_name_zh"), getattr(agreement, f"{side}_name_en"))


def other_of(actor: Actor) -> str:
    """The side across the table."""
    return "supplier" if actor.hat == Hat.OWNER else "owner"


def whose(actor: Actor, agreement: Agreement, side: str) -> str:
    """Who owes, beside whom it concerns: a firm's name never stands by the role of the firm that reads."""
    other = other_of(actor)
    name = firm_name(agreement, other)
    return f"{name} · {SIDES[side]}" if side == other else _("our side, towards %(name)s") % {"name": name}


def last_day(effective_to: date | None) -> date | None:
    """The last day that is covered."""
    return effective_to - timedelta(days=1) if effective_to else None


def gist_cards(actor: Actor, clauses: Iterable[Clause]) -> list[dict[str, Any]]:
    """You do · They do · Limits · Who sees, from the reader's side."""
    gist = gist_of(clauses)
    mine, theirs = (gist.owner, gist.supplier) if actor.hat == Hat.OWNER else (gist.supplier, gist.owner)
    return [
        {"title": _("You do (%(n)s)") % {"n": len(mine)}, "icon": "tasks", "lines": mine},
        {"title": _("They do (%(n)s)") % {"n": len(theirs)}, "icon": "hand", "lines": theirs, "them": True},
        {"title": _("Limits"), "icon": "chart", "lines": gist.limits},
        {"title": _("Who sees what"), "icon": "eye", "lines": gist.sees},
    ]


def steps_of(state: str, signatures: Mapping[str, Signature]) -> list[dict[str, str]]:
    """The rail of states; what has ended has all of it behind."""
    ended = state not in RAIL
    at = len(RAIL) if ended or state == "in_force" else RAIL.index(state)
    rail = []
    for place, step_name in enumerate(RAIL):
        mark = "done" if place < at else "now" if place == at else ""
        step = {"label": chip_for(step_name, AGREEMENT_CHIPS).label, "state": mark}
        if step_name == "signing" and signatures:
            step["sub"] = _("%(n)s of 2 signed") % {"n": len(signatures)}
        rail.append(step)
    if ended:
        rail.append({"label": chip_for(state, VERSION_CHIPS).label, "state": "now"})
    return rail


def clause_cards(clauses: Iterable[Clause]) -> list[dict[str, Any]]:
    """The clauses with their words in both languages."""
    return [
        {
            "clause": clause,
            "title": clause_title(clause),
            "side": _("Both sides") if clause.side == "both" else str(SIDES[clause.side]),
            "unverified": is_unverified(clause.params),
            "computed": is_computed(clause.type),
        }
        for clause in clauses
    ]


def obligation_card(row: Obligation, clause: Clause | None, *, today: date) -> dict[str, Any]:
    """One obligation; the same for either side."""
    state = state_on(row, today)
    return {
        "id": row.pk,
        "words": obligation_words(row.kind, clause.params if clause else None),
        "source": _("%(number)s, clause %(clause)s") % {"number": row.agreement.number, "clause": clause.order} if clause else row.agreement.number,
        "due": row.due_on,
        "met": row.met_on,
        "state": LOOKS.get(state, ""),
        "is": state,
        "url": reverse("agreements:obligation", args=[row.pk]),
        "row": row,
    }  # fmt: skip


def obligation_cards(rows: Iterable[Obligation], clauses: Mapping[UUID, Clause], *, today: date) -> list[dict[str, Any]]:
    """Obligations in their order."""
    return [obligation_card(row, clauses.get(row.clause_id), today=today) for row in rows]


def compliance_words(kept: Compliance) -> str:
    """How a side kept its word: n of m, or that there is not enough to say."""
    if not kept.has_data:
        return _("Not enough data: nothing has been due yet")
    words = _("%(met)s of %(due)s met on time") % {"met": kept.met, "due": kept.due}
    if kept.overdue:
        words += " · " + ngettext("%(n)s late", "%(n)s late", kept.overdue) % {"n": kept.overdue}
    return words


def side_cards(
    agreement: Agreement, clauses: list[Clause], cards: Mapping[str, list[dict[str, Any]]], kept: Mapping[str, Compliance]
) -> list[dict[str, Any]]:
    """Both sides alike: the firm, how it kept its word, what it owes next."""
    sides = []
    for side in ("supplier", "owner"):
        minutes = minutes_a_month(clauses, side)
        sides.append(
            {
                "side": side,
                "name": firm_name(agreement, side),
                "meta": _("about %(n)s min a month") % {"n": minutes} if minutes else "",
                "kept": compliance_words(kept[side]),
                "cards": cards[side],
            }
        )
    return sides


def signers(agreement: Agreement, version: AgreementVersion, signatures: Mapping[str, Signature]) -> list[dict[str, Any]]:
    """Who has signed, and who is waited for."""
    return [
        {"firm": firm_name(agreement, side), "signature": signatures.get(side), "signed": side in signatures}
        for side in ("owner", "supplier")
        if version.locked_at
    ]
