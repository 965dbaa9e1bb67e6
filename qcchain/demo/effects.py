"""What the verbs asked the outbox for: done here and now as far as pages show it, and never mailed.

A first start must not send hundreds of mails and messages about a past that nobody lived: so every event that the load left
is marked as done. The lines that the effects would have written into inboxes and task lists are written.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F

from agreements.models import AgreementVersion
from agreements.services import tell_overdue
from agreements.services.reminding import TELL_OVERDUE
from agreements.services.sheets import make_signature_sheet
from audits.services import tell_of_audit
from foundation.actor import Hat, acting_as
from jobs.models import OutboxEvent
from jobs.services import MAX_ATTEMPTS
from notices.models import Notification

TELL_OF_AUDIT = "audits.tell_of_audit"
READ_AFTER = timedelta(days=6)


def carry_out(*, now: datetime) -> int:
    """Do what waits in the outbox, without mails and messages; how many events that were."""
    with acting_as(Hat.CLOCK):
        events = list(OutboxEvent.objects.filter(done_at=None, dead_at=None).order_by("created_at", "id"))
        for event in events:
            if event.task == TELL_OF_AUDIT:
                tell_of_audit(audit_id=UUID(event.payload["audit_id"]), now=now)
            elif event.task == TELL_OVERDUE:
                tell_overdue(obligation_id=UUID(event.payload["obligation_id"]), side=event.payload["side"], now=now)
    # Also what these effects asked for in their turn: their mails.
    OutboxEvent.objects.filter(done_at=None, dead_at=None).update(done_at=now)
    return len(events)


def print_sheets() -> int:
    """The signature sheets of the texts that have a kept paper, as of the minute after the second signature; how many."""
    with acting_as(Hat.CLOCK):
        signed = AgreementVersion.objects.filter(signed_at__isnull=False, papers__kind="text").exclude(papers__kind="signatures")
        versions = list(signed.order_by("signed_at", "id"))
        for version in versions:
            if version.signed_at is not None:
                make_signature_sheet(version_id=version.pk, now=version.signed_at + timedelta(minutes=1))
    return len(versions)


def read_what_is_old(*, now: datetime) -> None:
    """Nobody leaves a year of lines unread."""
    Notification.objects.filter(read_at=None, at__lt=now - READ_AFTER).update(read_at=F("at") + timedelta(hours=3))


def leave_a_dead_letter(*, now: datetime) -> None:
    """One mail that gave up, for the platform's page. Tried again, it mails one demo address."""
    line = Notification.objects.order_by("at", "id").first()
    if line is None:
        return
    asked = now - timedelta(hours=26)
    OutboxEvent.objects.filter(payload__notification_id=str(line.pk)).update(
        created_at=asked, next_try_at=now - timedelta(hours=2), attempts=MAX_ATTEMPTS + 1, done_at=None, dead_at=now - timedelta(hours=2),
        last_error="smtp: 450 4.2.1 mailbox busy, try again later",
    )  # fmt: skip
