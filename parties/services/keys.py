"""The keys of programs: made by a person, shown once, ended at any time."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from foundation.actor import BUSINESS_HATS, Actor
from foundation.errors import Absent, NotYours, RuleBroken
from parties.models import ApiToken, Membership
from parties.selectors import token_hash

SCOPES = ("read", "write")


@transaction.atomic
def issue_token(
    *, actor: Actor, name: str, scopes: Sequence[str], now: datetime, expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """A key for a program in the actor's firm and hat: the row, and the secret, which is shown this once."""
    actor.must_wear(*BUSINESS_HATS)
    if actor.scopes is not None:  # a key makes no keys
        raise NotYours
    if not name.strip():
        raise RuleBroken("token_name_missing", field="name")
    if not scopes or set(scopes) - set(SCOPES):
        raise RuleBroken("scope_unknown", field="scopes")
    secret = f"qcc_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        person_id=actor.person_id, org_id=actor.org_id, hat=actor.hat, name=name.strip()[:60], hash=token_hash(secret),
        scopes=sorted(set(scopes)), created_at=now, expires_at=expires_at,
    )  # fmt: skip
    return token, secret


@transaction.atomic
def revoke_token(*, actor: Actor, token_id: UUID, now: datetime) -> ApiToken:
    """End a key: one's own, or as the firm's administrator any of the firm's. Repeating changes nothing."""
    token = ApiToken.objects.visible_to(actor).filter(pk=token_id).first()
    if token is None:
        raise Absent
    if token.person_id != actor.person_id:
        actor.must_hold(Membership.Role.ORG_ADMIN)
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now)
    token.refresh_from_db()
    return token
