"""Questions about invitations, and what their token opens at the door."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q

from foundation.actor import Actor
from foundation.errors import Absent
from jobs.models import Job
from parties.selectors import token_hash
from suppliers.models import Invitation, SupplyLink
from suppliers.selectors.links import links_matching

INVITE, REMIND = "suppliers.invite", "suppliers.remind"


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


def open_invitations(actor: Actor, links: Iterable[SupplyLink], *, now: datetime) -> dict[UUID, Invitation]:
    """Line -> the invitation that would still let its firm in."""
    rows = Invitation.objects.visible_to(actor).filter(
        link_id__in=[link.pk for link in links], used_at=None, revoked_at=None, declined_at=None, expires_at__gt=now
    )
    return {row.link_id: row for row in rows.order_by("sent_at", "id")}


def last_word(actor: Actor, link: SupplyLink) -> Invitation | None:
    """The invitation of which somebody said last that it is not theirs, with the word they left."""
    rows = Invitation.objects.visible_to(actor).filter(link=link, declined_at__isnull=False)
    return rows.order_by("-declined_at", "-id").first()


def inviting_job(actor: Actor, job_id: UUID) -> Job:
    """One round of inviting or reminding. Raises Absent."""
    job = Job.objects.visible_to(actor).filter(pk=job_id, kind__in=(INVITE, REMIND)).first()
    if job is None:
        raise Absent
    return job


def waiting_lines(actor: Actor, *, now: datetime, filters: Mapping[str, str] | None = None, ids: Iterable[UUID] | None = None) -> Any:
    """Lines with an open invitation, by name: those that fit, or of those that were picked."""
    if ids is None:
        rows = links_matching(actor, **dict[str, Any](filters or {}))
    else:
        rows = SupplyLink.objects.visible_to(actor).filter(pk__in=list(ids)).order_by("pinyin_key", "id")
    return rows.filter(state=SupplyLink.State.INVITED, invited_until__gt=now)


def inviting_jobs(actor: Actor, most: int = 10) -> list[Job]:
    """The latest rounds of inviting and reminding."""
    return list(Job.objects.visible_to(actor).filter(kind__in=(INVITE, REMIND)).order_by("-created_at", "-id")[:most])


def inviting_counts(actor: Actor, filters: Mapping[str, str], *, now: datetime) -> dict[str, int]:
    """How many lines that fit may be invited, wait for an answer, have run out, said no, or have joined."""
    invited, waits = Q(state="invited"), Q(invited_until__gt=now)
    counted: dict[str, int] = (
        links_matching(actor, **dict[str, Any](filters))
        .order_by()
        .aggregate(
            listed=Count("pk", filter=Q(state="listed")),
            waiting=Count("pk", filter=invited & waits),
            silent=Count("pk", filter=invited & waits & Q(phone="")),
            ran_out=Count("pk", filter=invited & (Q(invited_until=None) | Q(invited_until__lte=now))),
            declined=Count("pk", filter=Q(state="declined")),
            joined=Count("pk", filter=Q(state="joined")),
        )
    )
    return {**counted, "to_invite": counted["listed"] + counted["ran_out"], "to_remind": counted["waiting"] - counted["silent"]}
