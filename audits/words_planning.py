"""The sentences about auditors and the plan of a year."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

WORDS: dict[str, Any] = {
    "auditor_is_taken": _("This auditor is booked in that half of the day. Choose another half, day or auditor."),
    "leave_overlaps": _("There are hours noted for this auditor already that overlap with these."),
    "plan_days_unsound": _("A plan begins tomorrow or later and covers at most thirteen months."),
    "plan_days_too_far": _("A plan begins within thirteen months from today. Check the year."),
    "plan_not_ready": _("This plan cannot be confirmed: it is not ready, was confirmed or was let go. Open the page again."),
    "booking_out_of_reach": _("This day cannot be planned: it is not worked, or lies too far away."),
    "booking_taken": _("This auditor is booked in that half of the day. Choose another half, day or auditor."),
    "booking_away": _("This auditor is away at that time."),
    "booking_barred": _("This auditor must not go there: it is their own firm, or they led the last three visits."),
    "booking_closed": _("The programme visits nobody on that day."),
}
# What a move by hand goes against, though it may be done.
AGAINST: dict[str, Any] = {
    **{name: WORDS[f"booking_{name}"] for name in ("taken", "away", "barred", "closed")},
    "no_skill": _("The programme asks for somebody who knows another step of the chain, or speaks another language."),
    "outside_window": _("The day lies outside of the window of this visit; the window would be widened."),
    "month_full": _("The auditor gives fewer days to that month than would be booked."),
}
LEFT_OUT: dict[str, Any] = {
    "no_day": _("No working day in its window that the programme visits on"),
    "no_skill": _("No auditor knows the step of the chain and the language that it asks for"),
    "barred": _("Everybody who could go must not: own firm, or three visits in a row"),
    "away": _("All who could go are away during its window"),
    "full": _("All who could go are booked or give no more days to these months"),
    "long": _("Takes more than a day: put it on the calendar by hand"),
}
PLAN_CHIPS: dict[str, tuple[str, str, Any]] = {
    "waiting": ("info", "clock", pgettext_lazy("plan", "Being made")),
    "ready": ("warn", "eye", pgettext_lazy("plan", "To be looked at")),
    "confirmed": ("good", "check", pgettext_lazy("plan", "Confirmed")),
    "dropped": ("", "minus", pgettext_lazy("plan", "Let go")),
}
LEAVE_WORDS: dict[str, Any] = {
    "leave": pgettext_lazy("auditor", "Leave"),
    "sick": pgettext_lazy("auditor", "Ill"),
    "training": pgettext_lazy("auditor", "Training"),
    "other": pgettext_lazy("auditor", "Something else"),
}
LANGUAGE_WORDS: dict[str, Any] = {"zh": _("Chinese"), "en": _("English")}
HALF_CHOICES: dict[str, Any] = {"am": pgettext_lazy("half of a day", "Morning"), "pm": pgettext_lazy("half of a day", "Afternoon")}
