"""What a lot was made of and what became of it: split, merged, used up in another, given to customers in portions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils import timezone

from agreements.services.sides import MAY_FILE, side_of
from foundation.actor import Actor, Hat, acting_as
from foundation.errors import RuleBroken
from inspections.lot_words import amount
from inspections.models import Lot, LotParent
from inspections.selectors.descent import DEEPEST, descent_of, left_of
from inspections.services.lots import LotSaid, born, is_amount, locked_lot, move_lot, note_lot, relation_of
from inspections.services.results import carry_to_portion
from suppliers.models import SupplyLink

MOST_PARTS, MOST_MERGED = 24, 24
MOST_INPUTS = 60
State = Lot.State
# Only what is free may be divided: whatever was decided about a lot would else be evaded by giving it new names.
FREE = (State.REGISTERED, State.INSPECTING, State.RELEASED)
# From the day on which a lot came to stand here nothing is made of it; what went into another lot before, did.
KEPT_BACK = (State.HELD, State.NOT_ACCEPTED, State.SCRAPPED)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a lot: its number, and how much of it."""

    lot_no: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class InputSaid:
    """What went into a lot: a lot of the same maker, or what its label says."""

    parent: Lot | None = None
    parent_no: str = ""
    made_by: str = ""
    material: str = ""
    quantity: Decimal | None = None
    unit: str = ""


@transaction.atomic
def split_lot(*, actor: Actor, lot: Lot, parts: Sequence[Part], client_id: UUID, now: datetime) -> list[Lot]:
    """Divide a lot: each part is a lot of the same relation, day and state. What is not named stays in the lot.

    Raises RuleBroken("lot_is_not_free"), ("split_needs_parts"), ("more_than_is_left") and what registering says. The same `client_id` splits once.
    """
    _must_keep(actor, lot)
    row = locked_lot(actor, lot)
    before = _born_of(actor, row, client_id, len(parts))
    if before:
        return before
    _must_be_free(row)
    if not 1 <= len(parts) <= MOST_PARTS:
        raise RuleBroken("split_needs_parts", most=MOST_PARTS)
    _must_be_left(row, sum((part.quantity for part in parts), Decimal(0)))
    made = []
    for number, part in enumerate(parts):
        said = _said_of(row, lot_no=part.lot_no, quantity=part.quantity)
        child = _child(actor, row, said, _key(client_id, number), now)
        _step(actor, child, LotParent.Kind.SPLIT, now, parent=row, quantity=child.quantity, unit=row.unit, client_id=client_id)
        made.append(child)
    note_lot(actor, row, "lot_split", now, parts=len(made), into=", ".join(child.lot_no for child in made)[:200])
    return made


@transaction.atomic
def merge_lots(*, actor: Actor, lots: Sequence[Lot], lot_no: str, client_id: UUID, now: datetime) -> Lot:
    """Put together what is left of several lots of one product, colour, unit and relation. It counts as made on the youngest one's day.

    Raises RuleBroken("merge_needs_lots"), ("merge_of_unlike"), ("lot_is_not_free"), ("nothing_is_left"). The same `client_id` merges once.
    """
    chosen = list({lot.pk: lot for lot in lots}.values())
    if not 2 <= len(chosen) <= MOST_MERGED:
        raise RuleBroken("merge_needs_lots", most=MOST_MERGED)
    for lot in chosen:
        _must_keep(actor, lot)
    rows = [
        locked_lot(actor, lot) for lot in sorted(chosen, key=lambda lot: lot.pk)
    ]  # in one order, so that two merges never wait for each other
    first = rows[0]
    before = _born_of(actor, first, client_id, 1)
    if before:
        return before[0]
    if len({(row.link_id, row.product_code, row.product, row.colour, row.unit) for row in rows}) > 1:
        raise RuleBroken("merge_of_unlike", field="lots")
    taken: list[tuple[Lot, Decimal]] = []
    for row in rows:
        _must_be_free(row)
        left = left_of(row)
        if left <= 0:
            raise RuleBroken("nothing_is_left", field="lots", lot_no=row.lot_no)
        taken.append((row, left))
    youngest = max(rows, key=lambda row: (row.made_on, row.pk))
    state = State.RELEASED if all(row.state == State.RELEASED for row in rows) else State.REGISTERED
    said = _said_of(youngest, lot_no=lot_no, quantity=sum((left for _row, left in taken), Decimal(0)))
    merged = _child(actor, youngest, said, _key(client_id, 0), now, state=state)
    for row, left in taken:
        _step(actor, merged, LotParent.Kind.MERGE, now, parent=row, quantity=left, unit=row.unit, client_id=uuid5(client_id, str(row.pk)))
        note_lot(actor, row, "lot_merged", now, into=merged.lot_no)
    return merged


