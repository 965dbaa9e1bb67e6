"""How a firm's quality is summed up, and by which rule: methods as versions, scores as they were computed. Nothing here is ever rewritten."""

from django.db import models
from uuid_utils.compat import uuid7

from foundation.actor import Hat
from foundation.scope import EVERY, ScopedQuerySet

ALL_READ = {Hat.SUPPLIER: EVERY, Hat.BUREAU: EVERY, Hat.PLATFORM: EVERY, Hat.CLOCK: EVERY}


class ScoreMethod(models.Model):
    """One version of the rule: weights as data. draft → proposed → in_force → retired; draft or proposed → withdrawn.

    It is tried before it is proposed, one person proposes it and another approves it. Firms and the bureau read what is or was in force.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        PROPOSED = "proposed"
        IN_FORCE = "in_force"
        RETIRED = "retired"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.PositiveIntegerField(unique=True)
    body = models.JSONField()  # as onestop.scoring reads it
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    why = models.CharField(max_length=300)
    client_id = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=60, blank=True)
    made_by_id = models.UUIDField(null=True, blank=True)
    proposed_at = models.DateTimeField(null=True, blank=True)
    proposed_by = models.CharField(max_length=60, blank=True)
    proposed_by_id = models.UUIDField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.CharField(max_length=60, blank=True)
    approved_by_id = models.UUIDField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = ALL_READ

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=models.Q(state="in_force"), name="one_score_method_is_in_force"),
            models.CheckConstraint(
                condition=models.Q(approved_by_id=None) | ~models.Q(approved_by_id=models.F("proposed_by_id")),
                name="score_method_is_approved_by_a_second_person",
            ),
            models.CheckConstraint(
                # The first method came with the product; every later one was proposed by a person and approved by another.
                condition=models.Q(number=1)
                | ~models.Q(state__in=["in_force", "retired"])
                | models.Q(proposed_by_id__isnull=False, approved_by_id__isnull=False),
                name="score_method_in_force_was_approved",
            ),
        ]


class ScoreTrial(models.Model):
    """What a method would have said on one day: how many firms move, and which of them why. The platform's own, never shown to a firm."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    method = models.ForeignKey(ScoreMethod, on_delete=models.PROTECT, related_name="trials")
    as_of = models.DateField()
    at = models.DateTimeField()
    summary = models.JSONField()
    movers = models.JSONField()  # the firms that move most: who, before, after, by which part

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.PLATFORM: EVERY, Hat.CLOCK: EVERY}

    class Meta:
        indexes = [models.Index(fields=["method", "-at"], name="trial_of_method")]


class Score(models.Model):
    """One computation for one firm: method, all that went in, what came out. The highest number of a firm holds; none is ever changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject_org_id = models.UUIDField()
    number = models.PositiveIntegerField()
    method = models.ForeignKey(ScoreMethod, on_delete=models.PROTECT, related_name="scores")
    as_of = models.DateField()
    inputs = models.JSONField()
    parts = models.JSONField()  # part -> hundredths of a percent, or null: not enough data
    value_hundredths = models.PositiveSmallIntegerField(null=True, blank=True)
    band = models.CharField(max_length=1, blank=True)
    why = models.CharField(max_length=12)  # night, appeal
    at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.SUPPLIER: "subject_org_id", Hat.BUREAU: EVERY, Hat.CLOCK: EVERY}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject_org_id", "number"], name="score_of_a_firm_has_its_number"),
            models.UniqueConstraint(fields=["id", "subject_org_id"], name="score_names_its_firm"),
            models.CheckConstraint(
                condition=models.Q(value_hundredths=None) | models.Q(value_hundredths__lte=10_000), name="score_of_a_firm_is_a_percentage"
            ),
        ]
