"""What goes with a duty: the line on its side's task list, and the counts that follow from it. No rule of its own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from agreements.models import Obligation
from foundation.actor import Hat, acting_as
from jobs.services import put_outbox
from notices.services import close_todo

# The task line that a duty with a day of its own puts on its side's list. Audits put their own; a sealed sample reminds of itself.
TODO_OF = {
    "document": "document_due", "process_record": "document_due", "owner_duty": "owner_duty_due", "reply": "owner_duty_due",
    "payment": "owner_duty_due", "visit_notice": "owner_duty_due", "concession_answer": "owner_duty_due", "change_answer": "owner_duty_due",
}  # fmt: skip
COUNT_KEPT = "agreements.count_kept"


def asked_no_more(rows: Iterable[Obligation], now: datetime) -> None:
    """The lines of these duties leave the list."""
    for row in rows:
        if row.kind in TODO_OF:
            close_todo(kind=TODO_OF[row.kind], subject_id=row.pk, now=now)


def count_later(agreement_id: UUID, days: Iterable[date], what: str) -> None:
    """Ask for the counts of the periods in which those days lie, once the fact has been committed; `what` names the fact."""
    said = sorted(day.isoformat() for day in days)
    with acting_as(Hat.CLOCK):
        put_outbox(COUNT_KEPT, key=f"{agreement_id}:{what}", agreement_id=str(agreement_id), days=said)
