"""Files in pieces by tus 1.0.0, for any client that speaks it: creation and checksum. Offsets are the row's and the file's, both."""

from __future__ import annotations

import hashlib
from base64 import b64decode
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone

from foundation.actor import ActorRequest, Hat
from foundation.errors import NotYours, RuleBroken, in_both_languages
from records.forms import UploadForm
from records.selectors import upload_for
from records.services.uploads import CHUNK_BYTES, Declared, WrongOffset, add_chunk, kept, open_upload

SENDERS = (Hat.OWNER, Hat.SUPPLIER, Hat.LAB, Hat.PROVIDER)
VERSION = "1.0.0"
SUMS = {"sha1": hashlib.sha1, "sha256": hashlib.sha256}  # the protocol asks for sha1; it proves nothing here, it finds broken lines
SUM_DIFFERS = 460
PIECE_TYPE = "application/offset+octet-stream"
View = Callable[..., HttpResponse]


def speaks_tus(*methods: str) -> Callable[[View], View]:
    """Version, hat and method are judged here; what is refused is said as JSON, never by sending a program to a sign-in page."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            response = _answered(view, request, *args, **kwargs)
            response["Tus-Resumable"] = VERSION
            response["Cache-Control"] = "private, no-store"
            return response

        def _answered(view: View, request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.actor is None:
                return _said("sign_in_needed", 401)
            if request.actor.hat not in SENDERS:
                raise NotYours("other_hat")
            if request.method not in methods:
                return HttpResponse(status=405, headers={"Allow": ", ".join(methods)})
            if request.method != "OPTIONS" and request.headers.get("Tus-Resumable") != VERSION:
                return HttpResponse(status=412, headers={"Tus-Version": VERSION})
            try:
                return view(request, *args, **kwargs)
            except WrongOffset as broken:
                return _said(broken.code, broken.status, **{"Upload-Offset": str(broken.received)}, facts=broken.facts)
            except RuleBroken as broken:
                return _said(broken.code, broken.status, facts=broken.facts)

        guarded.hats = SENDERS  # type: ignore[attr-defined]
        return guarded

    return wrap


def _said(code: str, status: int, *, facts: dict[str, Any] | None = None, **headers: str) -> JsonResponse:
    return JsonResponse({"code": code, "words": in_both_languages(code, facts or {})}, status=status, headers=headers)


@speaks_tus("OPTIONS", "POST")
def tus(request: ActorRequest) -> HttpResponse:
    """What this server can; or the beginning of a file. The same `client_id` begins once and is then continued."""
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers={
            "Tus-Version": VERSION, "Tus-Extension": "creation,checksum", "Tus-Checksum-Algorithm": ",".join(SUMS),
            "Tus-Max-Size": str(settings.EVIDENCE_MAX_BYTES),
        })  # fmt: skip
    told = _metadata(request.headers.get("Upload-Metadata", ""))
    form = UploadForm({
        "name": told.get("filename") or "file", "size": request.headers.get("Upload-Length"), "sha256": told.get("sha256"),
        "client_id": told.get("client_id"), "purpose": told.get("purpose") or "photo",
    })  # fmt: skip
    if not form.is_valid():
        return JsonResponse(
            {"code": "fields_to_mend", "words": in_both_languages("fields_to_mend", {}), "fields": sorted(form.errors)}, status=422
        )
    upload = open_upload(actor=request.actor, declared=Declared(**form.cleaned_data), now=timezone.now())
    place = request.build_absolute_uri(reverse("records:tus_upload", args=[upload.pk]))
    return HttpResponse(status=201, headers={"Location": place, "Upload-Offset": str(kept(upload)), **_evidence(upload)})


@speaks_tus("OPTIONS", "HEAD", "PATCH")
def tus_upload(request: ActorRequest, upload_id: UUID) -> HttpResponse:
    """How much has come; or the next piece of it."""
    session = upload_for(request.actor, upload_id)
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers={"Tus-Version": VERSION})
    if request.method == "HEAD":
        told = {"Upload-Offset": str(kept(session)), "Upload-Length": str(session.declared_size), **_evidence(session)}
        return HttpResponse(headers=told)
    if request.content_type != PIECE_TYPE:
        return HttpResponse(status=415)
    if int(request.META.get("CONTENT_LENGTH") or 0) > CHUNK_BYTES:
        return _said("chunk_too_large", 413)
    try:
        piece, offset = request.body, int(request.headers.get("Upload-Offset", ""))
    except RequestDataTooBig:
        return _said("chunk_too_large", 413)
    except ValueError:
        return HttpResponse(status=400)
    if not _arrived_whole(piece, request.headers.get("Upload-Checksum", "")):
        return _said("line_cut", SUM_DIFFERS)
    session = add_chunk(actor=request.actor, upload=session, offset=offset, chunk=piece, now=timezone.now())
    return HttpResponse(status=204, headers={"Upload-Offset": str(kept(session)), **_evidence(session)})


def _evidence(upload: Any) -> dict[str, str]:
    return {"Evidence-Id": str(upload.evidence_id)} if upload.evidence_id else {}


def _metadata(header: str) -> dict[str, str]:
    """`name b64,name b64`: what cannot be read is left out, and the form then misses it."""
    said = {}
    for pair in header.split(","):
        name, _space, value = pair.strip().partition(" ")
        try:
            said[name] = b64decode(value, validate=True).decode()
        except ValueError:
            continue
    return said


def _arrived_whole(piece: bytes, checksum: str) -> bool:
    """Whether the piece has the sum that came with it; without one, or with a sum that cannot be read, see to it at the end."""
    if not checksum:
        return True
    name, _space, value = checksum.partition(" ")
    if name not in SUMS:
        return False
    try:
        return SUMS[name](piece).digest() == b64decode(value, validate=True)
    except ValueError:
        return False
