"""What an audit came to, the paper that says so, and the copy that another chain owner may recognise. None of it lies on the audit's row."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from uuid_utils.compat import uuid7

from agreements.models import Agreement
from audits.models.visits import BOTH_SIDES, Audit
from foundation.actor import Hat
from foundation.scope import ScopedQuerySet


class AuditScore(models.Model):
    """One computation: its method with version, all that went into it, and what came out. Never changed; a later one has a higher number."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="scores")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    number = models.PositiveSmallIntegerField()  # of the computation; the highest one holds
    method = models.CharField(max_length=20)  # weighted-1, vda63-1
    inputs = models.JSONField()
    value_hundredths = models.PositiveIntegerField(null=True, blank=True)  # of a percent; none where nothing can be said
    band = models.CharField(max_length=1, blank=True)
    why = models.CharField(max_length=20)  # what made it be computed: reviewed, raised, contested, decided, closed
    at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    seen_by = BOTH_SIDES

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["audit", "number"], name="score_of_an_audit_has_its_number"),
            models.CheckConstraint(
                condition=models.Q(value_hundredths=None) | models.Q(value_hundredths__lte=10_000), name="score_is_a_percentage"
            ),
        ]


class AuditReport(models.Model):
    """A printed report, kept as its bytes were. `token` is in its QR code: whoever holds the paper may ask whether it stands."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="reports")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    number = models.PositiveSmallIntegerField()
    token = models.CharField(max_length=43, unique=True)
    content_sha256 = models.CharField(max_length=64)  # of what it says; printed on the paper itself
    sha256 = models.CharField(max_length=64)  # of the bytes of the paper
    size = models.PositiveBigIntegerField()
    path = models.CharField(max_length=200)
    at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    seen_by = BOTH_SIDES

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["audit", "number"], name="report_of_an_audit_has_its_number"),
            models.UniqueConstraint(fields=["audit", "content_sha256"], name="report_is_printed_once_for_what_it_says"),
        ]


class AuditCopy(models.Model):
    """What a supplier shows another chain owner of an audit: a copy that names neither who conducted it nor where it came from."""

    class State(models.TextChoices):
        SHOWN = "shown"
        RECOGNISED = "recognised"
        NOT_RECOGNISED = "not_recognised"
        TAKEN_BACK = "taken_back"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # The agreement between the supplier and the reader: its stream says that the copy was shown.
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    owner_org_id = models.UUIDField()  # the reader
    supplier_org_id = models.UUIDField()
    month = models.DateField()  # its first day; the day itself is the other relation's
    body = models.JSONField()
    sha256 = models.CharField(max_length=64)  # of the body
    halves = models.PositiveSmallIntegerField()  # half-days that such an audit takes
    state = models.CharField(max_length=14, choices=State.choices, default=State.SHOWN)
    shown_at = models.DateTimeField()
    shown_by = models.CharField(max_length=60)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    halves_saved = models.PositiveSmallIntegerField(default=0)

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.OWNER: "owner_org_id", Hat.SUPPLIER: "supplier_org_id"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["id", "owner_org_id", "supplier_org_id"], name="copy_names_its_sides"),
            models.CheckConstraint(
                condition=models.Q(state="recognised") | models.Q(halves_saved=0), name="only_a_recognised_copy_saves_days"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="not_recognised") | ~models.Q(reason=""), name="a_copy_is_not_recognised_for_a_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["owner_org_id", "-shown_at", "-id"], name="copy_of_reader"),
            models.Index(fields=["supplier_org_id", "-shown_at", "-id"], name="copy_of_supplier"),
        ]


class AuditShare(models.Model):
    """Which audit a copy was made of: the supplier alone knows."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="+")
    from_owner_org_id = models.UUIDField()
    to_owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    copy = models.OneToOneField(AuditCopy, on_delete=models.PROTECT, related_name="+")
    sections = ArrayField(models.CharField(max_length=80), default=list, blank=True)  # empty: the whole audit
    client_id = models.CharField(max_length=64)

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.SUPPLIER: "supplier_org_id"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["supplier_org_id", "client_id"], name="audit_is_shown_once_per_asking"),
            models.CheckConstraint(
                condition=~models.Q(from_owner_org_id=models.F("to_owner_org_id")), name="audit_is_shown_to_another_owner"
            ),
        ]
