"""Weak links by name: what a nonconformity is about. The database holds the same assignment as a function (a test compares them)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

# In the order in which pages list them.
CATEGORIES: dict[str, Any] = {
    "function": _("Fabric functionality"),
    "colour": _("Colour and fastness"),
    "fibre": _("Fibre content"),
    "safety": _("Safety and chemistry"),
    "strength": _("Strength and wear"),
    "dimensions": _("Dimensions and mass"),
    "appearance": _("Appearance and workmanship"),
    "labels": _("Labels and documents"),
    "process": _("Process management"),
    "design": _("Design innovation"),
    "brand": _("Brand culture"),
    "other": _("Other characteristics"),
}
CHARACTERISTICS = {
    "FIB-CON": "fibre", "FIB-CON-DEV": "fibre", "FIB-DIA": "fibre", "DWN-CLU": "fibre", "DWN-DOW": "fibre",
    "COL-DE": "colour", "COL-DE-LOT": "colour", "CF-WAS": "colour", "CF-RUB": "colour", "CF-RUB-W": "colour", "CF-PER": "colour",
    "CF-WAT": "colour", "CF-SAL": "colour", "CF-LIG": "colour",
    "FOR": "safety", "PH": "safety", "AZO": "safety", "APEO": "safety", "DCM": "safety", "ODO": "safety",
    "YRN-STR": "strength", "BST": "strength", "SEA": "strength", "TEA": "strength", "TEN": "strength", "PIL": "strength",
    "DIM": "dimensions", "SPI": "dimensions", "GSM": "dimensions", "WID": "dimensions", "YRN-CNT": "dimensions", "BED-FIL": "dimensions",
    "DWN-FIL": "dimensions",
    "YRN-TWI": "function", "YRN-EVN": "function", "BED-REC": "function", "DWN-POW": "function", "BED-OIL": "function",
    "APP-A": "appearance", "APP-B": "appearance",
}  # fmt: skip
# A question belongs to its section's category where that says more than the checklist: VDA 6.3's P3 and P4 are development.
SECTIONS = {"COL": "colour", "DYE": "colour", "RAW": "fibre", "LAB": "safety", "P3": "design", "P4": "design"}
OF_QUESTIONS = "process"
OF_INSPECTIONS = "appearance"
# Nothing that firms do on the platform speaks of these: there is no data, which is not the same as nobody looked at.
WITHOUT_DATA = frozenset(CATEGORIES) - {*CHARACTERISTICS.values(), *SECTIONS.values(), OF_QUESTIONS, OF_INSPECTIONS, "other"}


def of_characteristic(code: str) -> str:
    """The category of a characteristic; one that a firm added itself is "other"."""
    return CHARACTERISTICS.get(code, "other")


def of_section(code: str) -> str:
    """The category of a checklist's section."""
    return SECTIONS.get(code, OF_QUESTIONS)
