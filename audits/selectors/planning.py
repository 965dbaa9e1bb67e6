"""Questions about the plan of a year: who visits, when they cannot, what is booked, and all of it as a problem in numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from audits.half_days import HALF_NAMES, halves_of, hours_of, legs_between, spans
from audits.models import Audit, AuditorLeave, AuditorProfile, AuditTeam, Booking, OwnerProgramme, PlanLine, RiskRating, YearPlan
from audits.planning import Auditor, Problem, Visit
from audits.planning import Booking as Slot
from audits.selectors.programmes import closed_days
from audits.selectors.visits import auditors, visits
from audits.status import AHEAD
from foundation.actor import Actor, Hat, acting_as
from foundation.errors import Absent
from parties.models import Membership, Region
from parties.selectors import regions, working_calendar
from suppliers.models import SupplyLink

# Minutes that leaving out one half-day at a firm of that band is held to weigh.
WEIGHTS = {"A": 300.0, "B": 450.0, "C": 600.0, "D": 1200.0}
FOLLOW_UP_WEIGHT = 900.0
ROTATION = 3  # visits in a row by one auditor; the next is another's
LONGEST = 2  # halves that a plan can place: a longer visit is put on the calendar by hand
PLAIN_DAYS = 10
MOST_PLANS = 20


@dataclass(frozen=True)
class Planner:
    """One who may visit, with the profile that a planner wrote, if one did."""

    person_id: UUID
    name: str
    is_auditor: bool
    profile: AuditorProfile | None
    leave: list[AuditorLeave]


def planners(actor: Actor, *, today: date) -> list[Planner]:
    """Everybody of the firm who may visit, auditors first, with their leave from today on."""
    profiles = {row.person_id: row for row in AuditorProfile.objects.visible_to(actor)}
    leave: dict[UUID, list[AuditorLeave]] = defaultdict(list)
    for row in AuditorLeave.objects.visible_to(actor).filter(ends_at__gt=hours_of(today, today)[0]).order_by("starts_at", "id"):
        leave[row.person_id].append(row)
    return [Planner(one.person_id, one.name, one.is_auditor, profiles.get(one.person_id), leave[one.person_id]) for one in auditors(actor)]


def profile_for(actor: Actor, auditor_id: UUID) -> AuditorProfile:
    """A profile of the firm, or Absent."""
    found = AuditorProfile.objects.visible_to(actor).filter(pk=auditor_id).first()
    if found is None:
        raise Absent
    return found


def leave_of(actor: Actor, profile: AuditorProfile, *, today: date) -> list[AuditorLeave]:
    """An auditor's leave from today on."""
    rows = AuditorLeave.objects.visible_to(actor).filter(person_id=profile.person_id, ends_at__gt=hours_of(today, today)[0])
    return list(rows.order_by("starts_at", "id")[:200])


def plans(actor: Actor) -> list[YearPlan]:
    """The firm's plans, newest first."""
    return list(YearPlan.objects.visible_to(actor).order_by("-asked_at", "-id")[:MOST_PLANS])


def plan_for(actor: Actor, plan_id: UUID) -> YearPlan:
    """One plan, or Absent."""
    found = YearPlan.objects.visible_to(actor).filter(pk=plan_id).first()
    if found is None:
        raise Absent
    return found


def lines_of(actor: Actor, plan: YearPlan) -> list[PlanLine]:
    """Every visit of a plan, by day; what is left out comes last."""
    rows = PlanLine.objects.visible_to(actor).filter(plan=plan)
    return sorted(rows, key=lambda row: (row.day is None, row.day or date.min, row.half, row.pk))


def booking_for(actor: Actor, booking_id: UUID) -> Booking:
    """One booked half with its visit, or Absent."""
    found = Booking.objects.visible_to(actor).select_related("audit", "audit__agreement").filter(pk=booking_id).first()
    if found is None:
        raise Absent
    return found


def bookings_between(actor: Actor, *, first: date, last: date, person_id: UUID | None = None) -> list[Booking]:
    """Booked halves from a day to a day, both included, with their visits."""
    rows = Booking.objects.visible_to(actor).filter(day__gte=first, day__lte=last)
    if person_id is not None:
        rows = rows.filter(person_id=person_id)
    return list(rows.prefetch_related("audit__agreement").order_by("day", "half", "id")[:20_000])


