"""Questions about audits: lists, one audit, its questions with their answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Q

from audits.models import Audit, Question, Response, ResponseEvidence
from audits.questions import NOTHING, Answer, asked_of, missing
from audits.status import AHEAD, ANSWERABLE, Answered
from foundation.actor import Actor, Hat, acting_as
from foundation.errors import Absent
from suppliers.models import Site

PAGE = 25
# A visit is pencilled in a year ahead; on a list it stands from the day on which it is told.
TOLD = Q(kind="self_check") | ~Q(state="planned")
VIEWS = {
    "open": Q(kind="self_check", state__in=ANSWERABLE),
    "visits": Q(kind__in=("second_party", "follow_up"), state__in=(*AHEAD, "in_progress")),
    "review": Q(state="submitted"),
    "done": Q(state__in=("reviewed", "closed")),
}


def audits(actor: Actor, *, view: str = "", after: tuple[date, UUID] | None = None, limit: int = PAGE) -> list[Audit]:
    """The actor's audits, latest visit first; one more than `limit` tells that there are more."""
    # Fetched beside, not joined: with a wall on both tables the planner takes the second for a choice of rows, and reads all.
    rows = Audit.objects.visible_to(actor).prefetch_related("agreement", "checklist").order_by("-visit_on", "-id").filter(TOLD)
    if view in VIEWS:
        rows = rows.filter(VIEWS[view])
    if after is not None:
        visit_on, pk = after
        rows = rows.filter(visit_on__lte=visit_on).filter(Q(visit_on__lt=visit_on) | Q(visit_on=visit_on, pk__lt=pk))
    return list(rows[: limit + 1])


def audit_for(actor: Actor, audit_id: UUID) -> Audit:
    """One audit with its agreement, checklist and programme, or Absent outside the actor's world."""
    found = Audit.objects.visible_to(actor).select_related("agreement", "checklist", "programme").filter(pk=audit_id).first()
    if found is None:
        raise Absent
    return found


@dataclass(frozen=True)
class Sheet:
    """A checklist as it stands for one audit, as far as the actor may see it."""

    questions: list[Question]
    responses: dict[int, Response]  # by question
    photos: dict[UUID, list[ResponseEvidence]]  # by response
    nodes: list[str] = field(default_factory=list)  # what is done at the site

    def question(self, number: int) -> Question:
        """The question at a place, or Absent."""
        found = next((q for q in self.questions if q.order == number), None)
        if found is None:
            raise Absent
        return found

    def photos_under(self, question: Question) -> list[ResponseEvidence]:
        response = self.responses.get(question.pk)
        return self.photos.get(response.pk, []) if response else []

    def answered(self, question: Question) -> Answered:
        response = self.responses.get(question.pk)
        return Answered(
            number=question.order,
            code=question.code,
            weight=question.weight,
            is_critical=question.is_critical,
            photo=question.photo,
            answer=response.answer if response else "",
            note=response.note if response else "",
            photos=len(self.photos_under(question)),
        )

    def said(self, question: Question) -> Answer:
        """The answer by its kind of question."""
        response = self.responses.get(question.pk)
        if response is None:
            return NOTHING
        value = response.value if question.kind != Question.Kind.YES_NO else response.answer if response.answer in ("yes", "no") else None
        return Answer(value, response.answer == "na", response.note)

    def asked(self) -> list[Question]:
        """The questions that are asked at this site after the answers so far."""
        return asked_of(self.questions, {question.code: self.said(question) for question in self.questions}, self.nodes)

    def lacks(self, question: Question) -> str:
        """What its answer still lacks: "answer", "photo", "reason", or "" for nothing."""
        return missing(question, self.said(question), len(self.photos_under(question)))

    def answers(self) -> list[Answered]:
        return [self.answered(question) for question in self.asked()]

    def done(self) -> int:
        """How many questions are answered with all that their rule asks for."""
        return sum(not self.lacks(question) for question in self.asked())


def sheet_of(actor: Actor, audit: Audit) -> Sheet:
    """Questions, answers and photos of an audit: three queries. An owner finds no answer before the audit is submitted."""
    questions = list(Question.objects.filter(version_id=audit.checklist_id).order_by("order"))
    responses = Response.objects.visible_to(actor).filter(audit=audit)
    return Sheet(
        questions=questions,
        responses={r.question_id: r for r in responses},
        photos=_by_response(ResponseEvidence.objects.visible_to(actor).filter(response__audit=audit).order_by("added_at", "id")),
        nodes=_nodes_of(audit) if any(question.node_codes for question in questions) else [],
    )


def _nodes_of(audit: Audit) -> list[str]:
    """What is done at the audited site. A chain owner reads no site, so the clock does; only a checklist that asks by node needs it."""
    with acting_as(Hat.CLOCK):
        site = Site.objects.filter(pk=audit.site_id).first()
    return list(site.node_codes) if site else []


def _by_response(rows: Iterable[ResponseEvidence]) -> dict[UUID, list[ResponseEvidence]]:
    found: dict[UUID, list[ResponseEvidence]] = {}
    for row in rows:
        found.setdefault(row.response_id, []).append(row)
    return found


def photos_of(sheet: Sheet) -> list[UUID]:
    """Every evidence that hangs under an answer of the sheet."""
    return [photo.evidence_id for rows in sheet.photos.values() for photo in rows]
