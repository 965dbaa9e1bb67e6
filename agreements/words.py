"""What the rules, states and kinds of this floor are called."""

from __future__ import annotations

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from agreements.clause_words import LABELS as LABELS
from agreements.clause_words import RULES, TYPES
from agreements.gist import limit_words, named, sampling_words

WORDS = RULES | {
    "supplier_has_not_joined": _("%(name)s has not joined yet. Invite it first; an agreement needs two firms."),
    "template_unknown": _("There is no such template. Choose one from the list."),
    "starts_in_the_past": _("The first day lies in the past. Choose today or a later day: nobody is bound backwards."),
    "ends_before_it_starts": _("The last day comes before the first. Choose a later one."),
    "day_too_far": _("This day lies beyond the year %(year)s. Check the year."),
    "agreement_is_no_draft": _("The text was sent and is locked. To change it, the supplier returns it with a reason."),
    "agreement_cannot_be_returned": _("There is nothing to return any more: the text was signed by you, or it moved on."),
    "return_needs_a_reason": _("Say in a few words what should change, so that the other side can mend it."),
    "text_changed": _("The text is no longer the one you read. Open it again, check it, then sign."),
    "signatory_only": _("Only a signatory of the firm may sign. Ask one of them to open this page."),
    "password_wrong": _("This is not your password. Nothing was signed."),
    "too_many_tries_to_sign": _("Too many wrong passwords. Wait 15 minutes, then try again. Nothing was signed."),
    "side_has_signed": _("%(name)s has signed for your firm already."),
    "nobody_signs_for_both": _("You signed for the other firm. Nobody signs for both: ask a colleague."),
    "agreement_is_not_open_for_signing": _("This text is not open for signing now."),
    "agreement_has_run_out": _("The agreed time is over. The chain owner drafts a new text with later days."),
    "obligation_is_settled": _("This duty is settled already: it was met, waived or ended."),
    "document_has_run_out": _("This document ran out before the agreement began. File one that is valid."),
    "results_need_words": _("Say in a few words what was found; the supplier reads this."),
}

# state -> (tone, icon, label), as the chip tag takes it
AGREEMENT_CHIPS: dict[str, tuple[str, str, Any]] = {
    "draft": ("", "pen", pgettext_lazy("agreement", "Draft")),
    "in_review": ("info", "eye", pgettext_lazy("agreement", "In review")),
    "agreed": ("info", "check", pgettext_lazy("agreement", "Agreed")),
    "signing": ("info", "pen", pgettext_lazy("agreement", "Signing")),
    "signed": ("good", "check", pgettext_lazy("agreement", "Signed, waits for its day")),
    "in_force": ("good", "check", pgettext_lazy("agreement", "In force")),
    "suspended": ("warn", "clock", pgettext_lazy("agreement", "Suspended")),
    "expired": ("", "calendar", pgettext_lazy("agreement", "Ended")),
    "terminated": ("", "x", pgettext_lazy("agreement", "Terminated")),
    "withdrawn": ("", "x", pgettext_lazy("agreement", "Withdrawn")),
}
VERSION_CHIPS = AGREEMENT_CHIPS | {
    "superseded": ("", "calendar", pgettext_lazy("agreement", "Superseded")),
    "ended": ("", "calendar", pgettext_lazy("agreement", "Ended")),
    "replaced": ("", "undo", pgettext_lazy("agreement", "Replaced before signing")),
}
OBLIGATION_CHIPS: dict[str, tuple[str, str, Any]] = {
    "scheduled": ("", "calendar", pgettext_lazy("obligation", "Later")),
    "due_soon": ("warn", "clock", pgettext_lazy("obligation", "Due within 7 days")),
    "due": ("warn", "clock", pgettext_lazy("obligation", "Due today")),
    "met": ("good", "check", pgettext_lazy("obligation", "Met on time")),
    "met_late": ("warn", "check", pgettext_lazy("obligation", "Met late")),
    "overdue": ("bad", "alert", pgettext_lazy("obligation", "Overdue")),
    "waived": ("", "hand", pgettext_lazy("obligation", "Waived by the other side")),
    "void": ("", "x", pgettext_lazy("obligation", "Void")),
}
SIDES: dict[str, Any] = {"owner": _("Chain owner"), "supplier": _("Supplier")}


def obligation_words(kind: str, params: Any) -> str:
    """What a duty asks, as a verb first; `params` of its clause, where the reader may see them."""
    if kind == "document":
        return gettext("File: %(paper)s") % {"paper": named(params) if params else gettext("document")}
    if kind == "owner_duty":
        return named(params) if params else gettext("Keep a duty of the chain owner")
    words = {
        "self_check": gettext("Answer the self-check"),
        "review": gettext("Judge the self-check"),
        "corrective_action": gettext("Put the finding right"),
    }
    return words.get(kind, kind)


# Types whose clauses have a name of their own.
NAMED = ("process_requirement", "document_required", "owner_duty", "sealed_sample", "free_text")


def clause_title(clause: Any) -> str:
    """A clause in a few words."""
    if clause.type == "characteristic_limit":
        return limit_words(clause.params)
    if clause.type == "sampling_plan":
        return sampling_words(clause.params)
    if clause.type in NAMED:
        return capfirst(named(clause.params))
    if clause.type == "audit_frequency" and clause.params.get("audit") == "second_party":
        return gettext("Audit on site")
    return str(TYPES.get(clause.type, clause.type))
