"""Questions about invitations, and what their token opens at the door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from foundation.actor import Actor
from parties.selectors import token_hash
from suppliers.models import Invitation, SupplyLink


def open_invitation(actor: Actor, link: SupplyLink, *, now: datetime) -> Invitation | None:
    """The invitation that would still let the firm in, or None."""
    return (
        Invitation.objects.visible_to(actor)
        .filter(link=link, used_at=None, revoked_at=None, declined_at=None, expires_at__gt=now)
        .order_by("-sent_at", "-id")
        .first()
    )


@dataclass(frozen=True)
class Invited:
    """What an invitation says to whoever holds it: the firm as the owner typed it, and who invites."""

    link_id: UUID
    owner_org_id: UUID
    owner_name_zh: str
    owner_name_en: str
    name_zh: str
    name_en: str
    uscc: str
    node_codes: list[str]
    region_code: str
    town_code: str
    address: str
    is_demo: bool


def invited_by(token: str, *, now: datetime) -> Invited | None:
    """What a token opens; None for one that is unknown, used, revoked, declined or too old: nobody learns which."""
    with connection.cursor() as cursor:
        cursor.execute("select * from door_read(%s)", [token_hash(token)])
        row = cursor.fetchone()
    if row is None or any(row[13:16]) or row[12] <= now:
        return None
    return Invited(*row[:12])


@dataclass(frozen=True)
class WillSee:
    """One line of "who will see what" before an invitation is accepted."""

    to_name_zh: str
    to_name_en: str
    what: str


def will_see(token: str) -> list[WillSee]:
    """What accepting an invitation lets whom see: the very rows that the door will then write as grants."""
    with connection.cursor() as cursor:
        cursor.execute("select to_name_zh, to_name_en, what from door_grants(%s)", [token_hash(token)])
        return [WillSee(*row) for row in cursor.fetchall()]
