"""A firm's own papers: licence, permits, reports, certificates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from foundation.actor import Actor
from foundation.errors import RuleBroken
from notices.services import close_todo
from records.models import Evidence
from records.services.evidence import PHOTOS_AND_PDF, file_evidence
from suppliers.expiry import next_reminder
from suppliers.firm_words import STANDARDS
from suppliers.models import Paper
from suppliers.services.firm_sharing import refresh_shared
from suppliers.services.firm_shelf import add, check_days, must_keep, save, say_of
from suppliers.services.verification import ask_verification
from suppliers.words import PAPER_KINDS

TODO = "paper_expiring"


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """What stands on a paper: its kind (suppliers.words.PAPER_KINDS), number and days; of a certificate its standard, scope and issuer."""

    kind: str
    number: str = ""
    issued_on: date | None = None
    expires_on: date | None = None
    standard: str = ""
    scope: str = ""
    issuer: str = ""

    def columns(self) -> dict[str, Any]:
        """The row's columns. Raises RuleBroken on the field that cannot be."""
        if self.kind not in PAPER_KINDS:
            raise RuleBroken("paper_kind_unknown", field="kind")
        if self.standard and (self.kind != "certificate" or self.standard not in STANDARDS):
            raise RuleBroken("standard_unknown", field="kind")
        check_days(issued_on=self.issued_on, expires_on=self.expires_on)
        if self.issued_on and self.expires_on and self.expires_on < self.issued_on:
            raise RuleBroken("paper_days_crossed", field="expires_on")
        return {
            "kind": self.kind, "standard": self.standard, "number": self.number.strip()[:80], "scope": self.scope.strip()[:300],
            "issuer": self.issuer.strip()[:120], "issued_on": self.issued_on, "expires_on": self.expires_on,
        }  # fmt: skip


@transaction.atomic
def file_paper(
    *, actor: Actor, paper: PaperFacts, path: Path, name: str, client_id: str, now: datetime, replaces: Paper | None = None
) -> Paper:
    """Keep a paper of the firm with its file, in the place of an older one where `replaces` says so. The same `client_id` files once.

    Raises RuleBroken("paper_kind_unknown"), ("standard_unknown"), ("paper_replaced_already"), or what file_evidence() says of the file.
    """
    must_keep(actor, actor.org_id)
    columns = paper.columns()
    evidence = file_evidence(actor=actor, path=path, name=name, client_id=client_id, now=now, allowed=PHOTOS_AND_PDF)
    before = Paper.objects.visible_to(actor).filter(evidence_id=evidence.pk, kind=paper.kind).first()
    return before or _keep(actor, columns, evidence, replaces, now)


def _keep(actor: Actor, columns: dict[str, Any], evidence: Evidence, replaces: Paper | None, now: datetime) -> Paper:
    row = Paper(org_id=actor.org_id, **columns, evidence_id=evidence.pk, filed_at=now, replaces=replaces)
    row.remind_on = next_reminder(row.expires_on, after=timezone.localdate(now))
    add(row, twin=RuleBroken("paper_replaced_already"), once="evidence_id")
    if replaces is not None:
        _remind_no_more(actor, replaces, now)
    refresh_shared(org_id=actor.org_id, what="certificates", now=now)
    if row.kind == "business_licence":
        ask_verification(actor, evidence.pk, now)
    return row


@transaction.atomic
def edit_paper(*, actor: Actor, paper: Paper, said: PaperFacts, now: datetime) -> Paper:
    """Mend what was typed of a paper; its file stays. Raises RuleBroken("paper_is_verified") once the platform has verified it."""
    must_keep(actor, paper.org_id)
    if paper.state == "verified":
        raise RuleBroken("paper_is_verified")
    columns = {**said.columns(), "remind_on": paper.remind_on}
    if columns["expires_on"] != paper.expires_on and not _replaced(actor, paper):
        columns["remind_on"] = next_reminder(columns["expires_on"], after=timezone.localdate(now))
        close_todo(kind=TODO, subject_id=paper.pk, org_id=paper.org_id, now=now)
    save(paper, say_of(paper, columns), twin=RuleBroken("paper_replaced_already"))
    refresh_shared(org_id=actor.org_id, what="certificates", now=now)
    return paper


@transaction.atomic
def retire_paper(*, actor: Actor, paper: Paper, now: datetime) -> None:
    """Take a paper off the firm's list; the row and its file stay. What it replaced counts again."""
    must_keep(actor, paper.org_id)
    if Paper.objects.visible_to(actor).filter(pk=paper.pk, retired_at=None).update(retired_at=now, remind_on=None):
        close_todo(kind=TODO, subject_id=paper.pk, org_id=paper.org_id, now=now)
        _remind_again(actor, paper.replaces_id, now)
        refresh_shared(org_id=actor.org_id, what="certificates", now=now)


@transaction.atomic
def take_back_paper(*, actor: Actor, paper: Paper, now: datetime) -> None:
    """Raises RuleBroken("paper_replaced_already") when another stands in the place of what it replaced."""
    must_keep(actor, paper.org_id)
    if paper.retired_at is None:
        return
    paper.retired_at = None
    paper.remind_on = None if _replaced(actor, paper) else next_reminder(paper.expires_on, after=timezone.localdate(now))
    save(paper, ["retired_at", "remind_on"], twin=RuleBroken("paper_replaced_already"))
    if paper.replaces is not None:
        _remind_no_more(actor, paper.replaces, now)
    refresh_shared(org_id=actor.org_id, what="certificates", now=now)


def _replaced(actor: Actor, paper: Paper) -> bool:
    return Paper.objects.visible_to(actor).filter(replaces=paper, retired_at=None).exists()


def _remind_no_more(actor: Actor, paper: Paper, now: datetime) -> None:
    Paper.objects.visible_to(actor).filter(pk=paper.pk).update(remind_on=None)
    close_todo(kind=TODO, subject_id=paper.pk, org_id=paper.org_id, now=now)


def _remind_again(actor: Actor, paper_id: Any, now: datetime) -> None:
    old = Paper.objects.visible_to(actor).filter(pk=paper_id, retired_at=None).first() if paper_id else None
    if old is not None:
        remind_on = next_reminder(old.expires_on, after=timezone.localdate(now))
        Paper.objects.visible_to(actor).filter(pk=old.pk).update(remind_on=remind_on)
