"""Comparison rounds: who takes part under which blind code, what each sheet holds, and what was worked out of it."""

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from uuid_utils.compat import uuid7

from foundation.actor import Actor, Hat
from foundation.scope import EVERY, ScopedQuerySet

THROUGH_ROUND = "round__participants__org_id"


class ThroughQuerySet(ScopedQuerySet):
    """Rows that a firm sees by taking part: the database narrows what `seen_by` opens, and `seen_through` says the same here."""

    def visible_to(self, actor: Actor) -> Self:
        rows, path = super().visible_to(actor), self.model.seen_through.get(actor.hat)  # type: ignore[attr-defined]
        return rows.filter(**{path: actor.org_id}) if path else rows


class ComparisonRound(models.Model):
    """One comparison. A draft is the bureau's own; from then on each of its participants sees it, and nobody else."""

    class Kind(models.TextChoices):
        PRODUCT_STATIC = "product_static"  # products as they lie on the shelf, once
        PRODUCT_DYNAMIC = "product_dynamic"  # the same product again and again, to see which way it goes
        INTERLAB = "interlab"  # one material, many laboratories

    class State(models.TextChoices):
        DRAFT = "draft"
        OPEN = "open"
        SAMPLES_SENT = "samples_sent"
        COLLECTING = "collecting"
        CLOSED = "closed"
        ANALYSED = "analysed"
        PUBLISHED = "published"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=20)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    product_zh = models.CharField(max_length=80)
    product_en = models.CharField(max_length=120, blank=True)
    node_code = models.CharField(max_length=12, blank=True)
    benchmark_zh = models.CharField(max_length=120, blank=True)  # the standard or product that the indicators are held to
    benchmark_en = models.CharField(max_length=160, blank=True)
    series_code = models.CharField(max_length=20, blank=True)  # rounds of one series are followed over time
    instructions = models.TextField(max_length=2000, blank=True)
    samples_on = models.DateField()  # the day by which samples are on their way
    results_on = models.DateField()  # the last day for results
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    has_tester = models.BooleanField(default=False)
    client_id = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=60)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    is_demo = models.BooleanField(default=False)

    objects = ThroughQuerySet.as_manager()
    seen_by = {Hat.BUREAU: EVERY, Hat.OWNER: EVERY, Hat.SUPPLIER: EVERY, Hat.LAB: EVERY, Hat.CLOCK: EVERY}
    seen_through: ClassVar[dict[Hat, str]] = {
        Hat.OWNER: "participants__org_id",
        Hat.SUPPLIER: "participants__org_id",
        Hat.LAB: "participants__org_id",
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client_id"], name="round_is_made_once"),
            models.UniqueConstraint(fields=["number"], name="round_has_its_number"),
            models.CheckConstraint(condition=Q(results_on__gte=models.F("samples_on")), name="results_come_after_samples"),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="round_newest"),
            models.Index(fields=["results_on", "id"], condition=Q(state="collecting"), name="round_collecting"),
        ]


class RoundMeasure(models.Model):
    """One indicator of a round: a characteristic by one edition of a method, and what it is held to."""

    class Assigned(models.TextChoices):
        CONSENSUS = "consensus"  # the robust mean of those who took part
        REFERENCE = "reference"  # a value known beforehand, with its uncertainty

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    round = models.ForeignKey(ComparisonRound, on_delete=models.CASCADE, related_name="measures")
    order = models.PositiveSmallIntegerField()
    characteristic_code = models.CharField(max_length=20)
    edition_code = models.CharField(max_length=40)
    sample = models.CharField(max_length=1, blank=True, default="")  # A or B where a round sends two
    kind = models.CharField(max_length=10)
    unit = models.CharField(max_length=24, blank=True)
    decimals = models.PositiveSmallIntegerField(default=0)
    assigned = models.CharField(max_length=9, choices=Assigned.choices, default=Assigned.CONSENSUS)
    reference_value = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    reference_expanded = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    reference_k = models.DecimalField(max_digits=4, decimal_places=2, default=2)
    sigma_pt = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)  # none: the robust spread of the round
    benchmark_lower = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    benchmark_upper = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)

    objects = ThroughQuerySet.as_manager()
    seen_by = {Hat.BUREAU: EVERY, Hat.OWNER: EVERY, Hat.SUPPLIER: EVERY, Hat.LAB: EVERY, Hat.CLOCK: EVERY}
    seen_through: ClassVar[dict[Hat, str]] = {Hat.OWNER: THROUGH_ROUND, Hat.SUPPLIER: THROUGH_ROUND, Hat.LAB: THROUGH_ROUND}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "characteristic_code", "edition_code", "sample"], name="round_has_an_indicator_once"
            ),
            models.CheckConstraint(condition=Q(sample__in=["", "A", "B"]), name="samples_are_a_and_b"),
            models.CheckConstraint(condition=~Q(assigned="reference") | Q(reference_value__isnull=False), name="reference_has_its_value"),
            models.CheckConstraint(condition=Q(sigma_pt=None) | Q(sigma_pt__gt=0), name="spread_for_scores_is_above_nothing"),
        ]


    @property
    def word(self) -> str:
        """How a sheet names it: PH, and where there are two samples PH-A and PH-B."""
        return f"{self.characteristic_code}-{self.sample}" if self.sample else str(self.characteristic_code)


