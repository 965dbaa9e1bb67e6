"""What happens to an agreement in force by the word of a side. The bureau sees the days; why it was said lies in a table of its own."""

from django.db import models
from uuid_utils.compat import uuid7

from agreements.models.agreements import BOTH_SIDES, Agreement, Clause
from foundation.actor import Hat
from foundation.scope import EVERY, ScopedQuerySet

SAID_BY_ITS_SIDE = models.Q(side="owner", org_id=models.F("owner_org_id")) | models.Q(side="supplier", org_id=models.F("supplier_org_id"))


class StatusNotice(models.Model):
    """One side's notice: what is to happen, from which day. Kept as it was given; it is only consented to, carried out or dropped."""

    class Kind(models.TextChoices):
        SUSPEND = "suspend"
        RESUME = "resume"
        TERMINATE = "terminate"
        AMENDMENT = "amendment"  # a wish of the supplier: the chain owner drafts
        RENEWAL = "renewal"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="notices")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    side = models.CharField(max_length=8, choices=Clause.Side.choices)
    org_id = models.UUIDField()
    given_at = models.DateTimeField()
    effective_on = models.DateField(null=True, blank=True)  # of an end: the first day no longer covered; a wish has none
    consented_at = models.DateTimeField(null=True, blank=True)  # the other side agreed that it ends at once
    done_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)  # taken back, or overtaken by the end

    objects = ScopedQuerySet.as_manager()
    seen_by = {**BOTH_SIDES, Hat.BUREAU: EVERY}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["id", "owner_org_id", "supplier_org_id"], name="notice_names_its_sides"),
            models.UniqueConstraint(
                fields=["agreement", "kind"], condition=models.Q(done_at=None, dropped_at=None), name="notice_stands_once"
            ),
            models.CheckConstraint(condition=SAID_BY_ITS_SIDE, name="notice_is_given_by_its_side"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["amendment", "renewal"], side="supplier", effective_on=None)
                | models.Q(kind__in=["suspend", "resume", "terminate"], effective_on__isnull=False),
                name="notice_has_a_day_and_a_wish_has_none",
            ),
        ]
        indexes = [
            models.Index(
                fields=["effective_on", "given_at"], condition=models.Q(done_at=None, dropped_at=None), name="notice_that_waits_for_its_day"
            )
        ]


class StatusWords(models.Model):
    """What a side said with a notice, or with its consent to one. For the two sides only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    notice = models.ForeignKey(StatusNotice, on_delete=models.PROTECT, related_name="words")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    side = models.CharField(max_length=8, choices=Clause.Side.choices)
    org_id = models.UUIDField()
    person_id = models.UUIDField()
    person_name = models.CharField(max_length=60)
    reason = models.TextField(blank=True)
    at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    seen_by = BOTH_SIDES

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "side"], name="each_side_speaks_once_to_a_notice"),
            models.CheckConstraint(condition=SAID_BY_ITS_SIDE, name="notice_words_are_of_their_side"),
        ]
