"""What a clause asks of a side by a day. The bureau reads these; they hold no word of the clause."""

from django.db import models
from uuid_utils.compat import uuid7

from agreements.models.agreements import Agreement, Clause
from foundation.actor import Hat
from foundation.scope import EVERY, ScopedQuerySet


class Obligation(models.Model):
    """One dated duty of one side. Its state is computed from its days, never stored: nobody forgets to move it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="obligations")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    clause_id = models.UUIDField()  # no foreign key: the bureau reads this row and not the clause
    kind = models.CharField(max_length=30)
    side = models.CharField(max_length=8, choices=Clause.Side.choices)
    key = models.CharField(max_length=80)  # what makes it this one: the period, the audit, the finding
    subject_id = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField()
    due_on = models.DateField()
    met_at = models.DateTimeField(null=True, blank=True)
    met_on = models.DateField(null=True, blank=True)
    waived_at = models.DateTimeField(null=True, blank=True)
    void_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.OWNER: "owner_org_id", Hat.SUPPLIER: "supplier_org_id", Hat.BUREAU: EVERY, Hat.CLOCK: EVERY}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clause_id", "side", "key"], name="obligation_arises_once"),
            models.CheckConstraint(
                condition=models.Q(met_at=None, met_on=None) | models.Q(met_at__isnull=False, met_on__isnull=False),
                name="obligation_met_has_a_day",
            ),
            models.CheckConstraint(condition=models.Q(side__in=["owner", "supplier"]), name="obligation_binds_one_side"),
        ]
        indexes = [
            models.Index(fields=["owner_org_id", "due_on", "id"], name="obligation_of_owner"),
            models.Index(fields=["supplier_org_id", "due_on", "id"], name="obligation_of_supplier"),
            models.Index(fields=["agreement", "due_on", "id"], name="obligation_of_agreement"),
            models.Index(fields=["due_on", "id"], name="obligation_by_day"),
        ]
