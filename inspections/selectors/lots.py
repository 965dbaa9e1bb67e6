"""Questions about lots."""

from __future__ import annotations

from uuid import UUID

from foundation.actor import Actor
from foundation.errors import Absent
from inspections.models import Lot


def lot_for(actor: Actor, lot_id: UUID) -> Lot:
    """One lot of the actor's world, or Absent."""
    found: Lot | None = Lot.objects.visible_to(actor).filter(pk=lot_id).first()
    if found is None:
        raise Absent
    return found
