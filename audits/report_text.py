"""What a report says, in both languages at once: the very words that are hashed, and nothing that is not."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import override
from PIL import Image

from audits.models import Audit, ChecklistVersion, Closing, CorrectiveAction, Finding, FindingEvidence, Question, VisitAnswer, VisitPhoto
from audits.score_cards import percent
from audits.scoring import compute
from audits.selectors.audits import sheet_of
from audits.selectors.copies import answer_words
from audits.selectors.running import site_of
from audits.selectors.scores import score_of
from audits.status import FINDING_CHIPS, GRADE_CHIPS
from audits.words import ANSWERS
from audits.words_running import AUDITEE
from audits.words_scores import METHODS, reason_words
from foundation.actor import Actor
from records.selectors import evidences, shares_for

LONG_SIDE, QUALITY, MOST_PICTURES = 640, 72, 60
LANGUAGES = (("zh", "zh-hans"), ("en", "en"))


def both(words: Any) -> dict[str, str]:
    """A sentence of ours in both languages."""
    found = {}
    for name, code in LANGUAGES:
        with override(code):
            found[name] = str(words)
    return found


def told(reader: Actor, audit: Audit) -> tuple[dict[str, Any], dict[str, bytes]]:
    """(what the report says, its photos by SHA-256), as the chain owner reads the audit: so it is one paper for both sides."""
    checklist = ChecklistVersion.objects.visible_to(reader).get(pk=audit.checklist_id)
    questions = list(Question.objects.visible_to(reader).filter(version_id=checklist.pk).order_by("order"))
    answers, hung = _answers(reader, audit, questions)
    findings = list(
        Finding.objects.visible_to(reader).select_related("text").filter(audit=audit).exclude(state="draft").order_by("raised_at", "id")
    )
    steps = _steps(reader, findings)
    paths = _paths(reader, [pk for rows in hung.values() for pk in rows] + [pk for each in steps.values() for rows in each for pk in rows])
    agreement, site = audit.agreement, site_of(audit)
    content = {
        "report": 1, "audit": str(audit.pk), "kind": audit.kind, "agreement": agreement.number, "visited_on": audit.visit_on.isoformat(),
        "owner": {"zh": agreement.owner_name_zh, "en": agreement.owner_name_en},
        "supplier": {"zh": agreement.supplier_name_zh, "en": agreement.supplier_name_en},
        "site": {"zh": site.name_zh if site else "", "en": site.name_en if site else ""},
        "checklist": {"code": checklist.pk, "zh": checklist.name_zh, "en": checklist.name_en},
        "team": [{"name": row.person_name, "lead": row.is_lead} for row in audit.team.order_by("-is_lead", "joined_at", "id")],
        "submitted": _signed(audit.submitted_at, audit.submitted_by), "reviewed": _signed(audit.reviewed_at, audit.reviewed_by),
        "score": _score(reader, audit), "closing": _closing(reader, audit),
        "findings": [_finding(each, steps[each.pk], hung, paths) for each in findings],
        "questions": [_question(each, answers[each.code], hung.get(each.code, []), paths) for each in questions if each.code in answers],
    }  # fmt: skip
    return content, _pictures(paths)


def _signed(at: Any, by: str) -> dict[str, str] | None:
    return {"at": timezone.localtime(at).strftime("%Y-%m-%d %H:%M"), "by": by} if at else None


def _answers(reader: Actor, audit: Audit, questions: list[Question]) -> tuple[dict[str, dict[str, str]], dict[str, list[UUID]]]:
    """(code -> answer and note, code -> evidence under it)."""
    if audit.kind == Audit.Kind.SELF_CHECK:
        sheet = sheet_of(reader, audit)
        said = {q.code: {"answer": sheet.answered(q).answer, "note": sheet.answered(q).note} for q in questions}
        return said, {q.code: [photo.evidence_id for photo in sheet.photos_under(q)] for q in questions}
    code_of = {question.pk: question.code for question in questions}
    kinds = {question.pk: question for question in questions}
    rows = VisitAnswer.objects.visible_to(reader).filter(audit=audit, question__in=questions)
    said = {code_of[row.question_id]: {"answer": answer_words(kinds[row.question_id], row), "note": row.note} for row in rows}
    hung: dict[str, list[UUID]] = {}
    photos = VisitPhoto.objects.visible_to(reader).filter(audit=audit, dropped_at=None, evidence_id__isnull=False).order_by("added_at", "id")
    for photo in photos:
        if photo.question_id in code_of and photo.evidence_id is not None:
            hung.setdefault(code_of[photo.question_id], []).append(photo.evidence_id)
    return said, hung


def _steps(reader: Actor, findings: list[Finding]) -> dict[UUID, tuple[list[UUID], list[UUID]]]:
    """finding -> (evidence of how it was, of how it is now)."""
    found: dict[UUID, tuple[list[UUID], list[UUID]]] = {each.pk: ([], []) for each in findings}
    for row in FindingEvidence.objects.visible_to(reader).filter(finding__in=findings).order_by("added_at", "id"):
        if row.step in (FindingEvidence.Step.RAISE, FindingEvidence.Step.DONE):
            found[row.finding_id][row.step == FindingEvidence.Step.DONE].append(row.evidence_id)
    for action in CorrectiveAction.objects.visible_to(reader).filter(finding__in=findings, evidence_id__isnull=False).order_by("answered_at"):
        if action.evidence_id is not None and action.evidence_id not in found[action.finding_id][1]:
            found[action.finding_id][1].append(action.evidence_id)
    return found


def _paths(reader: Actor, wanted: Iterable[UUID]) -> dict[UUID, tuple[str, str]]:
    """evidence -> (SHA-256 and path of the clean copy): the reader's own, and what is shown to it."""
    ids = list(dict.fromkeys(wanted))
    own = {pk: (row.shared_sha256, row.shared_path) for pk, row in evidences(reader, ids).items() if row.mime.startswith("image/")}
    shown = {pk: (row.sha256, row.path) for pk, row in shares_for(reader, ids).items() if row.mime.startswith("image/")}
    return {**shown, **own}


