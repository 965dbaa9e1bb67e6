"""A file of results on its way in: kept as it came, read, looked at, filed."""

from django.db import models
from django.db.models import Q
from uuid_utils.compat import uuid7

from foundation.actor import Hat
from foundation.scope import ScopedQuerySet
from inspections.models.results import CharacteristicResult
from suppliers.models import SupplyLink

ITS_FIRM = {Hat.OWNER: "org_id", Hat.SUPPLIER: "org_id"}


class ResultImport(models.Model):
    """One file of results. Nothing is filed before it is confirmed; what a person mends is kept beside the file, which never changes."""

    class State(models.TextChoices):
        READING = "reading"  # a worker reads a long file
        NEEDS_MAPPING = "needs_mapping"  # a person must say which column is which
        PREVIEW = "preview"
        WRITING = "writing"  # a worker files what is ready
        DONE = "done"
        CANCELLED = "cancelled"
        REFUSED = "refused"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_id = models.UUIDField()
    hat = models.CharField(max_length=8)  # in which the firm brought it: a firm may be a chain owner and a supplier
    link = models.ForeignKey(
        SupplyLink, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )  # whose lots; empty: all of the firm's
    origin = models.CharField(max_length=10, choices=CharacteristicResult.Origin.choices)
    file_name = models.CharField(max_length=120)
    digest = models.UUIDField()  # of the file: the same one again is known
    state = models.CharField(max_length=16, choices=State.choices)
    layout = models.CharField(max_length=5, blank=True)  # long, wide, lines
    facts = models.JSONField(
        default=dict
    )  # encoding, sheet, header row, columns, messages, what was chosen; a sample while columns are asked
    mends = models.JSONField(default=dict)  # row → place from 0 → text
    totals = models.JSONField(default=dict)
    refusal = models.JSONField(null=True, blank=True)
    person_name = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    cancel_asked_at = models.DateTimeField(null=True, blank=True)
    rows_done = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(default=0)
    filed = models.PositiveIntegerField(default=0)  # sets that were new
    known = models.PositiveIntegerField(default=0)  # sets that had been filed before

    objects = ScopedQuerySet.as_manager()
    seen_by = ITS_FIRM

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(hat__in=["owner", "supplier"]), name="result_file_is_brought_in_a_hat"),
            models.UniqueConstraint(fields=["id", "org_id"], name="result_file_is_its_firms"),
        ]
        indexes = [models.Index(fields=["org_id", "-created_at", "-id"], name="result_file_of_firm")]


class ResultFile(models.Model):
    """The bytes, until what is ready has been filed and nothing is left to mend."""

    batch = models.OneToOneField(ResultImport, on_delete=models.CASCADE, primary_key=True, related_name="file")
    org_id = models.UUIDField()
    data = models.BinaryField()

    objects = ScopedQuerySet.as_manager()
    seen_by = ITS_FIRM


class ResultImportRow(models.Model):
    """A row of the preview: all that asks for a look, and the first of those that do not."""

    id = models.BigAutoField(primary_key=True)
    org_id = models.UUIDField()
    batch = models.ForeignKey(ResultImport, on_delete=models.CASCADE, related_name="rows", db_index=False)
    number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10)
    cells = models.JSONField()  # as typed or mended
    said = models.JSONField()  # issues, values, normalised, reason, duplicate_of

    objects = ScopedQuerySet.as_manager()
    seen_by = ITS_FIRM

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="result_row_stands_once_in_its_file")]


class ResultColumnMemory(models.Model):
    """What a firm said a header of its result files means: a field, the place of a reading, or nothing (null). Asked for once."""

    id = models.BigAutoField(primary_key=True)
    org_id = models.UUIDField()
    header = models.CharField(max_length=200)  # canonical
    field = models.CharField(max_length=30, null=True, blank=True)
    said_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    seen_by = ITS_FIRM

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org_id", "header"], name="a_result_header_is_remembered_once")]
