"""A supplier list on its way in: every row as typed, as meant, and what became of it."""

from django.db import models
from uuid_utils.compat import uuid7

from foundation.actor import Hat
from foundation.scope import ScopedQuerySet
from suppliers.models.links import SupplyLink


class SupplierImport(models.Model):
    """One uploaded or pasted list. Nothing is written to the owner's suppliers before it is confirmed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner_org_id = models.UUIDField()
    file_name = models.CharField(max_length=120)
    state = models.CharField(max_length=16)  # preview, needs_mapping, done
    facts = models.JSONField(default=dict)  # reader facts: encoding, sheet, header row, columns, totals
    person_name = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.OWNER: "owner_org_id"}


class ImportRow(models.Model):
    """One row of a list: the cells as typed, the values as read, the points to look at."""

    id = models.BigAutoField(primary_key=True)
    owner_org_id = models.UUIDField()
    batch = models.ForeignKey(SupplierImport, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    cells = models.JSONField()
    values = models.JSONField()
    issues = models.JSONField()
    outcome = models.CharField(max_length=10)  # accepted, warning, duplicate, rejected, skipped
    link = models.ForeignKey(SupplyLink, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.OWNER: "owner_org_id"}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="row_stands_once_in_its_list")]
