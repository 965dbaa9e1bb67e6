"""What everybody reads of a project's firms: figures of all of them together, each as it stood on the day it was published."""

from django.db import models
from django.db.models import Q
from uuid_utils.compat import uuid7

from foundation.actor import Hat
from foundation.scope import EVERY, ScopedQuerySet
from oversight.models.problems import READ_BY_ALL
from oversight.models.projects import ResearchProject


class ProjectFigure(models.Model):
    """The change of all firms together. Never changed and never taken back: whoever read it knows it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(ResearchProject, on_delete=models.PROTECT, related_name="figures")
    month = models.DateField()  # its first day
    published_on = models.DateField()
    firms = models.PositiveSmallIntegerField()
    difference = models.FloatField()  # rounded as it is shown: what is not published is not kept either
    low = models.FloatField()
    high = models.FloatField()

    objects = ScopedQuerySet.as_manager()
    seen_by = READ_BY_ALL

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "month"], name="project_has_one_figure_a_month"),
            models.CheckConstraint(condition=Q(firms__gte=5), name="figure_is_of_five_firms_or_more"),
            models.CheckConstraint(condition=Q(low__lt=models.F("high")), name="figure_has_an_interval"),
        ]


class FigurePart(models.Model):
    """One firm in a published figure, by its series. Its change is not kept, only a keyed mark that tells whether it moved since."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    figure = models.ForeignKey(ProjectFigure, on_delete=models.PROTECT, related_name="parts")
    series_id = models.UUIDField()
    mark = models.UUIDField()

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.CLOCK: EVERY}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["figure", "series_id"], name="firm_counts_once_in_a_figure")]
