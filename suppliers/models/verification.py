"""The platform's look at a firm that says who it is."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from uuid_utils.compat import uuid7

from foundation.actor import Hat
from foundation.scope import EVERY, ScopedQuerySet


class Verification(models.Model):
    """One asking of a firm to be verified: its licence, what it says of itself as of that day, and what the platform said to it."""

    class State(models.TextChoices):
        WAITING = "waiting"
        VERIFIED = "verified"
        RETURNED = "returned"
        SUSPENDED = "suspended"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_id = models.UUIDField()
    hat = models.CharField(max_length=12)  # in which the firm asked, and is told
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=60)
    evidence_id = models.UUIDField()
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    uscc = models.CharField(max_length=18, blank=True)
    address = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=60, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.CharField(max_length=60, blank=True)
    reasons = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    note = models.CharField(max_length=300, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.SUPPLIER: "org_id", Hat.OWNER: "org_id", Hat.LAB: "org_id", Hat.PROVIDER: "org_id", Hat.PLATFORM: EVERY, Hat.CLOCK: EVERY}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org_id"], condition=models.Q(state="waiting"), name="firm_waits_for_one_look"),
            models.CheckConstraint(
                condition=models.Q(state="waiting") | models.Q(decided_at__isnull=False), name="decision_has_its_moment"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "asked_at", "id"], name="verification_by_age"),
            models.Index(fields=["state", "-decided_at", "-id"], name="verification_by_decision"),
            models.Index(fields=["org_id", "-asked_at"], name="verification_of_firm"),
        ]
