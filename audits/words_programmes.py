"""The sentences about programmes and visits, and what their states are called."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audits.coverage import Reason

WORDS: dict[str, Any] = {
    "programme_needs_a_name": _("Give the programme a name, so that your colleagues know it."),
    "programme_needs_a_band": _("Choose at least one risk band."),
    "programme_number_out": _("Choose a number from %(least)s to %(most)s."),
    "programme_ends_before_it_starts": _("The last day comes before the first one."),
    "programme_in_force": _("This programme was put in force, and its visits rest on what it says. End it and draft a new one."),
    "programme_not_in_this_state": _("This step is not open: the programme is in another state by now. Open the page again."),
    "checklist_unknown": _("There is no such checklist. Choose one from the list."),
    "season_unsound": _("At most %(most)s busy seasons, and each ends on or after its first day."),
    "day_asked_twice": _("Another day was asked for twice. Call the lead auditor and agree by word; the chain owner then moves the visit."),
    "day_is_the_same": _("This is the day that is planned already."),
    "day_out_of_reach": _("Choose a day from tomorrow on, within a year."),
    "day_is_not_worked": _("Nobody works on this day: it is a weekend or a holiday."),
    "half_unknown": _("Choose the morning, the afternoon, or leave it open."),
    "visit_needs_words": _("Say why in a few words, at most %(most)s characters. The other side reads it."),
    "not_an_auditor": _("This colleague may not conduct visits. Give the role of an auditor first."),
    "auditor_of_own_firm": _("Nobody audits a firm of which they are a member. Send somebody else."),
    "team_is_full": _("At most %(most)s people go on one visit."),
}
PROGRAMME_CHIPS: dict[str, tuple[str, str, Any]] = {
    "draft": ("", "pen", pgettext_lazy("programme", "Draft")),
    "active": ("good", "check", pgettext_lazy("programme", "In force")),
    "paused": ("warn", "hold", pgettext_lazy("programme", "Paused")),
    "ended": ("", "minus", pgettext_lazy("programme", "Ended")),
}
BAND_WORDS: dict[str, Any] = {
    "A": _("A: calm"),
    "B": _("B: watch"),
    "C": _("C: raised"),
    "D": _("D: high"),
}
PART_WORDS: dict[str, Any] = {
    "result_class": _("Class of the last audit"),
    "critical": _("Open critical findings"),
    "major": _("Open major findings"),
    "minor": _("Open minor findings"),
    "overdue": _("Overdue duties of the supplier"),
    "changes": _("Changes told of in twelve months"),
    "months_since": _("Months since the last audit"),
}
REASONS: dict[str, Any] = {
    "not_joined": _("Has not joined yet: invite it first"),
    "no_agreement": _("No agreement in force: a visit rests on one"),
    "suspended": _("The agreement stands still"),
    "other_band": _("In band %(fact)s, which this programme does not visit"),
    "other_programme": _("Visited by “%(fact)s” with the same checklist"),
}
DONE: dict[str, Any] = {
    "activate": _("In force. The visits stand on the calendar within moments."),
    "pause": _("Paused. Nothing new is planned or announced until it goes on."),
    "resume": _("It goes on."),
    "end": _("Ended. What was still ahead is called off."),
}
HALF_WORDS: dict[str, Any] = {"": "", "am": _("morning"), "pm": _("afternoon")}
# What a firm that is visited is asked to have ready. Plain things that every audit needs.
PREPARE = (
    _("Somebody who knows the production walks along."),
    _("Your licences and certificates, and the calibration papers of your instruments."),
    _("Test records and lot records of the last three months."),
    _("What was done about open findings, with photos."),
)


def reason_words(reason: Reason) -> str:
    """Why a firm is not visited, for the page."""
    return str(REASONS[reason.code]) % {"fact": reason.fact}
