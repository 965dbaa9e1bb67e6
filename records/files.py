"""Files as they leave us: attachments that no browser may run."""

from __future__ import annotations

import logging
from pathlib import Path

from django.conf import settings
from django.http import FileResponse

from foundation.errors import Absent
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
