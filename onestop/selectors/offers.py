"""Questions about offers: what is open to all, and a provider's own."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from foundation.actor import Actor, Hat, acting_as
from foundation.errors import Absent
from onestop.models import ServiceCall, ServiceOffer

PAGE = 25
PROVIDERS = (Hat.PROVIDER, Hat.LAB)
AT_WORK = ("accepted", "in_service", "delivered", "disputed")


def offers(
    actor: Actor, *, kind: str = "", node: str = "", query: str = "", after: tuple[datetime, UUID] | None = None, limit: int = PAGE
) -> list[ServiceOffer]:
    """What is offered today, newest first; one more than `limit` tells that there are more."""
    rows = ServiceOffer.objects.visible_to(actor).filter(state="published", is_demo=actor.is_demo)
    if kind:
        rows = rows.filter(kind=kind)
    if node:
        rows = rows.filter(Q(node_codes=[]) | Q(node_codes__contains=[node]))
    if query:
        rows = rows.filter(Q(title__icontains=query) | Q(about__icontains=query) | Q(provider_name_zh__icontains=query))
    return _page(rows, after, limit)


def own_offers(actor: Actor, *, after: tuple[datetime, UUID] | None = None, limit: int = PAGE) -> list[ServiceOffer]:
    """The provider's own, drafts too."""
    return _page(ServiceOffer.objects.visible_to(actor).filter(provider_org_id=actor.org_id), after, limit)


def _page(rows: object, after: tuple[datetime, UUID] | None, limit: int) -> list[ServiceOffer]:
    if after is not None:
        at, pk = after
        rows = rows.filter(created_at__lte=at).filter(Q(created_at__lt=at) | Q(created_at=at, pk__lt=pk))  # type: ignore[attr-defined]
    return list(rows.order_by("-created_at", "-id")[: limit + 1])  # type: ignore[attr-defined]


def offer_for(actor: Actor, offer_id: UUID) -> ServiceOffer:
    """A published offer, or one's own; else Absent."""
    found: ServiceOffer | None = ServiceOffer.objects.visible_to(actor).filter(pk=offer_id, is_demo=actor.is_demo).first()
    if found is None or (found.state != "published" and found.provider_org_id != actor.org_id):
        raise Absent
    return found


def open_offers(kind: str, *, is_demo: bool) -> list[ServiceOffer]:
    """One published offer of each provider of a kind: that which answers first. Services only: as the clock."""
    with acting_as(Hat.CLOCK):
        rows = ServiceOffer.objects.filter(kind=kind, state="published", is_demo=is_demo)
        return list(rows.order_by("provider_org_id", "answer_hours", "id").distinct("provider_org_id"))


def in_work(provider_org_id: UUID, kind: str) -> int:
    """How many requests of a kind a provider has in work. Services only: as the clock."""
    with acting_as(Hat.CLOCK):
        return ServiceCall.objects.filter(provider_org_id=provider_org_id, kind=kind, state="chosen", stage__in=AT_WORK).count()
