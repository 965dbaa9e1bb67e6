"""A visit on site, for a program: what a phone takes along, says and asks. The words are those of docs/adr/0030."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from rest_framework import serializers

from audits.api.audits import AuditWholeShape, whole
from audits.models import Audit
from audits.selectors.running import history_of, standing_of, visit_for
from audits.services.handing_in import hand_in, review_visit
from audits.services.running import apply_ops
from audits.visit_pack import pack_of
from audits.visit_said import HASH, MOST_OPS
from audits.visit_state import state_json
from foundation.actor import Actor, Hat
from parties.endpoints import Endpoint, Said, Shape, verb


class VisitPackShape(Shape):
    sha256 = serializers.CharField()
    size = serializers.IntegerField()
    made_at = serializers.CharField()
    pack = serializers.JSONField(
        source="*", help_text="Questions, last answers and findings, certificates, clauses, days: everything for a walk without a network."
    )


class VisitStateShape(Shape):
    state = serializers.JSONField(
        source="*", help_text="Answers, findings in the making, photos, what lacks, and the hash of what is on the server."
    )


class VisitOpsSaid(Said):
    ops = serializers.ListField(
        child=serializers.DictField(), max_length=MOST_OPS, help_text="Operations in order, each with its own client_id."
    )
    sent_at = serializers.DateTimeField(
        required=False, allow_null=True, default=None, help_text="The device's clock, to know how far it is off."
    )


class VisitResultsShape(Shape):
    results = serializers.ListField(child=serializers.DictField(), help_text="For each: saved, repeated, conflict or refused.")
    state = serializers.JSONField()


class VisitHandInSaid(Said):
    sha256 = serializers.RegexField(HASH, help_text="on_server.sha256 of the state that the sender has seen.")


class VisitOpShape(Shape):
    client_id = serializers.UUIDField()
    kind = serializers.CharField()
    subject = serializers.CharField()
    body = serializers.JSONField()
    version = serializers.IntegerField()
    outcome = serializers.CharField()
    person = serializers.CharField(source="person_name")
    client_time = serializers.DateTimeField(allow_null=True)
    skew_seconds = serializers.IntegerField()
    received_at = serializers.DateTimeField()


def _state(actor: Actor, audit_id: UUID, now: datetime) -> dict[str, Any]:
    return state_json(standing_of(actor, visit_for(actor, audit_id)), now)


class VisitPack(Endpoint):
    hats = (Hat.OWNER,)

    @verb("What a team member takes along to a visit", gives=VisitPackShape)
    def get(self, actor: Actor, audit_id: UUID) -> dict[str, Any]:
        return pack_of(actor, visit_for(actor, audit_id), timezone.now()).body


class VisitState(Endpoint):
    hats = (Hat.OWNER,)

    @verb("What of a visit is on the server", gives=VisitStateShape)
    def get(self, actor: Actor, audit_id: UUID) -> dict[str, Any]:
        return _state(actor, audit_id, timezone.now())


class VisitOps(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Every tap of a visit as it came, newest first", gives=VisitOpShape(many=True))
    def get(self, actor: Actor, audit_id: UUID) -> Any:
        return history_of(actor, visit_for(actor, audit_id))

    @verb("Apply operations in order; each is applied once", takes=VisitOpsSaid, gives=VisitResultsShape)
    def post(self, actor: Actor, audit_id: UUID, said: dict[str, Any]) -> dict[str, Any]:
        visit_for(actor, audit_id)
        now = timezone.now()
        results = apply_ops(actor=actor, audit_id=audit_id, ops=said["ops"], sent_at=said["sent_at"], now=now)
        return {"results": [each.as_json() for each in results], "state": _state(actor, audit_id, now)}


class VisitHandIn(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Hand a visit in, if both sides hold the same; again, nothing more happens", takes=VisitHandInSaid, gives=VisitStateShape)
    def post(self, actor: Actor, audit_id: UUID, said: dict[str, Any]) -> dict[str, Any]:
        visit_for(actor, audit_id)
        now = timezone.now()
        hand_in(actor=actor, audit_id=audit_id, sha256=said["sha256"], now=now)
        return _state(actor, audit_id, now)


class VisitReview(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Close the review of a visit; its score is computed", gives=AuditWholeShape)
    def post(self, actor: Actor, audit_id: UUID) -> Audit:
        review_visit(actor=actor, audit_id=audit_id, now=timezone.now())
        return whole(actor, audit_id)
