"""A report of a month or a quarter: its figures as they stood at one moment, and the files made of them. Nothing of it changes."""

from django.db import models
from uuid_utils.compat import uuid7

from foundation.actor import Hat
from foundation.scope import ScopedQuerySet


class Report(models.Model):
    """The figures, frozen; `sha256` is of their canonical JSON."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_id = models.UUIDField()
    org_name_zh = models.CharField(max_length=80)
    org_name_en = models.CharField(max_length=120, blank=True)
    period = models.CharField(max_length=7)  # 2026-10, or 2026-Q3
    language = models.CharField(max_length=8)
    words = models.TextField(blank=True)  # what the officer says before the figures
    parts = models.JSONField()  # [{code, title, heads, rows, notes}]
    sha256 = models.CharField(max_length=64)
    as_of = models.DateTimeField()
    made_by = models.CharField(max_length=60)
    client_id = models.CharField(max_length=64)

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.BUREAU: "org_id"}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org_id", "client_id"], name="report_is_made_once")]
        indexes = [models.Index(fields=["org_id", "-as_of", "-id"], name="report_newest")]


class ReportFile(models.Model):
    """One file of a report, as it was handed out."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_id = models.UUIDField()
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="files")
    extension = models.CharField(max_length=4)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.BUREAU: "org_id"}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "extension"], name="report_has_a_file_of_a_kind_once")]
