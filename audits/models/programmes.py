"""A chain owner's own programme of visits: whom it covers, how often, and what is not told before it is in force."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from uuid_utils.compat import uuid7

from audits.models.checklists import ChecklistVersion
from foundation.actor import Hat
from foundation.scope import EVERY, ScopedQuerySet

BANDS = ("A", "B", "C", "D")
OWNERS_OWN = {Hat.OWNER: "owner_org_id", Hat.CLOCK: EVERY}


class OwnerProgramme(models.Model):
    """Which suppliers a firm visits, by node and risk band, and in which rhythm. It makes an `AuditProgramme` for each relation it covers.

    The supplier never reads this row: it sees its own rhythm, and of an unannounced one nothing.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        ACTIVE = "active"
        PAUSED = "paused"
        ENDED = "ended"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner_org_id = models.UUIDField()
    name = models.CharField(max_length=80)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    node_codes = ArrayField(models.CharField(max_length=12), default=list, blank=True)  # empty: every node
    bands = ArrayField(models.CharField(max_length=1), default=list)
    months_a = models.PositiveSmallIntegerField(default=24)
    months_b = models.PositiveSmallIntegerField(default=12)
    months_c = models.PositiveSmallIntegerField(default=6)
    months_d = models.PositiveSmallIntegerField(default=3)
    checklist = models.ForeignKey(ChecklistVersion, on_delete=models.PROTECT, related_name="+")
    notice_days = models.PositiveSmallIntegerField(default=30)
    window_days = models.PositiveSmallIntegerField(default=10)  # how many days before and after its nominal day a visit may be planned
    review_days = models.PositiveSmallIntegerField(default=10)
    halves = models.PositiveSmallIntegerField(default=1)
    required_skill = models.CharField(max_length=12, blank=True)  # a chain node that the auditor must know; empty: any
    required_language = models.CharField(max_length=2, blank=True, default="", db_default="")  # one that the auditor must speak; empty: any
    announced = models.BooleanField(default=True)
    spring_before = models.PositiveSmallIntegerField(
        default=10
    )  # days without visits before the Spring Festival's first day, and from it on
    spring_after = models.PositiveSmallIntegerField(default=20)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)  # first day no longer covered
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=60)
    activated_at = models.DateTimeField(null=True, blank=True)
    activated_by = models.CharField(max_length=60, blank=True)
    client_id = models.CharField(max_length=64)

    objects = ScopedQuerySet.as_manager()
    seen_by = OWNERS_OWN

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner_org_id", "client_id"], name="programme_of_an_owner_is_made_once"),
            models.UniqueConstraint(fields=["id", "owner_org_id"], name="programme_names_its_owner"),
            models.CheckConstraint(
                condition=models.Q(months_a__gt=0, months_b__gt=0, months_c__gt=0, months_d__gt=0), name="each_band_has_its_months"
            ),
            models.CheckConstraint(condition=models.Q(bands__len__gt=0), name="programme_covers_a_band"),
            models.CheckConstraint(condition=models.Q(halves__gte=1, halves__lte=10), name="visit_takes_a_half_day_to_a_week"),
        ]
        indexes = [models.Index(fields=["owner_org_id", "-created_at", "-id"], name="programme_of_owner")]

    def months_of(self, band: str) -> int:
        """How many months lie between two visits of a firm in that band."""
        return int(getattr(self, f"months_{band.lower()}"))


class BusySeason(models.Model):
    """Days on which a programme visits nobody: from the first to the last, both included."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    programme = models.ForeignKey(OwnerProgramme, on_delete=models.CASCADE, related_name="seasons")
    owner_org_id = models.UUIDField()
    name = models.CharField(max_length=60)
    first_on = models.DateField()
    last_on = models.DateField()
    every_year = models.BooleanField(default=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = OWNERS_OWN

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "first_on", "last_on"], name="season_is_named_once"),
            models.CheckConstraint(condition=models.Q(last_on__gte=models.F("first_on")), name="season_ends_after_it_starts"),
        ]


class RiskRating(models.Model):
    """The risk band of a relation as it was found on a day, with all it was found from: computed again, it comes out the same."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    rated_on = models.DateField()
    version = models.PositiveSmallIntegerField()  # of the weights
    inputs = models.JSONField()
    points = models.PositiveSmallIntegerField()
    band = models.CharField(max_length=1)
    created_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    seen_by = OWNERS_OWN  # what an owner thinks of a firm is not the firm's to read, nor the bureau's

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner_org_id", "supplier_org_id", "rated_on", "version"], name="relation_is_rated_once_a_day"),
            models.CheckConstraint(condition=models.Q(band__in=BANDS), name="rating_is_a_band"),
        ]
        indexes = [models.Index(fields=["owner_org_id", "supplier_org_id", "-rated_on"], name="rating_newest")]


class VisitFeed(models.Model):
    """An auditor's secret address under which a calendar reads the visits. Of the secret only the hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_id = models.UUIDField()
    person_id = models.UUIDField()
    token_hash = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=10)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.OWNER: "org_id", Hat.LOBBY: EVERY}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org_id", "person_id"], condition=models.Q(closed_at=None), name="auditor_has_one_open_feed")
        ]
