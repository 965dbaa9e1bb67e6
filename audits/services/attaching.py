"""Evidence under a step of a finding: the actor's own, shown to the other side where an agreement lets it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from agreements.services.sides import OTHER, org_of
from audits.models import Finding, FindingEvidence
from foundation.actor import Actor, Hat, acting_as
from foundation.errors import RuleBroken
from records.models import Evidence, EvidenceShare
from records.selectors import evidence_for
from records.services.evidence import share_evidence

MOST = 12
VISIT = "visit"  # the class under which a team's photos are shown


def hung(actor: Actor, finding: Finding, step: str, evidence_ids: Iterable[UUID], now: datetime) -> list[Evidence]:
    """Put the actor's own evidence under a step, once each. Raises RuleBroken("too_many_photos"); Absent for another firm's."""
    wanted = list(dict.fromkeys(evidence_ids))
    if len(wanted) > MOST:
        raise RuleBroken("too_many_photos", field="photo", most=MOST)
    found = [evidence_for(actor, pk) for pk in wanted]
    side = "owner" if actor.hat is Hat.OWNER else "supplier"
    rows = [
        FindingEvidence(
            finding=finding, owner_org_id=finding.owner_org_id, supplier_org_id=finding.supplier_org_id, step=step, side=side,
            evidence_id=evidence.pk, added_by=actor.person_name, added_at=now,
        )
        for evidence in found
    ]  # fmt: skip
    FindingEvidence.objects.bulk_create(rows, ignore_conflicts=True)
    if found and side == "supplier":
        ids = [evidence.pk for evidence in found]
        share_evidence(actor=actor, evidence_ids=ids, grantee_org_id=org_of(finding, OTHER[side]), what="audit_evidence", now=now)
    elif found:
        _shown(finding, found, now)
    return found


def _shown(finding: Finding, found: list[Evidence], now: datetime) -> None:
    """What an auditor holds against a firm, that firm sees: no grant gives it, and none takes it away."""
    shares = [
        EvidenceShare(
            evidence_id=e.pk, org_id=e.org_id, grantee_org_id=finding.supplier_org_id, kind=e.kind, mime=e.mime, name=e.name, size=e.size,
            sha256=e.shared_sha256, path=e.shared_path, taken_at=e.taken_at, received_at=e.received_at, granted_at=now, whats=[VISIT],
        )
        for e in found
    ]  # fmt: skip
    with acting_as(Hat.CLOCK):
        EvidenceShare.objects.bulk_create(shares, ignore_conflicts=True)


def must_be_newer(found: Iterable[Evidence], than: datetime, *, code: str) -> None:
    """Refuse evidence from before that moment."""
    if any(evidence.received_at <= than for evidence in found):
        raise RuleBroken(code, field="photo")
