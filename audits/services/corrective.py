"""What is done about a finding: the supplier answers, the chain owner verifies or sends back."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from django.db import transaction

from agreements.services.obligations import meet
from audits.models import CorrectiveAction, Finding
from audits.selectors import obligation_of
from audits.services.effect import MOST_LOTS, closed, watch_effect
from audits.services.findings import ask_supplier, note, stepped
from audits.services.sides import finding_held, for_owner, for_supplier, must_file, must_judge
from audits.services.steps import contained
from audits.status import ACTION_MOVES, moved
from foundation.actor import Actor, Hat
from foundation.errors import RuleBroken
from notices.services import close_todo, put_todo, tell
from records.models import Evidence
from records.selectors import evidence_for, shares_for
from records.services.evidence import share_evidence


@dataclass(frozen=True, slots=True)
class ActionWords:
    """Correction now, cause, corrective action."""

    correction: str
    cause: str
    action: str


@transaction.atomic
def answer_finding(
    *, actor: Actor, finding_id: UUID, said: ActionWords, evidence_id: UUID | None, client_id: str, now: datetime
) -> CorrectiveAction:
    """Answer a finding, with a photo where there is one. The same `client_id` answers once.

    Raises RuleBroken("critical_needs_evidence") for a critical finding without one, ("evidence_too_old") for one from before it,
    ("repeat_needs_a_plan") for one that was found before: that goes step by step.
    """
    finding = finding_held(actor, finding_id)
    must_file(actor, finding.supplier_org_id)
    before = CorrectiveAction.objects.visible_to(actor).filter(finding=finding, client_id=client_id).first()
    if before is not None:
        return before
    evidence = evidence_for(actor, evidence_id) if evidence_id else None
    _check_evidence(finding, evidence.received_at if evidence else None)
    if finding.state == Finding.State.ANSWERED:
        raise RuleBroken("finding_not_in_this_state")  # one answer waits already
    if finding.nth > 1:
        raise RuleBroken("repeat_needs_a_plan")
    stepped(finding, "answer", Hat.SUPPLIER, answered_at=now)
    action = CorrectiveAction(
        finding=finding, owner_org_id=finding.owner_org_id, supplier_org_id=finding.supplier_org_id, **asdict(said),
        evidence_id=evidence_id, answered_by_id=cast(UUID, actor.person_id), answered_by=actor.person_name, answered_at=now, client_id=client_id,
    )  # fmt: skip
    CorrectiveAction.objects.bulk_create([action])
    contained(actor, finding, now)
    _pass_on(actor, finding, action, evidence, now)
    return action


def _check_evidence(finding: Finding, received_at: datetime | None) -> None:
    if received_at is None and finding.grade == Finding.Grade.CRITICAL:
        raise RuleBroken("critical_needs_evidence", field="photo")
    if received_at is not None and received_at <= finding.raised_at:
        raise RuleBroken("evidence_too_old", field="photo")


def _pass_on(actor: Actor, finding: Finding, action: CorrectiveAction, evidence: Evidence | None, now: datetime) -> None:
    if evidence is not None:
        share_evidence(actor=actor, evidence_ids=[evidence.pk], grantee_org_id=finding.owner_org_id, what="audit_evidence", now=now)
    words = {"correction": action.correction, "cause": action.cause, "action": action.action}
    note(actor, finding, "finding_answered", {**words, "photo": evidence.shared_sha256 if evidence else ""}, now)
    close_todo(kind="finding_raised", subject_id=finding.pk, now=now)
    told = for_owner(finding.agreement)
    put_todo(**told, kind="finding_answered", subject_id=finding.pk, now=now)
    tell(**told, kind="finding_answered", subject_id=finding.pk, now=now)


def _waiting(actor: Actor, finding: Finding) -> CorrectiveAction | None:
    rows = CorrectiveAction.objects.visible_to(actor).filter(finding=finding, state=CorrectiveAction.State.ANSWERED).select_related("plan")
    return rows.order_by("-answered_at", "-id").first()


def _decide(actor: Actor, action: CorrectiveAction, verb: str, reason: str, now: datetime) -> None:
    if action.answered_by_id == actor.person_id:
        raise RuleBroken("own_action")
    action.state = moved(ACTION_MOVES, action.state, verb, Hat.OWNER)
    action.decided_by_id, action.decided_by, action.decided_at, action.reason = actor.person_id, actor.person_name, now, reason
    action.save(update_fields=["state", "decided_by_id", "decided_by", "decided_at", "reason"])


@transaction.atomic
def verify_action(*, actor: Actor, finding_id: UUID, now: datetime, lots_wanted: int = 0) -> Finding:
    """Accept the answer and close the finding; the duty is met on the day of the answer. Asked again, nothing more happens.

    With `lots_wanted` the finding stays open until so many new lots have shown that it works.
    Raises RuleBroken("own_action") for the person who answered, ("critical_needs_evidence"), ("evidence_too_old"),
    ("evidence_older_than_plan"), ("lots_out_of_range").
    """
    finding = finding_held(actor, finding_id)
    must_judge(actor, finding.owner_org_id)
    if not 0 <= lots_wanted <= MOST_LOTS:
        raise RuleBroken("lots_out_of_range", field="lots_wanted", most=MOST_LOTS)
    action = _waiting(actor, finding)
    if action is not None:
        share = shares_for(actor, [action.evidence_id]).get(action.evidence_id) if action.evidence_id else None
        received = share.received_at if share else action.answered_at if action.evidence_id else None
        _check_evidence(finding, received)
        if action.plan is not None and (received is None or received <= action.plan.planned_at):
            raise RuleBroken("evidence_older_than_plan", field="photo")
        _decide(actor, action, "verify", "", now)
    if lots_wanted and stepped(finding, "watch", Hat.OWNER) and action is not None:
        _met(actor, finding, action)
        watch_effect(actor, finding, action, lots_wanted, now)
    elif not lots_wanted and stepped(finding, "verify", Hat.OWNER, closed_at=now) and action is not None:
        _met(actor, finding, action)
        closed(actor, finding, now)
    return finding


def _met(actor: Actor, finding: Finding, action: CorrectiveAction) -> None:
    duty = obligation_of(actor, finding)
    if duty is not None:
        meet(clause_id=duty.clause_id, side=duty.side, key=duty.key, now=action.answered_at, subject_id=finding.pk)


@transaction.atomic
def refuse_action(*, actor: Actor, finding_id: UUID, reason: str, now: datetime) -> Finding:
    """Send an answer back with a reason; the finding waits for a new one and its day stays.

    Raises RuleBroken("finding_reason_missing").
    """
    finding = finding_held(actor, finding_id)
    must_judge(actor, finding.owner_org_id)
    if not reason.strip():
        raise RuleBroken("finding_reason_missing", field="reason")
    action = _waiting(actor, finding)
    if action is not None:
        _decide(actor, action, "refuse", reason.strip(), now)
    if stepped(finding, "refuse", Hat.OWNER):
        note(actor, finding, "finding_refused", {"reason": reason.strip()}, now)
        close_todo(kind="finding_answered", subject_id=finding.pk, now=now)
        if finding.state == Finding.State.ACTION_PLANNED:
            told = for_supplier(finding.agreement)
            put_todo(**told, kind="finding_to_carry_out", subject_id=finding.pk, due_on=finding.due_on, now=now)
            tell(**told, kind="finding_refused", subject_id=finding.pk, now=now)
        else:
            ask_supplier(finding, "finding_refused", finding.due_on, now)
    return finding
