"""Results of the cast's lots, as rows: many lots at once, so that a series has limits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from foundation.actor import Hat, acting_as
from inspections.models import CharacteristicResult, Lot
from records.models import RecordStream
from suppliers.models import SupplyLink
from tests.agreed import NOW
from tests.cast import actor, link_id

FIRST = date(2025, 6, 1)


def lots_made(
    count: int, *, owner: str | None = "chen", supplier: str = "lin", product_code: str = "CASH-2/26", colour: str = "", start: int = 0
) -> list[Lot]:
    """So many lots, three days apart, without their entries in the record: a chart needs none."""
    with acting_as(Hat.CLOCK):
        link = SupplyLink.objects.get(pk=link_id(owner, supplier)) if owner else None
        stream = RecordStream.objects.filter(owner_org_id=link.owner_org_id, supplier_org_id=link.supplier_org_id).first() if link else None
        rows = [
            Lot(
                link=link, stream=stream, owner_org_id=link.owner_org_id if link else None, supplier_org_id=actor(supplier).org_id,
                owner_name_zh="砚棠服饰（示例）" if link else "", owner_name_en="Yantang Apparel (demo)" if link else "",
                supplier_name_zh="云杼纺织（示例）", supplier_name_en="Yunzhu Textile (demo)", lot_no=f"L-{start + i + 1:03}", product_code=product_code,
                product="羊绒针织纱 2/26Nm", colour=colour, made_on=FIRST + timedelta(days=3 * (start + i)), quantity=1200, unit="kg", state_since=NOW,
                token=uuid4().hex[:22], registered_by="林", registered_at=NOW, client_id=uuid4(),
            )
            for i in range(count)
        ]  # fmt: skip
        return Lot.objects.bulk_create(rows)


def results_filed(
    lots: Sequence[Lot],
    readings: Sequence[Sequence[int]],
    *,
    characteristic: str = "YRN-CNT",
    decimals: int = 1,
    by: str = "lin",
    **more: Any,
) -> list[CharacteristicResult]:
    """One row for each lot: its readings as scaled whole numbers."""
    fixed = {
        "edition_code": "GB/T 4743-2009",
        "unit": "tex",
        "origin": "self",
        "entered_via": "web",
        "verdict": "in",
        "measured_at": NOW,
        "received_at": NOW,
    }
    rows = [
        CharacteristicResult(
            lot_id=lot.pk, supplier_org_id=lot.supplier_org_id, org_id=actor(by).org_id, product_code=lot.product_code,
            made_on=lot.made_on, characteristic_code=characteristic, readings=list(values), decimals=decimals, said_key=uuid4(), said=UUID(int=0),
            **{"owner_org_id": lot.owner_org_id, **fixed, **more},
        )
        for lot, values in zip(lots, readings, strict=True)
    ]  # fmt: skip
    with acting_as(Hat.CLOCK):
        return CharacteristicResult.objects.bulk_create(rows)


def zigzag(count: int, *, level: int = 385, step: int = 4) -> list[list[int]]:
    """Lot means that go up and down, each with three readings about it."""
    return [[level + way + shift for shift in (-3, 0, 3)] for way in (step * (-1) ** i for i in range(count))]
