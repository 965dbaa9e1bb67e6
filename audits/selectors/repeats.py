"""What was found before of the same kind: the same question or characteristic, at the same site of the same supplier."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from django.db.models import Q

from audits.models import Audit, Finding, FindingText
from audits.status import FINDING_STANDS
from foundation.actor import Actor

# A finding of long ago was another matter.
LOOK_BACK = timedelta(days=730)
MOST_SEEN = 500


def alike(actor: Actor, finding: Finding) -> list[Finding]:
    """The earlier findings of the same kind that stand, oldest first. Within this one relation: nobody learns of another's."""
    text = finding.text
    same = Q()
    if text.question_code:
        same |= Q(question_code=text.question_code)
    if text.characteristic_code:
        same |= Q(characteristic_code=text.characteristic_code)
    if not same:
        return []
    sides = {"owner_org_id": finding.owner_org_id, "supplier_org_id": finding.supplier_org_id}
    ids = FindingText.objects.visible_to(actor).filter(same, **sides).exclude(finding=finding).values_list("finding_id", flat=True)
    rows = Finding.objects.visible_to(actor).filter(
        pk__in=list(ids), state__in=FINDING_STANDS, raised_at__lt=finding.raised_at, raised_at__gte=finding.raised_at - LOOK_BACK
    )
    if finding.audit_id is not None:
        rows = rows.exclude(audit_id=finding.audit_id)  # found twice on one day is found once
    if finding.site_id is not None:
        rows = rows.filter(Q(site_id=finding.site_id) | Q(site_id=None))
    return list(rows.order_by("raised_at", "id"))


def seen_before(actor: Actor, finding: Finding) -> tuple[Finding | None, int]:
    """The first of its kind, and how often it has been found with this one."""
    earlier = alike(actor, finding)
    return (earlier[0] if earlier else None), len(earlier) + 1


def seen_here(actor: Actor, audit: Audit, now: datetime) -> dict[str, list[Finding]]:
    """By question: what a finding that is raised on this visit would be found again as, oldest first."""
    rows = Finding.objects.visible_to(actor).filter(
        owner_org_id=audit.owner_org_id, supplier_org_id=audit.supplier_org_id, state__in=FINDING_STANDS, raised_at__gte=now - LOOK_BACK
    )
    rows = rows.filter(Q(site_id=audit.site_id) | Q(site_id=None)).exclude(audit=audit).prefetch_related("text")
    found: dict[str, list[Finding]] = defaultdict(list)
    for row in rows.order_by("raised_at", "id")[:MOST_SEEN]:
        if row.text.question_code:
            found[row.text.question_code].append(row)
    return dict(found)
