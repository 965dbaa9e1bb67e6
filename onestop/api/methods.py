"""The method of the scores, for the platform."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from foundation.actor import Actor, Hat
from foundation.errors import WORDS
from onestop.scoring import BANDS, PARTS
from onestop.selectors.scores import method_for, methods, trial_of
from onestop.services.methods import LONGEST_WHY, approve_method, draft_method, movers_shown, propose_method, try_method, withdraw_method
from parties.endpoints import Endpoint, Said, Shape, verb
from records.models import ScoreMethod

PLATFORM = (Hat.PLATFORM,)


class ScoreMethodShape(Shape):
    id = serializers.UUIDField()
    number = serializers.IntegerField()
    state = serializers.ChoiceField(ScoreMethod.State.values)
    why = serializers.CharField()
    body = serializers.JSONField(help_text="Weights, least numbers, floors.")
    made_at = serializers.DateTimeField()
    made_by = serializers.CharField(allow_blank=True)
    proposed_by = serializers.CharField(allow_blank=True)
    approved_at = serializers.DateTimeField(allow_null=True)
    approved_by = serializers.CharField(allow_blank=True)


class ScoreMethodWholeShape(ScoreMethodShape):
    trial = serializers.JSONField(
        allow_null=True, help_text="The newest dry run: how many firms move, between which bands, which most and why."
    )


class ScoreMethodsShape(Shape):
    methods = ScoreMethodShape(many=True)


class ScoreMethodSaid(Said):
    weights = serializers.DictField(
        child=serializers.IntegerField(), help_text=f"A whole number for each of {', '.join(PARTS)}; together 100."
    )
    least = serializers.DictField(child=serializers.IntegerField(), help_text="From how many rows on a part is known.")
    least_parts = serializers.IntegerField()
    floors = serializers.DictField(child=serializers.IntegerField(), help_text="Percent from which A, B and C are reached.")
    why = serializers.CharField(max_length=LONGEST_WHY)
    client_id = serializers.CharField(max_length=60, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        for name, keys in (("weights", PARTS), ("least", PARTS), ("floors", BANDS[:-1])):
            if set(attrs[name]) != set(keys):
                raise serializers.ValidationError({name: [ErrorDetail(str(WORDS["fields_missing"]), code="fields_missing")]})
        return attrs


class ScoreMethods(Endpoint):
    hats = PLATFORM

    @verb("Versions of the method, newest first", gives=ScoreMethodsShape)
    def get(self, actor: Actor) -> dict[str, Any]:
        return {"methods": methods(actor)}

    @verb("Draft another version and try it", takes=ScoreMethodSaid, gives=ScoreMethodWholeShape, status=201)
    def post(self, actor: Actor, said: dict[str, Any]) -> ScoreMethod:
        flat = {f"weight_{name}": said["weights"][name] for name in PARTS} | {f"least_{name}": said["least"][name] for name in PARTS}
        flat |= {"least_parts": said["least_parts"], **{f"floor_{band}": said["floors"][band] for band in BANDS[:-1]}}
        now = timezone.now()
        row = draft_method(actor=actor, said=flat, why=said["why"], client_id=said.get("client_id", "") or uuid4().hex, now=now)
        if row.state == ScoreMethod.State.DRAFT:
            try_method(actor=actor, method_id=row.pk, now=now)
        return _whole(actor, row)


def _whole(actor: Actor, row: Any) -> ScoreMethod:
    trial = trial_of(actor, row)
    row.trial = (
        None
        if trial is None
        else {**trial.summary, "movers": movers_shown(actor=actor, trial=trial, now=timezone.now()), "as_of": trial.as_of.isoformat()}
    )
    return row  # type: ignore[no-any-return]


class ScoreMethodOne(Endpoint):
    hats = PLATFORM

    @verb("One version with its newest dry run", gives=ScoreMethodWholeShape)
    def get(self, actor: Actor, method_id: UUID) -> ScoreMethod:
        return _whole(actor, method_for(actor, method_id))


class ScoreMethodTry(Endpoint):
    hats = PLATFORM

    @verb("Say what a version would change today", gives=ScoreMethodWholeShape)
    def post(self, actor: Actor, method_id: UUID) -> ScoreMethod:
        try_method(actor=actor, method_id=method_id, now=timezone.now())
        return _whole(actor, method_for(actor, method_id))


class ScoreMethodPropose(Endpoint):
    hats = PLATFORM

    @verb("Lay a tried draft before a second person", gives=ScoreMethodWholeShape)
    def post(self, actor: Actor, method_id: UUID) -> ScoreMethod:
        return _whole(actor, propose_method(actor=actor, method_id=method_id, now=timezone.now()))


class ScoreMethodApprove(Endpoint):
    hats = PLATFORM

    @verb("Put a proposed version in force, as its second person", gives=ScoreMethodWholeShape)
    def post(self, actor: Actor, method_id: UUID) -> ScoreMethod:
        return _whole(actor, approve_method(actor=actor, method_id=method_id, now=timezone.now()))


class ScoreMethodWithdraw(Endpoint):
    hats = PLATFORM

    @verb("Take a draft or a proposal back", gives=ScoreMethodWholeShape)
    def post(self, actor: Actor, method_id: UUID) -> ScoreMethod:
        return _whole(actor, withdraw_method(actor=actor, method_id=method_id, now=timezone.now()))
