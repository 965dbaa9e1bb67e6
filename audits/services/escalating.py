"""What the clock brings up about findings: a day that comes near, one that is past, lots that are there. Once each, with no third ear."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from audits.models import Finding, FindingEscalation
from audits.services.effect import ask_to_look, ripe_checks
from audits.services.sides import for_owner, for_supplier
from audits.status import FINDING_OPEN, WITH_SUPPLIER
from foundation.actor import Hat, acting_as
from foundation.wake import each
from notices.models import Notification
from notices.services import put_todo, tell

SOON = timedelta(days=3)
# What was late for longer was brought up long ago; the look stays short.
LOOK_BACK = timedelta(days=90)


def findings_due_soon(now: datetime) -> list[Finding]:
    """Due within three days, with the supplier, and not yet said so. Clock only."""
    today = timezone.localdate(now)
    told = Notification.objects.filter(
        org_id=OuterRef("supplier_org_id"), kind="finding_due_soon", subject_id=OuterRef("pk"), at__date__gte=today - SOON
    )
    rows = Finding.objects.filter(state__in=WITH_SUPPLIER, due_on__gte=today, due_on__lte=today + SOON)
    return list(rows.filter(~Exists(told), raised_at__lt=now - SOON).select_related("agreement").order_by("due_on", "id"))


def findings_late(now: datetime) -> list[Finding]:
    """Past their day, or past the hours in which they had to be contained, and never brought up. Clock only."""
    today = timezone.localdate(now)
    late = Q(due_on__lt=today, due_on__gte=today - LOOK_BACK) | Q(
        contain_by__lt=now, contain_by__gte=now - LOOK_BACK, contained_at=None, answered_at=None
    )
    known = FindingEscalation.objects.filter(finding=OuterRef("pk"))
    rows = Finding.objects.filter(late, ~Exists(known), state__in=[s for s in FINDING_OPEN if s not in ("contested", "verify")])
    return list(rows.select_related("agreement").order_by("due_on", "id"))


@transaction.atomic
def say_due_soon(finding: Finding, *, now: datetime) -> None:
    """The supplier is reminded three days ahead."""
    tell(**for_supplier(finding.agreement), kind="finding_due_soon", subject_id=finding.pk, now=now)


@transaction.atomic
def bring_up(finding: Finding, *, now: datetime) -> bool:
    """Both sides are asked to talk about it, once and nobody else: each sees what it can do."""
    with acting_as(Hat.CLOCK):
        row = FindingEscalation(
            finding=finding, owner_org_id=finding.owner_org_id, supplier_org_id=finding.supplier_org_id, escalated_at=now
        )
        FindingEscalation.objects.bulk_create([row], ignore_conflicts=True)
        if not FindingEscalation.objects.filter(finding=finding, escalated_at=now).exists():
            return False
    put_todo(**for_owner(finding.agreement), kind="finding_late", subject_id=finding.pk, now=now)
    tell(**for_supplier(finding.agreement), kind="finding_late", subject_id=finding.pk, now=now)
    return True


def tick(now: datetime) -> int:
    """One turn: remind, bring up, ask to look. Safe twice, and in two workers at once. Returns how many lines it wrote."""
    with transaction.atomic(), acting_as(Hat.CLOCK):
        soon, late, ripe = findings_due_soon(now), findings_late(now), ripe_checks(now)
        each(soon, partial(say_due_soon, now=now))
        each(late, partial(bring_up, now=now))
        each(ripe, partial(ask_to_look, now=now))
        return len(soon) + len(late) + len(ripe)
