"""The long way, step by step (8D): the supplier contains, finds the cause and plans; the chain owner accepts; the supplier carries out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from agreements.services.obligations import meet
from audits.models import ActionPlan, Containment, CorrectiveAction, Finding
from audits.selectors.corrective import accepted_plan, containments_of, duties_of, waiting_plan
from audits.services.attaching import hung, must_be_newer
from audits.services.findings import ask_supplier, note, stepped
from audits.services.sides import finding_held, for_owner, for_supplier, must_file, must_judge
from audits.statement import branches_said, whys_said
from audits.status import FINDING_MOVES, PLAN_MOVES, may, moved
from foundation.actor import Actor, Hat
from foundation.errors import RuleBroken
from notices.services import close_todo, put_todo, tell


@dataclass(frozen=True, slots=True)
class PlanSaid:
    """The cause as it was found (a chain of whys, the branches of a fishbone, or both) and what will be done, by whom, by when."""

    cause: str
    action: str
    responsible: str
    planned_for: date
    prevention: str = ""
    whys: list[str] = field(default_factory=list)
    fishbone: dict[str, str] = field(default_factory=dict)


def _sides(finding: Finding) -> dict[str, Any]:
    return {"finding": finding, "owner_org_id": finding.owner_org_id, "supplier_org_id": finding.supplier_org_id}


def _words(said: str, name: str) -> str:
    if not said.strip():
        raise RuleBroken("finding_words_missing", field=name)
    return said.strip()


def _open_to(finding: Finding, verb: str, hat: Hat) -> None:
    """Refuse before anything is written: a step is taken once, and `stepped` would let a second one pass as the first."""
    if not may(FINDING_MOVES, finding.state, verb, hat):
        raise RuleBroken("finding_not_in_this_state")


@transaction.atomic
def contain_finding(
    *, actor: Actor, finding_id: UUID, measures: str, scope: str, evidence_ids: Iterable[UUID], client_id: str, now: datetime
) -> Containment:
    """What was done at once so that nothing more gets through; more may be told later. The same `client_id` tells once."""
    finding = finding_held(actor, finding_id)
    must_file(actor, finding.supplier_org_id)
    before = Containment.objects.visible_to(actor).filter(finding=finding, client_id=client_id).first()
    if before is not None:
        return before
    _open_to(finding, "contain", actor.hat)
    row = Containment(
        **_sides(finding), measures=_words(measures, "measures"), scope=scope.strip(), contained_by_id=cast(UUID, actor.person_id),
        contained_by=actor.person_name, contained_at=now, client_id=client_id,
    )  # fmt: skip
    hung(actor, finding, "contain", evidence_ids, now)
    stepped(finding, "contain", actor.hat, contained_at=finding.contained_at or now)
    Containment.objects.bulk_create([row])
    contained(actor, finding, now)
    note(actor, finding, "finding_contained", {"measures": row.measures, "scope": row.scope}, now)
    tell(**for_owner(finding.agreement), kind="finding_contained", subject_id=finding.pk, now=now)
    ask_again(finding, now)
    return row


def contained(actor: Actor, finding: Finding, now: datetime) -> None:
    """The duty to contain is met, where the clause makes it one."""
    for duty in duties_of(actor, finding):
        if duty.kind == "containment":
            meet(clause_id=duty.clause_id, side=duty.side, key=duty.key, now=now, subject_id=finding.pk)


def ask_again(finding: Finding, now: datetime) -> None:
    """The line on the supplier's list stands, without telling it once more."""
    put_todo(**for_supplier(finding.agreement), kind="finding_raised", subject_id=finding.pk, due_on=finding.due_on, now=now)


@transaction.atomic
def plan_action(*, actor: Actor, finding_id: UUID, said: PlanSaid, client_id: str, now: datetime) -> ActionPlan:
    """Propose what will be done about the cause. The same `client_id` proposes once.

    Raises RuleBroken("finding_words_missing"), ("plan_in_the_past").
    """
    finding = finding_held(actor, finding_id)
    must_file(actor, finding.supplier_org_id)
    before = ActionPlan.objects.visible_to(actor).filter(finding=finding, client_id=client_id).first()
    if before is not None:
        return before
    _open_to(finding, "plan", actor.hat)
    if said.planned_for < timezone.localdate(now):
        raise RuleBroken("plan_in_the_past", field="planned_for")
    for name in ("cause", "action", "responsible"):
        _words(getattr(said, name), name)
    facts = {**asdict(said), "whys": whys_said(said.whys), "fishbone": branches_said(said.fishbone)}
    plan = ActionPlan(
        **_sides(finding),
        **facts,
        planned_by_id=cast(UUID, actor.person_id),
        planned_by=actor.person_name,
        planned_at=now,
        client_id=client_id,
    )
    stepped(finding, "plan", actor.hat)
    ActionPlan.objects.bulk_create([plan])
    note(actor, finding, "finding_planned", {"cause": plan.cause, "action": plan.action, "planned_for": plan.planned_for.isoformat()}, now)
    close_todo(kind="finding_raised", subject_id=finding.pk, now=now)
    told = for_owner(finding.agreement)
    put_todo(**told, kind="finding_planned", subject_id=finding.pk, now=now)
    tell(**told, kind="finding_planned", subject_id=finding.pk, now=now)
    return plan


