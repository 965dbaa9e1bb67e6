"""What the pages on consistency say: sources of variation, parts of the index, and why something cannot be said."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from inspections.consistency import Bias, Branch, Tree
from qualitystats.consistency import NOT_APPLICABLE, SCORED, Part

SOURCES: dict[str, Any] = {
    "supplier": gettext_lazy("Between suppliers"), "lot": gettext_lazy("Between lots"), "tester": gettext_lazy("Between testers"),
    "within": gettext_lazy("Within a lot"),
}  # fmt: skip
INSIDE: dict[str, Any] = {
    "supplier": gettext_lazy("inside one supplier"), "lot": gettext_lazy("inside one lot"), "tester": gettext_lazy("in one tester's hands"),
}  # fmt: skip
VERDICT_CHIPS: dict[str, tuple[str, str, Any]] = {
    "in": ("good", "check", gettext_lazy("Within limits")), "out": ("bad", "alert", gettext_lazy("Out of limits")),
    "unclear": ("warn", "info", gettext_lazy("Cannot be told")), "not_judged": ("", "minus", gettext_lazy("Not judged")),
}  # fmt: skip
ACTION_CHIPS: dict[str, tuple[str, str, Any]] = {
    "open": ("warn", "clock", pgettext_lazy("joint action", "Open")), "answered": ("info", "comment", pgettext_lazy("joint action", "Answered")),
    "closed": ("good", "check", pgettext_lazy("joint action", "Closed")),
}  # fmt: skip
# What to do about it, by where most of it lies.
MEANS: dict[str, Any] = {
    "supplier": gettext_lazy("Bringing the suppliers to one mean would remove more variation than any work inside one of them."),
    "lot": gettext_lazy("The suppliers agree with each other; their lots do not agree with themselves. Look at what changes from lot to lot: material, bath, settings."),
    "tester": gettext_lazy("Who tests matters more than what is tested. Compare instruments and handling before any supplier is blamed."),
    "within": gettext_lazy("Lots agree; the readings inside a lot scatter. Look at the material itself and at how it is measured."),
}  # fmt: skip
LOTS_ALONE = gettext_lazy("The lots differ from each other more than the readings of one lot do. Look at what changes from lot to lot: material, bath, settings.")
PARTS: dict[str, tuple[Any, Any]] = {
    "conformity": (gettext_lazy("Conformity"), gettext_lazy("Lower 90 % bound of the share of tests within limits")),
    "capability": (gettext_lazy("Capability"), gettext_lazy("Lower 90 % bound of Ppk; 5/3 scores 100")),
    "lot_to_lot": (gettext_lazy("Lot to lot"), gettext_lazy("100 less the share of variance that lies between lots")),
    "drift": (gettext_lazy("Drift"), gettext_lazy("How far the moving average is from where the first 25 lots stood")),
    "agreement": (gettext_lazy("Agreement of tests"), gettext_lazy("Own tests against the customer's or a laboratory's on the same lots")),
}
REASONS: dict[str, Any] = {
    "not_measured": gettext_lazy("Grades, counts and results below a detection limit have no mean and no variance. Compare the shares below instead."),
    "one_reading_a_lot": gettext_lazy("Every lot has one reading, so lots and readings cannot be told apart. File two readings or more of a lot."),
    "all_equal": gettext_lazy("All readings are equal: there is no variation to divide. Check how they were measured and rounded."),
    "not_told_apart": gettext_lazy("The levels cannot be told apart yet: most suppliers have one lot, or most lots one reading."),
}  # fmt: skip


def counted(branch: Branch) -> str:
    """What a share stands on."""
    n = branch.groups
    if branch.name == "supplier":
        return ngettext("%(n)d supplier", "%(n)d suppliers", n) % {"n": n}
    if branch.name == "lot":
        return ngettext("%(n)d lot", "%(n)d lots", n) % {"n": n}
    if branch.name == "tester":
        return ngettext("%(n)d test series", "%(n)d test series", n) % {"n": n}
    return ngettext("%(n)d reading", "%(n)d readings", n) % {"n": n}


def finding(tree: Tree) -> tuple[str, str]:
    """The sentence above the tree: the finding, and what follows from it. Empty where there is no tree."""
    widest = tree.widest
    if widest is None:
        return "", ""
    said = {
        "supplier": _("%(n)d of 100 threads run between suppliers."), "lot": _("%(n)d of 100 threads run between lots."),
        "tester": _("%(n)d of 100 threads run between testers."), "within": _("%(n)d of 100 threads run inside the lots."),
    }[widest.name]  # fmt: skip
    alone = widest.name == "lot" and all(branch.name != "supplier" for branch in tree.branches)
    return said % {"n": round(100 * widest.share)}, str(LOTS_ALONE if alone else MEANS[widest.name])


def why_not(tree: Tree) -> str:
    """Why there is no tree, and what it would take."""
    if tree.reason == "few_lots":
        return ngettext("Not enough data: %(n)d more lot.", "Not enough data: %(n)d more lots.", tree.missing) % {"n": tree.missing}
    return str(REASONS.get(tree.reason, ""))


def tester_words(tester: str) -> str:
    """Who tested, in words."""
    if tester == "self":
        return _("the supplier itself")
    if tester == "customer":
        return _("the customer")
    return tester.partition(":")[2]


def part_words(part: Part) -> str:
    """What a part was made of, with its count; or what is missing."""
    n = part.n
    if part.state == NOT_APPLICABLE:
        return _("Says nothing about this kind of characteristic.")
    if part.state != SCORED or part.value is None:
        return _missing(part)
    if part.name == "conformity":
        return ngettext("%(share)s of %(n)d test is within limits", "%(share)s of %(n)d tests are within limits", n) % {"share": f"{100 * part.value:.1f} %", "n": n}
    if part.name == "capability":
        return _("Ppk is at least %(value)s, from %(n)d readings") % {"value": f"{part.value:.2f}", "n": n}
    if part.name == "lot_to_lot":
        return _("%(share)s of the variance lies between %(n)d lots") % {"share": f"{100 * part.value:.0f} %", "n": n}
    if part.name == "drift":
        return _("Moved by %(value)s since the first 25 of %(n)d lots") % {"value": f"{part.value:.3g}", "n": n}
    return _("Own tests lie %(value)s from the others', on %(n)d lots") % {"value": f"{part.value:+.3g}".replace("-", "\u2212"), "n": n}


def _missing(part: Part) -> str:
    if part.name == "capability":
        return _("Needs an agreed limit and 25 readings.")
    if part.name == "lot_to_lot":
        return _("Needs 5 lots, with two readings or more.")
    if part.name == "drift":
        return _("Needs more than 25 lots.")
    if part.name == "agreement":
        return _("Needs 5 lots tested by both sides, and the reproducibility limit R of the method.")
    return _("Needs a test that an agreement's limit judges.")


def bias_words(bias: Bias, unit: str) -> str:
    """Whether own tests lie apart from another's, in a sentence."""
    if bias.mean is None:
        return ngettext(
            "Not enough data: %(n)d more lot tested by both.", "Not enough data: %(n)d more lots tested by both.", bias.missing
        ) % {"n": bias.missing}
    if not bias.apart:
        return _("No difference can be told from chance.")
    facts = {"value": f"{abs(bias.mean):.3g} {unit}".strip()}
    return (_("Own tests read %(value)s higher.") if bias.mean > 0 else _("Own tests read %(value)s lower.")) % facts


def figures_in_words(facts: dict[str, Any]) -> list[tuple[str, str]]:
    """The supplier's own figures that an action froze; those that were not known are left out."""
    unit = f" {facts['unit']}" if facts.get("unit") else ""
    said = [(_("Lots"), str(facts.get("lots", ""))), (_("Readings"), str(facts.get("readings", "")))]
    if facts.get("judged"):
        said.append((_("Out of limits"), _("%(out)s of %(judged)s") % {"out": facts["out"], "judged": facts["judged"]}))
    for name, label in (("mean", _("Mean")), ("between", _("SD between lots")), ("within", _("SD within a lot"))):
        if facts.get(name) is not None:
            said.append((label, f"{float(facts[name]):.4g}{unit}".replace("-", "\u2212")))
    if facts.get("from"):
        said.append((_("Window"), f"{facts['from']} – {facts['to']}"))
    if facts.get("edition"):
        said.append((_("Edition"), facts["edition"]))
    return [(label, value) for label, value in said if value]
