"""What must happen, whatever breaks: written in the verb's own transaction, done exactly once."""

from django.db import models
from uuid_utils.compat import uuid7


class OutboxEvent(models.Model):
    """One effect that a committed verb asks for. The relay leases it, a worker claims (task, key) and does it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    task = models.CharField(max_length=80)
    key = models.CharField(max_length=160)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    patient = models.BooleanField(default=False)  # one of very many: whatever else is due goes first
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    dead_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "key"], name="outbox_asks_once_per_task_and_key")]
        indexes = [models.Index(fields=["patient", "next_try_at"], condition=models.Q(done_at=None, dead_at=None), name="outbox_waiting")]


class Claim(models.Model):
    """Proof that the effect (task, key) was done: inserted in the effect's own transaction."""

    id = models.BigAutoField(primary_key=True)
    task = models.CharField(max_length=80)
    key = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "key"], name="effect_is_done_once")]


class Pulse(models.Model):
    """When each loop last turned; /readyz reads it."""

    name = models.CharField(primary_key=True, max_length=40)
    at = models.DateTimeField()
