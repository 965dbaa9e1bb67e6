"""Agreements: templates, drafts, the text and its two signatures."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from rest_framework import serializers

from agreements.models import Agreement, AgreementTemplate
from agreements.selectors import agreement_for, agreements, clauses_of, current_version, signatures_of, templates, text_of
from agreements.selectors.agreements import GROUPS
from agreements.services import change_clause, draft_agreement, return_agreement, send_agreement, set_days, sign_agreement
from foundation.actor import Actor, Hat
from foundation.errors import Absent
from parties.endpoints import Asked, Endpoint, InBoth, Page, PageFilters, Said, Shape, verb
from parties.limits import address_of
from suppliers.selectors import link_for

SIDES = (Hat.OWNER, Hat.SUPPLIER)
LAST_DAY = "The first day no longer covered; null runs until one side ends it."


class TemplateShape(Shape):
    code = serializers.CharField()
    name = InBoth("name")
    node_codes = serializers.ListField(child=serializers.CharField())
    clauses = serializers.ListField(child=serializers.DictField())


class AgreementShape(Shape):
    id = serializers.UUIDField()
    number = serializers.CharField()
    state = serializers.CharField(help_text="draft, in_review, signing, signed, in_force, expired, terminated or withdrawn")
    owner = InBoth("owner_name")
    supplier = InBoth("supplier_name")
    link = serializers.UUIDField(source="link_id")
    stream = serializers.UUIDField(source="stream_id")
    template = serializers.CharField(source="template_code")
    effective_from = serializers.DateField(allow_null=True)
    effective_to = serializers.DateField(allow_null=True, help_text=LAST_DAY)
    sent_at = serializers.DateTimeField(allow_null=True)
    signed_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()


class ClauseShape(Shape):
    id = serializers.UUIDField()
    number = serializers.IntegerField(source="order")
    type = serializers.CharField()
    side = serializers.CharField()
    params = serializers.DictField()
    text = InBoth("text")


class SignatureShape(Shape):
    side = serializers.CharField()
    person = serializers.CharField(source="person_name")
    sha256 = serializers.CharField()
    at = serializers.DateTimeField()


class VersionShape(Shape):
    number = serializers.IntegerField()
    sha256 = serializers.CharField(allow_blank=True, help_text="Of the locked text; empty while it is a draft.")
    in_force = serializers.BooleanField()
    locked_at = serializers.DateTimeField(allow_null=True)


class AgreementWholeShape(AgreementShape):
    version = VersionShape()
    clauses = ClauseShape(many=True)
    signatures = SignatureShape(many=True)


class TextShape(Shape):
    sha256 = serializers.CharField()
    canonical = serializers.CharField(help_text="The exact text that is signed (RFC 8785); its UTF-8 bytes have that hash.")
    text = serializers.DictField(help_text="The same, read.")


class AgreementFilters(PageFilters):
    state = serializers.ChoiceField(sorted(GROUPS), required=False)
    q = serializers.CharField(required=False, max_length=60, help_text="Number, or the other firm's name.")


class DaysSaid(Said):
    effective_from = serializers.DateField()
    effective_to = serializers.DateField(required=False, allow_null=True, default=None, help_text=LAST_DAY)


class DraftSaid(DaysSaid):
    link = serializers.UUIDField(help_text="A supplier of the list that has joined.")
    template = serializers.CharField(max_length=40)


class ClauseSaid(Said):
    params = serializers.DictField(child=serializers.JSONField(allow_null=True), help_text="Only what changes; null takes an optional one out.")
    seen = serializers.CharField(
        max_length=64, required=False, help_text="The clause's SHA-256 as it was read: refused where somebody changed it meanwhile."
    )


class ReturnSaid(Said):
    reason = serializers.CharField(max_length=2000)


class SignSaid(Said):
    sha256 = serializers.RegexField(r"^[0-9a-f]{64}\Z", help_text="Of the text that was read.")
    password = serializers.CharField(max_length=128, trim_whitespace=False, help_text="Of the person behind the key: nobody signs by a key alone.")


class Templates(Endpoint):
    hats = SIDES

    @verb("Every published template", gives=TemplateShape(many=True))
    def get(self, actor: Actor) -> list[AgreementTemplate]:
        return templates()


def _whole(actor: Actor, agreement: Agreement) -> Agreement:
    version = current_version(actor, agreement, on=timezone.localdate())
    agreement.version, agreement.clauses = version, clauses_of(actor, version)  # type: ignore[attr-defined]
    agreement.signatures = list(signatures_of(actor, version).values())  # type: ignore[attr-defined]
    return agreement


class Agreements(Endpoint):
    hats = SIDES
    write_hats = (Hat.OWNER,)

    @verb("The firm's agreements, newest first", gives=AgreementShape, asks=AgreementFilters, page=(datetime, UUID))
    def get(self, actor: Actor, asked: Asked) -> Page:
        said = asked.filters
        rows = agreements(actor, state=said.get("state", ""), query=said.get("q", ""), after=asked.after, limit=asked.size)
        return Page(rows, lambda row: (row.created_at, row.pk))

    @verb("Draft an agreement with a joined supplier", takes=DraftSaid, gives=AgreementWholeShape, status=201)
    def post(self, actor: Actor, said: dict[str, Any]) -> Agreement:
        link = link_for(actor, said.pop("link"))
        return _whole(actor, draft_agreement(actor=actor, link=link, template_code=said.pop("template"), now=timezone.now(), **said))


class AgreementOne(Endpoint):
    hats = SIDES

    @verb("One agreement: its text clause by clause, and who signed", gives=AgreementWholeShape)
    def get(self, actor: Actor, agreement_id: UUID) -> Agreement:
        return _whole(actor, agreement_for(actor, agreement_id))


class AgreementDays(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Change the days of a draft", takes=DaysSaid, gives=AgreementWholeShape)
    def put(self, actor: Actor, agreement_id: UUID, said: dict[str, Any]) -> Agreement:
        return _whole(actor, set_days(actor=actor, agreement=agreement_for(actor, agreement_id), now=timezone.now(), **said))


class AgreementClause(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Change what a draft's clause allows to be changed", takes=ClauseSaid, gives=ClauseShape)
    def patch(self, actor: Actor, agreement_id: UUID, number: int, said: dict[str, Any]) -> Any:
        version = current_version(actor, agreement_for(actor, agreement_id))
        clause = next((each for each in clauses_of(actor, version) if each.order == number), None)
        if clause is None:
            raise Absent
        params = {name: "" if value is None else value for name, value in said["params"].items()}
        return change_clause(actor=actor, clause=clause, params=params, seen=said.get("seen", ""), now=timezone.now())


class AgreementSend(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Lock the text and put it before the supplier", gives=AgreementWholeShape)
    def post(self, actor: Actor, agreement_id: UUID) -> Agreement:
        return _whole(actor, send_agreement(actor=actor, agreement=agreement_for(actor, agreement_id), now=timezone.now()))


class AgreementReturn(Endpoint):
    hats = (Hat.SUPPLIER,)

    @verb("Return the text with a reason; the chain owner gets a new draft", takes=ReturnSaid, gives=AgreementWholeShape)
    def post(self, actor: Actor, agreement_id: UUID, said: dict[str, Any]) -> Agreement:
        agreement = agreement_for(actor, agreement_id)
        return _whole(actor, return_agreement(actor=actor, agreement=agreement, reason=said["reason"], now=timezone.now()))


class AgreementSign(Endpoint):
    hats = SIDES

    @verb("Sign the SHA-256 of the text, with the person's password again", takes=SignSaid, gives=AgreementWholeShape)
    def post(self, actor: Actor, agreement_id: UUID, said: dict[str, Any]) -> Agreement:
        agreement, ip = agreement_for(actor, agreement_id), address_of(self.request._request) or None
        sign_agreement(actor=actor, agreement=agreement, now=timezone.now(), ip=ip, **said)
        return _whole(actor, agreement_for(actor, agreement_id))


class AgreementText(Endpoint):
    hats = SIDES

    @verb("The locked text as it is hashed; absent while it is a draft", gives=TextShape)
    def get(self, actor: Actor, agreement_id: UUID) -> dict[str, Any]:
        version = current_version(actor, agreement_for(actor, agreement_id), on=timezone.localdate())
        text = text_of(version)
        if text is None:
            raise Absent
        return {"sha256": version.sha256, "canonical": version.canonical, "text": text}
