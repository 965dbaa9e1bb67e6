"""What both sides say of the day of a visit before it begins, and of what was reminded."""

from django.db import models
from uuid_utils.compat import uuid7

from audits.models.visits import BOTH_SIDES, Audit
from foundation.actor import Hat
from foundation.scope import EVERY, ScopedQuerySet

MOST_ASKS = 2  # after that it is talked about, not typed


class DateAsk(models.Model):
    """The supplier asks for another day; the chain owner gives one or keeps the day it named."""

    class Answer(models.TextChoices):
        WAITING = ""
        GIVEN = "given"
        KEPT = "kept"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="date_asks")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    number = models.PositiveSmallIntegerField()
    was_on = models.DateField()
    wanted_on = models.DateField()
    reason = models.CharField(max_length=500)
    asked_by = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=8, choices=Answer.choices, blank=True, default=Answer.WAITING)
    given_on = models.DateField(null=True, blank=True)
    words = models.CharField(max_length=500, blank=True)
    answered_by = models.CharField(max_length=60, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = BOTH_SIDES

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["audit", "number"], name="day_is_asked_once_at_a_time"),
            models.CheckConstraint(condition=models.Q(number__gte=1, number__lte=MOST_ASKS), name="another_day_is_asked_twice_at_most"),
        ]


class VisitNote(models.Model):
    """That something was told of a visit on a day: what, and of which day. Told once, however many tickers there are."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8)  # t14, t7, t3
    visit_on = models.DateField()
    at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.CLOCK: EVERY}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["audit", "kind", "visit_on"], name="visit_is_reminded_once_for_a_day")]
