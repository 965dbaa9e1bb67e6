"""What the desk shows that joins several floors: the two sides' record of a firm, and who demo visitors may sign in as."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count

from agreements.models import Obligation
from foundation.actor import Actor
from oversight.selectors.counting import MET, ON_TIME, overdue
from parties.models import ApiToken, Membership, Person
from suppliers.words import in_language

DEMO_SHOWN = 6


@dataclass(frozen=True)
class Kept:
    """How one side has kept its word towards the other: on time, of all that came due."""

    on_time: int = 0
    came_due: int = 0


def kept_by_side(actor: Actor, *, today: date) -> dict[str, Kept]:
    """Both sides of the actor's own agreements. One query; a side without obligations has zeros."""
    rows = Obligation.objects.visible_to(actor).order_by().values_list("side")
    counted = rows.annotate(on_time=Count("id", filter=ON_TIME), came_due=Count("id", filter=MET | overdue(today)))
    found = {side: Kept(on_time, came_due) for side, on_time, came_due in counted}
    return {side: found.get(side, Kept()) for side in ("supplier", "owner")}


def own_keys(actor: Actor) -> list[ApiToken]:
    """The actor's own API keys in this hat, newest first."""
    return list(ApiToken.objects.visible_to(actor).filter(hat=actor.hat, person_id=actor.person_id).order_by("-created_at", "-id")[:50])


def demo_sign_ins() -> list[dict[str, Any]]:
    """The first people of the demo data with their firms; empty where the installation holds real firms. Lobby only."""
    people = list(Person.objects.filter(is_demo=True, is_active=True).order_by("created_at", "pk")[:DEMO_SHOWN])
    firms = (
        {row.person_id: in_language(row.org_name_zh, row.org_name_en) for row in Membership.objects.filter(person__in=people)}
        if people
        else {}
    )
    return [{"username": person.username, "name": person.name, "firm": firms.get(person.pk, "")} for person in people]
