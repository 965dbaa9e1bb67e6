"""An appeal against a score: what both sides say of it, what a laboratory was asked, and the bureau's decision with its reasons."""

from django.db import models
from uuid_utils.compat import uuid7

from foundation.actor import Hat
from foundation.scope import EVERY, ScopedQuerySet

OF_AN_APPEAL = {Hat.SUPPLIER: "org_id", Hat.OWNER: "respondent_org_id", Hat.BUREAU: EVERY}


class ScoreAppeal(models.Model):
    """A firm says that a part of its score is wrong. `about` is that part as it stood on the day, so that it is read beside the words.

    The respondent is the chain owner from whose facts the part comes; where they come from several, there is none.
    """

    class State(models.TextChoices):
        FILED = "filed"
        WITH_LAB = "with_lab"
        DECIDED = "decided"
        WITHDRAWN = "withdrawn"

    class Outcome(models.TextChoices):
        UPHELD = "upheld"  # the appeal is right: the part is counted anew
        PARTLY = "partly"
        DISMISSED = "dismissed"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=12, unique=True)
    org_id = models.UUIDField()
    org_name_zh = models.CharField(max_length=80)
    org_name_en = models.CharField(max_length=120, blank=True)
    respondent_org_id = models.UUIDField(null=True, blank=True)
    respondent_name_zh = models.CharField(max_length=80, blank=True)
    respondent_name_en = models.CharField(max_length=120, blank=True)
    score_id = models.UUIDField(null=True, blank=True)
    part = models.CharField(max_length=40)
    about = models.JSONField()  # method, version, value and n of the part, and the day of the score
    state = models.CharField(max_length=10, choices=State.choices, default=State.FILED)
    filed_by = models.CharField(max_length=60)
    filed_at = models.DateTimeField()
    client_id = models.CharField(max_length=64)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    reasons = models.TextField(blank=True)
    decided_by = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = OF_AN_APPEAL

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org_id", "client_id"], name="appeal_is_filed_once"),
            models.UniqueConstraint(
                fields=["score_id", "part"], condition=models.Q(state__in=["filed", "with_lab"]), name="one_appeal_waits_for_a_part"
            ),
            models.CheckConstraint(
                condition=models.Q(state="decided", decided_at__isnull=False) & ~models.Q(outcome="") & ~models.Q(reasons="")
                | ~models.Q(state="decided") & models.Q(outcome="", decided_at=None),
                name="appeal_is_decided_with_reasons",
            ),
            models.CheckConstraint(
                condition=models.Q(respondent_org_id=None) | ~models.Q(respondent_org_id=models.F("org_id")),
                name="nobody_appeals_against_itself",
            ),
        ]
        indexes = [
            models.Index(fields=["-filed_at", "-id"], name="appeal_newest"),
            models.Index(fields=["org_id", "-filed_at"], name="appeal_of_firm"),
        ]  # fmt: skip


class AppealEntry(models.Model):
    """What one side, or the bureau, says on the timeline of an appeal. Written once."""

    class Side(models.TextChoices):
        APPELLANT = "appellant"
        RESPONDENT = "respondent"
        BUREAU = "bureau"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    appeal = models.ForeignKey(ScoreAppeal, on_delete=models.PROTECT, related_name="entries")
    org_id = models.UUIDField()
    respondent_org_id = models.UUIDField(null=True, blank=True)
    side = models.CharField(max_length=10, choices=Side.choices)
    words = models.TextField()
    evidence_id = models.UUIDField(null=True, blank=True)
    person_name = models.CharField(max_length=60)
    at = models.DateTimeField()
    client_id = models.CharField(max_length=64)

    objects = ScopedQuerySet.as_manager()
    seen_by = OF_AN_APPEAL

    class Meta:
        constraints = [models.UniqueConstraint(fields=["appeal", "client_id"], name="appeal_entry_is_said_once")]
        indexes = [models.Index(fields=["appeal", "at"], name="appeal_entry_of_appeal")]


class AppealOpinion(models.Model):
    """What the bureau asks a laboratory of neither side. The laboratory reads this row and nothing else of the appeal: no name, no score."""

    class State(models.TextChoices):
        ASKED = "asked"
        GIVEN = "given"
        DECLINED = "declined"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    appeal = models.ForeignKey(ScoreAppeal, on_delete=models.PROTECT, related_name="opinions")
    org_id = models.UUIDField()
    respondent_org_id = models.UUIDField(null=True, blank=True)
    lab_org_id = models.UUIDField()
    lab_name_zh = models.CharField(max_length=80)
    lab_name_en = models.CharField(max_length=120, blank=True)
    code = models.CharField(max_length=12)
    question = models.TextField()
    asked_by = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    opinion = models.TextField(blank=True)
    answered_by = models.CharField(max_length=60, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = {**OF_AN_APPEAL, Hat.LAB: "lab_org_id"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["appeal"], condition=models.Q(state="asked"), name="one_laboratory_is_asked_at_a_time"),
            models.CheckConstraint(
                condition=~models.Q(lab_org_id=models.F("org_id"))
                & (models.Q(respondent_org_id=None) | ~models.Q(lab_org_id=models.F("respondent_org_id"))),
                name="laboratory_is_of_neither_side",
            ),
        ]
        indexes = [models.Index(fields=["lab_org_id", "-asked_at"], name="appeal_opinion_of_lab")]
