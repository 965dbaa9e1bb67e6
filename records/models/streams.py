"""The common record: entries that nobody can change, in the stream of one relation."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from uuid_utils.compat import uuid7

from foundation.actor import Hat
from foundation.scope import EVERY, ScopedQuerySet

BOTH_SIDES = {Hat.OWNER: "owner_org_id", Hat.SUPPLIER: "supplier_org_id", Hat.CLOCK: EVERY}


class RecordStream(models.Model):
    """The shared book of one relation; an agreement points to its stream."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    owner_name_zh = models.CharField(max_length=80)
    owner_name_en = models.CharField(max_length=120, blank=True)
    supplier_name_zh = models.CharField(max_length=80)
    supplier_name_en = models.CharField(max_length=120, blank=True)
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField()  # of the newest numbered entry; kept by the sequencer, so that an append takes no lock

    objects = ScopedQuerySet.as_manager()
    seen_by = BOTH_SIDES

    class Meta:
        constraints = [models.UniqueConstraint(fields=["id", "owner_org_id", "supplier_org_id"], name="stream_names_its_sides")]
        indexes = [
            models.Index(fields=["owner_org_id", "-last_at", "-id"], name="stream_newest_of_owner"),
            models.Index(fields=["supplier_org_id", "-last_at", "-id"], name="stream_newest_of_supplier"),
        ]


class RecordEntry(models.Model):
    """One fact that either side relies on. `canonical` is what `leaf` commits to; only number and place come later, once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    stream = models.ForeignKey(RecordStream, on_delete=models.PROTECT, related_name="entries")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    kind = models.CharField(max_length=40)
    side = models.CharField(max_length=12)  # who spoke: owner, supplier, clock
    actor_org_id = models.UUIDField(null=True, blank=True)
    actor_name = models.CharField(max_length=140)
    subject_id = models.UUIDField(null=True, blank=True)
    at = models.DateTimeField()
    effective_on = models.DateField(null=True, blank=True)
    corrects = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrections")
    canonical = models.TextField()
    leaf = models.BinaryField()
    number = models.PositiveIntegerField(null=True, blank=True)  # in its stream, given by the sequencer
    place = models.PositiveBigIntegerField(null=True, blank=True, unique=True)  # in the tree of all streams

    objects = ScopedQuerySet.as_manager()
    seen_by = BOTH_SIDES

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "number"], name="stream_numbers_have_no_twin"),
            models.UniqueConstraint(fields=["id", "owner_org_id", "supplier_org_id"], name="entry_names_its_sides"),
            models.CheckConstraint(
                condition=models.Q(side="owner", actor_org_id=models.F("owner_org_id"))
                | models.Q(side="supplier", actor_org_id=models.F("supplier_org_id"))
                | models.Q(side="clock", actor_org_id=None),
                name="entry_is_spoken_by_its_side",
            ),
        ]
        indexes = [
            models.Index(fields=["stream", "-at", "-id"], name="entry_newest_in_stream"),
            models.Index(fields=["at", "id"], condition=models.Q(number=None), name="entry_unnumbered"),
        ]


class RecordPayload(models.Model):
    """What an entry says, and the salt that hides it in the tree. Destroying this row erases the words; the tree stands."""

    entry = models.OneToOneField(RecordEntry, primary_key=True, on_delete=models.PROTECT, related_name="payload")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    text = models.TextField()  # canonical JSON
    salt = models.BinaryField()

    objects = ScopedQuerySet.as_manager()
    seen_by = BOTH_SIDES


class Head(models.Model):
    """The tree after a batch: how many leaves, which root, and the peaks from which it grows."""

    size = models.PositiveBigIntegerField(primary_key=True)
    root = models.BinaryField()
    peaks = ArrayField(models.BinaryField())
    at = models.DateTimeField()


class Ack(models.Model):
    """What a side says of an entry: agreed, or disputed with a reason. A later word is a new row."""

    class Word(models.TextChoices):
        AGREED = "agreed"
        DISPUTED = "disputed"
        SETTLED = "settled"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    entry = models.ForeignKey(RecordEntry, on_delete=models.PROTECT, related_name="acks")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    side = models.CharField(max_length=12)
    org_id = models.UUIDField()
    word = models.CharField(max_length=10, choices=Word.choices)
    reason = models.TextField(blank=True)
    person_name = models.CharField(max_length=60)
    at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    seen_by = BOTH_SIDES

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(side="owner", org_id=models.F("owner_org_id"))
                | models.Q(side="supplier", org_id=models.F("supplier_org_id")),
                name="ack_is_spoken_by_its_side",
            ),
        ]
        indexes = [models.Index(fields=["entry", "at"], name="ack_of_entry")]
