"""A sampling plan, and why it is as severe as it is, in sentences of either language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from inspections.switching import ClassPlan, Course
from qualitystats.plans import NORMAL, REDUCED, TIGHTENED
from qualitystats.sampling import DISCONTINUED
from qualitystats.switching import ACCEPTED_TO_RELAX, NOT_ACCEPTED_TO_STOP, SCORE_TO_REDUCE

STAGES: dict[str, Any] = {
    "first_article": pgettext_lazy("stage", "First article"),
    "in_process": pgettext_lazy("stage", "In process"),
    "final": pgettext_lazy("stage", "Final inspection"),
    "incoming": pgettext_lazy("stage", "Incoming inspection"),
    "third_party": pgettext_lazy("stage", "Inspection by a third party"),
}
CLASSES: dict[str, Any] = {
    "critical": pgettext_lazy("nonconformity", "Critical"),
    "major": pgettext_lazy("nonconformity", "Major"),
    "minor": pgettext_lazy("nonconformity", "Minor"),
}
SEVERITY_CHIPS: dict[str, tuple[str, str, Any]] = {
    NORMAL: ("", "minus", pgettext_lazy("inspection", "Normal")),
    TIGHTENED: ("warn", "rise", pgettext_lazy("inspection", "Tightened")),
    REDUCED: ("good", "fall", pgettext_lazy("inspection", "Reduced")),
    DISCONTINUED: ("bad", "hold", pgettext_lazy("inspection", "Discontinued")),
}
DECISION_CHIPS: dict[str, tuple[str, str, Any]] = {
    "accepted": ("good", "check", pgettext_lazy("inspected lot", "Accepted")),
    "not_accepted": ("bad", "x", pgettext_lazy("inspected lot", "Not accepted")),
}
SIDES: dict[str, Any] = {"owner": gettext_lazy("Inspected by the chain owner"), "supplier": gettext_lazy("Inspected by the supplier")}


def whole(number: int) -> str:
    """1,200 as people write it."""
    return f"{number:,}"


def plan_words(plan: ClassPlan) -> str:
    """ "Code letter J: 80 of 1,200 pieces, accept up to 5, not from 6 on"."""
    facts = {"letter": plan.code_letter, "n": whole(plan.n), "size": whole(plan.lot_size), "ac": plan.ac, "re": plan.re}
    if plan.inspect_all and plan.ac:
        return _("All %(size)s pieces: accept up to %(ac)s, not from %(re)s on") % facts
    if plan.inspect_all:
        return _("All %(size)s pieces: accept the lot only if none is found") % facts
    if not plan.code_letter:
        return _("%(n)s of %(size)s pieces: accept the lot only if none is found") % facts
    if not plan.ac:
        return _("Code letter %(letter)s: %(n)s of %(size)s pieces, accept the lot only if none is found") % facts
    return _("Code letter %(letter)s: %(n)s of %(size)s pieces, accept up to %(ac)s, not from %(re)s on") % facts


def since_words(severity: str, since: Mapping[str, Any]) -> str:
    """Why inspection is as severe as it is: "tightened since lot YZ-012, because 2 of the last 4 lots were not accepted"."""
    code = since.get("code", "")
    if not code:
        return {
            NORMAL: _("normal from the first lot on"),
            TIGHTENED: _("tightened"),
            REDUCED: _("reduced"),
            DISCONTINUED: _("discontinued"),
        }[severity]
    facts = {"lot": since.get("lot_no", ""), **since.get("facts", {})}
    if code == "two_of_five":
        return _("tightened since lot %(lot)s, because %(missed)s of the last %(of)s lots were not accepted") % facts
    if code == "five_accepted":
        return _("normal again since lot %(lot)s: %(n)s lots in a row were accepted") % facts
    if code == "five_not_accepted":
        return _("discontinued since lot %(lot)s: %(n)s lots were not accepted on tightened inspection") % facts
    if code == "score_reached":
        return _("reduced since lot %(lot)s: the switching score reached %(score)s") % facts
    if code == "not_accepted":
        return _("normal again since lot %(lot)s, which was not accepted on reduced inspection") % facts
    if code == "not_steady":
        return _("normal again since lot %(lot)s: production had not run steadily") % facts
    if code == "resumed":
        return _("tightened since inspection was resumed")
    if code == "unauthorised":
        return _("normal since reduced inspection was no longer allowed")
    if code == "terms_back":
        return _("as it stood under the terms of that day")
    return _("normal since the agreement has other terms")


def outlook(course: Course) -> list[str]:
    """What would change the severity of the lots to come."""
    state = course.switching
    if not course.terms.switches:
        return [_("The agreement asks for no switching: every lot is inspected normally.")]
    if state.severity == TIGHTENED:
        left, stop = ACCEPTED_TO_RELAX - state.accepted_in_a_row, NOT_ACCEPTED_TO_STOP - state.not_accepted
        return [
            ngettext("%(n)s more lot accepted in a row brings it back to normal.", "%(n)s more lots accepted in a row bring it back to normal.", left) % {"n": left},
            ngettext("%(n)s more lot not accepted and inspection is discontinued.", "%(n)s more lots not accepted and inspection is discontinued.", stop) % {"n": stop},
        ]  # fmt: skip
    if state.severity == DISCONTINUED:
        return [_("It goes on, tightened, once the supplier has acted and the chain owner resumes it.")]
    if state.severity == REDUCED:
        return [_("One lot not accepted, or production that does not run steadily, brings it back to normal.")]
    return [_tightens(state.recent), _reduces(state.switching_score or 0, allowed=state.reduced_authorised)]


def _tightens(recent: tuple[bool, ...]) -> str:
    if recent[-4:].count(False):
        return _("If the next lot is not accepted, inspection is tightened.")
    return _("Two of five lots in a row not accepted would tighten it.")


def _reduces(score: int, *, allowed: bool) -> str:
    facts = {"score": score, "needed": SCORE_TO_REDUCE}
    if allowed:
        return _("Switching score %(score)s of %(needed)s: from %(needed)s on it is reduced.") % facts
    return _("Switching score %(score)s of %(needed)s; reduced inspection is not allowed yet, which is the chain owner's to say.") % facts


def step_words(code: str, facts: Mapping[str, Any]) -> str:
    """What a step did, for the table of a series; nothing where the series just went on."""
    said = {
        "two_of_five": _("tightened from the next lot: %(missed)s of the last %(of)s not accepted"),
        "five_accepted": _("normal from the next lot: %(n)s in a row accepted"),
        "five_not_accepted": _("discontinued: %(n)s not accepted on tightened inspection"),
        "score_reached": _("reduced from the next lot: switching score %(score)s"),
        "not_authorised": _("switching score %(score)s, but reduced inspection is not allowed"),
        "not_steady": _("production not steady"),
        "not_accepted": _("normal from the next lot: not accepted on reduced inspection"),
        "resubmitted": _("submitted again: does not count for switching"),
        "discontinued": _("would have been after the stop: not counted"),
        "opened": _("the series begins"),
        "terms_changed": _("the agreement has other terms: the series begins anew"),
        "terms_back": _("the terms of an earlier day: the series goes on as it stood under them"),
        "resumed": _("resumed, tightened"),
        "went_on": _("resumed; after a correction it had not been discontinued"),
        "authorised": _("reduced inspection allowed"),
        "unauthorised": _("reduced inspection no longer allowed"),
    }.get(code, "")
    return said % facts if said else ""


def terms_words(terms: Mapping[str, Any]) -> str:
    """ "AQL 2.5, level II"."""
    return pgettext("sampling terms", "AQL %(aql)s, level %(level)s") % {"aql": terms["aql"], "level": terms["level"]}


def saved_words(pieces: int) -> str:
    """What switching has saved or cost against always-normal inspection."""
    if not pieces:
        return _("as many pieces as always-normal inspection")
    if pieces < 0:
        return ngettext("%(n)s piece more than always-normal inspection", "%(n)s pieces more than always-normal inspection", -pieces) % {
            "n": whole(-pieces)
        }
    return ngettext("%(n)s piece fewer than always-normal inspection", "%(n)s pieces fewer than always-normal inspection", pieces) % {
        "n": whole(pieces)
    }
