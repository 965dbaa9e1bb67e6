"""A campaign: by a rule, a message and a task for many firms, and how many took it up."""

from django.db import models
from uuid_utils.compat import uuid7

from foundation.actor import Hat
from foundation.scope import EVERY, ScopedQuerySet
from oversight.models.policies import PolicyTool


class Campaign(models.Model):
    """One campaign of the bureau. Once it is sent, its words stay."""

    class State(models.TextChoices):
        DRAFT = "draft"
        SENDING = "sending"
        SENT = "sent"
        STOPPED = "stopped"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_id = models.UUIDField()
    org_name_zh = models.CharField(max_length=80)
    org_name_en = models.CharField(max_length=120, blank=True)
    title_zh = models.CharField(max_length=60)
    title_en = models.CharField(max_length=120, blank=True)
    message_zh = models.TextField()
    message_en = models.TextField(blank=True)
    task_zh = models.CharField(max_length=200)
    task_en = models.CharField(max_length=300, blank=True)
    due_on = models.DateField()
    rule = models.JSONField(default=dict)
    policy = models.ForeignKey(PolicyTool, null=True, blank=True, on_delete=models.PROTECT, related_name="campaigns")
    problem_id = models.UUIDField(null=True, blank=True)  # why it is run; its words stand on the list of problems
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    created_by = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    sent_by = models.CharField(max_length=60, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    fits = models.PositiveIntegerField(null=True, blank=True)  # by place, step and size, when it was sent
    stopped_by = models.CharField(max_length=60, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    client_id = models.CharField(max_length=64)

    objects = ScopedQuerySet.as_manager()
    # A firm comes to a campaign through what it was told (CampaignReach); the database lets it see no other.
    seen_by = {Hat.BUREAU: "org_id", Hat.OWNER: EVERY, Hat.SUPPLIER: EVERY, Hat.CLOCK: EVERY}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org_id", "client_id"], name="campaign_is_drafted_once"),
            models.CheckConstraint(
                condition=models.Q(state="draft") | models.Q(sent_at__isnull=False), name="sent_campaign_has_its_moment"
            ),
        ]
        indexes = [models.Index(fields=["org_id", "-created_at", "-id"], name="campaign_newest")]


class CampaignReach(models.Model):
    """One firm that was told. The firm's own: the bureau reads how many, never which."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="reaches")
    org_id = models.UUIDField()
    told_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    passed_at = models.DateTimeField(null=True, blank=True)  # the firm says: this is not for us

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.OWNER: "org_id", Hat.SUPPLIER: "org_id", Hat.CLOCK: EVERY}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "org_id"], name="campaign_tells_a_firm_once"),
            models.CheckConstraint(condition=models.Q(done_at=None) | models.Q(passed_at=None), name="task_is_done_or_passed_on"),
        ]
        indexes = [models.Index(fields=["org_id", "-told_at", "-id"], name="campaign_of_firm")]


class CampaignUptake(models.Model):
    """How many were told, have seen it, have done it, passed it on. Kept by a trigger; pages tell it in fives."""

    campaign = models.OneToOneField(Campaign, primary_key=True, on_delete=models.CASCADE, related_name="uptake")
    org_id = models.UUIDField()
    told = models.PositiveIntegerField(default=0)
    seen = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    passed = models.PositiveIntegerField(default=0)

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.BUREAU: "org_id"}
