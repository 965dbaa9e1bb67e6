"""Corrective action step by step (8D): contain at once, find the cause, plan, do, and see whether it works."""

from django.db import models
from uuid_utils.compat import uuid7

from audits.models.findings import Finding
from foundation.actor import Hat
from foundation.scope import EVERY, ScopedQuerySet

TWO_SIDES = {Hat.OWNER: "owner_org_id", Hat.SUPPLIER: "supplier_org_id"}


class Containment(models.Model):
    """What the supplier did at once so that nothing more gets through: sorted, stopped, set apart."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="containments")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    measures = models.TextField()
    scope = models.TextField(blank=True)  # which lots and how many pieces were looked through
    contained_by_id = models.UUIDField()
    contained_by = models.CharField(max_length=60)
    contained_at = models.DateTimeField()
    client_id = models.CharField(max_length=64)

    objects = ScopedQuerySet.as_manager()
    seen_by = TWO_SIDES

    class Meta:
        constraints = [models.UniqueConstraint(fields=["finding", "client_id"], name="containment_is_told_once")]


class ActionPlan(models.Model):
    """Cause and plan, as the supplier proposes them. One row per try; a returned one says why."""

    class State(models.TextChoices):
        PROPOSED = "proposed"
        RETURNED = "returned"
        ACCEPTED = "accepted"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="plans")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    whys = models.JSONField(default=list)  # at most five answers to "why?", each to the one before
    fishbone = models.JSONField(default=dict)  # branch -> words
    cause = models.TextField()
    action = models.TextField()
    prevention = models.TextField(blank=True)
    responsible = models.CharField(max_length=60)
    planned_for = models.DateField()
    planned_by_id = models.UUIDField()
    planned_by = models.CharField(max_length=60)
    planned_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    decided_by_id = models.UUIDField(null=True, blank=True)
    decided_by = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)
    client_id = models.CharField(max_length=64)

    objects = ScopedQuerySet.as_manager()
    seen_by = TWO_SIDES

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["finding", "client_id"], name="plan_is_proposed_once"),
            models.UniqueConstraint(fields=["finding"], condition=models.Q(state="proposed"), name="one_plan_waits_at_a_time"),
            models.UniqueConstraint(fields=["id", "finding"], name="plan_names_its_finding"),
            models.CheckConstraint(condition=~models.Q(planned_by_id=models.F("decided_by_id")), name="nobody_accepts_their_own_plan"),
        ]


class FindingEvidence(models.Model):
    """A photo or paper under one step of a finding; either side adds its own."""

    class Step(models.TextChoices):
        RAISE = "raise"
        CONTEST = "contest"
        CONTAIN = "contain"
        DONE = "done"
        FOLLOW_UP = "follow_up"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="evidence")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    step = models.CharField(max_length=10, choices=Step.choices)
    side = models.CharField(max_length=8)  # owner, supplier: whose evidence it is
    evidence_id = models.UUIDField()
    added_by = models.CharField(max_length=60)
    added_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    seen_by = {**TWO_SIDES, Hat.BUREAU: EVERY}  # the bureau: under a duty case, look by look

    class Meta:
        constraints = [models.UniqueConstraint(fields=["finding", "step", "evidence_id"], name="evidence_stands_once_under_a_step")]


class EffectCheck(models.Model):
    """Whether a corrective action works is seen on the next lots. The clock says when there are enough."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="effect_checks")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    lots_wanted = models.PositiveSmallIntegerField()
    since_on = models.DateField()  # lots made after that day count
    asked_by = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    ripe_at = models.DateTimeField(null=True, blank=True)
    effective = models.BooleanField(null=True, blank=True)
    words = models.TextField(blank=True)
    judged_by = models.CharField(max_length=60, blank=True)
    judged_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = {**TWO_SIDES, Hat.CLOCK: EVERY}

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(lots_wanted__gte=1, lots_wanted__lte=50), name="effect_shows_on_some_lots"),
            models.UniqueConstraint(fields=["finding"], condition=models.Q(judged_at=None), name="one_effect_is_watched_at_a_time"),
        ]
        indexes = [models.Index(fields=["asked_at"], condition=models.Q(judged_at=None, ripe_at=None), name="effect_to_watch")]


class FindingEscalation(models.Model):
    """A finding whose day is past was brought up once, on both sides. Never again."""

    finding = models.OneToOneField(Finding, primary_key=True, on_delete=models.PROTECT, related_name="escalation")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    escalated_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    seen_by = {**TWO_SIDES, Hat.CLOCK: EVERY}
