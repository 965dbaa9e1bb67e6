"""Change notices: a supplier's with every answer, a customer's own copy with its answer."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone
from rest_framework import serializers

from foundation.actor import Actor, Hat
from inspections.models import ChangeNotice, ChangeReply
from inspections.selectors.change_notices import OF_OWNER, OF_SUPPLIER, change_for, changes, replies_of, reply_for, told_changes
from inspections.services.change_notices import (
    ANSWERS,
    ChangeSaid,
    answer_change,
    change_draft,
    draft_change,
    make_effective,
    send_change,
    withdraw_change,
)
from parties.endpoints import Asked, Endpoint, InBoth, Page, PageFilters, Said, Shape, verb
from records.selectors import evidence_for


class ChangeWordsShape(Shape):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(ChangeNotice.Kind.values)
    products = serializers.CharField()
    was = serializers.CharField()
    becomes = serializers.CharField()
    planned_on = serializers.DateField()
    effective_on = serializers.DateField(allow_null=True)


class ToldChangeShape(ChangeWordsShape):
    owner = InBoth("owner_name")
    supplier = InBoth("supplier_name")
    state = serializers.CharField(help_text="waiting, accepted, accepted_with_trial, refused, lapsed or withdrawn")
    sent_at = serializers.DateTimeField()
    due_on = serializers.DateField()
    why = serializers.CharField(allow_blank=True)
    answered_at = serializers.DateTimeField(allow_null=True)


class ChangeNoticeShape(ChangeWordsShape):
    state = serializers.CharField(help_text="draft, sent, effective or withdrawn")
    sent_at = serializers.DateTimeField(allow_null=True)
    settled_on = serializers.DateField(allow_null=True, help_text="The day since which nobody is waited for.")


class ChangeWholeShape(ChangeNoticeShape):
    answers = ToldChangeShape(many=True)


class ChangeFilters(PageFilters):
    state = serializers.ChoiceField(sorted(OF_SUPPLIER), required=False)
    kind = serializers.ChoiceField(ChangeNotice.Kind.values, required=False)


class ToldChangeFilters(PageFilters):
    state = serializers.ChoiceField(sorted(OF_OWNER), required=False)
    kind = serializers.ChoiceField(ChangeNotice.Kind.values, required=False)


class ChangeNoticeSaid(Said):
    kind = serializers.ChoiceField(ChangeNotice.Kind.values)
    products = serializers.CharField(max_length=200)
    was = serializers.CharField(max_length=500)
    becomes = serializers.CharField(max_length=500)
    planned_on = serializers.DateField()
    photo = serializers.UUIDField(required=False, help_text="An own evidence.")
    client_id = serializers.UUIDField(required=False, help_text="The same client_id drafts once.")


class ChangeAnswerSaid(Said):
    answer = serializers.ChoiceField([each.value for each in ANSWERS])
    why = serializers.CharField(max_length=500, required=False, allow_blank=True, help_text="Needed for a refusal or a trial.")


def whole_change(actor: Actor, change_id: UUID) -> ChangeNotice:
    """A notice with every answer to it."""
    row = change_for(actor, change_id)
    row.answers = replies_of(actor, row)  # type: ignore[attr-defined]
    return row


def _said(actor: Actor, said: dict[str, Any]) -> dict[str, Any]:
    photo = said.pop("photo", None)
    return {"said": ChangeSaid(**said), "photo": evidence_for(actor, photo) if photo else None, "now": timezone.now()}


class Changes(Endpoint):
    hats = (Hat.SUPPLIER,)

    @verb("The supplier's change notices, the latest planned first", gives=ChangeNoticeShape, asks=ChangeFilters, page=(date, UUID))
    def get(self, actor: Actor, asked: Asked) -> Page:
        return Page(changes(actor, after=asked.after, limit=asked.size, **asked.filters), lambda row: (row.planned_on, row.pk))

    @verb("Note a change; nobody is told before it is sent", takes=ChangeNoticeSaid, gives=ChangeWholeShape, status=201)
    def post(self, actor: Actor, said: dict[str, Any]) -> ChangeNotice:
        client_id = said.pop("client_id", None) or uuid4()
        return whole_change(actor, draft_change(actor=actor, client_id=client_id, **_said(actor, said)).pk)


class ChangeOne(Endpoint):
    hats = (Hat.SUPPLIER,)

    @verb("One notice with every answer", gives=ChangeWholeShape)
    def get(self, actor: Actor, change_id: UUID) -> ChangeNotice:
        return whole_change(actor, change_id)

    @verb("Mend a draft", takes=ChangeNoticeSaid, gives=ChangeWholeShape)
    def put(self, actor: Actor, change_id: UUID, said: dict[str, Any]) -> ChangeNotice:
        said.pop("client_id", None)
        change_draft(actor=actor, change=change_for(actor, change_id), **_said(actor, said))
        return whole_change(actor, change_id)


class ChangeSend(Endpoint):
    hats = (Hat.SUPPLIER,)

    @verb("Tell every customer whose agreement asks for it", gives=ChangeWholeShape)
    def post(self, actor: Actor, change_id: UUID) -> ChangeNotice:
        send_change(actor=actor, change=change_for(actor, change_id), now=timezone.now())
        return whole_change(actor, change_id)


class ChangeWithdraw(Endpoint):
    hats = (Hat.SUPPLIER,)

    @verb("Take a change back that is not in use yet", gives=ChangeWholeShape)
    def post(self, actor: Actor, change_id: UUID) -> ChangeNotice:
        withdraw_change(actor=actor, change=change_for(actor, change_id), now=timezone.now())
        return whole_change(actor, change_id)


class ChangeEffective(Endpoint):
    hats = (Hat.SUPPLIER,)

    @verb("The change is in use from today; not before everybody has answered or the days ran out", gives=ChangeWholeShape)
    def post(self, actor: Actor, change_id: UUID) -> ChangeNotice:
        make_effective(actor=actor, change=change_for(actor, change_id), now=timezone.now())
        return whole_change(actor, change_id)


class ToldChanges(Endpoint):
    hats = (Hat.OWNER,)

    @verb(
        "The changes that the chain owner was told of, the latest planned first",
        gives=ToldChangeShape,
        asks=ToldChangeFilters,
        page=(date, UUID),
    )
    def get(self, actor: Actor, asked: Asked) -> Page:
        return Page(told_changes(actor, after=asked.after, limit=asked.size, **asked.filters), lambda row: (row.planned_on, row.pk))


class ToldChangeOne(Endpoint):
    hats = (Hat.OWNER, Hat.SUPPLIER)

    @verb("One customer's copy of a change, with its answer", gives=ToldChangeShape)
    def get(self, actor: Actor, reply_id: UUID) -> ChangeReply:
        return reply_for(actor, reply_id)


class ToldChangeAnswer(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Accept a change, accept it with a trial, or refuse it", takes=ChangeAnswerSaid, gives=ToldChangeShape)
    def post(self, actor: Actor, reply_id: UUID, said: dict[str, Any]) -> ChangeReply:
        return answer_change(actor=actor, reply=reply_for(actor, reply_id), now=timezone.now(), **said)
