"""A firm's own papers, and what it shows of its own free will."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from foundation.actor import Actor, Hat
from foundation.errors import RuleBroken
from parties.roles import MAY_FILE
from records.services.evidence import PHOTOS_AND_PDF, file_evidence
from suppliers.models import Paper
from suppliers.words import PAPER_KINDS


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """What stands on a paper: its kind (suppliers.words.PAPER_KINDS), number and days."""

    kind: str
    number: str = ""
    issued_on: date | None = None
    expires_on: date | None = None


@transaction.atomic
def file_paper(*, actor: Actor, paper: PaperFacts, path: Path, name: str, client_id: str, now: datetime) -> Paper:
    """Keep a paper of the firm with its file. The same `client_id` files once.

    Raises RuleBroken("paper_kind_unknown"), or what file_evidence() says of the file.
    """
    actor.must_act_for(actor.org_id, Hat.SUPPLIER, Hat.OWNER, Hat.LAB)
    actor.must_hold(*MAY_FILE)
    if paper.kind not in PAPER_KINDS:
        raise RuleBroken("paper_kind_unknown", field="kind")
    evidence = file_evidence(actor=actor, path=path, name=name, client_id=client_id, now=now, allowed=PHOTOS_AND_PDF)
    row = Paper(
        org_id=actor.org_id, kind=paper.kind, number=paper.number.strip()[:80], issued_on=paper.issued_on, expires_on=paper.expires_on,
        evidence_id=evidence.pk, filed_at=now,
    )  # fmt: skip
    Paper.objects.bulk_create([row], ignore_conflicts=True)
    return Paper.objects.visible_to(actor).get(evidence_id=evidence.pk, kind=paper.kind)
