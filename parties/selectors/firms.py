"""Questions about firms, places and days, asked by the floors above."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from foundation.actor import Actor
from parties.models import ChainNode, Membership, Organisation, Person, Region, WorkingDay
from parties.selectors.actors import today
from parties.working_days import WorkingCalendar


def people_of(org_id: UUID) -> list[Person]:
    """The people who serve a firm today. Clock only: it needs their addresses to tell them something."""
    on = today()
    ids = Membership.objects.filter(org_id=org_id, valid_from__lte=on).filter(Q(valid_to=None) | Q(valid_to__gte=on)).values("person_id")
    return list(Person.objects.filter(pk__in=ids, is_active=True).order_by("pk"))


def own_organisation(actor: Actor) -> Organisation:
    """The actor's own firm."""
    return Organisation.objects.visible_to(actor).select_related("region", "town").get(pk=actor.org_id)


def regions() -> list[Region]:
    """Districts and zones in map order, then towns."""
    return list(Region.objects.order_by("kind", "code"))


def chain_nodes() -> list[ChainNode]:
    """The nodes of the chain from fibre to service."""
    return list(ChainNode.objects.order_by("order"))


def names_of(rows: Iterable[ChainNode] | Iterable[Region], language: str) -> dict[str, str]:
    """code -> name in the language."""
    return {row.code: (row.name_zh if language.startswith("zh") else row.name_en) for row in rows}


@lru_cache(maxsize=1)
def _calendar(stamp: int) -> WorkingCalendar:  # the stamp renews the cache each hour
    rows = list(WorkingDay.objects.values_list("day", "kind"))
    return WorkingCalendar(
        holidays=frozenset(day for day, kind in rows if kind == "holiday"),
        workdays=frozenset(day for day, kind in rows if kind == "workday"),
        known_until=max((day for day, _ in rows), default=date.min).replace(month=12, day=31) if rows else date.min,
    )


def working_calendar() -> WorkingCalendar:
    """Working days by the state's table; after its last year, weekends only."""
    return _calendar(int(timezone.now().timestamp() // 3600))
