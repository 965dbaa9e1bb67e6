"""An agreement in plain words: you do, they do, limits, who sees. Pure; words in the language in force."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from agreements.asking import minutes_of_month
from agreements.clauses import is_unverified, signed
from agreements.wording import words_of

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


def reader_language() -> str:
    """zh or en: the language of the page."""
    return "zh" if (get_language() or "").startswith("zh") else "en"


def named(params: Mapping[str, Any], key: str = "name") -> str:
    """A name in the reader's language."""
    return str(params.get(f"{key}_{reader_language()}") or params.get(f"{key}_zh", ""))


def chosen(params: Mapping[str, Any], name: str) -> str:
    """What a chosen value is called in the reader's language."""
    return words_of(name, params[name], reader_language())


def minutes_a_month(clauses: Iterable[ClauseLike], side: str) -> int:
    """About how many minutes a month the clauses ask of a side, rounded up to five; 0 where nothing is asked."""
    total = minutes_of_month(clauses, side)
    return math.ceil(round(total, 6) / ROUND_TO) * ROUND_TO


def gist_of(clauses: Iterable[ClauseLike]) -> Gist:
    """The agreement in plain words, in the order of its clauses."""
    gist = Gist()
    for clause in clauses:
        say = _SAYS.get(clause.type)
        if say:
            say(gist, clause.params)
        elif clause.type == "free_text":
            _in_words(gist, clause)
    return gist


def _in_words(gist: Gist, clause: ClauseLike) -> None:
    """A clause in free words cannot be said shorter without saying something else: its name, and where to read it."""
    line = _("%(name)s: as written in clause %(n)s") % {"name": capfirst(named(clause.params)), "n": clause.order}
    side = getattr(clause, "side", "both")
    for card, whose in ((gist.supplier, "supplier"), (gist.owner, "owner")):
        if side in (whose, "both"):
            card.append(line)


def _named_as(name: str, words: str) -> str:
    return _("%(name)s: %(words)s") % {"name": name, "words": words}


def limit_words(params: Mapping[str, Any]) -> str:
    """A limit in one line: name, bound and unit, variation; said to be unverified where it is."""
    bounds = "; ".join(_bounds(params))
    words = _named_as(named(params), bounds) if params.get("kind") == "binary" else f"{named(params)} {bounds}".strip()
    return _("%(limit)s (unverified)") % {"limit": words} if is_unverified(params) else words


def _bounds(params: Mapping[str, Any]) -> list[str]:
    said = []
    lower, upper = params.get("lower"), params.get("upper")
    is_grade = params.get("kind") == "ordinal"
    unit = "" if is_grade else str(params.get("unit") or "")
    if params.get("kind") == "binary" and upper == "0":
        said.append(_("none allowed"))
    elif lower and upper:
        said.append(f"{signed(lower)} … {signed(upper)} {unit}".strip())
    elif lower or upper:
        sign, value = ("≥", lower) if lower else ("≤", upper)
        said.append(
            (_("%(sign)s grade %(grade)s") % {"sign": sign, "grade": value}) if is_grade else f"{sign} {signed(value)} {unit}".strip()
        )
    if params.get("lot_delta_e_max") and not said:
        said.append(f"≤ {params['lot_delta_e_max']} {unit}")
    elif params.get("lot_delta_e_max"):
        said.append(_("between lots ≤ %(limit)s %(unit)s") % {"limit": params["lot_delta_e_max"], "unit": unit})
    if params.get("cv_max"):
        said.append(f"CV ≤ {params['cv_max']} %")
    if params.get("ppk_min"):
        said.append(f"Ppk ≥ {params['ppk_min']}")
    return said


def _limit(gist: Gist, params: Mapping[str, Any]) -> None:
    gist.limits.append(limit_words(params))


def _sampling(gist: Gist, params: Mapping[str, Any]) -> None:
    gist.limits.append(sampling_words(params))


