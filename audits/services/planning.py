"""The verbs of a year plan: what auditors can and when they cannot, a plan asked for, made, confirmed; what a sick day changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from audits.half_days import HALF_NAMES, halves_of, hours_of
from audits.models import Audit, AuditorLeave, AuditorProfile, AuditTeam, Booking, PlanLine, YearPlan
from audits.models.planning import LANGUAGES
from audits.planning import Change, Plan, plan_year, why_left_out, without, would_take
from audits.selectors.planning import Year, lines_of, next_working_day, plan_for, profile_for, year_of
from audits.selectors.visits import auditors
from audits.services.bookings import To, put_visit
from audits.services.sides import must_judge
from audits.status import AHEAD
from foundation.actor import Actor, Hat, as_actor
from foundation.errors import RuleBroken
from jobs.models import Job
from jobs.services import put_outbox, run_effect
from notices.services import tell

TASK, KIND = "audits.plan_year", "year_plan"
LONGEST_YEAR = timedelta(days=400)
SECONDS = 40.0  # the search may take so long


@dataclass(frozen=True)
class ProfileSaid:
    """What a planner writes of an auditor."""

    home_region: str
    node_codes: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    days_per_month: int = 10


@dataclass(frozen=True, slots=True)
class LeaveSaid:
    """When an auditor cannot visit, and why. `half` for a part of the first and last day, empty for whole days."""

    kind: str
    first_on: date
    last_on: date
    half: str = ""


@transaction.atomic
def write_profile(*, actor: Actor, person_id: UUID, said: ProfileSaid, now: datetime) -> AuditorProfile:
    """What this auditor can, from where, and how much. Written again, it is written over."""
    must_judge(actor, actor.org_id)
    who = next((one for one in auditors(actor) if one.person_id == person_id), None)
    if who is None:
        raise RuleBroken("not_an_auditor", field="person_id")
    if not 1 <= said.days_per_month <= 31:
        raise RuleBroken("programme_number_out", field="days_per_month", least=1, most=31)
    facts = {
        "person_name": who.name, "node_codes": said.node_codes, "languages": [one for one in said.languages if one in LANGUAGES],
        "home_region": said.home_region, "days_per_month": said.days_per_month, "changed_at": now,
    }  # fmt: skip
    row = AuditorProfile(owner_org_id=actor.org_id, person_id=person_id, **facts)
    AuditorProfile.objects.bulk_create([row], ignore_conflicts=True)
    AuditorProfile.objects.visible_to(actor).filter(person_id=person_id).update(**facts)
    return AuditorProfile.objects.visible_to(actor).get(person_id=person_id)


@dataclass(frozen=True)
class Replan:
    """What has to change once an auditor's hours are lost."""

    year: Year
    changes: list[Change]
    minutes: float  # more on the road, or, below 0, less


def replan_without(actor: Actor, profile: AuditorProfile, said: LeaveSaid, *, now: datetime) -> Replan:
    """The plan without these hours, nothing written. Raises RuleBroken for hours that are no hours."""
    starts_at, ends_at = _hours(said, now)
    lost_days = halves_of(starts_at, ends_at - timedelta(seconds=1))
    soonest = next_working_day(now)
    booked = Booking.objects.visible_to(actor).filter(
        person_id=profile.person_id, day__gte=soonest, day__lte=said.last_on, day__gt=said.first_on - timedelta(days=1)
    )
    windows = [d for row in booked.select_related("audit") for d in (row.audit.window_from, row.audit.window_to, row.day) if d]
    year = year_of(actor, first=soonest, last=max([said.last_on, soonest, *windows]))
    who = next((n for n, one in enumerate(year.people) if one.person_id == profile.person_id), None)
    if who is None:
        return Replan(year, [], 0.0)
    number = {day: n for n, day in enumerate(year.problem.days)}
    lost = [(number[day], half) for day, half in lost_days if day in number]
    found = without(year.problem, year.standing, auditor=who, slots=lost)
    return Replan(year, found.changes, found.travel_after - found.travel_before)


