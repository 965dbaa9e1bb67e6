"""What signals are called, and what was seen, in one sentence each. Things to look at: never a violation, never "fake"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from foundation.actor import Actor, Hat
from inspections.models import Signal

K = Signal.Kind
# Name, and the icon beside it.
KINDS: Mapping[str, tuple[Any, str]] = {
    K.OUT_OF_LIMITS: (pgettext_lazy("signal", "Reading out of the agreed limits"), "alert"),
    K.BEYOND: (pgettext_lazy("signal", "Lot outside the control limits"), "chart"),
    K.EWMA: (pgettext_lazy("signal", "The level has moved"), "rise"),
    K.EVEN: (pgettext_lazy("signal", "Spread too small"), "minus"),
    K.DRIFT_L: (pgettext_lazy("signal", "Colour drifts in lightness"), "eye"),
    K.DRIFT_A: (pgettext_lazy("signal", "Colour drifts between green and red"), "eye"),
    K.DRIFT_B: (pgettext_lazy("signal", "Colour drifts between blue and yellow"), "eye"),
    K.LOT_TO_LOT: (pgettext_lazy("signal", "Two lots differ in colour"), "swap"),
    K.OWN_BIAS: (pgettext_lazy("signal", "Own tests differ from others"), "swap"),
    K.REPEATED: (pgettext_lazy("signal", "Readings look alike, please check"), "eye"),
    K.DIGITS: (pgettext_lazy("signal", "Last digits look alike, please check"), "eye"),
    K.PHOTO: (pgettext_lazy("signal", "Photo looks alike, please check"), "camera"),
}
CAUSES: Mapping[str, tuple[Any, str]] = {
    "people": (pgettext_lazy("cause of a signal", "People"), "user"),
    "machine": (pgettext_lazy("cause of a signal", "Machine"), "factory"),
    "material": (pgettext_lazy("cause of a signal", "Material"), "spool"),
    "method": (pgettext_lazy("cause of a signal", "Way of working"), "tasks"),
    "environment": (pgettext_lazy("cause of a signal", "Environment"), "home"),
    "measurement": (pgettext_lazy("cause of a signal", "Measurement"), "flask"),
    "nothing": (pgettext_lazy("cause of a signal", "Nothing found"), "x"),
}
CHIPS: dict[str, tuple[str, str, Any]] = {
    "open": ("warn", "eye", pgettext_lazy("signal", "To look at")),
    "cause_noted": ("good", "check", pgettext_lazy("signal", "Cause recorded")),
    "dismissed": ("", "x", pgettext_lazy("signal", "Nothing found")),
    "withdrawn": ("", "undo", pgettext_lazy("signal", "No longer stands")),
}
HARM: Mapping[int, Any] = {
    4: gettext_lazy("out of the limits"),
    3: gettext_lazy("near a limit"),
    2: gettext_lazy("middling"),
    1: gettext_lazy("far from the limits"),
}
CERTAINTY: Mapping[int, Any] = {
    3: gettext_lazy("very sure"),
    2: gettext_lazy("fairly sure"),
    1: gettext_lazy("may be chance"),
}
WITHDRAWN: Mapping[str, Any] = {
    "corrected": gettext_lazy("With what was corrected or came later, the pattern is gone."),
    "new_baseline": gettext_lazy("The limits begin anew at a change that was marked since."),
}
OTHERS: Mapping[str, Any] = {
    "customer": pgettext_lazy("who tested", "the chain owner"),
    "lab": pgettext_lazy("who tested", "the laboratory"),
}
_SEEN: Mapping[str, Any] = {
    K.BEYOND: gettext_lazy("The lot's mean is %(value)s%(unit)s; by the first %(fitted)s lots it lies between %(low)s and %(high)s."),
    K.EWMA: gettext_lazy("The moving average has come to %(value)s%(unit)s; by the first %(fitted)s lots it stays between %(low)s and %(high)s."),
    K.EVEN: gettext_lazy("Four lots in a row have far more even readings than usual: standard deviation %(spread)s%(unit)s in the last, %(usual)s usually."),
    K.LOT_TO_LOT: gettext_lazy("ΔE %(delta_e)s to lot %(other)s; two lots may differ by %(limit)s. Each may still match the sample."),
    K.OWN_BIAS: gettext_lazy("On %(n)s lots that both tested, own tests differ by %(mean)s%(unit)s on average from those of %(others)s (90 %% interval %(low)s to %(high)s)."),
    K.REPEATED: gettext_lazy("All %(n)s readings are, in some order, those of lot %(other)s. By chance that happens with a probability of about %(chance)s."),
    K.DIGITS: gettext_lazy("%(count)s of %(n)s readings end in %(digit)s, where about %(expected)s would. A rounded scale does that too."),
}  # fmt: skip
_DRIFT: Any = gettext_lazy(
    "The moving average of %(axis)s has come to %(value)s; by the first %(fitted)s lots it stays between %(low)s and %(high)s."
)
_AXES = {K.DRIFT_L: "L*", K.DRIFT_A: "a*", K.DRIFT_B: "b*"}


def seen_words(row: Signal, unit: str = "") -> str:
    """What was seen, in one sentence."""
    facts = {**row.facts, "unit": f" {unit}" if unit else ""}
    if row.kind == K.OUT_OF_LIMITS:
        n = int(facts.get("out", 1)) or 1
        return ngettext(
            "%(n)s reading of this lot is out of the agreed limits.", "%(n)s readings of this lot are out of the agreed limits.", n
        ) % {"n": n}
    if row.kind == K.PHOTO:
        days = facts.get("days", [])
        return _("The same photo was filed %(n)s times: %(days)s.") % {"n": len(days), "days": ", ".join(days)}
    if row.kind in _AXES:
        return str(_DRIFT) % {**facts, "axis": _AXES[K(row.kind)]}
    if row.kind == K.OWN_BIAS:
        facts["others"] = str(OTHERS.get(str(facts.get("others")), facts.get("others")))
    return str(_SEEN[K(row.kind)]) % facts


def state_of(row: Signal) -> str:
    """The key of its chip."""
    return "withdrawn" if row.withdrawn_at is not None else str(row.state)


def firm_of(actor: Actor, row: Signal) -> str:
    """The firm across, in the reader's language; nothing where there is none."""
    side = "supplier" if actor.hat is Hat.OWNER else "owner"
    zh, en = getattr(row, f"{side}_name_zh"), getattr(row, f"{side}_name_en")
    return str(zh if (get_language() or "").startswith("zh") else en or zh)


def side_words(row: Signal) -> str:
    """Whose firm recorded the cause."""
    return pgettext("signal", "the supplier") if row.noted_org_id == row.supplier_org_id else pgettext("signal", "the chain owner")
