"""How steadily a series of a firm ran by its consistency index, as it was reckoned last."""

from django.db import models
from uuid_utils.compat import uuid7

from foundation.actor import Hat
from foundation.scope import EVERY, ScopedQuerySet

KEY = ("supplier_org_id", "characteristic_code", "product_code", "edition_code", "unit", "origin")


class SeriesIndex(models.Model):
    """Of one series of a firm, whoever was shown a portion of it: the parts of its index that speak of its course, and the weakest of them.

    `touched` says from which state of the rows it was reckoned; without two known parts the series has no `value_hundredths`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    supplier_org_id = models.UUIDField()
    characteristic_code = models.CharField(max_length=20)
    product_code = models.CharField(max_length=40, blank=True)
    edition_code = models.CharField(max_length=40, blank=True)
    unit = models.CharField(max_length=24, blank=True)
    origin = models.CharField(max_length=10)
    touched = models.PositiveIntegerField()
    version = models.CharField(max_length=8)  # of the index's scales
    parts = models.JSONField()  # part -> hundredths of a percent, or null: not enough data
    weakest = models.CharField(max_length=12, blank=True)
    value_hundredths = models.PositiveSmallIntegerField(null=True, blank=True)
    at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.SUPPLIER: "supplier_org_id", Hat.CLOCK: EVERY}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=KEY, name="series_has_one_index"),
            models.CheckConstraint(
                condition=models.Q(value_hundredths=None, weakest="") | models.Q(value_hundredths__lte=10_000), name="index_is_a_percentage"
            ),
        ]
