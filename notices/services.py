"""Put a line on a firm's task list, tell it something, send a message. All safe to repeat; all written by the clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from foundation.actor import Actor, Hat, acting_as
from jobs.services import put_outbox, put_outbox_each
from notices.kinds import subject_of
from notices.models import Notification, Todo


@dataclass(frozen=True, slots=True)
class Line:
    """Something for one firm in one hat: to be told, or to be done."""

    org_id: UUID
    hat: Hat
    kind: str
    subject_id: UUID
    facts: dict[str, Any]


def put_todo(
    *, org_id: UUID, hat: Hat, kind: str, subject_id: UUID, facts: dict[str, Any], due_on: date | None = None, now: datetime
) -> None:
    """Ask a firm to do something; asked again, the same line stands open with the newer facts."""
    put_todos([Line(org_id, hat, kind, subject_id, facts)], due_on=due_on, now=now)


@transaction.atomic
def put_todos(lines: Iterable[Line], *, due_on: date | None = None, now: datetime) -> None:
    """Ask many firms at once: one statement, however many. Of two lines that are the same the later counts."""
    each = {(line.org_id, line.hat, line.kind, line.subject_id): line for line in lines}
    with acting_as(Hat.CLOCK):
        Todo.objects.bulk_create(
            [
                Todo(org_id=line.org_id, hat=line.hat, kind=line.kind, subject_id=line.subject_id, facts=line.facts, due_on=due_on, created_at=now)
                for line in each.values()
            ],
            update_conflicts=True,
            unique_fields=["org_id", "hat", "kind", "subject_id"],
            update_fields=["facts", "due_on", "created_at", "done_at"],
        )  # fmt: skip


@transaction.atomic
def close_todo(*, kind: str, subject_id: UUID, now: datetime, org_id: UUID | None = None) -> None:
    """The thing is done: the line leaves the list."""
    mine = Q(org_id=org_id) if org_id else Q()
    with acting_as(Hat.CLOCK):
        Todo.objects.filter(mine, kind=kind, subject_id=subject_id, done_at=None).update(done_at=now)


def tell(*, org_id: UUID, hat: Hat, kind: str, subject_id: UUID, facts: dict[str, Any], now: datetime) -> Notification:
    """Tell a firm something: a line in its inbox now, a mail to its people through the outbox.

    Raises KeyError for a kind that nobody has named, here and not on the whole inbox of whoever is told.
    """
    return tell_each([Line(org_id, hat, kind, subject_id, facts)], now=now)[0]


@transaction.atomic
def tell_each(lines: Iterable[Line], *, now: datetime, patient: bool = False) -> list[Notification]:
    """Tell many firms at once: two statements, however many. `patient`: their mails wait until nothing else is due."""
    told = [Notification(org_id=line.org_id, hat=line.hat, kind=line.kind, subject_id=line.subject_id, facts=line.facts, at=now) for line in lines]
    for notification in told:
        subject_of(notification.kind, notification.facts)
    with acting_as(Hat.CLOCK):
        Notification.objects.bulk_create(told)
        mails = {f"mail:{notification.pk}": {"notification_id": str(notification.pk)} for notification in told}
        put_outbox_each("notices.send_mail", mails, patient=patient)
    return told


def text_message(*, phone: str, kind: str, facts: dict[str, Any], key: str) -> None:
    """Ask for a text message; it is sent by the worker through the port."""
    put_outbox("notices.send_sms", key=key, phone=phone, kind=kind, facts=facts)


@transaction.atomic
def mark_read(*, actor: Actor, notification_id: UUID | None, now: datetime) -> int:
    """Mark one line, or every line, of the actor's inbox as read."""
    mine = Notification.objects.visible_to(actor).filter(hat=actor.hat, read_at=None)
    if notification_id is not None:
        mine = mine.filter(pk=notification_id)
    return mine.update(read_at=now)
