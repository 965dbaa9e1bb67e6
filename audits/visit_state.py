"""The state of a visit as the phone reads it: docs/adr/0030."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from audits.models import FollowUpItem, VisitFinding, VisitPhoto
from audits.selectors.running import Standing, said_by


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def state_json(standing: Standing, now: datetime) -> dict[str, Any]:
    """What is on the server, and the hash that says so."""
    lacks, away, asked = standing.lacks(), standing.not_here(), standing.asked()
    open_ones = {question.pk for question, _lack in lacks}
    return {
        "audit": str(standing.audit.pk),
        "state": standing.audit.state,
        "started_at": _moment(standing.audit.started_at),
        "server_time": now.isoformat(),
        "answers": _answers(standing),
        "findings": [_finding(standing, row) for row in standing.findings],
        "follow_up": [_item(row) for row in standing.items],
        "photos": [_photo(standing, row) for row in standing.photos],
        "opening": _opening(standing),
        "closing": _closing(standing),
        "lacks": [{"question": question.code, "lacks": lack} for question, lack in lacks],
        "not_looked_at": [str(item.finding_id) for item in standing.not_looked_at()],
        "on_server": {
            "asked": len(asked) + len(standing.items),
            "answered": sum(question.pk not in open_ones for question in asked) + len(standing.items) - len(standing.not_looked_at()),
            "photos": len(standing.photos),
            "arrived": len(standing.photos) - len(away),
            "complete": standing.complete(),
            "sha256": standing.digest(),
        },
    }


def _answers(standing: Standing) -> dict[str, Any]:
    found = {}
    for question in standing.questions:
        row = standing.by_question.get(question.pk)
        photos = [str(photo.photo) for photo in standing.photos_under(question)]
        if row is not None:
            rivals = [said_by(standing.rivals[op]) for op in row.rivals if op in standing.rivals]
            found[question.code] = {"version": row.version, **said_by(row), "photos": photos, "rivals": rivals}
        elif photos:
            found[question.code] = {"version": 0, "op": None, "value": None, "na": False, "note": "", "person": "", "client_time": None,
                                    "photos": photos, "rivals": []}  # fmt: skip
    return found


def _finding(standing: Standing, row: VisitFinding) -> dict[str, Any]:
    return {
        "finding": str(row.key), "version": row.version, "op": str(row.op), "question": row.question_code, "grade": row.grade,
        "clause_ref": row.clause_ref, "requirement": row.requirement, "observed": row.observed, "gap": row.gap, "person": row.written_by,
        "photos": [str(photo.photo) for photo in standing.photos_of(row.key)],
    }  # fmt: skip


def _item(row: FollowUpItem) -> dict[str, Any]:
    finding, text = row.finding, row.finding.text
    return {
        "finding": str(finding.pk), "question": text.question_code, "grade": finding.grade, "state": finding.state, "requirement": text.requirement,
        "observed": text.observed, "gap": text.gap, "due_on": finding.due_on.isoformat() if finding.due_on else None, "outcome": row.outcome,
        "seen": row.seen,
    }  # fmt: skip


def _photo(standing: Standing, row: VisitPhoto) -> dict[str, Any]:
    code_of = {question.pk: question.code for question in standing.questions}
    filed = standing.filed.get(row.photo)
    return {
        "photo": str(row.photo), "sha256": row.sha256, "size": row.size, "question": code_of.get(row.question_id or 0),
        "finding": str(row.finding) if row.finding else None, "arrived": filed is not None,
        "url": reverse("records:evidence_file", args=[filed.pk]) if filed else None,
    }  # fmt: skip


def _opening(standing: Standing) -> dict[str, Any] | None:
    row = standing.opening
    return {"names": row.names, "at": _moment(row.client_time or row.opened_at), "by_gate": row.by_gate} if row else None


def _closing(standing: Standing) -> dict[str, Any] | None:
    row = standing.closing
    if row is None:
        return None
    return {
        "name": row.name, "role": row.role, "word": row.word, "remark": row.remark, "signed": row.signature is not None,
        "at": _moment(row.client_time or row.received_at), "stands": standing.closing_stands(),
    }  # fmt: skip
