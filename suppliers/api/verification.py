"""The platform's look at firms, and a firm's own state."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from rest_framework import serializers

from foundation.actor import Actor, Hat
from parties.endpoints import Asked, Endpoint, InBoth, Page, PageFilters, Said, Shape, verb
from parties.selectors import own_organisation
from records.services.evidence import note_looks
from suppliers.models import Verification
from suppliers.selectors.verification import licence_of, own_verification, same_code, verification_for, verifications
from suppliers.services.verification import (
    ask_verification,
    reinstate_firm,
    return_firm,
    suspend_firm,
    undo_decision,
    verify_firm,
)
from suppliers.verification_words import REASONS, STATES, code_words

FIRMS = (Hat.SUPPLIER, Hat.OWNER, Hat.LAB, Hat.PROVIDER)


class VerificationShape(Shape):
    id = serializers.UUIDField()
    firm = serializers.UUIDField(source="org_id")
    name = InBoth("name")
    uscc = serializers.CharField(allow_blank=True)
    address = serializers.CharField(allow_blank=True)
    state = serializers.CharField(help_text="waiting, verified, returned or suspended")
    asked_at = serializers.DateTimeField()
    asked_by = serializers.CharField()
    decided_at = serializers.DateTimeField(allow_null=True)
    decided_by = serializers.CharField(allow_blank=True)
    reasons = serializers.ListField(child=serializers.CharField())
    note = serializers.CharField(allow_blank=True)


class SameCodeShape(Shape):
    name = InBoth("name")
    state = serializers.CharField()
    is_verified = serializers.BooleanField()


class VerificationWholeShape(VerificationShape):
    code_fits = serializers.BooleanField()
    same_code = SameCodeShape(many=True, help_text="Others that say the same code is theirs.")
    licence = serializers.UUIDField(allow_null=True, help_text="The shared file of the licence, while the firm waits.")


class OwnShape(Shape):
    state = serializers.CharField(help_text="registered, verifying, verified, suspended or closed")
    asked = VerificationShape(allow_null=True, help_text="The newest asking.")


class QueueFilters(PageFilters):
    state = serializers.ChoiceField(list(STATES), required=False, default="waiting")
    q = serializers.CharField(required=False, max_length=80, help_text="A part of the name, or the beginning of the code.")


class AskSaid(Said):
    evidence = serializers.UUIDField(help_text="A file of the firm: its business licence.")


class LicenceReturnSaid(Said):
    reasons = serializers.ListField(child=serializers.ChoiceField(list(REASONS)), min_length=1, max_length=len(REASONS))
    note = serializers.CharField(required=False, allow_blank=True, max_length=300)


class NoteSaid(Said):
    note = serializers.CharField(max_length=300)


def _own(actor: Actor) -> dict[str, Any]:
    return {"state": own_organisation(actor).state, "asked": own_verification(actor)}


class OwnVerification(Endpoint):
    hats = FIRMS

    @verb("How far the firm's own verification is", gives=OwnShape)
    def get(self, actor: Actor) -> dict[str, Any]:
        return _own(actor)

    @verb("Ask the platform to look at the firm's licence", takes=AskSaid, gives=OwnShape)
    def post(self, actor: Actor, said: dict[str, Any]) -> dict[str, Any]:
        ask_verification(actor, said["evidence"], timezone.now())
        return _own(actor)


class Verifications(Endpoint):
    hats = (Hat.PLATFORM,)

    @verb("Firms that ask to be verified: those that wait oldest first, those decided newest first", gives=VerificationShape,
          asks=QueueFilters, page=(datetime, UUID))  # fmt: skip
    def get(self, actor: Actor, asked: Asked) -> Page:
        state = asked.filters.get("state", "waiting")
        rows = verifications(actor, state=state, q=asked.filters.get("q", ""), after=asked.after, limit=asked.size)
        return Page(rows, lambda row: (row.asked_at if state == "waiting" else row.decided_at, row.pk))


class VerificationOne(Endpoint):
    hats = (Hat.PLATFORM,)

    @verb(
        "One firm: what it says, who says the same code, its licence while it waits; the firm sees that you looked",
        gives=VerificationWholeShape,
    )
    def get(self, actor: Actor, verification_id: UUID) -> Verification:
        row: Any = verification_for(actor, verification_id)
        note_looks(actor=actor, org_ids=[row.org_id], what="verification", subject_id=row.pk, now=timezone.now())
        share = licence_of(actor, row) if row.state == "waiting" else None
        row.code_fits, row.same_code, row.licence = not code_words(row.uscc), same_code(actor, row), share.pk if share else None
        return row


class VerificationVerify(Endpoint):
    hats = (Hat.PLATFORM,)

    @verb("Verify the firm", gives=VerificationShape)
    def post(self, actor: Actor, verification_id: UUID) -> Verification:
        return verify_firm(actor=actor, verification_id=verification_id, now=timezone.now())


class VerificationReturn(Endpoint):
    hats = (Hat.PLATFORM,)

    @verb("Return the licence with reasons", takes=LicenceReturnSaid, gives=VerificationShape)
    def post(self, actor: Actor, verification_id: UUID, said: dict[str, Any]) -> Verification:
        return return_firm(actor=actor, verification_id=verification_id, now=timezone.now(), **said)


class VerificationUndo(Endpoint):
    hats = (Hat.PLATFORM,)

    @verb("Take a decision back within ten minutes", gives=VerificationShape)
    def post(self, actor: Actor, verification_id: UUID) -> Verification:
        return undo_decision(actor=actor, verification_id=verification_id, now=timezone.now())


class VerificationSuspend(Endpoint):
    hats = (Hat.PLATFORM,)

    @verb("Suspend a verified firm, with words that it reads", takes=NoteSaid, gives=VerificationShape)
    def post(self, actor: Actor, verification_id: UUID, said: dict[str, Any]) -> Verification:
        return suspend_firm(actor=actor, verification_id=verification_id, now=timezone.now(), **said)


class VerificationReinstate(Endpoint):
    hats = (Hat.PLATFORM,)

    @verb("Give a suspended verification back", gives=VerificationShape)
    def post(self, actor: Actor, verification_id: UUID) -> Verification:
        return reinstate_firm(actor=actor, verification_id=verification_id, now=timezone.now())
