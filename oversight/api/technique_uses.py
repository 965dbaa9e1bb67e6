"""What comes of a technique, as data: its question in a checklist, help with it at the desk of services."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from rest_framework import serializers

from audits.models import ChecklistDraft
from foundation.actor import Actor, Hat
from onestop.models import Kind, ServiceOffer
from onestop.services.offers import MOST, OfferSaid
from oversight.selectors.techniques import technique_for
from oversight.services.technique_uses import offer_technique, put_question
from parties.endpoints import Endpoint, Said, Shape, verb


class TechniqueQuestionSaid(Said):
    client_id = serializers.UUIDField()
    draft = serializers.UUIDField(required=False, allow_null=True, default=None, help_text="Left out: a new checklist is begun.")


class QuestionPlacedShape(Shape):
    draft = serializers.UUIDField(source="pk", help_text="The draft of the checklist that holds the question now.")
    revision = serializers.IntegerField()


class TechniqueOfferSaid(Said):
    client_id = serializers.UUIDField()
    kind = serializers.ChoiceField(Kind.values, required=False, default=Kind.QUALITY.value)
    title = serializers.CharField(max_length=80)
    about = serializers.CharField(max_length=1000)
    price_note = serializers.CharField(max_length=200)
    answer_hours = serializers.IntegerField(min_value=1, max_value=MOST["answer_hours"])
    service_days = serializers.IntegerField(min_value=1, max_value=MOST["service_days"])
    capacity = serializers.IntegerField(min_value=1, max_value=MOST["capacity"])
    node_codes = serializers.ListField(child=serializers.CharField(max_length=12), required=False, default=list, max_length=20)


class TechniqueOfferShape(Shape):
    id = serializers.UUIDField(help_text="The offer, a draft of one's own: it is published at the desk.")
    state = serializers.CharField()


class TechniqueQuestion(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Put a technique's question into a checklist draft of one's own", takes=TechniqueQuestionSaid, gives=QuestionPlacedShape)
    def post(self, actor: Actor, technique_id: UUID, said: dict[str, Any]) -> ChecklistDraft:
        row = technique_for(actor, technique_id)
        return put_question(actor=actor, technique=row, draft_id=said["draft"], client_id=said["client_id"], now=timezone.now())


class TechniqueOffers(Endpoint):
    hats = (Hat.LAB, Hat.PROVIDER)

    @verb("Offer help with a technique at the desk of services", takes=TechniqueOfferSaid, gives=TechniqueOfferShape, status=201)
    def post(self, actor: Actor, technique_id: UUID, said: dict[str, Any]) -> ServiceOffer:
        row, key = technique_for(actor, technique_id), said.pop("client_id")
        return offer_technique(actor=actor, technique=row, said=OfferSaid(**said), client_id=key, now=timezone.now())
