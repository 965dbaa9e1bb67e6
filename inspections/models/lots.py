"""The lot: what was made in one go and is judged as one, and what it was made of."""

from django.db import models
from django.db.models import F, Q
from uuid_utils.compat import uuid7

from foundation.actor import Hat
from foundation.scope import EVERY, ScopedQuerySet
from records.models import RecordStream
from suppliers.models import SupplyLink

BOTH_SIDES = {Hat.OWNER: "owner_org_id", Hat.SUPPLIER: "supplier_org_id", Hat.CLOCK: EVERY}


class Lot(models.Model):
    """One lot (批) of a supplier, made for one customer, or the supplier's own as long as it names none.

    What goes to several customers is registered once as the supplier's own; each customer gets a portion of it in its own relation.
    No customer sees the whole, nor a portion that is not its own.
    """

    class State(models.TextChoices):
        REGISTERED = "registered"
        INSPECTING = "inspecting"
        RELEASED = "released"
        HELD = "held"
        CONCESSION = "concession"  # released in part or for a time, as the concession says
        NOT_ACCEPTED = "not_accepted"
        REGRADED = "regraded"
        SCRAPPED = "scrapped"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    link = models.ForeignKey(SupplyLink, null=True, blank=True, on_delete=models.PROTECT, related_name="lots")
    stream = models.ForeignKey(RecordStream, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    whole = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="portions")
    owner_org_id = models.UUIDField(null=True, blank=True)
    supplier_org_id = models.UUIDField()
    owner_name_zh = models.CharField(max_length=80, blank=True)
    owner_name_en = models.CharField(max_length=120, blank=True)
    supplier_name_zh = models.CharField(max_length=80)
    supplier_name_en = models.CharField(max_length=120, blank=True)
    lot_no = models.CharField(max_length=40)
    product_code = models.CharField(max_length=40, blank=True)
    product = models.CharField(max_length=120)
    colour = models.CharField(max_length=60, blank=True)
    node_code = models.CharField(max_length=12, blank=True)
    made_on = models.DateField()  # the day by whose agreement and editions it is judged
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    unit = models.CharField(max_length=12)  # kg, m, pcs
    state = models.CharField(max_length=12, choices=State.choices, default=State.REGISTERED)
    state_since = models.DateTimeField()
    token = models.CharField(max_length=22, unique=True)  # what the label's QR code carries; it opens nothing by itself
    note = models.CharField(max_length=200, blank=True)
    registered_by = models.CharField(max_length=60)
    registered_at = models.DateTimeField()
    client_id = models.UUIDField()
    is_demo = models.BooleanField(default=False)

    objects = ScopedQuerySet.as_manager()
    seen_by = {**BOTH_SIDES, Hat.BUREAU: EVERY}  # the bureau: under a duty case, look by look

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["supplier_org_id", "client_id"], name="lot_is_registered_once"),
            models.UniqueConstraint(
                fields=["supplier_org_id", "owner_org_id", "product_code", "lot_no"], name="lot_number_has_no_twin", nulls_distinct=False
            ),
            models.UniqueConstraint(fields=["id", "supplier_org_id"], name="lot_names_its_maker"),
            models.UniqueConstraint(fields=["id", "owner_org_id"], name="lot_names_its_customer"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="lot_has_a_quantity"),
            models.CheckConstraint(condition=Q(link=None, owner_org_id=None) | Q(link__isnull=False, owner_org_id__isnull=False), name="lot_of_a_relation_names_both"),
            models.CheckConstraint(condition=Q(whole=None) | ~Q(whole=F("id")), name="lot_is_no_portion_of_itself"),
            models.CheckConstraint(condition=Q(whole=None) | Q(owner_org_id__isnull=False), name="portion_has_a_customer"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["owner_org_id", "-made_on", "-id"], condition=Q(owner_org_id__isnull=False), name="lot_of_owner"),
            models.Index(fields=["supplier_org_id", "-made_on", "-id"], name="lot_of_supplier"),
            models.Index(fields=["supplier_org_id", "lot_no"], name="lot_by_number"),
        ]


class LotParent(models.Model):
    """One step of a lot's descent: what went into it. The parent is a lot of the same maker, or the words of a label.

    `owner_org_id` is the lot's customer, if that one sees the parent too; a step from the maker's own lot is the maker's alone.
    """

    class Kind(models.TextChoices):
        INPUT = "input"  # material that was used up in making it
        SPLIT = "split"  # a part of the parent
        MERGE = "merge"  # one of several that became one
        REWORK = "rework"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="parents")
    parent = models.ForeignKey(Lot, null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    owner_org_id = models.UUIDField(null=True, blank=True)
    supplier_org_id = models.UUIDField()
    kind = models.CharField(max_length=6, choices=Kind.choices)
    parent_no = models.CharField(max_length=40, blank=True)  # as its label reads, where it is no lot on the platform
    made_by = models.CharField(max_length=80, blank=True)  # the firm that made the parent, as the supplier says
    material = models.CharField(max_length=120, blank=True)
    quantity = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)  # of the parent, in its unit
    unit = models.CharField(max_length=12, blank=True)
    at = models.DateTimeField()
    client_id = models.UUIDField()

    objects = ScopedQuerySet.as_manager()
    seen_by = BOTH_SIDES

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot", "client_id"], name="descent_is_noted_once"),
            models.UniqueConstraint(fields=["lot", "parent"], condition=Q(parent__isnull=False), name="parent_is_named_once"),
            models.CheckConstraint(condition=Q(parent__isnull=False) | ~Q(parent_no=""), name="parent_is_a_lot_or_a_label"),
            models.CheckConstraint(condition=Q(parent=None) | ~Q(parent=F("lot")), name="lot_is_not_its_own_parent"),
        ]
