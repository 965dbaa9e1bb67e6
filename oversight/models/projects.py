"""Joint research: which institutes work on a problem, towards what, with which firms' own measurements."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from uuid_utils.compat import uuid7

from foundation.actor import Hat
from foundation.scope import EVERY, ScopedQuerySet
from oversight.models.problems import READ_BY_ALL, Problem


class Competence(models.Model):
    """What an institute says it can work on; its feed of problems is filtered by it."""

    org_id = models.UUIDField(primary_key=True)
    categories = ArrayField(models.CharField(max_length=24), default=list)
    node_codes = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    updated_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.LAB: "org_id", Hat.BUREAU: EVERY, Hat.CLOCK: EVERY}


class ResearchOffer(models.Model):
    """An institute offers to work on a confirmed problem; the bureau takes the offer or not."""

    class State(models.TextChoices):
        WAITING = "waiting"
        TAKEN = "taken"
        DECLINED = "declined"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="offers")
    org_id = models.UUIDField()
    org_name_zh = models.CharField(max_length=80)
    org_name_en = models.CharField(max_length=120, blank=True)
    words = models.TextField()
    offered_by = models.CharField(max_length=60)
    at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.LAB: "org_id", Hat.BUREAU: EVERY}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["problem", "org_id"], name="institute_offers_once_for_a_problem")]


class ResearchProject(models.Model):
    """One project towards one target: a characteristic from here to there, in so many firms, in so many months."""

    class State(models.TextChoices):
        PROPOSED = "proposed"
        APPROVED = "approved"
        RUNNING = "running"
        REVIEW = "review"
        ADOPTED = "adopted"
        STOPPED = "stopped"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=16, unique=True)  # RP-2026-001
    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="projects")
    title = models.CharField(max_length=120)
    lead_org_id = models.UUIDField()
    lead_name_zh = models.CharField(max_length=80)
    lead_name_en = models.CharField(max_length=120, blank=True)
    characteristic_code = models.CharField(max_length=20)
    edition_code = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=8)  # of the characteristic: variable, ordinal
    direction = models.CharField(max_length=6)  # which way is better: upper (more), lower (less)
    from_value = models.CharField(max_length=12)  # as people say it: 2-3
    to_value = models.CharField(max_length=12)
    target = models.DecimalField(max_digits=12, decimal_places=4)  # to_value as a number; a grade 3-4 is 3.5
    target_firms = models.PositiveSmallIntegerField()
    months = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.PROPOSED)
    state_since = models.DateTimeField()
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    result = models.TextField(blank=True)
    proposed_by = models.CharField(max_length=60)
    proposed_at = models.DateTimeField()
    client_id = models.UUIDField(unique=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = READ_BY_ALL

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["variable", "ordinal"]), name="project_measures_numbers_or_grades"),
            models.CheckConstraint(condition=Q(direction__in=["upper", "lower"]), name="project_knows_which_way_is_better"),
            models.CheckConstraint(condition=Q(target_firms__gte=1, months__gte=1, months__lte=60), name="project_has_firms_and_months"),
            models.CheckConstraint(condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")), name="project_ends_after_it_starts"),
        ]
        indexes = [models.Index(fields=["state", "-state_since"], name="project_by_state")]


class ProjectMember(models.Model):
    """An institute that works on a project beside its lead."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(ResearchProject, on_delete=models.PROTECT, related_name="members")
    org_id = models.UUIDField()
    org_name_zh = models.CharField(max_length=80)
    org_name_en = models.CharField(max_length=120, blank=True)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = READ_BY_ALL

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "org_id"], name="institute_is_in_a_project_once")]


class Milestone(models.Model):
    """A dated step of a project; the lead says when it is done."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(ResearchProject, on_delete=models.PROTECT, related_name="milestones")
    lead_org_id = models.UUIDField()
    name = models.CharField(max_length=80)
    due_on = models.DateField()
    done_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = READ_BY_ALL

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="milestone_has_a_name_of_its_own")]


class ProjectFirm(models.Model):
    """A firm in a project, with its consent. Only the firm reads this row: others see its label, never its name."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(ResearchProject, on_delete=models.PROTECT, related_name="firms")
    firm_org_id = models.UUIDField()
    series_id = models.UUIDField(unique=True)  # joins to its readings; says nothing of the firm
    label = models.CharField(max_length=6)
    consent_version = models.PositiveSmallIntegerField()
    consented_by = models.CharField(max_length=60)
    consented_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    changed_on = models.DateField(null=True, blank=True)  # from this day on the firm works the new way

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.SUPPLIER: "firm_org_id", Hat.CLOCK: EVERY}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "firm_org_id"], name="firm_is_in_a_project_once"),
            models.UniqueConstraint(fields=["project", "label"], name="firms_of_a_project_have_labels_of_their_own"),
        ]


class ProjectReading(models.Model):
    """What was measured on one lot of a consenting firm, without the lot, the customer, the product or the calendar day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(ResearchProject, on_delete=models.CASCADE, related_name="readings")
    series_id = models.UUIDField()
    label = models.CharField(max_length=6)
    day = models.IntegerField()  # days since the firm changed; below zero is before
    readings = ArrayField(models.IntegerField())
    decimals = models.PositiveSmallIntegerField()

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.LAB: EVERY, Hat.SUPPLIER: EVERY, Hat.CLOCK: EVERY}

    class Meta:
        indexes = [models.Index(fields=["project", "label", "day"], name="reading_of_project")]
