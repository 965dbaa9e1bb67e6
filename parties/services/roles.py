"""Who does what in a firm: roles are given and ended by days, never removed. A firm is never without administrator and signatory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from foundation.actor import BUSINESS_HATS, Actor, Hat
from foundation.errors import Absent, RuleBroken
from parties.models import CqoFacts, Membership
from parties.roles import BY_APPOINTMENT, GIVEN, MAY_ADMINISTER, NEVER_WITHOUT

A_DAY = timedelta(days=1)
MOST_YEARS = 60


@dataclass(frozen=True, slots=True)
class CqoSaid:
    """What the appointment of a chief quality officer rests on."""

    appointed_on: date
    years_in_quality: int
    education: str
    training_certificate: str = ""


@transaction.atomic
def give_role(*, actor: Actor, person_id: UUID, role: str, valid_from: date, valid_to: date | None = None, now: datetime) -> Membership:
    """Give a colleague a role from a day on. Given again, nothing changes; a role that ends goes on if it is given for longer.

    Raises RuleBroken("role_unknown"), ("cqo_is_appointed"), ("days_in_the_past"), ("days_turned_round"); NotYours for one's own raise.
    """
    must_administer(actor)
    if role == BY_APPOINTMENT:
        raise RuleBroken("cqo_is_appointed", field="role")
    if role not in GIVEN:
        raise RuleBroken("role_unknown", field="role")
    if person_id == actor.person_id:
        actor.must_hold(Membership.Role.ORG_ADMIN)
    if valid_from < timezone.localdate(now):
        raise RuleBroken("days_in_the_past", field="valid_from")
    if valid_to is not None and valid_to < valid_from:
        raise RuleBroken("days_turned_round", field="valid_to")
    return _hold(actor, colleague(actor, person_id), role, valid_from, valid_to)


@transaction.atomic
def end_role(*, actor: Actor, membership_id: UUID, last_day: date, now: datetime) -> Membership:
    """End a role with its last day: yesterday at the earliest. Ended again, the later word stands.

    Raises RuleBroken("days_in_the_past"), ("last_administrator") or ("last_signatory").
    """
    must_administer(actor)
    row = Membership.objects.visible_to(actor).filter(pk=membership_id).first()
    if row is None:
        raise Absent
    if last_day < timezone.localdate(now) - A_DAY:
        raise RuleBroken("days_in_the_past", field="last_day")
    if row.role in NEVER_WITHOUT:
        _check_somebody_stays(actor, row, after=max(last_day, row.valid_from))
    row.valid_to = max(last_day, row.valid_from)  # a role that began today lasts its day
    row.save(update_fields=["valid_to"])
    return row


@transaction.atomic
def appoint_cqo(*, actor: Actor, person_id: UUID, said: CqoSaid, now: datetime) -> CqoFacts:
    """Appoint a colleague as the firm's chief quality officer; whoever was it before hands over on that day.

    By a signatory only. Appointed again on the same day, nothing changes.
    Raises RuleBroken("education_unknown"), ("years_unlikely") or ("days_in_the_future").
    """
    actor.must_wear(Hat.OWNER, Hat.SUPPLIER, Hat.LAB, Hat.PROVIDER)
    actor.must_hold(Membership.Role.SIGNATORY)
    today = timezone.localdate(now)
    if said.education not in CqoFacts.Education.values:
        raise RuleBroken("education_unknown", field="education")
    if not 0 <= said.years_in_quality <= MOST_YEARS:
        raise RuleBroken("years_unlikely", field="years_in_quality")
    if said.appointed_on > today:
        raise RuleBroken("days_in_the_future", field="appointed_on")
    one = colleague(actor, person_id)
    for former in _held(actor, BY_APPOINTMENT, today).exclude(person_id=person_id):
        former.valid_to = max(today - A_DAY, former.valid_from)
        former.save(update_fields=["valid_to"])
    row = _hold(actor, one, BY_APPOINTMENT, today, None)
    facts = CqoFacts(
        membership=row, org_id=actor.org_id, appointed_on=said.appointed_on, appointed_by=actor.person_name, appointed_by_id=actor.person_id,
        training_certificate=said.training_certificate.strip()[:60], years_in_quality=said.years_in_quality, education=said.education,
        created_at=now,
    )  # fmt: skip
    CqoFacts.objects.bulk_create([facts], ignore_conflicts=True)
    return CqoFacts.objects.visible_to(actor).select_related("membership").get(pk=row.pk)


def must_administer(actor: Actor) -> None:
    """Refuse unless the actor may take people in and give roles."""
    actor.must_wear(*BUSINESS_HATS)
    actor.must_hold(*MAY_ADMINISTER)


def colleague(actor: Actor, person_id: UUID) -> Membership:
    """Any row of a person who is or was with the firm; it carries the names. Raises Absent."""
    row = Membership.objects.visible_to(actor).filter(person_id=person_id).order_by("-valid_from", "-id").first()
    if row is None:
        raise Absent
    return row


def _held(actor: Actor, role: str, on: date) -> Any:
    rows = Membership.objects.visible_to(actor).filter(role=role).filter(Q(valid_to=None) | Q(valid_to__gte=on))
    return rows.select_for_update().order_by("pk")


def _hold(actor: Actor, one: Membership, role: str, valid_from: date, valid_to: date | None) -> Membership:
    """The row by which the person holds the role from that day on; a row that covers the day already is kept, and lengthened."""
    for row in _held(actor, role, valid_from).filter(person_id=one.person_id, valid_from__lte=valid_from):
        if row.valid_to is not None and (valid_to is None or valid_to > row.valid_to):
            row.valid_to = valid_to
            row.save(update_fields=["valid_to"])
        return row
    row = Membership(
        person_id=one.person_id, person_name=one.person_name, org_id=actor.org_id, org_name_zh=one.org_name_zh, org_name_en=one.org_name_en,
        org_is_demo=one.org_is_demo, role=role, valid_from=valid_from, valid_to=valid_to,
    )  # fmt: skip
    Membership.objects.bulk_create([row])
    return row


def _check_somebody_stays(actor: Actor, row: Membership, *, after: date) -> None:
    # Locked together: two administrators who end each other at once take turns.
    others = [each for each in _held(actor, row.role, after) if each.pk != row.pk]
    if not any(each.valid_to is None and each.valid_from <= after + A_DAY for each in others):
        raise RuleBroken("last_administrator" if row.role == "org_admin" else "last_signatory", field="last_day")
