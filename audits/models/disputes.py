"""When the sides do not agree on a finding: the contest and its decision, other words, a third party's word."""

from django.db import models
from uuid_utils.compat import uuid7

from audits.models.corrective import TWO_SIDES
from audits.models.findings import Finding
from foundation.actor import Hat
from foundation.scope import EVERY, ScopedQuerySet


class FindingContest(models.Model):
    """The supplier disagrees and says why; the lead auditor decides and says why."""

    class Decision(models.TextChoices):
        UPHELD = "upheld"
        WITHDRAWN = "withdrawn"
        REWORDED = "reworded"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="contests")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    reason = models.TextField()
    contested_by = models.CharField(max_length=60)
    contested_at = models.DateTimeField()
    decision = models.CharField(max_length=10, choices=Decision.choices, blank=True)
    decision_reason = models.TextField(blank=True)
    decided_by = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = TWO_SIDES

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["finding"], condition=models.Q(decision=""), name="one_contest_waits_at_a_time"),
            models.CheckConstraint(
                condition=models.Q(decision="") | models.Q(decided_at__isnull=False), name="contest_decision_has_its_moment"
            ),
        ]


class FindingWording(models.Model):
    """What a finding said before it was reworded. Written once, never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="wordings")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    number = models.PositiveSmallIntegerField()
    grade = models.CharField(max_length=8)
    requirement = models.TextField()
    observed = models.TextField()
    gap = models.TextField(blank=True)
    replaced_by = models.CharField(max_length=60)
    replaced_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    seen_by = TWO_SIDES

    class Meta:
        constraints = [models.UniqueConstraint(fields=["finding", "number"], name="wording_has_its_number")]


class FindingAppeal(models.Model):
    """A third party of neither side reads the words of both and decides; it learns no name of theirs.

    The words are a copy of the day of the appeal: the third party sees this row and nothing else of the finding.
    """

    class State(models.TextChoices):
        ASKED = "asked"
        DECLINED = "declined"
        DECIDED = "decided"

    class Outcome(models.TextChoices):
        UPHELD = "upheld"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="appeals")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    arbiter_org_id = models.UUIDField()
    arbiter_name_zh = models.CharField(max_length=120)
    arbiter_name_en = models.CharField(max_length=160, blank=True)
    code = models.CharField(max_length=12, unique=True)  # what the third party calls it by
    grade = models.CharField(max_length=8)
    requirement = models.TextField()
    observed = models.TextField()
    gap = models.TextField(blank=True)
    contested_because = models.TextField()
    upheld_because = models.TextField()
    why = models.TextField()
    asked_by = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    words = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    client_id = models.CharField(max_length=64)

    objects = ScopedQuerySet.as_manager()
    # The bureau: who, which party, state and days, column by column; none of the words.
    seen_by = {**TWO_SIDES, Hat.LAB: "arbiter_org_id", Hat.BUREAU: EVERY, Hat.CLOCK: EVERY}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["finding", "client_id"], name="appeal_is_made_once"),
            models.UniqueConstraint(fields=["finding"], condition=~models.Q(state="declined"), name="one_appeal_of_a_finding"),
            models.CheckConstraint(
                condition=~models.Q(arbiter_org_id=models.F("owner_org_id")) & ~models.Q(arbiter_org_id=models.F("supplier_org_id")),
                name="third_party_is_neither_side",
            ),
            models.CheckConstraint(condition=~models.Q(state="decided") | ~models.Q(outcome=""), name="decided_appeal_has_an_outcome"),
        ]
        indexes = [models.Index(fields=["arbiter_org_id", "-asked_at", "-id"], name="appeal_of_third_party")]