class RoundParticipant(models.Model):
    """Who takes part, and under which code. Only the bureau reads more than its own row: this table is what unblinds."""

    class Part(models.TextChoices):
        TAKER = "taker"  # a laboratory that tests, or a firm whose product is tested
        TESTER = "tester"  # the laboratory that tests the products of all

    class State(models.TextChoices):
        INVITED = "invited"
        JOINED = "joined"
        DECLINED = "declined"
        EXCLUDED = "excluded"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    round = models.ForeignKey(ComparisonRound, on_delete=models.CASCADE, related_name="participants")
    org_id = models.UUIDField()
    hat = models.CharField(max_length=12)
    org_name_zh = models.CharField(max_length=80)
    org_name_en = models.CharField(max_length=120, blank=True)
    part = models.CharField(max_length=6, choices=Part.choices, default=Part.TAKER)
    blind_code = models.CharField(max_length=8, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.INVITED)
    invited_at = models.DateTimeField(null=True, blank=True)  # none: the round is a draft, and nobody knows of it
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=60, blank=True)
    excluded_because = models.CharField(max_length=300, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.BUREAU: EVERY, Hat.OWNER: "org_id", Hat.SUPPLIER: "org_id", Hat.LAB: "org_id", Hat.CLOCK: EVERY}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "org_id"], name="firm_takes_part_once"),
            models.UniqueConstraint(fields=["round", "blind_code"], condition=~Q(blind_code=""), name="blind_code_is_one_participants"),
            models.CheckConstraint(condition=Q(part="tester") ^ ~Q(blind_code=""), name="who_is_tested_has_a_blind_code"),
            models.CheckConstraint(condition=~Q(state="excluded") | ~Q(excluded_because=""), name="exclusion_has_its_note"),
        ]
        indexes = [models.Index(fields=["org_id", "-id"], name="participation_of_firm")]


class RoundSheet(models.Model):
    """The sample of one blind code and the sheet of its results. Its tester reads the code; whose it is stands elsewhere."""

    class State(models.TextChoices):
        WAITING = "waiting"  # until its participant joins
        JOINED = "joined"
        SENT = "sent"
        RECEIVED = "received"
        ENTERED = "entered"
        RELEASED = "released"
        LEFT_OUT = "left_out"

    class Condition(models.TextChoices):
        GOOD = "good"
        DAMAGED = "damaged"
        WRONG = "wrong"

    participant = models.OneToOneField(RoundParticipant, primary_key=True, on_delete=models.CASCADE, related_name="sheet")
    round = models.ForeignKey(ComparisonRound, on_delete=models.CASCADE, related_name="sheets")
    tester_org_id = models.UUIDField()
    blind_code = models.CharField(max_length=8)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    sent_on = models.DateField(null=True, blank=True)
    received_on = models.DateField(null=True, blank=True)
    condition = models.CharField(max_length=8, choices=Condition.choices, blank=True)
    condition_note = models.CharField(max_length=200, blank=True)
    conditioning = models.CharField(max_length=120, blank=True)
    entered_at = models.DateTimeField(null=True, blank=True)
    entered_by_id = models.UUIDField(null=True, blank=True)
    entered_by = models.CharField(max_length=60, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    released_by_id = models.UUIDField(null=True, blank=True)
    released_by = models.CharField(max_length=60, blank=True)

    objects = ThroughQuerySet.as_manager()
    seen_by = {Hat.BUREAU: EVERY, Hat.OWNER: EVERY, Hat.SUPPLIER: EVERY, Hat.LAB: "tester_org_id", Hat.CLOCK: EVERY}
    seen_through: ClassVar[dict[Hat, str]] = {Hat.OWNER: "participant__org_id", Hat.SUPPLIER: "participant__org_id"}

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(released_by_id=None) | ~Q(released_by_id=models.F("entered_by_id")),
                name="results_are_released_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(state="released") | Q(released_by_id__isnull=False), name="released_results_have_their_releaser"
            ),
        ]
        indexes = [models.Index(fields=["tester_org_id", "round"], name="sheet_of_tester")]


