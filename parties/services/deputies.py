"""Somebody stands in while somebody is away. Signing and administering are not lent: for those days the role itself is given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from foundation.actor import BUSINESS_HATS, Actor
from foundation.errors import Absent, RuleBroken
from parties.models import Deputy, Membership
from parties.roles import MAY_BE_COVERED
from parties.services.roles import must_administer

LONGEST = timedelta(days=366)


@transaction.atomic
def name_deputy(
    *, actor: Actor, person_id: UUID, stands_for_id: UUID, roles: Sequence[str], days: tuple[date, date], now: datetime
) -> Deputy:
    """Let one colleague stand in for another on these days (both included). For oneself anybody may; else whoever gives roles.

    Named again for the same first day, the first word stands. Raises RuleBroken("deputy_is_another"), ("role_not_lent"),
    ("role_not_held"), ("deputy_not_here"), ("days_in_the_past"), ("days_turned_round") or ("days_too_many").
    """
    actor.must_wear(*BUSINESS_HATS)
    if stands_for_id != actor.person_id or person_id == actor.person_id:
        must_administer(actor)
    first, last = days
    _check_days(first, last, today=timezone.localdate(now))
    if person_id == stands_for_id:
        raise RuleBroken("deputy_is_another", field="person")
    lent = [role for role in MAY_BE_COVERED if role in roles]
    if not lent or set(roles) - set(lent):
        raise RuleBroken("role_not_lent", field="roles")
    away, here = _held(actor, stands_for_id, first), _held(actor, person_id, first)
    if set(lent) - {row.role for row in away}:
        raise RuleBroken("role_not_held", field="roles")
    if not here:
        raise RuleBroken("deputy_not_here", field="person")
    deputy = Deputy(
        org_id=actor.org_id, person_id=person_id, person_name=here[0].person_name, stands_for_id=stands_for_id,
        stands_for_name=away[0].person_name, roles=lent, valid_from=first, valid_to=last, named_by=actor.person_name, created_at=now,
    )  # fmt: skip
    Deputy.objects.bulk_create([deputy], ignore_conflicts=True)
    return Deputy.objects.visible_to(actor).get(person_id=person_id, stands_for_id=stands_for_id, valid_from=first)


@transaction.atomic
def end_deputy(*, actor: Actor, deputy_id: UUID, now: datetime) -> Deputy:
    """The colleague is back: from now on nobody stands in. Repeating changes nothing."""
    actor.must_wear(*BUSINESS_HATS)
    row = Deputy.objects.visible_to(actor).filter(pk=deputy_id).first()
    if row is None:
        raise Absent
    if actor.person_id not in (row.person_id, row.stands_for_id):
        must_administer(actor)
    Deputy.objects.visible_to(actor).filter(pk=row.pk, ended_at=None).update(ended_at=now)
    row.refresh_from_db()
    return row


def _check_days(first: date, last: date, *, today: date) -> None:
    if first < today:
        raise RuleBroken("days_in_the_past", field="valid_from")
    if last < first:
        raise RuleBroken("days_turned_round", field="valid_to")
    if last - first > LONGEST:
        raise RuleBroken("days_too_many", field="valid_to")


def _held(actor: Actor, person_id: UUID, on: date) -> list[Membership]:
    rows = Membership.objects.visible_to(actor).filter(person_id=person_id, valid_from__lte=on)
    found = list(rows.filter(Q(valid_to=None) | Q(valid_to__gte=on)))
    if not found and not Membership.objects.visible_to(actor).filter(person_id=person_id).exists():
        raise Absent
    return found