def sampling_words(params: Mapping[str, Any]) -> str:
    """A sampling plan in one line."""
    said = []
    if params.get("level"):
        said.append(_("level %(level)s") % {"level": params["level"]})
    aqls = [str(value) for name in ("aql_critical", "aql_major", "aql_minor") if (value := params.get(name))]
    if aqls:
        said.append(f"AQL {' / '.join(aqls)}")
    if params.get("n"):
        said.append(_("%(n)s specimens a lot") % {"n": params["n"]})
    return _named_as(capfirst(named(params)), ", ".join(said))


def _process(gist: Gist, params: Mapping[str, Any]) -> None:
    gist.supplier.append(_named_as(capfirst(named(params)), chosen(params, "frequency")))


def _audit(gist: Gist, params: Mapping[str, Any]) -> None:
    every, days = params["every_months"], params["review_days"]
    if params.get("audit") == "second_party":
        gist.supplier.append(ngettext("An audit on site every month", "An audit on site every %(n)s months", every) % {"n": every})
        gist.owner.append(
            ngettext("Give the result of an audit within %(n)s working day", "Give the result of an audit within %(n)s working days", days)
            % {"n": days}
        )
        return
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
    if params.get("containment_hours"):
        gist.supplier.append(_("Contain a critical finding within %(n)s hours") % {"n": params["containment_hours"]})


def _sealed(gist: Gist, params: Mapping[str, Any]) -> None:
    facts = {"product": capfirst(named(params)), "limit": params["delta_e_max"], "formula": params["formula"]}
    words = _("%(product)s: the sealed sample binds, ΔE ≤ %(limit)s %(formula)s") % facts
    gist.limits.append(_("%(limit)s (unverified)") % {"limit": words} if is_unverified(params) else words)
    both = _("Seal the sample anew every %(n)s months") % {"n": params["valid_months"]}
    gist.supplier.append(both)
    gist.owner.append(both)


def _concession(gist: Gist, params: Mapping[str, Any]) -> None:
    days = params["answer_days"]
    gist.supplier.append(_("Ask for a concession before a lot that was not accepted ships"))
    gist.owner.append(
        ngettext("Answer a request for a concession within %(n)s working day", "Answer a request for a concession within %(n)s working days", days)
        % {"n": days}
    )  # fmt: skip


def _owner_duty(gist: Gist, params: Mapping[str, Any]) -> None:
    every = params.get("every_months")
    if every:
        monthly = pgettext("each month", "%(duty)s every month")  # a language without a plural still says "each month" and not "each 1 months"
        words = monthly if every == 1 else ngettext("%(duty)s every month", "%(duty)s every %(n)s months", every)
        gist.owner.append(words % {"duty": named(params), "n": every})
        return
    by_kind = {
        "reply": _("%(duty)s: within %(n)s working days"),
        "payment_term": _("%(duty)s: within %(n)s days"),
        "visit_notice": _("%(duty)s: %(n)s days ahead"),
    }
    gist.owner.append(by_kind[params["duty"]] % {"duty": named(params), "n": params["days"]})


def _sharing(gist: Gist, params: Mapping[str, Any]) -> None:
    words = {
        "audit_evidence": _("Chain owner: photos and answers of self-checks"),
        "documents": _("Chain owner: documents filed under this agreement"),
        "results": _("Chain owner: test results under this agreement"),
        "firm": _("Chain owner: name, place and processes of the firm"),
    }
    gist.sees += [words[what] for what in params["what"]]
    gist.sees += [_("Bureau: whether duties are kept, never the content"), _("Other customers: nothing")]


def _dispute(gist: Gist, params: Mapping[str, Any]) -> None:
    words = _("A disputed result goes to %(lab)s within %(n)s days") % {"lab": named(params, "lab"), "n": params["days"]}
    gist.supplier.append(words)
    gist.owner.append(words)


_SAYS: dict[str, Callable[[Gist, Mapping[str, Any]], None]] = {
    "characteristic_limit": _limit,
    "sampling_plan": _sampling,
    "process_requirement": _process,
    "audit_frequency": _audit,
    "document_required": _document,
    "change_notice": _change,
    "corrective_action_deadline": _correction,
    "sealed_sample": _sealed,
    "concession_rule": _concession,
    "owner_duty": _owner_duty,
    "data_sharing": _sharing,
    "dispute": _dispute,
}
