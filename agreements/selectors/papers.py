"""Questions about kept papers, stamped copies and signatures; and the one question that anybody may ask."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import connection

from agreements.models import Agreement, AgreementPaper, AgreementVersion, Signature, StampedCopy
from agreements.selectors.agreements import signatures_of, text_of
from agreements.selectors.versions import version_numbered
from foundation.actor import Actor, Hat, acting_as
from foundation.errors import Absent

Kind = AgreementPaper.Kind


def papers_of(actor: Actor, version: AgreementVersion) -> list[AgreementPaper]:
    """Every kept paper of a version: the text, the sheet, stamped pages, proofs."""
    return list(AgreementPaper.objects.visible_to(actor).filter(version=version).order_by("at", "number", "id"))


def locked_version(actor: Actor, agreement: Agreement, number: int) -> AgreementVersion:
    """A locked version by its number, or Absent."""
    found = version_numbered(actor, agreement, number)
    if found.locked_at is None:
        raise Absent
    found.agreement = agreement
    return found


def paper_for(actor: Actor, agreement: Agreement, paper_id: UUID) -> AgreementPaper:
    """One kept paper of an agreement, or Absent."""
    rows = AgreementPaper.objects.visible_to(actor).filter(pk=paper_id, version__agreement=agreement)
    found: AgreementPaper | None = rows.first()
    if found is None:
        raise Absent
    return found


def has_kept_text(version: AgreementVersion) -> bool:
    """Whether the text names a paper; one that was locked before papers were kept does not."""
    return bool((text_of(version) or {}).get("text_pdf"))


def own_signature(actor: Actor, agreement: Agreement, sha256: str) -> Signature | None:
    """What this very person has signed under that hash, whichever version it was."""
    rows = Signature.objects.visible_to(actor).filter(version__agreement=agreement, sha256=sha256, org_id=actor.org_id)
    found: Signature | None = rows.filter(person_id=actor.person_id).first()
    return found


def stamped_of(actor: Actor, version: AgreementVersion) -> list[StampedCopy]:
    """Every stamped copy of a version with what was said of it and its pages, oldest first."""
    rows = StampedCopy.objects.visible_to(actor).filter(version=version)
    return list(rows.prefetch_related("words", "pages").order_by("at", "id"))


def stamped_for(actor: Actor, agreement: Agreement, stamped_id: UUID) -> StampedCopy:
    """One stamped copy of an agreement with its text, or Absent."""
    rows = StampedCopy.objects.visible_to(actor).filter(pk=stamped_id, version__agreement=agreement)
    found: StampedCopy | None = rows.select_related("version").prefetch_related("words", "pages").first()
    if found is None:
        raise Absent
    return found


def waits(copy: StampedCopy, signatures: Mapping[str, Signature]) -> bool:
    """Whether a stamped copy still waits for somebody's word: nobody refused it, and its side has not signed."""
    return copy.side not in signatures and all(word.matches for word in copy.words.all())


def still_to_judge(actor: Actor, version: AgreementVersion) -> set[str]:
    """The sides that have not said yet whether some stamped copy of this text is the text."""
    signatures = signatures_of(actor, version)
    waiting = [{word.side for word in copy.words.all()} for copy in stamped_of(actor, version) if waits(copy, signatures)]
    return {side for side in ("owner", "supplier") for said in waiting if side not in said}


def state_of_hash(sha256: str) -> str:
    """valid, superseded, ended or not_ours: all that anybody learns of a hash. Asked in the lobby, whoever asks."""
    with acting_as(Hat.LOBBY), connection.cursor() as cursor:
        cursor.execute("select agreement_paper_state(%s)", [sha256])
        state: str = cursor.fetchone()[0]
    return state
