"""How a visit stands: answers, findings in the making, photos and which of them have come, and the hash over all of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db.models import Q

from audits.models import (
    Audit,
    AuditTeam,
    Closing,
    FollowUpItem,
    Question,
    VisitAnswer,
    VisitFinding,
    VisitOp,
    VisitOpening,
    VisitPhoto,
)
from audits.questions import NOTHING, Answer, asked_of, missing
from audits.selectors.audits import audit_for
from audits.selectors.followups import items_of
from foundation.actor import Actor, Hat, acting_as
from foundation.errors import Absent
from records.models import Evidence
from suppliers.models import Site


def on_team(actor: Actor, audit: Audit) -> AuditTeam | None:
    """The actor's place on the team of a visit, if it has one."""
    if actor.hat is not Hat.OWNER or audit.kind == Audit.Kind.SELF_CHECK:
        return None
    return AuditTeam.objects.visible_to(actor).filter(audit=audit, person_id=actor.person_id).first()


def visit_for(actor: Actor, audit_id: UUID) -> Audit:
    """A visit on whose team the actor is, or Absent."""
    audit = audit_for(actor, audit_id)
    if on_team(actor, audit) is None:
        raise Absent
    return audit


def sites_of_visits(audits: Iterable[Audit]) -> dict[UUID, Site]:
    """The sites that are visited, by id: what a pack may say of them. A chain owner reads no site, so the clock does."""
    with acting_as(Hat.CLOCK):
        return {site.pk: site for site in Site.objects.filter(pk__in=[audit.site_id for audit in audits])}


def site_of(audit: Audit) -> Site | None:
    """The site of one visit."""
    return sites_of_visits([audit]).get(audit.site_id)


@dataclass(frozen=True)
class Standing:
    """One visit as it stands, as far as the actor may see it."""

    audit: Audit
    questions: list[Question]
    nodes: list[str]
    by_question: dict[int, VisitAnswer]
    rivals: dict[UUID, VisitOp]  # by the operation's own id
    photos: list[VisitPhoto]
    filed: dict[UUID, Evidence]  # by the photo's own id: those whose bytes are here
    findings: list[VisitFinding]
    items: list[FollowUpItem]  # of a follow-up: what was open, and what was seen of it
    opening: VisitOpening | None
    closing: Closing | None

    def answers(self) -> dict[str, Answer]:
        """code -> what was said."""
        said = {q.code: self.by_question.get(q.pk) for q in self.questions}
        return {code: Answer(row.value, row.na, row.note) for code, row in said.items() if row is not None}

    def asked(self) -> list[Question]:
        """The questions that this visit asks, by site and by the answers so far."""
        return asked_of(self.questions, self.answers(), self.nodes)

    def photos_under(self, question: Question) -> list[VisitPhoto]:
        return [photo for photo in self.photos if photo.question_id == question.pk]

    def photos_of(self, finding: UUID) -> list[VisitPhoto]:
        return [photo for photo in self.photos if photo.finding == finding]

    def unsorted(self) -> list[VisitPhoto]:
        return [photo for photo in self.photos if photo.question_id is None and photo.finding is None]

    def lacks(self) -> list[tuple[Question, str]]:
        """What is still missing, question by question: "answer", "photo", "reason", or "conflict" where two answers wait."""
        found = []
        answers = self.answers()
        for question in self.asked():
            row = self.by_question.get(question.pk)
            lack = (
                "conflict"
                if row and row.rivals
                else missing(question, answers.get(question.code, NOTHING), len(self.photos_under(question)))
            )
            if lack:
                found.append((question, lack))
        return found

    def not_looked_at(self) -> list[FollowUpItem]:
        return [item for item in self.items if not item.outcome]

    def not_here(self) -> list[VisitPhoto]:
        """The photos whose bytes have not come."""
        return [photo for photo in self.photos if photo.photo not in self.filed]

    def closing_stands(self) -> bool:
        """Whether the auditee was shown just those findings that are to be raised."""
        if self.closing is None:
            return False
        shown = {(str(each["finding"]), each["grade"]) for each in self.closing.shown}
        return shown == {(str(finding.key), finding.grade) for finding in self.findings}

    def digest(self) -> str:
        """The hash that the phone computes too: see docs/adr/0030."""
        code_of = {question.pk: question.code for question in self.questions}
        lines = [f"a {code_of[pk]} {row.op}" for pk, row in self.by_question.items()]
        lines += [f"f {finding.key} {finding.op}" for finding in self.findings]
        lines += [f"l {item.finding_id} {item.outcome}" for item in self.items if item.outcome]
        lines += [f"p {photo.photo} {photo.sha256}" for photo in self.photos if photo.photo in self.filed]
        return sha256("".join(f"{line}\n" for line in sorted(lines, key=str.encode)).encode()).hexdigest()

    def complete(self) -> bool:
        """Whether it may be handed in."""
        return self.opening is not None and not self.lacks() and not self.not_looked_at() and not self.not_here() and self.closing_stands()


