"""A way to look at the list that somebody keeps: the filters of its address under a name."""

from django.db import models
from uuid_utils.compat import uuid7

from foundation.actor import Hat
from foundation.scope import ScopedQuerySet


class SavedView(models.Model):
    """One person's view, or the whole firm's (`person_id` is null), of one list in one hat. `owner_org_id` is the firm that keeps it."""

    class Of(models.TextChoices):
        SUPPLIERS = "suppliers"
        LOTS = "lots"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner_org_id = models.UUIDField()
    hat = models.CharField(max_length=8, default=Hat.OWNER.value)
    of = models.CharField(max_length=10, choices=Of.choices, default=Of.SUPPLIERS)
    person_id = models.UUIDField(null=True, blank=True)
    person_name = models.CharField(max_length=60)  # who made it
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=600)
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.OWNER: "owner_org_id", Hat.SUPPLIER: "owner_org_id"}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner_org_id", "hat", "of", "person_id", "name"], nulls_distinct=False, name="view_has_a_name_of_its_own"
            ),
            models.UniqueConstraint(
                fields=["owner_org_id", "hat", "of", "person_id"], condition=models.Q(is_default=True), nulls_distinct=False,
                name="one_view_opens_first",
            ),
        ]  # fmt: skip
