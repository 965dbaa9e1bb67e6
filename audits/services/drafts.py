"""A finding that its writer does not raise yet: written down, changed, dropped, raised. Nobody else's business until then."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from audits.models import Finding
from audits.services.findings import Observation, Source, arisen, check_seen, written
from audits.services.sides import audit_held, finding_held, must_judge
from audits.status import REVIEWABLE
from foundation.actor import Actor
from foundation.errors import RuleBroken


@transaction.atomic
def draft_finding(*, actor: Actor, audit_id: UUID, seen: Observation, client_id: str, now: datetime) -> Finding:
    """Write a finding down without raising it. The same `client_id` writes one."""
    audit = audit_held(actor, audit_id)
    must_judge(actor, audit.owner_org_id)
    before: Finding | None = Finding.objects.visible_to(actor).filter(audit=audit, client_id=client_id).first()
    if before is not None:
        return before
    if audit.state not in REVIEWABLE:
        raise RuleBroken("audit_not_submitted")
    check_seen(audit, seen)
    return written(actor, Source(audit.agreement, audit=audit), seen, client_id, now)


def _draft(actor: Actor, finding_id: UUID) -> Finding:
    finding = finding_held(actor, finding_id)
    must_judge(actor, finding.owner_org_id)
    if finding.state != Finding.State.DRAFT:
        raise RuleBroken("finding_not_in_this_state")
    return finding


@transaction.atomic
def change_draft(*, actor: Actor, finding_id: UUID, seen: Observation) -> Finding:
    """Other words for a draft."""
    finding = _draft(actor, finding_id)
    check_seen(finding.audit, seen)
    finding.grade = seen.grade
    finding.save(update_fields=["grade"])
    words = seen.words()
    for name, said in words.items():
        setattr(finding.text, name, said)
    finding.text.save(update_fields=[*words])
    return finding


@transaction.atomic
def raise_draft(*, actor: Actor, finding_id: UUID, now: datetime) -> Finding:
    """The draft is raised: from now on it is the supplier's business too. Raised twice is raised once."""
    finding = finding_held(actor, finding_id)
    must_judge(actor, finding.owner_org_id)
    return arisen(actor, finding, now) if finding.state == Finding.State.DRAFT else finding


@transaction.atomic
def drop_draft(*, actor: Actor, finding_id: UUID) -> None:
    """The draft is thrown away, with its words. What was raised is withdrawn instead."""
    finding = _draft(actor, finding_id)
    finding.text.delete()
    finding.delete()
