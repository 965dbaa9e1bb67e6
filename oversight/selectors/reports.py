"""The archive of reports."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from foundation.actor import Actor
from foundation.errors import Absent
from oversight.models import Report, ReportFile


def reports(actor: Actor, *, after: tuple[datetime, UUID] | None = None, size: int = 25) -> tuple[list[Report], bool]:
    """Newest first, without their figures, and whether there are more."""
    rows = Report.objects.visible_to(actor).defer("parts", "words")
    if after:
        rows = rows.filter(as_of__lte=after[0]).filter(Q(as_of__lt=after[0]) | Q(as_of=after[0], pk__lt=after[1]))
    found = list(rows.order_by("-as_of", "-id")[: size + 1])
    return found[:size], len(found) > size


def report_for(actor: Actor, report_id: UUID) -> Report:
    """One report, or Absent."""
    found = Report.objects.visible_to(actor).filter(pk=report_id).first()
    if found is None:
        raise Absent
    return found


def files_of(actor: Actor, report: Report) -> list[ReportFile]:
    """Its files without their bytes."""
    return list(ReportFile.objects.visible_to(actor).filter(report=report).defer("content").order_by("extension"))


def file_for(actor: Actor, report_id: UUID, extension: str) -> ReportFile:
    """One file with its bytes, or Absent."""
    found = ReportFile.objects.visible_to(actor).filter(report_id=report_id, extension=extension).first()
    if found is None:
        raise Absent
    return found
