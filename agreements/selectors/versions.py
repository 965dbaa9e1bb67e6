"""Questions about the versions of an agreement and the notices of its sides."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from agreements.models import Agreement, AgreementVersion, StatusNotice
from agreements.selectors.agreements import version_in_force, visible_versions
from foundation.actor import Actor
from foundation.errors import Absent
from foundation.scope import ScopedQuerySet

Kind = StatusNotice.Kind
WISHES = (Kind.AMENDMENT, Kind.RENEWAL)


def versions_of(actor: Actor, agreement: Agreement) -> list[AgreementVersion]:
    """Every version that the actor may see, newest first."""
    return list(visible_versions(actor, agreement).order_by("-number"))


def version_numbered(actor: Actor, agreement: Agreement, number: int) -> AgreementVersion:
    """The version of that number, or Absent."""
    found: AgreementVersion | None = visible_versions(actor, agreement).filter(number=number).first()
    if found is None:
        raise Absent
    return found


def version_on(actor: Actor, agreement: Agreement, day: date) -> AgreementVersion:
    """The version by which that day is judged, whatever is in force today; Absent where none was."""
    found = version_in_force(actor, agreement, day)
    if found is None:
        raise Absent
    return found


def _notices(actor: Actor, agreement: Agreement) -> ScopedQuerySet:
    return StatusNotice.objects.visible_to(actor).filter(agreement=agreement)


def notices_of(actor: Actor, agreement: Agreement) -> list[StatusNotice]:
    """What either side said of it, newest first, with the words."""
    return list(_notices(actor, agreement).prefetch_related("words").order_by("-given_at", "-id"))


def standing_notices(actor: Actor, agreement: Agreement) -> dict[str, StatusNotice]:
    """kind -> the notice or wish that waits for its day or for an answer."""
    rows = _notices(actor, agreement).filter(done_at=None, dropped_at=None).prefetch_related("words")
    return {row.kind: row for row in rows}


def notice_for(actor: Actor, agreement: Agreement, notice_id: UUID) -> StatusNotice:
    """One notice of the agreement, or Absent."""
    found: StatusNotice | None = _notices(actor, agreement).filter(pk=notice_id).first()
    if found is None:
        raise Absent
    return found


def suspended_by(actor: Actor, agreement: Agreement) -> StatusNotice | None:
    """The notice under which an agreement stands still now."""
    rows = _notices(actor, agreement).filter(kind=Kind.SUSPEND, done_at__isnull=False)
    return rows.order_by("-done_at").first() if agreement.state == Agreement.State.SUSPENDED else None
