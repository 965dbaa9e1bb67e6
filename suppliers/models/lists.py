"""A supplier list on its way in: every row as typed, as meant, and what became of it."""

from typing import Self
from uuid import UUID

from django.db import models
from uuid_utils.compat import uuid7

from foundation.actor import Hat
from foundation.scope import ScopedQuerySet
from suppliers.models.links import SupplyLink


class SupplierImport(models.Model):
    """One uploaded or pasted list. Nothing is written to the owner's suppliers before it is confirmed."""

    class State(models.TextChoices):
        READING = "reading"  # a worker reads a long list
        NEEDS_MAPPING = "needs_mapping"  # a person must say which column is which
        PREVIEW = "preview"
        WRITING = "writing"  # a worker puts the ready rows on the list
        DONE = "done"
        CANCELLED = "cancelled"
        REFUSED = "refused"  # the worker found that this is no list; `refusal` says why

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner_org_id = models.UUIDField()
    file_name = models.CharField(max_length=120)
    state = models.CharField(max_length=16)
    facts = models.JSONField(default=dict)  # reader facts: encoding, sheet, header row, columns, messages; a sample while columns are asked
    person_name = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    rows_done = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(default=0)
    cancel_asked_at = models.DateTimeField(null=True, blank=True)
    refusal = models.JSONField(null=True, blank=True)  # level, code, found, facts of one FileMessage

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.OWNER: "owner_org_id"}


class ListFile(models.Model):
    """The bytes of a list until its rows stand."""

    batch = models.OneToOneField(SupplierImport, on_delete=models.CASCADE, primary_key=True, related_name="file")
    owner_org_id = models.UUIDField()
    data = models.BinaryField()

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.OWNER: "owner_org_id"}


class ImportRowQuerySet(ScopedQuerySet):
    """A row is imported when its line stands on the owner's list: the list itself says so, and no row is written again for it.

    It is asked for each row through the key of lines. As a join, the statistics of a list that was empty a moment ago would have every
    row compared with every line.
    """

    def imported(self) -> Self:
        return self.with_links().exclude(link_id=None)

    def not_imported(self) -> Self:
        return self.with_links().filter(link_id=None)

    def with_links(self) -> Self:
        """Each row with `link_id`: its line's id, or None as long as it has not become one."""
        line = SupplyLink.objects.filter(pk=models.OuterRef("line_id"), owner_org_id=models.OuterRef("owner_org_id"))
        return self.annotate(link_id=models.Subquery(line.values("pk")))


class ImportRow(models.Model):
    """One row of a list: the cells as typed, the values as read, the points to look at.

    Code, pinyin, initials, core and pairs of its name are of rows that may become a supplier: what a line is found and sorted by, reckoned
    when it was read.
    """

    link_id: UUID | None  # of rows that were asked for with_links()

    id = models.BigAutoField(primary_key=True)
    owner_org_id = models.UUIDField()
    batch = models.ForeignKey(SupplierImport, on_delete=models.CASCADE, related_name="rows", db_index=False)
    number = models.PositiveIntegerField()
    cells = models.JSONField()
    values = models.JSONField()
    issues = models.JSONField()
    outcome = models.CharField(max_length=10)  # accepted, warning, duplicate, rejected, skipped
    uscc = models.CharField(max_length=18, blank=True, default="")
    pinyin_key = models.CharField(max_length=200, blank=True, default="")
    initials = models.CharField(max_length=80, blank=True, default="")
    name_core = models.CharField(max_length=200, blank=True, default="", db_default="")
    grams = models.CharField(max_length=600, blank=True, default="", db_default="")  # pairs of characters, parted by blanks
    line_id = models.UUIDField(default=uuid7, editable=False)  # the line that it becomes, should it become one

    objects = ImportRowQuerySet.as_manager()
    seen_by = {Hat.OWNER: "owner_org_id"}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="row_stands_once_in_its_list")]


class AlikeName(models.Model):
    """Two firms with other codes whose names are likely one: a row, and an earlier row or a line of the owner's own list."""

    id = models.BigAutoField(primary_key=True)
    owner_org_id = models.UUIDField()
    batch = models.ForeignKey(SupplierImport, on_delete=models.CASCADE, related_name="alike", db_index=False)
    number = models.PositiveIntegerField()
    other_number = models.PositiveIntegerField(null=True, blank=True)
    other_link_id = models.UUIDField(null=True, blank=True)
    other_name = models.CharField(max_length=80)
    other_uscc = models.CharField(max_length=18)
    answer = models.CharField(max_length=10, blank=True, default="")  # same, different

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.OWNER: "owner_org_id"}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "number", "other_number", "other_link_id"], nulls_distinct=False, name="alike_pair_stands_once"
            ),
            models.CheckConstraint(
                condition=models.Q(other_number__isnull=True) ^ models.Q(other_link_id__isnull=True), name="alike_to_a_row_or_a_link"
            ),
        ]


class ToldApart(models.Model):
    """Two codes whose names look alike and of which the owner said once: these are two firms. Never asked again."""

    id = models.BigAutoField(primary_key=True)
    owner_org_id = models.UUIDField()
    uscc = models.CharField(max_length=18)
    other_uscc = models.CharField(max_length=18)  # the greater of the two

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.OWNER: "owner_org_id"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner_org_id", "uscc", "other_uscc"], name="codes_are_told_apart_once"),
            models.CheckConstraint(condition=models.Q(uscc__lt=models.F("other_uscc")), name="told_apart_in_order"),
        ]


class ColumnMemory(models.Model):
    """What an owner said a header means: a field, or nothing (null). Asked for once."""

    id = models.BigAutoField(primary_key=True)
    owner_org_id = models.UUIDField()
    header = models.CharField(max_length=200)  # canonical
    field = models.CharField(max_length=12, null=True, blank=True)
    said_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.OWNER: "owner_org_id"}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner_org_id", "header"], name="a_header_is_remembered_once")]
