"""Questions about appeals against scores: all start from the actor."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from foundation.actor import Actor
from foundation.errors import Absent
from records.models import AppealEntry, AppealOpinion, ScoreAppeal

OPEN = ("filed", "with_lab")
PAGE = 25


def score_appeals(
    actor: Actor, *, state: str = "", after: tuple[datetime, UUID] | None = None, limit: int = PAGE
) -> list[ScoreAppeal]:  # fmt: skip
    """Newest first; one more than `limit` tells that there are more. `state` "open" is everything not decided."""
    rows = ScoreAppeal.objects.visible_to(actor).order_by("-filed_at", "-id")
    if state == "open":
        rows = rows.filter(state__in=OPEN)
    elif state:
        rows = rows.filter(state=state)
    if after is not None:
        at, pk = after
        rows = rows.filter(filed_at__lte=at).filter(Q(filed_at__lt=at) | Q(filed_at=at, pk__lt=pk))
    return list(rows[: limit + 1])


def score_appeal_for(actor: Actor, appeal_id: UUID) -> ScoreAppeal:
    """One appeal, or Absent."""
    found = ScoreAppeal.objects.visible_to(actor).filter(pk=appeal_id).first()
    if found is None:
        raise Absent
    return found


def opinion_for(actor: Actor, appeal_id: UUID) -> AppealOpinion:
    """What a laboratory is asked on an appeal, the latest first, or Absent."""
    found = AppealOpinion.objects.visible_to(actor).filter(appeal_id=appeal_id).order_by("-asked_at").first()
    if found is None:
        raise Absent
    return found


def entries_of_appeal(actor: Actor, appeal: ScoreAppeal) -> list[AppealEntry]:
    """What the sides said, oldest first."""
    return list(AppealEntry.objects.visible_to(actor).filter(appeal=appeal).order_by("at", "id"))


def opinions_of_appeal(actor: Actor, appeal: ScoreAppeal) -> list[AppealOpinion]:
    """The laboratories that were asked, oldest first."""
    return list(AppealOpinion.objects.visible_to(actor).filter(appeal=appeal).order_by("asked_at"))


def open_score_appeals(actor: Actor, *, limit: int = 20) -> list[ScoreAppeal]:
    """What waits longest for a decision."""
    return list(ScoreAppeal.objects.visible_to(actor).filter(state__in=OPEN).order_by("filed_at", "id")[:limit])
