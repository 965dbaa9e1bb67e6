"""What the standing of clauses, periods and the rules of duties are called, and the sentence that says why."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agreements.clauses import signed
from agreements.compliance import Period
from agreements.standing import Bounds, Standing
from foundation.templatetags.qc import day_words
from suppliers.words import quarter_words

STANDING_CHIPS: dict[str, tuple[str, str, Any]] = {
    "met": ("good", "check", pgettext_lazy("standing", "Met")),
    "at_risk": ("warn", "clock", pgettext_lazy("standing", "At risk")),
    "breached": ("bad", "alert", pgettext_lazy("standing", "Breached")),
    "not_enough_data": ("", "minus", pgettext_lazy("standing", "Not enough data")),
    "not_computed": ("", "pen", pgettext_lazy("standing", "Not computed")),
}

WHY: dict[str, Any] = {
    "words_only": _("These are words for people: no figure decides on them, so none is computed."),
    "kept_by_product": _("The system itself keeps this: what is granted is shown from the first day of the agreement to its last."),
    "nothing_reported": _("No values have been reported for this clause yet. As soon as there are some, they are judged here."),
    "nothing_due_yet": _("Nothing has been due under this clause yet."),
    "first_duty_ahead": _("Nothing has been due yet; the first day is %(day)s."),
    "duty_overdue": _("Not kept: %(n)s overdue, the oldest since %(since)s. In twelve months %(met)s of %(due)s were kept on time."),
    "duty_near": _("The next day is %(day)s, and it is not done yet. In twelve months %(met)s of %(due)s were kept on time."),
    "first_duty_near": _("The first day is %(day)s, and it is not done yet."),
    "duty_was_late": _("All was done, but %(late)s late: %(met)s of %(due)s were kept on time in twelve months."),
    "duties_kept": _("All that was due in twelve months was kept on time: %(met)s of %(due)s."),
    "value_inside": _("The latest value, of %(day)s, lies within the limit."),
    "value_near": _("The latest value of %(what)s, %(value)s, still lies within the limit, but close to it."),
    "value_outside": _("The latest value of %(what)s, %(value)s, lies outside the limit."),
    "value_unclear": _("The value %(value)s lies below what the method can see, and the limit too: it says neither yes nor no."),
    "too_few_lots": _("%(n)s lots so far; the clause judges over %(needed)s. Until then no verdict is given."),
    "reading_is_old": _("The latest value is of %(day)s, more than twelve months ago. It no longer says how things are."),
}
MEASURES: dict[str, Any] = {
    "value": _("the characteristic"),
    "cv": _("the coefficient of variation"),
    "lot_delta_e": _("the colour difference between lots"),
    "ppk": _("Ppk"),
}
PERIODS: dict[str, Any] = {"month": _("This month"), "quarter": _("This quarter"), "12m": _("Twelve months")}
PERIOD_KINDS: dict[str, Any] = {"month": _("Month"), "quarter": _("Quarter"), "12m": _("Twelve months")}

WORDS = {
    "waiver_needs_a_reason": _("Say in a few words, at most %(most)s characters, why this duty is let go. The other side reads it."),
    "record_needs_words": _("Say in a few words what the record shows."),
    "reading_unreadable": _("A value is one short text, and a number of lots is zero or more."),
    "nothing_to_remind_of": _("Choose at least one duty that is still to do."),
    "too_many_to_remind_of": _("At most %(most)s duties at once. Choose fewer."),
}


def why_words(standing: Standing, *, today: date | None = None) -> str:
    """The sentence that says why a clause stands where it stands."""
    now = today or timezone.localdate()
    facts = {name: day_words(said, now=now) if isinstance(said, date) else said for name, said in standing.facts.items()}
    if "what" in facts:
        facts["what"] = str(MEASURES.get(facts["what"], facts["what"]))
    return str(WHY[standing.why]) % facts


def value_words(standing: Standing) -> str:
    """The value with its unit; of duties, how many of how many."""
    if not standing.value:
        return ""
    if "/" in standing.value:
        met, _slash, due = standing.value.partition("/")
        return str(_("%(met)s of %(due)s")) % {"met": met, "due": due}
    if standing.limit.kind == "ordinal":
        return str(_("grade %(grade)s")) % {"grade": standing.value}
    return f"{signed(standing.value)} {standing.limit.unit}".strip()


def limit_said(bounds: Bounds) -> str:
    """The bounds as print has them; nothing where none is set. A grade keeps its hyphen and needs no unit."""
    if bounds.kind == "ordinal":
        sign, grade = ("≥", bounds.lower) if bounds.lower else ("≤", bounds.upper)
        return str(_("%(sign)s grade %(grade)s")) % {"sign": sign, "grade": grade} if grade else ""
    if bounds.lower and bounds.upper:
        said = f"{signed(bounds.lower)} … {signed(bounds.upper)}"
    elif bounds.lower:
        said = f"≥ {signed(bounds.lower)}"
    else:
        said = f"≤ {signed(bounds.upper)}" if bounds.upper else ""
    return f"{said} {bounds.unit}".strip() if said else ""


def period_words(period: Period) -> str:
    """A period as people write it: 2026-03, Q1 2026, 2025-04 – 2026-03."""
    first = period.starts_on
    if period.kind == "month":
        return f"{first:%Y-%m}"
    if period.kind == "quarter":
        return quarter_words(first)
    last = date.fromordinal(period.ends_on.toordinal() - 1)
    return f"{first:%Y-%m} – {last:%Y-%m}"
