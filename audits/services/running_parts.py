"""What one operation of a phone leaves behind, and the post of a queue that it came with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from audits.models import Audit, Question, VisitOp
from audits.selectors.running import on_team
from audits.services.sides import must_judge
from audits.visit_said import id_of
from foundation.actor import Actor
from foundation.errors import Absent, FieldsToMend, RuleBroken, in_both_languages
from records.models import Evidence


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one operation."""

    client_id: str
    status: str  # saved, repeated, conflict, refused
    version: int = 0
    code: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Words in both languages where it was refused."""
        if self.status == "refused":
            return {
                "client_id": self.client_id,
                "status": self.status,
                "code": self.code,
                "words": in_both_languages(self.code, self.facts),
                **self.more,
            }
        return {"client_id": self.client_id, "status": self.status, "version": self.version, **self.more}


def refused_as(raw: Any, broken: RuleBroken | Absent) -> Result:
    """What a rule said against one operation."""
    if isinstance(broken, Absent):
        return Result(id_of(raw), "refused", code="not_found")
    more = {"errors": broken.errors} if isinstance(broken, FieldsToMend) else {}
    return Result(id_of(raw), "refused", code=broken.code, facts=broken.facts, more=more)


@dataclass(frozen=True, slots=True)
class Done:
    """What a handler did: the version of its subject afterwards, and what it clashed with."""

    subject: str = ""
    version: int = 0
    conflict: bool = False
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Run:
    """One post of a queue while it is applied. The audit is held."""

    actor: Actor
    audit: Audit
    now: datetime
    skew: int = 0

    def question(self, code: str | None) -> Question | None:
        """The question of that code, None for none. Raises RuleBroken("question_unknown")."""
        if not code:
            return None
        found: Question | None = Question.objects.visible_to(self.actor).filter(version_id=self.audit.checklist_id, code=code).first()
        if found is None:
            raise RuleBroken("question_unknown", field="question")
        return found

    def earlier(self, client_id: UUID | None) -> VisitOp | None:
        """An operation that was applied before."""
        if client_id is None:
            return None
        return VisitOp.objects.visible_to(self.actor).filter(audit=self.audit, client_id=client_id).first()

    def base_of(self, said: dict[str, Any]) -> int:
        """The version that the sender had before its eyes: its own earlier operation's, where it names one."""
        before = self.earlier(said.get("after"))
        return before.version if before is not None else int(said["base_version"])


def must_be_on_team(actor: Actor, audit: Audit) -> None:
    """Who is not on the team meets nothing."""
    must_judge(actor, audit.owner_org_id)
    if on_team(actor, audit) is None:
        raise Absent


def evidence_of(actor: Actor, photos: Iterable[UUID]) -> list[UUID]:
    """The evidence that these photos of a phone have become. Raises RuleBroken("photo_not_here") while one is on its way."""
    wanted = [str(photo) for photo in photos]
    rows = {row.client_id: row.pk for row in Evidence.objects.visible_to(actor).filter(client_id__in=wanted)}
    if len(rows) < len(set(wanted)):
        raise RuleBroken("photo_not_here")
    return [rows[photo] for photo in wanted]
