"""Half-days of auditors: booked, let go, moved by hand. That nobody is booked twice is the database's to hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from audits.half_days import HALF_NAMES
from audits.models import Audit, AuditTeam, Booking
from audits.planning import Booking as Slot
from audits.planning import Moved as Consequences
from audits.planning import moved_by_hand
from audits.selectors.planning import Year, booking_for, year_of
from audits.services.sides import must_judge
from audits.services.visits import Moved, join_team, leave_team, move_visit
from foundation.actor import Actor
from foundation.errors import RuleBroken

# What no planner may wave through; the rest is shown and may be wanted.
FIRM = ("taken", "away", "barred", "closed")


@dataclass(frozen=True, slots=True)
class To:
    """Where a visit is put: who, on which day, in which half."""

    person_id: UUID
    day: date
    half: str


def book(actor: Actor, audit: Audit, to: To, *, now: datetime) -> None:
    """Take the halves. Raises RuleBroken("auditor_is_taken") where one of them is booked."""
    halves = HALF_NAMES if audit.halves >= 2 else (to.half,)
    rows = [
        Booking(
            owner_org_id=audit.owner_org_id, supplier_org_id=audit.supplier_org_id, audit=audit, person_id=to.person_id, day=to.day,
            half=half, booked_by=actor.person_name, booked_at=now,
        )
        for half in halves
    ]  # fmt: skip
    try:
        with transaction.atomic():
            Booking.objects.bulk_create(rows)
    except IntegrityError as error:
        raise RuleBroken("auditor_is_taken", field="half") from error


def consequences(actor: Actor, audit: Audit, to: To, *, today: date) -> tuple[Year, Consequences | None]:
    """What putting a visit there would do; None where the day or the person is outside of the year ahead."""
    span = sorted({audit.window_from or audit.visit_on, audit.window_to or audit.visit_on, audit.visit_on, to.day})
    year = year_of(actor, first=max(min(span), today), last=max(span))
    slot = year.place(to.person_id, to.day, to.half, audit)
    return year, None if slot is None else moved_by_hand(year.problem, year.standing, slot)


@transaction.atomic
def move_booking(*, actor: Actor, booking_id: UUID, to: To, words: str, now: datetime, today: date) -> Audit:
    """Move one visit by hand. A firm that was told is told again, with the reason. Moved there twice, it is moved once."""
    booking = booking_for(actor, booking_id)
    must_judge(actor, booking.owner_org_id)
    audit = booking.audit
    if (booking.person_id, booking.day, booking.half) == (to.person_id, to.day, to.half):
        return audit
    _, found = consequences(actor, audit, to, today=today)
    if found is None:
        raise RuleBroken("booking_out_of_reach", field="day")
    broken = [one for one in found.against if one in FIRM]
    if broken:
        raise RuleBroken(f"booking_{broken[0]}", field="day")
    return put_visit(actor=actor, audit=audit, to=to, words=words, now=now)


def put_visit(*, actor: Actor, audit: Audit, to: To, words: str, now: datetime) -> Audit:
    """The visit's day, its lead auditor and the halves, all anew."""
    led = list(Booking.objects.visible_to(actor).filter(audit=audit).values_list("person_id", flat=True).distinct())
    if to.day != audit.visit_on or to.half != audit.half:
        audit = move_visit(actor=actor, audit_id=audit.pk, to=Moved(to.day, words, to.half), now=now)
    Booking.objects.visible_to(actor).filter(audit=audit).delete()
    book(actor, audit, to, now=now)
    if to.person_id not in led or len(led) != 1:
        join_team(actor=actor, audit_id=audit.pk, person_id=to.person_id, lead=True, now=now)
        for row in AuditTeam.objects.visible_to(actor).filter(audit=audit, person_id__in=led).exclude(person_id=to.person_id):
            leave_team(actor=actor, audit_id=audit.pk, team_id=row.pk)
    return audit


def slots_as_named(year: Year, slots: Mapping[int, Slot] | Iterable[Slot]) -> list[tuple[Audit, To]]:
    """Numbers of a problem as visits, people, days and halves."""
    rows = slots.values() if isinstance(slots, Mapping) else slots
    return [(year.audits[s.visit], To(year.people[s.auditor].person_id, year.day(s.day), HALF_NAMES[s.half])) for s in rows]