@transaction.atomic
def note_leave(*, actor: Actor, auditor_id: UUID, said: LeaveSaid, client_id: str, now: datetime) -> Replan:
    """Note the hours and carry out what they change: visits go elsewhere as the preview said, or wait for a place without one."""
    profile = profile_for(actor, auditor_id)
    must_judge(actor, profile.owner_org_id)
    if AuditorLeave.objects.visible_to(actor).filter(client_id=client_id).exists():
        return Replan(year_of(actor, first=next_working_day(now), last=next_working_day(now)), [], 0.0)
    starts_at, ends_at = _hours(said, now)
    found = replan_without(actor, profile, said, now=now)
    row = AuditorLeave(
        owner_org_id=profile.owner_org_id, person_id=profile.person_id, kind=said.kind, starts_at=starts_at, ends_at=ends_at,
        client_id=client_id, noted_by=actor.person_name, noted_at=now,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise RuleBroken("leave_overlaps", field="first_on") from error
    _carry_out(actor, found, said.kind, now)
    return found


def _carry_out(actor: Actor, found: Replan, kind: str, now: datetime) -> None:
    """All halves that change are let go first, so that two visits may change places."""
    year = found.year
    gone = [year.audits[change.visit] for change in found.changes]
    Booking.objects.visible_to(actor).filter(audit__in=gone).delete()
    for change in found.changes:
        audit = year.audits[change.visit]
        if change.after is None:
            _off_team(actor, audit, year, change)
            continue
        to = To(year.people[change.after.auditor].person_id, year.day(change.after.day), HALF_NAMES[change.after.half])
        if change.before is None or change.before.auditor != change.after.auditor:
            _off_team(actor, audit, year, change)
        put_visit(actor=actor, audit=audit, to=to, words=REASONS[kind], now=now)


# What a firm reads when its day changes: never whose illness it is.
REASONS = dict.fromkeys(("leave", "sick", "training", "other"), "审核员因故不能到场。The auditor cannot come on that day.")


def _off_team(actor: Actor, audit: Audit, year: Year, change: Change) -> None:
    if change.before is not None:
        who = year.people[change.before.auditor].person_id
        AuditTeam.objects.visible_to(actor).filter(audit=audit, person_id=who).delete()


def _hours(said: LeaveSaid, now: datetime) -> tuple[datetime, datetime]:
    if said.kind not in AuditorLeave.Kind.values or said.half not in ("", *HALF_NAMES):
        raise RuleBroken("half_unknown", field="half")
    if said.last_on < said.first_on or said.last_on > timezone.localdate(now) + LONGEST_YEAR:
        raise RuleBroken("programme_ends_before_it_starts", field="last_on")
    return hours_of(said.first_on, said.last_on, said.half)


@transaction.atomic
def drop_leave(*, actor: Actor, auditor_id: UUID, leave_id: UUID) -> None:
    """The auditor is there after all. What was replanned stays as it is."""
    profile = profile_for(actor, auditor_id)
    must_judge(actor, profile.owner_org_id)
    AuditorLeave.objects.visible_to(actor).filter(pk=leave_id, person_id=profile.person_id).delete()


@transaction.atomic
def ask_plan(*, actor: Actor, plan_id: UUID, first_on: date, last_on: date, now: datetime) -> YearPlan:
    """Ask for a plan of these days, once for each `plan_id`. It is made in the background."""
    must_judge(actor, actor.org_id)
    there = YearPlan.objects.visible_to(actor).filter(pk=plan_id).first()
    if there is not None:
        return there
    # Subtracted: what is added to the last day of all is no day.
    soonest = next_working_day(now)
    if not soonest <= last_on or not timedelta(0) <= last_on - first_on <= LONGEST_YEAR:
        raise RuleBroken("plan_days_unsound", field="last_on")
    if first_on - soonest > LONGEST_YEAR:
        raise RuleBroken("plan_days_too_far", field="first_on")
    plan = YearPlan.objects.create(
        id=plan_id,
        owner_org_id=actor.org_id,
        first_on=max(first_on, soonest),
        last_on=last_on,
        asked_by=actor.person_name,
        asked_at=now,
    )
    Job.objects.create(id=plan_id, org_id=actor.org_id, kind=KIND, total=100, facts={"person": actor.person_name}, created_at=now)
    put_outbox(TASK, key=f"year-plan:{plan_id}", plan_id=str(plan_id), org_id=str(actor.org_id))
    return plan


def make_plan(*, key: str, plan_id: UUID, org_id: UUID) -> bool:
    """Read, reckon with no transaction open, write. Killed on the way, it starts anew; the plan is written once."""
    keep = reckoned(plan_id=plan_id, org_id=org_id)
    return keep is not None and run_effect(TASK, key, keep)


def reckoned(*, plan_id: UUID, org_id: UUID) -> Callable[[datetime], None] | None:
    """The plan that was asked for, worked out: call what comes back with the moment to write it down. None where nothing waits."""
    owner = Actor(hat=Hat.OWNER, org_id=org_id)
    _step(owner, plan_id, state="running", done=1)
    with transaction.atomic(), as_actor(owner):
        plan = YearPlan.objects.visible_to(owner).filter(pk=plan_id).first()
        if plan is None or plan.state != YearPlan.State.WAITING:
            return None
        year = year_of(owner, first=plan.first_on, last=plan.last_on)
    problem = _with_fixed(year)
    found = plan_year(problem, seconds=SECONDS, told=lambda step, share: _step(owner, plan_id, done=int(5 + 90 * share)))

    def keep(now: datetime) -> None:
        with as_actor(owner):
            PlanLine.objects.bulk_create(_lines(plan, year, found), batch_size=2_000)
            YearPlan.objects.visible_to(owner).filter(pk=plan_id).update(
                state=YearPlan.State.READY, figures=_figures(year, found), ready_at=now
            )
            Job.objects.visible_to(owner).filter(pk=plan_id).update(state="done", done=100, ended_at=now)

        placed = str(len(found.bookings))
        tell(org_id=org_id, hat=Hat.OWNER, kind="plan_ready", subject_id=plan_id, facts={"other_zh": placed, "other_en": placed}, now=now)

    return keep


def note_plan_failed(*, plan_id: UUID, org_id: UUID) -> None:
    """The relay tries again; until then the page says that there is none."""
    _step(Actor(hat=Hat.OWNER, org_id=org_id), plan_id, state="failed")


def _with_fixed(year: Year) -> Any:
    return type(year.problem)(year.problem.days, year.problem.legs, year.problem.visits, year.problem.auditors, fixed=year.standing)


def _lines(plan: YearPlan, year: Year, found: Plan) -> list[PlanLine]:
    lines = []
    for number, slot in found.bookings.items():
        who = year.people[slot.auditor]
        lines.append(PlanLine(
            plan=plan, owner_org_id=plan.owner_org_id, audit=year.audits[number], person_id=who.person_id, person_name=who.name,
            day=year.day(slot.day), half=HALF_NAMES[slot.half], halves=year.audits[number].halves, was_booked=number in year.standing,
        ))  # fmt: skip
    for left in why_left_out(year.problem, found.bookings, found.uncovered):
        audit = year.audits[left.visit]
        lines.append(
            PlanLine(plan=plan, owner_org_id=plan.owner_org_id, audit=audit, halves=audit.halves, cause=left.reason, at_hand=left.at_hand)
        )
    lines += [
        PlanLine(plan=plan, owner_org_id=plan.owner_org_id, audit=audit, halves=audit.halves, cause="long") for audit in year.too_long
    ]
    return lines


def _figures(year: Year, found: Plan) -> dict[str, Any]:
    left = why_left_out(year.problem, found.bookings, found.uncovered)
    wanted = [{"needs": sorted(needs), "halves": halves} for needs, halves in would_take(year.problem, left).items()]
    return {
        "cost": round(found.cost), "bound": round(found.bound), "gap": round(found.gap, 4), "travel": round(found.travel),
        "seconds": round(found.seconds, 1), "placed": len(found.bookings), "left_out": len(found.uncovered) + len(year.too_long), "would_take": wanted,
    }  # fmt: skip


def _step(owner: Actor, plan_id: UUID, **changes: Any) -> None:
    with transaction.atomic(), as_actor(owner):
        Job.objects.visible_to(owner).filter(pk=plan_id).exclude(state="done").update(**changes)


@dataclass(frozen=True)
class Confirmed:
    """How much of a plan was booked; what changed meanwhile was left as it is."""

    booked: int
    passed_over: int


@transaction.atomic
def confirm_plan(*, actor: Actor, plan_id: UUID, now: datetime) -> Confirmed:
    """Book what the plan says: halves, day and lead auditor of each visit. Confirmed twice, it is confirmed once.

    What was moved, called off or booked since the plan was made is passed over: the plan never overwrites a person.
    """
    plan = plan_for(actor, plan_id)
    must_judge(actor, plan.owner_org_id)
    plan = YearPlan.objects.visible_to(actor).select_for_update().get(pk=plan.pk)
    lines = [line for line in lines_of(actor, plan) if line.day is not None and not line.was_booked]
    if plan.state == YearPlan.State.CONFIRMED:
        return Confirmed(0, 0)
    if plan.state != YearPlan.State.READY:
        raise RuleBroken("plan_not_ready")
    audits = {
        row.pk: row
        for row in Audit.objects.visible_to(actor).select_for_update(no_key=True).filter(pk__in=[line.audit_id for line in lines])
    }
    Booking.objects.visible_to(actor).exclude(audit__state__in=[*AHEAD, "in_progress"]).filter(day__gte=timezone.localdate(now)).delete()
    taken = set(
        Booking.objects.visible_to(actor).filter(day__gte=plan.first_on, day__lte=plan.last_on).values_list("person_id", "day", "half")
    )
    booked = set(Booking.objects.visible_to(actor).filter(audit_id__in=audits).values_list("audit_id", flat=True))
    placed = [one for one in map(_placed, lines, (audits[line.audit_id] for line in lines)) if one is not None]
    fitting = [one for one in placed if _still_fits(one, taken, booked, timezone.localdate(now))]
    _book_all(actor, fitting, now)
    YearPlan.objects.visible_to(actor).filter(pk=plan.pk).update(
        state=YearPlan.State.CONFIRMED, confirmed_by=actor.person_name, confirmed_at=now
    )
    return Confirmed(len(fitting), len(lines) - len(fitting))


@dataclass(frozen=True, slots=True)
class _Placed:
    audit: Audit
    to: To
    name: str

    @property
    def halves(self) -> tuple[str, ...]:
        return HALF_NAMES if self.audit.halves == 2 else (self.to.half,)

    @property
    def sides(self) -> dict[str, UUID]:
        return {"owner_org_id": self.audit.owner_org_id, "supplier_org_id": self.audit.supplier_org_id}


def _placed(line: PlanLine, audit: Audit) -> _Placed | None:
    return _Placed(audit, To(line.person_id, line.day, line.half), line.person_name) if line.person_id and line.day else None


def _still_fits(one: _Placed, taken: set[Any], booked: set[UUID], today: date) -> bool:
    audit, to = one.audit, one.to
    if to.day <= today or audit.state not in AHEAD or audit.pk in booked:
        return False
    inside = audit.window_from is None or audit.window_to is None or audit.window_from <= to.day <= audit.window_to
    if to.day != audit.visit_on and (audit.state != Audit.State.PLANNED or not inside):
        return False
    return not any((to.person_id, to.day, half) in taken for half in one.halves)


def _book_all(actor: Actor, placed: list[_Placed], now: datetime) -> None:
    """In a handful of statements, however many visits there are."""
    said = {"booked_by": actor.person_name, "booked_at": now}
    rows = [
        Booking(audit=one.audit, person_id=one.to.person_id, day=one.to.day, half=half, **one.sides, **said)
        for one in placed for half in one.halves
    ]  # fmt: skip
    try:
        with transaction.atomic():
            Booking.objects.bulk_create(rows, batch_size=2_000)
    except IntegrityError as error:
        raise RuleBroken("auditor_is_taken") from error
    for one in placed:
        notice = one.audit.visit_on - one.audit.notice_on
        one.audit.visit_on, one.audit.half, one.audit.notice_on = one.to.day, one.to.half, one.to.day - notice
    Audit.objects.bulk_update([one.audit for one in placed], ["visit_on", "half", "notice_on"], batch_size=500)
    mine = AuditTeam.objects.visible_to(actor).filter(audit__in=[one.audit for one in placed])
    mine.filter(is_lead=True).update(is_lead=False)
    team = [AuditTeam(audit=one.audit, person_id=one.to.person_id, person_name=one.name, joined_at=now, **one.sides) for one in placed]
    AuditTeam.objects.bulk_create(team, ignore_conflicts=True, batch_size=2_000)
    lead = {(one.audit.pk, one.to.person_id) for one in placed}
    leads = [row for row in mine if (row.audit_id, row.person_id) in lead]
    for row in leads:
        row.is_lead = True
    AuditTeam.objects.bulk_update(leads, ["is_lead"], batch_size=500)


@transaction.atomic
def drop_plan(*, actor: Actor, plan_id: UUID, now: datetime) -> YearPlan:
    """Let a plan go that is not confirmed."""
    plan = plan_for(actor, plan_id)
    must_judge(actor, plan.owner_org_id)
    if plan.state == YearPlan.State.CONFIRMED:
        raise RuleBroken("plan_not_ready")
    YearPlan.objects.visible_to(actor).filter(pk=plan.pk).update(state=YearPlan.State.DROPPED)
    plan.refresh_from_db()
    return plan
