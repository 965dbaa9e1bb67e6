"""Questions about follow-ups: what is open of an audit, what a follow-up looks at, which follow an audit."""

from __future__ import annotations

from uuid import UUID

from audits.models import Audit, Finding, FollowUpItem
from audits.status import FINDING_OPEN
from foundation.actor import Actor
from foundation.errors import Absent


def open_of(actor: Actor, audit: Audit) -> list[Finding]:
    """What a follow-up of that audit would look at: its open findings, and those that an earlier follow-up left open."""
    rows = Finding.objects.visible_to(actor).filter(audit=audit, state__in=FINDING_OPEN).prefetch_related("text")
    return list(rows.order_by("raised_at", "id"))


def items_of(actor: Actor, audit: Audit) -> list[FollowUpItem]:
    """The findings on the list of a follow-up, with their words, in the order they were raised."""
    rows = FollowUpItem.objects.visible_to(actor).filter(audit=audit).select_related("finding").prefetch_related("finding__text")
    return list(rows.order_by("finding__raised_at", "id"))


def item_for(actor: Actor, finding_id: UUID, audit: Audit) -> FollowUpItem:
    """One finding on the list of a follow-up, or Absent."""
    row: FollowUpItem | None = (
        FollowUpItem.objects.visible_to(actor).filter(audit=audit, finding_id=finding_id).select_related("finding").first()
    )
    if row is None:
        raise Absent
    return row


def item_with(actor: Actor, item_id: UUID) -> FollowUpItem:
    """One line of a follow-up's list by its own id, or Absent outside the actor's world."""
    rows = FollowUpItem.objects.visible_to(actor).select_related("finding__agreement", "audit__agreement").prefetch_related("finding__text")
    row: FollowUpItem | None = rows.filter(pk=item_id).first()
    if row is None:
        raise Absent
    return row


def follow_ups_of(actor: Actor, audit: Audit) -> list[Audit]:
    """The follow-ups of an audit that the actor sees, oldest first."""
    return list(Audit.objects.visible_to(actor).filter(follows=audit).order_by("visit_on", "id"))
