"""Uploads that survive a bad line, for the script on our pages. Without script the form itself carries the file."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from foundation.actor import ActorRequest, Hat, wearing
from foundation.errors import WORDS, RuleBroken
from records.forms import UploadForm
from records.models import UploadSession
from records.selectors import upload_for
from records.services.uploads import Declared, WrongOffset, add_chunk, kept, open_upload
from records.words import UPLOAD

SENDERS = (Hat.OWNER, Hat.SUPPLIER, Hat.LAB, Hat.PROVIDER)


@wearing(*SENDERS)
@require_POST
def begin(request: ActorRequest) -> HttpResponse:
    """Declare a file, as JSON or as a form: {name, size, sha256, client_id, purpose}."""
    form = UploadForm(_sent(request))
    if not form.is_valid():
        fields = {name: [str(e) for e in errors] for name, errors in form.errors.items()}
        return JsonResponse({"code": "fields_to_mend", "words": str(WORDS["fields_to_mend"]), "fields": fields}, status=422)
    try:
        upload = open_upload(actor=request.actor, declared=Declared(**form.cleaned_data), now=timezone.now())
    except RuleBroken as broken:
        return _refused(broken)
    return _answer(upload, status=201)


@wearing(*SENDERS)
@require_http_methods(["GET", "HEAD", "PATCH", "PUT"])
def upload(request: ActorRequest, upload_id: UUID) -> HttpResponse:
    """How much has come; or the next piece, raw, with `Upload-Offset`."""
    session = upload_for(request.actor, upload_id)
    if request.method in ("GET", "HEAD"):
        return _answer(session)
    try:
        offset = int(request.headers.get("Upload-Offset", ""))
    except ValueError:
        return _refused(WrongOffset(kept(session)))
    try:
        # The lobby has already refused a body that is shorter than its Content-Length.
        return _answer(add_chunk(actor=request.actor, upload=session, offset=offset, chunk=request.body, now=timezone.now()))
    except RuleBroken as broken:
        return _refused(broken, received=kept(session))


def _sent(request: ActorRequest) -> Any:
    if request.content_type != "application/json":
        return request.POST
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _answer(upload: UploadSession, *, status: int = 200) -> HttpResponse:
    received = kept(upload)
    state = "done" if upload.evidence_id else "cut" if received else "open"
    body = {
        "id": str(upload.pk),
        "url": reverse("records:upload", args=[upload.pk]),
        "size": upload.declared_size,
        "received": received,
        "evidence_id": str(upload.evidence_id) if upload.evidence_id else None,
        "state": state,
        "words": str(UPLOAD[state]) % {"percent": received * 100 // upload.declared_size},
    }
    return JsonResponse(body, status=status, headers={"Upload-Offset": str(received), "Cache-Control": "private, no-store"})


def _refused(broken: RuleBroken, *, received: int = 0) -> HttpResponse:
    received = broken.received if isinstance(broken, WrongOffset) else received
    body = {"code": broken.code, "words": broken.words(), "received": received}
    return JsonResponse(body, status=broken.status, headers={"Upload-Offset": str(received), "Cache-Control": "private, no-store"})
