"""Audits shown to another chain owner: shown by the supplier, recognised by the reader."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone
from rest_framework import serializers

from audits.copying import Choice
from audits.models import AuditCopy
from audits.selectors.copies import copies, copy_for
from audits.services.copies import LONGEST_REASON, Showing, decide_copy, show_audit, take_back
from foundation.actor import Actor, Hat
from parties.endpoints import Asked, Endpoint, InBoth, Page, PageFilters, Said, Shape, verb

SIDES = (Hat.OWNER, Hat.SUPPLIER)


class ShownAuditShape(Shape):
    id = serializers.UUIDField()
    agreement = serializers.UUIDField(source="agreement_id", help_text="Between the supplier and the reader.")
    reader = InBoth("agreement.owner_name")
    supplier = InBoth("agreement.supplier_name")
    month = serializers.DateField(help_text="Its first day; the day itself is not told.")
    state = serializers.ChoiceField(AuditCopy.State.values)
    shown_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)
    half_days_saved = serializers.IntegerField(source="halves_saved")
    sha256 = serializers.CharField(help_text="Of the canonical body.")


class ShownAuditWholeShape(ShownAuditShape):
    body = serializers.JSONField()


class ShownAuditFilters(PageFilters):
    state = serializers.ChoiceField(AuditCopy.State.values, required=False)


class ShowAuditSaid(Said):
    agreement = serializers.UUIDField(help_text="An agreement in force with the chain owner who is to read it.")
    sections = serializers.ListField(child=serializers.CharField(max_length=20), required=False, help_text="None: the whole audit.")
    with_words = serializers.BooleanField(required=False, default=False, help_text="With the words of the findings, names covered.")
    client_id = serializers.CharField(max_length=60, required=False, help_text="The same client_id is done once.")


class NotRecognisedSaid(Said):
    reason = serializers.CharField(max_length=LONGEST_REASON)


class ShownAudits(Endpoint):
    hats = SIDES

    @verb("Audits shown to the firm, or by it, newest first", gives=ShownAuditShape, asks=ShownAuditFilters, page=(datetime, UUID))
    def get(self, actor: Actor, asked: Asked) -> Page:
        return Page(copies(actor, after=asked.after, limit=asked.size, **asked.filters), lambda row: (row.shown_at, row.pk))


class ShownAuditOne(Endpoint):
    hats = SIDES

    @verb("One shown audit", gives=ShownAuditWholeShape)
    def get(self, actor: Actor, share_of_audit_id: UUID) -> AuditCopy:
        return copy_for(actor, share_of_audit_id)


class AuditShow(Endpoint):
    hats = (Hat.SUPPLIER,)

    @verb("Show a finished audit to another chain owner", takes=ShowAuditSaid, gives=ShownAuditWholeShape, status=201)
    def post(self, actor: Actor, audit_id: UUID, said: dict[str, Any]) -> AuditCopy:
        showing = Showing(said["agreement"], Choice(tuple(said.get("sections", ())), said["with_words"]))
        client_id = said.get("client_id", "") or str(uuid4())
        return show_audit(actor=actor, audit_id=audit_id, showing=showing, client_id=client_id, now=timezone.now())


class ShownAuditRecognise(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Recognise it in place of a visit of one's own", gives=ShownAuditWholeShape)
    def post(self, actor: Actor, share_of_audit_id: UUID) -> AuditCopy:
        return decide_copy(actor=actor, copy_id=share_of_audit_id, recognised=True, now=timezone.now())


class ShownAuditDecline(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Do not recognise it, with a reason", takes=NotRecognisedSaid, gives=ShownAuditWholeShape)
    def post(self, actor: Actor, share_of_audit_id: UUID, said: dict[str, Any]) -> AuditCopy:
        return decide_copy(actor=actor, copy_id=share_of_audit_id, recognised=False, now=timezone.now(), **said)


class ShownAuditTakeBack(Endpoint):
    hats = (Hat.SUPPLIER,)

    @verb("Show it no more", gives=ShownAuditWholeShape)
    def post(self, actor: Actor, share_of_audit_id: UUID) -> AuditCopy:
        return take_back(actor=actor, copy_id=share_of_audit_id, now=timezone.now())
