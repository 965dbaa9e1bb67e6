"""What the parts of a lot's page share, read once for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from agreements.models import Agreement, AgreementVersion, Clause
from foundation.actor import Actor, Hat
from inspections.models import Lot


@dataclass(frozen=True, slots=True)
class OnLot:
    """One lot before one reader, and the text of the day it was made on: none for a lot of no relation, nor where none bound."""

    actor: Actor
    lot: Lot
    today: date
    agreement: Agreement | None = None
    version: AgreementVersion | None = None
    clauses: Sequence[Clause] = ()

    @property
    def is_owner(self) -> bool:
        return self.actor.hat == Hat.OWNER

    @property
    def is_own(self) -> bool:
        """The supplier's own lot, of no relation."""
        return self.lot.owner_org_id is None

    def clauses_of(self, *types: str) -> list[Clause]:
        """The clauses of these types, in their order."""
        return [clause for clause in self.clauses if clause.type in types]
