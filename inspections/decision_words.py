"""What decisions about lots, their reasons and the states of what hangs on them are called."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# step -> (icon, the verb on the button, what it means for the lot)
STEP_WORDS: dict[str, tuple[str, Any, Any]] = {
    "release": ("check", pgettext_lazy("lot", "Release"), _("The lot may be used and delivered.")),
    "hold": ("hold", pgettext_lazy("lot", "Put on hold"), _("Nobody uses or delivers the lot, nor any part of it, until the hold has ended.")),
    "lift": ("next", pgettext_lazy("lot", "End the hold"), _("The lot goes back to where it was before.")),
    "not_accept": ("x", pgettext_lazy("lot", "Do not accept"), _("The lot is not taken. The supplier says what becomes of it.")),
    "rework": ("undo", pgettext_lazy("lot", "Rework"), _("The lot is worked over and inspected again.")),
    "regrade": ("fall", pgettext_lazy("lot", "Regrade"), _("The lot is taken as a lower grade.")),
    "scrap": ("minus", pgettext_lazy("lot", "Scrap"), _("The lot, or a part of it, is destroyed or sold as waste.")),
}
# (step, reason) -> words; a reason that several steps share stands under its own name.
REASONS: dict[str, Any] = {
    "meets": _("Every result is within its limits"),
    "own_test": _("The supplier's own test is taken as it is"),
    "retested": _("Tested again, within limits"),
    "out_of_limits": _("A result is out of limits"),
    "colour": _("The colour is off"),
    "look_closer": _("Something is to be looked at more closely"),
    "papers": _("Papers or results are missing"),
    "complaint": _("A complaint came in"),
    "cleared_up": _("Cleared up"),
    "mistake": _("Held by mistake"),
    "sampling": _("Too many nonconforming pieces in the sample"),
    "wrong_goods": _("Not what was ordered"),
    "finish_again": _("Dyed, washed or finished again"),
    "sort_out": _("Sorted piece by piece"),
    "repack": _("Packed or labelled again"),
    "looks": _("The look is not of the first grade"),
    "cannot_be_mended": _("It cannot be mended"),
    "not_worth_it": _("Mending costs more than the goods"),
    "concession": _("A concession was asked for"),
    "other": pgettext_lazy("reason", "Another reason"),
}
CONCESSION_CHIPS: dict[str, tuple[str, str, Any]] = {
    "asked": ("info", "clock", pgettext_lazy("concession", "Asked for")),
    "granted": ("warn", "hand", pgettext_lazy("concession", "Granted")),
    "refused": ("bad", "x", pgettext_lazy("concession", "Refused")),
    "withdrawn": ("", "undo", pgettext_lazy("concession", "Taken back")),
    "lapsed": ("", "calendar", pgettext_lazy("concession", "Run out")),
}
ARBITRATION_CHIPS: dict[str, tuple[str, str, Any]] = {
    "asked": ("info", "clock", pgettext_lazy("arbitration", "Asked for")),
    "accepted": ("info", "flask", pgettext_lazy("arbitration", "Under test")),
    "decided": ("good", "shield", pgettext_lazy("arbitration", "Decided")),
    "declined": ("", "x", pgettext_lazy("arbitration", "Declined by the laboratory")),
    "withdrawn": ("", "undo", pgettext_lazy("arbitration", "Taken back")),
}
VERDICTS: dict[str, Any] = {"meets": _("meets the bounds"), "fails": _("does not meet the bounds")}
GRANTERS: dict[str, Any] = {
    "cqo": _("the chain owner's chief quality officer"),
    "quality": _("the chain owner's quality people"),
    "signatory": _("the chain owner's signatory"),
}
SIDES: dict[str, Any] = {
    "owner": _("the chain owner"),
    "supplier": _("the supplier"),
    "lab": _("the laboratory"),
    "clock": _("the calendar"),
}
