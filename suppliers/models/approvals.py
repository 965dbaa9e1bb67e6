"""What a chain owner has approved a supplier for: one state per step of the chain, and every state it had before."""

from django.db import models
from uuid_utils.compat import uuid7

from foundation.actor import Hat
from foundation.scope import ScopedQuerySet
from suppliers.models.links import SupplyLink


class CategoryApproval(models.Model):
    """One decision on one category (a step of the chain). The newest stands; those before it have ended and stay."""

    class State(models.TextChoices):
        APPLIED = "applied"
        CONDITIONAL = "conditional"
        APPROVED = "approved"
        SUSPENDED = "suspended"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner_org_id = models.UUIDField()
    link = models.ForeignKey(SupplyLink, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="approvals")
    category = models.CharField(max_length=12)
    state = models.CharField(max_length=12, choices=State.choices)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=300)
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.OWNER: "owner_org_id"}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner_org_id", "link", "category"], condition=models.Q(ended_at=None), name="one_approval_stands_per_category"
            ),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("since")), name="approval_ends_after_it_starts"
            ),
        ]
        indexes = [
            models.Index(fields=["owner_org_id", "state", "category", "link"], condition=models.Q(ended_at=None), name="approval_standing"),
            models.Index(fields=["link", "-at", "-id"], name="approval_of_link"),
        ]
