"""The sentences of this floor's rules, and what its kinds are called."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audits import words_corrective

WORDS: dict[str, Any] = {
    "finding_not_in_this_state": _("This step is not open now: the other side has moved it on. Open the page again to see how it stands."),
    "audit_not_open": _("This self-check is no longer open: it was submitted or cancelled. Nothing was changed."),
    "audit_not_submitted": _("A finding is raised once the self-check is submitted."),
    "lot_was_accepted": _("A finding is raised of a lot that was not accepted. This one was not refused."),
    "answer_unknown": _("Choose yes, no or not applicable."),
    "note_too_long": _("Keep the note within %(most)s characters."),
    "too_many_photos": _("At most %(most)s photos under one question. Remove one first."),
    "answers_missing": _("These questions still lack an answer, a photo or a reason: %(numbers)s."),
    "grade_unknown": _("Choose critical, major or minor."),
    "question_unknown": _("This question does not belong to the checklist."),
    "no_deadline_clause": _("This agreement has no clause on corrective action, so nobody can say by when. Agree on one first."),
    "critical_needs_evidence": _("A critical finding is closed with evidence only. Add a photo taken after the finding was raised."),
    "evidence_too_old": _("This photo is older than the finding. Take a new one that shows how it is now."),
    "own_action": _("Nobody verifies their own corrective action. Ask a colleague."),
    "finding_reason_missing": _("Say in a few words why, so that the other side understands."),
}

# What an answer is called where it is read.
ANSWERS: dict[str, tuple[str, str, Any]] = {
    "yes": ("good", "check", pgettext_lazy("answer", "Yes")),
    "no": ("bad", "x", pgettext_lazy("answer", "No")),
    "na": ("", "minus", pgettext_lazy("answer", "Not applicable")),
    "": ("warn", "clock", pgettext_lazy("answer", "Not answered")),
}
MISSING: dict[str, Any] = {
    "answer": _("Not answered yet"),
    "photo": _("A photo is missing"),
    "reason": _("Say why it does not apply"),
}
# What the common record says of a finding, as the page of a finding tells it.
STORY: dict[str, tuple[str, str, Any]] = {
    "finding_raised": ("bad", "alert", _("Finding raised")),
    "finding_accepted": ("", "check", _("Supplier accepts the finding")),
    "finding_contested": ("", "comment", _("Supplier contests the finding")),
    "finding_upheld": ("", "shield", _("Chain owner upholds the finding")),
    "finding_withdrawn": ("", "minus", _("Chain owner withdraws the finding")),
    "finding_answered": ("info", "pen", _("Supplier answers")),
    "finding_refused": ("bad", "undo", _("Chain owner sends the answer back")),
    "finding_closed": ("good", "check", _("Chain owner verifies and closes")),
    **words_corrective.STORY,
}
# Sentences one may tap instead of typing.
PHRASES = (_("Night shift does not sign"), _("Form was renewed"), _("Repair is ordered"), _("No change in this period"))
