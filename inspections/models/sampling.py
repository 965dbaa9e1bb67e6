"""Inspection by attributes: what was found in the pieces taken from a lot, and the series that says how many to take from the next."""

from django.db import models
from django.db.models import F, Q
from uuid_utils.compat import uuid7

from foundation.scope import ScopedQuerySet
from inspections.models.lots import BOTH_SIDES, Lot
from records.models import RecordStream
from suppliers.models import SupplyLink


class Stage(models.TextChoices):
    """Where in the making of a lot it is inspected; the same words as in the clauses on sampling."""

    FIRST_ARTICLE = "first_article"
    IN_PROCESS = "in_process"
    FINAL = "final"
    INCOMING = "incoming"
    THIRD_PARTY = "third_party"


class NonconformityClass(models.TextChoices):
    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"


class Side(models.TextChoices):
    OWNER = "owner"
    SUPPLIER = "supplier"


class Inspection(models.Model):
    """One inspection of a lot by one side, as filed. Never changed: a correction is a row that names it.

    `plans` keeps, class by class, the plan as it was carried out, what was found, and whether that is accepted.
    """

    class Decision(models.TextChoices):
        ACCEPTED = "accepted"
        NOT_ACCEPTED = "not_accepted"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="inspections")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    org_id = models.UUIDField()  # who filed it
    side = models.CharField(max_length=8, choices=Side.choices)
    stage = models.CharField(max_length=14, choices=Stage.choices)
    place = models.PositiveSmallIntegerField(default=0)  # of its clause among those of the stage
    lot_size = models.PositiveIntegerField()  # in pieces, cones, rolls: what a sample is drawn from
    plans = models.JSONField()
    decision = models.CharField(max_length=12, choices=Decision.choices)
    agreement_id = models.UUIDField()
    version_id = models.UUIDField()
    version_number = models.PositiveSmallIntegerField()
    clause_id = models.UUIDField()
    inspected_on = models.DateField()
    original = models.BooleanField(default=True)  # false: submitted again, after it was worked over
    steady = models.BooleanField(default=True)  # whether production ran without a break or a change
    body = models.CharField(max_length=80, blank=True)  # of an inspection by a third party: whose
    note = models.CharField(max_length=300, blank=True)
    corrects = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrected_by")
    reason = models.CharField(max_length=200, blank=True)  # of a correction
    filed_by = models.CharField(max_length=60)
    filed_at = models.DateTimeField()
    client_id = models.UUIDField()

    objects = ScopedQuerySet.as_manager()
    seen_by = BOTH_SIDES

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org_id", "client_id"], name="inspection_is_filed_once"),
            models.UniqueConstraint(fields=["id", "owner_org_id", "supplier_org_id"], name="inspection_names_its_sides"),
            models.CheckConstraint(condition=Q(lot_size__gte=2), name="inspected_lot_has_two_pieces"),
            models.CheckConstraint(
                condition=Q(side="owner", org_id=F("owner_org_id")) | Q(side="supplier", org_id=F("supplier_org_id")),
                name="inspection_is_filed_by_its_side",
            ),
            models.CheckConstraint(condition=Q(corrects=None) | ~Q(reason=""), name="correction_has_a_reason"),
        ]
        indexes = [models.Index(fields=["clause_id", "-filed_at"], name="inspection_of_clause")]


