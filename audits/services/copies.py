"""One audit, many owners: the supplier shows a finished audit to another, who recognises it or says why not. The first one never learns."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from agreements.models import Agreement
from audits.copying import Choice, copy_of
from audits.models import Audit, AuditCopy, AuditShare
from audits.selectors import audit_for
from audits.selectors.copies import FINISHED, copy_for, names_to_cover, readers_for, source_of
from audits.services.sides import for_owner, for_supplier, must_judge
from foundation.actor import Actor, Hat
from foundation.errors import Absent, RuleBroken
from notices.services import close_todo, put_todo, tell
from parties.roles import MAY_WRITE
from records.canonical import canonical
from records.services.entries import append_entry

LONGEST_REASON = 500
State = AuditCopy.State


@dataclass(frozen=True, slots=True)
class Showing:
    """What is shown to whom: the agreement with the reader names the reader."""

    agreement_id: UUID
    choice: Choice


def body_of(actor: Actor, audit: Audit, choice: Choice) -> dict[str, Any]:
    """What a reader would see. Raises RuleBroken("audit_not_finished"), ("section_unknown")."""
    if audit.state not in FINISHED or audit.kind == Audit.Kind.FOLLOW_UP:
        raise RuleBroken("audit_not_finished")
    source = source_of(actor, audit)
    if set(choice.sections) - {section["code"] for section in source.sections}:
        raise RuleBroken("section_unknown", field="sections")
    return copy_of(source, choice, names_to_cover(actor, audit))


@transaction.atomic
def show_audit(*, actor: Actor, audit_id: UUID, showing: Showing, client_id: str, now: datetime) -> AuditCopy:
    """Show a copy of a finished audit to another chain owner. The same `client_id` shows once; a newer copy takes the place of one undecided.

    Raises RuleBroken("audit_not_finished"), ("section_unknown"), ("no_such_reader").
    """
    audit = audit_for(actor, audit_id)
    actor.must_act_for(audit.supplier_org_id, Hat.SUPPLIER)
    actor.must_hold(*MAY_WRITE)
    before = AuditShare.objects.visible_to(actor).filter(client_id=client_id).first()
    if before is not None:
        return copy_for(actor, before.copy_id)
    reader = next((row for row in readers_for(actor, audit) if row.pk == showing.agreement_id), None)
    if reader is None:
        raise RuleBroken("no_such_reader", field="reader")
    body = body_of(actor, audit, showing.choice)
    _replace_undecided(actor, audit, reader, now)
    copy = _written(actor, audit, reader, body, now)
    AuditShare(
        audit=audit, from_owner_org_id=audit.owner_org_id, to_owner_org_id=reader.owner_org_id, supplier_org_id=audit.supplier_org_id,
        copy=copy, sections=list(showing.choice.sections), client_id=client_id,
    ).save(force_insert=True)  # fmt: skip
    payload = {"month": body["month"][:7], "whole": body["whole"], "sha256": copy.sha256}
    append_entry(actor=actor, stream=reader, kind="audit_shown", subject_id=copy.pk, payload=payload, now=now)
    told = for_owner(reader)
    put_todo(**told, kind="copy_to_decide", subject_id=copy.pk, now=now)
    tell(**told, kind="copy_to_decide", subject_id=copy.pk, now=now)
    return copy


def _replace_undecided(actor: Actor, audit: Audit, reader: Agreement, now: datetime) -> None:
    ids = AuditShare.objects.visible_to(actor).filter(audit=audit, to_owner_org_id=reader.owner_org_id).values_list("copy_id", flat=True)
    for copy in AuditCopy.objects.visible_to(actor).filter(pk__in=list(ids), state=State.SHOWN):
        take_back(actor=actor, copy_id=copy.pk, now=now)


def _written(actor: Actor, audit: Audit, reader: Agreement, body: dict[str, Any], now: datetime) -> AuditCopy:
    # A self-check costs its owner no visit, so recognising one saves none.
    halves = 0 if audit.kind == Audit.Kind.SELF_CHECK else audit.halves
    copy = AuditCopy(
        agreement=reader, owner_org_id=reader.owner_org_id, supplier_org_id=reader.supplier_org_id, month=audit.visit_on.replace(day=1),
        body=body, sha256=hashlib.sha256(canonical(body)).hexdigest(), halves=halves, shown_at=now, shown_by=actor.person_name,
    )  # fmt: skip
    copy.save(force_insert=True)
    return copy


def _held(actor: Actor, copy_id: UUID) -> AuditCopy:
    rows = AuditCopy.objects.visible_to(actor).select_related("agreement").select_for_update(no_key=True, of=("self",))
    found = rows.filter(pk=copy_id).first()
    if found is None:
        raise Absent
    return found


@transaction.atomic
def decide_copy(*, actor: Actor, copy_id: UUID, recognised: bool, reason: str = "", now: datetime) -> AuditCopy:
    """Recognise what was shown, in place of a visit of one's own, or say why not. What is recognised stays so; said again, it is the same.

    Raises RuleBroken("finding_reason_missing") where it is not recognised without a reason.
    """
    copy = _held(actor, copy_id)
    must_judge(actor, copy.owner_org_id)
    wanted = State.RECOGNISED if recognised else State.NOT_RECOGNISED
    if copy.state in (wanted, State.RECOGNISED):
        return copy
    if not recognised and not reason.strip():
        raise RuleBroken("finding_reason_missing", field="reason")
    copy.state, copy.reason = wanted, reason.strip()[:LONGEST_REASON]
    copy.decided_at, copy.decided_by = now, actor.person_name
    copy.halves_saved = copy.halves if recognised else 0
    copy.save(update_fields=["state", "reason", "decided_at", "decided_by", "halves_saved"])
    kind = "audit_recognised" if recognised else "audit_not_recognised"
    payload = {"month": f"{copy.month:%Y-%m}", "sha256": copy.sha256, "reason": copy.reason}
    append_entry(actor=actor, stream=copy.agreement, kind=kind, subject_id=copy.pk, payload=payload, now=now)
    close_todo(kind="copy_to_decide", subject_id=copy.pk, now=now)
    tell(**for_supplier(copy.agreement), kind="copy_decided", subject_id=copy.pk, now=now)
    return copy


@transaction.atomic
def take_back(*, actor: Actor, copy_id: UUID, now: datetime) -> AuditCopy:
    """The supplier shows it no more. What was recognised stays: the reader relies on it. Raises RuleBroken("copy_is_recognised")."""
    seen = copy_for(actor, copy_id)
    actor.must_act_for(seen.supplier_org_id, Hat.SUPPLIER)
    actor.must_hold(*MAY_WRITE)
    if seen.state == State.RECOGNISED:  # the wall lets no supplier hold it: ask before
        raise RuleBroken("copy_is_recognised")
    copy = _held(actor, copy_id)
    if copy.state != State.TAKEN_BACK:
        copy.state = State.TAKEN_BACK
        copy.save(update_fields=["state"])
        payload = {"month": f"{copy.month:%Y-%m}", "sha256": copy.sha256}
        append_entry(actor=actor, stream=copy.agreement, kind="audit_taken_back", subject_id=copy.pk, payload=payload, now=now)
        close_todo(kind="copy_to_decide", subject_id=copy.pk, now=now)
    return copy
