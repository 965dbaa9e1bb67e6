"""The list of policy tools: what a firm can get, who may, how to ask for it."""

from django.db import models
from uuid_utils.compat import uuid7

from foundation.actor import BUSINESS_HATS, Hat
from foundation.scope import EVERY, ScopedQuerySet


class PolicyTool(models.Model):
    """One measure. A draft is the bureau's own; published, everybody reads it; retired, it stays for those who used it."""

    class State(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"
        RETIRED = "retired"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_id = models.UUIDField()
    kind = models.CharField(max_length=20)
    title_zh = models.CharField(max_length=80)
    title_en = models.CharField(max_length=160, blank=True)
    eligible_zh = models.TextField()
    eligible_en = models.TextField(blank=True)
    apply_zh = models.TextField()
    apply_en = models.TextField(blank=True)
    contact = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=200, blank=True)  # the document that it rests on
    rule = models.JSONField(default=dict)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    n_used = models.PositiveIntegerField(default=0, editable=False)  # firms, in fives; kept by a trigger
    changed_by = models.CharField(max_length=60)
    changed_at = models.DateTimeField()
    created_at = models.DateTimeField()
    client_id = models.CharField(max_length=64)

    objects = ScopedQuerySet.as_manager()
    seen_by = {**dict.fromkeys(BUSINESS_HATS, EVERY), Hat.CLOCK: EVERY}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org_id", "client_id"], name="policy_is_drafted_once"),
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gte=models.F("valid_from")), name="policy_ends_after_it_begins"
            ),
        ]
        indexes = [models.Index(fields=["state", "kind", "-created_at", "-id"], name="policy_by_kind")]


class PolicyUse(models.Model):
    """A firm says that it has asked for a measure. Its own word: the bureau sees how many, not who."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_id = models.UUIDField()
    policy = models.ForeignKey(PolicyTool, on_delete=models.PROTECT, related_name="uses")
    at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.OWNER: "org_id", Hat.SUPPLIER: "org_id"}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["policy", "org_id"], name="firm_uses_a_policy_once")]
