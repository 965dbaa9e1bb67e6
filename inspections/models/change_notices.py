"""A supplier tells of a change; each customer with a clause for it answers for itself and sees no other."""

from django.db import models
from django.db.models import Q
from uuid_utils.compat import uuid7

from foundation.actor import Hat
from foundation.scope import EVERY, ScopedQuerySet
from inspections.models.lots import BOTH_SIDES
from records.models import RecordStream
from suppliers.models import SupplyLink


class ChangeNotice(models.Model):
    """What a supplier changes, in its own words. The supplier's alone: a customer reads its own reply row."""

    class Kind(models.TextChoices):
        PEOPLE = "people"
        MACHINE = "machine"
        MATERIAL = "material"
        METHOD = "method"
        ENVIRONMENT = "environment"
        SUBCONTRACTOR = "subcontractor"

    class State(models.TextChoices):
        DRAFT = "draft"
        SENT = "sent"
        EFFECTIVE = "effective"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    supplier_org_id = models.UUIDField()
    kind = models.CharField(max_length=14, choices=Kind.choices)
    products = models.CharField(max_length=200)
    was = models.CharField(max_length=500)
    becomes = models.CharField(max_length=500)
    planned_on = models.DateField()
    photo_id = models.UUIDField(null=True, blank=True)
    photo_hash = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    drafted_by = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    settled_on = models.DateField(null=True, blank=True)  # every reply is there, or its days ran out
    effective_on = models.DateField(null=True, blank=True)
    is_demo = models.BooleanField(default=False)
    client_id = models.UUIDField()

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.SUPPLIER: "supplier_org_id", Hat.CLOCK: EVERY}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["supplier_org_id", "client_id"], name="change_is_drafted_once"),
            models.UniqueConstraint(fields=["id", "supplier_org_id"], name="change_names_its_supplier"),
            models.CheckConstraint(condition=~Q(state="effective") | Q(settled_on__isnull=False, effective_on__isnull=False), name="change_waits_for_every_reply"),
        ]  # fmt: skip
        indexes = [models.Index(fields=["supplier_org_id", "-planned_on", "-id"], name="change_of_supplier")]


class ChangeReply(models.Model):
    """One customer's copy of a change with its answer: all that this customer may know of it."""

    class State(models.TextChoices):
        WAITING = "waiting"
        ACCEPTED = "accepted"
        ACCEPTED_WITH_TRIAL = "accepted_with_trial"
        REFUSED = "refused"
        LAPSED = "lapsed"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    change = models.ForeignKey(ChangeNotice, on_delete=models.PROTECT, related_name="replies")
    link = models.ForeignKey(SupplyLink, on_delete=models.PROTECT, related_name="+")
    stream = models.ForeignKey(RecordStream, on_delete=models.PROTECT, related_name="+")
    clause_id = models.UUIDField()
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    owner_name_zh = models.CharField(max_length=80)
    owner_name_en = models.CharField(max_length=120, blank=True)
    supplier_name_zh = models.CharField(max_length=80)
    supplier_name_en = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=14, choices=ChangeNotice.Kind.choices)
    products = models.CharField(max_length=200)
    was = models.CharField(max_length=500)
    becomes = models.CharField(max_length=500)
    planned_on = models.DateField()
    photo_id = models.UUIDField(null=True, blank=True)
    photo_hash = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField()
    due_on = models.DateField()
    state = models.CharField(max_length=20, choices=State.choices, default=State.WAITING)
    why = models.CharField(max_length=500, blank=True)  # of a refusal, or what the trial has to show
    answered_by = models.CharField(max_length=60, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    effective_on = models.DateField(null=True, blank=True)
    is_demo = models.BooleanField(default=False)

    objects = ScopedQuerySet.as_manager()
    seen_by = BOTH_SIDES

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["change", "link"], name="customer_is_told_of_a_change_once"),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(why=""), name="refused_change_has_a_reason"),
            models.CheckConstraint(condition=Q(effective_on=None) | ~Q(state__in=["waiting", "refused", "withdrawn"]), name="no_change_against_a_refusal"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["owner_org_id", "-planned_on", "-id"], name="change_reply_of_owner"),
            models.Index(fields=["due_on"], condition=Q(state="waiting"), name="change_reply_waits"),
        ]