def _pictures(paths: Mapping[UUID, tuple[str, str]]) -> dict[str, bytes]:
    """Small copies for the paper; the hash that is printed is that of the whole photo. What is not on disk is not printed."""
    found: dict[str, bytes] = {}
    for sha256, path in list(dict.fromkeys(paths.values()))[:MOST_PICTURES]:
        try:
            found[sha256] = _small(settings.EVIDENCE_ROOT / path)
        except OSError:
            continue
    return found


def _small(path: Path) -> bytes:
    out = io.BytesIO()
    with Image.open(path) as opened:
        opened.draft("RGB", (LONG_SIDE, LONG_SIDE))
        small = opened.convert("RGB")
        small.thumbnail((LONG_SIDE, LONG_SIDE))
        small.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _score(reader: Actor, audit: Audit) -> dict[str, Any] | None:
    score = score_of(reader, audit)
    if score is None:
        return None
    from_what = score.inputs
    return {
        "band": score.band, "percent": percent(score.value_hundredths), "method": both(METHODS[score.method]), "number": score.number,
        "contested": from_what["contested"], "open_critical": from_what["open_critical"],
        "reasons": [_reason(code) for code in compute(from_what).reasons],
    }  # fmt: skip


def _reason(code: str) -> dict[str, str]:
    found = {}
    for name, language in LANGUAGES:
        with override(language):
            found[name] = reason_words(code)
    return found


def _closing(reader: Actor, audit: Audit) -> dict[str, Any] | None:
    row = Closing.objects.visible_to(reader).filter(audit=audit).first()
    if row is None:
        return None
    return {
        "name": row.name, "role": row.role, "word": both(AUDITEE[row.word][2]), "remark": row.remark, "signed": row.signature is not None,
        "at": timezone.localtime(row.received_at).strftime("%Y-%m-%d %H:%M"),
    }  # fmt: skip


def _finding(
    each: Finding, steps: tuple[list[UUID], list[UUID]], hung: Mapping[str, list[UUID]], paths: Mapping[UUID, tuple[str, str]]
) -> dict[str, Any]:
    text = each.text
    before = steps[0] or hung.get(text.question_code, [])
    return {
        "grade": both(GRADE_CHIPS[each.grade][2]), "state": both(FINDING_CHIPS[each.state][2]), "question": text.question_code,
        "requirement": text.requirement, "observed": text.observed, "gap": text.gap, "due_on": each.due_on.isoformat() if each.due_on else "",
        "closed_on": timezone.localdate(each.closed_at).isoformat() if each.closed_at else "", "nth": each.nth,
        "before": [paths[pk][0] for pk in before if pk in paths], "after": [paths[pk][0] for pk in steps[1] if pk in paths],
    }  # fmt: skip


def _question(each: Question, said: Mapping[str, str], hung: Iterable[UUID], paths: Mapping[UUID, tuple[str, str]]) -> dict[str, Any]:
    answer = said["answer"]
    words = both(ANSWERS[answer][2]) if answer in ANSWERS else {"zh": answer, "en": answer}
    return {
        "number": each.order, "zh": each.text_zh, "en": each.text_en, "critical": each.is_critical, "answer": words, "note": said["note"],
        "photos": [paths[pk][0] for pk in hung if pk in paths],
    }  # fmt: skip
