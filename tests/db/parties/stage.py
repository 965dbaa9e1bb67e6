"""What the tests of a firm's people share: a colleague of one of the cast."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from foundation.actor import Actor, Hat, acting_as, as_actor
from parties.models import Membership, Person
from parties.selectors import actor_of, wearables
from parties.services import create_person
from tests.cast import BY_NAME, PASSWORD, actor

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = NOW.date()


def person(contact: str = "he@demo.example", name: str = "何经") -> Person:
    """Somebody who signs in and belongs to no firm."""
    with acting_as(Hat.LOBBY):
        return create_person(name=name, contact=contact, password=PASSWORD, now=NOW, is_demo=True)


def colleague_of(who: str, *roles: str, contact: str = "he@demo.example", name: str = "何经", since: date = TODAY) -> Person:
    """A new person with these roles in the firm of one of the cast."""
    one, m = person(contact, name), BY_NAME[who]
    with as_actor(actor(who)):
        Membership.objects.bulk_create(
            Membership(
                person_id=one.pk, person_name=one.name, org_id=m.org_id, org_name_zh=m.org_zh, org_name_en=m.org_en, org_is_demo=True, role=role,
                valid_from=since,
            )
            for role in roles
        )  # fmt: skip
    return one


def on_day(one: Person, day: date) -> Actor | None:
    """The actor that a person is on a day, as the lobby finds it."""
    with acting_as(Hat.LOBBY):
        worn = wearables(one, on=day)
    return actor_of(one, worn[0]) if worn else None


def roles_of(who: str, one: Any) -> list[tuple[str, date, date | None]]:
    with as_actor(actor(who)):
        rows = Membership.objects.visible_to(actor(who)).filter(person_id=one.pk)
        return sorted(rows.values_list("role", "valid_from", "valid_to"))
