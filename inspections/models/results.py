"""What was measured on a lot: one row for a lot, a characteristic, a sample and a filing, with all its readings."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from uuid_utils.compat import uuid7

from foundation.actor import Hat
from foundation.scope import EVERY, ScopedQuerySet
from inspections.models.lots import Lot


class CharacteristicResult(models.Model):
    """The readings of one characteristic of a lot by one method edition, as filed. Never changed: a correction is a row that names it.

    A reading is a whole number; divided by ten to the power of `decimals` it is the value in `unit`. NULL was not taken. A grade is kept
    as ten times its half step (3-4 is 35) and is never averaged. A colour is L*, a*, b* one after the other: `width` 3.
    """

    class Origin(models.TextChoices):
        SELF = "self"
        CUSTOMER = "customer"
        LAB = "lab"
        INSTRUMENT = "instrument"

    class Via(models.TextChoices):
        WEB = "web"
        FILE = "file"
        API = "api"

    class Verdict(models.TextChoices):
        IN = "in"
        OUT = "out"
        UNCLEAR = "unclear"  # below what can be seen, and the limit lies there
        NOT_JUDGED = "not_judged"  # no clause of that day speaks of it, or not of this method

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # Without constraints row by row: a statement trigger holds every row to its lot's sides, for a thousand rows at once.
    lot = models.ForeignKey(Lot, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="results")
    owner_org_id = models.UUIDField(null=True, blank=True)  # the customer who sees it; empty as long as none was given sight of results
    supplier_org_id = models.UUIDField()
    org_id = models.UUIDField()  # who filed it
    product_code = models.CharField(max_length=40, blank=True)
    made_on = models.DateField()  # of the lot
    characteristic_code = models.CharField(max_length=20)
    edition_code = models.CharField(max_length=40, blank=True)
    unit = models.CharField(max_length=24, blank=True)
    readings = ArrayField(models.IntegerField(null=True))
    decimals = models.PositiveSmallIntegerField()
    width = models.PositiveSmallIntegerField(default=1, db_default=1)
    qualifiers = ArrayField(models.CharField(max_length=2), null=True, blank=True)  # beside each reading: = < <= >= >; NULL: all =
    measured_at = models.DateTimeField()
    received_at = models.DateTimeField()
    origin = models.CharField(max_length=10, choices=Origin.choices)
    entered_via = models.CharField(max_length=4, choices=Via.choices)
    instrument = models.CharField(max_length=60, blank=True)  # the number on its plate
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    out_count = models.PositiveSmallIntegerField(default=0, db_default=0)  # readings beyond a limit
    clause_id = models.UUIDField(null=True, blank=True)  # by which it was judged
    marks = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    details = models.JSONField(null=True, blank=True)  # sample, operator, laboratory and its state, the original text, conditioning
    said_key = models.UUIDField()
    said = models.UUIDField()
    import_id = models.UUIDField(null=True, blank=True)
    source_id = models.UUIDField(null=True, blank=True)  # the row of the whole lot that this one shows to a customer
    corrects_id = models.UUIDField(null=True, blank=True)
    replaced_by = models.UUIDField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.OWNER: "owner_org_id", Hat.SUPPLIER: "supplier_org_id", Hat.LAB: "org_id", Hat.CLOCK: EVERY, Hat.BUREAU: EVERY}  # the bureau: under a duty case, look by look

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org_id", "said_key"], name="result_is_filed_once"),
            models.UniqueConstraint(fields=["corrects_id"], condition=Q(corrects_id__isnull=False), name="result_is_corrected_once"),
            models.CheckConstraint(condition=Q(width__in=[1, 3]), name="reading_is_one_or_three_numbers"),
            models.CheckConstraint(condition=Q(decimals__lte=6), name="reading_has_six_decimals_at_most"),
        ]
        indexes = [
            models.Index(fields=["supplier_org_id", "characteristic_code", "made_on"], name="result_of_supplier"),
            models.Index(
                fields=["owner_org_id", "characteristic_code", "supplier_org_id", "made_on"],
                condition=Q(owner_org_id__isnull=False), name="result_of_owner",
            ),
            models.Index(fields=["lot", "characteristic_code"], name="result_of_lot"),
        ]  # fmt: skip
