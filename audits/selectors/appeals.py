"""What a third party is asked to decide."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from audits.models import FindingAppeal
from foundation.actor import Actor
from foundation.errors import Absent

PAGE = 25


def appeals(actor: Actor, *, after: tuple[datetime, UUID] | None = None, limit: int = PAGE) -> list[FindingAppeal]:
    """The actor's appeals, newest first; one more than `limit` tells that there are more."""
    rows = FindingAppeal.objects.visible_to(actor).order_by("-asked_at", "-id")
    if after is not None:
        at, pk = after
        rows = rows.filter(asked_at__lte=at).filter(Q(asked_at__lt=at) | Q(asked_at=at, pk__lt=pk))
    return list(rows[: limit + 1])


def appeal_for(actor: Actor, appeal_id: UUID) -> FindingAppeal:
    """One appeal, or Absent outside the actor's world."""
    row: FindingAppeal | None = FindingAppeal.objects.visible_to(actor).filter(pk=appeal_id).first()
    if row is None:
        raise Absent
    return row
