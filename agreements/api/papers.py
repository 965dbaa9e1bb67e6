"""Papers as they were kept, stamped copies, and whether a paper stands."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import Throttled
from rest_framework.parsers import MultiPartParser

from agreements.models import AgreementPaper, StampedCopy
from agreements.selectors import agreement_for, current_version
from agreements.selectors.papers import locked_version, paper_for, papers_of, stamped_for, stamped_of, state_of_hash
from agreements.services.papers_kept import bytes_of
from agreements.services.signing import ask_signatories
from agreements.services.stamped import file_stamped, say_it_differs, say_it_matches
from foundation.actor import BUSINESS_HATS, Actor, Hat
from parties.endpoints import PROBLEM, Asked, Endpoint, Filters, Problem, Said, Shape, verb
from parties.limits import address_of, over_limit
from records.files import HEADERS

SIDES = (Hat.OWNER, Hat.SUPPLIER)
HASH = r"^[0-9a-f]{64}\Z"
# A text and its sheet are PDF, a stamped page may be a photo, a certificate's answer is neither.
KEPT_AS = ("application/pdf", "image/jpeg", "image/png", "image/webp", "application/pkcs7-signature", "application/octet-stream")
BYTES: dict[tuple[int | str, str], Any] = {**{(200, kind): OpenApiTypes.BINARY for kind in KEPT_AS}, ("4XX", PROBLEM): Problem}
CHECKS, WINDOW_SECONDS = 600, 600


class AgreementPaperShape(Shape):
    id = serializers.UUIDField()
    kind = serializers.CharField(help_text="text, signatures, stamped or proof")
    side = serializers.CharField(allow_blank=True, help_text="Whose stamp or certificate; empty for a paper of both.")
    number = serializers.IntegerField(help_text="Of the page, in a stamped copy.")
    sha256 = serializers.CharField()
    size = serializers.IntegerField()
    mime = serializers.CharField()
    at = serializers.DateTimeField()


class WordShape(Shape):
    side = serializers.CharField()
    person = serializers.CharField(source="person_name")
    matches = serializers.BooleanField()
    reason = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField()


class StampedShape(Shape):
    id = serializers.UUIDField()
    side = serializers.CharField(help_text="Whose stamp it bears.")
    person = serializers.CharField(source="person_name")
    sha256 = serializers.CharField(help_text="Of the text that it is said to be.")
    at = serializers.DateTimeField()
    pages = AgreementPaperShape(many=True, source="pages.all")
    words = WordShape(many=True, source="words.all", help_text="It signs once both sides have said that it matches.")


class CheckShape(Shape):
    state = serializers.CharField(help_text="valid, superseded, ended or not_ours")


class SignatoryAskedShape(Shape):
    told = serializers.BooleanField(help_text="False when they were asked before.")


class PaperFilters(Filters):
    version = serializers.IntegerField(required=False, min_value=1, max_value=32767, help_text="Of the newest version, if not said.")


class StampedSaid(Said):
    file = serializers.FileField(max_length=300, help_text="All stamped pages, as one PDF or one photo.")
    sha256 = serializers.RegexField(HASH, help_text="Of the text that was stamped.")
    client_id = serializers.RegexField(r"^[\w.-]{1,60}\Z", required=False, help_text="The same client_id files once.")


class MatchSaid(Said):
    password = serializers.CharField(
        max_length=128, trim_whitespace=False, required=False, default="", allow_blank=True,
        help_text="Of the signatory, from the side whose stamp it bears: it is that person's signature.",
    )  # fmt: skip


class DifferSaid(Said):
    reason = serializers.CharField(max_length=500)


class AgreementPapers(Endpoint):
    hats = SIDES

    @verb("The kept papers of a version", gives=AgreementPaperShape(many=True), asks=PaperFilters)
    def get(self, actor: Actor, agreement_id: UUID, asked: Asked) -> list[AgreementPaper]:
        agreement, number = agreement_for(actor, agreement_id), asked.filters.get("version")
        return papers_of(actor, locked_version(actor, agreement, number) if number else current_version(actor, agreement))


class AgreementPaperFile(Endpoint):
    hats = SIDES

    @extend_schema(responses=BYTES)
    @verb("The bytes of a kept paper, which have its SHA-256")
    def get(self, actor: Actor, agreement_id: UUID, kept_id: UUID) -> HttpResponse:
        paper = paper_for(actor, agreement_for(actor, agreement_id), kept_id)
        return HttpResponse(
            bytes_of(paper), content_type=paper.mime, headers={**HEADERS, "Content-Disposition": f'attachment; filename="{paper.sha256}"'}
        )


class AgreementStamped(Endpoint):
    hats = SIDES
    parser_classes = [MultiPartParser]

    @verb("The stamped copies of the newest version, and what was said of them", gives=StampedShape(many=True))
    def get(self, actor: Actor, agreement_id: UUID) -> list[StampedCopy]:
        return stamped_of(actor, current_version(actor, agreement_for(actor, agreement_id)))

    @verb("Send in the text on stamped paper; both sides then compare it", takes=StampedSaid, gives=StampedShape, status=201)
    def post(self, actor: Actor, agreement_id: UUID, said: dict[str, Any]) -> StampedCopy:
        agreement = agreement_for(actor, agreement_id)
        copy = file_stamped(
            actor=actor, agreement=agreement, sha256=said["sha256"], files=[said["file"]], now=timezone.now(),
            client_id=said.get("client_id") or str(uuid4()),
        )  # fmt: skip
        return stamped_for(actor, agreement, copy.pk)


class StampedMatch(Endpoint):
    hats = SIDES

    @verb("Say that a stamped copy is the text; said by both, it is a signature", takes=MatchSaid, gives=StampedShape)
    def post(self, actor: Actor, agreement_id: UUID, stamped_id: UUID, said: dict[str, Any]) -> StampedCopy:
        agreement = agreement_for(actor, agreement_id)
        copy, ip = stamped_for(actor, agreement, stamped_id), address_of(self.request._request) or None
        say_it_matches(actor=actor, agreement=agreement, stamped=copy, password=said["password"], now=timezone.now(), ip=ip)
        return stamped_for(actor, agreement, stamped_id)


class StampedDiffer(Endpoint):
    hats = SIDES

    @verb("Say why a stamped copy is not the text", takes=DifferSaid, gives=StampedShape)
    def post(self, actor: Actor, agreement_id: UUID, stamped_id: UUID, said: dict[str, Any]) -> StampedCopy:
        agreement = agreement_for(actor, agreement_id)
        copy = stamped_for(actor, agreement, stamped_id)
        say_it_differs(actor=actor, agreement=agreement, stamped=copy, reason=said["reason"], now=timezone.now())
        return stamped_for(actor, agreement, stamped_id)


class AgreementSignAsk(Endpoint):
    hats = SIDES

    @verb("Ask the firm's signatories to sign; they are told once", gives=SignatoryAskedShape)
    def post(self, actor: Actor, agreement_id: UUID) -> dict[str, bool]:
        return {"told": ask_signatories(actor=actor, agreement=agreement_for(actor, agreement_id), now=timezone.now())}


class PaperCheck(Endpoint):
    hats = BUSINESS_HATS

    @verb("Whether the paper or text with this SHA-256 stands; nothing else is told", gives=CheckShape)
    def get(self, actor: Actor, paper_hash: str) -> dict[str, str]:
        if over_limit("check-paper-api", str(actor.person_id), most=CHECKS, seconds=WINDOW_SECONDS):
            raise Throttled(wait=WINDOW_SECONDS)
        return {"state": state_of_hash(paper_hash)}
