"""One-time ways into a firm for a colleague. The raw token is derived, never stored: whoever reads the database cannot enter with it."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils.crypto import salted_hmac
from uuid_utils.compat import uuid7

from foundation.actor import Actor
from foundation.errors import Absent, RuleBroken
from parties.models import ColleagueInvitation, Membership, Person
from parties.roles import BY_APPOINTMENT, GIVEN
from parties.selectors import colleague_by, token_hash
from parties.services.people import contact_of, create_person
from parties.services.roles import must_administer

COLLEAGUE_DAYS = 7
_TOKEN_BYTES = 24


@dataclass(frozen=True, slots=True)
class ColleagueSaid:
    """Somebody to take in: what they sign in with, and what they will do."""

    name: str
    contact: str
    roles: Sequence[str]


def colleague_token(invitation_id: UUID) -> str:
    """The raw token: 192 bits that only this installation's secret makes, the same at every showing."""
    digest = salted_hmac("parties.colleague", str(invitation_id), algorithm="sha256").digest()
    return urlsafe_b64encode(digest[:_TOKEN_BYTES]).decode()


def colleague_url(invitation_id: UUID) -> str:
    """The address that a link or a code carries."""
    return settings.PUBLIC_URL + reverse("parties:colleague", args=[colleague_token(invitation_id)])


@transaction.atomic
def invite_colleague(*, actor: Actor, said: ColleagueSaid, now: datetime) -> ColleagueInvitation:
    """A fresh way in for one contact; an earlier open one for the same contact ends by it.

    Raises RuleBroken("contact_invalid"), ("name_missing"), ("role_unknown") or ("cqo_is_appointed").
    """
    must_administer(actor)
    phone, email = contact_of(said.contact)
    if not said.name.strip():
        raise RuleBroken("name_missing", field="name")
    if BY_APPOINTMENT in said.roles:
        raise RuleBroken("cqo_is_appointed", field="roles")
    wanted = [role for role in GIVEN if role in said.roles]
    if not wanted or len(wanted) != len(set(said.roles)):
        raise RuleBroken("role_unknown", field="roles")
    contact, made = phone or email or "", uuid7()
    # Nobody hands himself a role by inviting himself: a contact of one's own counts as one's own raise.
    if Person.objects.filter(pk=actor.person_id).filter(**({"phone": contact} if phone else {"email": contact})).exists():
        actor.must_hold(Membership.Role.ORG_ADMIN)
    ColleagueInvitation.objects.visible_to(actor).filter(contact=contact, used_at=None, revoked_at=None).update(revoked_at=now)
    row = ColleagueInvitation(
        id=made, org_id=actor.org_id, org_name_zh=actor.org_name_zh, org_name_en=actor.org_name_en, org_is_demo=actor.is_demo,
        name=said.name.strip()[:60], contact=contact, roles=wanted, token_hash=token_hash(colleague_token(made)), sent_by=actor.person_name,
        sent_by_id=actor.person_id, sent_at=now, expires_at=now + timedelta(days=COLLEAGUE_DAYS),
    )  # fmt: skip
    ColleagueInvitation.objects.bulk_create([row])
    return row


@transaction.atomic
def revoke_colleague(*, actor: Actor, invitation_id: UUID, now: datetime) -> ColleagueInvitation:
    """Close an open way in. Repeating changes nothing."""
    must_administer(actor)
    row = ColleagueInvitation.objects.visible_to(actor).filter(pk=invitation_id).first()
    if row is None:
        raise Absent
    ColleagueInvitation.objects.visible_to(actor).filter(pk=row.pk, used_at=None, revoked_at=None).update(revoked_at=now)
    row.refresh_from_db()
    return row


@transaction.atomic
def accept_colleague(
    *, token: str, person: Person | None, name: str = "", password: str = "", locale: str = "zh-hans", now: datetime
) -> Person:
    """Become a colleague: somebody signed in with the invited contact, or (no `person`) somebody new. In the lobby only.

    Raises RuleBroken("colleague_over") whatever the reason, ("colleague_is_another"), or what create_person() raises; nothing is left then.
    """
    asked = colleague_by(token, now=now)
    if asked is None:
        raise RuleBroken("colleague_over")
    if person is not None and asked.contact not in (person.phone, person.email):
        raise RuleBroken("colleague_is_another")
    who = person or create_person(
        name=name or asked.name, contact=asked.contact, password=password, now=now, locale=locale, is_demo=asked.org_is_demo
    )
    with connection.cursor() as cursor:
        cursor.execute("select colleague_take(%s, %s, %s)", [token_hash(token), who.pk, now])
        (org_id,) = cursor.fetchone()
    if org_id is None:
        raise RuleBroken("colleague_over")
    return who
