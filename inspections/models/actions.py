"""What a chain owner and one of its suppliers set out to look into together, with the figures that led to it."""

from django.db import models
from django.db.models import Q
from uuid_utils.compat import uuid7

from foundation.scope import ScopedQuerySet
from inspections.models.lots import BOTH_SIDES
from records.models import RecordStream
from suppliers.models import SupplyLink


class JointAction(models.Model):
    """One joint action of one relation. The figures are the supplier's own, frozen as they read on the day; no other firm's are in it."""

    class State(models.TextChoices):
        OPEN = "open"
        ANSWERED = "answered"
        CLOSED = "closed"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    link = models.ForeignKey(SupplyLink, on_delete=models.PROTECT, related_name="joint_actions")
    stream = models.ForeignKey(RecordStream, on_delete=models.PROTECT, related_name="+")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    owner_name_zh = models.CharField(max_length=80)
    owner_name_en = models.CharField(max_length=120, blank=True)
    supplier_name_zh = models.CharField(max_length=80)
    supplier_name_en = models.CharField(max_length=120, blank=True)
    characteristic_code = models.CharField(max_length=20)
    edition_code = models.CharField(max_length=40, blank=True)
    unit = models.CharField(max_length=24, blank=True)
    aim = models.TextField()
    facts = models.JSONField()  # lots, readings, judged, out, mean, standard deviations, first and last day
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    opened_by = models.CharField(max_length=60)
    opened_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=60, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    outcome = models.TextField(blank=True)
    closed_by = models.CharField(max_length=60, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    client_id = models.UUIDField()

    objects = ScopedQuerySet.as_manager()
    seen_by = BOTH_SIDES

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link", "client_id"], name="joint_action_is_opened_once"),
            models.CheckConstraint(condition=Q(state="open") | ~Q(answer="") | Q(state="closed"), name="answered_action_has_words"),
        ]
        indexes = [
            models.Index(fields=["owner_org_id", "-opened_at", "-id"], name="joint_action_of_owner"),
            models.Index(fields=["supplier_org_id", "-opened_at", "-id"], name="joint_action_of_supplier"),
        ]
