"""Findings and what was done about them. The row is a state that the bureau sees; the words lie apart."""

from django.db import models
from uuid_utils.compat import uuid7

from agreements.models import Agreement
from audits.models.visits import BOTH_SIDES, Audit
from foundation.actor import Hat
from foundation.scope import EVERY, ScopedQuerySet
from inspections.models import Lot

STILL_OPEN = models.Q(
    state__in=["raised", "accepted", "contested", "contained", "action_planned", "answered", "implemented", "verify", "reopened"]
)


class Finding(models.Model):
    """One finding of an audit, or of a lot that was not accepted: grade, state, days.

    A draft is its writer's own until the visit is submitted: the database hides it from the supplier and from the bureau.
    An opportunity for improvement is noted and asks for nothing: it has no day.
    """

    class Grade(models.TextChoices):
        CRITICAL = "critical"
        MAJOR = "major"
        MINOR = "minor"
        OFI = "ofi"

    class State(models.TextChoices):
        DRAFT = "draft"
        RAISED = "raised"
        ACCEPTED = "accepted"
        CONTESTED = "contested"
        CONTAINED = "contained"
        ACTION_PLANNED = "action_planned"
        ANSWERED = "answered"  # in one go, without a plan
        IMPLEMENTED = "implemented"
        VERIFY = "verify"  # verified; the next lots show whether it works
        REOPENED = "reopened"
        CLOSED = "closed"
        WITHDRAWN = "withdrawn"
        NOTED = "noted"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    audit = models.ForeignKey(Audit, null=True, blank=True, on_delete=models.PROTECT, related_name="findings")
    lot = models.ForeignKey(Lot, null=True, blank=True, on_delete=models.PROTECT, related_name="findings")
    # The database holds it together with both sides, by a key of three columns.
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    grade = models.CharField(max_length=8, choices=Grade.choices)
    state = models.CharField(max_length=16, choices=State.choices, default=State.RAISED)
    raised_at = models.DateTimeField()
    due_on = models.DateField(null=True, blank=True)
    site_id = models.UUIDField(null=True, blank=True)
    contain_by = models.DateTimeField(null=True, blank=True)  # the clause's hours; empty where it names none
    contained_at = models.DateTimeField(null=True, blank=True)
    repeat_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="repeats")  # the first of its kind
    nth = models.PositiveSmallIntegerField(default=1)  # how often it was found, this time included
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    client_id = models.CharField(max_length=64)

    objects = ScopedQuerySet.as_manager()
    seen_by = {**BOTH_SIDES, Hat.BUREAU: EVERY}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["audit", "client_id"], name="finding_is_raised_once"),
            models.UniqueConstraint(fields=["lot", "client_id"], name="finding_of_a_lot_is_raised_once"),
            models.CheckConstraint(
                condition=models.Q(audit=None, lot__isnull=False) | models.Q(audit__isnull=False, lot=None),
                name="finding_is_of_an_audit_or_a_lot",
            ),
            models.UniqueConstraint(fields=["id", "owner_org_id", "supplier_org_id"], name="finding_names_its_sides"),
            models.CheckConstraint(condition=models.Q(grade="ofi") | models.Q(due_on__isnull=False), name="nonconformity_has_a_day"),
            models.CheckConstraint(
                condition=~models.Q(grade="ofi") | models.Q(state__in=["draft", "noted", "withdrawn"]), name="improvement_asks_for_nothing"
            ),
            models.CheckConstraint(
                condition=models.Q(repeat_of=None, nth=1) | models.Q(repeat_of__isnull=False, nth__gt=1), name="repeat_is_counted"
            ),
        ]
        indexes = [
            models.Index(fields=["owner_org_id", "-raised_at", "-id"], name="finding_of_owner"),
            models.Index(fields=["supplier_org_id", "-raised_at", "-id"], name="finding_of_supplier"),
            # What is open, by its day: the board of either side, and what the clock brings up.
            models.Index(fields=["owner_org_id", "due_on", "id"], condition=STILL_OPEN, name="finding_open_of_owner"),
            models.Index(fields=["supplier_org_id", "due_on", "id"], condition=STILL_OPEN, name="finding_open_of_supplier"),
            models.Index(fields=["due_on", "id"], condition=STILL_OPEN, name="finding_open_by_day"),
        ]


class FindingText(models.Model):
    """Requirement, evidence, gap: the three lines of a finding. Once raised they change only where a contest is decided."""

    finding = models.OneToOneField(Finding, primary_key=True, on_delete=models.PROTECT, related_name="text")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    requirement = models.TextField()
    observed = models.TextField()
    gap = models.TextField(blank=True)
    question_code = models.CharField(max_length=20, blank=True)
    clause_ref = models.CharField(max_length=80, blank=True)
    characteristic_code = models.CharField(max_length=40, blank=True)
    raised_by = models.CharField(max_length=60)

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.OWNER: "owner_org_id", Hat.SUPPLIER: "supplier_org_id", Hat.BUREAU: EVERY}  # the bureau: under a duty case, look by look

    class Meta:
        indexes = [models.Index(fields=["owner_org_id", "supplier_org_id", "question_code"], name="finding_text_alike")]


class CorrectiveAction(models.Model):
    """The supplier's answer: correction now, cause, action. One row per try; a refused try says why."""

    class State(models.TextChoices):
        ANSWERED = "answered"
        REFUSED = "refused"
        VERIFIED = "verified"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="actions")
    plan = models.ForeignKey("ActionPlan", null=True, blank=True, on_delete=models.PROTECT, related_name="actions")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    correction = models.TextField()
    cause = models.TextField()
    action = models.TextField()
    evidence_id = models.UUIDField(null=True, blank=True)
    answered_by_id = models.UUIDField()
    answered_by = models.CharField(max_length=60)
    answered_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.ANSWERED)
    decided_by_id = models.UUIDField(null=True, blank=True)
    decided_by = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)
    client_id = models.CharField(max_length=64)

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.OWNER: "owner_org_id", Hat.SUPPLIER: "supplier_org_id", Hat.BUREAU: EVERY}  # the bureau: under a duty case, look by look

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["finding", "client_id"], name="answer_is_given_once"),
            models.CheckConstraint(condition=~models.Q(answered_by_id=models.F("decided_by_id")), name="nobody_verifies_their_own_action"),
        ]
