"""What verdicts, marks and reasons of results are called."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from inspections.charts.canvas import MINUS
from inspections.reading.context import GRADE_WORDS

VERDICTS: dict[str, tuple[str, str, Any]] = {
    "in": ("good", "check", _("Within limits")),
    "out": ("bad", "x", _("Out of limits")),
    "unclear": ("warn", "eye", _("Undecided")),
    "not_judged": ("", "minus", _("Not judged")),
}
# Why nothing, or nothing certain, is said of a result.
WHY: dict[str, Any] = {
    "no_clause": _("No clause that binds on the lot's day speaks of this characteristic."),
    "no_limit": _("The clause names no limit for single readings."),
    "other_method": _("The agreement names another method: readings by different methods are not the same thing."),
    "other_edition": _("The agreement names another edition of this method."),
    "edition_missing": _("No method edition was named, so no limit can be held against it."),
    "no_sealed_sample": _("No sealed sample of this product and colour bound on the lot's day."),
    "nothing_measured": _("No reading was taken."),
    "below_what_is_seen": _("It lies below or above what could be seen, and the limit lies there too."),
}
# What to know of a result, and how grave it is: its words, and whether it asks for something.
MARKS: dict[str, tuple[str, Any]] = {
    "instrument_overdue": ("warn", _("The instrument was past its calibration day.")),
    "edition_superseded": ("warn", _("This edition of the method has been replaced by a newer one.")),
    "edition_missing": ("warn", _("No edition of the method was named.")),
    "edition_unknown": ("warn", _("The library does not know the edition that was named.")),
    "edition_differs": ("warn", _("Measured by another edition than the agreement names.")),
    "implausible": ("warn", _("An unlikely value: look at the decimal point once more.")),
    "below_detection_limit": ("info", _("A number below what the method can see.")),
    "unit_converted": ("info", _("Converted from another unit; what was typed is kept.")),
    "unit_missing": ("info", _("No unit was written; the characteristic's own was taken.")),
    "not_in_agreement": ("info", _("The agreement does not speak of this characteristic.")),
    "verdict_disagrees": ("warn", _("The laboratory's verdict and its own number disagree.")),
    "same_test_other_result": ("warn", _("The same test was filed before with another result.")),
    "time_zone_assumed": ("info", _("The time named no zone; Shanghai's was taken.")),
    "reading_text": ("info", _("A word stood where a reading would be; that reading counts as not taken.")),
    "value_rounded": ("info", _("Rounded to what can be kept; what was typed is kept too.")),
}
ENTERED: dict[str, Any] = {
    "web": pgettext_lazy("entered", "typed here"),
    "file": pgettext_lazy("entered", "from a file"),
    "api": pgettext_lazy("entered", "sent by a machine"),
}
NOT_FOUND, FOUND = pgettext_lazy("odour", "none"), pgettext_lazy("odour", "found")
LAB_STATES = {"cma": "CMA", "cnas": "CNAS"}
PARTS: dict[str, Any] = {
    "change": pgettext_lazy("fastness", "change of colour"),
    "stain": pgettext_lazy("fastness", "staining"),
    "L": "L*",
    "a": "a*",
    "b": "b*",
}
SIGNS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥", "=": ""}


def number_words(value: Decimal | float, decimals: int | None = None) -> str:
    """A number with a true minus."""
    text = f"{value:.{decimals}f}" if decimals is not None else format(value, "f")
    return text.replace("-", MINUS)


def reading_words(values: Sequence[Decimal | None], qualifiers: Sequence[str] | None, kind: str, *, width: int = 1) -> list[str]:
    """Each reading as people write it: 3-4, <20, 38.6; a colour as three numbers; "—" for one that was not taken."""
    if width > 1:
        triples = [values[at : at + width] for at in range(0, len(values), width)]
        return ["—" if None in each else " / ".join(number_words(value) for value in each if value is not None) for each in triples]
    if kind == "binary":
        return ["—" if value is None else str(FOUND if value else NOT_FOUND) for value in values]
    signs = qualifiers or ["="] * len(values)
    return ["—" if value is None else SIGNS[sign] + _one(value, kind) for value, sign in zip(values, signs, strict=False)]


def _one(value: Decimal, kind: str) -> str:
    if kind == "ordinal":
        return GRADE_WORDS.get(value, str(value))
    return number_words(value)


def bound_words(lower: Decimal | float | None, upper: Decimal | float | None, kind: str = "variable", unit: str = "") -> str:
    """Limits as print has them: 4.0 … 8.5, ≥ 3-4, ≤ 75 mg/kg."""
    if kind == "binary" and upper == 0:
        return str(NOT_FOUND)
    low, high = (None if each is None else _limit(each, kind) for each in (lower, upper))
    if low is not None and high is not None:
        said = f"{low} … {high}"
    else:
        said = f"≥ {low}" if low is not None else f"≤ {high}" if high is not None else ""
    return f"{said} {unit}".strip() if said and unit and kind != "ordinal" else said


def _limit(value: Decimal | float, kind: str) -> str:
    number = value if isinstance(value, Decimal) else Decimal(repr(value))
    return _one(number, kind) if kind == "ordinal" else number_words(number)
