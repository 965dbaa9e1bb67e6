"""What an answer found to be different from what the supplier's page says. The supplier decides whether its page changes."""

from django.db import models
from uuid_utils.compat import uuid7

from audits.models.visits import Audit
from foundation.actor import Hat
from foundation.scope import ScopedQuerySet


class ProposedChange(models.Model):
    """One entry of a site's master data as it stood, and as an audit found it."""

    class State(models.TextChoices):
        OPEN = "open"
        TAKEN_OVER = "taken_over"
        LEFT = "left"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="proposed_changes")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    site_id = models.UUIDField()
    question_code = models.CharField(max_length=20)
    entry = models.CharField(max_length=20)  # site.headcount
    old = models.CharField(max_length=200, blank=True)
    new = models.CharField(max_length=200)
    proposed_by = models.CharField(max_length=60)
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    decided_by = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.OWNER: "owner_org_id", Hat.SUPPLIER: "supplier_org_id"}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["audit", "entry"], name="change_is_proposed_once_per_audit")]
        indexes = [models.Index(fields=["supplier_org_id", "-proposed_at", "-id"], name="proposed_change_of_supplier")]
