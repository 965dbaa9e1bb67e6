"""Duty cases: for which reason the bureau opens which contents, and each look it took. Without a look there is nothing to see.

A content row is open to the bureau only inside the transaction in which a look at it was written (see the migration): the database
notes the look, tells its firms, and only then shows the words.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from uuid_utils.compat import uuid7

from foundation.actor import Hat
from foundation.scope import EVERY, ScopedQuerySet

OF_THE_OFFICE = {Hat.BUREAU: "office_org_id", Hat.CLOCK: EVERY}


class DutyCase(models.Model):
    """One case of an office: its reason in words that the firms read, and whether they read them at once or at its close."""

    class Reason(models.TextChoices):
        SUPERVISION = "supervision"
        COMPLAINT = "complaint"
        APPEAL = "appeal"
        STATISTICS = "statistics"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=12, unique=True)
    office_org_id = models.UUIDField()
    office_name_zh = models.CharField(max_length=80)
    office_name_en = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=12, choices=Reason.choices)
    why = models.TextField()
    flagged = models.BooleanField(default=False)  # the firms are told at its close: an investigation that a warning would spoil
    flagged_why = models.TextField(blank=True)
    opened_by_id = models.UUIDField()
    opened_by = models.CharField(max_length=60)
    opened_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=60, blank=True)
    outcome = models.TextField(blank=True)
    client_id = models.CharField(max_length=64)

    objects = ScopedQuerySet.as_manager()
    seen_by = OF_THE_OFFICE

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office_org_id", "client_id"], name="duty_case_is_opened_once"),
            models.CheckConstraint(condition=~models.Q(why=""), name="duty_case_has_a_reason"),
            models.CheckConstraint(condition=models.Q(flagged=False) | ~models.Q(flagged_why=""), name="flag_of_a_case_has_a_reason"),
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("opened_at")), name="duty_case_ends"),
        ]
        indexes = [
            models.Index(fields=["office_org_id", "-opened_at", "-id"], name="duty_case_newest"),
            models.Index(fields=["ends_at"], condition=models.Q(closed_at=None), name="duty_case_that_runs_out"),
        ]


class DutyScope(models.Model):
    """What a case is about: a firm, an agreement, a finding or a lot. It opens that and nothing beside it."""

    class Kind(models.TextChoices):
        FIRM = "firm"
        AGREEMENT = "agreement"
        FINDING = "finding"
        LOT = "lot"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(DutyCase, on_delete=models.PROTECT, related_name="scopes")
    office_org_id = models.UUIDField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    subject_id = models.UUIDField()
    name_zh = models.CharField(max_length=180)
    name_en = models.CharField(max_length=260, blank=True)
    org_ids = ArrayField(models.UUIDField())  # whose things these are: the firms that are told
    hats = ArrayField(models.CharField(max_length=12))  # of each of them

    objects = ScopedQuerySet.as_manager()
    seen_by = OF_THE_OFFICE

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "kind", "subject_id"], name="duty_scope_stands_once")]


class DutyLook(models.Model):
    """One look at contents. `org_ids`, `tx` and `told_at` are written by the database, whatever is sent."""

    class What(models.TextChoices):
        CLAUSES = "clauses"
        FINDING = "finding"
        LOTS = "lots"
        RESULTS = "results"
        FILES = "files"
        FILE = "file"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(DutyCase, on_delete=models.PROTECT, related_name="looks")
    office_org_id = models.UUIDField()
    what = models.CharField(max_length=8, choices=What.choices)
    subject_id = models.UUIDField()
    person_id = models.UUIDField()
    person_name = models.CharField(max_length=60)
    at = models.DateTimeField()
    org_ids = ArrayField(models.UUIDField(), default=list)
    tx = models.BigIntegerField(default=0)
    told_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = OF_THE_OFFICE

    class Meta:
        indexes = [
            models.Index(fields=["subject_id", "tx"], name="duty_look_of_a_transaction"),
            models.Index(fields=["case", "-at"], name="duty_look_newest"),
        ]


class ReminderRound(models.Model):
    """One bulk reminder of an office: who was reminded of how many duties, and what was left out."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    office_org_id = models.UUIDField()
    sent_by = models.CharField(max_length=60)
    sent_at = models.DateTimeField()
    told = models.PositiveIntegerField()
    skipped = models.PositiveIntegerField()
    obligation_ids = ArrayField(models.UUIDField())
    client_id = models.CharField(max_length=64)

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.BUREAU: "office_org_id"}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office_org_id", "client_id"], name="reminder_round_is_sent_once")]
        indexes = [models.Index(fields=["office_org_id", "-sent_at", "-id"], name="reminder_round_newest")]
