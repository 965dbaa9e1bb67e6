"""What an audit came to, with all that went in."""

from __future__ import annotations

from uuid import UUID

from rest_framework import serializers

from audits.models import AuditScore
from audits.scoring import compute
from audits.selectors import audit_for
from audits.selectors.scores import score_for
from foundation.actor import Actor, Hat
from parties.endpoints import Endpoint, Shape, verb


class AuditScoreShape(Shape):
    audit = serializers.UUIDField(source="audit_id")
    number = serializers.IntegerField(help_text="Of the computation; the highest holds.")
    method = serializers.CharField(help_text="weighted-1 or vda63-1")
    value_hundredths = serializers.IntegerField(allow_null=True, help_text="Of a percent; null where nothing can be said.")
    band = serializers.CharField(allow_blank=True)
    why = serializers.CharField(help_text="reviewed, raised, contested, decided or closed")
    at = serializers.DateTimeField()
    inputs = serializers.JSONField(help_text="All that went in: computed again, it gives the same number.")
    reasons = serializers.ListField(child=serializers.CharField(), help_text="What took the band down.")


class AuditScoreOne(Endpoint):
    hats = (Hat.OWNER, Hat.SUPPLIER)

    @verb("What an audit came to, and from what", gives=AuditScoreShape)
    def get(self, actor: Actor, audit_id: UUID) -> AuditScore:
        audit_for(actor, audit_id)
        score = score_for(actor, audit_id)
        score.reasons = list(compute(score.inputs).reasons)  # type: ignore[attr-defined]
        return score
