"""Results of the cast, filed by the verb itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from foundation.actor import as_actor
from inspections.models import CharacteristicResult, Lot
from inspections.services.results import Kept, file_results
from inspections.typed import SetSaid
from tests.agreed import NOW
from tests.cast import actor

PH_EDITION = "GB/T 7573-2009"


def ph(*values: str, **words: Any) -> SetSaid:
    """pH readings by the edition that the templates name."""
    return SetSaid("PH", values, **{"edition": PH_EDITION, "measured_at": NOW, "key": str(uuid4()), **words})


def filed(lot: Lot, *sets: SetSaid, by: str = "lin", now: datetime = NOW) -> list[Kept]:
    with as_actor(actor(by)):
        return file_results(actor=actor(by), lot=lot, sets=sets, now=now, entered_via="web")


def rows_seen(who: str, lot: Lot) -> list[CharacteristicResult]:
    """What one of the cast sees of a lot's results, oldest first."""
    with as_actor(actor(who)):
        return list(CharacteristicResult.objects.visible_to(actor(who)).filter(lot=lot).order_by("received_at", "id"))
