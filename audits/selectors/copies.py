"""Questions about audits shown to another chain owner: what a copy may draw from, to whom it may go, who sees which copy."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q, Sum

from agreements.models import Agreement
from audits.copying import DONE, OPEN, Raised, Source, Told, called
from audits.models import Audit, AuditCopy, AuditShare, ChecklistVersion, Finding, Question, VisitAnswer
from audits.score_cards import short
from audits.scoring import compute
from audits.selectors.audits import sheet_of
from audits.selectors.scores import score_of
from foundation.actor import Actor, Hat
from foundation.errors import Absent
from suppliers.models import Site

PAGE = 25
FINISHED = ("reviewed", "closed")
NOT_TOLD = ("draft", "withdrawn")


def source_of(actor: Actor, audit: Audit) -> Source:
    """All of a finished audit that a copy may draw from, as its supplier sees it."""
    checklist = ChecklistVersion.objects.visible_to(actor).get(pk=audit.checklist_id)
    questions = list(Question.objects.visible_to(actor).filter(version_id=checklist.pk).order_by("order"))
    site = Site.objects.visible_to(actor).filter(pk=audit.site_id).first()
    score = score_of(actor, audit)
    said: dict[str, Any] = {}
    if score is not None:
        said = {
            "method": score.method, "band": score.band, "hundredths": score.value_hundredths, "sections": compute(score.inputs).sections,
        }  # fmt: skip
    return Source(
        kind=audit.kind, visited_on=audit.visit_on, site_zh=site.name_zh if site else "", site_en=site.name_en if site else "",
        checklist_zh=checklist.name_zh, checklist_en=checklist.name_en, is_own_checklist=checklist.owner_org_id is not None,
        sections=checklist.sections, score=said, told=_told(actor, audit, questions, score.inputs if score else None),
        raised=_raised(actor, audit, {question.code: question for question in questions}),
    )  # fmt: skip


def _told(actor: Actor, audit: Audit, questions: list[Question], inputs: dict[str, Any] | None) -> list[Told]:
    marks = {each["code"]: each for each in inputs["questions"]} if inputs else {}
    words = _answers(actor, audit, questions)
    return [
        Told(
            question.order, question.section, question.text_zh, question.text_en, question.is_critical, words.get(question.code, ""),
            percent=_percent(marks.get(question.code)), out=(marks.get(question.code) or {}).get("out", ""),
        )
        for question in questions
        if question.code in marks
    ]  # fmt: skip


def _percent(mark: dict[str, Any] | None) -> str:
    return short(Decimal(mark["share"]) * 100) if mark and mark["share"] is not None else ""


def _answers(actor: Actor, audit: Audit, questions: list[Question]) -> dict[str, str]:
    if audit.kind == Audit.Kind.SELF_CHECK:
        sheet = sheet_of(actor, audit)
        return {question.code: sheet.answered(question).answer for question in questions}
    rows = {row.question_id: row for row in VisitAnswer.objects.visible_to(actor).filter(audit=audit)}
    return {question.code: answer_words(question, rows[question.pk]) for question in questions if question.pk in rows}


def answer_words(question: Question, row: VisitAnswer) -> str:
    """An answer in few words; empty for what somebody wrote, signed or photographed."""
    if row.na:
        return "na"
    if row.value is None:
        return ""
    if question.kind == Question.Kind.YES_NO:
        return str(row.value)
    if question.kind == Question.Kind.SCALE:
        most = max((int(each["points"]) for each in question.options), default=10)
        return f"{row.value} / {most}"
    if question.kind == Question.Kind.NUMBER:
        return f"{row.value} {question.unit}".strip()
    if question.kind == Question.Kind.CHOICE:
        chosen: dict[str, str] = next((each for each in question.options if each["code"] == row.value), {})
        return " / ".join(dict.fromkeys(word for word in (chosen.get("zh", ""), chosen.get("en", "")) if word))
    return ""


def _raised(actor: Actor, audit: Audit, questions: dict[str, Question]) -> list[Raised]:
    rows = Finding.objects.visible_to(actor).select_related("text").filter(audit=audit).exclude(state__in=NOT_TOLD)
    found = []
    for row in rows:
        about = questions.get(row.text.question_code)
        state = DONE if row.state == "closed" else row.state if row.state in ("contested", "noted") else OPEN
        words = tuple(word for word in (row.text.requirement, row.text.observed, row.text.gap) if word)
        found.append(Raised(row.grade, state, about.order if about else None, about.section if about else "", words))
    return found


def names_to_cover(actor: Actor, audit: Audit) -> set[str]:
    """All that the chain owner of an audit and its people are called, and the number of their agreement."""
    agreement = audit.agreement
    said = [agreement.owner_name_zh, agreement.owner_name_en, agreement.number, audit.reviewed_by]
    said += audit.team.values_list("person_name", flat=True)
    rows = Finding.objects.visible_to(actor).filter(audit=audit)
    said += rows.values_list("text__raised_by", flat=True)
    if audit.kind != Audit.Kind.SELF_CHECK:
        said.append(audit.submitted_by)
    return {each for name in said for each in called(name or "")}


def readers_for(actor: Actor, audit: Audit) -> list[Agreement]:
    """To whom the supplier may show an audit: an agreement in force with each other chain owner, by name; the newest of each."""
    rows = Agreement.objects.visible_to(actor).filter(state__in=("in_force", "suspended"), supplier_org_id=audit.supplier_org_id)
    newest: dict[UUID, Agreement] = {}
    for row in rows.exclude(owner_org_id=audit.owner_org_id).order_by("created_at", "id"):
        newest[row.owner_org_id] = row
    return sorted(newest.values(), key=lambda row: (row.owner_name_zh, row.pk))


def copies(actor: Actor, *, state: str = "", after: tuple[datetime, UUID] | None = None, limit: int = PAGE) -> list[AuditCopy]:
    """What was shown to the actor, or by it, newest first; one more than `limit` tells that there are more."""
    rows = AuditCopy.objects.visible_to(actor).prefetch_related("agreement").order_by("-shown_at", "-id")
    if state:
        rows = rows.filter(state=state)
    if after is not None:
        at, pk = after
        rows = rows.filter(shown_at__lte=at).filter(Q(shown_at__lt=at) | Q(shown_at=at, pk__lt=pk))
    return list(rows[: limit + 1])


def copy_for(actor: Actor, copy_id: UUID) -> AuditCopy:
    """One copy with the agreement under which it was shown, or Absent."""
    found = AuditCopy.objects.visible_to(actor).select_related("agreement").filter(pk=copy_id).first()
    if found is None:
        raise Absent
    return found


def source_audits(actor: Actor, copies_shown: Iterable[AuditCopy]) -> dict[UUID, UUID]:
    """copy id -> the audit of which it was made. Only its supplier is told."""
    rows = AuditShare.objects.visible_to(actor).filter(copy__in=[copy.pk for copy in copies_shown])
    return dict(rows.values_list("copy_id", "audit_id"))


def shown_of(actor: Actor, audit: Audit) -> list[AuditCopy]:
    """To whom an audit was shown, as its supplier sees it; for anybody else there is nothing."""
    if actor.hat is not Hat.SUPPLIER:
        return []
    ids = AuditShare.objects.visible_to(actor).filter(audit=audit).values("copy_id")
    return list(AuditCopy.objects.visible_to(actor).select_related("agreement").filter(pk__in=ids).order_by("-shown_at", "-id"))


def halves_saved(actor: Actor) -> tuple[int, int]:
    """(half-days, audits) that need no further visit because a copy was recognised."""
    rows = AuditCopy.objects.visible_to(actor).filter(state=AuditCopy.State.RECOGNISED)
    return rows.aggregate(saved=Sum("halves_saved"))["saved"] or 0, rows.count()
