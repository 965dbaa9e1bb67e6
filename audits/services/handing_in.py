"""A visit is handed in: from here on nobody changes a word of it, the supplier reads it, and its findings are raised. And reviewed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from audits.models import Audit, Closing, Finding, FindingEvidence, VisitAnswer, VisitFinding, VisitOpening, VisitPhoto
from audits.selectors.running import Standing, standing_of
from audits.services.findings import Observation, Source, arisen, check_seen, written
from audits.services.master_data import propose_changes
from audits.services.review import close_if_done
from audits.services.running_parts import must_be_on_team
from audits.services.scores import score_audit
from audits.services.sides import audit_held, for_owner, for_supplier, must_judge
from audits.status import VISIT_MOVES, moved
from foundation.actor import Actor, Hat, acting_as
from foundation.errors import RuleBroken
from notices.services import close_todo, put_todo, tell
from records.models import Evidence, EvidenceShare
from records.services.entries import append_entry

FILED = ("submitted", "reviewed", "closed")
WHAT = "visit"  # the class under which a team's photos are shown: no grant gives it, and none takes it away


class VisitDiffers(RuleBroken):
    """The phone holds something else than the server does."""

    status = 409

    def __init__(self) -> None:
        super().__init__("visit_differs")


@transaction.atomic
def hand_in(*, actor: Actor, audit_id: UUID, sha256: str | None, now: datetime) -> Audit:
    """Hand a visit in; again, nothing more happens. `sha256` is what the sender holds, None from a page of ours.

    Raises VisitDiffers; RuleBroken("visit_not_open"), ("visit_not_complete"): then nothing has changed.
    """
    audit = audit_held(actor, audit_id)
    must_be_on_team(actor, audit)
    if audit.state in FILED:
        return audit
    if audit.state != Audit.State.IN_PROGRESS:
        raise RuleBroken("visit_not_open")
    standing = standing_of(actor, audit)
    if sha256 is not None and sha256 != standing.digest():
        raise VisitDiffers
    if not standing.complete():
        raise RuleBroken("visit_not_complete")
    digest = standing.digest()
    audit.state = moved(VISIT_MOVES, audit.state, "submit", Hat.OWNER)
    audit.submitted_at, audit.submitted_by = now, actor.person_name
    audit.save(update_fields=["state", "submitted_at", "submitted_by"])
    _noted(actor, standing, digest, now)
    _raised(actor, standing, now)
    _shown_to_supplier(actor, standing, now)
    propose_changes(actor=actor, audit=audit, answers=standing.answers(), now=now)
    return audit


def _noted(actor: Actor, standing: Standing, digest: str, now: datetime) -> None:
    """The common record, and what both sides are told."""
    audit, agreement = standing.audit, standing.audit.agreement
    append_entry(
        actor=actor, stream=agreement, kind="visit_handed_in", subject_id=audit.pk, effective_on=timezone.localdate(now), now=now,
        payload={
            "checklist": audit.checklist_id, "answers": len(standing.asked()), "photos": len(standing.photos), "sha256": digest,
            "findings": len(standing.findings), "word": standing.closing.word if standing.closing else "", "sheet": _sheet(standing),
        },
    )  # fmt: skip
    tell(**for_supplier(agreement), kind="visit_handed_in", subject_id=audit.pk, now=now)
    put_todo(**for_owner(agreement), kind="visit_to_review", subject_id=audit.pk, now=now)


def _sheet(standing: Standing) -> list[dict[str, object]]:
    said = standing.answers()
    return [
        {
            "code": question.code,
            "value": said[question.code].value if question.code in said and question.kind != "signature" else None,
            "na": question.code in said and said[question.code].na,
            "photos": [standing.filed[photo.photo].shared_sha256 for photo in standing.photos_under(question)],
        }
        for question in standing.asked()
    ]


def _raised(actor: Actor, standing: Standing, now: datetime) -> None:
    for row in standing.findings:
        seen = Observation(
            grade=row.grade, requirement=row.requirement, observed=row.observed, question_code=row.question_code, gap=row.gap,
            clause_ref=row.clause_ref,
        )  # fmt: skip
        check_seen(standing.audit, seen)
        draft = written(actor, Source(standing.audit.agreement, audit=standing.audit), seen, str(row.key), now)
        finding = arisen(actor, draft, now)
        VisitFinding.objects.visible_to(actor).filter(pk=row.pk).update(raised=finding)
        _hung(actor, finding, [standing.filed[photo.photo] for photo in standing.photos_of(row.key)], now)


def _hung(actor: Actor, finding: Finding, files: list[Evidence], now: datetime) -> None:
    FindingEvidence.objects.bulk_create(
        FindingEvidence(
            finding=finding, owner_org_id=finding.owner_org_id, supplier_org_id=finding.supplier_org_id, step="raise", side="owner",
            evidence_id=file.pk, added_by=actor.person_name, added_at=now,
        )
        for file in files
    )  # fmt: skip


def _shown_to_supplier(actor: Actor, standing: Standing, now: datetime) -> None:
    """The other half of every row: the firm that was visited reads all that was said of it, photos and all."""
    audit = standing.audit
    for photo in standing.photos:
        filed = standing.filed[photo.photo]
        VisitPhoto.objects.visible_to(actor).filter(pk=photo.pk).update(evidence_id=filed.pk, supplier_org_id=audit.supplier_org_id)
    for model in (VisitAnswer, VisitOpening, Closing):
        model.objects.visible_to(actor).filter(audit=audit, supplier_org_id=None).update(supplier_org_id=audit.supplier_org_id)
    shares = [
        EvidenceShare(
            evidence_id=e.pk, org_id=e.org_id, grantee_org_id=audit.supplier_org_id, kind=e.kind, mime=e.mime, name=e.name, size=e.size,
            sha256=e.shared_sha256, path=e.shared_path, taken_at=e.taken_at, received_at=e.received_at, granted_at=now, whats=[WHAT],
        )
        for e in standing.filed.values()
    ]  # fmt: skip
    with acting_as(Hat.CLOCK):
        EvidenceShare.objects.bulk_create(shares, ignore_conflicts=True)


@transaction.atomic
def review_visit(*, actor: Actor, audit_id: UUID, now: datetime) -> Audit:
    """Close the review of a visit: its score is computed, and what has no open finding is closed. Again, nothing more happens."""
    audit = audit_held(actor, audit_id)
    must_judge(actor, audit.owner_org_id)
    if audit.kind == Audit.Kind.SELF_CHECK:
        raise RuleBroken("visit_not_open")
    if audit.state in ("reviewed", "closed"):
        return audit
    audit.state = moved(VISIT_MOVES, audit.state, "review", Hat.OWNER)
    audit.reviewed_at, audit.reviewed_by = now, actor.person_name
    audit.save(update_fields=["state", "reviewed_at", "reviewed_by"])
    score_audit(actor=actor, audit=audit, now=now)
    append_entry(
        actor=actor,
        stream=audit.agreement,
        kind="visit_reviewed",
        subject_id=audit.pk,
        now=now,
        payload={"result_class": audit.result_class},
    )
    close_todo(kind="visit_to_review", subject_id=audit.pk, now=now)
    tell(**for_supplier(audit.agreement), kind="visit_reviewed", subject_id=audit.pk, now=now)
    return close_if_done(actor, audit, now)
