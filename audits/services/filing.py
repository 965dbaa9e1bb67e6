"""The supplier's verbs: answer question by question, photograph, submit once."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from agreements.services.obligations import arise, meet
from audits.models import Audit, Question, Response, ResponseEvidence
from audits.questions import parsed
from audits.selectors import Sheet, photos_of, sheet_of
from audits.services.scheduling import self_check_key
from audits.services.sides import audit_held, for_owner, must_file
from audits.status import AUDIT_MOVES, moved
from foundation.actor import Actor, Hat
from foundation.errors import Absent, RuleBroken
from notices.services import close_todo, put_todo, tell
from parties.selectors import working_calendar
from records.models import Evidence
from records.selectors import evidence_for, evidences
from records.services.entries import append_entry
from records.services.evidence import share_evidence

MOST_PHOTOS = 6
LONGEST_NOTE = 500
FILED = ("submitted", "reviewed", "closed")


def _answering(actor: Actor, audit_id: UUID, number: int) -> tuple[Audit, Question]:
    audit = audit_held(actor, audit_id)
    must_file(actor, audit.supplier_org_id)
    if not audit.is_answered_by_site:
        raise RuleBroken("audit_not_open")
    question = Question.objects.filter(version_id=audit.checklist_id, order=number).first()
    if question is None:
        raise Absent
    state = moved(AUDIT_MOVES, audit.state, "start", Hat.SUPPLIER)
    if state != audit.state:
        Audit.objects.filter(pk=audit.pk).update(state=state)
        audit.state = state
    return audit, question


@transaction.atomic
def save_answer(*, actor: Actor, audit_id: UUID, number: int, answer: str, note: str, now: datetime, value: Any = None) -> Response:
    """Keep what is answered so far; an empty answer keeps the note. Saved again, it is the same answer.

    A yes-or-no question has its `answer`, every other kind its `value`, and any may have the answer "na".
    Raises RuleBroken("audit_not_open") once it is submitted or cancelled, ("answer_unknown"), ("note_too_long"), and those of questions.parsed.
    """
    if answer and answer not in Response.Answer.values:
        raise RuleBroken("answer_unknown", field="answer")
    if len(note) > LONGEST_NOTE:
        raise RuleBroken("note_too_long", field="note", most=LONGEST_NOTE)
    audit, question = _answering(actor, audit_id, number)
    if question.kind == Question.Kind.YES_NO:
        value = None
    elif answer in ("yes", "no"):
        raise RuleBroken("answer_unknown", field="answer")
    else:
        value = None if answer else parsed(question, value)
    return _kept(audit, question, {"answer": answer, "value": value, "note": note.strip(), "answered_by": actor.person_name, "answered_at": now})


def _kept(audit: Audit, question: Question, values: dict[str, object]) -> Response:
    mine = {"audit": audit, "question": question}
    response = Response.objects.filter(**mine).first()
    if response is None:
        response = Response(**mine, supplier_org_id=audit.supplier_org_id, **values)
        response.save(force_insert=True)
    elif any(getattr(response, name) != value for name, value in values.items() if name in ("answer", "value", "note")):
        Response.objects.filter(pk=response.pk).update(**values)
        response.refresh_from_db()
    return response


@transaction.atomic
def add_photo(*, actor: Actor, audit_id: UUID, number: int, evidence: Evidence, now: datetime) -> None:
    """Hang a filed photo under an answer; the same photo hangs once."""
    audit, question = _answering(actor, audit_id, number)
    evidence_for(actor, evidence.pk)
    response = Response.objects.filter(audit=audit, question=question).first()
    if response is None:
        response = _kept(audit, question, {"answered_by": actor.person_name, "answered_at": now})
    elif ResponseEvidence.objects.filter(response=response).exclude(evidence_id=evidence.pk).count() >= MOST_PHOTOS:
        raise RuleBroken("too_many_photos", field="photo", most=MOST_PHOTOS)
    photo = ResponseEvidence(response=response, supplier_org_id=audit.supplier_org_id, evidence_id=evidence.pk, added_at=now)
    ResponseEvidence.objects.bulk_create([photo], ignore_conflicts=True)


@transaction.atomic
def remove_photo(*, actor: Actor, audit_id: UUID, number: int, evidence_id: UUID) -> None:
    """Take a photo from an answer that is not submitted yet. The evidence itself stays the firm's."""
    audit, question = _answering(actor, audit_id, number)
    ResponseEvidence.objects.filter(response__audit=audit, response__question=question, evidence_id=evidence_id).delete()


