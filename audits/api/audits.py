"""Audits: what is due, its questions with their answers, handing over and review."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone
from rest_framework import serializers

from audits.models import Audit, Response
from audits.selectors import audit_for, audits, findings_of, sheet_of
from audits.selectors.audits import VIEWS
from audits.services import accept_audit, add_photo, remove_photo, save_answer, submit_audit
from audits.services.filing import LONGEST_NOTE
from foundation.actor import Actor, Hat
from parties.endpoints import Asked, Endpoint, InBoth, Page, PageFilters, Said, Shape, verb
from records.services.evidence import PHOTOS, take_evidence

SIDES = (Hat.OWNER, Hat.SUPPLIER)


class AuditShape(Shape):
    id = serializers.UUIDField()
    agreement = serializers.UUIDField(source="agreement_id")
    agreement_number = serializers.CharField(source="agreement.number")
    owner = InBoth("agreement.owner_name")
    supplier = InBoth("agreement.supplier_name")
    kind = serializers.CharField()
    checklist = serializers.CharField(source="checklist_id")
    period = serializers.IntegerField()
    notice_on = serializers.DateField()
    visit_on = serializers.DateField()
    state = serializers.CharField(help_text="planned, notified, in_progress, submitted, reviewed, closed or cancelled")
    submitted_at = serializers.DateTimeField(allow_null=True)
    reviewed_at = serializers.DateTimeField(allow_null=True)
    result_class = serializers.CharField(allow_blank=True, help_text="A to D, once reviewed.")


class QuestionShape(Shape):
    number = serializers.IntegerField()
    code = serializers.CharField()
    text = InBoth("text")
    photo = serializers.CharField(help_text="none, on_no or always")
    is_critical = serializers.BooleanField()
    kind = serializers.CharField(help_text="yes_no, scale, number, choice, text, photo or signature")
    answer = serializers.CharField(allow_blank=True, help_text="yes, no, na, or empty")
    value = serializers.JSONField(allow_null=True, help_text="The answer to a question that is not of yes and no.")
    note = serializers.CharField(allow_blank=True)
    photos = serializers.ListField(child=serializers.UUIDField(), help_text="Evidence under the answer.")


class FindingStateShape(Shape):
    id = serializers.UUIDField()
    grade = serializers.CharField()
    state = serializers.CharField()
    due_on = serializers.DateField()


class AuditWholeShape(AuditShape):
    questions = QuestionShape(many=True)
    findings = FindingStateShape(many=True, source="found")


class AuditFilters(PageFilters):
    view = serializers.ChoiceField(sorted(VIEWS), required=False)


class AnswerSaid(Said):
    answer = serializers.ChoiceField(Response.Answer.values, allow_blank=True, help_text="Of a yes-or-no question; na of any.")
    value = serializers.CharField(max_length=LONGEST_NOTE, allow_blank=True, required=False, help_text="Of every other kind of question.")
    note = serializers.CharField(max_length=LONGEST_NOTE, allow_blank=True, required=False, default="")


class PhotoSaid(Said):
    evidence = serializers.UUIDField(help_text="A photo of the firm: POST /evidence/ first.")


def whole(actor: Actor, audit_id: UUID) -> Audit:
    """An audit with its questions, as far as the actor may see the answers, and its findings."""
    audit = audit_for(actor, audit_id)
    sheet = sheet_of(actor, audit)
    audit.questions = [  # type: ignore[attr-defined]
        {
            "number": q.order, "code": q.code, "text_zh": q.text_zh, "text_en": q.text_en, "photo": q.photo, "is_critical": q.is_critical,
            "kind": q.kind, "value": sheet.said(q).value if q.kind != "yes_no" else None,
            "answer": sheet.answered(q).answer, "note": sheet.answered(q).note, "photos": [p.evidence_id for p in sheet.photos_under(q)],
        }
        for q in sheet.asked()
    ]  # fmt: skip
    audit.found = findings_of(actor, audit)  # type: ignore[attr-defined]
    return audit


class Audits(Endpoint):
    hats = SIDES

    @verb("The firm's audits, latest visit first", gives=AuditShape, asks=AuditFilters, page=(date, UUID))
    def get(self, actor: Actor, asked: Asked) -> Page:
        return Page(audits(actor, after=asked.after, limit=asked.size, **asked.filters), lambda row: (row.visit_on, row.pk))


class AuditOne(Endpoint):
    hats = SIDES

    @verb("One audit: questions, answers and findings", gives=AuditWholeShape)
    def get(self, actor: Actor, audit_id: UUID) -> Audit:
        return whole(actor, audit_id)


class AuditAnswer(Endpoint):
    hats = (Hat.SUPPLIER,)

    @verb("Keep one answer; saved again, it is the same answer", takes=AnswerSaid, gives=AuditWholeShape)
    def put(self, actor: Actor, audit_id: UUID, number: int, said: dict[str, Any]) -> Audit:
        save_answer(actor=actor, audit_id=audit_id, number=number, now=timezone.now(), **said)
        return whole(actor, audit_id)


class AuditPhotos(Endpoint):
    hats = (Hat.SUPPLIER,)

    @verb("Hang a filed photo under an answer", takes=PhotoSaid, gives=AuditWholeShape)
    def post(self, actor: Actor, audit_id: UUID, number: int, said: dict[str, Any]) -> Audit:
        now = timezone.now()
        audit_for(actor, audit_id)
        evidence = take_evidence(actor=actor, now=now, client_id="", evidence_id=said["evidence"], allowed=PHOTOS)
        add_photo(actor=actor, audit_id=audit_id, number=number, evidence=evidence, now=now)
        return whole(actor, audit_id)


class AuditPhoto(Endpoint):
    hats = (Hat.SUPPLIER,)

    @verb("Take a photo from an answer that is not submitted yet", gives=AuditWholeShape)
    def delete(self, actor: Actor, audit_id: UUID, number: int, evidence_id: UUID) -> Audit:
        remove_photo(actor=actor, audit_id=audit_id, number=number, evidence_id=evidence_id)
        return whole(actor, audit_id)


class AuditSubmit(Endpoint):
    hats = (Hat.SUPPLIER,)

    @verb("Hand the self-check over", gives=AuditWholeShape)
    def post(self, actor: Actor, audit_id: UUID) -> Audit:
        submit_audit(actor=actor, audit_id=audit_id, now=timezone.now())
        return whole(actor, audit_id)


class AuditReview(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Close the review; the class is computed from the answers", gives=AuditWholeShape)
    def post(self, actor: Actor, audit_id: UUID) -> Audit:
        accept_audit(actor=actor, audit_id=audit_id, now=timezone.now())
        return whole(actor, audit_id)
