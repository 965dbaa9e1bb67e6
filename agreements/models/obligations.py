"""What a clause asks of a side by a day. The bureau reads these; they hold no word of the clause."""

from django.db import models
from uuid_utils.compat import uuid7

from agreements.models.agreements import BOTH_SIDES, Agreement, Clause
from foundation.actor import Hat
from foundation.scope import EVERY, ScopedQuerySet


class Obligation(models.Model):
    """One dated duty of one side. Its state is computed from its days, never stored: nobody forgets to move it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="obligations")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    clause_id = models.UUIDField()  # no foreign key: the bureau reads this row and not the clause
    kind = models.CharField(max_length=30)
    side = models.CharField(max_length=8, choices=Clause.Side.choices)
    key = models.CharField(max_length=80)  # what makes it this one: the period, the audit, the finding
    subject_id = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField()
    due_on = models.DateField()  # moves only when a pause ends
    grace_days = models.PositiveSmallIntegerField(default=0, db_default=0)  # days after due_on on which it is due, and not yet overdue
    grace_until = models.GeneratedField(
        expression=models.ExpressionWrapper(models.F("due_on") + models.F("grace_days"), output_field=models.DateField()),
        output_field=models.DateField(), db_persist=True,
    )  # fmt: skip
    paused_on = models.DateField(null=True, blank=True)  # since when the clock of this duty stands still
    met_at = models.DateTimeField(null=True, blank=True)
    met_on = models.DateField(null=True, blank=True)
    waived_at = models.DateTimeField(null=True, blank=True)
    void_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.OWNER: "owner_org_id", Hat.SUPPLIER: "supplier_org_id", Hat.BUREAU: EVERY, Hat.CLOCK: EVERY}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clause_id", "side", "key"], name="obligation_arises_once"),
            models.CheckConstraint(
                condition=models.Q(met_at=None, met_on=None) | models.Q(met_at__isnull=False, met_on__isnull=False),
                name="obligation_met_has_a_day",
            ),
            models.CheckConstraint(condition=models.Q(side__in=["owner", "supplier"]), name="obligation_binds_one_side"),
            models.UniqueConstraint(fields=["id", "owner_org_id", "supplier_org_id"], name="obligation_names_its_sides"),
        ]
        indexes = [
            models.Index(fields=["owner_org_id", "due_on", "id"], name="obligation_of_owner"),
            models.Index(fields=["supplier_org_id", "due_on", "id"], name="obligation_of_supplier"),
            models.Index(fields=["agreement", "due_on", "id"], name="obligation_of_agreement"),
            models.Index(fields=["due_on", "id"], name="obligation_by_day"),
        ]


class Waiver(models.Model):
    """Why the other side let a duty go, in its own words. Kept apart from the duty: the bureau reads no reason."""

    obligation = models.OneToOneField(Obligation, primary_key=True, on_delete=models.PROTECT, related_name="waiver")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    by_org_id = models.UUIDField()
    by_name = models.CharField(max_length=60)
    why = models.CharField(max_length=500)
    at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    seen_by = BOTH_SIDES

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(why=""), name="waiver_has_a_reason")]


class DutyPause(models.Model):
    """From when to when the duties of an agreement stood still: with it, the same days come out of the same clauses again."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="pauses")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    paused_on = models.DateField()
    resumed_on = models.DateField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = BOTH_SIDES

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement"], condition=models.Q(resumed_on=None), name="duties_are_paused_once"),
            models.CheckConstraint(
                condition=models.Q(resumed_on=None) | models.Q(resumed_on__gte=models.F("paused_on")), name="pause_ends_after_it_starts"
            ),
        ]


class CalendarFeed(models.Model):
    """A person's secret address under which a calendar reads the duties of the firm. Of the secret only the hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_id = models.UUIDField()
    hat = models.CharField(max_length=8)
    person_id = models.UUIDField()
    token_hash = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=10)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.OWNER: "org_id", Hat.SUPPLIER: "org_id", Hat.LOBBY: EVERY}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org_id", "hat", "person_id"], condition=models.Q(closed_at=None), name="person_has_one_open_feed"
            ),
        ]
