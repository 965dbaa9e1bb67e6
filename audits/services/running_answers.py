"""Answers on site: what clashes is kept beside what stands, until somebody keeps one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from audits.models import Question, VisitAnswer
from audits.questions import Answer, answer_of
from audits.selectors.running import said_by
from audits.services.running_parts import Done, Run
from audits.visit_said import Op
from foundation.errors import RuleBroken


def answer(run: Run, op: Op) -> Done:
    question = run.question(op.said["question"])
    if question is None:
        raise RuleBroken("question_unknown", field="question")
    said = answer_of(question, op.said)
    stands = VisitAnswer.objects.visible_to(run.actor).filter(audit=run.audit, question=question).first()
    if stands is None:
        stands = VisitAnswer(
            audit=run.audit, question=question, owner_org_id=run.audit.owner_org_id, **_values(run, op, said), op=op.client_id
        )
        VisitAnswer.objects.bulk_create([stands])
        return Done(question.code, 1)
    if Answer(stands.value, stands.na, stands.note) == said:
        return Done(question.code, stands.version)
    after = op.said["after"]
    if after in stands.rivals:  # its own earlier word waits already: this one takes that one's place
        return _waits(stands, [op.client_id if rival == after else rival for rival in stands.rivals], question)
    if run.base_of(op.said) < stands.version:
        return _waits(stands, [*stands.rivals, op.client_id], question)
    stands.version += 1
    _change(stands, op=op.client_id, version=stands.version, **_values(run, op, said))
    return Done(question.code, stands.version)


def _values(run: Run, op: Op, said: Answer) -> dict[str, Any]:
    return {
        "value": said.value, "na": said.na, "note": said.note, "answered_by": run.actor.person_name, "client_time": op.client_time,
        "answered_at": run.now,
    }  # fmt: skip


def _change(stands: VisitAnswer, **values: Any) -> None:
    for name, value in values.items():
        setattr(stands, name, value)
    stands.save(update_fields=list(values))


def _waits(stands: VisitAnswer, rivals: list[UUID], question: Question) -> Done:
    _change(stands, rivals=rivals)
    return Done(question.code, stands.version, conflict=True, more={"stands": said_by(stands)})


def resolve(run: Run, op: Op) -> Done:
    """Keep one of two answers; the other stays in the history."""
    question = run.question(op.said["question"])
    stands = VisitAnswer.objects.visible_to(run.actor).filter(audit=run.audit, question=question).first()
    if stands is None or question is None:
        raise RuleBroken("question_unknown", field="question")
    if op.said["base_version"] < stands.version:
        raise RuleBroken("answer_moved_on")
    kept = op.said["keep"]
    if kept == stands.op:
        _change(stands, rivals=[], version=stands.version + 1)
        return Done(question.code, stands.version)
    rival = run.earlier(kept) if kept in stands.rivals else None
    if rival is None:
        raise RuleBroken("answer_moved_on")
    said = answer_of(question, rival.body)
    _change(
        stands, rivals=[], version=stands.version + 1, op=rival.client_id, value=said.value, na=said.na, note=said.note,
        answered_by=rival.person_name, client_time=rival.client_time, answered_at=run.now,
    )  # fmt: skip
    return Done(question.code, stands.version)


def order(run: Run, op: Op) -> Done:
    """In which order the sections were walked: kept for the next visit of this place."""
    return Done()
