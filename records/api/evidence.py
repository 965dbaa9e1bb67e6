"""Evidence: filed at one go or in pieces, opened by links that die in five minutes and still need the key."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.parsers import MultiPartParser

from foundation.actor import Actor, Hat
from foundation.errors import Absent, RuleBroken
from parties.endpoints import PROBLEM, Endpoint, Filters, Page, PageFilters, Problem, Said, Shape, verb
from records.files import file_response
from records.links import LIFE_SECONDS, LinkDied, is_good, signature_for
from records.models import Evidence, EvidenceShare, UploadSession
from records.selectors import evidence_for, files, share_for, upload_for
from records.services.evidence import About, note_look, take_evidence
from records.services.uploads import PURPOSES, Declared, add_chunk, kept, open_upload

SENDERS = (Hat.OWNER, Hat.SUPPLIER, Hat.LAB, Hat.PROVIDER)
READERS = (Hat.OWNER, Hat.SUPPLIER, Hat.PLATFORM)
OFFSET = OpenApiParameter("Upload-Offset", int, OpenApiParameter.HEADER, required=True, description="How many bytes are there already.")
BYTES = {(200, "application/octet-stream"): OpenApiTypes.BINARY, 302: None, ("4XX", PROBLEM): Problem}


class LinkDead(RuleBroken):
    """The link was good, but its five minutes are over."""

    status = 410

    def __init__(self) -> None:
        super().__init__("link_died")


class FileShape(Shape):
    id = serializers.UUIDField()
    kind = serializers.CharField()
    mime = serializers.CharField()
    name = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    taken_at = serializers.CharField(allow_blank=True)
    received_at = serializers.DateTimeField()
    link = serializers.CharField(help_text="Opens the file for this key until `link_dies_at`.")
    link_dies_at = serializers.DateTimeField()


class EvidenceShape(FileShape):
    shared_sha256 = serializers.CharField(help_text="Of the clean copy that others may be shown.")
    counts_from = serializers.DateField(help_text="From this day it says how things are; when it came is `received_at`.")
    revises = serializers.UUIDField(source="revises_id", allow_null=True, help_text="The file in whose place it stands.")


class HeldShape(Shape):
    id = serializers.UUIDField()
    kind = serializers.CharField()
    name = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    counts_from = serializers.DateField()
    received_at = serializers.DateTimeField()
    revises = serializers.UUIDField(source="revises_id", allow_null=True)
    is_revised = serializers.BooleanField(help_text="Whether another stood in its place by then.")


class HeldFilters(PageFilters):
    day = serializers.DateField(required=False, help_text="As they were known at the end of that day.")
    kind = serializers.CharField(required=False, max_length=12)
    q = serializers.CharField(required=False, max_length=60)


class ShareShape(FileShape):
    evidence = serializers.UUIDField(source="evidence_id")


class UploadShape(Shape):
    id = serializers.UUIDField()
    name = serializers.CharField()
    size = serializers.IntegerField(source="declared_size")
    received = serializers.IntegerField()
    evidence = serializers.UUIDField(source="evidence_id", allow_null=True, help_text="Filed, once all of it has come.")


class FileSaid(Said):
    file = serializers.FileField(max_length=300)
    purpose = serializers.ChoiceField(sorted(PURPOSES), default="paper")
    client_id = serializers.RegexField(r"^[\w.-]{1,64}\Z", required=False, help_text="The same client_id files once.")
    counts_from = serializers.DateField(required=False)
    revises = serializers.UUIDField(required=False, help_text="A file of the firm whose place this one takes.")


class UploadSaid(Said):
    name = serializers.CharField(max_length=300)
    size = serializers.IntegerField(min_value=0, max_value=2**40)
    sha256 = serializers.RegexField(r"^[0-9a-fA-F]{64}\Z")
    client_id = serializers.RegexField(r"^[\w.-]{1,64}\Z")
    purpose = serializers.ChoiceField(sorted(PURPOSES))


class FileFilters(Filters):
    copy = serializers.ChoiceField(["original", "shared"], required=False, default="shared")
    sig = serializers.CharField(required=False, max_length=200)


def _linked(actor: Actor, row: Evidence | EvidenceShare, thing: str, address: str, copy: str) -> Any:
    query = urlencode({"copy": copy, "sig": signature_for(actor, thing, row.pk, copy)})
    row.link, row.link_dies_at = f"{address}?{query}", timezone.now() + timedelta(seconds=LIFE_SECONDS)  # type: ignore[union-attr]
    return row


def _own(actor: Actor, row: Evidence, copy: str = "shared") -> Evidence:
    return _linked(actor, row, "own", reverse("api:evidence_file", args=[row.pk]), copy)


def _opened(actor: Actor, thing: str, row: Any, asked: dict[str, Any], address: str) -> HttpResponseBase | None:
    """None for a good link; an address without one is sent on to a fresh one. Raises LinkDead, Absent."""
    if "sig" not in asked:
        onward: HttpResponse = HttpResponseRedirect(_linked(actor, row, thing, address, asked["copy"]).link)
        onward["Cache-Control"] = "private, no-store"
        return onward
    try:
        if not is_good(asked["sig"], actor, thing, row.pk, asked["copy"]):
            raise Absent
    except LinkDied:
        raise LinkDead from None
    return None


class Evidences(Endpoint):
    hats = SENDERS
    parser_classes = [MultiPartParser]

    @verb("The firm's files, newest first", gives=HeldShape, asks=HeldFilters, page=(datetime, UUID))
    def get(self, actor: Actor, asked: Any) -> Page:
        said = {"day": asked.filters.get("day"), "kind": asked.filters.get("kind", ""), "query": asked.filters.get("q", "")}
        return Page(files(actor, **said, after=asked.after, limit=asked.size), lambda row: (row.received_at, row.pk))

    @verb("File evidence at one go: it is screened, sealed, and kept once", takes=FileSaid, gives=EvidenceShape, status=201)
    def post(self, actor: Actor, said: dict[str, Any]) -> Evidence:
        client_id = said.get("client_id") or str(uuid4())
        about = About(said.get("counts_from"), evidence_for(actor, said["revises"]) if "revises" in said else None)
        allowed = PURPOSES[said["purpose"]]
        return _own(
            actor, take_evidence(actor=actor, now=timezone.now(), client_id=client_id, file=said["file"], allowed=allowed, about=about)
        )


class EvidenceOne(Endpoint):
    hats = SENDERS

    @verb("One file of the firm, with a link that opens it", gives=EvidenceShape)
    def get(self, actor: Actor, evidence_id: UUID) -> Evidence:
        return _own(actor, evidence_for(actor, evidence_id))


class EvidenceFile(Endpoint):
    hats = SENDERS

    @extend_schema(responses=BYTES)
    @verb("The bytes of a file, as an attachment", asks=FileFilters)
    def get(self, actor: Actor, evidence_id: UUID, asked: Any) -> HttpResponseBase:
        row, copy = evidence_for(actor, evidence_id), asked.filters["copy"]
        onward = _opened(actor, "own", row, asked.filters, reverse("api:evidence_file", args=[row.pk]))
        return onward or file_response(row.original_path if copy == "original" else row.shared_path, row)


class SharedOne(Endpoint):
    hats = READERS

    @verb("A file that another firm shows to this one, with a link that opens it", gives=ShareShape)
    def get(self, actor: Actor, share_id: UUID) -> EvidenceShare:
        return _linked(actor, share_for(actor, share_id), "share", reverse("api:shared_file", args=[share_id]), "shared")


class SharedFile(Endpoint):
    hats = READERS

    @extend_schema(responses=BYTES)
    @verb("The bytes of a shared file; its owner learns that it was opened", asks=FileFilters)
    def get(self, actor: Actor, share_id: UUID, asked: Any) -> HttpResponseBase:
        share = share_for(actor, share_id)
        onward = _opened(actor, "share", share, {**asked.filters, "copy": "shared"}, reverse("api:shared_file", args=[share_id]))
        if onward is not None:
            return onward
        note_look(actor=actor, share=share, now=timezone.now())
        return file_response(share.path, share)


def _shown(upload: UploadSession) -> UploadSession:
    upload.received = kept(upload)
    return upload


class Uploads(Endpoint):
    hats = SENDERS

    @verb("Begin an upload that survives a bad line; the same client_id continues it", takes=UploadSaid, gives=UploadShape, status=201)
    def post(self, actor: Actor, said: dict[str, Any]) -> UploadSession:
        return _shown(open_upload(actor=actor, declared=Declared(**said), now=timezone.now()))


class Upload(Endpoint):
    hats = SENDERS

    @verb("How much has come", gives=UploadShape)
    def get(self, actor: Actor, upload_id: UUID) -> UploadSession:
        return _shown(upload_for(actor, upload_id))

    @extend_schema(parameters=[OFFSET], request={"application/octet-stream": OpenApiTypes.BINARY})
    @verb("The next piece, raw, at most 1 MB; the last one files the evidence", gives=UploadShape)
    def patch(self, actor: Actor, upload_id: UUID) -> UploadSession:
        upload = upload_for(actor, upload_id)
        offset = self.request.headers.get("Upload-Offset", "")
        if not (offset.isdecimal() and len(offset) < 16):
            raise ParseError
        return _shown(add_chunk(actor=actor, upload=upload, offset=int(offset), chunk=self.request._request.body, now=timezone.now()))