def _decide(actor: Actor, plan: ActionPlan, verb: str, reason: str, now: datetime) -> None:
    if plan.planned_by_id == actor.person_id:
        raise RuleBroken("own_action")
    plan.state = moved(PLAN_MOVES, plan.state, verb, Hat.OWNER)
    plan.decided_by_id, plan.decided_by, plan.decided_at, plan.reason = actor.person_id, actor.person_name, now, reason
    plan.save(update_fields=["state", "decided_by_id", "decided_by", "decided_at", "reason"])


@transaction.atomic
def accept_plan(*, actor: Actor, finding_id: UUID, now: datetime) -> Finding:
    """The plan will do; the supplier carries it out. Asked again, nothing more happens."""
    finding = finding_held(actor, finding_id)
    must_judge(actor, finding.owner_org_id)
    plan = waiting_plan(actor, finding)
    if plan is None and accepted_plan(actor, finding) is not None:
        return finding
    _open_to(finding, "accept_plan", actor.hat)
    if plan is None:
        raise RuleBroken("finding_not_in_this_state")
    _decide(actor, plan, "accept_plan", "", now)
    note(actor, finding, "finding_plan_accepted", {}, now)
    close_todo(kind="finding_planned", subject_id=finding.pk, now=now)
    told = for_supplier(finding.agreement)
    put_todo(**told, kind="finding_to_carry_out", subject_id=finding.pk, due_on=plan.planned_for, now=now)
    tell(**told, kind="finding_to_carry_out", subject_id=finding.pk, now=now)
    return finding


@transaction.atomic
def return_plan(*, actor: Actor, finding_id: UUID, reason: str, now: datetime) -> Finding:
    """The plan goes back with a reason; the day of the finding stays. Raises RuleBroken("finding_reason_missing")."""
    finding = finding_held(actor, finding_id)
    must_judge(actor, finding.owner_org_id)
    if not reason.strip():
        raise RuleBroken("finding_reason_missing", field="reason")
    plan = waiting_plan(actor, finding)
    if plan is None:
        if finding.state == Finding.State.CONTAINED:
            return finding
        raise RuleBroken("finding_not_in_this_state")
    _decide(actor, plan, "return_plan", reason.strip(), now)
    stepped(finding, "return_plan", actor.hat)
    note(actor, finding, "finding_plan_returned", {"reason": reason.strip()}, now)
    close_todo(kind="finding_planned", subject_id=finding.pk, now=now)
    ask_supplier(finding, "finding_plan_returned", finding.due_on, now)
    return finding


@transaction.atomic
def carry_out(
    *, actor: Actor, finding_id: UUID, done: str, evidence_ids: Iterable[UUID], client_id: str, now: datetime
) -> CorrectiveAction:
    """The plan was carried out, with evidence newer than the plan. The same `client_id` tells once.

    Raises RuleBroken("plan_not_accepted"), ("evidence_needed"), ("evidence_older_than_plan").
    """
    finding = finding_held(actor, finding_id)
    must_file(actor, finding.supplier_org_id)
    before = CorrectiveAction.objects.visible_to(actor).filter(finding=finding, client_id=client_id).first()
    if before is not None:
        return before
    _open_to(finding, "done", actor.hat)
    plan = accepted_plan(actor, finding)
    if plan is None or waiting_plan(actor, finding) is not None:
        raise RuleBroken("plan_not_accepted")
    found = hung(actor, finding, "done", evidence_ids, now)
    if not found:
        raise RuleBroken("evidence_needed", field="photo")
    must_be_newer(found, plan.planned_at, code="evidence_older_than_plan")
    first = containments_of(actor, finding)
    action = CorrectiveAction(
        **_sides(finding), plan=plan, correction=first[-1].measures if first else plan.action, cause=plan.cause, action=_words(done, "done"),
        evidence_id=found[0].pk, answered_by_id=cast(UUID, actor.person_id), answered_by=actor.person_name, answered_at=now, client_id=client_id,
    )  # fmt: skip
    stepped(finding, "done", actor.hat, answered_at=now)
    CorrectiveAction.objects.bulk_create([action])
    note(actor, finding, "finding_implemented", {"action": action.action, "photo": found[0].shared_sha256}, now)
    close_todo(kind="finding_to_carry_out", subject_id=finding.pk, now=now)
    told = for_owner(finding.agreement)
    put_todo(**told, kind="finding_answered", subject_id=finding.pk, now=now)
    tell(**told, kind="finding_answered", subject_id=finding.pk, now=now)
    return action
