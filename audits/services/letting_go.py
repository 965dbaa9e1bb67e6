"""Half-days that are booked no more: their visit went to another day, is off, or is somebody else's."""

from __future__ import annotations

from uuid import UUID

from audits.models import Audit, Booking


def let_go(audit: Audit, *, person_id: UUID | None = None) -> None:
    """Free the halves of a visit, or of one of those who go on it."""
    rows = Booking.objects.filter(audit=audit, owner_org_id=audit.owner_org_id)
    (rows if person_id is None else rows.filter(person_id=person_id)).delete()
