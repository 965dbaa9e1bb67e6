"""Lots come to be: registered by the firm that made them, or by the customer who received them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from agreements.models import Agreement
from agreements.services.sides import HATS, MAY_FILE, side_of
from foundation.actor import Actor, Hat, acting_as
from foundation.errors import RuleBroken
from inspections.models import Lot
from inspections.reading.days import EARLIEST
from inspections.selectors.lots import hangs_nothing
from records.services.entries import append_entry
from records.services.streams import open_stream
from suppliers.models import SupplyLink


def is_amount(quantity: Decimal) -> bool:
    """Whether a quantity can be kept as it is: above zero, and in thousandths at most."""
    return quantity.is_finite() and 0 < quantity < Decimal(10) ** 10 and quantity == quantity.quantize(Decimal("0.001"))


@dataclass(frozen=True, slots=True)
class LotSaid:
    """What a firm says of a lot: its number, what it is, the day it was made and how much of it there is."""

    lot_no: str
    product: str
    made_on: date
    quantity: Decimal
    unit: str
    product_code: str = ""
    colour: str = ""
    node_code: str = ""
    note: str = ""

    def columns(self, today: date) -> dict[str, Any]:
        """The row's columns. Raises RuleBroken on the field that cannot be."""
        lot_no, product = " ".join(self.lot_no.split()), " ".join(self.product.split())
        for name, value, longest in (("lot_no", lot_no, 40), ("product", product, 120), ("unit", self.unit.strip(), 12)):
            if not value:
                raise RuleBroken("lot_needs_a_word", field=name)
            if len(value) > longest:
                raise RuleBroken("lot_word_too_long", field=name, longest=longest)
        if self.made_on < EARLIEST:
            raise RuleBroken("lot_made_too_early", field="made_on")
        if self.made_on > today:
            raise RuleBroken("lot_made_in_the_future", field="made_on")
        if not is_amount(self.quantity):
            raise RuleBroken("lot_quantity_out_of_range", field="quantity")
        return {
            "lot_no": lot_no, "product": product, "made_on": self.made_on, "quantity": self.quantity, "unit": self.unit.strip(),
            "product_code": self.product_code.strip()[:40], "colour": " ".join(self.colour.split())[:60], "node_code": self.node_code,
            "note": self.note.strip()[:200],
        }  # fmt: skip


@transaction.atomic
def register_lot(*, actor: Actor, said: LotSaid, client_id: UUID, now: datetime, link: SupplyLink | None = None) -> Lot:
    """Note a lot of a relation; without one, the supplier's own. The same `client_id` registers once.

    Raises RuleBroken("supplier_has_not_joined"), ("lot_number_taken") and what columns() says.
    """
    actor.must_hold(*MAY_FILE)
    columns = said.columns(timezone.localdate(now))
    if link is None:
        actor.must_wear(Hat.SUPPLIER)
        sides: dict[str, Any] = {
            "supplier_org_id": actor.org_id,
            "supplier_name_zh": actor.org_name_zh,
            "supplier_name_en": actor.org_name_en,
        }
    else:
        sides = relation_of(actor, link, now)
    before = Lot.objects.visible_to(actor).filter(supplier_org_id=sides["supplier_org_id"], client_id=client_id).first()
    if before is not None:
        return before
    row = born(actor, {**columns, **sides}, client_id, now)
    if row.registered_at == now:  # not the twin that was written at the same time
        note_lot(actor, row, "lot_registered", now)
    return row


