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
from onestop.selectors.portraits import drawn, looks_at, portrait_for, portraits_shared, portraits_shown_to
from onestop.selectors.scores import newest_middles, score_of
from onestop.services.portraits import LONGEST_FOR, read_shown_portrait, revoke_portrait, share_portrait, token_of
from parties.endpoints import Asked, Endpoint, InBoth, Page, PageFilters, Said, Shape, verb
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


class PortraitShownShape(Shape):
    id = serializers.UUIDField()
    name = InBoth("body.name")
    band = serializers.CharField(source="body.band", allow_blank=True)
    value_hundredths = serializers.IntegerField(source="body.value", allow_null=True, help_text="In whole percents.")
    parts = serializers.JSONField(source="body.parts")
    shared_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


class ScoreMiddleShape(Shape):
    node = serializers.CharField(source="node_code")
    part = serializers.CharField()
    firms_from = serializers.IntegerField()
    middle = serializers.IntegerField(help_text="Percent.")
    low = serializers.IntegerField(allow_null=True)
    high = serializers.IntegerField(allow_null=True)


class ScoreMiddlesShape(Shape):
    month = serializers.DateField(allow_null=True)
    middles = ScoreMiddleShape(many=True)


class PortraitLinkFilters(PageFilters):
    pass


class PortraitShareSaid(Said):
    for_whom = serializers.CharField(max_length=LONGEST_FOR, required=False, allow_blank=True, default="")
    customer = serializers.UUIDField(required=False, help_text="The supply link of a chain owner of yours: it reads it without a link.")
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
        return _whole(
            actor,
            share_portrait(actor=actor, client_id=client_id, now=timezone.now(), for_whom=said["for_whom"], customer=said.get("customer")),
        )


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


class PortraitsShown(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Portraits that suppliers show to this firm today", gives=PortraitShownShape, asks=PortraitLinkFilters, page=(datetime, UUID))
    def get(self, actor: Actor, asked: Asked) -> Page:
        rows = portraits_shown_to(actor, now=timezone.now(), after=asked.after, limit=asked.size)
        return Page(rows, lambda row: (row.shared_at, row.pk))


class PortraitShownOne(Endpoint):
    hats = (Hat.OWNER,)

    @verb("One of them; the supplier sees that it was opened", gives=PortraitShownShape)
    def get(self, actor: Actor, portrait_id: UUID) -> Portrait:
        return read_shown_portrait(actor=actor, portrait_id=portrait_id, now=timezone.now())


class BureauScores(Endpoint):
    hats = (Hat.BUREAU,)

    @verb("The middle of each step of the chain, part by part, from five firms on", gives=ScoreMiddlesShape)
    def get(self, actor: Actor) -> dict[str, Any]:
        month, said = newest_middles(actor, today=timezone.localdate())
        return {"month": month, "middles": [row for parts in said.values() for row in parts.values()]}


class PortraitAppeal(Endpoint):
    hats = FIRM

    @verb("Appeal against a part of the score", takes=PortraitAppealSaid, gives=PortraitAppealShape, status=201)
    def post(self, actor: Actor, said: dict[str, Any]) -> ScoreAppeal:
        client_id = said.get("client_id", "") or uuid4().hex
        appeal = appeal_said(_score(actor), said["part"], said["grounds"])
        return file_score_appeal(actor=actor, said=appeal, client_id=client_id, now=timezone.now())
