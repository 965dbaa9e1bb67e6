"""Questions about what audits came to: the marks of one as they stand, and what was computed of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from audits.models import Audit, AuditScore, Finding, Question, VisitAnswer
from audits.questions import NOTHING, Answer, asked_of, share
from audits.scoring import Mark, Standing
from audits.selectors.audits import sheet_of
from foundation.actor import Actor
from foundation.errors import Absent

WAITING = "contested"
NOT_OPEN = ("draft", WAITING, "withdrawn", "noted", "closed")


def scores_of(actor: Actor, audit: Audit) -> list[AuditScore]:
    """Every computation, the one that holds first."""
    return list(AuditScore.objects.visible_to(actor).filter(audit=audit).order_by("-number"))


def score_of(actor: Actor, audit: Audit) -> AuditScore | None:
    """The computation that holds, if there is one."""
    return AuditScore.objects.visible_to(actor).filter(audit=audit).order_by("-number").first()


def score_for(actor: Actor, audit_id: UUID) -> AuditScore:
    """The computation that holds, or Absent."""
    found = AuditScore.objects.visible_to(actor).filter(audit_id=audit_id).order_by("-number").first()
    if found is None:
        raise Absent
    return found


def latest_scores(actor: Actor, audits: Iterable[Audit]) -> dict[UUID, AuditScore]:
    """audit id -> the computation that holds."""
    rows = AuditScore.objects.visible_to(actor).filter(audit__in=[audit.pk for audit in audits]).order_by("audit_id", "-number")
    return {row.audit_id: row for row in rows.distinct("audit_id")}


def marks_of(actor: Actor, audit: Audit) -> tuple[list[Mark], Standing]:
    """The questions with what was made of their answers, and the findings beside them, as the actor sees them."""
    found = list(Finding.objects.visible_to(actor).select_related("text").filter(audit=audit))
    critical = sum(each.grade == Finding.Grade.CRITICAL and each.state not in NOT_OPEN for each in found)
    standing = Standing(open_critical=critical, contested=sum(each.state == WAITING for each in found))
    if audit.kind == Audit.Kind.SELF_CHECK:
        # The supplier's own "no" is not in dispute: a contested finding waits, its answer counts.
        return _self_check_marks(actor, audit), standing
    return _unless_disputed(visit_marks(actor, audit), found), standing


def _self_check_marks(actor: Actor, audit: Audit) -> list[Mark]:
    sheet = sheet_of(actor, audit)
    return [_visit_mark(question, sheet.said(question)) for question in sheet.asked()]


def visit_marks(actor: Actor, audit: Audit) -> list[Mark]:
    """The answers of a visit, question by question; what was not asked at this site, or not after these answers, is not there."""
    rows = {row.question_id: row for row in VisitAnswer.objects.visible_to(actor).filter(audit=audit)}
    every = Question.objects.visible_to(actor).filter(version_id=audit.checklist_id).order_by("order")
    # A question for other nodes than the site's was never put; its absence says nothing.
    put = [question for question in every if question.pk in rows or not question.node_codes]
    said = {question.code: _said(rows[question.pk]) for question in put if question.pk in rows}
    return [_visit_mark(question, said.get(question.code, NOTHING)) for question in asked_of(put, said)]


def _said(row: VisitAnswer) -> Answer:
    return Answer(row.value, row.na, row.note)


def _visit_mark(question: Question, answer: Answer) -> Mark:
    reached = share(question, answer)
    out = "" if reached is not None else "na" if answer.na else "unanswered" if answer.value is None else "ungraded"
    points = answer.value if question.kind == Question.Kind.SCALE and not answer.na else None
    return Mark(
        question.order, question.code, question.weight, question.is_critical, section=question.section, share=reached, points=points,
        element=question.element if question.kind == Question.Kind.SCALE else "", sub_element=question.sub_element, out=out,
    )  # fmt: skip


def _unless_disputed(marks: Iterable[Mark], findings: Iterable[Finding]) -> list[Mark]:
    """An auditor's bad mark waits while every finding about it is contested, and falls with them once they are withdrawn."""
    states: dict[str, set[str]] = {}
    for each in findings:
        if each.text.question_code:
            states.setdefault(each.text.question_code, set()).add(each.state)
    return [_disputed(mark, states.get(mark.code, set())) for mark in marks]


def _disputed(mark: Mark, states: set[str]) -> Mark:
    if mark.share is None or mark.share >= 1 or not states or states - {WAITING, "withdrawn"}:
        return mark
    return replace(mark, out="waits" if WAITING in states else "withdrawn")
