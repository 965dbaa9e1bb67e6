"""What was decided about a lot, and by whom. A decision stays; what follows from it is another one."""

from django.db import models
from django.db.models import F, Q
from uuid_utils.compat import uuid7

from foundation.actor import Hat
from foundation.scope import EVERY, ScopedQuerySet
from inspections.models.lots import BOTH_SIDES, Lot


class LotDecision(models.Model):
    """One step of a lot: who took it, from which state to which, and why."""

    class Kind(models.TextChoices):
        HOLD = "hold"
        LIFT = "lift"
        RELEASE = "release"
        NOT_ACCEPT = "not_accept"
        REWORK = "rework"
        REGRADE = "regrade"
        SCRAP = "scrap"
        CONCESSION = "concession"
        LAPSE = "lapse"  # the days of a concession ran out
        ARBITRATION = "arbitration"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="decisions")
    owner_org_id = models.UUIDField(null=True, blank=True)
    supplier_org_id = models.UUIDField()
    side = models.CharField(max_length=8)  # owner, supplier, lab or clock
    kind = models.CharField(max_length=12, choices=Kind.choices)
    from_state = models.CharField(max_length=12)
    to_state = models.CharField(max_length=12)
    as_cqo = models.BooleanField(default=False)
    why_code = models.CharField(max_length=20, blank=True)
    why = models.CharField(max_length=500, blank=True)
    new_grade = models.CharField(max_length=60, blank=True)
    quantity = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)  # of a scrapped part or a concession
    decided_by = models.CharField(max_length=60)
    at = models.DateTimeField()
    client_id = models.UUIDField()

    objects = ScopedQuerySet.as_manager()
    seen_by = BOTH_SIDES

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot", "side", "client_id"], name="lot_decision_is_taken_once"),
            models.CheckConstraint(condition=Q(quantity=None) | Q(quantity__gt=0), name="decided_quantity_is_above_zero"),
            models.CheckConstraint(condition=~Q(kind="regrade") | ~Q(new_grade=""), name="regraded_lot_has_a_grade"),
        ]
        indexes = [models.Index(fields=["lot", "at"], name="decision_of_lot")]


