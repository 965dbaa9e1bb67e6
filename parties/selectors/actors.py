"""Who acts: asked in the lobby, before any hat is on. A deputy holds on a day what the other holds then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from foundation.actor import Actor, Hat
from parties.models import OrgRole, Person

HAT_KEY = "hat"  # where a session keeps the hat that was chosen


@dataclass(frozen=True)
class Wearable:
    """One hat of one firm that a person may put on."""

    hat: Hat
    org_id: UUID
    org_name_zh: str
    org_name_en: str
    roles: frozenset[str]
    is_demo: bool
    stands_for: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.org_id}:{self.hat.value}"


def today() -> date:
    """The calendar day in Shanghai."""
    return timezone.localdate()


# What a person holds on a day: own roles, and those of a colleague they stand in for, as far as that colleague holds them then.
# Whoever has left the firm stands in for nobody there.
_HELD = """
select org_id, org_name_zh, org_name_en, org_is_demo, role, '' as stands_for, valid_from, id
from parties_membership where person_id = {person} and valid_from <= %(on)s and (valid_to is null or valid_to >= %(on)s)
union all
select m.org_id, m.org_name_zh, m.org_name_en, m.org_is_demo, m.role, m.person_name, m.valid_from, m.id
from parties_deputy d
join parties_membership m on m.person_id = d.stands_for_id and m.org_id = d.org_id and m.role = any(d.roles)
  and m.valid_from <= %(on)s and (m.valid_to is null or m.valid_to >= %(on)s)
where d.person_id = {person} and d.ended_at is null and d.valid_from <= %(on)s and d.valid_to >= %(on)s
  and exists (select 1 from parties_membership o where o.person_id = d.person_id and o.org_id = d.org_id
              and o.valid_from <= %(on)s and (o.valid_to is null or o.valid_to >= %(on)s))
"""


def wearables(person: Person, *, on: date) -> list[Wearable]:
    """Every hat that the person may wear on that day, with their own roles and those they stand in for. Lobby only."""
    with connection.cursor() as cursor:
        cursor.execute(_HELD.format(person="%(person)s") + " order by stands_for, valid_from, id", {"person": person.pk, "on": on})
        rows = cursor.fetchall()
    by_org: dict[UUID, list[tuple[Any, ...]]] = {}
    for row in rows:
        by_org.setdefault(row[0], []).append(row)
    hats = OrgRole.objects.filter(org_id__in=by_org).order_by("id").values_list("org_id", "hat")
    return [_wearable(Hat(hat), by_org[org_id]) for org_id, hat in hats]


def _wearable(hat: Hat, rows: list[tuple[Any, ...]]) -> Wearable:
    org_id, name_zh, name_en, is_demo = rows[0][:4]
    stands_for = tuple(sorted({row[5] for row in rows} - {""}))
    return Wearable(hat, org_id, name_zh, name_en, frozenset(row[4] for row in rows), is_demo, stands_for)


def actor_of(person: Person, worn: Wearable) -> Actor:
    """The actor that a person becomes under a hat."""
    return Actor(
        hat=worn.hat, org_id=worn.org_id, org_name_zh=worn.org_name_zh, org_name_en=worn.org_name_en,
        person_id=person.pk, person_name=person.name, roles=worn.roles, is_demo=worn.is_demo, stands_for=worn.stands_for,
    )  # fmt: skip


def token_hash(secret: str) -> str:
    """What is kept of a secret that was handed out once."""
    return sha256(secret.encode()).hexdigest()


# One statement, because every call of the API begins with it: the key, its person, the firm's hat, today's roles there.
_BEHIND_KEY = f"""
select k.hat, k.org_id, k.scopes, p.id, p.name, m.name_zh, m.name_en, m.is_demo, m.roles, m.stands_for
from parties_apitoken k join parties_person p on p.id = k.person_id and p.is_active
join parties_orgrole r on r.org_id = k.org_id and r.hat = k.hat
cross join lateral (
  select array_agg(distinct role) as roles, (array_agg(org_name_zh order by stands_for <> '', valid_from, id))[1] as name_zh,
    (array_agg(org_name_en order by stands_for <> '', valid_from, id))[1] as name_en, bool_or(org_is_demo) as is_demo,
    array_agg(distinct stands_for) filter (where stands_for <> '') as stands_for
  from ({_HELD.format(person="p.id")}) held where held.org_id = k.org_id
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
    hat, org_id, scopes, person_id, name, name_zh, name_en, is_demo, roles, stands_for = row
    return Actor(
        hat=Hat(hat), org_id=org_id, org_name_zh=name_zh, org_name_en=name_en, person_id=person_id, person_name=name,
        roles=frozenset(roles), is_demo=is_demo, scopes=frozenset(scopes), stands_for=tuple(stands_for or ()),
    )  # fmt: skip
