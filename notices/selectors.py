"""What a firm was told and what it is asked to do, in the hat that it wears."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, F, Max, Q
from django.db.models.fields.json import KT

from foundation.actor import Actor
from notices.models import Notification, Todo

MANY = 100
# Of these a firm has one line for all, which says how many they are.
ONE_FOR_ALL = ("signals_to_look_at",)


def inbox_page(
    actor: Actor, *, unread_only: bool = False, after: tuple[datetime, UUID] | None = None, size: int = 25
) -> tuple[list[Notification], bool]:
    """What the firm was told, newest first, and whether there is more. One query on its index."""
    rows = Notification.objects.visible_to(actor).filter(hat=actor.hat)
    if unread_only:
        rows = rows.filter(read_at=None)
    if after:
        rows = rows.filter(at__lte=after[0]).filter(Q(at__lt=after[0]) | Q(at=after[0], pk__lt=after[1]))
    found = list(rows.order_by("-at", "-id")[: size + 1])
    return found[:size], len(found) > size


def unread_count(actor: Actor) -> int:
    """How many lines nobody has read; counts to 100 and no further."""
    return Notification.objects.visible_to(actor).filter(hat=actor.hat, read_at=None)[:MANY].count()


def open_todos(actor: Actor, *, size: int = MANY) -> list[Todo]:
    """What the firm is asked to do, the nearest day first; what has no day comes last."""
    rows = Todo.objects.visible_to(actor).filter(hat=actor.hat, done_at=None)
    return list(rows.order_by(F("due_on").asc(nulls_last=True), "created_at", "id")[:size])


def done_todos(actor: Actor, *, since: datetime, size: int = 20) -> list[Todo]:
    """What was done lately, newest first."""
    return list(Todo.objects.visible_to(actor).filter(hat=actor.hat, done_at__gte=since).order_by("-done_at", "-id")[:size])


class Open(NamedTuple):
    """The open lines of a kind, and how many things they ask for."""

    lines: int
    things: int


def open_by_kind(actor: Actor) -> dict[str, Open]:
    rows: Any = Todo.objects.visible_to(actor).filter(hat=actor.hat, done_at=None).order_by().values_list("kind")
    said = Max(KT("facts__other_zh"), filter=Q(kind__in=ONE_FOR_ALL))
    return {kind: Open(lines, int(many) if many else lines) for kind, lines, many in rows.annotate(n=Count("id"), many=said)}
