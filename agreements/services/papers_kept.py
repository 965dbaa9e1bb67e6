"""Papers are printed once and kept as bytes, known by their SHA-256. Whoever takes one gets those bytes, or a clear refusal."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from uuid_utils.compat import uuid7

from agreements.documents import text_paper
from agreements.models import AgreementPaper, AgreementVersion, StampedCopy
from agreements.selectors import text_of
from foundation.actor import Actor, Hat, acting_as
from foundation.errors import RuleBroken
from records.models import Evidence

log = logging.getLogger(__name__)
Kind = AgreementPaper.Kind
PDF = "application/pdf"


class PaperDamaged(RuleBroken):
    """The bytes on our disk are not those whose hash was kept: our fault, and nothing of them is handed out."""

    status = 500

    def __init__(self) -> None:
        super().__init__("paper_damaged")


@dataclass(frozen=True)
class Made:
    """What is to be kept: bytes of ours, and whose they are."""

    kind: str
    raw: bytes
    mime: str = PDF
    side: str = ""
    stamped: StampedCopy | None = None
    number: int = 1


def keep_text_pdf(version: AgreementVersion, text: Mapping[str, Any], *, now: datetime) -> str:
    """Print a text that is about to be locked, keep the paper, and give the SHA-256 that the text is to name."""
    return keep(version, Made(Kind.TEXT, text_paper(text, is_demo=version.agreement.is_demo)), now=now).sha256


def keep(version: AgreementVersion, made: Made, *, now: datetime) -> AgreementPaper:
    """Write the bytes, then the row that names them; part of the caller's transaction. A row lost leaves bytes that nobody names."""
    sha256 = hashlib.sha256(made.raw).hexdigest()
    # By its hash: the same bytes lie there once, and a restore from two backups cannot mix them up.
    stored = f"agreements/{sha256[:2]}/{sha256}"
    _write(settings.EVIDENCE_ROOT / stored, made.raw)
    paper = AgreementPaper(
        version=version, owner_org_id=version.owner_org_id, supplier_org_id=version.supplier_org_id, kind=made.kind, side=made.side,
        stamped=made.stamped, number=made.number, sha256=sha256, size=len(made.raw), mime=made.mime, path=stored, at=now,
    )  # fmt: skip
    with acting_as(Hat.CLOCK):
        paper.save(force_insert=True)
    return paper


def _write(path: Path, raw: bytes) -> None:
    """Whole and on disk before anybody signs its hash: a machine that falls over in between must not have lost it."""
    if path.exists() and path.read_bytes() == raw:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f"{path.name}.{uuid7()}")
    with half.open("xb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


def clean_copy(evidence: Evidence) -> bytes:
    """The bytes of a file that passed screening, without what a camera writes into its pictures."""
    return (settings.EVIDENCE_ROOT / evidence.shared_path).read_bytes()


def bytes_of(paper: AgreementPaper) -> bytes:
    """The bytes as they were kept. Raises PaperDamaged when they are gone or are not those any more."""
    try:
        raw = (settings.EVIDENCE_ROOT / paper.path).read_bytes()
    except OSError:
        log.exception("a kept paper is not on disk: %s", paper.path)
        raise PaperDamaged from None
    if hashlib.sha256(raw).hexdigest() != paper.sha256:
        log.error("a kept paper has other bytes than its hash says: %s", paper.path)
        raise PaperDamaged
    return raw


def check_text_paper(actor: Actor, version: AgreementVersion) -> None:
    """Nobody signs a text whose paper is not at hand as it was printed. Raises PaperDamaged."""
    named = (text_of(version) or {}).get("text_pdf")
    if named is None:
        return
    paper = AgreementPaper.objects.visible_to(actor).filter(version=version, kind=Kind.TEXT, sha256=named).first()
    if paper is None:
        raise PaperDamaged
    bytes_of(paper)
