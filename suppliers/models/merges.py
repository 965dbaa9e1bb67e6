"""Two lines of one owner that are one firm: what a merge wrote and what stood before, so that it can always be split."""

from django.db import models
from uuid_utils.compat import uuid7

from foundation.actor import Hat
from foundation.scope import ScopedQuerySet
from suppliers.models.links import SupplyLink


class Merge(models.Model):
    """One line was taken into another. No row is deleted or moved: the absorbed line waits, in `merged_into`, for a split."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner_org_id = models.UUIDField()
    kept = models.ForeignKey(SupplyLink, on_delete=models.PROTECT, related_name="merges")
    absorbed = models.ForeignKey(SupplyLink, on_delete=models.PROTECT, related_name="merged_by")
    wrote = models.JSONField(default=dict)  # field of the kept line -> what the merge put there
    before = models.JSONField(default=dict)  # the same fields -> what stood there
    absorbed_state = models.CharField(max_length=10)
    person_name = models.CharField(max_length=60)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.CharField(max_length=60, blank=True, default="")
    stayed = models.JSONField(default=list)  # after a split: fields that somebody had changed since, and that stayed so

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.OWNER: "owner_org_id"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["absorbed"], condition=models.Q(undone_at=None), name="line_is_absorbed_once_at_a_time"),
        ]
        indexes = [models.Index(fields=["owner_org_id", "-at", "-id"], name="merge_newest")]