@transaction.atomic
def name_input(*, actor: Actor, lot: Lot, said: InputSaid, client_id: UUID, now: datetime) -> LotParent:
    """Say what went into a lot: one of the same maker's lots, or a label's words. The same `client_id` names it once.

    Raises RuleBroken("input_needs_a_name"), ("input_is_of_another_customer"), ("input_goes_in_a_circle"), ("input_named_already"),
    ("input_is_kept_back"), ("too_many_inputs"), ("more_than_is_left").
    """
    _must_keep(actor, lot)
    if said.parent is not None:
        _lock_both(lot, said.parent)
    row = locked_lot(actor, lot)
    mine = LotParent.objects.visible_to(actor).filter(lot=row)
    before: LotParent | None = mine.filter(client_id=client_id).first()
    if before is not None:
        return before
    if mine.count() >= MOST_INPUTS:
        raise RuleBroken("too_many_inputs", most=MOST_INPUTS)
    words: dict[str, Any] = {
        name: " ".join(getattr(said, name).split())[:most] for name, most in (("parent_no", 40), ("made_by", 80), ("material", 120))
    }
    if said.quantity is not None and not is_amount(said.quantity):
        raise RuleBroken("lot_quantity_out_of_range", field="quantity")
    if said.parent is None:
        if not words["parent_no"]:
            raise RuleBroken("input_needs_a_name", field="parent_no")
        step = _step(
            actor, row, LotParent.Kind.INPUT, now, quantity=said.quantity, unit=said.unit.strip()[:12], client_id=client_id, **words
        )
        note_lot(actor, row, "lot_input_named", now, input=words["parent_no"], made_by=words["made_by"])
        return step
    parent = _parent_of(actor, row, said.parent, said.quantity)
    step = _step(actor, row, LotParent.Kind.INPUT, now, parent=parent, quantity=said.quantity, unit=parent.unit, client_id=client_id)
    if step.owner_org_id is not None:  # what the customer does not see is not told to it either
        note_lot(actor, row, "lot_input_named", now, input=parent.lot_no, made_by="")
    return step


@transaction.atomic
def give_portion(*, actor: Actor, lot: Lot, link: SupplyLink, part: Part, client_id: UUID, now: datetime) -> Lot:
    """Give a customer a portion of the supplier's own lot: a lot of their relation, which tells nothing of the whole.

    Raises RuleBroken("only_an_own_lot_has_portions"), ("lot_is_not_free"), ("more_than_is_left") and what registering says.
    """
    actor.must_act_for(lot.supplier_org_id, Hat.SUPPLIER)
    actor.must_hold(*MAY_FILE)
    row = locked_lot(actor, lot)
    before: Lot | None = Lot.objects.visible_to(actor).filter(supplier_org_id=row.supplier_org_id, client_id=client_id).first()
    if before is not None:
        return before
    if row.owner_org_id is not None:
        raise RuleBroken("only_an_own_lot_has_portions")
    _must_be_free(row)
    _must_be_left(row, part.quantity)
    said = _said_of(row, lot_no=part.lot_no or row.lot_no, quantity=part.quantity)
    portion = born(actor, {**said.columns(timezone.localdate(now)), **relation_of(actor, link, now), "whole_id": row.pk}, client_id, now)
    note_lot(actor, portion, "lot_registered", now)
    carry_to_portion(actor=actor, whole=row, portion=portion, now=now)
    return portion


def _must_keep(actor: Actor, lot: Lot) -> None:
    """Who keeps the lots of a relation: either of its sides; of a supplier's own: the supplier."""
    actor.must_hold(*MAY_FILE)
    if lot.owner_org_id is None:
        actor.must_act_for(lot.supplier_org_id, Hat.SUPPLIER)
    else:
        side_of(actor, lot)


