"""What came out of research, written so that a workshop can do it; and which firms do."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from uuid_utils.compat import uuid7

from foundation.actor import Hat
from foundation.scope import EVERY, ScopedQuerySet
from onestop.models import ServiceOffer
from oversight.models.problems import READ_BY_ALL, Problem
from oversight.models.projects import ResearchProject


class Technique(models.Model):
    """One version of a technique. Published it is never changed: a better one is the next version."""

    class State(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"
        RETIRED = "retired"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=16)  # TQ-2026-001, the same for all versions
    version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="techniques")
    project = models.ForeignKey(ResearchProject, null=True, blank=True, on_delete=models.PROTECT, related_name="techniques")
    publisher_org_id = models.UUIDField()
    publisher_name_zh = models.CharField(max_length=80)
    publisher_name_en = models.CharField(max_length=120, blank=True)
    name = models.CharField(max_length=80)
    steps = models.TextField()
    cost = models.CharField(max_length=200, blank=True)
    limits = models.TextField(blank=True)
    trial = models.TextField(blank=True)
    contact = models.CharField(max_length=120)
    question = models.CharField(max_length=200, blank=True)  # proposed for checklists
    characteristic_code = models.CharField(max_length=20, blank=True)
    node_codes = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    written_by = models.CharField(max_length=60)
    written_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    client_id = models.UUIDField(unique=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = READ_BY_ALL

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="technique_version_is_one"),
            models.UniqueConstraint(fields=["code"], condition=Q(state="published"), name="one_version_of_a_technique_is_published"),
            models.CheckConstraint(condition=Q(state="draft") | Q(published_at__isnull=False), name="published_technique_says_when"),
        ]


class Adoption(models.Model):
    """A firm works by a technique. Others read how many, never who."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    technique_code = models.CharField(max_length=16)
    firm_org_id = models.UUIDField()
    adopted_on = models.DateField()
    adopted_by = models.CharField(max_length=60)
    at = models.DateTimeField()
    ended_on = models.DateField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.OWNER: "firm_org_id", Hat.SUPPLIER: "firm_org_id", Hat.CLOCK: "*"}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["technique_code", "firm_org_id"], name="firm_adopts_a_technique_once")]


class TechniqueOffer(models.Model):
    """An offer of the desk that was made from a technique: who helps to work by it. Whoever reads the offer reads this."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    technique_code = models.CharField(max_length=16)
    offer = models.OneToOneField(ServiceOffer, on_delete=models.PROTECT, related_name="+")
    provider_org_id = models.UUIDField()
    at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    seen_by = dict.fromkeys((Hat.OWNER, Hat.SUPPLIER, Hat.BUREAU, Hat.LAB, Hat.PROVIDER, Hat.PLATFORM, Hat.CLOCK), EVERY)

    class Meta:
        indexes = [models.Index(fields=["technique_code", "at"], name="offers_of_technique")]
