"""An agreement in plain words: you do, they do, limits, who sees. Pure; words in the language in force."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from agreements.clauses import is_unverified, signed

# Our own estimate of the minutes that one turn of a clause takes a side; to be replaced by measured ones.
MINUTES = {
    ("audit_frequency", "supplier"): 12,
    ("audit_frequency", "owner"): 15,
    ("document_required", "supplier"): 5,
    ("owner_duty", "owner"): 20,
}
ONCE_MONTHS = 12  # what is asked once is spread over a year
ROUND_TO = 5


class ClauseLike(Protocol):
    """What is read of a clause."""

    order: int
    type: str
    params: Any


@dataclass(slots=True)
class Gist:
    """The four cards, line by line."""

    supplier: list[str] = field(default_factory=list)
    owner: list[str] = field(default_factory=list)
    limits: list[str] = field(default_factory=list)
    sees: list[str] = field(default_factory=list)


def named(params: Mapping[str, Any], key: str = "name") -> str:
    """A name in the reader's language."""
    language = "zh" if (get_language() or "").startswith("zh") else "en"
    return str(params.get(f"{key}_{language}") or params.get(f"{key}_zh", ""))


def minutes_a_month(clauses: Iterable[ClauseLike], side: str) -> int:
    """About how many minutes a month the clauses ask of a side, rounded up to five; 0 where nothing is asked."""
    total = sum(
        MINUTES.get((clause.type, side), 0) / (clause.params.get("every_months") or ONCE_MONTHS) for clause in clauses
    )  # fmt: skip
    return math.ceil(round(total, 6) / ROUND_TO) * ROUND_TO


def gist_of(clauses: Iterable[ClauseLike]) -> Gist:
    """The agreement in plain words, in the order of its clauses."""
    gist = Gist()
    for clause in clauses:
        say = _SAYS.get(clause.type)
        if say:
            say(gist, clause.params)
    return gist


def limit_words(params: Mapping[str, Any]) -> str:
    """A limit in one line: name, bound and unit; said to be unverified where it is."""
    lower, upper = params.get("lower"), params.get("upper")
    is_grade = params.get("kind") == "ordinal"
    unit = "" if is_grade else str(params.get("unit") or "")
    if lower and upper:
        bound = f"{signed(lower)} … {signed(upper)}"
    else:
        sign, value = ("≥", lower) if lower else ("≤", upper)
        bound = (_("%(sign)s grade %(grade)s") % {"sign": sign, "grade": value}) if is_grade else f"{sign} {signed(value)}"
    words = f"{named(params)} {bound} {unit}".strip()
    return _("%(limit)s (unverified)") % {"limit": words} if is_unverified(params) else words


def _limit(gist: Gist, params: Mapping[str, Any]) -> None:
    gist.limits.append(limit_words(params))


def _audit(gist: Gist, params: Mapping[str, Any]) -> None:
    every, days = params["every_months"], params["review_days"]
    gist.supplier.append(
        ngettext("A self-check every month, photos on site", "A self-check every %(n)s months, photos on site", every) % {"n": every}
    )
    gist.owner.append(
        ngettext("Answer a self-check within %(n)s working day", "Answer a self-check within %(n)s working days", days) % {"n": days}
    )


def _document(gist: Gist, params: Mapping[str, Any]) -> None:
    facts = {"paper": capfirst(named(params)), "days": params["within_days"], "every": params.get("every_months")}
    if params.get("every_months"):
        gist.supplier.append(_("%(paper)s within %(days)s days, then again every %(every)s months") % facts)
    else:
        gist.supplier.append(_("%(paper)s within %(days)s days") % facts)


def _change(gist: Gist, params: Mapping[str, Any]) -> None:
    gist.supplier.append(_("Tell of a change of people, machine, material or place %(days)s days ahead") % {"days": params["days"]})


def _correction(gist: Gist, params: Mapping[str, Any]) -> None:
    gist.supplier.append(_("Put findings right: critical %(critical)s, major %(major)s, minor %(minor)s days") % dict(params))


def _owner_duty(gist: Gist, params: Mapping[str, Any]) -> None:
    every = params["every_months"]
    gist.owner.append(
        ngettext("%(duty)s every month", "%(duty)s every %(n)s months", every) % {"duty": named(params), "n": every}
    )  # fmt: skip


def _sharing(gist: Gist, params: Mapping[str, Any]) -> None:
    words = {
        "audit_evidence": _("Chain owner: photos and answers of self-checks"),
        "documents": _("Chain owner: documents filed under this agreement"),
        "results": _("Chain owner: test results under this agreement"),
        "firm": _("Chain owner: name, place and processes of the firm"),
    }
    gist.sees += [words[what] for what in params["what"]]
    gist.sees += [_("Bureau: whether duties are kept, never the content"), _("Other customers: nothing")]


_SAYS: dict[str, Callable[[Gist, Mapping[str, Any]], None]] = {
    "characteristic_limit": _limit,
    "audit_frequency": _audit,
    "document_required": _document,
    "change_notice": _change,
    "corrective_action_deadline": _correction,
    "owner_duty": _owner_duty,
    "data_sharing": _sharing,
}
