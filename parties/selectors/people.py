"""The people of a firm: roles with their days, who stands in, who is asked, and what an invitation opens."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from foundation.actor import Actor, Hat
from foundation.errors import Absent
from parties.models import ColleagueInvitation, CqoFacts, Deputy, Membership
from parties.selectors.actors import token_hash

MOST = 500


@dataclass
class Colleague:
    """One person of a firm: the roles of today and later, those of the past, and how somebody stands in."""

    person_id: UUID
    name: str
    roles: list[Membership] = field(default_factory=list)
    past: list[Membership] = field(default_factory=list)
    stands_in: list[Deputy] = field(default_factory=list)
    covered_by: list[Deputy] = field(default_factory=list)

    @property
    def is_here(self) -> bool:
        return bool(self.roles)


def colleagues(actor: Actor, *, on: date) -> list[Colleague]:
    """Everybody who is or was with the firm, by name; those who left come last. Two queries."""
    people: dict[UUID, Colleague] = {}
    for row in Membership.objects.visible_to(actor).order_by("person_name", "person_id", "valid_from", "id")[:MOST]:
        one = people.setdefault(row.person_id, Colleague(row.person_id, row.person_name))
        (one.roles if row.valid_to is None or row.valid_to >= on else one.past).append(row)
    for deputy in deputies(actor, on=on):
        if deputy.person_id in people:
            people[deputy.person_id].stands_in.append(deputy)
        if deputy.stands_for_id in people:
            people[deputy.stands_for_id].covered_by.append(deputy)
    return sorted(people.values(), key=lambda one: not one.is_here)


def deputies(actor: Actor, *, on: date) -> list[Deputy]:
    """Who stands in for whom today or later, by first day."""
    rows = Deputy.objects.visible_to(actor).filter(ended_at=None, valid_to__gte=on)
    return list(rows.order_by("valid_from", "id")[:MOST])


def membership_for(actor: Actor, membership_id: UUID) -> Membership:
    """A role of the actor's firm, or Absent."""
    row = Membership.objects.visible_to(actor).filter(pk=membership_id).first()
    if row is None:
        raise Absent
    return row


def cqo_today(actor: Actor, *, on: date) -> tuple[Membership, CqoFacts | None] | None:
    """The firm's chief quality officer on that day with what the appointment rests on; None where nobody is."""
    if actor.hat not in (Hat.OWNER, Hat.SUPPLIER, Hat.LAB, Hat.PROVIDER):
        return None
    rows = Membership.objects.visible_to(actor).filter(role="cqo", valid_from__lte=on).filter(Q(valid_to=None) | Q(valid_to__gte=on))
    row = rows.order_by("-valid_from", "-id").first()
    return (row, CqoFacts.objects.visible_to(actor).filter(pk=row.pk).first()) if row else None


def cqo_facts_for(actor: Actor, membership_id: UUID) -> CqoFacts:
    """The facts of one appointment, or Absent."""
    facts = CqoFacts.objects.visible_to(actor).select_related("membership").filter(pk=membership_id).first()
    if facts is None:
        raise Absent
    return facts


def open_colleague_invitations(actor: Actor, *, now: datetime) -> list[ColleagueInvitation]:
    """Ways in that still stand open, newest first."""
    rows = ColleagueInvitation.objects.visible_to(actor).filter(used_at=None, revoked_at=None, expires_at__gt=now)
    return list(rows.order_by("-sent_at", "-id")[:50])


def colleague_invitation_for(actor: Actor, invitation_id: UUID) -> ColleagueInvitation:
    """One way in of the actor's firm, or Absent."""
    row = ColleagueInvitation.objects.visible_to(actor).filter(pk=invitation_id).first()
    if row is None:
        raise Absent
    return row


@dataclass(frozen=True)
class Asked:
    """What a colleague's invitation says to whoever holds it."""

    invitation_id: UUID
    org_id: UUID
    org_name_zh: str
    org_name_en: str
    org_is_demo: bool
    name: str
    contact: str
    roles: list[str]
    sent_by: str
    is_known: bool  # somebody signs in with the contact already


def colleague_by(token: str, *, now: datetime) -> Asked | None:
    """What a token opens; None for one that is unknown, used, closed or too old: nobody learns which. In the lobby."""
    with connection.cursor() as cursor:
        cursor.execute("select * from colleague_read(%s)", [token_hash(token)])
        row: Any = cursor.fetchone()
    if row is None or row[9] <= now or row[10] or row[11]:
        return None
    return Asked(*(*row[:9], row[12]))
