"""Findings, and what is done about them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone
from rest_framework import serializers

from audits.models import Finding
from audits.selectors import actions_of, finding_for, findings
from audits.selectors.findings import VIEWS, Wanted
from audits.services import (
    ActionWords,
    Observation,
    accept_finding,
    answer_finding,
    contest_finding,
    raise_finding,
    raise_finding_of_lot,
    refuse_action,
    uphold_finding,
    verify_action,
    withdraw_finding,
)
from foundation.actor import Actor, Hat
from inspections.selectors.lots import lot_for
from parties.endpoints import Asked, Endpoint, InBoth, Page, PageFilters, Said, Shape, verb
from records.selectors import evidence_for

SIDES = (Hat.OWNER, Hat.SUPPLIER)
ONCE = "The same client_id is done once."


class FindingShape(Shape):
    id = serializers.UUIDField()
    audit = serializers.UUIDField(source="audit_id", allow_null=True, help_text="Null for a finding of a lot.")
    lot = serializers.UUIDField(source="lot_id", allow_null=True, help_text="The lot that was not accepted, if it is a finding of one.")
    agreement = serializers.UUIDField(source="agreement_id")
    owner = InBoth("agreement.owner_name")
    supplier = InBoth("agreement.supplier_name")
    grade = serializers.CharField(help_text="critical, major, minor or ofi (an opportunity: it asks for nothing)")
    state = serializers.CharField(help_text="raised, accepted, contested, contained, action_planned, answered, implemented, verify, reopened, closed, withdrawn or noted; draft is its writer's own")
    requirement = serializers.CharField(source="text.requirement")
    observed = serializers.CharField(source="text.observed")
    question_code = serializers.CharField(source="text.question_code", allow_blank=True)
    raised_at = serializers.DateTimeField()
    due_on = serializers.DateField(allow_null=True, help_text="Null for an opportunity.")
    answered_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)


class ActionShape(Shape):
    id = serializers.UUIDField()
    state = serializers.CharField(help_text="answered, refused or verified")
    correction = serializers.CharField()
    cause = serializers.CharField(allow_blank=True)
    action = serializers.CharField(allow_blank=True)
    evidence = serializers.UUIDField(source="evidence_id", allow_null=True)
    answered_by = serializers.CharField()
    answered_at = serializers.DateTimeField()
    reason = serializers.CharField(allow_blank=True)


class FindingWholeShape(FindingShape):
    actions = ActionShape(many=True, source="tries")


class FindingFilters(PageFilters):
    view = serializers.ChoiceField(sorted(VIEWS), required=False)
    grade = serializers.ChoiceField(Finding.Grade.values, required=False)
    state = serializers.ChoiceField(Finding.State.values, required=False)


class LotFindingSaid(Said):
    grade = serializers.ChoiceField(Finding.Grade.values)
    requirement = serializers.CharField(max_length=1000)
    observed = serializers.CharField(max_length=2000)
    gap = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    clause_ref = serializers.CharField(max_length=80, required=False, allow_blank=True)
    characteristic_code = serializers.CharField(max_length=40, required=False, allow_blank=True)
    client_id = serializers.CharField(max_length=64, required=False, help_text=ONCE)


class FindingSaid(LotFindingSaid):
    question_code = serializers.CharField(max_length=20, required=False, allow_blank=True)


class AnswerFindingSaid(Said):
    correction = serializers.CharField(max_length=2000)
    cause = serializers.CharField(max_length=2000)
    action = serializers.CharField(max_length=2000)
    evidence = serializers.UUIDField(required=False, help_text="A photo of the firm, taken after the finding was raised.")
    client_id = serializers.CharField(max_length=64, required=False, help_text=ONCE)


class ContestSaid(Said):
    reason = serializers.CharField(max_length=2000)
    evidence = serializers.ListField(child=serializers.UUIDField(), max_length=12, required=False)


class ReasonSaid(Said):
    reason = serializers.CharField(max_length=2000)


def whole(actor: Actor, finding_id: UUID) -> Finding:
    """A finding with every try to put it right."""
    finding = finding_for(actor, finding_id)
    finding.tries = actions_of(actor, finding)  # type: ignore[attr-defined]
    return finding


class Findings(Endpoint):
    hats = SIDES

    @verb("The firm's findings, newest first", gives=FindingShape, asks=FindingFilters, page=(datetime, UUID))
    def get(self, actor: Actor, asked: Asked) -> Page:
        return Page(findings(actor, Wanted(**asked.filters), after=asked.after, limit=asked.size), lambda row: (row.raised_at, row.pk))


class AuditFindings(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Raise a finding of a submitted audit", takes=FindingSaid, gives=FindingWholeShape, status=201)
    def post(self, actor: Actor, audit_id: UUID, said: dict[str, Any]) -> Finding:
        client_id = said.pop("client_id", "") or str(uuid4())
        finding = raise_finding(actor=actor, audit_id=audit_id, seen=Observation(**said), client_id=client_id, now=timezone.now())
        return whole(actor, finding.pk)


class LotFindings(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Raise a finding of a lot that was not accepted", takes=LotFindingSaid, gives=FindingWholeShape, status=201)
    def post(self, actor: Actor, lot_id: UUID, said: dict[str, Any]) -> Finding:
        client_id, lot = said.pop("client_id", "") or str(uuid4()), lot_for(actor, lot_id)
        finding = raise_finding_of_lot(actor=actor, lot=lot, seen=Observation(**said), client_id=client_id, now=timezone.now())
        return whole(actor, finding.pk)


class FindingOne(Endpoint):
    hats = SIDES

    @verb("One finding with every try to put it right", gives=FindingWholeShape)
    def get(self, actor: Actor, finding_id: UUID) -> Finding:
        return whole(actor, finding_id)


class FindingAccept(Endpoint):
    hats = (Hat.SUPPLIER,)

    @verb("Say that it is so", gives=FindingWholeShape)
    def post(self, actor: Actor, finding_id: UUID) -> Finding:
        accept_finding(actor=actor, finding_id=finding_id, now=timezone.now())
        return whole(actor, finding_id)


class FindingContest(Endpoint):
    hats = (Hat.SUPPLIER,)

    @verb("Disagree, with a reason and evidence where there is some", takes=ContestSaid, gives=FindingWholeShape)
    def post(self, actor: Actor, finding_id: UUID, said: dict[str, Any]) -> Finding:
        contest_finding(
            actor=actor, finding_id=finding_id, reason=said["reason"], evidence_ids=said.get("evidence", []), now=timezone.now()
        )
        return whole(actor, finding_id)


class FindingUphold(Endpoint):
    hats = (Hat.OWNER,)

    @verb("The finding stands, with a reason", takes=ReasonSaid, gives=FindingWholeShape)
    def post(self, actor: Actor, finding_id: UUID, said: dict[str, Any]) -> Finding:
        uphold_finding(actor=actor, finding_id=finding_id, now=timezone.now(), **said)
        return whole(actor, finding_id)


class FindingWithdraw(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Take a finding back, with a reason", takes=ReasonSaid, gives=FindingWholeShape)
    def post(self, actor: Actor, finding_id: UUID, said: dict[str, Any]) -> Finding:
        withdraw_finding(actor=actor, finding_id=finding_id, now=timezone.now(), **said)
        return whole(actor, finding_id)


class FindingAnswer(Endpoint):
    hats = (Hat.SUPPLIER,)

    @verb("Correction, cause and corrective action, with evidence", takes=AnswerFindingSaid, gives=FindingWholeShape, status=201)
    def post(self, actor: Actor, finding_id: UUID, said: dict[str, Any]) -> Finding:
        client_id, evidence = said.pop("client_id", "") or str(uuid4()), said.pop("evidence", None)
        finding_for(actor, finding_id)
        evidence_id = evidence_for(actor, evidence).pk if evidence else None
        answer_finding(
            actor=actor, finding_id=finding_id, said=ActionWords(**said), evidence_id=evidence_id, client_id=client_id, now=timezone.now()
        )  # fmt: skip
        return whole(actor, finding_id)


class FindingVerify(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Accept the answer and close the finding", gives=FindingWholeShape)
    def post(self, actor: Actor, finding_id: UUID) -> Finding:
        verify_action(actor=actor, finding_id=finding_id, now=timezone.now())
        return whole(actor, finding_id)


class FindingRefuse(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Send an answer back with a reason; its day stays", takes=ReasonSaid, gives=FindingWholeShape)
    def post(self, actor: Actor, finding_id: UUID, said: dict[str, Any]) -> Finding:
        refuse_action(actor=actor, finding_id=finding_id, now=timezone.now(), **said)
        return whole(actor, finding_id)
