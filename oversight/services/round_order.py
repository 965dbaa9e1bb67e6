"""In which order the rows of a comparison round are held: the round first, then its people and sheets. Whoever writes, whichever hat."""

from __future__ import annotations

from uuid import UUID

from foundation.actor import Hat, acting_as
from oversight.models import ComparisonRound


def hold_round(round_id: UUID) -> ComparisonRound:
    """The round as it stands, and as it stays until this transaction ends. As the clock: who takes part may hold it, and change nothing of it."""
    with acting_as(Hat.CLOCK):
        found: ComparisonRound = ComparisonRound.objects.select_for_update().get(pk=round_id)
    return found
