"""Lots of the cast, brought about by the verbs themselves."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import uuid4

from foundation.actor import as_actor
from inspections.models import Lot
from inspections.services.lots import LotSaid, register_lot
from suppliers.models import SupplyLink
from tests.agreed import NOW
from tests.cast import actor, link_id


def a_lot(
    lot_no: str = "YZ2603-001", *, owner: str | None = "chen", supplier: str = "lin", by: str | None = None, made_on: date = date(2026, 3, 2),
    product_code: str = "CASH-2/26", product: str = "羊绒针织纱 2/26Nm", quantity: str = "1200", unit: str = "kg", now: datetime = NOW,
) -> Lot:  # fmt: skip
    """A lot of a relation of the cast (owner None: the supplier's own), registered by `by`, who is the supplier unless said."""
    said = LotSaid(lot_no, product, made_on, Decimal(quantity), unit, product_code=product_code)
    with as_actor(actor(by or supplier)):
        link = SupplyLink.objects.get(pk=link_id(owner, supplier)) if owner else None
        return register_lot(actor=actor(by or supplier), said=said, client_id=uuid4(), now=now, link=link)