@dataclass(frozen=True)
class Year:
    """A problem with the names of its numbers: the visits and the auditors in the order that it has them, and what is too long for it."""

    problem: Problem
    audits: list[Audit]
    people: list[Planner]
    standing: dict[int, Slot]
    too_long: list[Audit]

    def day(self, number: int) -> date:
        return self.problem.days[number]

    def place(self, person_id: UUID, day: date, half: str, audit: Audit) -> Slot | None:
        """The slot of a person on a day, in numbers; None for a day or a person outside of this year."""
        who = next((n for n, one in enumerate(self.people) if one.person_id == person_id), None)
        what = next((n for n, one in enumerate(self.audits) if one.pk == audit.pk), None)
        if who is None or what is None or day not in self.problem.days:
            return None
        return Slot(what, who, list(self.problem.days).index(day), HALF_NAMES.index(half))


def year_of(actor: Actor, *, first: date, last: date) -> Year:
    """All that a plan from a day to a day has to know, in about ten questions.

    A visit whose day is agreed or announced keeps its day; what is booked already keeps its auditor and half too.
    """
    worked = working_calendar()
    days = [day for day in (first + timedelta(n) for n in range((last - first).days + 1)) if worked.is_working(day)]
    number = {day: n for n, day in enumerate(days)}
    people = [one for one in planners(actor, today=first) if one.is_auditor or one.profile is not None]
    wanted = visits(actor).filter(state__in=AHEAD).exclude(state=Audit.State.RESCHEDULE_ASKED)
    within = Q(visit_on__gte=first, visit_on__lte=last) | Q(window_from__lte=last, window_to__gte=first)
    found = list(wanted.filter(within).prefetch_related("programme__owner_programme__seasons", "agreement").order_by("visit_on", "id"))
    rows, too_long = [a for a in found if a.halves <= LONGEST], [a for a in found if a.halves > LONGEST]
    places = _places(actor, rows)
    problem = Problem(
        days=days,
        legs=legs_between(places.tiles),
        visits=_visits(actor, rows, places, number, people),
        auditors=[_auditor(one, places, number) for one in people],
    )
    return Year(problem, rows, people, _standing(actor, rows, people, number), too_long)


@dataclass(frozen=True)
class _Places:
    tiles: list[tuple[int, int]]
    by_code: dict[str, int]
    of_supplier: dict[UUID, str]

    def district(self, code: str) -> int:
        return self.by_code.get(code, 0)


def _places(actor: Actor, rows: list[Audit]) -> _Places:
    drawn: list[Region] = [row for row in regions() if row.tile_col is not None and row.tile_row is not None]
    tiles = [(row.tile_col or 0, row.tile_row or 0) for row in drawn] or [(0, 0)]
    links = SupplyLink.objects.visible_to(actor).filter(supplier_org_id__in={row.supplier_org_id for row in rows})
    return _Places(tiles, {row.code: n for n, row in enumerate(drawn)}, dict(links.values_list("supplier_org_id", "region_code")))


def _auditor(one: Planner, places: _Places, number: Mapping[date, int]) -> Auditor:
    away = {(number[day], half) for row in one.leave for day, half in halves_of(row.starts_at, row.ends_at) if day in number}
    profile = one.profile
    return Auditor(
        key=str(one.person_id),
        home=places.district(profile.home_region if profile else ""),
        skills=frozenset((*profile.node_codes, *map(speaks, profile.languages)) if profile else ()),
        away=frozenset(away),
        halves_per_month=2 * (profile.days_per_month if profile else PLAIN_DAYS),
    )


def _visits(actor: Actor, rows: list[Audit], places: _Places, number: Mapping[date, int], people: list[Planner]) -> list[Visit]:
    bands = _bands(actor, {row.supplier_org_id for row in rows})
    barred = _barred(actor, {row.supplier_org_id for row in rows}, people)
    closed = _closed(rows, number)
    made = []
    for row in rows:
        free = row.state == Audit.State.PLANNED
        first, last = _window(row, number, free=free)
        programme = _programme(row)
        weight = FOLLOW_UP_WEIGHT if row.kind == Audit.Kind.FOLLOW_UP else WEIGHTS[bands.get(row.supplier_org_id, "C")]
        needs = frozenset(_needs(programme)) if programme else frozenset()
        made.append(Visit(
            key=str(row.pk), district=places.district(places.of_supplier.get(row.supplier_org_id, "")), first=first, last=last,
            halves=row.halves, weight=weight * row.halves, needs=needs, barred=barred.get(row.supplier_org_id, frozenset()),
            closed=closed.get(programme.pk, ()) if programme and free else (),
        ))  # fmt: skip
    return made


