"""How a dated duty is kept by a person: the supplier files a document, the owner shares its results."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from agreements.models import Obligation
from agreements.selectors import clauses_by_id
from agreements.selectors.obligations import OPEN
from agreements.services.obligations import meet, titles
from agreements.services.sides import MAY_FILE, MAY_WRITE
from foundation.actor import Actor, Hat
from foundation.errors import NotYours, RuleBroken
from records.models import Evidence
from records.services.entries import append_entry
from records.services.evidence import share_evidence
from suppliers.expiry import next_reminder
from suppliers.models import Paper
from suppliers.services.firm_sharing import refresh_shared

MIN_NOTE = 5
# What a chain owner keeps by saying what it did: its duties by period, and its answers to what happened.
KEPT_BY_WORDS = ("owner_duty", "reply", "payment", "visit_notice", "concession_answer", "change_answer")


@transaction.atomic
def file_document(
    *, actor: Actor, obligation: Obligation, evidence: Evidence, now: datetime, number: str = "", expires_on: date | None = None
) -> Obligation:
    """File the document that a clause asks for: kept as the supplier's own paper, shown to the owner, and the duty is met."""
    actor.must_act_for(obligation.supplier_org_id, Hat.SUPPLIER)
    actor.must_hold(*MAY_FILE)
    obligation = _open(actor, obligation, "document")
    if evidence.org_id != actor.org_id:
        raise NotYours
    starts_on = obligation.agreement.effective_from
    if expires_on is not None and starts_on is not None and expires_on < starts_on:
        raise RuleBroken("document_has_run_out", field="expires_on")
    clause = clauses_by_id(actor, [obligation.clause_id])[obligation.clause_id]
    paper = Paper(
        org_id=actor.org_id, kind=clause.params["document"], number=number, expires_on=expires_on, evidence_id=evidence.pk, filed_at=now,
        remind_on=next_reminder(expires_on, after=timezone.localdate(now)),
    )  # fmt: skip
    Paper.objects.bulk_create([paper], ignore_conflicts=True)
    refresh_shared(org_id=actor.org_id, what="certificates", now=now)
    share_evidence(actor=actor, evidence_ids=[evidence.pk], grantee_org_id=obligation.owner_org_id, what="documents", now=now)
    payload = {**titles(obligation), "document": clause.params["document"], "sha256": evidence.shared_sha256, "evidence": str(evidence.pk)}
    append_entry(actor=actor, stream=obligation.agreement, kind="document_filed", subject_id=obligation.pk, payload=payload, now=now)
    return _met(obligation, evidence, now)


@transaction.atomic
def file_record(*, actor: Actor, obligation: Obligation, note: str, now: datetime, evidence: Evidence | None = None) -> Obligation:
    """Show the record of a process for one period: its words stand in the common record, a photo of it is shown to the owner."""
    actor.must_act_for(obligation.supplier_org_id, Hat.SUPPLIER)
    actor.must_hold(*MAY_FILE)
    obligation = _open(actor, obligation, "process_record")
    note = note.strip()
    if len(note) < MIN_NOTE:
        raise RuleBroken("record_needs_words", field="note")
    payload = {**titles(obligation), "note": note}
    if evidence is not None:
        if evidence.org_id != actor.org_id:
            raise NotYours
        share_evidence(actor=actor, evidence_ids=[evidence.pk], grantee_org_id=obligation.owner_org_id, what="documents", now=now)
        payload |= {"sha256": evidence.shared_sha256, "evidence": str(evidence.pk)}
    append_entry(actor=actor, stream=obligation.agreement, kind="record_filed", subject_id=obligation.pk, payload=payload, now=now)
    return _met(obligation, evidence, now)


@transaction.atomic
def share_results(*, actor: Actor, obligation: Obligation, note: str, now: datetime, evidence: Evidence | None = None) -> Obligation:
    """The owner keeps a duty of its own: what it found stands in the common record, for both to read."""
    actor.must_act_for(obligation.owner_org_id, Hat.OWNER)
    actor.must_hold(*MAY_WRITE)
    obligation = _open(actor, obligation, *KEPT_BY_WORDS)
    note = note.strip()
    if len(note) < MIN_NOTE:
        raise RuleBroken("results_need_words", field="note")
    payload = {**titles(obligation), "note": note}
    if evidence is not None:
        if evidence.org_id != actor.org_id:
            raise NotYours
        share_evidence(actor=actor, evidence_ids=[evidence.pk], grantee_org_id=obligation.supplier_org_id, what="results", now=now)
        payload |= {"sha256": evidence.shared_sha256, "evidence": str(evidence.pk)}
    append_entry(actor=actor, stream=obligation.agreement, kind="results_shared", subject_id=obligation.pk, payload=payload, now=now)
    return _met(obligation, evidence, now)


def _open(actor: Actor, obligation: Obligation, *kinds: str) -> Obligation:
    """The row as it stands; a duty that is settled is not kept a second time."""
    row = Obligation.objects.visible_to(actor).filter(OPEN, pk=obligation.pk, kind__in=kinds).select_related("agreement").first()
    if row is None:
        raise RuleBroken("obligation_is_settled")
    return row


def _met(obligation: Obligation, evidence: Evidence | None, now: datetime) -> Obligation:
    met = meet(
        clause_id=obligation.clause_id, side=obligation.side, key=obligation.key, now=now, subject_id=evidence.pk if evidence else None
    )
    if met is None:  # the row was read in this transaction, and no obligation is ever deleted
        raise RuleBroken("obligation_is_settled")
    return met