class RoundReading(models.Model):
    """What one rater read of one indicator of one sample: as many readings as were taken. Kept as it is once the round is closed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sheet = models.ForeignKey(RoundSheet, on_delete=models.CASCADE, related_name="readings")
    round = models.ForeignKey(ComparisonRound, on_delete=models.CASCADE, related_name="+")
    measure = models.ForeignKey(RoundMeasure, on_delete=models.PROTECT, related_name="readings")  # nobody who leads a round deletes a reading
    tester_org_id = models.UUIDField()
    rater = models.CharField(max_length=40, blank=True)
    values = ArrayField(models.DecimalField(max_digits=18, decimal_places=6))
    qualifiers = ArrayField(models.CharField(max_length=2), null=True, blank=True)  # beside each reading; none: all are "="
    edition_code = models.CharField(max_length=40)
    is_old_edition = models.BooleanField(default=False)  # superseded on the day it was filed
    expanded = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    k = models.DecimalField(max_digits=4, decimal_places=2, null=True, blank=True)
    entered_via = models.CharField(max_length=4)

    objects = ThroughQuerySet.as_manager()
    seen_by = {Hat.BUREAU: EVERY, Hat.OWNER: EVERY, Hat.SUPPLIER: EVERY, Hat.LAB: "tester_org_id", Hat.CLOCK: EVERY}
    seen_through: ClassVar[dict[Hat, str]] = {Hat.OWNER: "sheet__participant__org_id", Hat.SUPPLIER: "sheet__participant__org_id"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sheet", "measure", "rater"], name="rater_reads_an_indicator_once"),
            models.CheckConstraint(condition=Q(expanded=None) | Q(expanded__gt=0, k__gt=0), name="uncertainty_has_its_factor"),
        ]


class RoundAnalysis(models.Model):
    """What was worked out of one indicator: by which method, from which readings, and the crowd by its codes. Written once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    round = models.ForeignKey(ComparisonRound, on_delete=models.PROTECT, related_name="analyses")
    measure = models.OneToOneField(RoundMeasure, on_delete=models.PROTECT, related_name="analysis")
    method = models.CharField(max_length=24)
    outcome = models.CharField(max_length=12)
    figures = models.JSONField()  # assigned value, its uncertainty, spread, precision, who was left out
    crowd = models.JSONField()  # one line for each blind code that counts
    inputs_sha256 = models.CharField(max_length=64)
    analysed_at = models.DateTimeField()

    objects = ThroughQuerySet.as_manager()
    seen_by = {Hat.BUREAU: EVERY, Hat.OWNER: EVERY, Hat.SUPPLIER: EVERY, Hat.LAB: EVERY, Hat.CLOCK: EVERY}
    seen_through: ClassVar[dict[Hat, str]] = {Hat.OWNER: THROUGH_ROUND, Hat.SUPPLIER: THROUGH_ROUND, Hat.LAB: THROUGH_ROUND}


__all__ = ["ComparisonRound", "RoundAnalysis", "RoundMeasure", "RoundParticipant", "RoundReading", "RoundSheet"]
