"""What is worth a look: series that are watched, signals that were found in them, and counts by month."""

from django.db import models
from django.db.models import Q
from uuid_utils.compat import uuid7

from foundation.actor import Hat
from foundation.scope import EVERY, ScopedQuerySet
from inspections.models.lots import BOTH_SIDES, Lot
from inspections.models.results import CharacteristicResult


class WatchedSeries(models.Model):
    """One characteristic of one product from one supplier, by one edition, unit and origin, for one customer or for none.

    A trigger makes the row with the first result and marks it as due with every later one; whoever evaluates it takes the mark away.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner_org_id = models.UUIDField(null=True, blank=True)
    supplier_org_id = models.UUIDField()
    product_code = models.CharField(max_length=40, blank=True)
    characteristic_code = models.CharField(max_length=20)
    edition_code = models.CharField(max_length=40, blank=True)
    unit = models.CharField(max_length=24, blank=True)
    origin = models.CharField(max_length=10, choices=CharacteristicResult.Origin.choices)
    is_due = models.BooleanField(default=True, db_default=True)
    lots = models.PositiveIntegerField(default=0, db_default=0)
    missing = models.PositiveSmallIntegerField(null=True, blank=True)  # lots until there are limits; NULL where there never are
    newest = models.DateField(null=True, blank=True)
    touched = models.PositiveIntegerField(default=0, db_default=0)  # how often its rows have changed, counted by the same trigger

    objects = ScopedQuerySet.as_manager()
    seen_by = BOTH_SIDES

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["supplier_org_id", "owner_org_id", "characteristic_code", "product_code", "edition_code", "unit", "origin"],
                name="series_is_watched_once", nulls_distinct=False,
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["supplier_org_id", "id"], condition=Q(is_due=True), name="watched_series_that_is_due"),
            models.Index(fields=["owner_org_id", "characteristic_code"], name="watched_of_owner"),
        ]


class WatchedLots(models.Model):
    """What the rules are asked of: number, mean and standard deviation of each of the newest lots of a series, in their order.

    Reckoned from the rows when the series was touched `touched` times; once it is touched again this says nothing, and the rows are read.
    """

    series = models.OneToOneField(WatchedSeries, on_delete=models.CASCADE, primary_key=True, related_name="kept")
    supplier_org_id = models.UUIDField(db_index=True)
    touched = models.PositiveIntegerField()
    data = models.BinaryField()  # inspections.selectors.blocks.KEPT, a lot after the other

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.CLOCK: EVERY}


class ResultRollup(models.Model):
    """Results that stand, added up by month of making: sums only, so that months, firms and regions add up to more of the same.

    `n_numeric` readings have `total` and `total_squared`, in the unit: measured and counted values. Grades, colours and what was only
    found to be below or above something are counted and never summed. A portion shown to a customer counts in that customer's rows
    as well as the whole lot in the supplier's own.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner_org_id = models.UUIDField(null=True, blank=True)
    supplier_org_id = models.UUIDField()
    characteristic_code = models.CharField(max_length=20)
    edition_code = models.CharField(max_length=40, blank=True)
    unit = models.CharField(max_length=24, blank=True)
    origin = models.CharField(max_length=10, choices=CharacteristicResult.Origin.choices)
    month = models.DateField()  # its first day
    rows = models.BigIntegerField()
    n_readings = models.BigIntegerField()
    out_count = models.BigIntegerField()
    n_numeric = models.BigIntegerField()
    total = models.DecimalField(max_digits=40, decimal_places=6)
    total_squared = models.DecimalField(max_digits=60, decimal_places=12)

    objects = ScopedQuerySet.as_manager()
    seen_by = BOTH_SIDES

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["supplier_org_id", "owner_org_id", "characteristic_code", "edition_code", "unit", "origin", "month"],
                name="rollup_stands_once", nulls_distinct=False,
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["owner_org_id", "characteristic_code", "month"], name="rollup_of_owner")]


