"""Questions about sealed samples: the two sides see them, and nobody else."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from agreements.models import SealedSample
from foundation.actor import Actor
from foundation.errors import Absent
from foundation.scope import ScopedQuerySet
from suppliers.models import SupplyLink

PAGE = 25
State = SealedSample.State
# What the tabs of the list show.
GROUPS = {"binding": (State.SEALED,), "open": (State.DRAFT, State.OFFERED), "ended": (State.REPLACED, State.EXPIRED, State.WITHDRAWN)}


def samples(
    actor: Actor, *, state: str = "", link_id: UUID | None = None, after: tuple[datetime, UUID] | None = None, limit: int = PAGE
) -> list[SealedSample]:
    """Newest first; one more than `limit` tells that there are more."""
    rows = _mine(actor).order_by("-created_at", "-id")
    if state in GROUPS:
        rows = rows.filter(state__in=GROUPS[state])
    if link_id is not None:
        rows = rows.filter(link_id=link_id)
    if after is not None:
        at, pk = after
        rows = rows.filter(created_at__lte=at).filter(Q(created_at__lt=at) | Q(created_at=at, pk__lt=pk))
    return list(rows[: limit + 1])


def _mine(actor: Actor) -> ScopedQuerySet:
    """Drafts, and what was taken back, are their side's own: the database says so too."""
    rows = SealedSample.objects.visible_to(actor)
    return rows.exclude(~Q(drafted_by=actor.hat.value), state__in=(State.DRAFT, State.WITHDRAWN))


def sample_for(actor: Actor, sample_id: UUID) -> SealedSample:
    """One sample, or Absent outside the actor's world."""
    found: SealedSample | None = _mine(actor).filter(pk=sample_id).first()
    if found is None:
        raise Absent
    return found


def binding_samples(actor: Actor, *, link_id: UUID, on: date) -> list[SealedSample]:
    """The samples that bind both sides on that day, by product and colour: what a colour clause is judged against."""
    rows = SealedSample.objects.visible_to(actor).filter(link_id=link_id, sealed_on__lte=on, expires_on__gte=on)
    return list(rows.filter(Q(ended_on=None) | Q(ended_on__gt=on)).order_by("product", "colour", "-sealed_on", "id"))


def sample_links(actor: Actor) -> list[SupplyLink]:
    """The relations in which the actor's firm may seal samples, by the other firm's name."""
    rows = SupplyLink.objects.visible_to(actor).filter(state=SupplyLink.State.JOINED, supplier_org_id__isnull=False)
    return list(rows.order_by("pinyin_key", "id"))
