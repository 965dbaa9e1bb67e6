"""What a firm may let providers read of a thing of its own, fact by fact, without the name of any firm that stands in them; and from where it asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from agreements.models import Characteristic
from agreements.selectors import clauses_by_id
from agreements.words import clause_title
from audits.selectors.findings import finding_for
from audits.status import GRADE_CHIPS
from foundation.actor import Actor, Hat, acting_as
from foundation.errors import Absent
from inspections.selectors.signals import signal_for
from inspections.signal_words import KINDS as SIGNAL_KINDS
from onestop.anonymous import without_names
from onestop.demand import FEWEST
from parties.models import Organisation
from suppliers.firm_words import instrument_name
from suppliers.models import Instrument
from suppliers.selectors.firm_lists import thing_for

LONGEST = 500


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a provider may read, in the language in force."""

    code: str
    label: str
    value: str


def facts_about(actor: Actor, about: str, subject_id: UUID | None) -> list[Fact]:
    """The facts of a thing in the actor's world; nothing of nothing. Raises Absent for what is not the actor's."""
    if not about or subject_id is None:
        return []
    if about not in _READERS or actor.hat not in (Hat.OWNER, Hat.SUPPLIER):
        raise Absent
    said, partners = _READERS[about](actor, subject_id)
    names = (actor.org_name_zh, actor.org_name_en, *partners)
    return [Fact(code, label, without_names(value, names, instead=_("(name withheld)"))[:LONGEST]) for code, label, value in said if value]


def place_told(firm: Organisation, node_code: str) -> str:
    """The firm's district, where five or more firms of the step are at home in it: of fewer, step and district would say who asks."""
    with acting_as(Hat.CLOCK):
        there = Organisation.objects.filter(region_id=firm.region_id, is_demo=firm.is_demo, hats__hat__in=(Hat.OWNER, Hat.SUPPLIER))
        if node_code:
            there = there.filter(node_codes__contains=[node_code])
        near = there.exclude(state="closed").values_list("pk").distinct()[:FEWEST]
        return (firm.region_id or "") if len(near) == FEWEST else ""


def said_in_both(actor: Actor, about: str, subject_id: UUID | None, picked: list[str]) -> dict[str, list[list[str]]]:
    """The picked facts as they are said now, in both languages: a snapshot, so that a later change tells nobody anything."""
    told: dict[str, list[list[str]]] = {}
    for key, language in (("zh", "zh-hans"), ("en", "en")):
        with override(language):
            told[key] = [[fact.label, fact.value] for fact in facts_about(actor, about, subject_id) if fact.code in picked]
    return told


# Code, label and value of each fact; and the names that may stand in what people wrote.
Read = tuple[list[tuple[str, str, str]], Sequence[str]]


def _finding(actor: Actor, subject_id: UUID) -> Read:
    row = finding_for(actor, subject_id)
    return [
        ("grade", _("Grade of the finding"), str(GRADE_CHIPS[row.grade][2])),
        ("characteristic", _("Characteristic"), _characteristic(row.text.characteristic_code)),
        ("requirement", _("What is required"), row.text.requirement),
        ("observed", _("What was observed"), row.text.observed),
        ("gap", _("What is missing"), row.text.gap),
        ("due", _("Due on"), str(row.due_on or "")),
    ], _sides(row.agreement)


def _signal(actor: Actor, subject_id: UUID) -> Read:
    row = signal_for(actor, subject_id)
    return [
        ("kind", _("What was seen"), str(SIGNAL_KINDS[row.kind][0])),
        ("characteristic", _("Characteristic"), _characteristic(row.characteristic_code)),
        ("product", _("Product"), row.product),
        ("method", _("Method"), row.series.edition_code if row.series else ""),
    ], _sides(row)


def _clause(actor: Actor, subject_id: UUID) -> Read:
    row = clauses_by_id(actor, [subject_id]).get(subject_id)
    if row is None:
        raise Absent
    is_limit = bool(row.params.get("characteristic"))
    return [
        ("clause", _("Clause"), str(clause_title(row))),
        ("method", _("Method"), str(row.params.get("edition") or row.params.get("method") or "") if is_limit else ""),
    ], ()


def _instrument(actor: Actor, subject_id: UUID) -> Read:
    row = thing_for(actor, Instrument, subject_id)
    return [
        ("instrument", _("Instrument"), instrument_name(row.kind, row.model)),
        ("calibrated", _("Calibrated on"), str(row.calibrated_on or "")),
        ("until", _("Calibration holds until"), str(row.calibration_due_on or "")),
    ], ()


def _sides(row: Any) -> tuple[str, ...]:
    return (row.owner_name_zh, row.owner_name_en, row.supplier_name_zh, row.supplier_name_en)


def _characteristic(code: str) -> str:
    row: Any = Characteristic.objects.filter(pk=code).first() if code else None
    if row is None:
        return code
    return str(row.name_zh if (get_language() or "").startswith("zh") else row.name_en or row.name_zh)


_READERS: dict[str, Callable[[Actor, UUID], Read]] = {"finding": _finding, "signal": _signal, "clause": _clause, "instrument": _instrument}
