"""The words of states that the bureau reads; those of agreements and duties are the floor's below."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from suppliers.words import in_language

MEASURES: dict[str, Any] = {"firms": _("Firms"), "agreements": _("Signed agreements"), "overdue": _("Overdue obligations")}
AUDIT_STATES: dict[str, Any] = {
    "planned": pgettext_lazy("audit state", "planned"),
    "notified": pgettext_lazy("audit state", "notified"),
    "in_progress": pgettext_lazy("audit state", "under way"),
    "submitted": pgettext_lazy("audit state", "submitted, waits for the chain owner"),
    "reviewed": pgettext_lazy("audit state", "reviewed"),
    "closed": pgettext_lazy("audit state", "closed"),
    "cancelled": pgettext_lazy("audit state", "cancelled"),
}
GRADES: dict[str, Any] = {"critical": _("critical finding"), "major": _("major finding"), "minor": _("minor finding"), "ofi": _("opportunity for improvement")}
FINDING_STATES: dict[str, Any] = {
    "raised": pgettext_lazy("finding state", "raised"),
    "accepted": pgettext_lazy("finding state", "accepted"),
    "contested": pgettext_lazy("finding state", "contested"),
    "contained": pgettext_lazy("finding state", "contained"),
    "action_planned": pgettext_lazy("finding state", "action planned"),
    "answered": pgettext_lazy("finding state", "answered"),
    "implemented": pgettext_lazy("finding state", "carried out"),
    "verify": pgettext_lazy("finding state", "effect is watched"),
    "reopened": pgettext_lazy("finding state", "open again"),
    "noted": pgettext_lazy("finding state", "noted"),
    "closed": pgettext_lazy("finding state", "closed"),
    "withdrawn": pgettext_lazy("finding state", "withdrawn"),
}


def name_of(row: Any, prefix: str = "") -> str:
    """The name in the reader's language, in Chinese where there is no other."""
    return in_language(getattr(row, f"{prefix}name_zh"), getattr(row, f"{prefix}name_en"))
