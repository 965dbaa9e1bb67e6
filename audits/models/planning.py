"""Auditors as a planner knows them, their half-days, and the plan of a year. All of it is the chain owner's own."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models.expressions import F, Func
from uuid_utils.compat import uuid7

from audits.models.visits import Audit
from foundation.actor import Hat
from foundation.scope import EVERY, ScopedQuerySet

HALF_WORDS = ("am", "pm")
LANGUAGES = ("zh", "en")
ONLY_OWNER = {Hat.OWNER: "owner_org_id"}


class AuditorProfile(models.Model):
    """What a planner must know of somebody who visits: what they can, from where they set out, how much of a month they give."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner_org_id = models.UUIDField()
    person_id = models.UUIDField()
    person_name = models.CharField(max_length=60)
    node_codes = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    languages = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    home_region = models.CharField(max_length=12)
    days_per_month = models.PositiveSmallIntegerField(default=10)
    changed_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    seen_by = ONLY_OWNER

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner_org_id", "person_id"], name="auditor_has_one_profile"),
            models.CheckConstraint(
                condition=models.Q(days_per_month__gte=1, days_per_month__lte=31), name="auditor_gives_a_day_to_a_month"
            ),
        ]


class AuditorLeave(models.Model):
    """Hours in which an auditor cannot visit, of whatever length. No two of one auditor overlap."""

    class Kind(models.TextChoices):
        LEAVE = "leave"
        SICK = "sick"
        TRAINING = "training"
        OTHER = "other"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner_org_id = models.UUIDField()
    person_id = models.UUIDField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    client_id = models.CharField(max_length=64)
    noted_by = models.CharField(max_length=60)
    noted_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    seen_by = ONLY_OWNER

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner_org_id", "client_id"], name="leave_is_noted_once"),
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="leave_ends_after_it_starts"),
            ExclusionConstraint(
                name="leave_of_an_auditor_does_not_overlap",
                expressions=[
                    ("owner_org_id", RangeOperators.EQUAL),
                    ("person_id", RangeOperators.EQUAL),
                    (Func(F("starts_at"), F("ends_at"), function="tstzrange"), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class Booking(models.Model):
    """One half of one day of one auditor, for one visit. The unique key is what makes a double booking impossible."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="bookings")
    person_id = models.UUIDField()
    day = models.DateField()
    half = models.CharField(max_length=2)
    booked_by = models.CharField(max_length=60)
    booked_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    seen_by = {**ONLY_OWNER, Hat.CLOCK: EVERY}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person_id", "day", "half"], name="auditor_is_in_one_place_at_a_time"),
            models.CheckConstraint(condition=models.Q(half__in=HALF_WORDS), name="booking_is_of_a_half"),
        ]
        indexes = [models.Index(fields=["owner_org_id", "day", "id"], name="booking_of_owner")]


class YearPlan(models.Model):
    """A plan that was asked for: made in the background, looked at, confirmed or let go. The job of the same id tells how far it is."""

    class State(models.TextChoices):
        WAITING = "waiting"
        READY = "ready"
        CONFIRMED = "confirmed"
        DROPPED = "dropped"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner_org_id = models.UUIDField()
    first_on = models.DateField()
    last_on = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    figures = models.JSONField(default=dict)  # cost, bound and minutes on the road; what it would take
    asked_by = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.CharField(max_length=60, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = ONLY_OWNER

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["id", "owner_org_id"], name="plan_names_its_owner"),
            models.CheckConstraint(condition=models.Q(last_on__gte=models.F("first_on")), name="plan_ends_after_it_starts"),
        ]
        indexes = [models.Index(fields=["owner_org_id", "-asked_at", "-id"], name="plan_of_owner")]


class PlanLine(models.Model):
    """One visit of a plan: by whom, on which day, in which half; or left out, and why."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    plan = models.ForeignKey(YearPlan, on_delete=models.PROTECT, related_name="lines")
    owner_org_id = models.UUIDField()
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="+")
    person_id = models.UUIDField(null=True, blank=True)
    person_name = models.CharField(max_length=60, blank=True)
    day = models.DateField(null=True, blank=True)
    half = models.CharField(max_length=2, blank=True)
    halves = models.PositiveSmallIntegerField(default=1)
    cause = models.CharField(max_length=10, blank=True)  # why it is left out
    at_hand = models.PositiveIntegerField(default=0)  # half-days that its auditors have free between its days
    was_booked = models.BooleanField(default=False)

    objects = ScopedQuerySet.as_manager()
    seen_by = ONLY_OWNER

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "audit"], name="plan_has_a_visit_once"),
            models.CheckConstraint(
                condition=models.Q(cause="", person_id__isnull=False, day__isnull=False)
                | models.Q(~models.Q(cause=""), person_id=None, day=None),
                name="line_is_booked_or_says_why",
            ),
        ]
