"""What the library's rules, kinds and states are called. Each sentence about a fault says how to mend it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from agreements.clauses import signed

WORDS = {
    "limit_characteristic_unknown": _("The library has no characteristic %(found)s. Take a code from the library's list."),
    "limit_unit_wrong": _("The unit %(found)s is not that of %(of)s. Give the value in %(unit)s."),
    "limit_edition_unknown": _("The library has no method edition %(found)s. Take one that stands with the characteristic."),
    "limit_edition_measures_other": _("%(edition)s does not measure %(of)s. Take a method that does."),
    "limit_edition_superseded": _("%(edition)s is superseded. Take %(newer)s."),
    "limit_product_unknown": _("The library has no product %(found)s. Leave it empty, or take a code from the list."),
    "limit_class_unknown": _("%(found)s is no safety class. Write A, B or C, or leave it empty."),
    "limit_grade_unknown": _("%(found)s is no grade of the library. Write one of: %(known)s; or leave it empty."),
    "limit_not_a_number": _("%(found)s is not a plain number. Write digits with a point, for example 4.0 or -3."),
    "limit_variation_not_positive": _("%(found)s is no limit of variation. Write a number above 0."),
    "limit_not_a_half_step": _(
        "%(found)s is no grade. Write 1 to 5 in half steps, for example 3-4; in Excel as text, else it becomes a date."
    ),
    "limit_says_nothing": _("The limit has no value. Give a lower or upper bound, a grade, or a limit of variation."),
    "limit_source_missing": _("The source is missing. Say in both languages where the limit is written."),
    "limit_source_long": _("This is one line of at most %(most)s characters. Shorten it."),
    "limit_verified_or_not": _("Verified, and the source says that it is not. Take the word away, or the mark."),
    "limit_of_a_grade": _("%(of)s is judged in grades, which have no mean or spread. Use the lowest grade instead."),
    "limit_is_no_grade": _("%(of)s is not judged in grades. Use a lower or upper bound."),
    "limit_has_no_lower": _("%(of)s is wrong only when too high. Take the lower bound away."),
    "limit_has_no_upper": _("%(of)s is wrong only when too low. Take the upper bound away."),
    "limit_delta_e_of_colour": _("%(of)s is no colour: a colour difference between lots says nothing of it. Leave it empty."),
    "limit_of_found_or_not": _("%(found)s: this is found or not found. Write 0 for “none may be found”."),
    "limit_bounds_cross": _("The lower bound %(lower)s must be less than the upper bound %(upper)s. Change one of them."),
    "limit_target_outside": _("The target %(found)s lies outside the bounds. Change it, or leave it empty."),
    "limit_not_yes_or_no": _("%(found)s: write yes or no."),
    "limit_twice_in_file": _("Row %(row)s of this file has the same limit. Keep one of the two."),
    "limit_draft_waits": _("A revision of this limit waits for release. Release or withdraw that one first."),
    "limit_waits_already": _("A revision by %(person)s waits for release. Release or withdraw that one first."),
    "limit_changes_nothing": _("This is what stands already. Nothing was proposed."),
    "limit_why_missing": _("Say in a few words why."),
    "limit_needs_a_second_person": _("You proposed this one. A colleague reads it against its source and decides."),
    "limit_is_over": _("This revision was superseded or withdrawn. Propose a new one."),
    "limit_base_moved": _("Another revision was released since. Withdraw this draft and propose it again from the one that stands."),
    "limits_rows_changed": _("Some rows no longer fit the library. Choose the file again and look at the preview."),
}

# Why a whole file of limits is not read; others are those of supplier lists.
FILES: dict[str, Any] = {
    "limits_too_large": _("The file is larger than 2 MB. Split it in two."),
    "limits_empty": _("The file holds no limit. Choose one with a head and at least one row."),
    "limits_too_many": _("The file holds more than %(most)s limits. Split it."),
    "limits_not_json": _("This is not a JSON list of limits. Take the export as an example."),
    "limits_head_unknown": _("There is no field “%(found)s”. Take the heads of the export."),
    "limits_head_missing": _("The column “%(found)s” is missing. Take the heads of the export."),
    "workbook_old_or_protected": _("The spreadsheet has a password or the old .xls format. Save it as .xlsx without a password."),
}
OTHER_FILE = _("The file cannot be read as a table of limits. Save it as .xlsx, or as CSV in UTF-8, and choose it again.")

FIELDS: dict[str, Any] = {
    "characteristic": _("Characteristic"),
    "edition": _("Method edition"),
    "product": _("Product"),
    "safety_class": _("Safety class"),
    "grade": _("Quality grade"),
    "unit": _("Unit"),
    "lower": _("Lower limit"),
    "target": _("Target"),
    "upper": _("Upper limit"),
    "grade_floor": _("Lowest grade"),
    "max_cv_percent": _("Largest CV in percent"),
    "max_lot_delta_e": _("Largest ΔE between lots"),
    "source_zh": _("Source (Chinese)"),
    "source_en": _("Source (English)"),
    "read_in": _("Read in"),
    "verified": pgettext_lazy("limit", "Verified"),
    "why": _("Why"),
}
KINDS: dict[str, Any] = {
    "variable": pgettext_lazy("kind of characteristic", "Measured"),
    "ordinal": pgettext_lazy("kind of characteristic", "Grade"),
    "attribute": pgettext_lazy("kind of characteristic", "Counted"),
    "censored": pgettext_lazy("kind of characteristic", "Measured down to a detection limit"),
    "derived": pgettext_lazy("kind of characteristic", "Computed"),
    "binary": pgettext_lazy("kind of characteristic", "Found or not"),
}
DIRECTIONS: dict[str, Any] = {
    "two": _("too high or too low is wrong"),
    "upper": _("too high is wrong"),
    "lower": _("too low is wrong"),
}
CLASSES: dict[str, Any] = {"A": _("A: infants"), "B": _("B: on the skin"), "C": _("C: not on the skin")}
GRADE_NAMES: dict[str, Any] = {
    "critical": _("critical colours"),
    "premium": _("premium grade"),
    "first": _("first grade"),
    "qualified": _("qualified"),
    "middle": _("middle of the market"),
}
VERIFIED: dict[str, tuple[str, str, Any]] = {
    "yes": ("good", "check", pgettext_lazy("limit", "Verified")),
    "no": ("warn", "alert", pgettext_lazy("limit", "Unverified")),
}
# Of numbers and names of standards: nobody has held the papers, but some page quotes them.
QUOTED: dict[str, tuple[str, str, Any]] = {
    "yes": ("info", "link", pgettext_lazy("standard", "Quoted")),
    "no": VERIFIED["no"],
}
STATES: dict[str, tuple[str, str, Any]] = {
    "draft": ("warn", "clock", pgettext_lazy("limit", "Waits for release")),
    "released": ("good", "check", pgettext_lazy("limit", "Released")),
    "superseded": ("", "calendar", pgettext_lazy("limit", "Superseded")),
    "withdrawn": ("", "x", pgettext_lazy("limit", "Withdrawn")),
}
OUTCOMES: dict[str, tuple[str, str, Any]] = {
    "new": ("info", "plus", pgettext_lazy("row of limits", "New")),
    "changed": ("warn", "pen", pgettext_lazy("row of limits", "Changed")),
    "same": ("", "check", pgettext_lazy("row of limits", "As it stands")),
    "faulty": ("bad", "alert", pgettext_lazy("row of limits", "To mend")),
}


def in_language(zh: str, en: str) -> str:
    """One of two texts, in the reader's language."""
    return zh if (get_language() or "").startswith("zh") else en


