"""What either side owes, and the verbs that keep it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone
from rest_framework import serializers

from agreements.compliance import STATES
from agreements.models import Obligation
from agreements.selectors import agreement_for, obligation_for, obligations, state_on
from agreements.services import file_document, share_results, waive
from agreements.services.papers import file_record
from foundation.actor import Actor, Hat
from parties.endpoints import Asked, Endpoint, InBoth, Page, PageFilters, Said, Shape, verb
from records.services.evidence import take_evidence

SIDES = (Hat.OWNER, Hat.SUPPLIER)


class ObligationShape(Shape):
    id = serializers.UUIDField()
    agreement = serializers.UUIDField(source="agreement_id")
    agreement_number = serializers.CharField(source="agreement.number")
    owner = InBoth("agreement.owner_name")
    supplier = InBoth("agreement.supplier_name")
    clause = serializers.UUIDField(source="clause_id")
    kind = serializers.CharField()
    side = serializers.CharField(help_text="Who owes it: owner or supplier.")
    state = serializers.SerializerMethodField(help_text="Today: " + ", ".join(STATES))
    due_on = serializers.DateField()
    grace_days = serializers.IntegerField(help_text="Days after due_on on which it is due and not yet overdue.")
    paused_on = serializers.DateField(allow_null=True, help_text="Since when its clock stands still.")
    met_on = serializers.DateField(allow_null=True)
    subject_id = serializers.UUIDField(allow_null=True, help_text="The audit, the finding or the file that it speaks of.")

    def get_state(self, row: Obligation) -> str:
        return state_on(row, timezone.localdate())


class ObligationFilters(PageFilters):
    side = serializers.ChoiceField(["owner", "supplier"], required=False)
    state = serializers.ChoiceField([*STATES, "near", "open"], required=False)
    agreement = serializers.UUIDField(required=False)
    day = serializers.DateField(required=False)


class DocumentSaid(Said):
    evidence = serializers.UUIDField(help_text="A file of the firm: POST /evidence/ first.")
    number = serializers.CharField(max_length=80, required=False, allow_blank=True)
    expires_on = serializers.DateField(required=False)


class ResultsSaid(Said):
    note = serializers.CharField(max_length=2000)
    evidence = serializers.UUIDField(required=False)


class WhySaid(Said):
    why = serializers.CharField(max_length=500, help_text="The other side reads it; the bureau does not.")


class Obligations(Endpoint):
    hats = SIDES

    @verb("What both sides owe, by due day", gives=ObligationShape, asks=ObligationFilters, page=(date, UUID))
    def get(self, actor: Actor, asked: Asked) -> Page:
        said = dict(asked.filters)
        if "agreement" in said:
            said["agreement"] = agreement_for(actor, said["agreement"])
        rows = obligations(actor, today=timezone.localdate(), after=asked.after, limit=asked.size, **said)
        return Page(rows, lambda row: (row.due_on, row.pk))


class ObligationOne(Endpoint):
    hats = SIDES

    @verb("One duty", gives=ObligationShape)
    def get(self, actor: Actor, obligation_id: UUID) -> Obligation:
        return obligation_for(actor, obligation_id)


class ObligationDocument(Endpoint):
    hats = (Hat.SUPPLIER,)

    @verb("File the document that a clause asks for", takes=DocumentSaid, gives=ObligationShape)
    def post(self, actor: Actor, obligation_id: UUID, said: dict[str, Any]) -> Obligation:
        row, now = obligation_for(actor, obligation_id), timezone.now()
        evidence = take_evidence(actor=actor, now=now, client_id="", evidence_id=said.pop("evidence"))
        return file_document(actor=actor, obligation=row, evidence=evidence, now=now, **said)


class ObligationResults(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Share what the chain owner found, and keep its duty", takes=ResultsSaid, gives=ObligationShape)
    def post(self, actor: Actor, obligation_id: UUID, said: dict[str, Any]) -> Obligation:
        row, now = obligation_for(actor, obligation_id), timezone.now()
        chosen = said.get("evidence")
        evidence = take_evidence(actor=actor, now=now, client_id="", evidence_id=chosen) if chosen else None
        return share_results(actor=actor, obligation=row, note=said["note"], evidence=evidence, now=now)


class ObligationRecord(Endpoint):
    hats = (Hat.SUPPLIER,)

    @verb("Show the record of a process for one period", takes=ResultsSaid, gives=ObligationShape)
    def post(self, actor: Actor, obligation_id: UUID, said: dict[str, Any]) -> Obligation:
        row, now = obligation_for(actor, obligation_id), timezone.now()
        chosen = said.get("evidence")
        evidence = take_evidence(actor=actor, now=now, client_id="", evidence_id=chosen) if chosen else None
        return file_record(actor=actor, obligation=row, note=said["note"], evidence=evidence, now=now)


class ObligationWaive(Endpoint):
    hats = SIDES

    @verb("Let a duty of the other side go, with a reason", takes=WhySaid, gives=ObligationShape)
    def post(self, actor: Actor, obligation_id: UUID, said: dict[str, Any]) -> Obligation:
        return waive(actor=actor, obligation=obligation_for(actor, obligation_id), why=said["why"], now=timezone.now())
