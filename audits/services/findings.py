"""Findings: raised by the chain owner with a grade and a day, accepted by the supplier."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from agreements.models import Agreement, Clause
from agreements.services.obligations import arise
from audits.models import Audit, Finding, FindingText, Question
from audits.selectors import deadline_clause
from audits.selectors.repeats import seen_before
from audits.services.scores import score_again
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
# What happens to a finding and moves the score of an audit that was scored before: its kind in the record -> why it is computed again.
SCORED_AGAIN = {
    "finding_raised": "raised", "finding_contested": "contested", "finding_appealed": "contested", "finding_upheld": "decided",
    "finding_reworded": "decided", "finding_withdrawn": "decided", "finding_closed": "closed", "finding_reopened": "closed",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Observation:
    """The words of a finding in three lines (requirement, what was seen, the gap), how grave it is, and what it is about."""

    grade: str
    requirement: str
    observed: str
    question_code: str = ""
    gap: str = ""
    clause_ref: str = ""
    characteristic_code: str = ""

    def words(self) -> dict[str, str]:
        """What stands in the text of the finding."""
        said = asdict(self)
        said.pop("grade")
        return said


@dataclass(frozen=True, slots=True)
class Source:
    """Where a finding comes from: an audit or a lot, and the agreement it is raised under."""

    agreement: Agreement
    audit: Audit | None = None
    lot: Lot | None = None

    @property
    def site_id(self) -> UUID | None:
        return self.audit.site_id if self.audit else None


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
    if audit.state not in REVIEWABLE:
        raise RuleBroken("audit_not_submitted")
    check_seen(audit, seen)
    finding = written(actor, Source(audit.agreement, audit=audit), seen, client_id, now)
    return arisen(actor, finding, now)


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
    check_seen(None, seen)
    of_day = versions_for(actor, [lot]).get(lot.pk)
    if of_day is None:
        raise RuleBroken("no_deadline_clause")
    finding = written(actor, Source(of_day.agreement, lot=lot), seen, client_id, now)
    arisen(actor, finding, now, lot_no=lot.lot_no)
    close_todo(kind="lot_finding_to_raise", subject_id=lot.pk, now=now)
    return finding


def check_seen(audit: Audit | None, seen: Observation) -> None:
    """Refuse a grade that there is not, or a question that the checklist does not ask."""
    if seen.grade not in Finding.Grade.values:
        raise RuleBroken("grade_unknown", field="grade")
    code = seen.question_code
    if audit is not None and code and not Question.objects.filter(version_id=audit.checklist_id, code=code).exists():
        raise RuleBroken("question_unknown", field="question_code")


def written(actor: Actor, source: Source, seen: Observation, client_id: str, now: datetime) -> Finding:
    """The finding as its writer's draft: the row and its words. Nobody is told."""
    sides = {"owner_org_id": source.agreement.owner_org_id, "supplier_org_id": source.agreement.supplier_org_id}
    finding = Finding(
        agreement=source.agreement, **sides, audit=source.audit, lot=source.lot, site_id=source.site_id, grade=seen.grade,
        state=Finding.State.DRAFT, raised_at=now, due_on=timezone.localdate(now), client_id=client_id,
    )  # fmt: skip
    Finding.objects.bulk_create([finding])
    finding.text = FindingText(finding=finding, **sides, **seen.words(), raised_by=actor.person_name)
    FindingText.objects.bulk_create([finding.text])
    return finding


def arisen(actor: Actor, finding: Finding, now: datetime, **more: str) -> Finding:
    """A draft is raised: its day from the clause, how often it was found, the duty, the record, the supplier's list.

    An opportunity for improvement is noted: it has no day and no duty. Raises RuleBroken("no_deadline_clause").
    """
    text, finding.raised_at = finding.text, now
    payload = {"requirement": text.requirement, "observed": text.observed, "gap": text.gap, "question": text.question_code, **more}
    if finding.grade == Finding.Grade.OFI:
        finding.due_on, finding.closed_at, finding.state = None, now, moved(FINDING_MOVES, finding.state, "note", actor.hat)
        finding.save(update_fields=["raised_at", "due_on", "closed_at", "state"])
        note(actor, finding, "finding_noted", payload, now)
        tell(**for_supplier(finding.agreement), kind="finding_noted", subject_id=finding.pk, now=now)
        return finding
    clause = deadline_clause(actor, finding.agreement_id)
    if clause is None:
        raise RuleBroken("no_deadline_clause")
    finding.due_on, finding.contain_by = days_of(clause, finding.grade, now)
    finding.repeat_of, finding.nth = seen_before(actor, finding)
    finding.state = moved(FINDING_MOVES, finding.state, "raise", actor.hat)
    finding.save(update_fields=["raised_at", "due_on", "contain_by", "repeat_of", "nth", "state"])
    owe(finding, clause, now)
    nth = {"nth": finding.nth} if finding.nth > 1 else {}
    note(actor, finding, "finding_raised", {**payload, "due_on": finding.due_on.isoformat(), **nth}, now)
    ask_supplier(finding, "finding_raised", finding.due_on, now)
    return finding


def days_of(clause: Clause, grade: str, now: datetime) -> tuple[date, datetime | None]:
    """By when the clause asks for correction, and for a critical finding by when it has to be contained, if the clause says so."""
    due_on = working_calendar().next_working(timezone.localdate(now) + timedelta(days=clause.params[grade]))
    hours = clause.params.get("containment_hours") if grade == Finding.Grade.CRITICAL else None
    return due_on, now + timedelta(hours=hours) if hours else None


def owe(finding: Finding, clause: Clause, now: datetime, *, again: int = 0) -> None:
    """The supplier's duties: to put it right by its day, and to contain a critical one within the hours of the clause."""
    tail = f":{again}" if again else ""
    duty: dict[str, Any] = {
        "agreement": finding.agreement,
        "clause_id": clause.pk,
        "side": "supplier",
        "subject_id": finding.pk,
        "now": now,
    }
    arise(**duty, kind="corrective_action", key=f"finding:{finding.pk}{tail}", due_on=cast(date, finding.due_on))
    if finding.contain_by is not None:
        arise(**duty, kind="containment", key=f"containment:{finding.pk}{tail}", due_on=timezone.localdate(finding.contain_by))


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
    if finding.audit_id is not None and kind in SCORED_AGAIN:
        score_again(actor=actor, audit=audit_held(actor, finding.audit_id), why=SCORED_AGAIN[kind], now=now)


def ask_supplier(finding: Finding, kind: str, due_on: date | None, now: datetime) -> None:
    """The finding stands on the supplier's task list, and the supplier is told."""
    told = for_supplier(finding.agreement)
    put_todo(**told, kind="finding_raised", subject_id=finding.pk, due_on=due_on, now=now)
    tell(**told, kind=kind, subject_id=finding.pk, now=now)
