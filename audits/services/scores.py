"""Compute what an audit came to, and keep it with all that went in. Nobody sets a score by hand."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from audits.models import Audit, AuditScore
from audits.scoring import compute, inputs_of
from audits.selectors.scores import marks_of, score_of
from foundation.actor import Actor, Hat, acting_as, as_actor

REVIEWED, DECIDED = "reviewed", "decided"


@transaction.atomic
def score_audit(*, actor: Actor, audit: Audit, why: str = REVIEWED, now: datetime) -> AuditScore:
    """Compute the score of an audit that the caller holds; its class on the audit's row follows. The same inputs are kept once."""
    marks, standing = marks_of(actor, audit)
    inputs = inputs_of(audit.checklist.scoring, marks, standing)
    last = score_of(actor, audit)
    if last is not None and last.inputs == inputs:
        return last
    came = compute(inputs)
    score = AuditScore(
        audit=audit, owner_org_id=audit.owner_org_id, supplier_org_id=audit.supplier_org_id, number=last.number + 1 if last else 1,
        method=inputs["method"], inputs=inputs, value_hundredths=came.value_hundredths, band=came.band, why=why, at=now,
    )  # fmt: skip
    with acting_as(Hat.CLOCK):  # neither side writes a score
        score.save(force_insert=True)
        Audit.objects.filter(pk=audit.pk).update(result_class=came.band)
    audit.result_class = came.band
    return score


def score_after_appeal(*, audit_id: UUID, owner_org_id: UUID, now: datetime) -> None:
    """A third party has decided, who reads no answer: what it comes to is computed from what the chain owner reads."""
    reader = Actor(hat=Hat.OWNER, org_id=owner_org_id)
    with as_actor(reader):
        audit = Audit.objects.visible_to(reader).select_related("checklist").get(pk=audit_id)
        score_again(actor=reader, audit=audit, why=DECIDED, now=now)


def score_again(*, actor: Actor, audit: Audit, why: str, now: datetime) -> AuditScore | None:
    """After a finding has moved: what was scored before is scored anew. None for an audit that nobody has reviewed yet."""
    return score_audit(actor=actor, audit=audit, why=why, now=now) if score_of(actor, audit) is not None else None
