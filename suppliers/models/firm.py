"""What a firm works with, and what it shows of it to a chain owner of its own free will."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from uuid_utils.compat import uuid7

from foundation.actor import Hat
from foundation.scope import EVERY, ScopedQuerySet
from suppliers.models.places import Site

KEPT = {Hat.SUPPLIER: "org_id", Hat.OWNER: "org_id", Hat.LAB: "org_id", Hat.PROVIDER: "org_id", Hat.CLOCK: EVERY}


class Process(models.Model):
    """What is done at a site: one step of the chain, its main machines, what they can make in a month."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_id = models.UUIDField()
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="processes")
    node_code = models.CharField(max_length=12)
    machines = models.CharField(max_length=200, blank=True)
    capacity = models.PositiveIntegerField(null=True, blank=True)  # a month, in capacity_unit
    capacity_unit = models.CharField(max_length=12, blank=True)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    client_id = models.UUIDField(default=uuid7, editable=False)

    objects = ScopedQuerySet.as_manager()
    seen_by = KEPT

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org_id", "client_id"], name="process_is_added_once"),
            models.UniqueConstraint(fields=["site", "node_code"], condition=models.Q(retired_at=None), name="site_does_a_step_once"),
            models.CheckConstraint(condition=models.Q(capacity=None) | ~models.Q(capacity_unit=""), name="capacity_has_a_unit"),
        ]


class Product(models.Model):
    """One line of the firm's own plain list of what it makes.

    Not the library of a chain owner, where limits and methods hang on a product: that one stands on the floor of agreements.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_id = models.UUIDField()
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    node_code = models.CharField(max_length=12, blank=True)
    construction = models.CharField(max_length=200, blank=True)  # as typed: yarn count, blend, weave, g/m2
    safety_class = models.CharField(max_length=1, blank=True)  # GB 18401: A, B, C; empty where it does not apply
    colours = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    client_id = models.UUIDField(default=uuid7, editable=False)

    objects = ScopedQuerySet.as_manager()
    seen_by = KEPT

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org_id", "client_id"], name="product_is_added_once"),
            models.UniqueConstraint(fields=["org_id", "code"], name="product_code_has_no_twin"),
            models.CheckConstraint(condition=models.Q(safety_class__in=["", "A", "B", "C"]), name="safety_class_is_a_b_or_c"),
        ]


class Instrument(models.Model):
    """A measuring instrument and the day until which its calibration holds. Its state on a day is computed, never stored."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_id = models.UUIDField()
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="instruments")
    kind = models.CharField(max_length=20)
    model = models.CharField(max_length=80, blank=True)  # maker and model
    serial = models.CharField(max_length=60)
    calibrated_on = models.DateField(null=True, blank=True)
    calibration_due_on = models.DateField(null=True, blank=True)
    certificate_number = models.CharField(max_length=80, blank=True)
    evidence_id = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    remind_on = models.DateField(null=True, blank=True)
    client_id = models.UUIDField(default=uuid7, editable=False)

    objects = ScopedQuerySet.as_manager()
    seen_by = KEPT

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org_id", "client_id"], name="instrument_is_added_once"),
            models.UniqueConstraint(fields=["org_id", "serial"], name="serial_number_has_no_twin"),
            models.CheckConstraint(
                condition=models.Q(calibrated_on=None)
                | models.Q(calibration_due_on=None)
                | models.Q(calibration_due_on__gte=models.F("calibrated_on")),
                name="calibration_falls_due_after_it_was_done",
            ),
        ]
        indexes = [models.Index(fields=["remind_on"], condition=models.Q(retired_at=None), name="instrument_to_remind_of")]


class SharedThing(models.Model):
    """One thing of a firm shown to one chain owner. It carries all that the reader may know: no join to the firm's own row is needed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_id = models.UUIDField()
    grantee_org_id = models.UUIDField()
    what = models.CharField(max_length=30)  # certificates, instruments, products
    thing_id = models.UUIDField()  # no foreign key: the reader may not see the firm's row
    facts = models.JSONField()
    file = models.JSONField(null=True, blank=True)  # {name, kind, mime, size, path} of the copy that others may see
    granted_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.OWNER: "grantee_org_id", Hat.CLOCK: EVERY}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["grantee_org_id", "thing_id"], name="thing_is_shown_once")]
        indexes = [models.Index(fields=["grantee_org_id", "org_id"], name="shown_by_firm")]