def _lock_both(lot: Lot, parent: Lot) -> None:
    """The older lot first, as everybody does who needs more than one: nobody waits for each other in a circle."""
    with acting_as(Hat.CLOCK):
        list(Lot.objects.select_for_update().filter(pk__in=[lot.pk, parent.pk]).order_by("pk").values_list("pk"))


def _must_be_free(lot: Lot) -> None:
    if lot.state not in FREE:
        raise RuleBroken("lot_is_not_free", lot_no=lot.lot_no)


def _must_be_left(lot: Lot, wanted: Decimal) -> None:
    left = left_of(lot)
    if not wanted.is_finite() or wanted > left:
        raise RuleBroken("more_than_is_left", field="quantity", left=amount(max(left, Decimal(0)), lot.unit))


def _parent_of(actor: Actor, lot: Lot, said: Lot, quantity: Decimal | None) -> Lot:
    """The parent, locked, if it may be one of this lot."""
    if said.pk == lot.pk or any(step.at_id == said.pk for step in descent_of(actor, lot, deepest=4 * DEEPEST) if step.way == "down"):
        raise RuleBroken("input_goes_in_a_circle", field="parent", lot_no=said.lot_no)
    if said.supplier_org_id != lot.supplier_org_id or said.owner_org_id not in (None, lot.owner_org_id):
        raise RuleBroken("input_is_of_another_customer", field="parent", lot_no=said.lot_no)
    parent = locked_lot(actor, said)
    since = timezone.localdate(parent.state_since)
    if parent.state in KEPT_BACK and since <= lot.made_on:
        raise RuleBroken("input_is_kept_back", field="parent", lot_no=parent.lot_no, since=since.isoformat())
    if quantity is not None:
        _must_be_left(parent, quantity)
    return parent


def _said_of(lot: Lot, *, lot_no: str, quantity: Decimal) -> LotSaid:
    """The same thing under another number."""
    return LotSaid(
        lot_no, lot.product, lot.made_on, quantity, lot.unit, product_code=lot.product_code, colour=lot.colour, node_code=lot.node_code
    )  # fmt: skip


def _child(actor: Actor, lot: Lot, said: LotSaid, client_id: UUID, now: datetime, *, state: str = "") -> Lot:
    """A lot of the same relation, in the state of the one it comes from unless said."""
    names = (
        "link_id",
        "stream_id",
        "owner_org_id",
        "supplier_org_id",
        "owner_name_zh",
        "owner_name_en",
        "supplier_name_zh",
        "supplier_name_en",
    )
    sides: dict[str, Any] = {name: getattr(lot, name) for name in names}
    child = born(actor, {**said.columns(timezone.localdate(now)), **sides}, client_id, now)
    note_lot(actor, child, "lot_registered", now)
    wanted = state or lot.state
    return move_lot(child, wanted, now=now) if wanted != child.state else child


def _step(actor: Actor, lot: Lot, kind: str, now: datetime, *, parent: Lot | None = None, client_id: UUID, **words: Any) -> LotParent:
    """Write one step. The customer sees it if it sees the parent."""
    shown = parent is None or parent.owner_org_id == lot.owner_org_id
    step = LotParent(
        lot=lot, parent=parent, owner_org_id=lot.owner_org_id if shown else None, supplier_org_id=lot.supplier_org_id, kind=kind, at=now,
        client_id=client_id, **words,
    )  # fmt: skip
    try:
        with transaction.atomic():
            step.save(force_insert=True)
    except IntegrityError as error:
        raise RuleBroken("input_named_already", field="parent", lot_no=parent.lot_no if parent else step.parent_no) from error
    return step


def _key(client_id: UUID, number: int) -> UUID:
    return uuid5(client_id, str(number))


def _born_of(actor: Actor, lot: Lot, client_id: UUID, count: int) -> list[Lot]:
    """What the same request made before, in its order."""
    keys = [_key(client_id, number) for number in range(count)]
    rows = {row.client_id: row for row in Lot.objects.visible_to(actor).filter(supplier_org_id=lot.supplier_org_id, client_id__in=keys)}
    return [rows[key] for key in keys if key in rows]
