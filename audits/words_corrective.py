"""The sentences of findings and corrective action, step by step."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

WORDS: dict[str, Any] = {
    "finding_words_missing": _("Say it in a few words."),
    "plan_in_the_past": _("Choose today or a later day."),
    "plan_not_accepted": _("The chain owner has not accepted the plan yet."),
    "evidence_needed": _("Add a photo or a paper that shows what was done."),
    "evidence_older_than_plan": _("This photo is older than the plan. Take a new one that shows what was done since."),
    "repeat_needs_a_plan": _("This was found before. Go step by step: contain it, find the cause, plan, then carry it out."),
    "lots_out_of_range": _("Choose between 1 and %(most)s lots."),
    "lots_not_there_yet": _("%(missing)s more lots are needed before anybody can say that it works."),
    "lead_auditor_decides": _("The lead auditor of the visit decides about this, or whoever answers for quality in your firm."),
    "appeal_under_way": _("A third party is deciding. Wait for its word."),
    "critical_stays": _("A critical finding is not made a lesser one. Uphold it, or withdraw it with a reason."),
    "appeal_not_from_here": _("An appeal is made once, against a finding that was contested and upheld."),
    "third_party_unknown": _("Choose one of the institutes in the list."),
    "outcome_unknown": _("Choose one of the two."),
    "appeal_is_over": _("This appeal is over. Nothing was changed."),
    "nothing_to_follow_up": _("Nothing is open of this audit: there is nothing to look at again."),
    "follow_up_in_the_past": _("Choose today or a later day."),
    "follow_up_not_begun": _("The follow-up has not begun. Start the visit first."),
}
STORY: dict[str, tuple[str, str, Any]] = {
    "finding_noted": ("", "comment", _("Opportunity for improvement noted")),
    "finding_reworded": ("", "pen", _("Chain owner words the finding anew")),
    "finding_appealed": ("", "shield", _("Supplier appeals to a third party")),
    "finding_appeal_ended": ("", "shield", _("Third party has its say")),
    "finding_contained": ("info", "hold", _("Supplier contains it")),
    "finding_planned": ("info", "calendar", _("Supplier proposes a plan")),
    "finding_plan_accepted": ("", "check", _("Chain owner accepts the plan")),
    "finding_plan_returned": ("bad", "undo", _("Chain owner returns the plan")),
    "finding_implemented": ("info", "upload", _("Supplier has carried it out")),
    "finding_watched": ("", "eye", _("Chain owner verifies and watches the next lots")),
    "finding_reopened": ("bad", "undo", _("Chain owner opens it again: it does not work")),
}
BRANCHES: dict[str, Any] = {
    "man": _("People"),
    "machine": _("Machine"),
    "material": _("Material"),
    "method": pgettext_lazy("fishbone", "Method"),
    "measurement": _("Measuring"),
    "environment": _("Surroundings"),
}
PLAN_CHIPS: dict[str, tuple[str, str, Any]] = {
    "proposed": ("info", "clock", pgettext_lazy("plan", "Waits for the chain owner")),
    "returned": ("bad", "undo", pgettext_lazy("plan", "Returned")),
    "accepted": ("good", "check", pgettext_lazy("plan", "Accepted")),
}
OUTCOMES: dict[str, Any] = {"put_right": _("It is put right"), "still_open": _("It is not put right")}
APPEAL_CHIPS: dict[str, tuple[str, str, Any]] = {
    "asked": ("warn", "clock", pgettext_lazy("appeal", "Waits for a word")),
    "declined": ("", "x", pgettext_lazy("appeal", "Declined")),
    "upheld": ("bad", "shield", pgettext_lazy("appeal", "The finding stands")),
    "withdrawn": ("good", "check", pgettext_lazy("appeal", "The finding is withdrawn")),
}
