"""What is measured, and how: characteristics, test methods with their editions, product standards. Everybody reads them.

They come from files (agreements/library/*.json, `manage.py load_library`) and are written by nothing else.
"""

from django.db import models


class Characteristic(models.Model):
    """What is measured or judged. What its readings mean never changes: a new meaning is a new code."""

    class Kind(models.TextChoices):
        VARIABLE = "variable"
        ORDINAL = "ordinal"
        ATTRIBUTE = "attribute"
        CENSORED = "censored"
        DERIVED = "derived"
        BINARY = "binary"

    class Direction(models.TextChoices):
        """On which side a reading may be wrong."""

        TWO = "two"
        UPPER = "upper"
        LOWER = "lower"

    code = models.CharField(primary_key=True, max_length=20)
    order = models.PositiveSmallIntegerField()
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    unit = models.CharField(max_length=24, blank=True)
    decimals = models.PositiveSmallIntegerField(default=0)
    direction = models.CharField(max_length=5, choices=Direction.choices)
    reading_schema = models.JSONField(default=list)  # the parts of one reading: ["value"], ["L", "a", "b"]
    node_codes = models.JSONField(default=list)
    # How a reading is recognised and checked: aliases, units_equal, units_scaled, possible, plausible, detection_limit, note_zh, note_en.
    # It helps reading and judges nothing, so that it may be mended.
    reading = models.JSONField(blank=True, db_default={}, default=dict)
    note_zh = models.CharField(max_length=400, blank=True)
    note_en = models.CharField(max_length=400, blank=True)


class TestMethod(models.Model):
    """A way to measure, whatever its edition."""

    __test__ = False  # no test case of pytest's

    code = models.CharField(primary_key=True, max_length=30)
    order = models.PositiveSmallIntegerField()
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120)
    characteristic_codes = models.JSONField(default=list)


class MethodEdition(models.Model):
    """One edition of a method. Its days stay empty as long as nobody has read them; `verified` is of its number and its use."""

    code = models.CharField(primary_key=True, max_length=40)
    method = models.ForeignKey(TestMethod, on_delete=models.PROTECT, related_name="editions")
    supersedes = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)  # the last day
    twins = models.JSONField(default=list)  # [{"code": "ISO 105-E04", "verified": true}]
    verified = models.BooleanField(default=False)
    source_zh = models.CharField(max_length=200)
    source_en = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_from=None) | models.Q(valid_to=None) | models.Q(valid_to__gte=models.F("valid_from")),
                name="edition_ends_after_it_begins",
            ),
        ]


class ProductKind(models.Model):
    """What a limit is about where it does not hold for every textile."""

    code = models.CharField(primary_key=True, max_length=30)
    order = models.PositiveSmallIntegerField()
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60)
    node_codes = models.JSONField(default=list)


class ProductStandard(models.Model):
    """A product standard by its name; its limits are entered only once somebody has held its pages."""

    code = models.CharField(primary_key=True, max_length=30)
    order = models.PositiveSmallIntegerField()
    product = models.ForeignKey(ProductKind, null=True, blank=True, on_delete=models.PROTECT, related_name="standards")
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120)
    replaces_zh = models.CharField(max_length=120, blank=True)
    replaces_en = models.CharField(max_length=120, blank=True)
    source_zh = models.CharField(max_length=200)
    source_en = models.CharField(max_length=200)
    verified = models.BooleanField(default=False)
