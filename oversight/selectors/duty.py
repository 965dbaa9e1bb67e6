"""Questions about duty cases, and what a look opens. The contents below answer only in the transaction of their look."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from agreements.models import Agreement, AgreementVersion, Clause
from audits.models import CorrectiveAction, Finding, FindingEvidence, FindingText
from foundation.actor import Actor, Hat
from foundation.errors import Absent
from inspections.models import CharacteristicResult, Lot
from oversight.models import DutyCase, DutyLook, DutyScope
from parties.models import Organisation
from records.models import Evidence

PAGE = 25
MOST_LINES = 100


def cases(actor: Actor, *, view: str = "", after: tuple[datetime, UUID] | None = None, limit: int = PAGE) -> list[Any]:
    """The office's cases, newest first, each with `n_looks`; one more than `limit` tells that there are more."""
    rows = DutyCase.objects.visible_to(actor).annotate(n_looks=Count("looks")).prefetch_related("scopes").order_by("-opened_at", "-id")
    if view in ("open", "closed"):
        rows = rows.filter(closed_at__isnull=view == "open")
    if after is not None:
        at, pk = after
        rows = rows.filter(opened_at__lte=at).filter(Q(opened_at__lt=at) | Q(opened_at=at, pk__lt=pk))
    return list(rows[: limit + 1])


def case_for(actor: Actor, case_id: UUID) -> DutyCase:
    """One case of the office, or Absent."""
    found = DutyCase.objects.visible_to(actor).filter(pk=case_id).first()
    if found is None:
        raise Absent
    return found


def scopes_of(actor: Actor, case: DutyCase) -> list[DutyScope]:
    """What the case is about."""
    return list(DutyScope.objects.visible_to(actor).filter(case=case).order_by("kind", "name_zh", "id"))


def looks_of(actor: Actor, case: DutyCase, *, limit: int = MOST_LINES) -> list[DutyLook]:
    """Every look under it, newest first."""
    return list(DutyLook.objects.visible_to(actor).filter(case=case).order_by("-at", "-id")[:limit])


@dataclass
class Within:
    """What may be looked at under one scope, known by state alone."""

    agreements: list[Agreement] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    lot_id: UUID | None = None
    firm_id: UUID | None = None


def within(actor: Actor, scope: DutyScope) -> Within:
    """The things of a scope by their state tables; nothing of their contents."""
    agreements = Agreement.objects.visible_to(actor).exclude(state=Agreement.State.DRAFT)
    findings = Finding.objects.visible_to(actor).select_related("agreement").order_by("-raised_at", "-id")
    if scope.kind == DutyScope.Kind.FIRM:
        of = Q(owner_org_id=scope.subject_id) | Q(supplier_org_id=scope.subject_id)
        return Within(
            list(agreements.filter(of).order_by("-created_at")[:MOST_LINES]),
            list(findings.filter(of)[:MOST_LINES]),
            firm_id=scope.subject_id,
        )
    if scope.kind == DutyScope.Kind.AGREEMENT:
        return Within(list(agreements.filter(pk=scope.subject_id)), list(findings.filter(agreement_id=scope.subject_id)[:MOST_LINES]))
    if scope.kind == DutyScope.Kind.FINDING:
        return Within([], list(findings.filter(pk=scope.subject_id)))
    return Within(lot_id=scope.subject_id)


def firms_named(actor: Actor, words: str, *, limit: int = 20) -> list[Organisation]:
    """Firms of the registry by a part of their name: what a case may be about."""
    if not words:
        return []
    rows = (
        Organisation.objects.visible_to(actor)
        .exclude(hats__hat=Hat.BUREAU)
        .filter(Q(name_zh__icontains=words) | Q(name_en__icontains=words))
    )
    return list(rows.order_by("name_zh", "pk")[:limit])


def firm_for(actor: Actor, firm_id: UUID) -> Organisation:
    """One firm of the registry, or Absent."""
    found = Organisation.objects.visible_to(actor).filter(pk=firm_id).first()
    if found is None:
        raise Absent
    return found


def finding_state_for(actor: Actor, finding_id: UUID) -> Finding:
    """A finding as a state, or Absent."""
    found = Finding.objects.visible_to(actor).select_related("agreement").filter(pk=finding_id).first()
    if found is None:
        raise Absent
    return found


def clauses_opened(actor: Actor, agreement_id: UUID) -> tuple[AgreementVersion | None, list[Clause]]:
    """After a look at it: the text in force, else the newest that both saw, with its clauses."""
    rows = AgreementVersion.objects.visible_to(actor).filter(agreement_id=agreement_id)
    version = rows.filter(in_force=True).order_by("-number").first() or rows.order_by("-number").first()
    return version, list(Clause.objects.visible_to(actor).filter(version=version).order_by("order")) if version else []


@dataclass
class FindingOpened:
    """The words of a finding, its answers, and the files under it."""

    text: FindingText | None
    actions: list[CorrectiveAction]
    evidence_ids: list[UUID]


def finding_opened(actor: Actor, finding_id: UUID) -> FindingOpened:
    """After a look at it."""
    text = FindingText.objects.visible_to(actor).filter(finding_id=finding_id).first()
    actions = list(CorrectiveAction.objects.visible_to(actor).filter(finding_id=finding_id).order_by("answered_at", "id"))
    linked = list(
        FindingEvidence.objects.visible_to(actor).filter(finding_id=finding_id).order_by("added_at").values_list("evidence_id", flat=True)
    )
    answered = [action.evidence_id for action in actions if action.evidence_id]
    return FindingOpened(text, actions, list(dict.fromkeys([*linked, *answered])))


def lot_opened(actor: Actor, lot_id: UUID) -> tuple[Lot | None, list[CharacteristicResult]]:
    """After a look at its results: the lot and what was measured on it, corrected readings left out."""
    lot = Lot.objects.visible_to(actor).filter(pk=lot_id).first()
    rows = CharacteristicResult.objects.visible_to(actor).filter(lot_id=lot_id, replaced_by=None)
    return lot, list(rows.order_by("characteristic_code", "measured_at", "id")[:MOST_LINES])


def lots_opened(actor: Actor, firm_id: UUID) -> list[Lot]:
    """After a look at a firm's lots: the newest of those that it made. Another maker's open under a case of their own."""
    rows = Lot.objects.visible_to(actor).filter(supplier_org_id=firm_id)
    return list(rows.order_by("-made_on", "-id")[:MOST_LINES])


def files_opened(actor: Actor, firm_id: UUID) -> list[Evidence]:
    """After a look at a firm's files: the newest of them."""
    return list(Evidence.objects.visible_to(actor).filter(org_id=firm_id).order_by("-received_at", "-id")[:MOST_LINES])


def file_opened(actor: Actor, evidence_id: UUID) -> Evidence:
    """After a look at it, or as it was laid before the bureau in an appeal; else Absent."""
    found = Evidence.objects.visible_to(actor).filter(pk=evidence_id).first()
    if found is None:
        raise Absent
    return found
