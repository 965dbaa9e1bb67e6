"""Programmes, audits and answers. An audit row is a state; the answers lie in a table of their own."""

from uuid import UUID

from django.db import models
from uuid_utils.compat import uuid7

from agreements.models import Agreement
from audits.models.checklists import ChecklistVersion, Question
from audits.models.programmes import OwnerProgramme
from audits.status import ANSWERABLE
from foundation.actor import Hat
from foundation.scope import EVERY, ScopedQuerySet

BOTH_SIDES = {Hat.OWNER: "owner_org_id", Hat.SUPPLIER: "supplier_org_id", Hat.CLOCK: EVERY}


class AuditProgramme(models.Model):
    """The rhythm of one relation, read by the tick: what a signed clause asks for (once per clause), or what a programme of the owner makes
    of it. The supplier reads its own, unless the visits are not announced.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="programmes")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    clause_id = models.UUIDField(unique=True, null=True, blank=True)
    owner_programme = models.ForeignKey(OwnerProgramme, null=True, blank=True, on_delete=models.PROTECT, related_name="rhythms")
    serial = models.PositiveSmallIntegerField(default=0)  # of an owner's programme: the band changed, and another rhythm follows
    kind = models.CharField(max_length=14)  # self_check, second_party
    checklist = models.ForeignKey(ChecklistVersion, on_delete=models.PROTECT, related_name="+")
    every_months = models.PositiveSmallIntegerField(default=0)
    every_days = models.PositiveSmallIntegerField(default=0)
    notice_days = models.PositiveSmallIntegerField()
    review_days = models.PositiveSmallIntegerField()
    took_effect_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    announced = models.BooleanField(default=True)
    halves = models.PositiveSmallIntegerField(default=1)
    is_active = models.BooleanField(default=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = BOTH_SIDES

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(every_months__gt=0, every_days=0) | models.Q(every_months=0, every_days__gt=0),
                name="programme_has_one_interval",
            ),
            models.CheckConstraint(
                condition=models.Q(clause_id=None, owner_programme__isnull=False) | models.Q(clause_id__isnull=False, owner_programme=None),
                name="rhythm_is_of_a_clause_or_of_an_owner",
            ),
            models.UniqueConstraint(fields=["owner_programme", "supplier_org_id", "serial"], name="rhythm_of_a_relation_is_made_once"),
            models.UniqueConstraint(
                fields=["owner_programme", "supplier_org_id"], condition=models.Q(is_active=True), name="relation_has_one_rhythm_at_a_time"
            ),
        ]

    @property
    def signed_clause(self) -> UUID:
        """The clause of a rhythm that a clause asks for, as that of every self-check. A programme of the owner has none: ValueError."""
        if self.clause_id is None:
            raise ValueError("a programme of an owner rests on no clause")
        return self.clause_id


class Audit(models.Model):
    """One visit or self-check: its days, its state, its result class. No answer, no finding text.

    The supplier answers a self-check (`AUDIT_MOVES`); a team of the chain owner conducts a visit (`VISIT_MOVES`). A visit that is not
    announced is hidden from the supplier until the team starts it: the database holds that.
    """

    class Kind(models.TextChoices):
        SELF_CHECK = "self_check"
        SECOND_PARTY = "second_party"
        FOLLOW_UP = "follow_up"

    class State(models.TextChoices):
        PLANNED = "planned"
        NOTIFIED = "notified"
        ACCEPTED = "accepted"
        RESCHEDULE_ASKED = "reschedule_asked"
        PACKED = "packed"
        IN_PROGRESS = "in_progress"
        SUBMITTED = "submitted"
        REVIEWED = "reviewed"
        CLOSED = "closed"
        CANCELLED = "cancelled"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="audits")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    # A follow-up has no programme: it follows the audit whose findings are still open.
    programme = models.ForeignKey(AuditProgramme, null=True, blank=True, on_delete=models.PROTECT, related_name="audits")
    follows = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="follow_ups")
    site_id = models.UUIDField()
    period = models.PositiveIntegerField()
    kind = models.CharField(max_length=14, choices=Kind.choices)
    checklist = models.ForeignKey(ChecklistVersion, on_delete=models.PROTECT, related_name="+")
    nominal_on = models.DateField()  # the visit day before holidays moved it
    visit_on = models.DateField()
    notice_on = models.DateField()
    window_from = models.DateField(null=True, blank=True)  # a visit may be planned on any of these days
    window_to = models.DateField(null=True, blank=True)
    half = models.CharField(max_length=2, blank=True)  # am, pm: in which half of the day the visit begins; empty while nobody is booked
    halves = models.PositiveSmallIntegerField(default=1)  # how many half-days it takes
    announced = models.BooleanField(default=True)
    dates_asked = models.PositiveSmallIntegerField(default=0)  # how often the supplier asked for another day
    state = models.CharField(max_length=16, choices=State.choices, default=State.PLANNED)
    created_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.CharField(max_length=60, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.CharField(max_length=60, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    result_class = models.CharField(max_length=1, blank=True)  # A to D

    objects = ScopedQuerySet.as_manager()
    seen_by = {**BOTH_SIDES, Hat.BUREAU: EVERY}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "site_id", "period"], name="audit_is_created_once_per_period"),
            models.UniqueConstraint(fields=["id", "owner_org_id", "supplier_org_id"], name="audit_names_its_sides"),
            models.CheckConstraint(
                condition=models.Q(programme__isnull=False, follows=None) | models.Q(programme=None, follows__isnull=False),
                name="audit_is_of_a_programme_or_follows_another",
            ),
            models.CheckConstraint(condition=models.Q(announced=True) | ~models.Q(kind="self_check"), name="self_check_is_announced"),
        ]
        indexes = [
            models.Index(fields=["owner_org_id", "-visit_on", "-id"], name="audit_of_owner"),
            models.Index(fields=["supplier_org_id", "-visit_on", "-id"], name="audit_of_supplier"),
            models.Index(fields=["-visit_on", "-id"], name="audit_newest"),
            # What a list shows: a visit that is only pencilled in, a year ahead, stands in the calendar.
            models.Index(
                fields=["owner_org_id", "-visit_on", "-id"],
                condition=models.Q(kind="self_check") | ~models.Q(state="planned"),
                name="audit_told_of_owner",
            ),
            models.Index(
                fields=["supplier_org_id", "-visit_on", "-id"],
                condition=models.Q(kind="self_check") | ~models.Q(state="planned"),
                name="audit_told_of_supplier",
            ),
            models.Index(fields=["notice_on"], condition=models.Q(state="planned"), name="audit_to_announce"),
        ]

    @property
    def is_answered_by_site(self) -> bool:
        """A self-check that is still open. A visit is the team's to answer, never the site's."""
        return self.kind == self.Kind.SELF_CHECK and self.state in ANSWERABLE

    @property
    def asked_by(self) -> AuditProgramme:
        """The programme of an audit that has one, as every self-check has. A follow-up has none: ValueError."""
        if self.programme is None:
            raise ValueError("a follow-up belongs to no programme")
        return self.programme


class Response(models.Model):
    """An answer. The owner sees it once the audit is submitted: until then `owner_org_id` is empty."""

    class Answer(models.TextChoices):
        YES = "yes"
        NO = "no"
        NOT_APPLICABLE = "na"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="responses")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    supplier_org_id = models.UUIDField()
    owner_org_id = models.UUIDField(null=True, blank=True)
    answer = models.CharField(max_length=3, choices=Answer.choices, blank=True)  # of a yes-or-no question, and "na" of any
    value = models.JSONField(null=True, blank=True)  # of every other kind of question, as audits.questions reads it
    note = models.TextField(blank=True)
    answered_by = models.CharField(max_length=60)
    answered_at = models.DateTimeField()
    client_id = models.CharField(max_length=64, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.OWNER: "owner_org_id", Hat.SUPPLIER: "supplier_org_id"}  # no answer is the clock's business

    class Meta:
        constraints = [models.UniqueConstraint(fields=["audit", "question"], name="question_is_answered_once")]


class ResponseEvidence(models.Model):
    """A photo under an answer."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="photos")
    supplier_org_id = models.UUIDField()
    owner_org_id = models.UUIDField(null=True, blank=True)
    evidence_id = models.UUIDField()
    added_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.OWNER: "owner_org_id", Hat.SUPPLIER: "supplier_org_id"}  # no answer is the clock's business

    class Meta:
        constraints = [models.UniqueConstraint(fields=["response", "evidence_id"], name="photo_hangs_once_under_an_answer")]
