"""Files as they leave us: attachments that no browser may run."""

from __future__ import annotations

import logging
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from foundation.actor import ActorRequest
from foundation.errors import Absent
from records.links import LinkDied, is_good, signature_for
from records.models import Evidence, EvidenceShare
from records.screening import served_file_name

log = logging.getLogger(__name__)
# A picture from us still shows in an <img> of ours; opened by itself it is saved, and whatever is in it has no rights.
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


def file_response(stored: str, row: Evidence | EvidenceShare) -> FileResponse:
    """The bytes on disk under the name and kind that screening gave them. Raises Absent when they are gone."""
    path = Path(settings.EVIDENCE_ROOT) / stored
    try:
        opened = path.open("rb")
    except FileNotFoundError:
        log.exception("evidence is on record but not on disk: %s", stored)
        raise Absent from None
    name = served_file_name(row.name, row.kind)
    return FileResponse(opened, as_attachment=True, filename=name, content_type=row.mime, headers=HEADERS)


def through_the_gate(request: ActorRequest, thing: str, thing_id: UUID, copy: str) -> HttpResponse | None:
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
