"""Questions about checklists: what stands in the library, what a firm wrote, its drafts, a version as a body."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from agreements.clause_types import SCHEMAS
from audits.checklist_body import HEAD, QUESTION, Known, whole
from audits.models import Audit, AuditProgramme, ChecklistDraft, ChecklistVersion, ProposedChange, Question
from foundation.actor import Actor, Hat
from foundation.errors import Absent
from parties.selectors import chain_nodes

MOST = 500
DRAFTS_PAGE = 25


def checklists(actor: Actor, *, retired: bool = False) -> list[ChecklistVersion]:
    """The newest version of each checklist that the actor may see, its own first, then the library; retired ones are asked for apart."""
    rows = ChecklistVersion.objects.visible_to(actor).order_by("family", "-number").distinct("family")[:MOST]
    found = [row for row in rows if bool(row.retired_at) == retired]
    return sorted(found, key=lambda row: (row.owner_org_id is None, row.name_zh, row.code))


def checklists_to_choose(actor: Actor) -> list[ChecklistVersion]:
    """What a new audit or programme of the actor may go by."""
    return checklists(actor)


def checklists_for_clauses(actor: Actor) -> list[tuple[str, str, str]]:
    """The same for a clause of an agreement: code and both names."""
    return [(row.pk, row.name_zh, row.name_en) for row in checklists_to_choose(actor)]


def checklist_for(actor: Actor, code: str) -> ChecklistVersion:
    """One version, or Absent outside the actor's world."""
    found = ChecklistVersion.objects.visible_to(actor).filter(pk=code).first()
    if found is None:
        raise Absent
    return found


def questions_of(actor: Actor, checklist: ChecklistVersion) -> list[Question]:
    return list(Question.objects.visible_to(actor).filter(version=checklist).order_by("order"))


def versions_of(actor: Actor, checklist: ChecklistVersion) -> list[ChecklistVersion]:
    """Every version of the same checklist, newest first."""
    return list(ChecklistVersion.objects.visible_to(actor).filter(family=checklist.family).order_by("-number")[:MOST])


def body_of(checklist: ChecklistVersion, questions: Iterable[Question]) -> dict[str, Any]:
    """A version as the body that a draft would hold."""
    head: dict[str, Any] = {name: getattr(checklist, name) for name in HEAD if name != "questions"}
    rows = [{name: getattr(question, name) for name in QUESTION} for question in questions]
    for row in rows:
        row["example_id"] = str(row["example_id"]) if row["example_id"] else None
    return whole({**head, "questions": rows})


def drafts(actor: Actor, *, after: tuple[datetime, UUID] | None = None, limit: int = DRAFTS_PAGE) -> list[ChecklistDraft]:
    """What is still on the desk, last touched first; one more than `limit` tells that there are more."""
    rows = ChecklistDraft.objects.visible_to(actor).filter(published=None).order_by("-changed_at", "-id")
    if after is not None:
        at, pk = after
        rows = rows.filter(changed_at__lte=at).exclude(changed_at=at, pk__gte=pk)
    return list(rows[: limit + 1])


def draft_for(actor: Actor, draft_id: UUID, *, to_change: bool = False) -> ChecklistDraft:
    """One draft, or Absent outside the actor's world; `to_change` holds its row until the transaction ends."""
    rows: QuerySet[ChecklistDraft] = ChecklistDraft.objects.visible_to(actor)
    found = (rows.select_for_update() if to_change else rows).filter(pk=draft_id).first()
    if found is None:
        raise Absent
    return found


def known() -> Known:
    """What a checklist may name."""
    return Known(tuple(node.code for node in chain_nodes()), tuple(SCHEMAS))


def rhythms_on(actor: Actor, checklist: ChecklistVersion) -> int:
    """How many relations of the actor have a rhythm at work that goes by this version."""
    if actor.hat is not Hat.OWNER:
        return 0
    return AuditProgramme.objects.visible_to(actor).filter(checklist=checklist, is_active=True).count()


def proposed_changes(actor: Actor, audit: Audit) -> list[ProposedChange]:
    """What an audit found different from the supplier's page."""
    return list(ProposedChange.objects.visible_to(actor).filter(audit=audit).order_by("entry"))