class NonconformityCount(models.Model):
    """How many pieces of a sample were nonconforming for one reason. A piece counts once, under its worst; without words: not told."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="counts")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    klass = models.CharField(max_length=8, choices=NonconformityClass.choices)
    words = models.CharField(max_length=60, blank=True)
    n = models.PositiveIntegerField()

    objects = ScopedQuerySet.as_manager()
    seen_by = BOTH_SIDES

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inspection", "klass", "words"], name="nonconformity_is_counted_once"),
            models.CheckConstraint(condition=Q(n__gt=0), name="counted_nonconformity_was_there"),
        ]


class SwitchingSeries(models.Model):
    """The lots of one product, inspected by one side at one stage, and one class of nonconformity: how severely the next is inspected.

    What stands here follows from the steps, and can be made anew from them at any time.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    link = models.ForeignKey(SupplyLink, on_delete=models.PROTECT, related_name="+")
    stream = models.ForeignKey(RecordStream, on_delete=models.PROTECT, related_name="+")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    owner_name_zh = models.CharField(max_length=80)
    owner_name_en = models.CharField(max_length=120, blank=True)
    supplier_name_zh = models.CharField(max_length=80)
    supplier_name_en = models.CharField(max_length=120, blank=True)
    product_key = models.CharField(max_length=120)  # its code; its name where it has none
    product = models.CharField(max_length=120)
    stage = models.CharField(max_length=14, choices=Stage.choices)
    klass = models.CharField(max_length=8, choices=NonconformityClass.choices)
    side = models.CharField(max_length=8, choices=Side.choices)
    place = models.PositiveSmallIntegerField(default=0)
    kept = models.JSONField(default=dict)  # inspections.switching.Course
    severity = models.CharField(max_length=12, default="normal")
    generation = models.PositiveIntegerField(default=1)
    steps_count = models.PositiveIntegerField(default=0)
    lots = models.PositiveIntegerField(default=0)  # inspected as original lots
    not_accepted = models.PositiveIntegerField(default=0)
    pieces_saved = models.IntegerField(default=0)  # against always-normal inspection; below zero, so many were taken more
    since = models.JSONField(default=dict)  # the step that led to this severity: its lot, code and facts
    opened_at = models.DateTimeField()
    moved_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    seen_by = BOTH_SIDES

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link", "product_key", "stage", "klass", "side", "place"], name="series_is_one_of_its_kind"),
            models.UniqueConstraint(fields=["id", "owner_org_id", "supplier_org_id"], name="series_names_its_sides"),
        ]
        indexes = [
            models.Index(fields=["owner_org_id", "-moved_at", "-id"], name="series_of_owner"),
            models.Index(fields=["supplier_org_id", "-moved_at", "-id"], name="series_of_supplier"),
        ]


class SwitchingStep(models.Model):
    """One event of a series and what came of it. Never changed.

    A correction replays the series from its lot on as a new generation; the step that stands is the one of the highest generation, and
    the series as it stood in generation g is made of the steps up to g.
    """

    class Kind(models.TextChoices):
        LOT = "lot"
        TERMS = "terms"
        RESUMED = "resumed"
        AUTHORISED = "authorised"
        UNAUTHORISED = "unauthorised"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    series = models.ForeignKey(SwitchingSeries, on_delete=models.PROTECT, related_name="steps")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    number = models.PositiveIntegerField()
    generation = models.PositiveIntegerField()
    segment = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    inspection = models.ForeignKey(Inspection, null=True, blank=True, on_delete=models.PROTECT, related_name="steps")
    lot = models.ForeignKey(Lot, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    lot_no = models.CharField(max_length=40, blank=True)
    lot_size = models.PositiveIntegerField(null=True, blank=True)
    found = models.PositiveIntegerField(null=True, blank=True)
    original = models.BooleanField(default=True)
    steady = models.BooleanField(default=True)
    terms = models.JSONField(null=True, blank=True)
    severity = models.CharField(max_length=12)
    severity_after = models.CharField(max_length=12)
    plan = models.JSONField(null=True, blank=True)
    accepted = models.BooleanField(null=True, blank=True)
    score = models.IntegerField(null=True, blank=True)
    code = models.CharField(max_length=20, blank=True)
    facts = models.JSONField(default=dict)
    reason = models.CharField(max_length=300, blank=True)  # of a word of the chain owner
    by = models.CharField(max_length=60)
    at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    seen_by = BOTH_SIDES

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "number", "generation"], name="step_stands_once"),
            models.CheckConstraint(
                condition=~Q(kind="lot") | Q(inspection__isnull=False, lot__isnull=False), name="step_of_a_lot_names_it"
            ),
        ]
