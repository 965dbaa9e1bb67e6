"""When the supplier does not agree: it contests with a reason, the chain owner upholds or withdraws."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from agreements.services.obligations import LONGEST_REASON, waive
from audits.models import Finding
from audits.selectors import obligation_of
from audits.services.findings import ask_supplier, note, stepped
from audits.services.review import close_if_done
from audits.services.sides import audit_held, finding_held, for_owner, for_supplier, must_file, must_judge
from foundation.actor import Actor
from foundation.errors import RuleBroken
from notices.services import close_todo, put_todo, tell


def _reasoned(reason: str) -> str:
    if not reason.strip():
        raise RuleBroken("finding_reason_missing", field="reason")
    return reason.strip()


@transaction.atomic
def contest_finding(*, actor: Actor, finding_id: UUID, reason: str, now: datetime) -> Finding:
    """The supplier disagrees and says why. The day of the finding stays until it is decided. Raises RuleBroken("finding_reason_missing")."""
    finding = finding_held(actor, finding_id)
    must_file(actor, finding.supplier_org_id)
    said = _reasoned(reason)
    if stepped(finding, "contest", actor.hat):
        note(actor, finding, "finding_contested", {"reason": said}, now)
        close_todo(kind="finding_raised", subject_id=finding.pk, now=now)
        told = for_owner(finding.agreement)
        put_todo(**told, kind="finding_contested", subject_id=finding.pk, now=now)
        tell(**told, kind="finding_contested", subject_id=finding.pk, now=now)
    return finding


@transaction.atomic
def uphold_finding(*, actor: Actor, finding_id: UUID, reason: str, now: datetime) -> Finding:
    """The finding stands, with a reason; the supplier answers it. Raises RuleBroken("finding_reason_missing")."""
    finding = finding_held(actor, finding_id)
    must_judge(actor, finding.owner_org_id)
    said = _reasoned(reason)
    if stepped(finding, "uphold", actor.hat):
        note(actor, finding, "finding_upheld", {"reason": said}, now)
        close_todo(kind="finding_contested", subject_id=finding.pk, now=now)
        ask_supplier(finding, "finding_raised", finding.due_on, now)
    return finding


@transaction.atomic
def withdraw_finding(*, actor: Actor, finding_id: UUID, reason: str, now: datetime) -> Finding:
    """The chain owner takes a finding back; nothing is owed for it any more. Raises RuleBroken("finding_reason_missing")."""
    finding = finding_held(actor, finding_id)
    must_judge(actor, finding.owner_org_id)
    said = _reasoned(reason)
    if stepped(finding, "withdraw", actor.hat, closed_at=now):
        duty = obligation_of(actor, finding)
        if duty is not None:
            waive(actor=actor, obligation=duty, why=said[:LONGEST_REASON], now=now)
        note(actor, finding, "finding_withdrawn", {"reason": said}, now)
        close_todo(kind="finding_contested", subject_id=finding.pk, now=now)
        close_todo(kind="finding_raised", subject_id=finding.pk, now=now)
        tell(**for_supplier(finding.agreement), kind="finding_closed", subject_id=finding.pk, now=now)
        if finding.audit_id is not None:
            close_if_done(actor, audit_held(actor, finding.audit_id), now)
    return finding