def born(actor: Actor, columns: dict[str, Any], client_id: UUID, now: datetime) -> Lot:
    """Write a lot of these columns, with a label of its own. Raises RuleBroken("lot_number_taken")."""
    row = Lot(
        **columns, client_id=client_id, token=secrets.token_urlsafe(16), state_since=now, registered_at=now, registered_by=actor.person_name,
        is_demo=actor.is_demo,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        twin: Lot | None = Lot.objects.visible_to(actor).filter(supplier_org_id=row.supplier_org_id, client_id=client_id).first()
        if twin is not None:  # the same form, sent twice at once
            return twin
        raise RuleBroken("lot_number_taken", field="lot_no", lot_no=row.lot_no) from error
    return row


@transaction.atomic
def change_lot(*, actor: Actor, lot: Lot, said: LotSaid, now: datetime) -> Lot:
    """Put right what was typed, as long as nothing hangs on the lot. Only its maker changes it.

    Raises RuleBroken("lot_is_not_changed_any_more"), ("lot_number_taken") and what columns() says.
    """
    actor.must_act_for(lot.supplier_org_id, Hat.SUPPLIER)
    actor.must_hold(*MAY_FILE)
    columns = said.columns(timezone.localdate(now))
    row = locked_lot(actor, lot)
    if row.whole_id is not None or not hangs_nothing(row):
        raise RuleBroken("lot_is_not_changed_any_more")
    changed = {name: value for name, value in columns.items() if getattr(row, name) != value}
    if not changed:
        return row
    try:
        with transaction.atomic():
            Lot.objects.visible_to(actor).filter(pk=row.pk).update(**changed)
    except IntegrityError as error:
        raise RuleBroken("lot_number_taken", field="lot_no", lot_no=columns["lot_no"]) from error
    for name, value in changed.items():
        setattr(row, name, value)
    note_lot(actor, row, "lot_changed", now, changed=sorted(changed))
    return row


def relation_of(actor: Actor, link: SupplyLink, now: datetime) -> dict[str, Any]:
    """The columns of a relation that a lot carries. Raises RuleBroken("supplier_has_not_joined")."""
    if link.state != SupplyLink.State.JOINED or link.supplier_org_id is None:
        raise RuleBroken("supplier_has_not_joined", field="link", name=link.name_zh)
    side_of(actor, link)
    return {
        "link_id": link.pk, "owner_org_id": link.owner_org_id, "supplier_org_id": link.supplier_org_id, "owner_name_zh": link.owner_name_zh,
        "owner_name_en": link.owner_name_en, "supplier_name_zh": link.name_zh, "supplier_name_en": link.name_en,
        "stream_id": stream_of(actor, link, now),
    }  # fmt: skip


def stream_of(actor: Actor, link: SupplyLink, now: datetime) -> UUID:
    """The book of the relation: that of the newest agreement both sides know, else the one opened for it."""
    known = Agreement.objects.visible_to(actor).filter(link_id=link.pk).exclude(sent_at=None).order_by("-created_at", "-id").first()
    if known is not None:
        return UUID(str(known.stream_id))
    earlier = Lot.objects.visible_to(actor).filter(link_id=link.pk).exclude(stream_id=None).order_by("-registered_at").first()
    if earlier is not None:
        return UUID(str(earlier.stream_id))
    assert link.supplier_org_id is not None
    return open_stream(actor=actor, owner_org_id=link.owner_org_id, supplier_org_id=link.supplier_org_id, now=now).pk


def note_lot(actor: Actor, lot: Lot, kind: str, now: datetime, **more: Any) -> None:
    """Enter a step of the lot into the common record of its relation; a lot of no relation has none."""
    if lot.stream_id is None or lot.owner_org_id is None:
        return
    payload = {"lot_no": lot.lot_no, "product": lot.product, "colour": lot.colour, "made_on": lot.made_on.isoformat(), **more}
    append_entry(actor=actor, stream=lot, kind=kind, subject_id=lot.pk, payload=payload, now=now)


def move_lot(lot: Lot, state: str, *, now: datetime) -> Lot:
    """Put a lot into a state. The caller has asked who may, and holds the row's lock."""
    with acting_as(Hat.CLOCK):
        Lot.objects.filter(pk=lot.pk).update(state=state, state_since=now)
    lot.state, lot.state_since = state, now
    return lot


def locked_lot(actor: Actor, lot: Lot) -> Lot:
    """The row as it stands now, locked until the transaction ends. Any hat that sees it may hold it."""
    with acting_as(Hat.CLOCK):
        row: Lot = Lot.objects.select_for_update().get(pk=lot.pk)
    if actor.org_id not in (row.owner_org_id, row.supplier_org_id) or actor.hat not in HATS.values():
        raise Lot.DoesNotExist
    return row
