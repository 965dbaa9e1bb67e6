"""A firm's own papers, and what it shows of its own free will."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from foundation.actor import Actor, Hat
from foundation.errors import RuleBroken
from records.services.evidence import PHOTOS_AND_PDF, file_evidence
from suppliers.models import Paper
from suppliers.words import PAPER_KINDS


@transaction.atomic
def file_paper(
    *, actor: Actor, kind: str, path: Path, name: str, client_id: str, now: datetime, number: str = "", issued_on: date | None = None,
    expires_on: date | None = None,
) -> Paper:  # fmt: skip
    """Keep a paper of the firm with its file. The same `client_id` files once.

    Raises RuleBroken("paper_kind_unknown"), or what file_evidence() says of the file.
    """
    actor.must_act_for(actor.org_id, Hat.SUPPLIER, Hat.OWNER, Hat.LAB)
    if kind not in PAPER_KINDS:
        raise RuleBroken("paper_kind_unknown", field="kind")
    evidence = file_evidence(actor=actor, path=path, name=name, client_id=client_id, now=now, allowed=PHOTOS_AND_PDF)
    paper = Paper(
        org_id=actor.org_id, kind=kind, number=number.strip()[:80], issued_on=issued_on, expires_on=expires_on, evidence_id=evidence.pk,
        filed_at=now,
    )  # fmt: skip
    Paper.objects.bulk_create([paper], ignore_conflicts=True)
    return Paper.objects.visible_to(actor).get(evidence_id=evidence.pk, kind=kind)
