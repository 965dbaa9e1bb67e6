"""Questions about findings, what was done about them, and by when it had to be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from agreements.models import Agreement, Clause, Obligation
from audits.models import Audit, CorrectiveAction, Finding
from audits.status import FINDING_OPEN
from foundation.actor import Actor, Hat
from foundation.errors import Absent
from foundation.scope import ScopedQuerySet
from records.models import Evidence, RecordEntry

PAGE = 25
MOST_FIRMS = 500
# Whose findings a side tells apart: those of each of its suppliers, or of each of its customers.
OTHER_SIDE = {Hat.OWNER: "supplier", Hat.SUPPLIER: "owner"}
VIEWS = {"open": Q(state__in=FINDING_OPEN), "done": Q(state__in=("closed", "withdrawn", "noted"))}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which findings: `firm` is the other side; `late_on` leaves what was open and past its day on that day."""

    view: str = ""
    grade: str = ""
    state: str = ""
    firm: UUID | None = None
    late_on: date | None = None


ALL = Wanted()


def findings(
    actor: Actor, wanted: Wanted = ALL, *, after: tuple[datetime, UUID] | None = None, limit: int = PAGE
) -> list[Finding]:
    """The actor's findings with their words, newest first; one more than `limit` tells that there are more."""
    # Fetched beside, not joined: with a wall on both tables the planner takes the second for a choice of rows, and reads all.
    rows = Finding.objects.visible_to(actor).prefetch_related("text", "agreement").order_by("-raised_at", "-id")
    if wanted.view in VIEWS:
        rows = rows.filter(VIEWS[wanted.view])
    rows = _narrowed(actor, rows, wanted)
    if after is not None:
        raised_at, pk = after
        rows = rows.filter(raised_at__lte=raised_at).filter(Q(raised_at__lt=raised_at) | Q(raised_at=raised_at, pk__lt=pk))
    return list(rows[: limit + 1])


def board_of(actor: Actor, states: Iterable[str], wanted: Wanted = ALL, *, limit: int = PAGE) -> list[Finding]:
    """The findings of one column of the board, the most pressing day first; one more than `limit` tells that there are more."""
    rows = Finding.objects.visible_to(actor).filter(state__in=list(states)).prefetch_related("text", "agreement")
    return list(_narrowed(actor, rows, wanted).order_by("due_on", "id")[: limit + 1])


def _narrowed(actor: Actor, rows: ScopedQuerySet[Finding], wanted: Wanted) -> ScopedQuerySet[Finding]:
    if wanted.grade:
        rows = rows.filter(grade=wanted.grade)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.firm is not None:
        rows = rows.filter(**{f"{OTHER_SIDE[actor.hat]}_org_id": wanted.firm})
    if wanted.late_on is not None:
        rows = rows.filter(state__in=FINDING_OPEN, due_on__lt=wanted.late_on)
    return rows


def firms_with_findings(actor: Actor) -> list[tuple[UUID, str, str]]:
    """The other sides of the actor's findings, each with its two names: what a list may be narrowed to."""
    side = OTHER_SIDE[actor.hat]
    ids = Finding.objects.visible_to(actor).order_by().values_list(f"{side}_org_id", flat=True).distinct()[:MOST_FIRMS]
    # The names by themselves: with a wall on both tables, a join would read all of either.
    rows = Agreement.objects.visible_to(actor).filter(**{f"{side}_org_id__in": list(ids)})
    named = rows.order_by(f"{side}_org_id", "-created_at").distinct(f"{side}_org_id")
    return list(named.values_list(f"{side}_org_id", f"{side}_name_zh", f"{side}_name_en"))


def finding_for(actor: Actor, finding_id: UUID) -> Finding:
    """One finding with its words, audit and agreement, or Absent outside the actor's world."""
    found = Finding.objects.visible_to(actor).select_related("text", "audit", "agreement", "lot").filter(pk=finding_id).first()
    if found is None:
        raise Absent
    return found


def findings_of(actor: Actor, audit: Audit) -> list[Finding]:
    """The findings of one audit, oldest first."""
    return list(Finding.objects.visible_to(actor).select_related("text").filter(audit=audit).order_by("raised_at", "id"))


def open_findings_of(actor: Actor, audit: Audit) -> int:
    """How many findings of an audit still wait for somebody."""
    return Finding.objects.visible_to(actor).filter(audit=audit, state__in=FINDING_OPEN).count()


def actions_of(actor: Actor, finding: Finding) -> list[CorrectiveAction]:
    """Every try, oldest first."""
    return list(CorrectiveAction.objects.visible_to(actor).filter(finding=finding).order_by("answered_at", "id"))


def story_of(actor: Actor, finding: Finding) -> list[RecordEntry]:
    """What the common record says of a finding, newest first."""
    rows = RecordEntry.objects.visible_to(actor).select_related("payload")
    return list(rows.filter(stream_id=finding.agreement.stream_id, subject_id=finding.pk).order_by("-at", "-id"))


def deadline_clause(actor: Actor, agreement_id: UUID) -> Clause | None:
    """The clause that says by when findings are put right: of the version in force, else of the last one."""
    rows = Clause.objects.visible_to(actor).filter(version__agreement_id=agreement_id, type="corrective_action_deadline")
    return rows.order_by("-version__in_force", "-version__number").first()


def obligation_of(actor: Actor, finding: Finding) -> Obligation | None:
    """The supplier's dated duty to put a finding right: the last one, where it was opened again."""
    return Obligation.objects.visible_to(actor).filter(subject_id=finding.pk, kind="corrective_action").order_by("-created_at").first()


def evidence_sent_as(actor: Actor, client_id: str) -> list[Evidence]:
    """What the actor's firm filed under that key, if anything."""
    return list(Evidence.objects.visible_to(actor).filter(client_id=client_id))
