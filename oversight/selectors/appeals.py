"""Appeals of every kind on one timeline: against scores, which the bureau decides; against findings, and of lots, which a third party does.

Of those two the bureau reads who, which party, the state and the days. What was said and what was measured stays with the sides: the
database lends it no column of that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q

from audits.models import FindingAppeal
from foundation.actor import Actor
from inspections.models import Arbitration
from parties.models import Organisation
from records.appeal_questions import PAGE, score_appeals
from records.models import AppealOpinion, ScoreAppeal

PLAIN = ("id", "state", "decided_at")
SIDES = {"filed_at": F("asked_at"), "firm_id": F("supplier_org_id"), "owner_id": F("owner_org_id")}
OVER = ("decided", "declined", "withdrawn")
Cursor = tuple[datetime, UUID] | None


@dataclass(frozen=True, slots=True)
class AppealLine:
    """One appeal as a line: of which kind, whose, before whom, how it stands. `lab` is the laboratory or institute that has a say in it."""

    kind: str  # score, finding, lot
    id: UUID
    code: str
    state: str
    filed_at: datetime
    outcome: str = ""
    decided_at: datetime | None = None
    part: str = ""  # of a score
    grade: str = ""  # of a finding
    reasons: str = ""  # of a score: the bureau's own
    agreement_id: UUID | None = None
    firm_id: UUID | None = None
    owner_id: UUID | None = None
    org_name_zh: str = ""
    org_name_en: str = ""
    respondent_name_zh: str = ""
    respondent_name_en: str = ""
    lab_name_zh: str = ""
    lab_name_en: str = ""


def appeals(actor: Actor, *, state: str = "", after: Cursor = None, limit: int = PAGE) -> list[AppealLine]:
    """The bureau's timeline, newest first; one more than `limit` tells that there are more. `state` "open" is what waits for a word."""
    scores = score_lines(actor, score_appeals(actor, state=state, after=after, limit=limit))
    others = [*_of_findings(actor, state, after, limit), *_of_lots(actor, state, after, limit)]
    found = sorted([*scores, *others], key=lambda line: (line.filed_at, line.id), reverse=True)[: limit + 1]
    return _named(actor, found)


def score_lines(actor: Actor, rows: Iterable[ScoreAppeal]) -> list[AppealLine]:
    """Appeals against scores as lines, each with the laboratory that was asked last."""
    found = list(rows)
    asked = AppealOpinion.objects.visible_to(actor).filter(appeal__in=[row.pk for row in found]).order_by("asked_at") if found else ()
    labs = {opinion.appeal_id: opinion for opinion in asked}
    return [_of_score(row, labs.get(row.pk)) for row in found]


def _of_score(row: ScoreAppeal, lab: AppealOpinion | None) -> AppealLine:
    return AppealLine(
        "score", row.pk, row.code, row.state, row.filed_at, row.outcome, row.decided_at, part=row.part, reasons=row.reasons,
        org_name_zh=row.org_name_zh, org_name_en=row.org_name_en, respondent_name_zh=row.respondent_name_zh,
        respondent_name_en=row.respondent_name_en, lab_name_zh=lab.lab_name_zh if lab else "", lab_name_en=lab.lab_name_en if lab else "",
    )  # fmt: skip


def _of_findings(actor: Actor, state: str, after: Cursor, limit: int) -> list[AppealLine]:
    rows = _page(FindingAppeal.objects.visible_to(actor), state, after, limit)
    named = {"agreement_id": F("finding__agreement_id"), "lab_name_zh": F("arbiter_name_zh"), "lab_name_en": F("arbiter_name_en")}
    return [AppealLine(kind="finding", **row) for row in rows.values(*PLAIN, "code", "outcome", "grade", **SIDES, **named)]


def _of_lots(actor: Actor, state: str, after: Cursor, limit: int) -> list[AppealLine]:
    rows = _page(Arbitration.objects.visible_to(actor), state, after, limit)
    return [AppealLine(kind="lot", **row) for row in rows.values(*PLAIN, "lab_name_zh", "lab_name_en", code=F("sample_code"), **SIDES)]


def _page(rows: Any, state: str, after: Cursor, limit: int) -> Any:
    if state:
        rows = rows.exclude(state__in=OVER) if state == "open" else rows.filter(state=state)
    if after is not None:
        at, pk = after
        rows = rows.filter(asked_at__lte=at).filter(Q(asked_at__lt=at) | Q(asked_at=at, pk__lt=pk))
    return rows.order_by("-asked_at", "-id")[: limit + 1]


def _named(actor: Actor, found: Sequence[AppealLine]) -> list[AppealLine]:
    """Lines of findings and lots carry the names of their sides from the registry."""
    ids = {pk for line in found for pk in (line.firm_id, line.owner_id) if pk is not None}
    rows = Organisation.objects.visible_to(actor).filter(pk__in=ids).values_list("pk", "name_zh", "name_en") if ids else ()
    names = {pk: (zh, en) for pk, zh, en in rows}
    return [_with_names(line, names[line.firm_id], names[line.owner_id]) if line.firm_id and line.owner_id else line for line in found]


def _with_names(line: AppealLine, firm: tuple[str, str], owner: tuple[str, str]) -> AppealLine:
    return replace(line, org_name_zh=firm[0], org_name_en=firm[1], respondent_name_zh=owner[0], respondent_name_en=owner[1])
