"""Requests that may arrive twice, and long work that a person watches."""

from django.db import models
from uuid_utils.compat import uuid7

from foundation.actor import Hat
from foundation.scope import ScopedQuerySet


class IdempotencyKey(models.Model):
    """A write that was answered: the same key with the same body gets the same answer."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_id = models.UUIDField()
    hat = models.CharField(max_length=12)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.JSONField()
    at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    seen_by = dict.fromkeys((Hat.OWNER, Hat.SUPPLIER, Hat.BUREAU, Hat.LAB, Hat.PROVIDER, Hat.PLATFORM), "org_id")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org_id", "hat", "key"], name="idempotency_key_answers_once")]


class Job(models.Model):
    """Long work with progress that survives closing the page."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_id = models.UUIDField()
    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=12, default="waiting")  # waiting, running, done, failed
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    facts = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = dict.fromkeys((Hat.OWNER, Hat.SUPPLIER, Hat.BUREAU, Hat.LAB, Hat.PROVIDER, Hat.PLATFORM), "org_id")
