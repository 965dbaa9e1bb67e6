"""The industry chain in numbers: the city's statistics as they were handed in, and the firms of the platform as they are now."""

from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from uuid_utils.compat import uuid7

from foundation.actor import Hat
from foundation.scope import EVERY, ScopedQuerySet

READ_BY = {Hat.BUREAU: EVERY, Hat.PLATFORM: EVERY, Hat.CLOCK: EVERY}


class ChainImport(models.Model):
    """One quarter of statistics for the places under one place. A later one of the same quarter supersedes it; both stay."""

    class Origin(models.TextChoices):
        FILE = "file"  # statistics handed in
        PLATFORM = "platform"  # the platform's own firms as the quarter ended

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    origin = models.CharField(max_length=8, choices=Origin.choices)
    quarter = models.CharField(max_length=6)  # 2026Q3
    parent_code = models.CharField(max_length=12)
    source = models.CharField(max_length=120)
    as_of = models.DateField()
    file_name = models.CharField(max_length=120, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    lines = models.PositiveIntegerField()
    firms = models.PositiveIntegerField()
    person_name = models.CharField(max_length=60, blank=True)
    org_id = models.UUIDField(null=True, blank=True)
    at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = READ_BY

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["origin", "parent_code", "quarter"],
                condition=models.Q(superseded_at=None),
                name="quarter_has_one_statistic_that_counts",
            ),
            models.CheckConstraint(condition=models.Q(quarter__regex=r"^20[0-9]{2}Q[1-4]$"), name="quarter_is_a_year_and_a_quarter"),
        ]

    def is_of(self, org_id: UUID | None) -> bool:
        """Whether this office handed it in and so holds the file. Others are not told its sum nor its hash: beside the map's figures the sum
        tells of merged cells, and against the hash they can be guessed."""
        return self.org_id is not None and self.org_id == org_id


class ChainStat(models.Model):
    """One line of such a statistic. An empty node or size says that the source does not split by it; a null was not counted."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    batch = models.ForeignKey(ChainImport, on_delete=models.PROTECT, related_name="stats")
    place_code = models.CharField(max_length=12)
    node_code = models.CharField(max_length=12, blank=True)
    size = models.CharField(max_length=8, blank=True)
    firms = models.PositiveIntegerField()
    above_scale = models.PositiveIntegerField(null=True, blank=True)
    certified = models.PositiveIntegerField(null=True, blank=True)
    signed = models.PositiveIntegerField(null=True, blank=True)
    output_band = models.PositiveSmallIntegerField(null=True, blank=True)  # oversight.chain.BANDS

    objects = ScopedQuerySet.as_manager()
    seen_by = READ_BY

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "place_code", "node_code", "size"], name="cell_stands_once_in_a_statistic"),
            models.CheckConstraint(
                condition=(models.Q(above_scale=None) | models.Q(above_scale__lte=models.F("firms")))
                & (models.Q(certified=None) | models.Q(certified__lte=models.F("firms")))
                & (models.Q(signed=None) | models.Q(signed__lte=models.F("firms"))),
                name="part_of_the_firms_is_no_more_than_the_firms",
            ),
        ]


class ChainTouch(models.Model):
    """Firms of which a statement changed something that is counted, until the clock adds up. Writers only add rows, so none waits for another."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_ids = ArrayField(models.UUIDField())

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.CLOCK: EVERY}


class ChainFirm(models.Model):
    """What is counted of one firm of the platform in the sums, as its own rows said it when the clock last added up."""

    org_id = models.UUIDField(primary_key=True)
    region_code = models.CharField(max_length=12, blank=True)
    town_code = models.CharField(max_length=12, blank=True)
    node_codes = ArrayField(models.CharField(max_length=12), default=list)  # empty: it is not counted
    size = models.CharField(max_length=8, blank=True)
    above_scale = models.BooleanField()
    certified_until = models.DateField(null=True, blank=True)  # the last day of its longest certificate
    is_certified = models.BooleanField()
    is_signed = models.BooleanField()

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.CLOCK: EVERY}

    class Meta:
        indexes = [models.Index(fields=["certified_until"], condition=models.Q(is_certified=True), name="chain_firm_runs_out")]


class ChainSum(models.Model):
    """Firms of the platform added up: one row, since a page reads all of it and one row is read at once.

    `lines` is a JSON list of [parent, place, node, size, firms, above scale, certified, signed]. A firm stands once under its region's and
    once under its town's place, at each of its nodes, and once at the empty node, so that no sum counts it twice. Firms without a place
    stand under the empty one. To be read with what was touched since: selectors.chain_map.platform_now.
    """

    id = models.PositiveSmallIntegerField(primary_key=True)
    day = models.DateField()  # up to which the clock has looked for certificates that ran out
    lines = models.TextField()

    objects = ScopedQuerySet.as_manager()
    seen_by = READ_BY
