"""Who conducts a visit."""

from django.db import models
from uuid_utils.compat import uuid7

from audits.models.visits import BOTH_SIDES, Audit
from foundation.scope import ScopedQuerySet


class AuditTeam(models.Model):
    """One auditor of the chain owner on one visit. The supplier sees who comes, once it sees the visit."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="team")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    person_id = models.UUIDField()
    person_name = models.CharField(max_length=60)
    is_lead = models.BooleanField(default=False)
    joined_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    seen_by = BOTH_SIDES

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["audit", "person_id"], name="auditor_is_on_a_visit_once"),
            models.UniqueConstraint(fields=["audit"], condition=models.Q(is_lead=True), name="visit_has_one_lead_auditor"),
        ]