@transaction.atomic
def submit_audit(*, actor: Actor, audit_id: UUID, now: datetime) -> Audit:
    """Hand the self-check over: from here on nobody changes an answer. Submitted again, nothing more happens.

    Raises RuleBroken("answers_missing") naming the questions that still lack an answer, a photo or a reason.
    """
    audit = audit_held(actor, audit_id)
    must_file(actor, audit.supplier_org_id)
    if audit.kind != Audit.Kind.SELF_CHECK:
        raise RuleBroken("audit_not_open")
    if audit.state in FILED:
        return audit
    sheet = sheet_of(actor, audit)
    lacking = [question.order for question in sheet.asked() if sheet.lacks(question)]
    if lacking and audit.is_answered_by_site:
        raise RuleBroken("answers_missing", numbers=", ".join(map(str, lacking)))
    audit.state = moved(AUDIT_MOVES, audit.state, "submit", Hat.SUPPLIER)
    audit.submitted_at, audit.submitted_by = now, actor.person_name
    audit.save(update_fields=["state", "submitted_at", "submitted_by"])
    Response.objects.filter(audit=audit, owner_org_id=None).update(owner_org_id=audit.owner_org_id)
    ResponseEvidence.objects.filter(response__audit=audit, owner_org_id=None).update(owner_org_id=audit.owner_org_id)
    _pass_on(actor, audit, sheet, now)
    return audit


def _pass_on(actor: Actor, audit: Audit, sheet: Sheet, now: datetime) -> None:
    programme, agreement = audit.asked_by, audit.agreement
    photos = photos_of(sheet)
    share_evidence(actor=actor, evidence_ids=photos, grantee_org_id=audit.owner_org_id, what="audit_evidence", now=now)
    meet(clause_id=programme.signed_clause, side="supplier", key=self_check_key(audit), now=now, subject_id=audit.pk)
    due_on = working_calendar().add_working_days(timezone.localdate(now), programme.review_days)
    arise(
        agreement=agreement, clause_id=programme.signed_clause, side="owner", kind="review", key=f"review:{audit.pk}",
        due_on=due_on, subject_id=audit.pk, now=now,
    )  # fmt: skip
    append_entry(
        actor=actor, stream=agreement, kind="audit_submitted", subject_id=audit.pk, effective_on=timezone.localdate(now), now=now,
        payload={
            "checklist": audit.checklist_id, "period": audit.period, "answers": len(sheet.asked()), "sheet": _digest(actor, sheet, photos),
        },
    )  # fmt: skip
    close_todo(kind="self_check_due", subject_id=audit.pk, now=now)
    told = for_owner(agreement)
    put_todo(**told, kind="audit_to_review", subject_id=audit.pk, due_on=due_on, now=now)
    tell(**told, kind="audit_to_review", subject_id=audit.pk, now=now)


def _digest(actor: Actor, sheet: Sheet, photos: list[UUID]) -> list[dict[str, object]]:
    """What the record keeps of the answers: codes, answers, and the fingerprint of each photo as the other side gets it."""
    files = evidences(actor, photos)
    return [
        {
            "code": question.code,
            "answer": sheet.answered(question).answer,
            **({} if question.kind in ("yes_no", "signature") else {"value": sheet.said(question).value}),
            "photos": [files[photo.evidence_id].shared_sha256 for photo in sheet.photos_under(question)],
        }
        for question in sheet.asked()
    ]
