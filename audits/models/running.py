"""What a team says on site: every tap as it came, and how each answer stands. The chain owner's own until the visit is handed in."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from uuid_utils.compat import uuid7

from audits.models.checklists import Question
from audits.models.findings import Finding
from audits.models.visits import Audit
from foundation.actor import Hat
from foundation.scope import ScopedQuerySet

OWNERS = {Hat.OWNER: "owner_org_id"}
# The supplier's side of a row is empty until the visit is handed in: then it reads what was said of it.
SHOWN_LATER = {Hat.OWNER: "owner_org_id", Hat.SUPPLIER: "supplier_org_id"}


class VisitOp(models.Model):
    """One tap on a phone, as it came. Never changed: the history of a visit."""

    class Outcome(models.TextChoices):
        SAVED = "saved"
        CONFLICT = "conflict"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="ops")
    owner_org_id = models.UUIDField()
    client_id = models.UUIDField()
    kind = models.CharField(max_length=12)
    subject = models.CharField(max_length=40, blank=True)  # the question's code, or the phone's own id of a photo or a finding
    body = models.JSONField()
    base_version = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=0)  # of its subject, afterwards
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    client_time = models.DateTimeField(null=True, blank=True)  # the device's clock, as it said
    skew_seconds = models.IntegerField(default=0)  # how far that clock was from ours when it sent
    person_id = models.UUIDField()
    person_name = models.CharField(max_length=60)
    received_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    seen_by = OWNERS

    class Meta:
        constraints = [models.UniqueConstraint(fields=["audit", "client_id"], name="operation_is_applied_once")]
        indexes = [models.Index(fields=["audit", "subject", "received_at"], name="operations_of_a_subject")]


class VisitAnswer(models.Model):
    """How one question stands. `rivals` are the operations that say otherwise and wait until somebody keeps one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="visit_answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField(null=True, blank=True)
    value = models.JSONField(null=True, blank=True)  # as audits.questions reads it
    na = models.BooleanField(default=False)
    note = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    op = models.UUIDField()  # the operation that stands
    rivals = ArrayField(models.UUIDField(), default=list, blank=True)
    answered_by = models.CharField(max_length=60)
    client_time = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    seen_by = SHOWN_LATER

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["audit", "question"], name="visit_answers_a_question_once"),
            models.CheckConstraint(condition=models.Q(supplier_org_id=None) | models.Q(rivals=[]), name="what_is_handed_in_has_no_rivals"),
        ]


class VisitPhoto(models.Model):
    """A photo that a phone has taken: declared at once, filed when its bytes have come. Without a question or a finding it is unsorted."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="visit_photos")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField(null=True, blank=True)
    photo = models.UUIDField()  # the phone's id of it, and the `client_id` of its upload
    question = models.ForeignKey(Question, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    finding = models.UUIDField(null=True, blank=True)  # the phone's id of a finding
    name = models.CharField(max_length=120, blank=True)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    original_sha256 = models.CharField(max_length=64, blank=True)  # of what the camera wrote, before the phone made it smaller
    shot_at = models.DateTimeField(null=True, blank=True)  # the device's clock
    evidence_id = models.UUIDField(null=True, blank=True)
    added_by = models.CharField(max_length=60)
    added_at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = SHOWN_LATER

    class Meta:
        constraints = [models.UniqueConstraint(fields=["audit", "photo"], name="photo_of_a_visit_is_declared_once")]


class VisitFinding(models.Model):
    """A finding as it is being written on site. It is raised, once, when the visit is handed in."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="visit_findings")
    owner_org_id = models.UUIDField()
    key = models.UUIDField()  # the phone's id of it
    question_code = models.CharField(max_length=20, blank=True)
    grade = models.CharField(max_length=8, choices=Finding.Grade.choices)
    clause_ref = models.CharField(max_length=80, blank=True)
    requirement = models.TextField()
    observed = models.TextField()
    gap = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    op = models.UUIDField()
    written_by = models.CharField(max_length=60)
    written_at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True, blank=True)
    raised = models.OneToOneField(Finding, null=True, blank=True, on_delete=models.PROTECT, related_name="written_on_site")

    objects = ScopedQuerySet.as_manager()
    seen_by = OWNERS

    class Meta:
        constraints = [models.UniqueConstraint(fields=["audit", "key"], name="finding_of_a_visit_is_written_once")]


class VisitOpening(models.Model):
    """When the team stood in the yard, how it got there, and who was met."""

    audit = models.OneToOneField(Audit, primary_key=True, on_delete=models.PROTECT, related_name="opening")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField(null=True, blank=True)
    names = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    by_gate = models.BooleanField(default=False)  # the code at the gate was read; else the visit was picked
    client_time = models.DateTimeField(null=True, blank=True)
    opened_by = models.CharField(max_length=60)
    opened_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    seen_by = SHOWN_LATER


class Closing(models.Model):
    """The closing meeting: what the auditee was shown, its word on it, and its signature or its refusal."""

    class Word(models.TextChoices):
        AGREES = "agrees"
        REMARKS = "remarks"
        REFUSES = "refuses"

    audit = models.OneToOneField(Audit, primary_key=True, on_delete=models.PROTECT, related_name="closing")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField(null=True, blank=True)
    name = models.CharField(max_length=60)
    role = models.CharField(max_length=60, blank=True)
    word = models.CharField(max_length=8, choices=Word.choices)
    remark = models.TextField(blank=True)
    signature = models.JSONField(null=True, blank=True)  # {"name", "strokes"}: as audits.questions reads it
    shown = models.JSONField(default=list)  # the findings with their days, as they stood on the glass
    op = models.UUIDField()
    client_time = models.DateTimeField(null=True, blank=True)  # signed at, by the device's clock
    closed_by = models.CharField(max_length=60)  # of the team
    received_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    seen_by = SHOWN_LATER

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(word="refuses") | models.Q(signature__isnull=False), name="who_agrees_signs"),
            models.CheckConstraint(condition=~models.Q(word="remarks") | ~models.Q(remark=""), name="who_remarks_says_what"),
        ]
