"""What changes, their states and the answers to them are called."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

KINDS: dict[str, tuple[str, Any]] = {
    "people": ("user", pgettext_lazy("change of", "People")),
    "machine": ("factory", pgettext_lazy("change of", "Machine")),
    "material": ("spool", pgettext_lazy("change of", "Material")),
    "method": ("flask", pgettext_lazy("change of", "Method")),
    "environment": ("map", pgettext_lazy("change of", "Environment")),
    "subcontractor": ("link", pgettext_lazy("change of", "Subcontractor")),
}
CHANGE_CHIPS: dict[str, tuple[str, str, Any]] = {
    "draft": ("", "pen", pgettext_lazy("change", "Draft")),
    "sent": ("info", "clock", pgettext_lazy("change", "Told")),
    "effective": ("good", "check", pgettext_lazy("change", "In use")),
    "withdrawn": ("", "undo", pgettext_lazy("change", "Taken back")),
}
REPLY_CHIPS: dict[str, tuple[str, str, Any]] = {
    "waiting": ("info", "clock", pgettext_lazy("change", "Waiting for an answer")),
    "accepted": ("good", "check", pgettext_lazy("change", "Accepted")),
    "accepted_with_trial": ("good", "flask", pgettext_lazy("change", "Accepted with a trial")),
    "refused": ("bad", "x", pgettext_lazy("change", "Refused")),
    "lapsed": ("warn", "calendar", pgettext_lazy("change", "Days ran out")),
    "withdrawn": ("", "undo", pgettext_lazy("change", "Taken back")),
}
SUPPLIER_TABS = (("", _("All")), ("draft", _("Drafts")), ("waiting", _("Told")), ("done", _("Done")))
OWNER_TABS = (
    ("", _("All")),
    ("waiting", _("To answer")),
    ("accepted", _("Accepted")),
    ("refused", _("Refused")),
    ("lapsed", _("Days ran out")),
)
