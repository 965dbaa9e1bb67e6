"""The chain owner's verdict on a submitted audit, and the end of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from agreements.services.obligations import meet
from audits.models import Audit
from audits.selectors import open_findings_of, sheet_of
from audits.services.scores import score_audit
from audits.services.sides import audit_held, for_supplier, must_judge
from audits.status import AUDIT_MOVES, moved
from foundation.actor import Actor, Hat
from notices.services import close_todo, tell
from records.services.entries import append_entry


@transaction.atomic
def accept_audit(*, actor: Actor, audit_id: UUID, now: datetime) -> Audit:
    """Close the review: the class is computed from the answers, the owner's duty to review is met. Asked again, nothing more happens."""
    audit = audit_held(actor, audit_id)
    must_judge(actor, audit.owner_org_id)
    if audit.state in ("reviewed", "closed"):
        return audit
    audit.state = moved(AUDIT_MOVES, audit.state, "review", Hat.OWNER)
    answers = sheet_of(actor, audit).answers()
    score = score_audit(actor=actor, audit=audit, now=now)
    audit.reviewed_at, audit.reviewed_by = now, actor.person_name
    audit.save(update_fields=["state", "reviewed_at", "reviewed_by"])
    meet(clause_id=audit.asked_by.signed_clause, side="owner", key=f"review:{audit.pk}", now=now, subject_id=audit.pk)
    counts = {answer: sum(a.answer == answer for a in answers) for answer in ("yes", "no", "na")}
    append_entry(
        actor=actor, stream=audit.agreement, kind="audit_reviewed", subject_id=audit.pk, now=now,
        payload={"period": audit.period, "result_class": score.band, "score": score.value_hundredths, "answers": counts},
    )  # fmt: skip
    close_todo(kind="audit_to_review", subject_id=audit.pk, now=now)
    tell(**for_supplier(audit.agreement), kind="audit_reviewed", subject_id=audit.pk, now=now)
    return close_if_done(actor, audit, now)


def close_if_done(actor: Actor, audit: Audit, now: datetime) -> Audit:
    """A reviewed audit without an open finding is closed. The audit is held by the caller."""
    if audit.state == "reviewed" and not open_findings_of(actor, audit):
        audit.state, audit.closed_at = moved(AUDIT_MOVES, audit.state, "close", Hat.OWNER), now
        audit.save(update_fields=["state", "closed_at"])
    return audit
