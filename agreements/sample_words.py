"""What sealed samples, their states and conditions of measurement are called."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# CIE illuminants and standard observers in use for textiles; names are international and not translated.
ILLUMINANTS = ("D65", "D50", "A", "F11", "F2", "C")
OBSERVERS = (10, 2)

SAMPLE_CHIPS: dict[str, tuple[str, str, Any]] = {
    "draft": ("", "pen", pgettext_lazy("sample", "Draft")),
    "offered": ("info", "eye", pgettext_lazy("sample", "Waits for the other side")),
    "sealed": ("good", "check", pgettext_lazy("sample", "Sealed")),
    "replaced": ("", "swap", pgettext_lazy("sample", "Replaced")),
    "expired": ("warn", "calendar", pgettext_lazy("sample", "Run out")),
    "withdrawn": ("", "x", pgettext_lazy("sample", "Withdrawn")),
}

WORDS = {
    "sample_needs_a_name": _("Fill this in, in words that both sides use."),
    "illuminant_unknown": _("Choose the illuminant under which it was measured: %(known)s."),
    "observer_unknown": _("Choose the observer: 10 or 2 degrees."),
    "sample_day_out_of_range": _("Choose a last day after today and within five years: a swatch fades."),
    "lab_not_a_number": _("A plain number as the instrument shows it, for example 52.31 or -3.4."),
    "lab_out_of_range": _("This lies outside %(low)s to %(high)s. Check that L*, a* and b* are not mixed up."),
    "lab_too_fine": _("Two decimals at most."),
    "sample_is_no_draft": _("This sample was offered or sealed already and is not changed. Draft a new one to replace it."),
    "sample_needs_a_photo": _("Take a photo of the swatch beside its label first: the other side compares it with its half."),
    "sample_needs_a_holder": _("Say who keeps your half, and where."),
    "sample_is_not_offered": _("There is nothing to confirm here now: it was sealed, taken back, or its last day is over."),
}
