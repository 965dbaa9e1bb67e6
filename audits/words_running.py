"""The words of a visit on site."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

WORDS: dict[str, Any] = {
    "visit_not_open": _("This visit is not under way: it has not begun, or it was handed in. Nothing was changed."),
    "operation_unknown": _("This app is older than the server: it sends something that is not known here. Load it again, nothing is lost."),
    "answer_moved_on": _("Somebody has changed this answer meanwhile. Look at both again."),
    "gate_of_another_place": _("This is the code of another gate. Choose the visit from the list, or find the right gate."),
    "photo_differs": _("Another photo has this number already. Take the photo again."),
    "photo_not_here": _("The photo is not on the server yet. It is sent first, then this."),
    "too_many_findings": _("At most %(most)s findings in one visit."),
    "remark_missing": _("Write the remark down in a few words."),
    "signature_missing": _("Who agrees or remarks signs, on the glass or by name."),
    "visit_differs": _("The phone and the server do not hold the same. Nothing was handed in; wait until all is sent, then try again."),
    "visit_not_complete": _(
        "Something is still missing: an answer, a photo on its way, two answers to choose from, or the closing meeting."
    ),
    "other_person": _("These answers belong to somebody else, or to another hat. They stay where they are until that person signs in."),
}
LACKS: dict[str, Any] = {
    "answer": _("Not answered yet"),
    "photo": _("A photo is missing"),
    "reason": _("Say why it does not apply"),
    "conflict": _("Two answers wait: choose one"),
}
AUDITEE: dict[str, tuple[str, str, Any]] = {
    "agrees": ("good", "check", pgettext_lazy("closing meeting", "Agrees")),
    "remarks": ("warn", "comment", pgettext_lazy("closing meeting", "Signs with a remark")),
    "refuses": ("bad", "x", pgettext_lazy("closing meeting", "Does not sign")),
}
# Sentences one may tap on site instead of typing.
SITE_PHRASES = (
    _("No record was found for this day"),
    _("The calibration label has run out"),
    _("Lots are not marked"),
    _("Done as agreed"),
    _("The form is there, but not filled in"),
    _("Put right while we stood there"),
    _("The person who does it was not there"),
)
