"""A common quality problem: reported by anybody, judged by the bureau, kept as one row with its dated steps."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from uuid_utils.compat import uuid7

from foundation.actor import Hat
from foundation.scope import EVERY, ScopedQuerySet

READ_BY_ALL = {
    Hat.OWNER: EVERY, Hat.SUPPLIER: EVERY, Hat.LAB: EVERY, Hat.PROVIDER: EVERY, Hat.PLATFORM: EVERY, Hat.BUREAU: EVERY, Hat.CLOCK: EVERY,
}  # fmt: skip


class Problem(models.Model):
    """One problem that several firms share. It names no firm: whoever may come in reads it once it is confirmed."""

    class State(models.TextChoices):
        REPORTED = "reported"
        TRIAGED = "triaged"
        CONFIRMED = "confirmed"
        IN_RESEARCH = "in_research"
        SOLUTION_TRIAL = "solution_trial"
        SOLVED = "solved"
        WATCH = "watch"
        CLOSED = "closed"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=16, unique=True)  # QP-2026-001
    statement = models.CharField(max_length=200)
    cause = models.TextField(blank=True)
    category = models.CharField(max_length=24)
    node_code = models.CharField(max_length=12, blank=True)
    region_codes = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    characteristic_code = models.CharField(max_length=20, blank=True)
    severity = models.PositiveSmallIntegerField(default=3)
    state = models.CharField(max_length=14, choices=State.choices, default=State.REPORTED)
    state_since = models.DateTimeField()
    registered_by = models.CharField(max_length=60)
    registered_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_on = models.JSONField(null=True, blank=True)  # the rule's version, its road and the counts, as they read on that day
    duplicate_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="duplicates")
    client_id = models.UUIDField(unique=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = READ_BY_ALL

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(severity__gte=1, severity__lte=5), name="problem_severity_is_one_to_five"),
            models.CheckConstraint(condition=~Q(duplicate_of=F("id")), name="problem_is_no_duplicate_of_itself"),
            models.CheckConstraint(
                condition=Q(state__in=["reported", "triaged", "closed"]) | Q(confirmed_at__isnull=False),
                name="problem_is_confirmed_before_it_goes_on",
            ),
        ]
        indexes = [models.Index(fields=["state", "-severity", "-state_since"], name="problem_by_state")]


class ProblemEvent(models.Model):
    """A step of a problem: from which state to which, and the bureau's words. Kept, never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12)  # registered, moved, merged, unmerged, reopened
    state = models.CharField(max_length=14)
    words = models.TextField(blank=True)
    said_by = models.CharField(max_length=60)
    at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    seen_by = READ_BY_ALL

    class Meta:
        indexes = [models.Index(fields=["problem", "at"], name="event_of_problem")]


class ProblemEvidence(models.Model):
    """What a source outside the platform says of a problem: how many firms were looked at, and how many did not conform."""

    class Kind(models.TextChoices):
        SUPERVISION = "supervision"
        ROUND = "round"
        STUDY = "study"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    source_name = models.CharField(max_length=120)
    seen_on = models.DateField()
    looked_at = models.PositiveIntegerField()
    nonconforming = models.PositiveIntegerField()
    added_by = models.CharField(max_length=60)
    at = models.DateTimeField()
    client_id = models.UUIDField(unique=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.BUREAU: EVERY, Hat.LAB: EVERY, Hat.CLOCK: EVERY}

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(nonconforming__lte=F("looked_at"), looked_at__gte=1), name="nonconforming_were_looked_at"),
        ]


class ProblemReport(models.Model):
    """What one firm, laboratory or provider says of a problem. Read by the bureau and by whoever wrote it, by nobody else."""

    class State(models.TextChoices):
        NEW = "new"
        TAKEN = "taken"
        DECLINED = "declined"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reporter_org_id = models.UUIDField()
    reporter_hat = models.CharField(max_length=10)
    reporter_name_zh = models.CharField(max_length=80)
    reporter_name_en = models.CharField(max_length=120, blank=True)
    reported_by = models.CharField(max_length=60)
    at = models.DateTimeField()
    words = models.TextField()
    category = models.CharField(max_length=24, blank=True)
    node_code = models.CharField(max_length=12, blank=True)
    region_code = models.CharField(max_length=12, blank=True)
    characteristic_code = models.CharField(max_length=20, blank=True)
    origin = models.CharField(max_length=12, default="words")  # words, variation, finding, lot, round
    firms_touched = models.PositiveSmallIntegerField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.NEW)
    problem = models.ForeignKey(Problem, null=True, blank=True, on_delete=models.PROTECT, related_name="reports")
    reply = models.TextField(blank=True)
    replied_by = models.CharField(max_length=60, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    client_id = models.UUIDField()

    objects = ScopedQuerySet.as_manager()
    seen_by = {
        Hat.OWNER: "reporter_org_id", Hat.SUPPLIER: "reporter_org_id", Hat.LAB: "reporter_org_id", Hat.PROVIDER: "reporter_org_id",
        Hat.BUREAU: EVERY, Hat.CLOCK: EVERY,
    }  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reporter_org_id", "client_id"], name="problem_is_reported_once"),
            models.CheckConstraint(condition=~Q(state="taken") | Q(problem__isnull=False), name="taken_report_has_its_problem"),
            models.CheckConstraint(condition=Q(state="new") | Q(replied_at__isnull=False), name="settled_report_says_when"),
        ]
        indexes = [
            models.Index(fields=["state", "-at", "-id"], name="report_by_state"),
            models.Index(fields=["reporter_org_id", "-at", "-id"], name="report_of_firm"),
        ]
