"""A firm's own score, its links, and the appeal."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.urls import reverse
from django.utils import timezone
from rest_framework import serializers

from agreements.documents import public_address
from foundation.actor import Actor, Hat
from foundation.errors import Absent
from onestop.models import Portrait
from onestop.portrait_rows import appeal_said
from onestop.scoring import PARTS
from onestop.selectors.portraits import drawn, looks_at, portrait_for, portraits_shared
from onestop.selectors.scores import score_of
from onestop.services.portraits import LONGEST_FOR, revoke_portrait, share_portrait, token_of
from parties.endpoints import Asked, Endpoint, Page, PageFilters, Said, Shape, verb
from records.models import Score, ScoreAppeal
from records.services.appeals import file_score_appeal

FIRM = (Hat.SUPPLIER,)


class PortraitShape(Shape):
    as_of = serializers.DateField()
    number = serializers.IntegerField(help_text="Of the computation; the highest holds.")
    method = serializers.IntegerField(source="method.number")
    value_hundredths = serializers.IntegerField(allow_null=True, help_text="Of a percent; null where too few parts are known.")
    band = serializers.CharField(allow_blank=True)
    parts = serializers.JSONField(help_text="Part: hundredths of a percent, or null where too little is known.")
    inputs = serializers.JSONField(help_text="All that went in: computed again by the method's body, it gives the same numbers.")
    body = serializers.JSONField(source="method.body")
    middle = serializers.JSONField(help_text="The anonymous middle of the node, from five firms on.")


class PortraitLookShape(Shape):
    at = serializers.DateTimeField()
    device = serializers.CharField(allow_blank=True)
    net = serializers.CharField(allow_blank=True, help_text="The address without its end.")


class PortraitLinkShape(Shape):
    id = serializers.UUIDField()
    for_whom = serializers.CharField()
    shared_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    revoked_at = serializers.DateTimeField(allow_null=True)


class PortraitLinkWholeShape(PortraitLinkShape):
    address = serializers.CharField(allow_blank=True, help_text="Whoever holds it reads the portrait; empty once it is over.")
    looks = PortraitLookShape(many=True)


class PortraitLinkFilters(PageFilters):
    pass


class PortraitShareSaid(Said):
    for_whom = serializers.CharField(max_length=LONGEST_FOR)
    client_id = serializers.CharField(max_length=60, required=False, help_text="The same client_id is done once.")


class PortraitAppealSaid(Said):
    part = serializers.ChoiceField(PARTS)
    grounds = serializers.CharField(max_length=1_000)
    client_id = serializers.CharField(max_length=60, required=False)


class PortraitAppealShape(Shape):
    id = serializers.UUIDField()
    code = serializers.CharField()
    part = serializers.CharField()
    state = serializers.CharField()
    filed_at = serializers.DateTimeField()


def _score(actor: Actor) -> Score:
    found = score_of(actor, actor.org_id)
    if found is None:
        raise Absent
    return found


def _whole(actor: Actor, row: Portrait) -> dict[str, Any]:
    token = token_of(row) if row.is_open(timezone.now()) else ""
    address = public_address(reverse("onestop:portrait_public", args=[token])) if token else ""
    said = {name: getattr(row, name) for name in ("id", "for_whom", "shared_at", "expires_at", "revoked_at")}
    return {**said, "address": address, "looks": looks_at(actor, row)}


class PortraitOwn(Endpoint):
    hats = FIRM

    @verb("The firm's score with all that went in, and the middle of its node", gives=PortraitShape)
    def get(self, actor: Actor) -> Score:
        score = _score(actor)
        score.middle = drawn(actor, score, now=timezone.now())["middle"]  # type: ignore[attr-defined]
        return score


class PortraitLinks(Endpoint):
    hats = FIRM

    @verb("Links that the firm made, newest first", gives=PortraitLinkShape, asks=PortraitLinkFilters, page=(datetime, UUID))
    def get(self, actor: Actor, asked: Asked) -> Page:
        return Page(portraits_shared(actor, after=asked.after, limit=asked.size), lambda row: (row.shared_at, row.pk))

    @verb("Show the portrait by a link that is good for thirty days", takes=PortraitShareSaid, gives=PortraitLinkWholeShape, status=201)
    def post(self, actor: Actor, said: dict[str, Any]) -> dict[str, Any]:
        client_id = said.get("client_id", "") or uuid4().hex
        return _whole(actor, share_portrait(actor=actor, for_whom=said["for_whom"], client_id=client_id, now=timezone.now()))


class PortraitLinkOne(Endpoint):
    hats = FIRM

    @verb("One link, and who opened it", gives=PortraitLinkWholeShape)
    def get(self, actor: Actor, portrait_id: UUID) -> dict[str, Any]:
        return _whole(actor, portrait_for(actor, portrait_id))


class PortraitLinkRevoke(Endpoint):
    hats = FIRM

    @verb("Take a link back", gives=PortraitLinkWholeShape)
    def post(self, actor: Actor, portrait_id: UUID) -> dict[str, Any]:
        return _whole(actor, revoke_portrait(actor=actor, portrait_id=portrait_id, now=timezone.now()))


class PortraitAppeal(Endpoint):
    hats = FIRM

    @verb("Appeal against a part of the score", takes=PortraitAppealSaid, gives=PortraitAppealShape, status=201)
    def post(self, actor: Actor, said: dict[str, Any]) -> ScoreAppeal:
        client_id = said.get("client_id", "") or uuid4().hex
        appeal = appeal_said(_score(actor), said["part"], said["grounds"])
        return file_score_appeal(actor=actor, said=appeal, client_id=client_id, now=timezone.now())