class Signal(models.Model):
    """Something to look at. Never a violation: even quiet series give some, and the page says how many.

    The supplier sees it first; the customer from `owner_sees_at` on, which the clock sets when `owner_due_at` is past.
    What no longer stands after a correction or a late result is withdrawn and kept, with the reason.
    """

    class Kind(models.TextChoices):
        OUT_OF_LIMITS = "out_of_limits"  # a reading beyond what was agreed
        BEYOND = "beyond"  # a lot outside the control limits
        EWMA = "ewma"  # the moving average outside of its own
        EVEN = "even"  # the spread within lots too small, four lots in a row
        DRIFT_L = "drift_l"
        DRIFT_A = "drift_a"
        DRIFT_B = "drift_b"
        LOT_TO_LOT = "lot_to_lot"  # two lots that differ from each other by more than a lot may from the sample
        OWN_BIAS = "own_bias"  # own tests against those of others on the same lots
        REPEATED = "repeated"  # the readings of an earlier lot again
        DIGITS = "digits"  # last digits that are not spread evenly
        PHOTO = "photo"  # one file filed twice

    class State(models.TextChoices):
        OPEN = "open"
        CAUSE_NOTED = "cause_noted"
        DISMISSED = "dismissed"  # looked at, nothing found

    class Cause(models.TextChoices):
        PEOPLE = "people"
        MACHINE = "machine"
        MATERIAL = "material"
        METHOD = "method"
        ENVIRONMENT = "environment"
        MEASUREMENT = "measurement"
        NOTHING = "nothing"

    class Withdrawn(models.TextChoices):
        CORRECTED = "corrected"  # with what was corrected or came late, the pattern is gone
        NEW_BASELINE = "new_baseline"  # limits begin anew at a change point

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    series = models.ForeignKey(WatchedSeries, null=True, blank=True, on_delete=models.PROTECT, related_name="signals")
    lot = models.ForeignKey(Lot, null=True, blank=True, on_delete=models.PROTECT, related_name="signals")
    owner_org_id = models.UUIDField(null=True, blank=True)
    supplier_org_id = models.UUIDField()
    owner_name_zh = models.CharField(max_length=80, blank=True)
    owner_name_en = models.CharField(max_length=120, blank=True)
    supplier_name_zh = models.CharField(max_length=80, blank=True)
    supplier_name_en = models.CharField(max_length=120, blank=True)
    product = models.CharField(max_length=120, blank=True)
    characteristic_code = models.CharField(max_length=20, blank=True)
    lot_no = models.CharField(max_length=40, blank=True)
    made_on = models.DateField(null=True, blank=True)
    kind = models.CharField(max_length=14, choices=Kind.choices)
    key = models.CharField(max_length=64, blank=True)  # tells two of a kind apart that have no lot
    facts = models.JSONField()  # what was seen: numbers as text
    harm = models.PositiveSmallIntegerField()  # 1 to 4, see inspections/signals.py
    certainty = models.PositiveSmallIntegerField()  # 1 to 3
    rank = models.PositiveSmallIntegerField()  # harm × certainty
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    cause = models.CharField(max_length=12, choices=Cause.choices, blank=True)
    words = models.CharField(max_length=200, blank=True)
    noted_by = models.CharField(max_length=60, blank=True)
    noted_org_id = models.UUIDField(null=True, blank=True)
    noted_at = models.DateTimeField(null=True, blank=True)
    found_at = models.DateTimeField()
    owner_due_at = models.DateTimeField(null=True, blank=True)
    owner_sees_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=14, choices=Withdrawn.choices, blank=True)
    is_demo = models.BooleanField(default=False)

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.OWNER: "owner_org_id", Hat.SUPPLIER: "supplier_org_id", Hat.CLOCK: EVERY}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["supplier_org_id", "series", "lot", "kind", "key"], name="signal_is_raised_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(harm__gte=1, harm__lte=4, certainty__gte=1, certainty__lte=3), name="signal_is_ranked"),
            models.CheckConstraint(
                condition=Q(state="open", cause="", noted_at=None)
                | (Q(state="cause_noted", noted_at__isnull=False) & ~Q(cause__in=["", "nothing"]))
                | Q(state="dismissed", cause="nothing", noted_at__isnull=False),
                name="signal_has_a_cause_when_noted",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_why="") | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_why="")),
                name="withdrawn_signal_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["supplier_org_id", "-rank", "-id"], name="signal_of_supplier"),
            models.Index(fields=["owner_org_id", "-rank", "-id"], condition=Q(owner_sees_at__isnull=False), name="signal_of_owner"),
            models.Index(fields=["series", "lot"], name="signal_of_its_series"),
            models.Index(fields=["owner_due_at"], condition=Q(owner_sees_at=None, withdrawn_at=None), name="signal_to_show_owner"),
        ]
