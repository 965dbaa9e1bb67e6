"""Where the chain is weak: who was looked at and who failed, added up by triggers, and the figures that were published of it.

The first three tables are the clock's alone. What the bureau reads is published once for a quarter, small cells left out: there is no
fresher number beside it, so nobody is found by watching a number move.
"""

from django.db import models
from django.db.models import Q
from uuid_utils.compat import uuid7

from foundation.actor import Hat
from foundation.scope import EVERY, ScopedQuerySet


class WeakLinkLook(models.Model):
    """What a statement added to a firm's counts, until the clock takes it into their sums. Writers only add rows, so none waits for another."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    supplier_org_id = models.UUIDField()
    category = models.CharField(max_length=12)
    period_on = models.DateField()
    looks = models.IntegerField()
    minor = models.IntegerField()
    major = models.IntegerField()
    critical = models.IntegerField()

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.CLOCK: EVERY}


class WeakLinkFirm(models.Model):
    """One firm in one quarter, in one category: how often it was looked at, and how often it failed, by severity."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    supplier_org_id = models.UUIDField()
    category = models.CharField(max_length=12)
    period_on = models.DateField()  # the first day of the quarter
    region_code = models.CharField(max_length=12, blank=True)
    town_code = models.CharField(max_length=12, blank=True)
    node_code = models.CharField(max_length=12, blank=True)  # the first of the firm's, so that it counts once
    looks = models.IntegerField()
    minor = models.IntegerField()
    major = models.IntegerField()
    critical = models.IntegerField()

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.CLOCK: EVERY}

    class Meta:
        # No check that they are not below zero: an upsert's own row, a difference, is held against it before it is added.
        constraints = [models.UniqueConstraint(fields=["supplier_org_id", "category", "period_on"], name="firm_is_in_a_weak_link_once")]


class WeakLinkCell(models.Model):
    """A change of one cell's counts of firms. Its counts are the sum of its rows: writers only add rows, so none waits for another."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    period_on = models.DateField()
    category = models.CharField(max_length=12)
    region_code = models.CharField(max_length=12, blank=True)
    town_code = models.CharField(max_length=12, blank=True)
    node_code = models.CharField(max_length=12, blank=True)
    firms = models.IntegerField()  # looked at
    minor = models.IntegerField()  # of them: whose worst was minor
    major = models.IntegerField()
    critical = models.IntegerField()

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.CLOCK: EVERY}

    class Meta:
        indexes = [models.Index(fields=["period_on", "category"], name="weak_link_cell_of_quarter")]


class WeakLinkCut(models.Model):
    """One quarter, published. Never changed."""

    period_on = models.DateField(primary_key=True)
    published_at = models.DateTimeField()
    method = models.CharField(max_length=20)

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.BUREAU: EVERY, Hat.CLOCK: EVERY}


class WeakLinkFigure(models.Model):
    """One cell of a published quarter: a place, a step of the chain (or "*", all), a category. Shares are in ten-thousandths.

    A cell without a row: nobody was looked at. A hidden one has no number at all: it is not only left out of the page.
    """

    class Standing(models.TextChoices):
        FAR_ABOVE = "far_above"
        ABOVE = "above"
        WITHIN = "within"
        BELOW = "below"
        FAR_BELOW = "far_below"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    cut = models.ForeignKey(WeakLinkCut, on_delete=models.PROTECT, related_name="figures", db_index=False)
    category = models.CharField(max_length=12)
    place_code = models.CharField(max_length=12)
    node_code = models.CharField(max_length=12)
    is_hidden = models.BooleanField()
    firms = models.PositiveIntegerField(null=True)
    minor = models.PositiveIntegerField(null=True)
    major = models.PositiveIntegerField(null=True)
    critical = models.PositiveIntegerField(null=True)
    share = models.PositiveIntegerField(null=True)  # severity-weighted
    lower = models.PositiveIntegerField(null=True)  # the weak-link index
    upper = models.PositiveIntegerField(null=True)
    shrunken = models.PositiveIntegerField(null=True)
    standing = models.CharField(max_length=9, choices=Standing.choices, blank=True)  # empty: nothing to stand beside

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.BUREAU: EVERY, Hat.CLOCK: EVERY}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cut", "category", "place_code", "node_code"], name="weak_link_figure_stands_once"),
            models.CheckConstraint(
                condition=Q(
                    is_hidden=True,
                    firms=None,
                    minor=None,
                    major=None,
                    critical=None,
                    share=None,
                    lower=None,
                    upper=None,
                    shrunken=None,
                    standing="",
                )
                | Q(is_hidden=False, firms__gte=5, minor__isnull=False, major__isnull=False, critical__isnull=False, share__isnull=False),
                name="published_cell_has_five_firms",
            ),
        ]
        indexes = [models.Index(fields=["category", "place_code", "node_code", "cut"], name="weak_link_figure_over_time")]


class WeakLinkNote(models.Model):
    """Why a cell is not taken up as a problem, in the bureau's words. It stays; a second look is a second note."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    cut = models.ForeignKey(WeakLinkCut, on_delete=models.PROTECT, related_name="notes", db_index=False)
    category = models.CharField(max_length=12)
    place_code = models.CharField(max_length=12)
    node_code = models.CharField(max_length=12)
    words = models.CharField(max_length=300)
    noted_by = models.CharField(max_length=60)
    noted_at = models.DateTimeField()
    client_id = models.UUIDField(unique=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.BUREAU: EVERY}

    class Meta:
        indexes = [models.Index(fields=["cut", "category", "place_code", "node_code"], name="weak_link_note_of_cell")]
