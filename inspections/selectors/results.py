"""Questions about results: what was filed on a lot, one row, what is usually measured and by which edition."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Case, Count, Q, When

from agreements.models import Characteristic, MethodEdition
from foundation.actor import Actor
from foundation.errors import Absent
from inspections.lot_results import WORST_FIRST
from inspections.models import CharacteristicResult, Lot

MOST_ON_A_LOT = 400


def results_of(actor: Actor, lot: Lot, *, after: tuple[datetime, UUID] | None, limit: int) -> list[CharacteristicResult]:
    """A page of what the actor sees of a lot's results, in the order they were filed, corrected ones too; one more than asked."""
    rows = CharacteristicResult.objects.visible_to(actor).filter(lot=lot)
    if after is not None:
        at, last = after
        rows = rows.filter(received_at__gte=at).filter(Q(received_at__gt=at) | Q(id__gt=last))
    return list(rows.order_by("received_at", "id")[: limit + 1])


def standing_on(actor: Actor, lot: Lot) -> tuple[list[CharacteristicResult], int]:
    """The results that stand on a lot, in the order they were filed, and how many there are.

    Of more than MOST_ON_A_LOT those with the worst verdict are given first, then the newest: what is out of limits is never left out
    for what is within.
    """
    rows = CharacteristicResult.objects.visible_to(actor).filter(lot=lot, replaced_by=None)
    worst = Case(*(When(verdict=verdict, then=place) for place, verdict in enumerate(WORST_FIRST)), default=len(WORST_FIRST))
    found = list(rows.order_by(worst, "-received_at", "-id")[: MOST_ON_A_LOT + 1])
    total = len(found) if len(found) <= MOST_ON_A_LOT else rows.count()
    return sorted(found[:MOST_ON_A_LOT], key=lambda row: (row.received_at, row.pk)), total


def result_for(actor: Actor, result_id: UUID) -> CharacteristicResult:
    """One row of the actor's world with its lot, or Absent."""
    found: CharacteristicResult | None = CharacteristicResult.objects.visible_to(actor).filter(pk=result_id).select_related("lot").first()
    if found is None:
        raise Absent
    return found


def correction_of(actor: Actor, result: CharacteristicResult) -> CharacteristicResult | None:
    """The row that stands in a row's place."""
    found: CharacteristicResult | None = CharacteristicResult.objects.visible_to(actor).filter(pk__in=[result.replaced_by]).first()
    return found


def has_hidden(actor: Actor, lot: Lot) -> bool:
    """Whether the supplier has filed results on a customer's lot that this customer does not see."""
    if lot.owner_org_id is None:
        return False
    return bool(CharacteristicResult.objects.visible_to(actor).filter(lot=lot, owner_org_id=None).exists())


def editions_for(characteristic: str) -> list[MethodEdition]:
    """The editions of the methods that measure a characteristic, the newest of a method first."""
    rows = MethodEdition.objects.filter(method__characteristic_codes__contains=[characteristic])
    return list(rows.order_by("method__order", "-code"))


def edition_used_last(actor: Actor, lot: Lot, characteristic: str) -> str:
    """The edition by which this product was measured last; "" where it never was."""
    rows = CharacteristicResult.objects.visible_to(actor).filter(supplier_org_id=lot.supplier_org_id, characteristic_code=characteristic)
    rows = rows.filter(Q(product_code=lot.product_code)).exclude(edition_code="").order_by("-made_on")
    return str(rows.values_list("edition_code", flat=True).first() or "")


def instrument_used_last(actor: Actor, lot: Lot, characteristic: str) -> str:
    """The plate of the instrument with which the actor's firm measured this product last."""
    rows = CharacteristicResult.objects.visible_to(actor).filter(
        org_id=actor.org_id, supplier_org_id=lot.supplier_org_id, characteristic_code=characteristic
    )
    return str(rows.exclude(instrument="").order_by("-made_on").values_list("instrument", flat=True).first() or "")


def measured_on(actor: Actor, lot: Lot) -> dict[str, int]:
    """code -> how many results stand on a lot."""
    rows = CharacteristicResult.objects.visible_to(actor).filter(lot=lot, replaced_by=None)
    return dict(rows.order_by("characteristic_code").values_list("characteristic_code").annotate(n=Count("pk")))


def characteristics_by_code(codes: Collection[str]) -> dict[str, Characteristic]:
    """code -> the characteristic."""
    return {row.code: row for row in Characteristic.objects.filter(pk__in=set(codes))} if codes else {}
