"""Findings: raised by the chain owner with a grade and a day, accepted by the supplier."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from agreements.models import Agreement
from agreements.services.obligations import arise
from audits.models import Audit, Finding, FindingText, Question
from audits.selectors import deadline_clause
from audits.services.sides import audit_held, finding_held, for_supplier, must_file, must_judge
from audits.status import FINDING_MOVES, REVIEWABLE, moved
from foundation.actor import Actor, Hat
from foundation.errors import RuleBroken
from inspections.models import Lot
from inspections.selectors.decisions import was_not_accepted
from inspections.selectors.versions_of_day import versions_for
from notices.services import close_todo, put_todo, tell
from parties.selectors import working_calendar
from records.services.entries import append_entry

LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True)
class Observation:
    """The words of a finding: what is required, what was seen, and how grave it is."""

    grade: str
    requirement: str
    observed: str
    question_code: str = ""


@transaction.atomic
def raise_finding(*, actor: Actor, audit_id: UUID, seen: Observation, client_id: str, now: datetime) -> Finding:
    """Raise a finding of a submitted audit; its day comes from the agreement's clause. The same `client_id` raises once.

    Raises RuleBroken("audit_not_submitted"), ("grade_unknown"), ("question_unknown"), ("no_deadline_clause").
    """
    audit = audit_held(actor, audit_id)
    must_judge(actor, audit.owner_org_id)
    before = Finding.objects.visible_to(actor).filter(audit=audit, client_id=client_id).first()
    if before is not None:
        return before
    _check(audit, seen)
    clause = deadline_clause(actor, audit.agreement_id)
    if clause is None:
        raise RuleBroken("no_deadline_clause")
    due_on = working_calendar().next_working(timezone.localdate(now) + timedelta(days=clause.params[seen.grade]))
    finding = _written(actor, audit.agreement, seen, {"audit": audit, "due_on": due_on, "client_id": client_id, "raised_at": now})
    _arisen(actor, finding, clause.pk, seen, now)
    return finding


@transaction.atomic
def raise_finding_of_lot(*, actor: Actor, lot: Lot, seen: Observation, client_id: str, now: datetime) -> Finding:
    """Raise a finding of a lot that was not accepted, under the agreement of its day. The same `client_id` raises once.

    Raises RuleBroken("lot_was_accepted"), ("grade_unknown"), ("no_deadline_clause").
    """
    actor.must_wear(Hat.OWNER)
    if lot.owner_org_id is None:
        raise RuleBroken("lot_was_accepted")
    must_judge(actor, lot.owner_org_id)
    before = Finding.objects.visible_to(actor).filter(lot_id=lot.pk, client_id=client_id).first()
    if before is not None:
        return before
    if not was_not_accepted(actor, lot):
        raise RuleBroken("lot_was_accepted")
    if seen.grade not in Finding.Grade.values:
        raise RuleBroken("grade_unknown", field="grade")
    of_day = versions_for(actor, [lot]).get(lot.pk)
    clause = deadline_clause(actor, of_day.agreement.pk) if of_day else None
    if of_day is None or clause is None:
        raise RuleBroken("no_deadline_clause")
    due_on = working_calendar().next_working(timezone.localdate(now) + timedelta(days=clause.params[seen.grade]))
    finding = _written(actor, of_day.agreement, seen, {"lot": lot, "due_on": due_on, "client_id": client_id, "raised_at": now})
    _arisen(actor, finding, clause.pk, seen, now, lot_no=lot.lot_no)
    close_todo(kind="lot_finding_to_raise", subject_id=lot.pk, now=now)
    return finding


def _arisen(actor: Actor, finding: Finding, clause_id: UUID, seen: Observation, now: datetime, **more: str) -> None:
    """The supplier's duty, the entry of the record, and the line on the supplier's list."""
    arise(
        agreement=finding.agreement, clause_id=clause_id, side="supplier", kind="corrective_action", key=f"finding:{finding.pk}",
        due_on=finding.due_on, subject_id=finding.pk, now=now,
    )  # fmt: skip
    payload = {"requirement": seen.requirement, "observed": seen.observed, "question": seen.question_code, **more}
    note(actor, finding, "finding_raised", {**payload, "due_on": finding.due_on.isoformat()}, now)
    ask_supplier(finding, "finding_raised", finding.due_on, now)


def _check(audit: Audit, seen: Observation) -> None:
    if audit.state not in REVIEWABLE:
        raise RuleBroken("audit_not_submitted")
    if seen.grade not in Finding.Grade.values:
        raise RuleBroken("grade_unknown", field="grade")
    code = seen.question_code
    if code and not Question.objects.filter(version_id=audit.checklist_id, code=code).exists():
        raise RuleBroken("question_unknown", field="question_code")


def _written(actor: Actor, agreement: Agreement, seen: Observation, values: dict[str, Any]) -> Finding:
    sides = {"owner_org_id": agreement.owner_org_id, "supplier_org_id": agreement.supplier_org_id}
    finding = Finding(agreement=agreement, **sides, grade=seen.grade, **values)
    Finding.objects.bulk_create([finding])
    text = FindingText(
        finding=finding, **sides, requirement=seen.requirement, observed=seen.observed, question_code=seen.question_code,
        raised_by=actor.person_name,
    )  # fmt: skip
    FindingText.objects.bulk_create([text])
    finding.text = text
    return finding


@transaction.atomic
def accept_finding(*, actor: Actor, finding_id: UUID, now: datetime) -> Finding:
    """The supplier says that it is so; what is left is to answer it."""
    finding = finding_held(actor, finding_id)
    must_file(actor, finding.supplier_org_id)
    if stepped(finding, "accept", actor.hat):
        note(actor, finding, "finding_accepted", {}, now)
    return finding


def stepped(finding: Finding, verb: str, hat: Hat, **values: Any) -> bool:
    """Move a held finding and keep its state; False when the same verb has already brought it there."""
    done = {to for (_state, said), (to, who) in FINDING_MOVES.items() if said == verb and who is hat}
    if finding.state in done and (finding.state, verb) not in FINDING_MOVES:
        return False
    finding.state = moved(FINDING_MOVES, finding.state, verb, hat)
    for name, value in values.items():
        setattr(finding, name, value)
    finding.save(update_fields=["state", *values])
    return True


def note(actor: Actor, finding: Finding, kind: str, payload: dict[str, Any], now: datetime) -> None:
    """One line of the common record about a finding."""
    title = finding.text.requirement[:LONGEST_TITLE]
    facts = {"grade": finding.grade, "title": title, **payload}
    append_entry(actor=actor, stream=finding.agreement, kind=kind, subject_id=finding.pk, now=now, payload=facts)


def ask_supplier(finding: Finding, kind: str, due_on: date, now: datetime) -> None:
    """The finding stands on the supplier's task list, and the supplier is told."""
    told = for_supplier(finding.agreement)
    put_todo(**told, kind="finding_raised", subject_id=finding.pk, due_on=due_on, now=now)
    tell(**told, kind=kind, subject_id=finding.pk, now=now)
