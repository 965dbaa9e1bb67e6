"""The sample that both sides keep, cut from one piece: what colour and hand are judged against."""

from django.db import models
from django.db.models import F, Q
from uuid_utils.compat import uuid7

from agreements.models.agreements import BOTH_SIDES, Clause
from foundation.scope import ScopedQuerySet
from records.models import RecordStream
from suppliers.models import SupplyLink


class SealedSample(models.Model):
    """One sealed sample (封样) of a product in a colour. Two halves, two holders; sealed when both have confirmed theirs.

    Colour is CIE L*a*b* under the illuminant and for the observer named; other conditions are another colour.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        OFFERED = "offered"
        SEALED = "sealed"
        REPLACED = "replaced"
        EXPIRED = "expired"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    link = models.ForeignKey(SupplyLink, on_delete=models.PROTECT, related_name="samples")
    stream = models.ForeignKey(RecordStream, null=True, blank=True, on_delete=models.PROTECT, related_name="+")  # from the offer on
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    owner_name_zh = models.CharField(max_length=80)
    owner_name_en = models.CharField(max_length=120, blank=True)
    supplier_name_zh = models.CharField(max_length=80)
    supplier_name_en = models.CharField(max_length=120, blank=True)
    drafted_by = models.CharField(max_length=8, choices=Clause.Side.choices)  # owner or supplier
    client_id = models.UUIDField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    product = models.CharField(max_length=120)
    colour = models.CharField(max_length=60)
    lab_l = models.DecimalField(max_digits=6, decimal_places=2)
    lab_a = models.DecimalField(max_digits=6, decimal_places=2)
    lab_b = models.DecimalField(max_digits=6, decimal_places=2)
    illuminant = models.CharField(max_length=4)
    observer = models.PositiveSmallIntegerField()  # degrees: 2 or 10
    note = models.CharField(max_length=200, blank=True)
    owner_holder = models.CharField(max_length=80, blank=True)  # who keeps the chain owner's half, and where
    supplier_holder = models.CharField(max_length=80, blank=True)
    photo_id = models.UUIDField(null=True, blank=True)  # evidence of the side that drafted it
    photo_sha256 = models.CharField(max_length=64, blank=True)
    owner_confirmed_at = models.DateTimeField(null=True, blank=True)
    owner_confirmed_by = models.CharField(max_length=60, blank=True)
    supplier_confirmed_at = models.DateTimeField(null=True, blank=True)
    supplier_confirmed_by = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()
    sealed_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField()  # the last day on which it binds
    ended_on = models.DateField(null=True, blank=True)  # the first day on which it binds no more
    replaced_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaces")
    reminded_on = models.DateField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = BOTH_SIDES

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link", "drafted_by", "client_id"], name="sample_is_drafted_once"),
            models.UniqueConstraint(fields=["link", "product", "colour"], condition=Q(state="sealed"), name="one_sample_binds_a_colour"),
            models.CheckConstraint(
                condition=~Q(state="sealed") | Q(owner_confirmed_at__isnull=False, supplier_confirmed_at__isnull=False, sealed_on__isnull=False),
                name="sample_is_sealed_by_both",
            ),
            models.CheckConstraint(condition=Q(lab_l__gte=0, lab_l__lte=100), name="lightness_from_0_to_100"),
            models.CheckConstraint(condition=Q(observer__in=[2, 10]), name="observer_is_2_or_10_degrees"),
            models.CheckConstraint(condition=Q(sealed_on=None) | Q(expires_on__gte=F("sealed_on")), name="sample_binds_a_day_at_least"),
        ]
        indexes = [
            models.Index(fields=["owner_org_id", "-created_at", "-id"], name="sample_of_owner"),
            models.Index(fields=["supplier_org_id", "-created_at", "-id"], name="sample_of_supplier"),
            models.Index(fields=["expires_on", "id"], condition=Q(state="sealed"), name="sample_by_last_day"),
        ]
