"""Inspections by attributes of the cast's lots, brought about by the verbs themselves."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from foundation.actor import as_actor
from inspections.models import Inspection, Lot, SwitchingSeries, SwitchingStep
from inspections.selectors.sampling import steps_of
from inspections.services.sampling import CorrectionSaid, InspectionSaid, Named, correct_inspection, file_inspection
from tests.agreed import NOW
from tests.cast import actor
from tests.lots import a_lot


def counted(critical: int = 0, major: int = 0, minor: int = 0) -> dict[str, int]:
    return {"critical": critical, "major": major, "minor": minor}


def pieces(lot_no: str, **words: Any) -> Lot:
    """A lot of 1,200 pieces."""
    return a_lot(lot_no, **({"product_code": "CARD-07", "product": "羊绒开衫", "unit": "pcs", "quantity": "1200"} | words))


def inspected(
    lot: Lot, who: str = "chen", *, major: int = 0, minor: int = 0, critical: int = 0, now: datetime = NOW, client_id: UUID | None = None,
    named: tuple[Named, ...] = (), **words: Any,
) -> Inspection:  # fmt: skip
    """Filed by that firm, at the final stage unless said."""
    day: date = words.pop("inspected_on", timezone.localdate(now))
    said = InspectionSaid(words.pop("stage", "final"), counted(critical, major, minor), day, named=named, **words)
    with as_actor(actor(who)):
        return file_inspection(actor=actor(who), lot=lot, said=said, client_id=client_id or uuid4(), now=now)


def corrected(
    row: Inspection, who: str = "chen", *, major: int = 0, minor: int = 0, critical: int = 0, now: datetime = NOW, **words: Any
) -> Inspection:
    said = CorrectionSaid(counted(critical, major, minor), words.pop("reason", "两件看错了，重新数过"), **words)
    with as_actor(actor(who)):
        return correct_inspection(actor=actor(who), inspection=row, said=said, client_id=words.pop("client_id", uuid4()), now=now)


def series_of(who: str = "chen", klass: str = "major", **words: Any) -> SwitchingSeries:
    with as_actor(actor(who)):
        return SwitchingSeries.objects.visible_to(actor(who)).get(klass=klass, **words)


def told_of(series: SwitchingSeries, who: str = "chen", *, generation: int | None = None, kind: str = "lot") -> list[SwitchingStep]:
    with as_actor(actor(who)):
        return [step for step in steps_of(actor(who), series, generation=generation) if step.kind == kind]
