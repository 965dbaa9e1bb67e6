"""Work in the background, for the platform: what waits, what gave up, and the way to try again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.actor import Hat
from jobs.idempotency import Repeatable, speaker
from jobs.selectors import dead_letters, health, pulses, waiting
from jobs.services import retry_dead

LINES = 50
# The shapes of the floors above are not to be had here; this one names only what is its own.
PROBLEM = {("4XX", "application/problem+json"): OpenApiResponse({"$ref": "#/components/schemas/Problem"})}

WHAT, AGAIN = "What waits and what gave up: the first 50 of each", "Give a dead letter its tries back"


class EventShape(serializers.Serializer):
    id = serializers.UUIDField()
    task = serializers.CharField()
    key = serializers.CharField()
    attempts = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    next_try_at = serializers.DateTimeField()
    dead_at = serializers.DateTimeField(allow_null=True)
    last_error = serializers.CharField(allow_blank=True)


class PulseShape(serializers.Serializer):
    name = serializers.CharField()
    at = serializers.DateTimeField()


class HealthShape(serializers.Serializer):
    waiting = serializers.IntegerField()
    oldest = serializers.DateTimeField(allow_null=True)
    dead = serializers.IntegerField()


class WorkShape(serializers.Serializer):
    health = HealthShape()
    dead = EventShape(many=True)
    waiting = EventShape(many=True)
    pulses = PulseShape(many=True)


class Work(Repeatable):
    hats = (Hat.PLATFORM,)

    @extend_schema(operation_id="Work_get", summary=WHAT, description=WHAT, responses={200: WorkShape, **PROBLEM})
    def get(self, request: Request) -> Response:
        actor = speaker(request)
        found: dict[str, Any] = {
            "health": health(actor), "dead": dead_letters(actor, size=LINES), "waiting": waiting(actor, size=LINES), "pulses": pulses(actor),
        }  # fmt: skip
        return Response(WorkShape(found).data)


class Retry(Repeatable):
    hats = (Hat.PLATFORM,)

    @extend_schema(operation_id="Retry_post", summary=AGAIN, description=AGAIN, request=None, responses={200: EventShape, **PROBLEM})
    def post(self, request: Request, event_id: UUID) -> Response:
        return Response(EventShape(retry_dead(actor=speaker(request), event_id=event_id, now=timezone.now())).data)
