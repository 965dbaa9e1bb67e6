"""Questions about joint actions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from foundation.actor import Actor
from foundation.errors import Absent
from inspections.consistency import Firm, Pool
from inspections.models import JointAction
from inspections.selectors.consistency import Group, Window
from suppliers.models import SupplyLink

PAGE = 25


def action_for(actor: Actor, action_id: UUID) -> JointAction:
    """One joint action of the actor's world, or Absent."""
    found: JointAction | None = JointAction.objects.visible_to(actor).filter(pk=action_id).first()
    if found is None:
        raise Absent
    return found


def actions(actor: Actor, *, state: str = "", after: tuple[datetime, UUID] | None = None, limit: int = PAGE + 1) -> list[JointAction]:
    """Newest first."""
    rows = JointAction.objects.visible_to(actor)
    if state in JointAction.State.values:
        rows = rows.filter(state=state)
    if after is not None:
        rows = rows.filter(opened_at__lte=after[0]).exclude(opened_at=after[0], pk__gte=after[1])
    return list(rows.order_by("-opened_at", "-id")[:limit])


def links_chosen(actor: Actor, ids: Iterable[UUID]) -> list[SupplyLink]:
    """Lines of the owner's own list that have joined; whoever else was named is not there."""
    return list(SupplyLink.objects.visible_to(actor).filter(pk__in=list(ids)).exclude(supplier_org_id=None).order_by("pinyin_key", "id"))


def figures_of(firm: Firm, pool: Pool, group: Group, window: Window) -> dict[str, Any]:
    """A supplier's own figures as an action freezes them. Nothing in them comes from another firm."""
    told = {
        name: None if (value := getattr(firm, name)) is None else str(round(value, 6))
        for name in ("conforming", "mean", "between", "within")
    }
    return {
        "lots": firm.lots, "readings": firm.n, "judged": firm.judged, "out": firm.out, **told,
        "from": window.starts.isoformat(), "to": window.ends.isoformat(), "edition": group.edition, "unit": group.unit,
    }  # fmt: skip
