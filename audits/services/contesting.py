"""When the supplier does not agree: it contests with a reason and evidence; the lead auditor upholds, rewords or withdraws."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from agreements.services.obligations import LONGEST_REASON, waive
from audits.models import AuditTeam, Finding, FindingContest, FindingWording
from audits.selectors.corrective import appeals_of, duties_of, wordings_of
from audits.services.attaching import hung
from audits.services.findings import Observation, ask_supplier, check_seen, note, stepped
from audits.services.review import close_if_done
from audits.services.sides import audit_held, finding_held, for_owner, for_supplier, must_file, must_judge
from foundation.actor import Actor
from foundation.errors import RuleBroken
from notices.services import close_todo, put_todo, tell

# Besides the lead auditor of the visit: who answers for the firm's quality decides where the lead is away.
ABOVE_THE_LEAD = ("org_admin", "cqo")


def reasoned(reason: str) -> str:
    """The reason in its words. Raises RuleBroken("finding_reason_missing")."""
    if not reason.strip():
        raise RuleBroken("finding_reason_missing", field="reason")
    return reason.strip()


@transaction.atomic
def contest_finding(*, actor: Actor, finding_id: UUID, reason: str, now: datetime, evidence_ids: Iterable[UUID] = ()) -> Finding:
    """The supplier disagrees and says why. The day of the finding stays until it is decided. Raises RuleBroken("finding_reason_missing")."""
    finding = finding_held(actor, finding_id)
    must_file(actor, finding.supplier_org_id)
    said = reasoned(reason)
    if stepped(finding, "contest", actor.hat):
        FindingContest(
            finding=finding, owner_org_id=finding.owner_org_id, supplier_org_id=finding.supplier_org_id, reason=said,
            contested_by=actor.person_name, contested_at=now,
        ).save(force_insert=True)  # fmt: skip
        hung(actor, finding, "contest", evidence_ids, now)
        note(actor, finding, "finding_contested", {"reason": said}, now)
        close_todo(kind="finding_raised", subject_id=finding.pk, now=now)
        told = for_owner(finding.agreement)
        put_todo(**told, kind="finding_contested", subject_id=finding.pk, now=now)
        tell(**told, kind="finding_contested", subject_id=finding.pk, now=now)
    return finding


@transaction.atomic
def uphold_finding(*, actor: Actor, finding_id: UUID, reason: str, now: datetime) -> Finding:
    """The finding stands, with a reason; the supplier answers it.

    Raises RuleBroken("finding_reason_missing"), ("lead_auditor_decides"), ("appeal_under_way").
    """
    finding, said = _to_decide(actor, finding_id, reason)
    if stepped(finding, "uphold", actor.hat):
        _decided(actor, finding, FindingContest.Decision.UPHELD, said, now)
        note(actor, finding, "finding_upheld", {"reason": said}, now)
        ask_supplier(finding, "finding_raised", finding.due_on, now)
    return finding


@transaction.atomic
def reword_finding(*, actor: Actor, finding_id: UUID, seen: Observation, reason: str, now: datetime) -> Finding:
    """The finding stands in other words, perhaps with a lesser grade; what it said before is kept. Its day stays.

    Raises RuleBroken("finding_reason_missing"), ("lead_auditor_decides"), ("appeal_under_way"), ("critical_stays"), ("grade_unknown").
    """
    finding, said = _to_decide(actor, finding_id, reason)
    check_seen(finding.audit, seen)
    if finding.grade == Finding.Grade.CRITICAL and seen.grade != Finding.Grade.CRITICAL:
        raise RuleBroken("critical_stays", field="grade")
    if seen.grade == Finding.Grade.OFI:
        raise RuleBroken("grade_unknown", field="grade")
    if finding.state != Finding.State.CONTESTED:
        raise RuleBroken("finding_not_in_this_state")
    text = finding.text
    FindingWording(
        finding=finding, owner_org_id=finding.owner_org_id, supplier_org_id=finding.supplier_org_id,
        number=len(wordings_of(actor, finding)) + 1, grade=finding.grade, requirement=text.requirement, observed=text.observed, gap=text.gap,
        replaced_by=actor.person_name, replaced_at=now,
    ).save(force_insert=True)  # fmt: skip
    for name in ("requirement", "observed", "gap"):
        setattr(text, name, getattr(seen, name))
    text.save(update_fields=["requirement", "observed", "gap"])
    stepped(finding, "reword", actor.hat, grade=seen.grade)
    _decided(actor, finding, FindingContest.Decision.REWORDED, said, now)
    note(
        actor,
        finding,
        "finding_reworded",
        {"reason": said, "requirement": text.requirement, "observed": text.observed, "gap": text.gap},
        now,
    )
    ask_supplier(finding, "finding_reworded", finding.due_on, now)
    return finding


@transaction.atomic
def withdraw_finding(*, actor: Actor, finding_id: UUID, reason: str, now: datetime) -> Finding:
    """The chain owner takes a finding back; nothing is owed for it any more. Raises RuleBroken("finding_reason_missing")."""
    finding = finding_held(actor, finding_id)
    must_judge(actor, finding.owner_org_id)
    said = reasoned(reason)
    if finding.state == Finding.State.CONTESTED:
        finding, said = _to_decide(actor, finding_id, reason)
    if stepped(finding, "withdraw", actor.hat, closed_at=now):
        for duty in duties_of(actor, finding):
            waive(actor=actor, obligation=duty, why=said[:LONGEST_REASON], now=now)
        _decided(actor, finding, FindingContest.Decision.WITHDRAWN, said, now)
        note(actor, finding, "finding_withdrawn", {"reason": said}, now)
        for kind in ("finding_raised", "finding_planned", "finding_to_carry_out", "finding_late"):
            close_todo(kind=kind, subject_id=finding.pk, now=now)
        tell(**for_supplier(finding.agreement), kind="finding_closed", subject_id=finding.pk, now=now)
        if finding.audit_id is not None:
            close_if_done(actor, audit_held(actor, finding.audit_id), now)
    return finding


def _to_decide(actor: Actor, finding_id: UUID, reason: str) -> tuple[Finding, str]:
    """The finding, held, and the reason; only who decides gets further."""
    finding = finding_held(actor, finding_id)
    must_judge(actor, finding.owner_org_id)
    said = reasoned(reason)
    if not may_decide(actor, finding):
        raise RuleBroken("lead_auditor_decides")
    if any(appeal.state == "asked" for appeal in appeals_of(actor, finding)):
        raise RuleBroken("appeal_under_way")
    return finding, said


def may_decide(actor: Actor, finding: Finding) -> bool:
    """Whether the actor decides a contest: the lead auditor of the visit, or who stands above; of a self-check or a lot, whoever judges."""
    lead = AuditTeam.objects.visible_to(actor).filter(audit_id=finding.audit_id, is_lead=True).first() if finding.audit_id else None
    return lead is None or lead.person_id == actor.person_id or bool(actor.roles.intersection(ABOVE_THE_LEAD))


def _decided(actor: Actor, finding: Finding, decision: str, reason: str, now: datetime) -> None:
    waiting = FindingContest.objects.visible_to(actor).filter(finding=finding, decision="")
    waiting.update(decision=decision, decision_reason=reason, decided_by=actor.person_name, decided_at=now)
    close_todo(kind="finding_contested", subject_id=finding.pk, now=now)
