"""A firm shows its quality portrait: by a link to somebody outside, or to one of its chain owners. Good for thirty days; it sees each opening."""

from __future__ import annotations

import hashlib
from datetime import datetime
from secrets import token_urlsafe
from uuid import UUID

from django.db import transaction
from django.utils.crypto import salted_hmac
from uuid_utils.compat import uuid7

from foundation.actor import Actor, Hat, acting_as
from foundation.errors import Absent, RuleBroken
from notices.services import tell
from onestop.models import Portrait, PortraitLook
from onestop.models.portraits import GOOD_FOR
from onestop.selectors.portraits import customers, drawn, for_a_customer, portrait_shown_to
from onestop.selectors.scores import score_of
from parties.roles import MAY_WRITE
from records.services.evidence import note_looks
from suppliers.models import SupplyLink

LONGEST_FOR = 80
MOST_OPEN = 20
TOKEN_LENGTH = 43
_SALT = "onestop.portrait"


@transaction.atomic
def share_portrait(*, actor: Actor, for_whom: str, client_id: str, now: datetime, customer: UUID | None = None) -> Portrait:
    """Keep the portrait as it stands and make a link to it. Asked again with the same client_id, it is the same link.

    With `customer`, the line on which that chain owner lists the firm, there is no link: that owner reads it, and is told so.
    Raises Absent for a line of somebody else's; RuleBroken("portrait_for_whom_missing"), ("portrait_not_yet") where there is no score, or
    ("portrait_too_many_open").
    """
    actor.must_act_for(actor.org_id, Hat.SUPPLIER)
    actor.must_hold(*MAY_WRITE)
    rows = Portrait.objects.visible_to(actor)
    known = rows.filter(client_id=client_id).first()
    if known is not None:
        return known
    reader = _customer(actor, customer) if customer else None
    for_whom = reader.owner_name_zh if reader else for_whom.replace("\x00", "").strip()[:LONGEST_FOR]
    if not for_whom:
        raise RuleBroken("portrait_for_whom_missing", field="for_whom")
    score = score_of(actor, actor.org_id)
    if score is None or score.value_hundredths is None:
        raise RuleBroken("portrait_not_yet")
    if rows.filter(revoked_at=None, expires_at__gt=now).count() >= MOST_OPEN:
        raise RuleBroken("portrait_too_many_open", most=MOST_OPEN)
    made, body = uuid7(), drawn(actor, score, now=now)
    row: Portrait
    row, fresh = Portrait.objects.get_or_create(
        org_id=actor.org_id, client_id=client_id,
        defaults={
            "id": made, "score_id": score.pk, "body": for_a_customer(body) if reader else body, "for_whom": for_whom,
            "reader_org_id": reader.owner_org_id if reader else None, "token_hash": _hash(token_urlsafe() if reader else _token(made)),
            "shared_at": now, "shared_by": actor.person_name, "expires_at": now + GOOD_FOR, "is_demo": actor.is_demo,
        },
    )  # fmt: skip
    if fresh and reader:
        names = {"other_zh": actor.org_name_zh, "other_en": actor.org_name_en}
        tell(org_id=reader.owner_org_id, hat=Hat.OWNER, kind="portrait_shown", subject_id=row.pk, facts=names, now=now)
    return row


def _customer(actor: Actor, link_id: UUID) -> SupplyLink:
    found = next((each for each in customers(actor) if each.pk == link_id), None)
    if found is None:
        raise Absent
    return found


@transaction.atomic
def read_shown_portrait(*, actor: Actor, portrait_id: UUID, now: datetime) -> Portrait:
    """What a supplier shows to this chain owner, with the opening written down for the firm. Absent once it is over or taken back."""
    actor.must_act_for(actor.org_id, Hat.OWNER)
    row = portrait_shown_to(actor, portrait_id, now=now)
    if row is None:
        raise Absent
    with acting_as(Hat.CLOCK):
        firm = Portrait.objects.values_list("org_id", flat=True).get(pk=row.pk)
        PortraitLook.objects.create(portrait_id=row.pk, org_id=firm, at=now)
    note_looks(actor=actor, org_ids=[firm], what="portrait", subject_id=row.pk, now=now)
    return row


@transaction.atomic
def revoke_portrait(*, actor: Actor, portrait_id: UUID, now: datetime) -> Portrait:
    """The link shows nothing from now on. Repeating changes nothing."""
    actor.must_act_for(actor.org_id, Hat.SUPPLIER)
    actor.must_hold(*MAY_WRITE)
    row: Portrait | None = Portrait.objects.visible_to(actor).select_for_update().filter(pk=portrait_id).first()
    if row is None:
        raise Absent
    if row.revoked_at is None:
        row.revoked_at, row.revoked_by = now, actor.person_name
        row.save(update_fields=["revoked_at", "revoked_by"])
    return row


def token_of(portrait: Portrait) -> str:
    """The link's secret, made again from ours: the database holds only its hash. Empty where our key has changed since."""
    token = _token(portrait.pk)
    return token if _hash(token) == portrait.token_hash else ""


@transaction.atomic
def open_portrait(token: str, *, net: str, device: str, now: datetime) -> Portrait:
    """What this link shows, with the opening written down for the firm. Absent for a link that is unknown, over or taken back: all alike."""
    with acting_as(Hat.CLOCK):
        row: Portrait | None = Portrait.objects.filter(token_hash=_hash(token)).first()
        if row is None or not row.is_open(now):
            raise Absent
        PortraitLook.objects.create(portrait=row, org_id=row.org_id, at=now, net=net, device=device)
    return row


def _token(portrait_id: UUID) -> str:
    return salted_hmac(_SALT, str(portrait_id), algorithm="sha256").hexdigest()[:TOKEN_LENGTH]


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
