"""The list of policy tools, as each hat reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from foundation.actor import Actor, Hat
from foundation.errors import Absent
from oversight.campaign_rules import Rule
from oversight.models import PolicyTool, PolicyUse
from parties.models import Organisation

STATES = ("open", "draft", "retired")


@dataclass(frozen=True)
class PoliciesAsked:
    """What a reader of the list asked for; each is one parameter of the address."""

    kind: str = ""
    q: str = ""
    state: str = "open"
    fits: bool = False


def policies(
    actor: Actor, asked: PoliciesAsked, *, today: date, after: tuple[datetime, UUID] | None = None, size: int = 25
) -> tuple[list[PolicyTool], bool]:
    """Measures, newest first, and whether there are more. `fits`: those whose rule fits the reader's own firm."""
    rows = PolicyTool.objects.visible_to(actor)
    if actor.hat == Hat.BUREAU and asked.state == "draft":
        rows = rows.filter(state=PolicyTool.State.DRAFT, org_id=actor.org_id)
    elif asked.state == "retired":
        rows = rows.filter(Q(state=PolicyTool.State.RETIRED) | Q(state=PolicyTool.State.PUBLISHED, valid_to__lt=today))
    else:
        rows = rows.filter(state=PolicyTool.State.PUBLISHED).filter(Q(valid_to=None) | Q(valid_to__gte=today))
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.q:
        rows = rows.filter(Q(title_zh__icontains=asked.q) | Q(title_en__icontains=asked.q))
    if after:
        rows = rows.filter(created_at__lte=after[0]).filter(Q(created_at__lt=after[0]) | Q(created_at=after[0], pk__lt=after[1]))
    rows = rows.order_by("-created_at", "-id")
    if asked.fits:
        mine = own_firm(actor)
        # The list is short (some dozens of measures): the rule is held against the firm here, not in SQL.
        found = [row for row in rows[:500] if mine is not None and Rule.of(row.rule).fits(mine)]
        return found[:size], len(found) > size
    found = list(rows[: size + 1])
    return found[:size], len(found) > size


def own_firm(actor: Actor) -> Organisation | None:
    """The reader's own firm, for holding a rule against it."""
    return Organisation.objects.visible_to(actor).filter(pk=actor.org_id).first()


def policy_for(actor: Actor, policy_id: UUID) -> PolicyTool:
    """One measure, or Absent."""
    found = PolicyTool.objects.visible_to(actor).filter(pk=policy_id).first()
    if found is None or (found.state == PolicyTool.State.DRAFT and found.org_id != actor.org_id):
        raise Absent
    return found


def own_use(actor: Actor, policy_id: UUID) -> PolicyUse | None:
    """Whether the firm has said that it asked for a measure."""
    return PolicyUse.objects.visible_to(actor).filter(policy_id=policy_id).first()


def published_policies(actor: Actor, *, today: date, most: int = 500) -> list[Any]:
    """All that is offered today, by kind: for exports, papers and choices."""
    rows = PolicyTool.objects.visible_to(actor).filter(state=PolicyTool.State.PUBLISHED).filter(Q(valid_to=None) | Q(valid_to__gte=today))
    return list(rows.order_by("kind", "-created_at", "-id")[:most])
