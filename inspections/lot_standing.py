"""Where a lot stands, in words, and which steps the reader has. Facts come in, sentences go out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from foundation.actor import Actor
from inspections.deciding import OFFICER, steps_open
from inspections.decision_words import REASONS, SIDES
from inspections.models import Hold, Lot, LotDecision


def steps_now(actor: Actor, lot: Lot, holds: Sequence[Hold]) -> list[str]:
    """The steps that would not be refused on account of a hold."""
    side, officer = actor.hat.value, OFFICER in actor.roles
    along = [h for h in holds if h.held_with]
    mine, theirs = [h for h in holds if h.side == side and h not in along], [h for h in holds if h.side != side]
    own_bar = any(h.by_cqo for h in mine) and not officer
    barred: set[str] = set()
    if along:
        barred |= {"release", "rework", "regrade"}
    if theirs or own_bar or any(h.by_cqo and not officer for h in along):
        barred |= {"release", "rework", "regrade", "scrap"}
    if own_bar:
        barred.add("not_accept")
    if lot.state == Lot.State.HELD and not officer:
        barred.add("release")
    if not mine or own_bar:
        barred.add("lift")
    if any(h.source_id is None and (h.by_cqo or not officer) for h in mine):
        barred.add("hold")
    return [kind for kind in steps_open(lot.state, side, actor.roles, own_lot=lot.owner_org_id is None) if kind not in barred]


def standing_words(actor: Actor, lot: Lot, holds: Sequence[Hold]) -> str:
    """What the state means for this reader, in a sentence."""
    mine = lot.owner_org_id is None or actor.hat.value == "owner"
    if lot.state == Lot.State.HELD:
        if any(hold.by_cqo for hold in holds):
            return _(
                "Nobody uses or delivers this lot: a chief quality officer holds it. Only such an officer of the same side, or arbitration, ends that."
            )
        return _("Nobody uses or delivers this lot until the hold has ended.")
    return {
        "registered": _("Nothing was found on this lot yet. Enter a test or inspect it; then it is decided."),
        "inspecting": _("Under inspection. You release it, or do not accept it.")
        if mine
        else _("Under inspection. The chain owner decides on it."),
        "released": _("This lot may be used and delivered."),
        "concession": _("A part of this lot may be delivered as it is, as the concession says."),
        "not_accepted": _("This lot is not taken. It can be reworked, scrapped, or delivered under a concession."),
        "regraded": _("This lot is taken as a lower grade."),
        "scrapped": _("This lot is gone."),
    }[lot.state]


def hold_lines(holds: Sequence[Hold]) -> list[dict[str, Any]]:
    """Each hold that stands: whose, why, since when."""
    return [
        {
            "by": (_("chief quality officer of %(side)s") if hold.by_cqo else "%(side)s") % {"side": SIDES[hold.side]}, "name": hold.held_by,
            "reason": REASONS.get(hold.why_code, ""), "why": hold.why, "at": hold.held_at, "held_with": hold.held_with,
        }
        for hold in holds
    ]  # fmt: skip


def last_words(decision: LotDecision | None) -> dict[str, Any] | None:
    """The decision that brought the lot where it is, with its reason."""
    if decision is None:
        return None
    return {
        "reason": REASONS.get(decision.why_code, ""),
        "why": decision.why,
        "grade": decision.new_grade,
        "row": decision,
        "side": SIDES[decision.side],
    }
