"""What people read of scores, reports and copies of audits."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audits.scoring import VDA63, WEIGHTED

METHODS: dict[str, Any] = {
    WEIGHTED: _("Weighted checklist, version 1"),
    VDA63: _("Process audit in the shape of VDA 6.3, version 1"),
}
HOW: dict[str, Any] = {
    WEIGHTED: _("Weight times degree of fulfilment, added up, over the weight of all questions that apply. What does not apply is left out above and below the line."),
    VDA63: _("Points over possible points of the questions that were judged, by element and overall; below 80 % in one element, or few points on one starred question, the grade goes down."),
}  # fmt: skip
LEFT_OUT: dict[str, Any] = {
    "na": _("does not apply"),
    "unanswered": _("not answered"),
    "ungraded": _("asked for information, not judged"),
    "waits": _("waits: its finding is contested"),
    "withdrawn": _("left out: its finding was withdrawn"),
}
WHY: dict[str, Any] = {
    "reviewed": _("The audit was reviewed"),
    "raised": _("A finding was raised"),
    "contested": _("A finding was contested"),
    "decided": _("A contested finding was decided"),
    "closed": _("A finding was closed or opened again"),
}
CAPS: dict[str, Any] = {
    "critical_question": _("A critical question is not met at all: C at best."),
    "critical_finding": _("A critical finding is open: C at best until it is closed."),
    "no_element": _("No question of this checklist belongs to an element of a process audit."),
    "element/step <80": _("An element or a process step is below 80 %: no A."),
    "element/step <70": _("An element or a process step is below 70 %: no better than C."),
    "P6 sub-element <80": _("A part of the process analysis is below 80 %: no A."),
    "*-question 4 points": _("A starred question got 4 points: no A."),
    "*-question 0 points": _("A starred question got 0 points: no better than C."),
    "question 0 points": _("A question got 0 points: no A."),
}
TOO_FEW = _("Fewer than two thirds of the questions of %(part)s were judged: no grade.")


def reason_words(code: str) -> str:
    """What took a band down, or why there is none."""
    if code.startswith("incomplete "):
        return str(TOO_FEW) % {"part": code.removeprefix("incomplete ")}
    return str(CAPS.get(code, code))


COPY_CHIPS = {
    "shown": ("info", "eye", pgettext_lazy("copy", "Waiting for a decision")),
    "recognised": ("good", "check", pgettext_lazy("copy", "Recognised")),
    "not_recognised": ("warn", "x", pgettext_lazy("copy", "Not recognised")),
    "taken_back": ("", "undo", pgettext_lazy("copy", "Taken back")),
}
WORDS: dict[str, Any] = {
    "audit_not_finished": _("An audit is shown once it has been reviewed. Follow-ups are not shown."),
    "section_unknown": _("Choose among the sections of this audit."),
    "no_such_reader": _("Choose a chain owner with whom your firm has an agreement in force."),
    "report_not_yet": _("There is a report once the audit is handed in."),
    "report_damaged": _("The kept report is damaged on our side. Nothing was handed out; tell the platform."),
    "copy_is_recognised": _("It is recognised: the chain owner relies on it, so it stays."),
}
GRADE_WORDS = {
    "open": pgettext_lazy("copy", "open"),
    "put_right": pgettext_lazy("copy", "put right"),
    "contested": pgettext_lazy("copy", "contested, not decided"),
    "noted": pgettext_lazy("copy", "noted"),
}
