"""What the band of a relation is found from: four questions over all suppliers of one owner that are asked about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, OuterRef, Q, Subquery

from agreements.models import Obligation
from agreements.schedule import add_months
from audits.models import Audit, Finding, RiskRating
from audits.risk import Facts
from audits.status import FINDING_OPEN
from foundation.actor import Actor
from inspections.models import ChangeReply

MONTHS = 12
COUNTED = tuple(state for state in FINDING_OPEN if state != "contested")  # a contested finding waits for its decision
OPEN_DUTY = Q(met_on=None, void_at=None, waived_at=None, paused_on=None)


def facts_of(actor: Actor, owner_org_id: UUID, supplier_ids: Collection[UUID], *, today: date) -> dict[UUID, Facts]:
    """The facts of each of these suppliers on a day, as this owner may know them."""
    sides = Q(owner_org_id=owner_org_id, supplier_org_id__in=supplier_ids)
    findings: dict[UUID, dict[str, int]] = defaultdict(dict)
    rows = Finding.objects.visible_to(actor).filter(sides, state__in=COUNTED)
    for row in rows.values("supplier_org_id", "grade").annotate(n=Count("id")).order_by():
        findings[row["supplier_org_id"]][row["grade"]] = row["n"]
    overdue = _counted(Obligation.objects.visible_to(actor).filter(sides, OPEN_DUTY, side="supplier", grace_until__lt=today))
    since = add_months(today, -MONTHS)
    changes = _counted(ChangeReply.objects.visible_to(actor).filter(sides, sent_at__date__gt=since).exclude(state="withdrawn"))
    last = _last_audits(actor, sides)
    found = {}
    for pk in supplier_ids:
        grades = findings.get(pk, {})
        letter, on = last.get(pk, ("", None))
        found[pk] = Facts(
            result_class=letter, critical=grades.get("critical", 0), major=grades.get("major", 0), minor=grades.get("minor", 0),
            overdue=overdue.get(pk, 0), changes=changes.get(pk, 0), months_since=_months(on, today) if on else None,
        )  # fmt: skip
    return found


def _counted(rows: Any) -> dict[UUID, int]:
    return {row["supplier_org_id"]: row["n"] for row in rows.values("supplier_org_id").annotate(n=Count("id")).order_by()}


def _last_audits(actor: Actor, sides: Q) -> dict[UUID, tuple[str, date]]:
    """The class and the day of the newest reviewed audit of each supplier."""
    rows = Audit.objects.visible_to(actor).filter(sides, state__in=("reviewed", "closed")).exclude(result_class="")
    newest = rows.order_by("supplier_org_id", "-visit_on", "-id").distinct("supplier_org_id")
    return {row.supplier_org_id: (row.result_class, row.visit_on) for row in newest}


def last_visits(actor: Actor, owner_org_id: UUID, supplier_ids: Collection[UUID]) -> dict[UUID, date]:
    """The day of the last visit that took place, by supplier. A self-check is no visit."""
    rows = Audit.objects.visible_to(actor).filter(owner_org_id=owner_org_id, supplier_org_id__in=supplier_ids, kind="second_party")
    rows = rows.filter(state__in=("in_progress", "submitted", "reviewed", "closed"))
    return {row["supplier_org_id"]: row["on"] for row in rows.values("supplier_org_id").annotate(on=Max("visit_on")).order_by()}


def _months(since: date, today: date) -> int:
    whole = (today.year - since.year) * MONTHS + today.month - since.month
    return max(whole - (today.day < since.day), 0)


def ratings(actor: Actor, owner_org_id: UUID, supplier_ids: Collection[UUID]) -> dict[UUID, RiskRating]:
    """The newest band that stands for each of these suppliers."""
    rows = RiskRating.objects.visible_to(actor).filter(owner_org_id=owner_org_id, supplier_org_id__in=supplier_ids)
    return {row.supplier_org_id: row for row in rows.order_by("supplier_org_id", "-rated_on", "-id").distinct("supplier_org_id")}


def rating_history(actor: Actor, supplier_org_id: UUID, *, limit: int = 24) -> list[RiskRating]:
    """The bands of one supplier, newest first."""
    return list(RiskRating.objects.visible_to(actor).filter(supplier_org_id=supplier_org_id).order_by("-rated_on", "-id")[:limit])


def newest_rating(column: str) -> Subquery:
    """The newest rating's column, beside a row that names both sides."""
    same = RiskRating.objects.filter(owner_org_id=OuterRef("owner_org_id"), supplier_org_id=OuterRef("supplier_org_id"))
    return Subquery(same.order_by("-rated_on", "-id").values(column)[:1])
