"""The words of the problem map: quarters, standings, and what a cell says that holds no number."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {
    "cell_note_empty": _("Say in a sentence why this is not taken up as a problem."),
    "cell_note_long": _("Keep it to %(most)s characters."),
}
# Words, and the tone of the chip that says them.
STANDINGS: dict[str, tuple[str, str, Any]] = {
    "far_above": ("bad", "alert", _("far above the city")),
    "above": ("warn", "rise", _("above the city")),
    "within": ("", "check", _("as the city, by chance")),
    "below": ("good", "fall", _("below the city")),
    "far_below": ("good", "fall", _("far below the city")),
}
MERGED = _("merged, to protect firms")
NOBODY = _("nobody was looked at")
NO_DATA = _("no data: nothing on the platform measures it")
WORST: dict[str, Any] = {"critical": _("Critical"), "major": _("Major"), "minor": _("Minor")}


def quarter_code(period_on: date) -> str:
    """As an address says it: 2026Q3."""
    return f"{period_on.year}Q{(period_on.month + 2) // 3}"


def percent(parts: int | None) -> str:
    """Ten-thousandths as per cent with one place, all alike, so that what stands side by side compares."""
    return "" if parts is None else f"{parts / 100:.1f}"
