"""Questions about printed reports: those of an audit, one of them, and the one that anybody who holds the paper may ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from audits.models import Audit, AuditReport
from foundation.actor import Actor, Hat, acting_as
from foundation.errors import Absent


@dataclass(frozen=True, slots=True)
class PaperState:
    """What the holder of a report may know: which it is of how many, its fingerprints, its days. No firm, no person, no place."""

    number: int
    newest: int
    sha256: str
    content_sha256: str
    visited_on: date
    printed_at: datetime


def reports_of(actor: Actor, audit: Audit) -> list[AuditReport]:
    """Every report of an audit, newest first."""
    return list(AuditReport.objects.visible_to(actor).filter(audit=audit).order_by("-number"))


def report_for(actor: Actor, audit_id: UUID, number: int) -> AuditReport:
    """One report, or Absent."""
    found = AuditReport.objects.visible_to(actor).filter(audit_id=audit_id, number=number).first()
    if found is None:
        raise Absent
    return found


def paper_state(token: str) -> PaperState | None:
    """What a token on a paper says; None for one that is not ours. Asked in the lobby, whoever asks."""
    with acting_as(Hat.LOBBY), connection.cursor() as cursor:
        cursor.execute("select * from audit_report_state(%s)", [token])
        row = cursor.fetchone()
    return PaperState(*row) if row else None


def report_of_token(token: str) -> AuditReport:
    """The report of a token that we ourselves have signed over to its holder, or Absent."""
    with acting_as(Hat.CLOCK):
        found = AuditReport.objects.filter(token=token).first()
    if found is None:
        raise Absent
    return found
