"""File evidence once; show it to those who were granted it. Nobody opens a file that was not judged."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from uuid_utils.compat import uuid7

from foundation.actor import Actor, Hat, acting_as
from foundation.errors import NotYours, RuleBroken
from parties.roles import MAY_WRITE
from records.models import AccessEvent, Evidence, EvidenceShare, Grant
from records.screening import ClamdScanner, Verdict, clean_file_name, screen

PHOTOS = frozenset({"jpeg", "png", "webp"})
PHOTOS_AND_PDF = PHOTOS | {"pdf"}
TABLES = frozenset({"xlsx", "csv"})
Closer = Callable[[Grant, datetime], None]
_closers: dict[str, Closer] = {}


def closes_with(what: Iterable[str], closer: Closer) -> None:
    """Say what else closes when a grant of these classes is switched off; called from an AppConfig.ready() of a floor above."""
    _closers.update(dict.fromkeys(what, closer))


def file_evidence(
    *, actor: Actor, path: Path, name: str, client_id: str, now: datetime, allowed: frozenset[str] = PHOTOS_AND_PDF
) -> Evidence:
    """Judge an uploaded file and keep it: the original sealed, a clean copy for others.

    The same `client_id` files once. Raises RuleBroken("evidence_<code>") with the screening's code; nothing is kept then.
    """
    if actor.org_id is None or actor.hat not in (Hat.OWNER, Hat.SUPPLIER, Hat.LAB):
        raise NotYours
    before = Evidence.objects.visible_to(actor).filter(client_id=client_id).first()
    if before is not None:
        return before
    scanner = ClamdScanner(settings.SCAN_ADDRESS) if settings.SCAN_ADDRESS else None
    copy = path.with_name(path.name + ".shared")
    verdict = screen(path, claimed_name=name, allowed=allowed, scanner=scanner, copy_path=copy)
    if not verdict.accepted:
        copy.unlink(missing_ok=True)
        raise RuleBroken(f"evidence_{verdict.code}", field="file", name=clean_file_name(name))
    return _keep(actor=actor, path=path, copy=copy, name=name, client_id=client_id, now=now, verdict=verdict)


def take_evidence(
    *,
    actor: Actor,
    now: datetime,
    client_id: str,
    file: UploadedFile | None = None,
    evidence_id: UUID | None = None,
    allowed: frozenset[str] = PHOTOS_AND_PDF,
) -> Evidence:
    """What a form of any app sends: a file with the form, or the id of evidence that was uploaded before it.

    Raises RuleBroken("evidence_…") on the field `file`: nothing chosen, not of an allowed kind, or refused by screening.
    """
    if evidence_id is not None:
        found = Evidence.objects.visible_to(actor).filter(pk=evidence_id).first()
        if found is None:
            raise RuleBroken("evidence_missing", field="file")
        if found.kind not in allowed:
            raise RuleBroken("evidence_kind_not_allowed", field="file", name=found.name)
        return found
    if file is None:
        raise RuleBroken("evidence_missing", field="file")
    with _on_disk(file) as path:
        return file_evidence(actor=actor, path=path, name=file.name or "", client_id=client_id, now=now, allowed=allowed)


@contextmanager
def _on_disk(file: UploadedFile) -> Iterator[Path]:
    """A sealed copy of an uploaded file: screening hands a path to another process."""
    incoming = settings.EVIDENCE_ROOT / "incoming"
    incoming.mkdir(parents=True, exist_ok=True)
    path = incoming / f"{uuid7()}.form"
    try:
        with path.open("wb") as copy:
            for chunk in file.chunks():
                copy.write(chunk)
        yield path
    finally:
        path.unlink(missing_ok=True)


def _keep(*, actor: Actor, path: Path, copy: Path, name: str, client_id: str, now: datetime, verdict: Verdict) -> Evidence:
    evidence_id = uuid7()
    folder = Path(str(actor.org_id)) / f"{now:%Y%m}"
    original, shared = folder / f"{evidence_id}.original", folder / f"{evidence_id}.shared"
    (settings.EVIDENCE_ROOT / folder).mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, settings.EVIDENCE_ROOT / original)
    shutil.move(copy if copy.exists() else shutil.copyfile(path, copy), settings.EVIDENCE_ROOT / shared)
    evidence = Evidence(
        id=evidence_id, org_id=actor.org_id, kind=verdict.kind, mime=verdict.mime, name=clean_file_name(name), size=verdict.size,
        sha256=verdict.sha256, shared_sha256=_sha256(settings.EVIDENCE_ROOT / shared), original_path=str(original), shared_path=str(shared),
        width=verdict.width, height=verdict.height, taken_at=str(verdict.taken_at or ""), received_at=now, person_name=actor.person_name,
        client_id=client_id,
    )  # fmt: skip
    with transaction.atomic():
        Evidence.objects.bulk_create([evidence], ignore_conflicts=True)
        return Evidence.objects.visible_to(actor).get(client_id=client_id)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@transaction.atomic
def share_evidence(*, actor: Actor, evidence_ids: Iterable[UUID], grantee_org_id: UUID, what: str, now: datetime) -> int:
    """Show the actor's own evidence to a firm that holds a grant for this class of things; without one, nothing happens."""
    today = timezone.localdate(now)  # a grant begins with a day in Shanghai
    grants = Grant.objects.visible_to(actor).filter(to_org_id=grantee_org_id, what=what, revoked_at=None, valid_from__lte=today)
    if not any(g.valid_to is None or g.valid_to >= today for g in grants):
        return 0
    rows = Evidence.objects.visible_to(actor).filter(pk__in=list(evidence_ids))
    shares = [
        EvidenceShare(
            evidence_id=e.pk, org_id=e.org_id, grantee_org_id=grantee_org_id, kind=e.kind, mime=e.mime, name=e.name, size=e.size,
            sha256=e.shared_sha256, path=e.shared_path, taken_at=e.taken_at, received_at=e.received_at, granted_at=now,
        )
        for e in rows
    ]  # fmt: skip
    with acting_as(Hat.CLOCK):
        EvidenceShare.objects.bulk_create(shares, ignore_conflicts=True)
    return len(shares)


@transaction.atomic
def note_look(*, actor: Actor, share: EvidenceShare, now: datetime) -> None:
    """Tell the owner of a thing that somebody opened it."""
    AccessEvent.objects.bulk_create(
        [
            AccessEvent(
                org_id=share.org_id, viewer_org_id=actor.org_id, viewer_name_zh=actor.org_name_zh, viewer_name_en=actor.org_name_en,
                person_name=actor.person_name, what="evidence", subject_id=share.evidence_id, at=now,
            )
        ]
    )  # fmt: skip


@transaction.atomic
def revoke_grant(*, actor: Actor, grant: Grant, now: datetime) -> None:
    """Switch off an ad-hoc grant: its shares close with it. A grant that a clause gives ends with the agreement."""
    actor.must_act_for(grant.from_org_id, Hat.SUPPLIER, Hat.OWNER)
    actor.must_hold(*MAY_WRITE)
    if grant.clause_id is not None:
        raise RuleBroken("grant_follows_from_a_clause")
    Grant.objects.visible_to(actor).filter(pk=grant.pk, revoked_at=None).update(revoked_at=now)
    if closer := _closers.get(grant.what):
        closer(grant, now)
    elif grant.what != "firm":
        with acting_as(Hat.CLOCK):
            EvidenceShare.objects.filter(org_id=grant.from_org_id, grantee_org_id=grant.to_org_id, revoked_at=None).update(revoked_at=now)
