"""Many lots with results at once, for what needs a history: rows as filing leaves them, without the filing of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from foundation.actor import as_actor
from inspections.models import CharacteristicResult, Lot
from suppliers.models import SupplyLink
from tests.agreed import NOW
from tests.cast import actor, link_id

FIRST = date(2026, 1, 1)


def many_lots(
    count: int, *, owner: str | None = "chen", supplier: str = "lin", first: date = FIRST, mark: str = "S", product_code: str = "CASH-2/26", colour: str = "驼色"
) -> list[Lot]:  # fmt: skip
    """Lots of one product, one a day, with a number each."""
    maker = actor(supplier)
    with as_actor(maker):
        sides: dict[str, Any] = {
            "supplier_org_id": maker.org_id,
            "supplier_name_zh": maker.org_name_zh,
            "supplier_name_en": maker.org_name_en,
        }
        if owner:
            link = SupplyLink.objects.get(pk=link_id(owner, supplier))
            sides |= {
                "link_id": link.pk,
                "owner_org_id": link.owner_org_id,
                "owner_name_zh": link.owner_name_zh,
                "owner_name_en": link.owner_name_en,
            }
        rows = [
            Lot(
                **sides, lot_no=f"{mark}-{n:03d}", product_code=product_code, product="羊绒针织纱 2/26Nm", colour=colour, made_on=first + timedelta(days=n),
                quantity=500, unit="kg", state="inspecting", state_since=NOW, token=uuid4().hex[:22], registered_by=maker.person_name,
                registered_at=NOW, client_id=uuid4(), is_demo=True,
            )
            for n in range(count)
        ]  # fmt: skip
        return Lot.objects.bulk_create(rows)


def results_of(
    lots: Sequence[Lot], readings: Sequence[Sequence[int]], *, by: str = "lin", shown: bool = True, **words: Any
) -> list[CharacteristicResult]:  # fmt: skip
    """One row for each lot, of a measured characteristic unless `words` say another."""
    said = {
        "characteristic_code": "YRN-CNT",
        "edition_code": "GB/T 4743-2009",
        "unit": "tex",
        "decimals": 2,
        "origin": "self",
        "verdict": "in",
    }
    rows = [
        CharacteristicResult(
            **{
                "lot_id": lot.pk, "owner_org_id": lot.owner_org_id if shown else None, "supplier_org_id": lot.supplier_org_id, "org_id": actor(by).org_id,
                "product_code": lot.product_code, "made_on": lot.made_on, "readings": list(each), "measured_at": NOW, "received_at": NOW,
                "entered_via": "file", "said_key": uuid4(), "said": uuid4(), **said, **words,
            }
        )
        for lot, each in zip(lots, readings, strict=True)
    ]  # fmt: skip
    with as_actor(actor(by)):
        return CharacteristicResult.objects.bulk_create(rows)
