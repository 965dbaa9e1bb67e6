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


def lot_by_token(actor: Actor, token: str) -> Lot:
    """The lot whose label carries this, if it is of the actor's world; else Absent, as if there were no such label."""
    found: Lot | None = Lot.objects.visible_to(actor).filter(token=token).first()
    if found is None:
        raise Absent
    return found
