"""Questions about who: asked in the lobby to find the actor, and by the floors above."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from foundation.actor import Actor, Hat
from parties.models import ChainNode, Membership, Organisation, OrgRole, Person, Region, WorkingDay
from parties.working_days import WorkingCalendar


@dataclass(frozen=True)
class Wearable:
    """One hat of one firm that a person may put on."""

    hat: Hat
    org_id: UUID
    org_name_zh: str
    org_name_en: str
    roles: frozenset[str]
    is_demo: bool

    @property
    def key(self) -> str:
        return f"{self.org_id}:{self.hat.value}"


def today() -> date:
    """The calendar day in Shanghai."""
    return timezone.localdate()


def wearables(person: Person, *, on: date) -> list[Wearable]:
    """Every hat that the person may wear on that day. Lobby only."""
    rows = (
        Membership.objects.filter(person=person, valid_from__lte=on)
        .filter(Q(valid_to=None) | Q(valid_to__gte=on))
        .order_by("valid_from", "id")
    )
    by_org: dict[UUID, list[Membership]] = {}
    for row in rows:
        by_org.setdefault(row.org_id, []).append(row)
    hats = OrgRole.objects.filter(org_id__in=by_org).order_by("id").values_list("org_id", "hat")
    return [_wearable(Hat(hat), by_org[org_id]) for org_id, hat in hats]


def _wearable(hat: Hat, rows: list[Membership]) -> Wearable:
    first = rows[0]
    return Wearable(hat, first.org_id, first.org_name_zh, first.org_name_en, frozenset(r.role for r in rows), first.org_is_demo)


def actor_of(person: Person, worn: Wearable) -> Actor:
    """The actor that a person becomes under a hat."""
    return Actor(
        hat=worn.hat, org_id=worn.org_id, org_name_zh=worn.org_name_zh, org_name_en=worn.org_name_en,
        person_id=person.pk, person_name=person.name, roles=worn.roles, is_demo=worn.is_demo,
    )  # fmt: skip


def token_hash(secret: str) -> str:
    """What is kept of a secret that was handed out once."""
    return sha256(secret.encode()).hexdigest()


# One statement, because every call of the API begins with it: the key, its person, the firm's hat, today's roles there.
_BEHIND_KEY = """
select k.hat, k.org_id, k.scopes, p.id, p.name, m.name_zh, m.name_en, m.is_demo, m.roles
from parties_apitoken k join parties_person p on p.id = k.person_id and p.is_active
join parties_orgrole r on r.org_id = k.org_id and r.hat = k.hat
cross join lateral (
  select array_agg(distinct role) as roles, (array_agg(org_name_zh order by valid_from, id))[1] as name_zh,
    (array_agg(org_name_en order by valid_from, id))[1] as name_en, bool_or(org_is_demo) as is_demo
  from parties_membership
  where person_id = p.id and org_id = k.org_id and valid_from <= %(on)s and (valid_to is null or valid_to >= %(on)s)
) m
where k.hash = %(hash)s and k.revoked_at is null and (k.expires_at is null or k.expires_at > %(now)s) and m.roles is not null
"""


def actor_of_token(secret: str) -> Actor | None:
    """The actor behind an API token, or None. Lobby only."""
    with connection.cursor() as cursor:
        cursor.execute(_BEHIND_KEY, {"hash": token_hash(secret), "now": timezone.now(), "on": today()})
        row = cursor.fetchone()
    if row is None:
        return None
    hat, org_id, scopes, person_id, name, name_zh, name_en, is_demo, roles = row
    return Actor(
        hat=Hat(hat), org_id=org_id, org_name_zh=name_zh, org_name_en=name_en, person_id=person_id, person_name=name,
        roles=frozenset(roles), is_demo=is_demo, scopes=frozenset(scopes),
    )  # fmt: skip


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
