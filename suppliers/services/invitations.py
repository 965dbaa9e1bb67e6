"""One-time ways in. The raw token is derived, never stored: whoever reads the database cannot enter with it."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from uuid_utils.compat import uuid7

from foundation.actor import Actor, Hat
from foundation.errors import NotYours, RuleBroken
from jobs.services import put_outbox
from notices.quiet import send_after
from parties.roles import MAY_WRITE
from parties.selectors import token_hash
from suppliers.imports.fields import read_phone
from suppliers.models import Invitation, SupplyLink
from suppliers.selectors import open_invitation

VALID_FOR = timedelta(days=30)
FEW = 20  # messages of one verb; more of them let other work pass
_TOKEN_BYTES = 24


def token_of(invitation_id: UUID) -> str:
    """The raw token of an invitation: 192 bits that only this installation's secret makes, the same at every showing."""
    digest = salted_hmac("suppliers.invitation", str(invitation_id), algorithm="sha256").digest()
    return urlsafe_b64encode(digest[:_TOKEN_BYTES]).decode()


def join_url(invitation_id: UUID) -> str:
    """The address that a link, a code or a poster carries."""
    return settings.PUBLIC_URL + reverse("suppliers:join", args=[token_of(invitation_id)])


@transaction.atomic
def invite(*, actor: Actor, links: Sequence[SupplyLink], now: datetime) -> list[tuple[Invitation, str]]:
    """A fresh invitation for each listed firm that has not joined, with its raw token; an earlier one ends by it.

    Raises RuleBroken("nothing_picked") when none of the firms may be invited.
    """
    actor.must_wear(Hat.OWNER)
    actor.must_hold(*MAY_WRITE)
    if any(link.owner_org_id != actor.org_id for link in links):
        raise NotYours
    waiting = _still_waiting(actor, links)
    if not waiting:
        raise RuleBroken("nothing_picked")
    made = [_invitation(actor, link, now) for link in waiting]
    ids = [link.pk for link in waiting]
    Invitation.objects.visible_to(actor).filter(link_id__in=ids, used_at=None, revoked_at=None).update(revoked_at=now)
    Invitation.objects.bulk_create(made)
    SupplyLink.objects.visible_to(actor).filter(pk__in=ids).update(state=SupplyLink.State.INVITED, invited_until=now + VALID_FOR)
    for invitation, link in zip(made, waiting, strict=True):
        link.state, link.invited_until = SupplyLink.State.INVITED, now + VALID_FOR
        if link.phone:
            _send(invitation, link, key=f"invitation:{invitation.pk}", patient=len(waiting) > FEW, now=now)
    return [(invitation, token_of(invitation.pk)) for invitation in made]


@transaction.atomic
def remind(*, actor: Actor, link: SupplyLink, now: datetime) -> Invitation:
    """Send the open invitation once more, at most once a day; at night and on days off it waits for the next working morning.

    Raises RuleBroken("supplier_has_joined"), ("invitation_not_open") or ("no_phone").
    """
    actor.must_act_for(link.owner_org_id, Hat.OWNER)
    actor.must_hold(*MAY_WRITE)
    if link.state == SupplyLink.State.JOINED:
        raise RuleBroken("supplier_has_joined")
    invitation = open_invitation(actor, link, now=now)
    if invitation is None:
        raise RuleBroken("invitation_not_open")
    if not link.phone:
        raise RuleBroken("no_phone")
    remind_of(actor, [(invitation, link)], now=now)
    return invitation


def remind_of(actor: Actor, waiting: Sequence[tuple[Invitation, SupplyLink]], *, now: datetime) -> int:
    """Send these once more, those left out that are reminded of on that day already, or whose first message still waits; how many."""
    day = timezone.localdate(send_after(now))
    due = [(one, link) for one, link in waiting if send_after(one.sent_at) <= now and _last_reminded_on(one) != day]
    for invitation, link in due:
        _send(invitation, link, key=f"invitation:{invitation.pk}:{day}", patient=len(due) > FEW, now=now)
    Invitation.objects.visible_to(actor).filter(pk__in=[one.pk for one, _ in due]).update(reminded_at=now)
    return len(due)


@transaction.atomic
def revoke(*, actor: Actor, link: SupplyLink, now: datetime) -> None:
    """Take the open invitation back: its link opens nothing from now on. Raises RuleBroken("invitation_not_open")."""
    actor.must_act_for(link.owner_org_id, Hat.OWNER)
    actor.must_hold(*MAY_WRITE)
    if not _still_waiting(actor, [link]) or open_invitation(actor, link, now=now) is None:
        raise RuleBroken("invitation_not_open")
    Invitation.objects.visible_to(actor).filter(link=link, used_at=None, revoked_at=None).update(revoked_at=now)
    SupplyLink.objects.visible_to(actor).filter(pk=link.pk).update(state=SupplyLink.State.LISTED, invited_until=None)


@transaction.atomic
def correct_contact(*, actor: Actor, link: SupplyLink, contact: str, phone: str, now: datetime) -> SupplyLink:
    """Another person or another number for a firm that has not joined. Raises RuleBroken("phone_wrong"), ("supplier_has_joined")."""
    actor.must_act_for(link.owner_org_id, Hat.OWNER)
    actor.must_hold(*MAY_WRITE)
    if not _still_waiting(actor, [link]):
        raise RuleBroken("supplier_has_joined")
    number = read_phone(phone.strip())
    if number.issues and phone.strip():
        raise RuleBroken("phone_wrong", field="phone")
    link.contact, link.phone = " ".join(contact.replace("\x00", "").split())[:60], number.value or ""
    SupplyLink.objects.visible_to(actor).filter(pk=link.pk).update(contact=link.contact, phone=link.phone)
    return link


def _still_waiting(actor: Actor, links: Sequence[SupplyLink]) -> list[SupplyLink]:
    """Locked, in one order for everybody: two people who invite at once make one open invitation each, not two."""
    rows = SupplyLink.objects.visible_to(actor).filter(pk__in=[link.pk for link in links], supplier_org_id=None)
    return list(rows.select_for_update().order_by("pk"))


def _last_reminded_on(invitation: Invitation) -> date | None:
    return timezone.localdate(send_after(invitation.reminded_at)) if invitation.reminded_at else None


def _invitation(actor: Actor, link: SupplyLink, now: datetime) -> Invitation:
    invitation_id = uuid7()
    return Invitation(
        id=invitation_id, owner_org_id=actor.org_id, link=link, token_hash=token_hash(token_of(invitation_id)),
        sent_by=actor.person_name, sent_at=now, expires_at=now + VALID_FOR,
    )  # fmt: skip


def _send(invitation: Invitation, link: SupplyLink, *, key: str, patient: bool, now: datetime) -> None:
    # The outbox carries the id, not the token: those who may read the outbox may not enter either.
    put_outbox(
        "suppliers.send_invitation", key=key, not_before=send_after(now), patient=patient, invitation_id=str(invitation.pk), phone=link.phone,
        facts={"other_zh": link.owner_name_zh, "other_en": link.owner_name_en},
    )  # fmt: skip
