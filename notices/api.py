"""What the firm was told, and what it is asked to do."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from rest_framework import serializers

from foundation.actor import BUSINESS_HATS, Actor
from foundation.errors import RuleBroken
from notices.selectors import inbox_page, open_todos
from notices.services import mark_read
from parties.endpoints import Asked, Endpoint, Page, PageFilters, Said, Shape, verb


class NotificationShape(Shape):
    id = serializers.UUIDField()
    kind = serializers.CharField()
    subject_id = serializers.UUIDField(help_text="The thing it speaks of.")
    facts = serializers.DictField(help_text="Names and a number; never a confidential value.")
    at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)


class TaskShape(Shape):
    id = serializers.UUIDField()
    kind = serializers.CharField()
    subject_id = serializers.UUIDField()
    facts = serializers.DictField()
    due_on = serializers.DateField(allow_null=True)
    created_at = serializers.DateTimeField()


class InboxFilters(PageFilters):
    show = serializers.ChoiceField(["unread"], required=False)


class ReadSaid(Said):
    notification = serializers.UUIDField(required=False)
    all = serializers.BooleanField(required=False)


class ReadShape(Shape):
    read = serializers.IntegerField(help_text="How many were marked now.")


class Notifications(Endpoint):
    hats = BUSINESS_HATS

    @verb("What the firm was told, newest first", gives=NotificationShape, asks=InboxFilters, page=(datetime, UUID))
    def get(self, actor: Actor, asked: Asked) -> Page:
        unread = asked.filters.get("show") == "unread"
        rows, _more = inbox_page(actor, unread_only=unread, after=asked.after, size=asked.size + 1)
        return Page(rows, lambda row: (row.at, row.pk))


class NotificationsRead(Endpoint):
    hats = BUSINESS_HATS

    @verb("Mark one line, or all, as read", takes=ReadSaid, gives=ReadShape)
    def post(self, actor: Actor, said: dict[str, Any]) -> dict[str, int]:
        one = said.get("notification")
        if one is None and not said.get("all"):
            raise RuleBroken("fields_missing", field="notification")
        return {"read": mark_read(actor=actor, notification_id=one, now=timezone.now())}


class Tasks(Endpoint):
    hats = BUSINESS_HATS

    @verb("What the firm is asked to do, the nearest day first: up to 100", gives=TaskShape(many=True))
    def get(self, actor: Actor) -> list[Any]:
        return open_todos(actor)
