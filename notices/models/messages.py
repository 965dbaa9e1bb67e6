"""What a firm is told, and what it is asked to do. Facts only: the words are made when somebody reads."""

from django.db import models
from uuid_utils.compat import uuid7

from foundation.actor import Hat
from foundation.scope import ScopedQuerySet

READERS = dict.fromkeys((Hat.OWNER, Hat.SUPPLIER, Hat.BUREAU, Hat.LAB, Hat.PLATFORM), "org_id")


class Todo(models.Model):
    """One line of a firm's task list; pushed and closed by the verbs of the floors above."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_id = models.UUIDField()
    hat = models.CharField(max_length=12)
    kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    facts = models.JSONField(default=dict)
    due_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = READERS

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org_id", "hat", "kind", "subject_id"], name="todo_stands_once")]
        indexes = [models.Index(fields=["org_id", "hat", "due_on"], condition=models.Q(done_at=None), name="todo_open")]


class Notification(models.Model):
    """Something a firm was told, in one hat. Never carries a confidential value: a subject and a link."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_id = models.UUIDField()
    hat = models.CharField(max_length=12)
    kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    facts = models.JSONField(default=dict)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = READERS

    class Meta:
        indexes = [models.Index(fields=["org_id", "hat", "-at", "-id"], name="notification_newest")]
