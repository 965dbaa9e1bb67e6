"""Many lines changed at once: what each was before, so that it can be put back."""

from django.db import models
from uuid_utils.compat import uuid7

from foundation.actor import Hat
from foundation.scope import ScopedQuerySet
from suppliers.models.links import SupplyLink


class BulkEdit(models.Model):
    """One change of one field on many lines. Its id is the form's: sent twice, it is done once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner_org_id = models.UUIDField()
    person_name = models.CharField(max_length=60)
    at = models.DateTimeField()
    field = models.CharField(max_length=16)
    value = models.JSONField()
    written = models.PositiveIntegerField()
    skipped = models.PositiveIntegerField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.CharField(max_length=60, blank=True)
    left_alone = models.PositiveIntegerField(default=0)

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.OWNER: "owner_org_id"}

    class Meta:
        indexes = [models.Index(fields=["owner_org_id", "-at", "-id"], name="bulk_edit_newest")]


class BulkEditRow(models.Model):
    """One line in it: the value before, the value written, and whether it was put back."""

    class Became(models.TextChoices):
        WRITTEN = "written"
        UNDONE = "undone"
        LEFT = "left"  # it held another value when the change was undone

    id = models.BigAutoField(primary_key=True)
    owner_org_id = models.UUIDField()
    edit = models.ForeignKey(BulkEdit, on_delete=models.CASCADE, db_index=False, related_name="rows")
    link = models.ForeignKey(SupplyLink, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="edits")
    name_zh = models.CharField(max_length=80)
    before = models.JSONField()
    after = models.JSONField()
    became = models.CharField(max_length=8, choices=Became.choices, default=Became.WRITTEN)

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.OWNER: "owner_org_id"}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edit", "link"], name="line_stands_once_in_an_edit")]
        indexes = [models.Index(fields=["link", "-id"], name="edit_of_link")]
