"""What lots, their states and their ways of descent are called."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _

from foundation.actor import Actor, Hat

LOT_CHIPS: dict[str, tuple[str, str, Any]] = {
    "registered": ("", "plus", pgettext_lazy("lot", "Registered")),
    "inspecting": ("info", "flask", pgettext_lazy("lot", "Under inspection")),
    "released": ("good", "check", pgettext_lazy("lot", "Released")),
    "held": ("bad", "hold", pgettext_lazy("lot", "On hold")),
    "concession": ("warn", "hand", pgettext_lazy("lot", "Concession")),
    "not_accepted": ("bad", "x", pgettext_lazy("lot", "Not accepted")),
    "regraded": ("warn", "fall", pgettext_lazy("lot", "Regraded")),
    "scrapped": ("", "minus", pgettext_lazy("lot", "Scrapped")),
}
# The units in which lots are counted and weighed: the sign stands in the row, its word on the page.
UNITS: dict[str, Any] = {
    "kg": "kg",
    "m": "m",
    "pcs": pgettext_lazy("unit", "pcs"),
    "t": "t",
    "roll": pgettext_lazy("unit", "rolls"),
    "set": pgettext_lazy("unit", "sets"),
}
KINDS: dict[str, Any] = {
    "input": pgettext_lazy("descent", "used up in it"),
    "split": pgettext_lazy("descent", "split off"),
    "merge": pgettext_lazy("descent", "put together"),
    "rework": pgettext_lazy("descent", "worked over"),
    "portion": pgettext_lazy("descent", "portion for a customer"),
}


def amount(quantity: Decimal | None, unit: str) -> str:
    """A quantity as people write it: "1,200 kg"."""
    if quantity is None:
        return ""
    return f"{quantity.normalize():,f} {UNITS.get(unit, unit)}"


def firm_across(actor: Actor, lot: Any) -> str:
    """The other firm of the lot's relation, in the reader's language; of a supplier's own lot, that it is its own."""
    side = "supplier" if actor.hat == Hat.OWNER else "owner"
    if side == "owner" and lot.owner_org_id is None:
        return _("my own lot")
    zh, en = getattr(lot, f"{side}_name_zh"), getattr(lot, f"{side}_name_en")
    return str(zh if (get_language() or "").startswith("zh") else en or zh)
