"""The life of a text: its versions, amendments and renewals, and the notices of either side."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from rest_framework import serializers

from agreements.api.agreements import LAST_DAY, ClauseShape, SignatureShape
from agreements.models import AgreementVersion, StatusNotice
from agreements.selectors import agreement_for, clauses_of, signatures_of
from agreements.selectors.versions import notices_of, version_numbered, version_on, versions_of
from agreements.services.amending import ask_amendment, renew_agreement, start_amendment, withdraw_text
from agreements.services.life import consent_to_end, resume_agreement, suspend_agreement, take_back_notice, terminate_agreement
from foundation.actor import Actor, Hat
from parties.endpoints import Asked, Endpoint, Filters, Said, Shape, verb

SIDES = (Hat.OWNER, Hat.SUPPLIER)
Kind = StatusNotice.Kind
NOTICES = (Kind.SUSPEND.value, Kind.RESUME.value, Kind.TERMINATE.value)
ASKED_AGAIN = "Of the person behind the key: nobody ends an agreement by a key alone."


class TextVersionShape(Shape):
    number = serializers.IntegerField()
    state = serializers.ChoiceField(AgreementVersion.State.values)
    summary = serializers.CharField(allow_blank=True)
    effective_from = serializers.DateField()
    effective_to = serializers.DateField(allow_null=True, help_text=LAST_DAY)
    sha256 = serializers.CharField(allow_blank=True, help_text="Of the locked text; empty while it is a draft.")
    locked_at = serializers.DateTimeField(allow_null=True)
    signed_at = serializers.DateTimeField(allow_null=True)


class TextVersionWholeShape(TextVersionShape):
    clauses = ClauseShape(many=True)
    signatures = SignatureShape(many=True)


class NoticeShape(Shape):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(Kind.values)
    side = serializers.CharField()
    person = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)
    given_at = serializers.DateTimeField()
    effective_on = serializers.DateField(allow_null=True, help_text="Of an end: the first day no longer covered. A wish has none.")
    consented_at = serializers.DateTimeField(allow_null=True)
    done_at = serializers.DateTimeField(allow_null=True)
    dropped_at = serializers.DateTimeField(allow_null=True, help_text="Taken back, or overtaken by the end.")


class VersionFilters(Filters):
    on = serializers.DateField(required=False, help_text="Only the version by which that day is judged.")


class AmendSaid(Said):
    summary = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    effective_from = serializers.DateField(help_text="Tomorrow or later, and no later than the day after the last one covered.")


class AmendmentWishSaid(Said):
    reason = serializers.CharField(max_length=1000)
    renewal = serializers.BooleanField(required=False, default=False)


class WithdrawSaid(Said):
    reason = serializers.CharField(
        max_length=1000, required=False, allow_blank=True, default="", help_text="Needed once the supplier has seen a text."
    )


class NoticeSaid(Said):
    kind = serializers.ChoiceField(NOTICES)
    effective_on = serializers.DateField(help_text="The first day on which it holds; of an end, the first day no longer covered.")
    reason = serializers.CharField(max_length=1000)
    password = serializers.CharField(
        max_length=128, required=False, default="", trim_whitespace=False, help_text=f"To terminate. {ASKED_AGAIN}"
    )


class ConsentSaid(Said):
    notice = serializers.UUIDField()
    password = serializers.CharField(max_length=128, trim_whitespace=False, help_text=ASKED_AGAIN)


class TakeBackSaid(Said):
    notice = serializers.UUIDField()


def _whole(actor: Actor, version: AgreementVersion) -> dict[str, Any]:
    shown = {str(name): getattr(version, str(name)) for name in TextVersionShape().fields}
    return {**shown, "clauses": clauses_of(actor, version), "signatures": list(signatures_of(actor, version).values())}


def _told(notice: StatusNotice) -> dict[str, Any]:
    """A notice with what its side said."""
    said = next((word for word in notice.words.all() if word.side == notice.side), None)
    row = {str(name): getattr(notice, str(name)) for name in NoticeShape().fields if name not in ("person", "reason")}
    return {**row, "person": said.person_name if said else "", "reason": said.reason if said else ""}


class AgreementVersions(Endpoint):
    hats = SIDES

    @verb(
        "Every version, newest first; with a day, the one by which that day is judged",
        gives=TextVersionShape(many=True),
        asks=VersionFilters,
    )
    def get(self, actor: Actor, agreement_id: UUID, asked: Asked) -> list[AgreementVersion]:
        agreement, day = agreement_for(actor, agreement_id), asked.filters.get("on")
        return [version_on(actor, agreement, day)] if day else versions_of(actor, agreement)


class AgreementVersionOne(Endpoint):
    hats = SIDES

    @verb("One version: its clauses and who signed it", gives=TextVersionWholeShape)
    def get(self, actor: Actor, agreement_id: UUID, number: int) -> dict[str, Any]:
        return _whole(actor, version_numbered(actor, agreement_for(actor, agreement_id), number))


class AgreementAmendment(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Begin another text with the clauses in force", takes=AmendSaid, gives=TextVersionWholeShape, status=201)
    def post(self, actor: Actor, agreement_id: UUID, said: dict[str, Any]) -> dict[str, Any]:
        agreement = agreement_for(actor, agreement_id)
        return _whole(actor, start_amendment(actor=actor, agreement=agreement, now=timezone.now(), **said))


class AgreementRenewal(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Begin the text of the next period", gives=TextVersionWholeShape, status=201)
    def post(self, actor: Actor, agreement_id: UUID) -> dict[str, Any]:
        return _whole(actor, renew_agreement(actor=actor, agreement=agreement_for(actor, agreement_id), now=timezone.now()))


class AgreementWithdrawal(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Take the text that is worked on back, while not both have signed it", takes=WithdrawSaid, gives=TextVersionShape)
    def post(self, actor: Actor, agreement_id: UUID, said: dict[str, Any]) -> AgreementVersion:
        return withdraw_text(actor=actor, agreement=agreement_for(actor, agreement_id), now=timezone.now(), **said)


class AgreementWish(Endpoint):
    hats = (Hat.SUPPLIER,)

    @verb("Ask for another text, or for the next period", takes=AmendmentWishSaid, gives=NoticeShape, status=201)
    def post(self, actor: Actor, agreement_id: UUID, said: dict[str, Any]) -> dict[str, Any]:
        return _told(ask_amendment(actor=actor, agreement=agreement_for(actor, agreement_id), now=timezone.now(), **said))


class AgreementNotices(Endpoint):
    hats = SIDES

    @verb("What either side said of it: suspend, resume, terminate, and wishes", gives=NoticeShape(many=True))
    def get(self, actor: Actor, agreement_id: UUID) -> list[dict[str, Any]]:
        return [_told(notice) for notice in notices_of(actor, agreement_for(actor, agreement_id))]

    @verb("Give notice to suspend, resume or terminate", takes=NoticeSaid, gives=NoticeShape, status=201)
    def post(self, actor: Actor, agreement_id: UUID, said: dict[str, Any]) -> dict[str, Any]:
        agreement, kind, password = agreement_for(actor, agreement_id), said.pop("kind"), said.pop("password")
        told: dict[str, Any] = {"actor": actor, "agreement": agreement, "now": timezone.now(), **said}
        if kind == Kind.TERMINATE:
            return _told(terminate_agreement(password=password, **told))
        return _told(suspend_agreement(**told) if kind == Kind.SUSPEND else resume_agreement(**told))


class NoticeConsent(Endpoint):
    hats = SIDES

    @verb("Agree that it ends at once", takes=ConsentSaid, gives=NoticeShape)
    def post(self, actor: Actor, agreement_id: UUID, said: dict[str, Any]) -> dict[str, Any]:
        agreement = agreement_for(actor, agreement_id)
        return _told(
            consent_to_end(actor=actor, agreement=agreement, notice_id=said["notice"], password=said["password"], now=timezone.now())
        )  # fmt: skip


class NoticeTakenBack(Endpoint):
    hats = SIDES

    @verb("Take a notice or a wish of one's own back", takes=TakeBackSaid, gives=NoticeShape)
    def post(self, actor: Actor, agreement_id: UUID, said: dict[str, Any]) -> dict[str, Any]:
        agreement = agreement_for(actor, agreement_id)
        return _told(take_back_notice(actor=actor, agreement=agreement, notice_id=said["notice"], now=timezone.now()))
