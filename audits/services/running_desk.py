"""The same words from a page: a form is one operation, and a photo comes with its form."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from audits.models import Audit, VisitOp, VisitPhoto
from audits.services.running import apply_ops
from audits.services.running_parts import Result, Run, must_be_on_team
from audits.services.running_site import MOST_PHOTOS
from audits.services.sides import audit_held
from foundation.actor import Actor
from foundation.errors import FieldsToMend, RuleBroken
from records.models import Evidence
from records.selectors import evidence_for


def say(*, actor: Actor, audit_id: UUID, kind: str, client_id: UUID, now: datetime, **said: Any) -> Result:
    """One operation from a form. Raises RuleBroken where it is refused."""
    op = {"client_id": str(client_id), "kind": kind, "client_time": now.isoformat(), **said}
    result = apply_ops(actor=actor, audit_id=audit_id, ops=[op], sent_at=None, now=now)[0]
    if result.status == "refused":
        raise FieldsToMend(result.more["errors"]) if "errors" in result.more else RuleBroken(result.code, **result.facts)
    return result


@transaction.atomic
def hang_photo(*, actor: Actor, audit_id: UUID, evidence: Evidence, question: str = "", finding: UUID | None = None, now: datetime) -> None:
    """A filed photo is part of the visit; the same photo once."""
    audit = audit_held(actor, audit_id)
    must_be_on_team(actor, audit)
    if audit.state != Audit.State.IN_PROGRESS:
        raise RuleBroken("visit_not_open")
    evidence_for(actor, evidence.pk)
    rows = VisitPhoto.objects.visible_to(actor).filter(audit=audit)
    asked = Run(actor, audit, now).question(question)
    there = rows.filter(evidence_id=evidence.pk).first()
    if there is not None:
        there.question, there.finding, there.dropped_at = asked, finding, None
        there.save(update_fields=["question", "finding", "dropped_at"])
        return
    if asked is not None and rows.filter(question=asked, dropped_at=None).count() >= MOST_PHOTOS:
        raise RuleBroken("too_many_photos", field="photo", most=MOST_PHOTOS)
    photo = uuid4()
    VisitPhoto.objects.bulk_create([
        VisitPhoto(
            audit=audit, owner_org_id=audit.owner_org_id, photo=photo, question=asked, finding=finding, name=evidence.name, size=evidence.size,
            sha256=evidence.sha256, evidence_id=evidence.pk, added_by=actor.person_name, added_at=now,
        )
    ])  # fmt: skip
    VisitOp.objects.bulk_create([
        VisitOp(
            audit=audit, owner_org_id=audit.owner_org_id, client_id=uuid4(), kind="photo", subject=str(photo),
            body={"photo": str(photo), "sha256": evidence.sha256, "question": question or None, "finding": str(finding) if finding else None},
            version=1, outcome="saved", person_id=actor.person_id, person_name=actor.person_name, received_at=now,
        )
    ])  # fmt: skip
