"""Change points: from which lot on a characteristic is known to run differently, and why."""

from django.db import models
from django.db.models import Q
from uuid_utils.compat import uuid7

from foundation.scope import ScopedQuerySet
from inspections.models.lots import BOTH_SIDES, Lot


class ChangePoint(models.Model):
    """Said by a person of either side: a spindle, a dyestuff, new bales. Control limits are made anew from its lot on.

    It is never edited: what was wrong is taken back, and stays readable with who took it back.
    """

    class Cause(models.TextChoices):
        PERSON = "person"
        MACHINE = "machine"
        MATERIAL = "material"
        METHOD = "method"
        ENVIRONMENT = "environment"
        MEASURING = "measuring"
        OTHER = "other"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="+")  # the first one made the other way
    owner_org_id = models.UUIDField(null=True, blank=True)
    supplier_org_id = models.UUIDField()
    org_id = models.UUIDField()  # who says so
    product_code = models.CharField(max_length=40, blank=True)
    characteristic_code = models.CharField(max_length=20)
    made_on = models.DateField()  # of the lot
    cause = models.CharField(max_length=12, choices=Cause.choices)
    note = models.CharField(max_length=120, blank=True)
    said_by = models.CharField(max_length=60)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.CharField(max_length=60, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = BOTH_SIDES

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot", "characteristic_code"], condition=Q(undone_at=None), name="change_is_said_once"),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by="") | (Q(undone_at__isnull=False) & ~Q(undone_by="")),
                name="undone_change_says_by_whom",
            ),
        ]
        indexes = [
            models.Index(fields=["supplier_org_id", "characteristic_code", "product_code"], name="change_of_series"),
        ]
