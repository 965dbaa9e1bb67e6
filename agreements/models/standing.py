"""What is known of each clause, and how each side kept its word: facts as pushed, counts as computed. Both can be computed again."""

from django.db import models
from uuid_utils.compat import uuid7

from agreements.models.agreements import BOTH_SIDES, Agreement, Clause
from foundation.actor import Hat
from foundation.scope import EVERY, ScopedQuerySet


class ClauseReading(models.Model):
    """A value that the floor which owns the fact reported for a clause, with the limit as it read then. The latest stands."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="readings")
    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="readings")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    value = models.CharField(max_length=40, blank=True)
    n = models.PositiveIntegerField()
    window = models.JSONField()  # {"from": day, "to": day}, or words in both languages
    refs = models.JSONField(default=list)  # the rows behind it: kind, id, label, value
    limits = models.JSONField()  # as the clause said them on that day
    state = models.CharField(max_length=16)
    as_of = models.DateField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    seen_by = BOTH_SIDES

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clause", "as_of", "digest"], name="reading_is_reported_once")]
        indexes = [models.Index(fields=["agreement", "clause", "-as_of", "-at"], name="reading_latest_of_clause")]


class ComplianceKept(models.Model):
    """How one side kept its word in one period, counted from its duties. The bureau reads it: counts, no words."""

    class Period(models.TextChoices):
        MONTH = "month"
        QUARTER = "quarter"
        YEAR = "12m"  # twelve whole months, the last of them the one named by its end

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="kept")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    side = models.CharField(max_length=8, choices=Clause.Side.choices)
    period = models.CharField(max_length=8, choices=Period.choices)
    starts_on = models.DateField()
    ends_on = models.DateField()  # first day no longer counted
    method = models.PositiveSmallIntegerField()
    met = models.PositiveIntegerField()
    met_late = models.PositiveIntegerField()
    overdue = models.PositiveIntegerField()
    open = models.PositiveIntegerField()
    waived = models.PositiveIntegerField()
    void = models.PositiveIntegerField()
    weighted = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True)
    as_of = models.DateField()  # the day from which it was looked at
    inputs_sha256 = models.CharField(max_length=64)
    computed_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    seen_by = {**BOTH_SIDES, Hat.BUREAU: EVERY}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "side", "period", "starts_on", "method"], name="compliance_is_kept_once"),
            models.CheckConstraint(condition=models.Q(ends_on__gt=models.F("starts_on")), name="period_ends_after_it_starts"),
        ]

    @property
    def due(self) -> int:
        """How many are judged: kept in time, kept late, or late."""
        return self.met + self.met_late + self.overdue
