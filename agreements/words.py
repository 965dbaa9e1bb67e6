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
    "day_too_far": _("This day lies beyond the year %(year)s. Check the year."),
    "agreement_is_no_draft": _("The text was sent and is locked. To change it, propose other words clause by clause; or the supplier returns it with a reason."),
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
    "nothing_to_negotiate": _("There is no text to talk over now: it is a draft, or it was signed by both."),
    "proposal_is_of_a_former_text": _("This was about a former text. Version %(number)s stands now: read it, then propose there."),
    "signed_text_is_not_haggled_over": _("Your side has signed this text, so it asks for no change of it. The other side still may."),
    "clause_changed_since": _("Clause %(clause)s was changed while you wrote. Your words are kept: compare them with the clause as it stands, then send them."),
    "clause_is_settled": _("Both sides have agreed on clause %(clause)s. It comes into the next text; propose there."),
    "clause_has_a_proposal": _("%(name)s proposed something for clause %(clause)s meanwhile. Your words are kept: compare both, then send yours in answer."),
    "proposal_changes_nothing": _("Clause %(clause)s: this is what it says already. Change something, or go back."),
    "clause_has_fixed_words": _("The words of clause %(clause)s cannot be written anew from its numbers. Propose to take it out and add a new one."),
    "clause_checklist_unknown": _("Clause %(clause)s, %(label)s: there is no such checklist. Choose one from the list."),
    "agreement_needs_a_clause": _("An agreement needs at least one clause."),
    "own_proposal_is_not_answered": _("This is your own side's proposal: the other side answers it. You can withdraw it."),
    "proposal_is_settled": _("This proposal is settled already, by %(name)s."),
    "proposal_is_the_other_sides": _("This is the other side's proposal. You can accept it, answer it with other words, or decline it."),
    "answer_stands": _("This answer can no longer be taken back: a later word or a later text stands on it."),
    "proposals_are_open": _("A proposal on a clause is still open. It is answered first; then the text can be signed."),
    "comment_needs_words": _("Write a word, then send it."),
    "mark_is_the_other_sides": _("This mark is the other side's. Only that side takes it off."),
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
    "due": ("warn", "clock", pgettext_lazy("obligation", "Due")),
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
        "containment": gettext("Contain the critical finding"),
        "process_record": gettext("Show the record: %(what)s") % {"what": named(params) if params else gettext("process")},
        "sealed_sample": gettext("Renew the sealed sample"),
        "reply": gettext("Reply to the supplier"),
        "payment": gettext("Pay as agreed"),
        "visit_notice": gettext("Announce the visit"),
        "visit": gettext("Make the visit"),
        "concession_answer": gettext("Answer the request for a concession"),
        "change_answer": gettext("Answer the change notice"),
        "dispute_sample": gettext("Hand in the sample for the referee laboratory"),
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