def speaks(language: str) -> str:
    """A language among the things that an auditor can: no node of the chain is called so."""
    return f"speaks:{language}"


def _needs(programme: OwnerProgramme) -> list[str]:
    return [one for one in (programme.required_skill, programme.required_language and speaks(programme.required_language)) if one]


def _programme(row: Audit) -> OwnerProgramme | None:
    return row.programme.owner_programme if row.programme else None


def _window(row: Audit, number: Mapping[date, int], *, free: bool) -> tuple[int, int]:
    """The worked days of a visit's window as numbers, the first above the last where there is none."""
    begins, ends = (row.window_from or row.visit_on, row.window_to or row.visit_on) if free else (row.visit_on, row.visit_on)
    inside = _between(begins, ends, number)
    return (inside[0], inside[-1]) if inside else (1, 0)


def _between(begins: date, ends: date, number: Mapping[date, int]) -> list[int]:
    return [number[day] for day in (begins + timedelta(n) for n in range((ends - begins).days + 1)) if day in number]


def _closed(rows: list[Audit], number: Mapping[date, int]) -> dict[UUID, tuple[tuple[int, int], ...]]:
    programmes = {programme.pk: programme for programme in map(_programme, rows) if programme is not None}
    if not number:
        return {}
    first, last = min(number), max(number)
    return {pk: spans(number[day] for day in closed_days(row, first=first, last=last) if day in number) for pk, row in programmes.items()}


def _bands(actor: Actor, suppliers: Collection[UUID]) -> dict[UUID, str]:
    rows = RiskRating.objects.visible_to(actor).filter(supplier_org_id__in=suppliers)
    return dict(rows.order_by("supplier_org_id", "-rated_on", "-id").distinct("supplier_org_id").values_list("supplier_org_id", "band"))


def _barred(actor: Actor, suppliers: Collection[UUID], people: list[Planner]) -> dict[UUID, frozenset[int]]:
    """Who must not go where: to a firm of one's own, and to one where one led the last visits in a row."""
    index = {one.person_id: n for n, one in enumerate(people)}
    found: dict[UUID, set[int]] = defaultdict(set)
    with acting_as(Hat.CLOCK):  # whether an auditor is with a firm is that firm's to see; here only that it is so
        own = list(Membership.objects.filter(org_id__in=suppliers, person_id__in=index).values_list("org_id", "person_id"))
    for org, person in own:
        found[org].add(index[person])
    led: dict[UUID, list[UUID]] = defaultdict(list)
    teams = AuditTeam.objects.visible_to(actor).filter(is_lead=True, supplier_org_id__in=suppliers, audit__started_at__isnull=False)
    for org, person in teams.order_by("-audit__visit_on", "-audit_id").values_list("supplier_org_id", "person_id"):
        led[org].append(person)
    for org, leads in led.items():
        if len(leads) >= ROTATION and len(set(leads[:ROTATION])) == 1 and leads[0] in index:
            found[org].add(index[leads[0]])
    return {org: frozenset(who) for org, who in found.items()}


def _standing(actor: Actor, rows: list[Audit], people: list[Planner], number: Mapping[date, int]) -> dict[int, Slot]:
    who, what = {one.person_id: n for n, one in enumerate(people)}, {row.pk: n for n, row in enumerate(rows)}
    found: dict[int, Slot] = {}
    booked = Booking.objects.visible_to(actor).filter(audit_id__in=what).order_by("day", "half", "id")
    for row in booked:
        if row.person_id in who and row.day in number:
            found.setdefault(what[row.audit_id], Slot(what[row.audit_id], who[row.person_id], number[row.day], HALF_NAMES.index(row.half)))
    return found


def next_working_day(now: datetime) -> date:
    """The first day that a plan may still fill."""
    return working_calendar().next_working(timezone.localdate(now) + timedelta(days=1))
