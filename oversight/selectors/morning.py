"""The bureau's morning: five numbers, each with what it is made of, computed from rows at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Min, Q

from agreements.models import Agreement, Obligation
from audits.models import Audit, Finding
from foundation.actor import Actor
from oversight.selectors.counting import AUDIT_SUBMITTED, FINDING_OPEN, MET, ON_TIME, audit_ahead, overdue
from oversight.selectors.places import SIGNED
from parties.models import Organisation

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Morning:
    """Everything the five sentences say."""

    firms: int
    firms_above_scale: int
    in_force: int
    signed_this_week: int
    top_region: str
    top_region_signed: int
    overdue: int
    overdue_owner: int
    oldest_due_on: date | None
    came_due: int
    kept_on_time: int
    audits_soon: int
    audits_waiting: int
    findings_open: int
    findings_grave: int
    findings_late: int

    @property
    def rate(self) -> int | None:
        """Kept on time of all that came due, in whole per cent, rounded down."""
        return self.kept_on_time * 100 // self.came_due if self.came_due else None


def morning(actor: Actor, *, now: datetime, today: date) -> Morning:
    """Six aggregate queries, however many rows there are."""
    return Morning(**_firms(actor), **_agreements(actor, now), **_duties(actor, today), **_audits(actor, today), **_findings(actor, today))


def _firms(actor: Actor) -> dict[str, Any]:
    rows = Organisation.objects.visible_to(actor).exclude(state=Organisation.State.CLOSED).exclude(node_codes=[])
    return rows.aggregate(firms=Count("id"), firms_above_scale=Count("id", filter=Q(above_scale=True)))


def _agreements(actor: Actor, now: datetime) -> dict[str, Any]:
    rows = Agreement.objects.visible_to(actor)
    fresh = Q(signed_at__gt=now - WEEK, signed_at__lte=now, state__in=SIGNED)
    counted = rows.aggregate(in_force=Count("id", filter=Q(state=Agreement.State.IN_FORCE)), signed_this_week=Count("id", filter=fresh))
    top = (
        rows.filter(fresh)
        .exclude(region_code="")
        .order_by()
        .values_list("region_code")
        .annotate(n=Count("id"))
        .order_by("-n", "region_code")
    )
    region, signed = top.first() or ("", 0)
    return {**counted, "top_region": region, "top_region_signed": signed}


def _duties(actor: Actor, today: date) -> dict[str, Any]:
    late = overdue(today)
    return Obligation.objects.visible_to(actor).aggregate(
        overdue=Count("id", filter=late),
        overdue_owner=Count("id", filter=late & Q(side="owner")),
        oldest_due_on=Min("due_on", filter=late),
        came_due=Count("id", filter=late | MET),
        kept_on_time=Count("id", filter=ON_TIME),
    )


def _audits(actor: Actor, today: date) -> dict[str, Any]:
    rows = Audit.objects.visible_to(actor)
    return rows.aggregate(audits_soon=Count("id", filter=audit_ahead(today)), audits_waiting=Count("id", filter=AUDIT_SUBMITTED))


def _findings(actor: Actor, today: date) -> dict[str, Any]:
    return Finding.objects.visible_to(actor).aggregate(
        findings_open=Count("id", filter=FINDING_OPEN),
        findings_grave=Count("id", filter=FINDING_OPEN & Q(grade__in=[Finding.Grade.CRITICAL, Finding.Grade.MAJOR])),
        findings_late=Count("id", filter=FINDING_OPEN & Q(due_on__lt=today)),
    )


def worst_overdue(actor: Actor, *, today: date, size: int) -> list[Obligation]:
    """The obligations that have waited longest, the chain owner's side before the supplier's. One query."""
    rows = Obligation.objects.visible_to(actor).filter(overdue(today)).select_related("agreement")
    return list(rows.order_by(F("side").asc(), "due_on", "id")[:size])
