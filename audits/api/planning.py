"""Auditors, their leave, plans of visits and half-days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone
from rest_framework import serializers

from audits.half_days import HALF_NAMES
from audits.models import AuditorLeave, AuditorProfile, Booking, YearPlan
from audits.selectors.planning import booking_for, bookings_between, leave_of, lines_of, plan_for, planners, plans, profile_for
from audits.services.bookings import FIRM, To, consequences, move_booking
from audits.services.planning import (
    LANGUAGES,
    LeaveSaid,
    ProfileSaid,
    Replan,
    ask_plan,
    confirm_plan,
    drop_leave,
    drop_plan,
    note_leave,
    replan_without,
    write_profile,
)
from foundation.actor import Actor, Hat
from jobs.models import Job
from parties.endpoints import Endpoint, Said, Shape, verb

OWNER = (Hat.OWNER,)
MOST_DAYS = 400


class LeaveShape(Shape):
    id = serializers.UUIDField()
    kind = serializers.CharField(help_text="leave, sick, training or other")
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


class AuditorShape(Shape):
    id = serializers.UUIDField()
    person = serializers.UUIDField(source="person_id")
    name = serializers.CharField(source="person_name")
    home_region = serializers.CharField()
    node_codes = serializers.ListField(child=serializers.CharField())
    languages = serializers.ListField(child=serializers.CharField())
    days_per_month = serializers.IntegerField()
    leave = LeaveShape(many=True, source="away", help_text="From today on.")


class AuditorsShape(Shape):
    results = AuditorShape(many=True)


class AuditorSaid(Said):
    person = serializers.UUIDField()
    home_region = serializers.CharField(max_length=12)
    node_codes = serializers.ListField(child=serializers.CharField(max_length=12), required=False, default=list, max_length=40)
    languages = serializers.ListField(child=serializers.ChoiceField(LANGUAGES), required=False, default=list, max_length=4)
    days_per_month = serializers.IntegerField(min_value=1, max_value=31, required=False, default=10)


def _whole(actor: Actor, row: AuditorProfile) -> AuditorProfile:
    row.away = leave_of(actor, row, today=timezone.localdate())  # type: ignore[attr-defined]
    return row


class Auditors(Endpoint):
    hats = OWNER

    @verb("Who visits, with what a plan goes by", gives=AuditorsShape)
    def get(self, actor: Actor) -> dict[str, Any]:
        found = []
        for one in planners(actor, today=timezone.localdate()):
            if one.profile is not None:
                one.profile.away = one.leave  # type: ignore[attr-defined]
                found.append(one.profile)
        return {"results": found}

    @verb("Write what an auditor can; written again, it is written over", takes=AuditorSaid, gives=AuditorShape)
    def put(self, actor: Actor, said: dict[str, Any]) -> AuditorProfile:
        person = said.pop("person")
        return _whole(actor, write_profile(actor=actor, person_id=person, said=ProfileSaid(**said), now=timezone.now()))


class AuditorOne(Endpoint):
    hats = OWNER

    @verb("One auditor with the leave from today on", gives=AuditorShape)
    def get(self, actor: Actor, auditor_id: UUID) -> AuditorProfile:
        return _whole(actor, profile_for(actor, auditor_id))


class AuditorLeaveSaid(Said):
    kind = serializers.ChoiceField(AuditorLeave.Kind.values)
    first_on = serializers.DateField()
    last_on = serializers.DateField()
    half = serializers.ChoiceField(HALF_NAMES, required=False, allow_blank=True, default="", help_text="Empty: whole days.")


class AuditorLeaveNote(AuditorLeaveSaid):
    client_id = serializers.CharField(max_length=60, required=False, help_text="The same client_id is noted once.")


class PlannedPlaceShape(Shape):
    person = serializers.UUIDField()
    day = serializers.DateField()
    half = serializers.CharField()


class VisitChangeShape(Shape):
    audit = serializers.UUIDField()
    before = PlannedPlaceShape(allow_null=True)
    after = PlannedPlaceShape(allow_null=True, help_text="Null: there is no other place; it waits for the next plan.")


class ReplanShape(Shape):
    changes = VisitChangeShape(many=True)
    minutes = serializers.IntegerField(help_text="More on the road; below 0, less.")


def _replan(found: Replan) -> dict[str, Any]:
    year = found.year

    def place(slot: Any) -> dict[str, Any] | None:
        if slot is None:
            return None
        return {"person": year.people[slot.auditor].person_id, "day": year.day(slot.day), "half": HALF_NAMES[slot.half]}

    rows = [{"audit": year.audits[c.visit].pk, "before": place(c.before), "after": place(c.after)} for c in found.changes]
    return {"changes": rows, "minutes": round(found.minutes)}


class AuditorLeavePreview(Endpoint):
    hats = OWNER

    @verb("What the absence of an auditor would change. Nothing is written", takes=AuditorLeaveSaid, gives=ReplanShape)
    def post(self, actor: Actor, auditor_id: UUID, said: dict[str, Any]) -> dict[str, Any]:
        return _replan(replan_without(actor, profile_for(actor, auditor_id), LeaveSaid(**said), now=timezone.now()))


class AuditorLeaves(Endpoint):
    hats = OWNER

    @verb("Note when an auditor is away, and move the visits as the preview says", takes=AuditorLeaveNote, gives=ReplanShape, status=201)
    def post(self, actor: Actor, auditor_id: UUID, said: dict[str, Any]) -> dict[str, Any]:
        client_id = said.pop("client_id", "") or uuid4().hex
        return _replan(note_leave(actor=actor, auditor_id=auditor_id, said=LeaveSaid(**said), client_id=client_id, now=timezone.now()))


class LeaveDropSaid(Said):
    leave = serializers.UUIDField()


class AuditorLeaveDrop(Endpoint):
    hats = OWNER

    @verb("The auditor is there after all", takes=LeaveDropSaid, gives=AuditorShape)
    def post(self, actor: Actor, auditor_id: UUID, said: dict[str, Any]) -> AuditorProfile:
        drop_leave(actor=actor, auditor_id=auditor_id, leave_id=said["leave"])
        return _whole(actor, profile_for(actor, auditor_id))


class YearPlanShape(Shape):
    id = serializers.UUIDField()
    first_on = serializers.DateField()
    last_on = serializers.DateField()
    state = serializers.CharField(help_text="waiting, ready, confirmed or dropped")
    done = serializers.IntegerField(help_text="Percent, while it is made.")
    figures = serializers.JSONField(help_text="cost, bound, gap, travel in minutes, placed, left_out, would_take")


class YearPlansShape(Shape):
    results = YearPlanShape(many=True)


class PlanLineShape(Shape):
    audit = serializers.UUIDField(source="audit_id")
    person = serializers.UUIDField(source="person_id", allow_null=True)
    day = serializers.DateField(allow_null=True)
    half = serializers.CharField(allow_blank=True)
    halves = serializers.IntegerField()
    cause = serializers.CharField(allow_blank=True, help_text="Why it is left out: no_day, no_skill, barred, away, full or long.")


class YearPlanWholeShape(YearPlanShape):
    lines = PlanLineShape(many=True, source="rows")


class YearPlanSaid(Said):
    id = serializers.UUIDField(required=False, help_text="The same id is asked for once.")
    first_on = serializers.DateField()
    last_on = serializers.DateField()


def _told(actor: Actor, rows: list[YearPlan]) -> list[YearPlan]:
    done = dict(Job.objects.visible_to(actor).filter(pk__in=[row.pk for row in rows]).values_list("pk", "done"))
    for row in rows:
        row.done = done.get(row.pk, 0)  # type: ignore[attr-defined]
    return rows


class YearPlans(Endpoint):
    hats = OWNER

    @verb("The firm's plans of visits, newest first", gives=YearPlansShape)
    def get(self, actor: Actor) -> dict[str, Any]:
        return {"results": _told(actor, plans(actor))}

    @verb("Ask for a plan; it is made in the background", takes=YearPlanSaid, gives=YearPlanShape, status=201)
    def post(self, actor: Actor, said: dict[str, Any]) -> YearPlan:
        asked = ask_plan(actor=actor, plan_id=said.pop("id", None) or uuid4(), now=timezone.now(), **said)
        return _told(actor, [asked])[0]


class YearPlanOne(Endpoint):
    hats = OWNER

    @verb("One plan with every visit: who, when; or why not", gives=YearPlanWholeShape)
    def get(self, actor: Actor, plan_id: UUID) -> YearPlan:
        row = _told(actor, [plan_for(actor, plan_id)])[0]
        row.rows = lines_of(actor, row)  # type: ignore[attr-defined]
        return row

    @verb("Let a plan go", gives=YearPlanShape)
    def delete(self, actor: Actor, plan_id: UUID) -> YearPlan:
        return _told(actor, [drop_plan(actor=actor, plan_id=plan_id, now=timezone.now())])[0]


class ConfirmedShape(Shape):
    booked = serializers.IntegerField()
    passed_over = serializers.IntegerField(help_text="Changed by somebody since the plan was made: left as they are.")


class YearPlanConfirm(Endpoint):
    hats = OWNER

    @verb("Book what a plan says", gives=ConfirmedShape)
    def post(self, actor: Actor, plan_id: UUID) -> Any:
        return confirm_plan(actor=actor, plan_id=plan_id, now=timezone.now())


class BookingShape(Shape):
    id = serializers.UUIDField()
    audit = serializers.UUIDField(source="audit_id")
    person = serializers.UUIDField(source="person_id")
    day = serializers.DateField()
    half = serializers.CharField()


class BookingsShape(Shape):
    results = BookingShape(many=True)


class Bookings(Endpoint):
    hats = OWNER

    @verb("Booked half-days from today on, for a year, by day", gives=BookingsShape)
    def get(self, actor: Actor) -> dict[str, Any]:
        today: date = timezone.localdate()
        return {"results": bookings_between(actor, first=today, last=today + timedelta(days=MOST_DAYS))}


class BookingOne(Endpoint):
    hats = OWNER

    @verb("One booked half-day", gives=BookingShape)
    def get(self, actor: Actor, booking_id: UUID) -> Booking:
        return booking_for(actor, booking_id)


class BookingTo(Said):
    person = serializers.UUIDField()
    day = serializers.DateField()
    half = serializers.ChoiceField(HALF_NAMES)


class BookingMoveSaid(BookingTo):
    words = serializers.CharField(
        max_length=500, required=False, allow_blank=True, default="", help_text="A firm that was told reads this."
    )


class ConsequencesShape(Shape):
    refused = serializers.ListField(child=serializers.CharField())
    warned = serializers.ListField(child=serializers.CharField())
    minutes = serializers.IntegerField(help_text="More on the road; below 0, less.")


class BookingPreview(Endpoint):
    hats = OWNER

    @verb("What moving a visit there would do. Nothing is written", takes=BookingTo, gives=ConsequencesShape)
    def post(self, actor: Actor, booking_id: UUID, said: dict[str, Any]) -> dict[str, Any]:
        to = To(said["person"], said["day"], said["half"])
        _, found = consequences(actor, booking_for(actor, booking_id).audit, to, today=timezone.localdate())
        if found is None:
            return {"refused": ["out_of_reach"], "warned": [], "minutes": 0}
        refused = [one for one in found.against if one in FIRM]
        return {"refused": refused, "warned": [one for one in found.against if one not in FIRM], "minutes": round(found.travel)}


class BookingMove(Endpoint):
    hats = OWNER

    @verb("Put a visit to another auditor, day or half", takes=BookingMoveSaid, gives=BookingsShape)
    def post(self, actor: Actor, booking_id: UUID, said: dict[str, Any]) -> dict[str, Any]:
        now, to = timezone.now(), To(said["person"], said["day"], said["half"])
        audit = move_booking(actor=actor, booking_id=booking_id, to=to, words=said["words"], now=now, today=timezone.localdate(now))
        return {"results": list(Booking.objects.visible_to(actor).filter(audit=audit).order_by("half"))}
