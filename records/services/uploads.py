"""Take a file in pieces over a bad line, each piece once, and file it when all of it has come.

The row's `received` and the bytes on disk are kept in step by believing only what both say: a piece that was written but
not committed is cut off again, and a file that is gone starts anew.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from uuid_utils.compat import uuid7

from foundation.actor import Actor, Hat
from foundation.errors import NotYours, RuleBroken
from records.models import Evidence, UploadSession
from records.screening import IntakeRefused, StreamingIntake, clean_file_name
from records.services.evidence import PHOTOS, PHOTOS_AND_PDF, TABLES, file_evidence

CHUNK_BYTES = 1024 * 1024
PURPOSES = {"photo": PHOTOS, "paper": PHOTOS_AND_PDF, "table": TABLES}
STALE = timedelta(days=7)


@dataclass(frozen=True)
class Declared:
    """What the sender says of a file before the first byte."""

    name: str
    size: int
    sha256: str
    client_id: str
    purpose: str


class WrongOffset(RuleBroken):
    """The sender is not where we are; `received` says where to go on."""

    status = 409

    def __init__(self, received: int) -> None:
        super().__init__("upload_offset", received=received)
        self.received = received


def _path(upload: UploadSession) -> Path:
    return Path(settings.EVIDENCE_ROOT) / upload.path


def kept(upload: UploadSession) -> int:
    """How many bytes are safe: committed in the row and present on disk."""
    if upload.evidence_id is not None:
        return upload.declared_size
    path = _path(upload)
    return min(upload.received, path.stat().st_size if path.exists() else 0)


@transaction.atomic
def open_upload(*, actor: Actor, declared: Declared, now: datetime) -> UploadSession:
    """Begin an upload; the same `client_id` continues the one that was begun.

    Raises RuleBroken for an empty or too large file, and when another file was begun under that client_id.
    """
    if actor.org_id is None or actor.hat not in (Hat.OWNER, Hat.SUPPLIER, Hat.LAB, Hat.PROVIDER):
        raise NotYours
    if declared.size == 0:
        raise RuleBroken("evidence_empty_file", field="file")
    if declared.size > settings.EVIDENCE_MAX_BYTES:
        raise RuleBroken("evidence_too_large", field="file")
    upload_id = uuid7()
    upload = UploadSession(
        id=upload_id, org_id=actor.org_id, client_id=declared.client_id, name=clean_file_name(declared.name), purpose=declared.purpose,
        declared_size=declared.size, declared_sha256=declared.sha256.lower(), path=f"incoming/{upload_id}", created_at=now,
    )  # fmt: skip
    UploadSession.objects.bulk_create([upload], ignore_conflicts=True)
    begun: UploadSession = UploadSession.objects.visible_to(actor).get(client_id=declared.client_id)
    if (begun.declared_size, begun.declared_sha256) != (declared.size, declared.sha256.lower()):
        raise RuleBroken("upload_differs", field="file")
    return begun


@transaction.atomic
def add_chunk(*, actor: Actor, upload: UploadSession, offset: int, chunk: bytes, now: datetime) -> UploadSession:
    """Append one piece at `offset`; the last one files the evidence. Sent again, a piece is told where to go on.

    Raises WrongOffset; RuleBroken when the whole differs from what was declared or is refused: then nothing is kept.
    """
    # The row lock makes two senders of one piece take turns: the second finds the offset moved on.
    mine: UploadSession = UploadSession.objects.visible_to(actor).select_for_update().get(pk=upload.pk)
    if mine.evidence_id is not None:
        return mine
    if len(chunk) > CHUNK_BYTES:
        raise RuleBroken("chunk_too_large")
    if offset != (standing := kept(mine)):
        raise WrongOffset(standing)
    if standing + len(chunk) > mine.declared_size:
        _path(mine).unlink(missing_ok=True)
        raise RuleBroken("evidence_wrong_hash", field="file")
    _append(_path(mine), standing, chunk)
    mine.received = standing + len(chunk)
    if mine.received == mine.declared_size:
        mine.evidence = _finish(actor, mine, now)
    UploadSession.objects.visible_to(actor).filter(pk=mine.pk).update(received=mine.received, evidence_id=mine.evidence_id)
    return mine


def _append(path: Path, offset: int, chunk: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        file.truncate(offset)  # what was written but never committed
        file.seek(offset)
        file.write(chunk)
        file.flush()
        os.fsync(file.fileno())


def _finish(actor: Actor, upload: UploadSession, now: datetime) -> Evidence:
    """All bytes have come: are they the declared ones, and is the file harmless? Either way the incoming copy goes."""
    path = _path(upload)
    try:
        intake = StreamingIntake(path, max_bytes=upload.declared_size)
        intake.finish(declared_size=upload.declared_size, client_sha256=upload.declared_sha256)
        return file_evidence(
            actor=actor, path=path, name=upload.name, client_id=upload.client_id, now=now, allowed=PURPOSES[upload.purpose]
        )
    except IntakeRefused as refused:
        raise RuleBroken(f"evidence_{refused.code}", field="file") from refused
    finally:
        path.unlink(missing_ok=True)


def sweep_incoming(*, now: datetime) -> int:
    """Remove pieces that nobody continued for a week; who comes back later starts anew. Returns how many."""
    swept = 0
    for path in (Path(settings.EVIDENCE_ROOT) / "incoming").glob("*"):
        if path.is_file() and now.timestamp() - path.stat().st_mtime > STALE.total_seconds():
            path.unlink(missing_ok=True)
            swept += 1
    return swept