class Hold(models.Model):
    """A side keeps a lot back. A chief quality officer's hold is ended by such an officer of the same side, or by arbitration.

    What came of the lot under other numbers is held along: a hold of its own on each part, which names the one it follows.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="holds")
    owner_org_id = models.UUIDField(null=True, blank=True)
    supplier_org_id = models.UUIDField()
    side = models.CharField(max_length=8)
    by_cqo = models.BooleanField()
    was = models.CharField(max_length=12)  # the state the lot goes back to when the hold is lifted
    why_code = models.CharField(max_length=20, blank=True)
    why = models.CharField(max_length=500, blank=True)
    held_by = models.CharField(max_length=60)
    held_at = models.DateTimeField()
    source = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="along")
    ended_as = models.CharField(max_length=12, blank=True)  # cqo, quality, arbitration, or not_accepted: overtaken, the lot stays back
    ended_by = models.CharField(max_length=60, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = BOTH_SIDES

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lot", "side", "by_cqo", "source"], condition=Q(ended_at=None), name="side_holds_a_lot_once", nulls_distinct=False
            ),
            models.UniqueConstraint(fields=["id", "supplier_org_id", "side"], name="hold_names_its_maker_and_side"),
            models.CheckConstraint(condition=Q(source=None) | ~Q(source=F("id")), name="hold_follows_another"),
            models.CheckConstraint(condition=Q(side__in=["owner", "supplier"]), name="hold_is_of_a_side"),
            models.CheckConstraint(
                condition=Q(by_cqo=False) | Q(ended_as__in=["", "cqo", "arbitration", "not_accepted"]), name="officers_hold_beats_everyone"
            ),
            models.CheckConstraint(condition=Q(ended_at=None, ended_as="") | (Q(ended_at__isnull=False) & ~Q(ended_as="")), name="ended_hold_says_how"),
        ]  # fmt: skip

    @property
    def held_with(self) -> Lot | None:
        """The lot with which this one is held, as long as that hold stands; none also for a reader who does not see that lot."""
        return self.source.lot if self.source is not None and self.source.ended_at is None else None


class Concession(models.Model):
    """The supplier asks to deliver a lot as it is; the chain owner grants a quantity and a last day, or refuses."""

    class State(models.TextChoices):
        ASKED = "asked"
        GRANTED = "granted"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"
        LAPSED = "lapsed"  # granted, and its last day is over

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="concessions")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    clause_id = models.UUIDField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    why = models.CharField(max_length=500)
    asked_by = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    due_on = models.DateField(null=True, blank=True)
    granted_quantity = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    until = models.DateField(null=True, blank=True)  # the last day on which it holds
    answer = models.CharField(max_length=500, blank=True)
    answered_by = models.CharField(max_length=60, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    client_id = models.UUIDField()

    objects = ScopedQuerySet.as_manager()
    seen_by = BOTH_SIDES

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot", "client_id"], name="concession_is_asked_once"),
            models.UniqueConstraint(fields=["lot"], condition=Q(state__in=["asked", "granted"]), name="one_concession_at_a_time"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="concession_has_a_quantity"),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "refused", "withdrawn"]) | Q(granted_quantity__gt=0, until__isnull=False), name="granted_concession_has_an_end"
            ),
            models.CheckConstraint(condition=Q(granted_quantity=None) | Q(granted_quantity__lte=models.F("quantity")), name="no_more_granted_than_asked"),
        ]  # fmt: skip


class Arbitration(models.Model):
    """Both sides bow to a laboratory. Here stand the sides; the laboratory reads its sample only, in a row of its own."""

    class State(models.TextChoices):
        ASKED = "asked"
        ACCEPTED = "accepted"  # by the laboratory
        DECIDED = "decided"
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"

    class Verdict(models.TextChoices):
        MEETS = "meets"
        FAILS = "fails"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="arbitrations")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    lab_org_id = models.UUIDField(null=True, blank=True)  # none: the laboratory is named in words, and both sides say what it found
    lab_name_zh = models.CharField(max_length=120)
    lab_name_en = models.CharField(max_length=160, blank=True)
    asked_side = models.CharField(max_length=8)
    characteristic_code = models.CharField(max_length=20)
    edition_code = models.CharField(max_length=40, blank=True)
    sample_code = models.CharField(max_length=16, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    why = models.CharField(max_length=500)
    asked_by = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    owner_said = models.CharField(max_length=6, blank=True)
    supplier_said = models.CharField(max_length=6, blank=True)
    verdict = models.CharField(max_length=6, choices=Verdict.choices, blank=True)
    verdict_reason = models.CharField(max_length=500, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    client_id = models.UUIDField()

    objects = ScopedQuerySet.as_manager()
    seen_by = {**BOTH_SIDES, Hat.BUREAU: EVERY}  # the bureau: sides, laboratory, state and days, column by column

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot", "client_id"], name="arbitration_is_asked_once"),
            models.UniqueConstraint(fields=["lot"], condition=Q(state__in=["asked", "accepted"]), name="one_arbitration_at_a_time"),
            models.CheckConstraint(
                condition=Q(lab_org_id=None) | (~Q(lab_org_id=models.F("owner_org_id")) & ~Q(lab_org_id=models.F("supplier_org_id"))),
                name="arbiter_is_of_neither_side",
            ),
            models.CheckConstraint(condition=~Q(state="decided") | ~Q(verdict=""), name="decided_arbitration_has_a_verdict"),
        ]


class ArbitrationSample(models.Model):
    """What the laboratory is given: a blind code, what is to be tested and against which bounds. No firm is named in it."""

    arbitration = models.OneToOneField(Arbitration, primary_key=True, on_delete=models.PROTECT, related_name="sample")
    lab_org_id = models.UUIDField()
    sample_code = models.CharField(max_length=16)
    product = models.CharField(max_length=120)
    characteristic_code = models.CharField(max_length=20)
    edition_code = models.CharField(max_length=40, blank=True)
    bounds = models.JSONField(default=dict)  # the clause that bounds it, as far as it names no firm
    state = models.CharField(max_length=10, choices=Arbitration.State.choices, default=Arbitration.State.ASKED)
    verdict = models.CharField(max_length=6, choices=Arbitration.Verdict.choices, blank=True)
    verdict_reason = models.CharField(max_length=500, blank=True)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.LAB: "lab_org_id", Hat.CLOCK: EVERY}

    class Meta:
        indexes = [models.Index(fields=["lab_org_id", "-arbitration"], name="sample_of_laboratory")]
