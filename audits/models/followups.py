"""What a follow-up looks at: the findings that were open, and nothing else."""

from django.db import models
from uuid_utils.compat import uuid7

from audits.models.corrective import TWO_SIDES
from audits.models.findings import Finding
from audits.models.visits import Audit
from foundation.scope import ScopedQuerySet


class FollowUpItem(models.Model):
    """One open finding on the list of a follow-up, and what was seen of it there."""

    class Outcome(models.TextChoices):
        PUT_RIGHT = "put_right"
        STILL_OPEN = "still_open"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="to_verify")
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="follow_ups")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    seen = models.TextField(blank=True)
    seen_by_id = models.UUIDField(null=True, blank=True)
    seen_by_name = models.CharField(max_length=60, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = TWO_SIDES

    class Meta:
        constraints = [models.UniqueConstraint(fields=["audit", "finding"], name="finding_is_on_a_follow_up_once")]
