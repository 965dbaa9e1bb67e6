"""File evidence once; show it to those who were granted it. Nobody opens a file that was not judged."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from uuid_utils.compat import uuid7

from foundation.actor import Actor, Hat, acting_as
from foundation.errors import NotYours, RuleBroken
from parties.roles import MAY_WRITE
from records.likeness import look_of
from records.models import AccessEvent, Evidence, EvidenceShare, Grant
from records.screening import ClamdScanner, Verdict, clean_file_name, screen
from records.sharpness import looks_blurred

PHOTOS = frozenset({"jpeg", "png", "webp"})
PHOTOS_AND_PDF = PHOTOS | {"pdf"}
TABLES = frozenset({"xlsx", "csv"})
MOST_PIXELS_IN_PASSING = 12_000_000  # a JPEG is read small at once; other kinds are not
UNDO_FOR = timedelta(minutes=10)
Closer = Callable[[Grant, datetime], None]
_closers: dict[str, Closer] = {}
_openers: dict[str, Closer] = {}


def closes_with(what: Iterable[str], closer: Closer, *, opener: Closer | None = None) -> None:
    """Say what else closes when a grant of these classes is switched off, and opens when that is taken back.

    Called from an AppConfig.ready() of a floor above.
    """
    _closers.update(dict.fromkeys(what, closer))
    if opener is not None:
        _openers.update(dict.fromkeys(what, opener))


@dataclass(frozen=True)
class About:
    """What the sender says of a file: from which day it counts (None: the day it was taken, or today), and which it takes the place of."""

    counts_from: date | None = None
    revises: Evidence | None = None


NOTHING_SAID = About()


def file_evidence(
    *,
    actor: Actor,
    path: Path,
    name: str,
    client_id: str,
    now: datetime,
    allowed: frozenset[str] = PHOTOS_AND_PDF,
    about: About = NOTHING_SAID,
) -> Evidence:
    """Judge an uploaded file and keep it: the original sealed, a clean copy for others.

    The same `client_id` files once. Raises RuleBroken("evidence_<code>") with the screening's code; nothing is kept then.
    Also ("evidence_counts_from_the_future") and ("evidence_revised_already").
    """
    if actor.org_id is None or actor.hat not in (Hat.OWNER, Hat.SUPPLIER, Hat.LAB, Hat.PROVIDER):
        raise NotYours
    before = Evidence.objects.visible_to(actor).filter(client_id=client_id).first()
    if before is not None:
        return before
    _check_about(actor, about, now)
    scanner = ClamdScanner(settings.SCAN_ADDRESS) if settings.SCAN_ADDRESS else None
    copy = path.with_name(path.name + ".shared")
    verdict = screen(path, claimed_name=name, allowed=allowed, scanner=scanner, copy_path=copy)
    if not verdict.accepted:
        copy.unlink(missing_ok=True)
        raise RuleBroken(f"evidence_{verdict.code}", field="file", name=clean_file_name(name))
    evidence = _kept(path, copy, verdict, actor.org_id)
    evidence.name, evidence.client_id, evidence.received_at, evidence.person_name = clean_file_name(name), client_id, now, actor.person_name
    evidence.counts_from, evidence.revises = about.counts_from or _taken_on(verdict, now), about.revises
    with transaction.atomic():
        Evidence.objects.bulk_create([evidence], ignore_conflicts=True)
        filed: Evidence | None = Evidence.objects.visible_to(actor).filter(client_id=client_id).first()
        if filed is None:  # another revision of the same file was quicker
            raise RuleBroken("evidence_revised_already", field="file")
        if about.revises is not None:
            _show_as_before(actor, about.revises, filed, now)
    return filed


def _check_about(actor: Actor, about: About, now: datetime) -> None:
    if about.counts_from is not None and about.counts_from > timezone.localdate(now):
        raise RuleBroken("evidence_counts_from_the_future", field="counts_from")
    if about.revises is not None:
        actor.must_act_for(about.revises.org_id, Hat.OWNER, Hat.SUPPLIER, Hat.LAB, Hat.PROVIDER)
        if Evidence.objects.visible_to(actor).filter(revises=about.revises).exists():
            raise RuleBroken("evidence_revised_already", field="file")


def _taken_on(verdict: Verdict, now: datetime) -> date:
    """The day of the camera where it says one that can be; else today."""
    today = timezone.localdate(now)
    try:
        taken = datetime.fromisoformat(str(verdict.taken_at or "")).date()
    except ValueError:
        return today
    return taken if date(1990, 1, 1) <= taken <= today else today


def _show_as_before(actor: Actor, old: Evidence, new: Evidence, now: datetime) -> None:
    """Whoever is shown a file today is shown what takes its place, under the same grants."""
    with acting_as(Hat.CLOCK):
        shown = list(EvidenceShare.objects.filter(evidence_id=old.pk, revoked_at=None).values_list("grantee_org_id", "whats"))
    for grantee_org_id, whats in shown:
        for what in whats:
            share_evidence(actor=actor, evidence_ids=[new.pk], grantee_org_id=grantee_org_id, what=what, now=now)


def take_evidence(
    *,
    actor: Actor,
    now: datetime,
    client_id: str,
    file: UploadedFile | None = None,
    evidence_id: UUID | None = None,
    allowed: frozenset[str] = PHOTOS_AND_PDF,
    about: About = NOTHING_SAID,
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
        return file_evidence(actor=actor, path=path, name=file.name or "", client_id=client_id, now=now, allowed=allowed, about=about)


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


def _kept(path: Path, copy: Path, verdict: Verdict, org_id: UUID) -> Evidence:
    """The bytes on disk, each content once for a firm, and the row that is not written yet."""
    sealed, shown = kept_copy(path, verdict.sha256, org_id, "original"), copy if copy.exists() else path
    shared_sha256 = _sha256(shown)
    shared = kept_copy(shown, shared_sha256, org_id, "shared")
    copy.unlink(missing_ok=True)
    return Evidence(
        id=uuid7(), org_id=org_id, kind=verdict.kind, mime=verdict.mime, size=verdict.size, sha256=verdict.sha256, shared_sha256=shared_sha256,
        original_path=str(sealed), shared_path=str(shared), width=verdict.width, height=verdict.height, taken_at=str(verdict.taken_at or ""),
        look=look_of(settings.EVIDENCE_ROOT / shared) if verdict.kind in PHOTOS else None,
    )  # fmt: skip


def kept_copy(path: Path, sha256: str, org_id: UUID, copy: str) -> Path:
    """Where a content lies under its own hash. Written beside and moved there whole, so that a kill leaves no half of it."""
    place = Path(str(org_id)) / sha256[:2] / f"{sha256}.{copy}"
    whole = settings.EVIDENCE_ROOT / place
    if not whole.exists():
        whole.parent.mkdir(parents=True, exist_ok=True)
        half = whole.with_name(f"{whole.name}.{uuid7()}")
        shutil.copyfile(path, half)
        half.replace(whole)
    return place


def photo_looks_blurred(evidence: Evidence) -> bool:
    """Whether to ask a person to take the photo again; what is no photo, or too large to look at in passing, is not asked for."""
    readily = evidence.kind == "jpeg" or (evidence.width or 0) * (evidence.height or 0) <= MOST_PIXELS_IN_PASSING
    return evidence.kind in PHOTOS and readily and looks_blurred(settings.EVIDENCE_ROOT / evidence.shared_path)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@transaction.atomic
def share_evidence(*, actor: Actor, evidence_ids: Iterable[UUID], grantee_org_id: UUID, what: str, now: datetime) -> int:
    """Show the actor's own evidence to a firm that holds a grant for this class of things; without one, nothing happens.

    What is shown already is then shown under this class too; what was switched off is shown again.
    """
    if what not in _standing(actor, grantee_org_id, now):
        return 0
    rows = Evidence.objects.visible_to(actor).filter(pk__in=list(evidence_ids))
    shares = [
        EvidenceShare(
            evidence_id=e.pk, org_id=e.org_id, grantee_org_id=grantee_org_id, kind=e.kind, mime=e.mime, name=e.name, size=e.size,
            sha256=e.shared_sha256, path=e.shared_path, taken_at=e.taken_at, received_at=e.received_at, counts_from=e.counts_from, look=e.look,
            granted_at=now, whats=[what],
        )
        for e in rows
    ]  # fmt: skip
    with acting_as(Hat.CLOCK):
        EvidenceShare.objects.bulk_create(shares, ignore_conflicts=True)
        known = EvidenceShare.objects.filter(grantee_org_id=grantee_org_id, evidence_id__in=[share.evidence_id for share in shares])
        for share in known.exclude(whats__contains=[what], revoked_at=None).select_for_update():
            share.whats, share.revoked_at = sorted({*share.whats, what}), None
            share.save(update_fields=["whats", "revoked_at"])
    return len(shares)


@transaction.atomic
def note_look(*, actor: Actor, share: EvidenceShare, now: datetime) -> None:
    """Tell the owner of a thing that somebody opened it."""
    note_looks(actor=actor, org_ids=[share.org_id], what="evidence", subject_id=share.evidence_id, now=now)


@transaction.atomic
def note_looks(*, actor: Actor, org_ids: Iterable[UUID], what: str, subject_id: UUID, now: datetime) -> None:
    """Tell each of these firms that somebody of another looked at a thing of theirs. `what` is one of records.words.LOOKS."""
    AccessEvent.objects.bulk_create(
        AccessEvent(
            org_id=org_id, viewer_org_id=actor.org_id, viewer_name_zh=actor.org_name_zh, viewer_name_en=actor.org_name_en,
            person_name=actor.person_name, what=what, subject_id=subject_id, at=now,
        )
        for org_id in org_ids
    )  # fmt: skip


@transaction.atomic
def revoke_grant(*, actor: Actor, grant: Grant, now: datetime) -> None:
    """Switch off an ad-hoc grant: what was shown under it closes, unless another grant that stands still shows it.

    A grant that a clause gives ends with the agreement: RuleBroken("grant_follows_from_a_clause").
    """
    actor.must_act_for(grant.from_org_id, Hat.SUPPLIER, Hat.OWNER)
    actor.must_hold(*MAY_WRITE)
    if grant.clause_id is not None:
        raise RuleBroken("grant_follows_from_a_clause")
    if not Grant.objects.visible_to(actor).filter(pk=grant.pk, revoked_at=None).update(revoked_at=now):
        return
    if closer := _closers.get(grant.what):
        closer(grant, now)
    elif grant.what != "firm":
        _close_what_no_grant_shows(actor, grant, now)


@transaction.atomic
def restore_grant(*, actor: Actor, grant: Grant, now: datetime) -> None:
    """Take a switch-off back within ten minutes: the same things are shown again. Repeating changes nothing.

    Raises RuleBroken("grant_off_for_good") later.
    """
    actor.must_act_for(grant.from_org_id, Hat.SUPPLIER, Hat.OWNER)
    actor.must_hold(*MAY_WRITE)
    row = Grant.objects.visible_to(actor).select_for_update().get(pk=grant.pk)
    if row.revoked_at is None:
        return
    if now > row.revoked_at + UNDO_FOR:
        raise RuleBroken("grant_off_for_good")
    Grant.objects.visible_to(actor).filter(pk=row.pk).update(revoked_at=None)
    if opener := _openers.get(row.what):
        opener(row, now)
        return
    with acting_as(Hat.CLOCK):
        # Those that this switch-off closed, and no others: they bear its moment.
        EvidenceShare.objects.filter(org_id=row.from_org_id, grantee_org_id=row.to_org_id, revoked_at=row.revoked_at).update(
            revoked_at=None
        )


def _close_what_no_grant_shows(actor: Actor, grant: Grant, now: datetime) -> None:
    # What a clause showed while it stood stays readable, as the record does: its grant counts after its last day too.
    others = Grant.objects.visible_to(actor).filter(to_org_id=grant.to_org_id, revoked_at=None).exclude(what="firm")
    still = set(
        others.filter(Q(clause_id__isnull=False) | Q(what__in=_standing(actor, grant.to_org_id, now))).values_list("what", flat=True)
    )
    with acting_as(Hat.CLOCK):
        shown = EvidenceShare.objects.filter(org_id=grant.from_org_id, grantee_org_id=grant.to_org_id, revoked_at=None)
        shown = shown.filter(Q(whats__contains=[grant.what]) | Q(whats=[]))
        # A file from before the classes were kept may hang on any of them: it closes with the last.
        closing = shown.exclude(whats__overlap=list(still)).exclude(whats=[]) if still else shown
        closing.update(revoked_at=now)


def _standing(actor: Actor, grantee_org_id: UUID, now: datetime) -> set[str]:
    """The classes of things that the actor's firm shows that firm today."""
    today = timezone.localdate(now)  # a grant begins with a day in Shanghai
    grants = Grant.objects.visible_to(actor).filter(to_org_id=grantee_org_id, revoked_at=None, valid_from__lte=today)
    return set(grants.filter(Q(valid_to=None) | Q(valid_to__gte=today)).values_list("what", flat=True))