def unit_words(unit: str) -> str:
    """A unit as it is read: grades have one word in each language."""
    return gettext("grade") if unit == "级" else unit


def bound_words(one: Any, kind: str, unit: str) -> str:
    """A limit's value in one line: bounds with unit, a grade, or nothing to be found; limits of variation behind."""
    parts = []
    if kind == "binary":
        parts.append(gettext("none may be found"))
    elif one.grade_floor:
        parts.append(gettext("%(sign)s grade %(grade)s") % {"sign": "≥", "grade": one.grade_floor})
    elif one.lower and one.upper:
        parts.append(f"{signed(one.lower)} … {signed(one.upper)} {unit}".strip())
    elif one.lower or one.upper:
        sign, value = ("≥", one.lower) if one.lower else ("≤", one.upper)
        parts.append(f"{sign} {signed(value)} {unit}".strip())
    if one.target:
        parts.append(gettext("target %(value)s") % {"value": signed(one.target)})
    if one.max_cv_percent:
        parts.append(f"CV ≤ {one.max_cv_percent} %")
    if one.max_lot_delta_e:
        parts.append(gettext("between lots ΔE ≤ %(value)s") % {"value": one.max_lot_delta_e})
    return " · ".join(parts)


def scope_words(one: Any) -> str:
    """For what a limit holds: class, product, grade; all textiles where it names none."""
    parts = [
        str(CLASSES[one.safety_class]) if one.safety_class else "",
        in_language(one.product.name_zh, one.product.name_en) if one.product else "",
        str(GRADE_NAMES[one.grade]) if one.grade else "",
    ]
    return " · ".join(part for part in parts if part) or gettext("any product")
