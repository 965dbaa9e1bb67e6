"""What a characteristic may be: limits by method edition, product, class and grade, each with its source."""

from django.db import models
from uuid_utils.compat import uuid7

from agreements.models.library_methods import Characteristic, MethodEdition, ProductKind
from foundation.actor import Hat
from foundation.scope import EVERY, ScopedQuerySet


class SpecLimit(models.Model):
    """One revision of one limit. Numbers are kept as they were written: "4.0" is not "4", and a grade is no decimal.

    Its words never change: a change is the next revision, and takes effect when a second person releases it.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        RELEASED = "released"
        SUPERSEDED = "superseded"
        WITHDRAWN = "withdrawn"

    class SafetyClass(models.TextChoices):
        A = "A"
        B = "B"
        C = "C"

    class Grade(models.TextChoices):
        CRITICAL = "critical"
        PREMIUM = "premium"
        FIRST = "first"
        QUALIFIED = "qualified"
        MIDDLE = "middle"

    class Origin(models.TextChoices):
        LIBRARY = "library"  # came with the product's files, which are reviewed where code is
        PLATFORM = "platform"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    characteristic = models.ForeignKey(Characteristic, on_delete=models.PROTECT, related_name="limits")
    edition = models.ForeignKey(MethodEdition, on_delete=models.PROTECT, related_name="limits")
    product = models.ForeignKey(ProductKind, null=True, blank=True, on_delete=models.PROTECT, related_name="limits")
    safety_class = models.CharField(max_length=1, blank=True, choices=SafetyClass.choices)
    grade = models.CharField(max_length=10, blank=True, choices=Grade.choices)
    revision = models.PositiveSmallIntegerField(default=1)
    lower = models.CharField(max_length=17, blank=True)
    target = models.CharField(max_length=17, blank=True)
    upper = models.CharField(max_length=17, blank=True)
    grade_floor = models.CharField(max_length=3, blank=True)
    max_cv_percent = models.CharField(max_length=17, blank=True)
    max_lot_delta_e = models.CharField(max_length=17, blank=True)
    source_zh = models.CharField(max_length=200)
    source_en = models.CharField(max_length=200)
    read_in = models.CharField(max_length=200, blank=True)  # where somebody saw it
    verified = models.BooleanField(default=False)
    reason = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    origin = models.CharField(max_length=8, choices=Origin.choices, default=Origin.PLATFORM)
    supersedes = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="successors")
    proposed_at = models.DateTimeField()
    proposed_by_id = models.UUIDField(null=True, blank=True)
    proposed_by = models.CharField(max_length=60, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    released_by_id = models.UUIDField(null=True, blank=True)
    released_by = models.CharField(max_length=60, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=60, blank=True)
    ended_why = models.CharField(max_length=300, blank=True)

    objects = ScopedQuerySet.as_manager()
    # A revision that was never released is the platform's own: see the restrictive policies of the migration.
    seen_by = dict.fromkeys((Hat.OWNER, Hat.SUPPLIER, Hat.BUREAU, Hat.LAB, Hat.PROVIDER, Hat.PLATFORM, Hat.CLOCK), EVERY)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["characteristic", "edition", "product", "safety_class", "grade", "revision"],
                name="limit_has_one_row_per_revision", nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["characteristic", "edition", "product", "safety_class", "grade"], condition=models.Q(state="released"),
                name="one_revision_of_a_limit_is_released", nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["characteristic", "edition", "product", "safety_class", "grade"], condition=models.Q(state="draft"),
                name="one_revision_of_a_limit_waits", nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(released_at=None) | models.Q(origin="library")
                | (models.Q(released_by_id__isnull=False, proposed_by_id__isnull=False) & ~models.Q(released_by_id=models.F("proposed_by_id"))),
                name="limit_is_released_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("released", "superseded")) | models.Q(released_at__isnull=False),
                name="released_limit_has_its_moment",
            ),
            models.CheckConstraint(
                condition=(models.Q(verified=True) & ~models.Q(source_en__endswith="(unverified)") & ~models.Q(source_zh__endswith="（待核实）"))
                | models.Q(verified=False, source_en__endswith="(unverified)", source_zh__endswith="（待核实）"),
                name="unverified_limit_says_so_in_words",
            ),
            models.CheckConstraint(condition=~models.Q(source_zh="") & ~models.Q(source_en=""), name="limit_names_its_source"),
            models.CheckConstraint(
                condition=~models.Q(lower="", target="", upper="", grade_floor="", max_cv_percent="", max_lot_delta_e=""),
                name="limit_says_something",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["state", "-proposed_at", "-id"], name="limit_by_state")]
