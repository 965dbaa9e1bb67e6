"""The bureau's morning: five numbers, each with what it is made of, computed from rows at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Min, Q

from agreements.models import Agreement, Obligation
from audits.models import Audit, Finding
from foundation.actor import Actor
from oversight.selectors.counting import AUDIT_SUBMITTED, AUDITS_AHEAD, FINDING_OPEN, MET, ON_TIME, audit_ahead, overdue
from oversight.selectors.places import SIGNED
from parties.models import Organisation

WEEK = timedelta(days=7)
# In force, or ended since: a suspended one counts as it does today, not at all.
HELD_ONCE = (Agreement.State.IN_FORCE, Agreement.State.EXPIRED, Agreement.State.TERMINATED)


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
    in_force_before: int
    overdue_before: int
    came_due_before: int
    kept_before: int
    findings_before: int
    audits_before: int

    @property
    def rate(self) -> int | None:
        """Kept on time of all that came due, in whole per cent, rounded down."""
        return self.kept_on_time * 100 // self.came_due if self.came_due else None

    @property
    def rate_before(self) -> int | None:
        """The same, as it stood a week ago."""
        return self.kept_before * 100 // self.came_due_before if self.came_due_before else None


def morning(actor: Actor, *, now: datetime, today: date) -> Morning:
    """Six aggregate queries, however many rows there are. What stood a week ago is counted from the same rows by their days."""
    return Morning(
        **_firms(actor),
        **_agreements(actor, now, today),
        **_duties(actor, today),
        **_audits(actor, now, today),
        **_findings(actor, now, today),
    )


def _firms(actor: Actor) -> dict[str, Any]:
    rows = Organisation.objects.visible_to(actor).exclude(state=Organisation.State.CLOSED).exclude(node_codes=[])
    return rows.aggregate(firms=Count("id"), firms_above_scale=Count("id", filter=Q(above_scale=True)))


def _agreements(actor: Actor, now: datetime, today: date) -> dict[str, Any]:
    rows = Agreement.objects.visible_to(actor)
    fresh = Q(signed_at__gt=now - WEEK, signed_at__lte=now, state__in=SIGNED)
    before = today - WEEK
    held = Q(state__in=HELD_ONCE, effective_from__lte=before) & (Q(effective_to=None) | Q(effective_to__gt=before))
    counted = rows.aggregate(
        in_force=Count("id", filter=Q(state=Agreement.State.IN_FORCE)), signed_this_week=Count("id", filter=fresh),
        in_force_before=Count("id", filter=held),
    )  # fmt: skip
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
    late, day = overdue(today), today - WEEK
    # As it stood at the end of that day: what was met, waived or voided since was open then.
    late_then = (
        Q(grace_until__lt=day, due_on__lt=day, paused_on=None) & (Q(met_on=None) | Q(met_on__gt=day))
        & (Q(waived_at=None) | Q(waived_at__date__gt=day)) & (Q(void_at=None) | Q(void_at__date__gt=day))
    )  # fmt: skip
    met_then = Q(met_on__lte=day)
    return Obligation.objects.visible_to(actor).aggregate(
        overdue=Count("id", filter=late),
        overdue_owner=Count("id", filter=late & Q(side="owner")),
        oldest_due_on=Min("due_on", filter=late),
        came_due=Count("id", filter=late | MET),
        kept_on_time=Count("id", filter=ON_TIME),
        overdue_before=Count("id", filter=late_then),
        came_due_before=Count("id", filter=late_then | met_then),
        kept_before=Count("id", filter=ON_TIME & met_then),
    )


def _audits(actor: Actor, now: datetime, today: date) -> dict[str, Any]:
    rows, day = Audit.objects.visible_to(actor), today - WEEK
    ahead_then = Q(visit_on__gte=day, visit_on__lte=day + AUDITS_AHEAD, created_at__lte=now - WEEK) & ~Q(state="cancelled")
    ahead_then &= Q(submitted_at=None) | Q(submitted_at__gt=now - WEEK)
    return rows.aggregate(
        audits_soon=Count("id", filter=audit_ahead(today)), audits_waiting=Count("id", filter=AUDIT_SUBMITTED),
        audits_before=Count("id", filter=ahead_then),
    )  # fmt: skip


def _findings(actor: Actor, now: datetime, today: date) -> dict[str, Any]:
    open_then = Q(raised_at__lte=now - WEEK) & ~Q(state__in=["withdrawn", "noted"]) & (Q(closed_at=None) | Q(closed_at__gt=now - WEEK))
    return Finding.objects.visible_to(actor).aggregate(
        findings_open=Count("id", filter=FINDING_OPEN),
        findings_grave=Count("id", filter=FINDING_OPEN & Q(grade__in=[Finding.Grade.CRITICAL, Finding.Grade.MAJOR])),
        findings_late=Count("id", filter=FINDING_OPEN & Q(due_on__lt=today)),
        findings_before=Count("id", filter=open_then),
    )


def worst_overdue(actor: Actor, *, today: date, size: int) -> list[Obligation]:
    """The obligations that have waited longest, the chain owner's side before the supplier's. One query."""
    rows = Obligation.objects.visible_to(actor).filter(overdue(today)).select_related("agreement")
    return list(rows.order_by(F("side").asc(), "due_on", "id")[:size])
