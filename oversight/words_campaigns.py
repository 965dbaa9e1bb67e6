"""Words of policy tools, campaigns and reports; the sentences of what is refused."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language, gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from oversight.campaign_rules import Crowd, Rule
from oversight.suppression import MINIMUM
from suppliers.firm_words import STANDARDS
from suppliers.words import in_language

WORDS: dict[str, Any] = {
    "policy_days": _("A measure ends on the day it begins, or later."),
    "policy_not_open": _("This measure is not offered any more."),
    "policy_is_retired": _("This measure has been taken off the list. Write a new one."),
    "campaign_too_narrow": _("Fewer than %(n)s firms fit. A campaign is for many: take something away, or write to the firm."),
    "campaign_is_sent": _("This campaign has been sent. Its words stay; stop it, and write a new one."),
    "campaign_not_sent": _("This campaign has not been sent. Throw the draft away instead."),
    "campaign_over": _("This campaign was stopped. Nothing is asked of your firm any more."),
    "campaign_day_past": _("Give the firms a day that is still to come."),
    "report_needs_parts": _("Choose at least one part."),
    "report_period_ahead": _("This period has not begun. Choose an earlier one."),
}
LANGUAGES: dict[str, Any] = {"zh-hans": _("Chinese"), "en": _("English")}  # in which a report may be made
POLICY_KINDS: dict[str, Any] = {
    "standards": pgettext_lazy("policy", "Standards"),
    "metrology": pgettext_lazy("policy", "Metrology"),
    "certification": pgettext_lazy("policy", "Certification and accreditation"),
    "testing": pgettext_lazy("policy", "Inspection and testing"),
    "quality_management": pgettext_lazy("policy", "Quality management"),
    "property": pgettext_lazy("policy", "Intellectual property"),
    "brand": pgettext_lazy("policy", "Brand"),
    "registration": pgettext_lazy("policy", "Registration"),
    "credit": pgettext_lazy("policy", "Credit financing"),
    "subsidy": pgettext_lazy("policy", "Subsidy"),
    "training": pgettext_lazy("policy", "Training"),
    "campaign": pgettext_lazy("policy", "Special campaign"),
}
POLICY_CHIPS: dict[str, tuple[str, str, Any]] = {
    "draft": ("", "pen", pgettext_lazy("policy", "Draft")),
    "published": ("good", "check", pgettext_lazy("policy", "Open")),
    "ended": ("", "minus", pgettext_lazy("policy", "Its days are over")),
    "retired": ("", "minus", pgettext_lazy("policy", "Taken off the list")),
}
CAMPAIGN_CHIPS: dict[str, tuple[str, str, Any]] = {
    "draft": ("", "pen", pgettext_lazy("campaign", "Draft")),
    "sending": ("info", "clock", pgettext_lazy("campaign", "Being sent")),
    "sent": ("good", "check", pgettext_lazy("campaign", "Sent")),
    "stopped": ("", "hold", pgettext_lazy("campaign", "Stopped")),
}
REACH_CHIPS: dict[str, tuple[str, str, Any]] = {
    "open": ("warn", "clock", pgettext_lazy("campaign", "To do")),
    "done": ("good", "check", pgettext_lazy("campaign", "Done")),
    "passed": ("", "minus", pgettext_lazy("campaign", "Not for us")),
    "stopped": ("", "hold", pgettext_lazy("campaign", "Stopped")),
}
SIZES: dict[str, Any] = {
    "micro": pgettext_lazy("size of a firm", "Micro"),
    "small": pgettext_lazy("size of a firm", "Small"),
    "medium": pgettext_lazy("size of a firm", "Medium"),
    "large": pgettext_lazy("size of a firm", "Large"),
}


def crowd_words(said: Crowd) -> str:
    """A number of firms as it is told."""
    if said.untold:
        return gettext("not told, to protect firms")
    if said.least:
        return gettext("at least %(n)s") % {"n": said.least}
    return gettext("fewer than %(n)s") % {"n": MINIMUM}


def rule_words(rule: Rule, places: dict[str, str], nodes: dict[str, str]) -> list[str]:
    """The rule as sentences, one for each thing that it names."""
    said: list[str] = []
    if rule.regions or rule.towns:
        said.append(gettext("in %(places)s") % {"places": _listed(places.get(code, code) for code in (*rule.towns, *rule.regions))})
    if rule.nodes:
        said.append(gettext("at work in %(nodes)s") % {"nodes": _listed(nodes.get(code, code) for code in rule.nodes)})
    if rule.sizes:
        said.append(gettext("of this size: %(sizes)s") % {"sizes": _listed(str(SIZES.get(size, size)) for size in rule.sizes)})
    if rule.above_scale:
        said.append(gettext("above scale"))
    if rule.lacks_certificate:
        said.append(
            gettext("without a valid certificate: %(name)s") % {"name": STANDARDS.get(rule.lacks_certificate, rule.lacks_certificate)}
        )
    if rule.open_findings:
        said.append(gettext("with a critical or major finding that is open"))
    if rule.no_agreement:
        said.append(gettext("without an agreement in force"))
    return said or [gettext("every firm of the chain")]


def rule_sentence(rule: Rule, places: dict[str, str], nodes: dict[str, str]) -> str:
    """The rule in one line."""
    return ("；" if (get_language() or "").startswith("zh") else "; ").join(rule_words(rule, places, nodes))


def _listed(names: Iterable[str]) -> str:
    return ("、" if (get_language() or "").startswith("zh") else ", ").join(names)


def days_left(days: int) -> str:
    """How long a measure is still offered."""
    return ngettext("%(n)s day left", "%(n)s days left", days) % {"n": days}


def text_of(row: Any, name: str) -> str:
    """A text of a row in the reader's language; the other one where there is none."""
    return in_language(getattr(row, f"{name}_zh"), getattr(row, f"{name}_en"))
