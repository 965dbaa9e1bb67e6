"""Files as they leave us: attachments that no browser may run, by links that die in five minutes."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from foundation.actor import ActorRequest, Hat, wearing
from foundation.errors import Absent
from records.files import file_response
from records.links import LinkDied, is_good, signature_for
from records.selectors import evidence_for, share_for
from records.services.evidence import note_look


@wearing(Hat.OWNER, Hat.SUPPLIER, Hat.LAB)
@require_safe
def evidence_file(request: ActorRequest, evidence_id: UUID) -> HttpResponseBase:
    """The firm's own file: `?copy=original` as it was sent, otherwise the clean copy that others may be shown."""
    evidence = evidence_for(request.actor, evidence_id)
    copy = "original" if request.GET.get("copy") == "original" else "shared"
    not_yet = _through_the_gate(request, "own", evidence_id, copy)
    if not_yet is not None:
        return not_yet
    return file_response(evidence.original_path if copy == "original" else evidence.shared_path, evidence)


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_safe
def shared_file(request: ActorRequest, share_id: UUID) -> HttpResponseBase:
    """What another firm shows to this one; its owner learns that it was opened."""
    share = share_for(request.actor, share_id)
    not_yet = _through_the_gate(request, "share", share_id, "shared")
    if not_yet is not None:
        return not_yet
    note_look(actor=request.actor, share=share, now=timezone.now())
    return file_response(share.path, share)


def _through_the_gate(request: ActorRequest, thing: str, thing_id: UUID, copy: str) -> HttpResponse | None:
    """None for a good link; the plain address, whose hat has passed, is sent on to a fresh one."""
    signature = request.GET.get("sig")
    if signature is None:
        query = urlencode({"copy": copy, "sig": signature_for(request.actor, thing, thing_id, copy)})
        response: HttpResponse = HttpResponseRedirect(f"{request.path}?{query}")
        response["Cache-Control"] = "private, no-store"
        return response
    try:
        if not is_good(signature, request.actor, thing, thing_id, copy):
            raise Absent
    except LinkDied:
        words = _("This link was good for five minutes. Go back to the page and open the file again.")
        return HttpResponse(words, status=410, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})
    return None
