"""Files as they leave us: attachments that no browser may run, by links that die in five minutes."""

from __future__ import annotations

from uuid import UUID

from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from foundation.actor import ActorRequest, Hat, wearing
from records.files import file_response, through_the_gate
from records.selectors import evidence_for, share_for
from records.services.evidence import note_look


@wearing(Hat.OWNER, Hat.SUPPLIER, Hat.LAB, Hat.PROVIDER)
@require_safe
def evidence_file(request: ActorRequest, evidence_id: UUID) -> HttpResponseBase:
    """The firm's own file: `?copy=original` as it was sent, otherwise the clean copy that others may be shown."""
    evidence = evidence_for(request.actor, evidence_id)
    copy = "original" if request.GET.get("copy") == "original" else "shared"
    not_yet = through_the_gate(request, "own", evidence_id, copy)
    if not_yet is not None:
        return not_yet
    return file_response(evidence.original_path if copy == "original" else evidence.shared_path, evidence)


@wearing(Hat.OWNER, Hat.SUPPLIER, Hat.PLATFORM)
@require_safe
def shared_file(request: ActorRequest, share_id: UUID) -> HttpResponseBase:
    """What another firm shows to this one; its owner learns that it was opened."""
    share = share_for(request.actor, share_id)
    not_yet = through_the_gate(request, "share", share_id, "shared")
    if not_yet is not None:
        return not_yet
    note_look(actor=request.actor, share=share, now=timezone.now())
    return file_response(share.path, share)
