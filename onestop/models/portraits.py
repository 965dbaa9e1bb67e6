"""A firm's quality portrait as it shows it to somebody, who opened it, and the anonymous middle of a node."""

from datetime import datetime, timedelta

from django.db import models
from uuid_utils.compat import uuid7

from foundation.actor import Hat
from foundation.scope import EVERY, ScopedQuerySet

GOOD_FOR = timedelta(days=30)


class Portrait(models.Model):
    """A portrait as it stood when the firm shared it, behind a link that dies after thirty days. Of the link only a hash is kept.

    With `reader_org_id` there is no link: one chain owner reads it in its own hat, in whole percents and without the numbers behind them.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_id = models.UUIDField()
    score_id = models.UUIDField()
    body = models.JSONField()  # all that the reader sees: names, parts, facts, the middle of the node
    for_whom = models.CharField(max_length=80)
    reader_org_id = models.UUIDField(null=True, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    client_id = models.CharField(max_length=64)
    shared_at = models.DateTimeField()
    shared_by = models.CharField(max_length=60)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.CharField(max_length=60, blank=True)
    is_demo = models.BooleanField(default=False)

    objects = ScopedQuerySet.as_manager()
    # A wall below lets a chain owner read what is not taken back, and of it no more than its page shows.
    seen_by = {Hat.SUPPLIER: "org_id", Hat.OWNER: "reader_org_id", Hat.CLOCK: EVERY}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org_id", "client_id"], name="portrait_is_shared_once"),
            models.UniqueConstraint(fields=["id", "org_id"], name="portrait_names_its_firm"),
            models.CheckConstraint(condition=models.Q(expires_at__gt=models.F("shared_at")), name="portrait_is_good_for_a_while"),
            models.CheckConstraint(condition=~models.Q(reader_org_id=models.F("org_id")), name="portrait_is_shown_to_another"),
        ]
        indexes = [
            models.Index(fields=["org_id", "-shared_at", "-id"], name="portrait_of_firm"),
            models.Index(
                fields=["reader_org_id", "-shared_at", "-id"], condition=models.Q(reader_org_id__isnull=False), name="portrait_of_reader"
            ),
        ]

    def is_open(self, now: datetime) -> bool:
        """Whether the link still shows something."""
        return self.revoked_at is None and now < self.expires_at


class PortraitLook(models.Model):
    """Somebody opened a portrait: when, from about where, with what. Nobody is asked for a name."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    portrait = models.ForeignKey(Portrait, on_delete=models.PROTECT, related_name="looks")
    org_id = models.UUIDField()
    at = models.DateTimeField()
    net = models.CharField(max_length=45, blank=True)  # the address without its end
    device = models.CharField(max_length=40, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.SUPPLIER: "org_id", Hat.CLOCK: EVERY}

    class Meta:
        indexes = [models.Index(fields=["portrait", "-at", "-id"], name="look_at_portrait")]


class NodeMiddle(models.Model):
    """The middle of one part over the firms of a node, once a month and only from five firms on; quarters only from twenty.

    Whole percents, a band instead of the number of firms, and never more often than monthly: who knows all firms but one learns little.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    node_code = models.CharField(max_length=12)
    part = models.CharField(max_length=12)  # of onestop.scoring, or "whole"
    month = models.DateField()  # its first day
    firms_from = models.PositiveIntegerField()  # five, ten, twenty, fifty … or more
    middle = models.PositiveSmallIntegerField()  # percent
    low = models.PositiveSmallIntegerField(null=True, blank=True)
    high = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.SUPPLIER: EVERY, Hat.BUREAU: EVERY, Hat.CLOCK: EVERY}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["node_code", "part", "month"], name="middle_of_a_node_is_said_once"),
            models.CheckConstraint(condition=models.Q(firms_from__gte=5), name="middle_is_of_five_firms_or_more"),
            models.CheckConstraint(
                condition=models.Q(low=None, high=None) | models.Q(firms_from__gte=20), name="quarters_are_of_twenty_firms_or_more"
            ),
        ]
