"""Are both sides keeping their word? State only: who, until when, met or not. The words of an agreement are closed to the bureau."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, Max, Min, OuterRef, Q, QuerySet, When

from agreements.models import Agreement, Obligation, StatusNotice
from audits.models import Audit, Finding
from foundation.actor import Actor
from foundation.errors import Absent
from oversight.filters import Asked
from oversight.selectors.counting import AUDIT_SUBMITTED, FINDING_OPEN, MET, ON_TIME, OPEN, audit_ahead, overdue, still_due, through

MOST_OWNERS = 200


@dataclass
class Kept:
    """What one side owes under one agreement (or in all of a chain owner's), counted."""

    met: int = 0
    on_time: int = 0
    due: int = 0
    overdue: int = 0

    @property
    def came_due(self) -> int:
        return self.met + self.overdue

    @property
    def rate(self) -> int | None:
        """Met on time of all that came due, in whole per cent, rounded down; None before anything came due."""
        return self.on_time * 100 // self.came_due if self.came_due else None


@dataclass
class AgreementRow:
    """One agreement with what each side has kept."""

    agreement: Agreement
    owner: Kept = field(default_factory=Kept)
    supplier: Kept = field(default_factory=Kept)


@dataclass
class OwnerRow:
    """One chain owner: its agreements, its own duties and its suppliers'."""

    org_id: UUID
    name_zh: str
    name_en: str
    agreements: int
    owner: Kept
    supplier: Kept


def asked_for(actor: Actor, asked: Asked, today: date) -> QuerySet[Any]:
    rows = Agreement.objects.visible_to(actor).exclude(state=Agreement.State.DRAFT)
    same = {"owner_org_id": asked.owner, "region_code": asked.region, "town_code": asked.town, "state": asked.state}
    rows = rows.filter(**{column: value for column, value in same.items() if value})
    if asked.node:
        rows = rows.filter(node_codes__contains=[asked.node])
    if asked.q:
        rows = rows.filter(Q(supplier_name_zh__icontains=asked.q) | Q(supplier_name_en__icontains=asked.q))
    if asked.overdue:
        late = Obligation.objects.filter(overdue(today), agreement=OuterRef("pk"))
        rows = rows.filter(Exists(late.filter(side=asked.side) if asked.side else late))
    if asked.work:
        rows = rows.filter(Exists(_work(asked.work, today).filter(agreement_id=OuterRef("pk"))))
    return rows


def _work(what: str, today: date) -> QuerySet[Any]:
    if what == "findings":
        return Finding.objects.filter(FINDING_OPEN)
    return Audit.objects.filter(audit_ahead(today) if what == "audits" else AUDIT_SUBMITTED)


def compliance_page(
    actor: Actor, asked: Asked, *, today: date, after: tuple[datetime, UUID] | None = None, size: int
) -> tuple[list[AgreementRow], bool]:
    """The newest agreements that were asked for, with each side's counts, and whether there are more. Two queries."""
    rows = asked_for(actor, asked, today)
    if after:
        rows = rows.filter(created_at__lte=after[0]).filter(Q(created_at__lt=after[0]) | Q(created_at=after[0], pk__lt=after[1]))
    found = list(rows.order_by("-created_at", "-id")[: size + 1])
    page = [AgreementRow(agreement) for agreement in found[:size]]
    count_into(actor, {row.agreement.pk: row for row in page}, today)
    return page, len(found) > size


def count_into(actor: Actor, rows: dict[UUID, AgreementRow], today: date) -> None:
    counted: Any = (
        Obligation.objects.visible_to(actor)
        .filter(agreement_id__in=list(rows))
        .values("agreement_id", "side")
        .annotate(
            met=Count("id", filter=MET),
            on_time=Count("id", filter=ON_TIME),
            due=Count("id", filter=still_due(today)),
            overdue=Count("id", filter=overdue(today)),
        )
    )
    for line in counted if rows else ():
        setattr(rows[line.pop("agreement_id")], line.pop("side"), Kept(**line))


def compliance_by_owner(actor: Actor, asked: Asked, *, today: date) -> list[OwnerRow]:
    """The chain owners of the agreements asked for, most overdue first: their own side before their suppliers'. One query."""
    counts: dict[str, Any] = {}
    for side in ("owner", "supplier"):
        parts = {"met": MET, "on_time": ON_TIME, "due": still_due(today), "overdue": overdue(today)}
        for name, condition in parts.items():
            only = through(condition, "obligations") & Q(obligations__side=side)
            counts[f"{side}_{name}"] = Count("obligations", filter=only)
    rows = (
        asked_for(actor, asked, today)
        .values("owner_org_id")
        .annotate(name_zh=Max("owner_name_zh"), name_en=Max("owner_name_en"), agreements=Count("id", distinct=True), **counts)
        .order_by("-owner_overdue", "-supplier_overdue", "owner_org_id")[:MOST_OWNERS]
    )
    return [
        OwnerRow(row["owner_org_id"], row["name_zh"], row["name_en"], row["agreements"], _kept(row, "owner"), _kept(row, "supplier"))
        for row in rows
    ]


def _kept(row: dict[str, Any], side: str) -> Kept:
    return Kept(**{name: row[f"{side}_{name}"] for name in ("met", "on_time", "due", "overdue")})


def chain_owners(actor: Actor) -> list[dict[str, Any]]:
    """Who leads chains: for the filter."""
    rows: Any = Agreement.objects.visible_to(actor).exclude(state=Agreement.State.DRAFT).values("owner_org_id")
    return list(rows.annotate(name_zh=Max("owner_name_zh"), name_en=Max("owner_name_en")).order_by("name_en", "owner_org_id")[:MOST_OWNERS])


def agreement_for(actor: Actor, agreement_id: UUID) -> Agreement:
    """One agreement as a state, or Absent. A draft that was never sent is its owner's own paper."""
    found = Agreement.objects.visible_to(actor).exclude(state=Agreement.State.DRAFT).filter(pk=agreement_id).first()
    if found is None:
        raise Absent
    return found


def notices_of(actor: Actor, agreement_id: UUID) -> list[StatusNotice]:
    """Notices of either side that stand or were carried out, by their day; why they were given is not the bureau's."""
    rows = StatusNotice.objects.visible_to(actor).filter(agreement_id=agreement_id, dropped_at=None)
    return list(rows.order_by("effective_on", "given_at"))


def obligations_of(actor: Actor, agreement_id: UUID, *, size: int) -> list[Obligation]:
    """The obligations of one agreement: what is open by its day, the overdue first; then what is settled, newest first."""
    rows = Obligation.objects.visible_to(actor).filter(agreement_id=agreement_id).annotate(settled=Case(When(OPEN, then=0), default=1))
    found: list[Any] = list(rows.order_by("settled", "due_on", "id")[:size])
    still_open = [each for each in found if not each.settled]
    return still_open + sorted(found[len(still_open) :], key=lambda each: each.due_on, reverse=True)


def work_states(actor: Actor, agreement_id: UUID) -> dict[str, Iterable[dict[str, Any]]]:
    """How many audits and findings stand in which state: counts, not contents. Two queries."""
    audits: Any = Audit.objects.visible_to(actor).filter(agreement_id=agreement_id).values("state")
    findings: Any = Finding.objects.visible_to(actor).filter(agreement_id=agreement_id).values("grade", "state")
    return {
        "audits": list(audits.annotate(n=Count("id"), first_on=Min("visit_on")).order_by("state")),
        "findings": list(findings.annotate(n=Count("id")).order_by("grade", "state")),
    }
