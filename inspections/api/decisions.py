"""Decisions on lots, concessions and arbitration: the verbs of the pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone
from rest_framework import serializers

from foundation.actor import Actor, Hat
from inspections.deciding import STEPS
from inspections.lot_standing import steps_now
from inspections.models import Arbitration, ArbitrationSample, Concession, LotDecision
from inspections.selectors.decisions import (
    arbitration_for,
    arbitrations_of,
    concession_for,
    concessions_of,
    decisions_of,
    holds_of,
    sample_for_lab,
    samples_for_lab,
)
from inspections.selectors.lots import lot_for
from inspections.services.arbitration import (
    ArbitrationSaid,
    ask_arbitration,
    decide_sample,
    decline_sample,
    say_verdict,
    take_sample,
    withdraw_arbitration,
)
from inspections.services.concessions import AnswerSaid, answer_concession, ask_concession, withdraw_concession
from inspections.services.decisions import DecisionSaid, decide_lot
from parties.endpoints import Asked, Endpoint, InBoth, Page, PageFilters, Said, Shape, verb

BOTH = (Hat.OWNER, Hat.SUPPLIER)
ONCE = "The same client_id is done once."


class LotDecisionShape(Shape):
    id = serializers.UUIDField()
    kind = serializers.CharField(help_text="release, hold, lift, not_accept, rework, regrade, scrap, concession, lapse or arbitration")
    side = serializers.CharField(help_text="owner, supplier, lab or clock")
    from_state = serializers.CharField()
    to_state = serializers.CharField()
    as_cqo = serializers.BooleanField()
    why_code = serializers.CharField(allow_blank=True)
    why = serializers.CharField(allow_blank=True)
    new_grade = serializers.CharField(allow_blank=True)
    quantity = serializers.DecimalField(14, 3, allow_null=True)
    decided_by = serializers.CharField()
    at = serializers.DateTimeField()


class LotHoldShape(Shape):
    side = serializers.CharField()
    by_cqo = serializers.BooleanField(help_text="Ended by such an officer of the same side, or by arbitration.")
    why_code = serializers.CharField(allow_blank=True)
    why = serializers.CharField(allow_blank=True)
    held_by = serializers.CharField()
    held_at = serializers.DateTimeField()
    held_with = serializers.UUIDField(
        source="held_with.pk", allow_null=True, help_text="The lot of which this one is a part: the hold ends there."
    )


class LotStandingShape(Shape):
    state = serializers.CharField()
    holds = LotHoldShape(many=True)
    steps = serializers.ListField(child=serializers.CharField(), help_text="The steps that are open to the caller now.")
    decisions = LotDecisionShape(many=True, help_text="Newest first.")


class LotDecisionSaid(Said):
    kind = serializers.ChoiceField(sorted(STEPS))
    why_code = serializers.ChoiceField(sorted({code for step in STEPS.values() for code in step.reasons}))
    why = serializers.CharField(max_length=500, required=False, allow_blank=True, help_text="Needed where why_code is other.")
    new_grade = serializers.CharField(max_length=60, required=False, allow_blank=True, help_text="Of a lot that is regraded.")
    quantity = serializers.DecimalField(14, 3, required=False, help_text="Of a part that is scrapped; without it all that is left.")
    client_id = serializers.UUIDField(required=False, help_text=ONCE)


class ConcessionShape(Shape):
    id = serializers.UUIDField()
    lot = serializers.UUIDField(source="lot_id")
    state = serializers.CharField(help_text="asked, granted, refused, withdrawn or lapsed")
    quantity = serializers.DecimalField(14, 3)
    why = serializers.CharField()
    asked_at = serializers.DateTimeField()
    due_on = serializers.DateField(allow_null=True)
    granted_quantity = serializers.DecimalField(14, 3, allow_null=True)
    until = serializers.DateField(allow_null=True)
    answer = serializers.CharField(allow_blank=True)
    answered_at = serializers.DateTimeField(allow_null=True)


class ConcessionsShape(Shape):
    concessions = ConcessionShape(many=True)


class ConcessionSaid(Said):
    quantity = serializers.DecimalField(14, 3)
    why = serializers.CharField(max_length=500)
    client_id = serializers.UUIDField(required=False, help_text=ONCE)


class ConcessionAnswerSaid(Said):
    granted = serializers.BooleanField()
    why = serializers.CharField(max_length=500, required=False, allow_blank=True, help_text="Needed for a refusal.")
    quantity = serializers.DecimalField(14, 3, required=False, help_text="Without it, what was asked.")
    until = serializers.DateField(required=False, help_text="Without it, as long as the agreement allows.")


class ArbitrationShape(Shape):
    id = serializers.UUIDField()
    lot = serializers.UUIDField(source="lot_id")
    laboratory = InBoth("lab_name")
    asked_side = serializers.CharField()
    characteristic = serializers.CharField(source="characteristic_code")
    edition = serializers.CharField(source="edition_code", allow_blank=True)
    sample_code = serializers.CharField()
    state = serializers.CharField(help_text="asked, accepted, decided, declined or withdrawn")
    why = serializers.CharField()
    verdict = serializers.CharField(allow_blank=True, help_text="meets or fails")
    verdict_reason = serializers.CharField(allow_blank=True)
    asked_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)


class ArbitrationsShape(Shape):
    arbitrations = ArbitrationShape(many=True)


class ArbitrationAsked(Said):
    characteristic = serializers.CharField(max_length=20)
    edition = serializers.CharField(max_length=40, required=False, allow_blank=True)
    why = serializers.CharField(max_length=500)
    laboratory = serializers.UUIDField(required=False, help_text="Without it, the laboratory that the agreement names in words.")
    client_id = serializers.UUIDField(required=False, help_text=ONCE)


class VerdictSaid(Said):
    verdict = serializers.ChoiceField(Arbitration.Verdict.values)


class SampleVerdictSaid(VerdictSaid):
    why = serializers.CharField(max_length=500)


class SampleDeclinedSaid(Said):
    why = serializers.CharField(max_length=500)


class SampleToTestShape(Shape):
    id = serializers.UUIDField(source="pk")
    sample_code = serializers.CharField()
    product = serializers.CharField()
    characteristic = serializers.CharField(source="characteristic_code")
    edition = serializers.CharField(source="edition_code", allow_blank=True)
    bounds = serializers.JSONField(help_text="The limit, as far as it names no firm.")
    state = serializers.CharField()
    verdict = serializers.CharField(allow_blank=True)
    verdict_reason = serializers.CharField(allow_blank=True)
    asked_at = serializers.DateTimeField()


class LotDecisions(Endpoint):
    hats = BOTH

    @verb("Where a lot stands: its holds, its decisions, and what the caller may do", gives=LotStandingShape)
    def get(self, actor: Actor, lot_id: UUID) -> dict[str, Any]:
        lot = lot_for(actor, lot_id)
        holds = holds_of(actor, lot)
        return {"state": lot.state, "holds": holds, "steps": steps_now(actor, lot, holds), "decisions": decisions_of(actor, lot)}

    @verb("Take a step with a lot", takes=LotDecisionSaid, gives=LotDecisionShape, status=201)
    def post(self, actor: Actor, lot_id: UUID, said: dict[str, Any]) -> LotDecision:
        client_id = said.pop("client_id", None) or uuid4()
        return decide_lot(actor=actor, lot=lot_for(actor, lot_id), said=DecisionSaid(**said), client_id=client_id, now=timezone.now())


class LotConcessions(Endpoint):
    hats = BOTH

    @verb("The concessions of a lot, newest first", gives=ConcessionsShape)
    def get(self, actor: Actor, lot_id: UUID) -> dict[str, Any]:
        return {"concessions": concessions_of(actor, lot_for(actor, lot_id))}

    @verb("Ask to deliver a lot as it is", takes=ConcessionSaid, gives=ConcessionShape, status=201)
    def post(self, actor: Actor, lot_id: UUID, said: dict[str, Any]) -> Concession:
        client_id = said.pop("client_id", None) or uuid4()
        return ask_concession(actor=actor, lot=lot_for(actor, lot_id), client_id=client_id, now=timezone.now(), **said)


class ConcessionOne(Endpoint):
    hats = BOTH

    @verb("One concession", gives=ConcessionShape)
    def get(self, actor: Actor, concession_id: UUID) -> Concession:
        return concession_for(actor, concession_id)


class ConcessionAnswer(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Grant a concession, or refuse it", takes=ConcessionAnswerSaid, gives=ConcessionShape)
    def post(self, actor: Actor, concession_id: UUID, said: dict[str, Any]) -> Concession:
        return answer_concession(actor=actor, concession=concession_for(actor, concession_id), said=AnswerSaid(**said), now=timezone.now())


class ConcessionWithdraw(Endpoint):
    hats = (Hat.SUPPLIER,)

    @verb("Take the request for a concession back", gives=ConcessionShape)
    def post(self, actor: Actor, concession_id: UUID) -> Concession:
        return withdraw_concession(actor=actor, concession=concession_for(actor, concession_id), now=timezone.now())


class LotArbitrations(Endpoint):
    hats = BOTH

    @verb("The arbitrations of a lot, newest first", gives=ArbitrationsShape)
    def get(self, actor: Actor, lot_id: UUID) -> dict[str, Any]:
        return {"arbitrations": arbitrations_of(actor, lot_for(actor, lot_id))}

    @verb("Let a laboratory decide about a lot", takes=ArbitrationAsked, gives=ArbitrationShape, status=201)
    def post(self, actor: Actor, lot_id: UUID, said: dict[str, Any]) -> Arbitration:
        client_id = said.pop("client_id", None) or uuid4()
        asked = ArbitrationSaid(said["characteristic"], said["why"], edition=said.get("edition", ""), lab_org_id=said.get("laboratory"))
        return ask_arbitration(actor=actor, lot=lot_for(actor, lot_id), said=asked, client_id=client_id, now=timezone.now())


class ArbitrationOne(Endpoint):
    hats = BOTH

    @verb("One arbitration, for either side", gives=ArbitrationShape)
    def get(self, actor: Actor, arbitration_id: UUID) -> Arbitration:
        return arbitration_for(actor, arbitration_id)


class ArbitrationVerdict(Endpoint):
    hats = BOTH

    @verb(
        "Say what a laboratory that does not work here found; it binds once both sides say the same",
        takes=VerdictSaid,
        gives=ArbitrationShape,
    )
    def post(self, actor: Actor, arbitration_id: UUID, said: dict[str, Any]) -> Arbitration:
        return say_verdict(actor=actor, arbitration=arbitration_for(actor, arbitration_id), now=timezone.now(), **said)


class ArbitrationWithdraw(Endpoint):
    hats = BOTH

    @verb("Take the request for arbitration back", gives=ArbitrationShape)
    def post(self, actor: Actor, arbitration_id: UUID) -> Arbitration:
        return withdraw_arbitration(actor=actor, arbitration=arbitration_for(actor, arbitration_id), now=timezone.now())


class SamplesToTest(Endpoint):
    hats = (Hat.LAB,)

    @verb("The laboratory's blind samples, newest first", gives=SampleToTestShape, asks=PageFilters, page=(UUID,))
    def get(self, actor: Actor, asked: Asked) -> Page:
        rows = samples_for_lab(actor, after=asked.after[0] if asked.after else None, limit=asked.size)
        return Page(rows, lambda row: (row.pk,))


class SampleOneToTest(Endpoint):
    hats = (Hat.LAB,)

    @verb("One blind sample", gives=SampleToTestShape)
    def get(self, actor: Actor, arbitration_id: UUID) -> ArbitrationSample:
        return sample_for_lab(actor, arbitration_id)


class SampleTake(Endpoint):
    hats = (Hat.LAB,)

    @verb("The sample is here", gives=SampleToTestShape)
    def post(self, actor: Actor, arbitration_id: UUID) -> ArbitrationSample:
        return take_sample(actor=actor, sample=sample_for_lab(actor, arbitration_id), now=timezone.now())


class SampleDecline(Endpoint):
    hats = (Hat.LAB,)

    @verb("The laboratory cannot do it", takes=SampleDeclinedSaid, gives=SampleToTestShape)
    def post(self, actor: Actor, arbitration_id: UUID, said: dict[str, Any]) -> ArbitrationSample:
        return decline_sample(actor=actor, sample=sample_for_lab(actor, arbitration_id), now=timezone.now(), **said)


class SampleDecide(Endpoint):
    hats = (Hat.LAB,)

    @verb("What was found; it binds both sides", takes=SampleVerdictSaid, gives=SampleToTestShape)
    def post(self, actor: Actor, arbitration_id: UUID, said: dict[str, Any]) -> ArbitrationSample:
        return decide_sample(actor=actor, sample=sample_for_lab(actor, arbitration_id), now=timezone.now(), **said)
