"""What a firm shows to a chain owner of its own free will: certificates, instruments, products, by class.

A grant says that a class is shown; one row per thing and reader carries what the reader may know, so that each wall stays one
equality. Whoever changes a thing calls refresh_shared(): a reader sees what is true now, and nothing that was retired.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from foundation.actor import Actor, Hat, acting_as
from foundation.errors import RuleBroken
from notices.services import tell
from parties.roles import MAY_WRITE
from records.models import Grant
from suppliers.firm_words import SHARES
from suppliers.models import SharedThing, SupplyLink
from suppliers.selectors.firm_shared import Shown, things_to_show


@transaction.atomic
def show_to_owner(*, actor: Actor, link: SupplyLink, what: Sequence[str], now: datetime) -> None:
    """Let the chain owner of a joined link see these classes of the actor's firm, from today on. Safe to repeat.

    A grant that was switched off before is given again: the same row, with a new first day.
    Raises RuleBroken("share_unknown") or ("not_joined").
    """
    actor.must_act_for(link.supplier_org_id, Hat.SUPPLIER)
    actor.must_hold(*MAY_WRITE)
    if not what or not set(what) <= set(SHARES):
        raise RuleBroken("share_unknown", field="what")
    today = timezone.localdate(now)
    names = {"to_name_zh": link.owner_name_zh, "to_name_en": link.owner_name_en}
    new = [Grant(from_org_id=actor.org_id, to_org_id=link.owner_org_id, **names, what=each, valid_from=today) for each in what]
    with acting_as(Hat.CLOCK):
        _alone(actor.org_id)
        given = Grant.objects.filter(from_org_id=actor.org_id, to_org_id=link.owner_org_id, what__in=what, clause_id=None)
        before = set(given.filter(revoked_at=None).values_list("what", flat=True))
        Grant.objects.bulk_create(new, ignore_conflicts=True)
        given.exclude(revoked_at=None).update(revoked_at=None, valid_from=today)
    for each in what:
        refresh_shared(org_id=actor.org_id, what=each, now=now)
    _tell_owner(actor, link, set(what) - before, now)


@transaction.atomic
def refresh_shared(*, org_id: UUID, what: str, now: datetime) -> None:
    """Bring what readers see of a class up to date, in a handful of statements whatever the number of things."""
    with acting_as(Hat.CLOCK):
        _alone(org_id)
        readers = _readers(org_id, what)
        if not readers:
            return
        things = things_to_show(org_id, what)
        rows = [_row(org_id, reader, what, thing, now) for reader in readers for thing in things]
        shown = SharedThing.objects.filter(org_id=org_id, what=what, revoked_at=None)
        shown.exclude(thing_id__in=[thing.id for thing in things]).update(revoked_at=now)
        SharedThing.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["grantee_org_id", "thing_id"],
            update_fields=["facts", "file", "revoked_at"],
            batch_size=500,
        )


def close_shared(grant: Grant, now: datetime) -> None:
    """A class was switched off: its things close with the grant. Called by the verb that revokes it."""
    with acting_as(Hat.CLOCK):
        _alone(grant.from_org_id)
        rows = SharedThing.objects.filter(org_id=grant.from_org_id, grantee_org_id=grant.to_org_id, what=grant.what, revoked_at=None)
        rows.update(revoked_at=now)


def _tell_owner(actor: Actor, link: SupplyLink, newly: set[str], now: datetime) -> None:
    """One line in the owner's inbox, where there is something to see that was not shown before."""
    with acting_as(Hat.CLOCK):
        rows = SharedThing.objects.filter(org_id=actor.org_id, grantee_org_id=link.owner_org_id, what__in=newly, revoked_at=None)
        if rows.exists():
            facts = {"other_zh": actor.org_name_zh, "other_en": actor.org_name_en}
            tell(org_id=link.owner_org_id, hat=Hat.OWNER, kind="firm_shows", subject_id=link.pk, facts=facts, now=now)


def _alone(org_id: UUID) -> None:
    """One at a time for a firm: a thing filed while a grant is given must not fall between the two."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"show:{org_id}"])


def _readers(org_id: UUID, what: str) -> list[UUID]:
    return list(Grant.objects.filter(from_org_id=org_id, what=what, clause_id=None, revoked_at=None).values_list("to_org_id", flat=True))


def _row(org_id: UUID, reader: UUID, what: str, thing: Shown, now: datetime) -> SharedThing:
    return SharedThing(
        org_id=org_id, grantee_org_id=reader, what=what, thing_id=thing.id, facts=thing.facts, file=thing.file, granted_at=now
    )