def standing_of(actor: Actor, audit: Audit) -> Standing:
    """Everything that is known of one visit, in a handful of queries."""
    site = site_of(audit)
    answers = {row.question_id: row for row in VisitAnswer.objects.visible_to(actor).filter(audit=audit)}
    waiting = [op for row in answers.values() for op in row.rivals]
    photos = list(VisitPhoto.objects.visible_to(actor).filter(audit=audit, dropped_at=None).order_by("added_at", "id"))
    return Standing(
        audit=audit,
        questions=_questions_of(actor, audit),
        nodes=list(site.node_codes) if site else [],
        by_question=answers,
        rivals={op.client_id: op for op in VisitOp.objects.visible_to(actor).filter(audit=audit, client_id__in=waiting)} if waiting else {},
        photos=photos,
        filed=_filed(actor, photos),
        findings=list(VisitFinding.objects.visible_to(actor).filter(audit=audit, dropped_at=None).order_by("id")),
        items=items_of(actor, audit) if audit.kind == Audit.Kind.FOLLOW_UP else [],
        opening=VisitOpening.objects.visible_to(actor).filter(audit=audit).first(),
        closing=Closing.objects.visible_to(actor).filter(audit=audit).first(),
    )


def _questions_of(actor: Actor, audit: Audit) -> list[Question]:
    if audit.kind == Audit.Kind.FOLLOW_UP:  # only what is open is looked at again
        return []
    return list(Question.objects.visible_to(actor).filter(version_id=audit.checklist_id).order_by("order"))


def _filed(actor: Actor, photos: Iterable[VisitPhoto]) -> dict[UUID, Evidence]:
    """The phone's photos by the id they were sent under, a page's by the evidence that they are."""
    by_key = {str(photo.photo): photo for photo in photos}
    if not by_key:
        return {}
    by_evidence = {photo.evidence_id: photo for photo in photos if photo.evidence_id}
    rows = Evidence.objects.visible_to(actor).filter(Q(client_id__in=list(by_key)) | Q(pk__in=list(by_evidence)))
    found = {}
    for row in rows:
        photo = by_evidence.get(row.pk) or by_key.get(row.client_id)
        if photo is not None and photo.sha256 == row.sha256:
            found[photo.photo] = row
    return found


def visits_ahead(actor: Actor) -> list[Audit]:
    """The visits on whose team the actor is and which it may still conduct, soonest first."""
    mine = AuditTeam.objects.visible_to(actor).filter(person_id=actor.person_id).values_list("audit_id", flat=True)
    states = ("planned", "notified", "accepted", "reschedule_asked", "packed", "in_progress")
    rows = Audit.objects.visible_to(actor).filter(pk__in=list(mine), state__in=states).exclude(kind=Audit.Kind.SELF_CHECK)
    return list(rows.select_related("agreement", "checklist").order_by("visit_on", "id")[:50])


def history_of(actor: Actor, audit: Audit, subject: str = "", *, limit: int = 200) -> list[VisitOp]:
    """Every tap as it came, newest first."""
    rows = VisitOp.objects.visible_to(actor).filter(audit=audit)
    return list((rows.filter(subject=subject) if subject else rows).order_by("-received_at", "-id")[:limit])


def said_by(row: VisitAnswer | VisitOp) -> dict[str, Any]:
    """An answer that stands, or one that waits beside it, in the words of the contract."""
    body = row.body if isinstance(row, VisitOp) else {"value": row.value, "na": row.na, "note": row.note}
    return {
        "op": str(row.client_id if isinstance(row, VisitOp) else row.op),
        "value": body.get("value"), "na": bool(body.get("na")), "note": str(body.get("note") or ""),
        "person": row.person_name if isinstance(row, VisitOp) else row.answered_by,
        "client_time": row.client_time.isoformat() if row.client_time else None,
    }  # fmt: skip


def last_visit_of(actor: Actor, audit: Audit) -> Audit | None:
    """The newest visit of that place that was handed in before this one, under the same eyes."""
    rows = Audit.objects.visible_to(actor).filter(
        owner_org_id=audit.owner_org_id, supplier_org_id=audit.supplier_org_id, site_id=audit.site_id
    )
    rows = rows.filter(submitted_at__isnull=False).exclude(kind=Audit.Kind.SELF_CHECK).exclude(pk=audit.pk)
    return rows.select_related("checklist", "agreement").order_by("-submitted_at", "-id").first()


def section_order_of(actor: Actor, audit: Audit) -> list[str]:
    """In which order the team walked this place last; empty before anybody has said so."""
    rows = VisitOp.objects.visible_to(actor).filter(kind="order", audit__site_id=audit.site_id, audit__checklist_id=audit.checklist_id)
    last = rows.order_by("-received_at", "-id").first()
    return [str(code) for code in last.body.get("sections", [])] if last else []
