"""Lots: the same verbs as the pages. What a customer is told names nothing of a whole or of another's portion."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone
from rest_framework import serializers

from foundation.actor import Actor, Hat
from inspections.lot_filters import GROUPS, LotsWanted
from inspections.lot_words import UNITS
from inspections.models import Lot, LotParent
from inspections.selectors.descent import DEEPEST, Step, descent_of, inputs_of, left_of
from inspections.selectors.lots import lot_for, lots, lots_by_id, portions_of
from inspections.services.descent import MOST_MERGED, MOST_PARTS, InputSaid, Part, give_portion, merge_lots, name_input, split_lot
from inspections.services.lots import LotSaid, change_lot, register_lot
from parties.endpoints import Asked, Endpoint, InBoth, Page, PageFilters, Said, Shape, verb
from suppliers.selectors import link_for

SIDES = (Hat.OWNER, Hat.SUPPLIER)


def _quantity(**words: Any) -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=14, decimal_places=3, min_value=Decimal("0.001"), **words)


class LotShape(Shape):
    id = serializers.UUIDField()
    link = serializers.UUIDField(source="link_id", allow_null=True, help_text="The relation; null for a supplier's own lot.")
    owner = InBoth("owner_name")
    supplier = InBoth("supplier_name")
    lot_no = serializers.CharField()
    product = serializers.CharField()
    product_code = serializers.CharField(allow_blank=True)
    colour = serializers.CharField(allow_blank=True)
    node = serializers.CharField(source="node_code", allow_blank=True)
    made_on = serializers.DateField(help_text="The day whose agreement decides by what it is judged.")
    quantity = _quantity()
    unit = serializers.CharField()
    state = serializers.CharField(help_text=f"{', '.join(Lot.State.values[:-1])} or {Lot.State.values[-1]}")
    state_since = serializers.DateTimeField()
    note = serializers.CharField(allow_blank=True)
    registered_by = serializers.CharField()
    registered_at = serializers.DateTimeField()
    token = serializers.CharField(help_text="What the QR code of its label carries: /lots/q/<token>/.")


class LotFilters(PageFilters):
    state = serializers.ChoiceField(sorted(GROUPS), required=False)
    link = serializers.UUIDField(required=False)
    number = serializers.CharField(required=False, max_length=60, help_text="A part of the lot number.")
    firm = serializers.CharField(required=False, max_length=60, help_text="A part of the other firm's name.")
    product = serializers.CharField(required=False, max_length=60, help_text="A part of the product's name or code.")
    colour = serializers.CharField(required=False, max_length=60)
    since = serializers.DateField(required=False, help_text="Made on this day or later.")
    until = serializers.DateField(required=False, help_text="Made on this day or earlier.")


class LotWords(Said):
    lot_no = serializers.CharField(max_length=40)
    product = serializers.CharField(max_length=120)
    product_code = serializers.CharField(max_length=40, required=False, allow_blank=True, help_text="Charts join lots of one code.")
    colour = serializers.CharField(max_length=60, required=False, allow_blank=True)
    node_code = serializers.CharField(max_length=12, required=False, allow_blank=True, help_text="The step of the chain.")
    made_on = serializers.DateField()
    quantity = _quantity()
    unit = serializers.ChoiceField(sorted(UNITS))
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)


class LotNew(LotWords):
    link = serializers.UUIDField(required=False, allow_null=True, help_text="The relation. Without one: a supplier's own lot.")
    client_id = serializers.UUIDField(required=False, help_text="The same client_id registers once.")


class LotPart(Said):
    lot_no = serializers.CharField(max_length=40)
    quantity = _quantity()


class LotSplitSaid(Said):
    parts = serializers.ListField(child=LotPart(), min_length=1, max_length=MOST_PARTS)
    client_id = serializers.UUIDField(required=False)


class LotMergeSaid(Said):
    lots = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=MOST_MERGED - 1, help_text="The others.")
    lot_no = serializers.CharField(max_length=40, help_text="The number of the new lot.")
    client_id = serializers.UUIDField(required=False)


class LotInputSaid(Said):
    parent = serializers.UUIDField(  # type: ignore[assignment]  # a field of that name is what the caller says
        required=False, allow_null=True, help_text="A lot of the same maker. Else the words of a label:"
    )
    parent_no = serializers.CharField(max_length=40, required=False, allow_blank=True)
    made_by = serializers.CharField(max_length=80, required=False, allow_blank=True)
    material = serializers.CharField(max_length=120, required=False, allow_blank=True)
    quantity = _quantity(required=False, allow_null=True)
    unit = serializers.CharField(max_length=12, required=False, allow_blank=True)
    client_id = serializers.UUIDField(required=False)


class LotPortionSaid(Said):
    link = serializers.UUIDField(help_text="The customer's relation.")
    quantity = _quantity()
    lot_no = serializers.CharField(max_length=40, required=False, allow_blank=True, help_text="Left out: the number of the whole.")
    client_id = serializers.UUIDField(required=False)


class LotInputShape(Shape):
    id = serializers.UUIDField()
    kind = serializers.CharField()
    parent = serializers.UUIDField(source="parent_id", allow_null=True)  # type: ignore[assignment]
    parent_no = serializers.CharField(allow_blank=True)
    made_by = serializers.CharField(allow_blank=True)
    material = serializers.CharField(allow_blank=True)
    quantity = _quantity(allow_null=True)
    unit = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField()


class LotStepShape(Shape):
    way = serializers.CharField(help_text="up: the lot was made of it; down: it became of the lot.")
    kind = serializers.CharField(help_text="input, split, merge, rework or portion")
    depth = serializers.IntegerField(help_text="How many steps away.")
    older = serializers.UUIDField(source="parent_id")
    younger = serializers.UUIDField(source="lot_id")
    quantity = _quantity(allow_null=True)


class LotTreeShape(Shape):
    deepest = serializers.IntegerField(help_text="The walk ends so many steps away.")
    left = _quantity(help_text="What was not taken from the lot.")
    steps = LotStepShape(many=True)
    lots = LotShape(many=True, help_text="Every lot that the steps name.")
    inputs = LotInputShape(many=True, help_text="What the lot itself was made of, labels too.")


class LotPortionsShape(Shape):
    portions = LotShape(many=True)


def _said(words: dict[str, Any]) -> LotSaid:
    return LotSaid(**words)


class Lots(Endpoint):
    hats = SIDES

    @verb("Lots, the youngest first", gives=LotShape, asks=LotFilters, page=(date, UUID))
    def get(self, actor: Actor, asked: Asked) -> Page:
        return Page(lots(actor, LotsWanted(**asked.filters), after=asked.after, limit=asked.size), lambda row: (row.made_on, row.pk))

    @verb("Register a lot of a relation, or a supplier's own", takes=LotNew, gives=LotShape, status=201)
    def post(self, actor: Actor, said: dict[str, Any]) -> Lot:
        link_id, client_id = said.pop("link", None), said.pop("client_id", None) or uuid4()
        link = link_for(actor, link_id) if link_id else None
        return register_lot(actor=actor, said=_said(said), client_id=client_id, now=timezone.now(), link=link)


class LotOne(Endpoint):
    hats = SIDES

    @verb("One lot", gives=LotShape)
    def get(self, actor: Actor, lot_id: UUID) -> Lot:
        return lot_for(actor, lot_id)

    @verb("Put a lot right, as long as nothing hangs on it", takes=LotWords, gives=LotShape)
    def put(self, actor: Actor, lot_id: UUID, said: dict[str, Any]) -> Lot:
        return change_lot(actor=actor, lot=lot_for(actor, lot_id), said=_said(said), now=timezone.now())


class LotTree(Endpoint):
    hats = SIDES

    @verb("Where a lot comes from and where it went, as far as one's own world reaches", gives=LotTreeShape)
    def get(self, actor: Actor, lot_id: UUID) -> dict[str, Any]:
        lot = lot_for(actor, lot_id)
        steps: list[Step] = descent_of(actor, lot)
        named = lots_by_id(actor, [step.at_id for step in steps])
        return {"deepest": DEEPEST, "left": left_of(lot), "steps": steps, "lots": named, "inputs": inputs_of(actor, [lot]).get(lot.pk, [])}


class LotSplit(Endpoint):
    hats = SIDES

    @verb("Divide a lot into parts", takes=LotSplitSaid, gives=LotShape(many=True), status=201)
    def post(self, actor: Actor, lot_id: UUID, said: dict[str, Any]) -> list[Lot]:
        parts = [Part(**part) for part in said["parts"]]
        return split_lot(
            actor=actor, lot=lot_for(actor, lot_id), parts=parts, client_id=said.get("client_id") or uuid4(), now=timezone.now()
        )


class LotMerge(Endpoint):
    hats = SIDES

    @verb("Put a lot together with others like it", takes=LotMergeSaid, gives=LotShape, status=201)
    def post(self, actor: Actor, lot_id: UUID, said: dict[str, Any]) -> Lot:
        chosen = [lot_for(actor, pk) for pk in (lot_id, *said["lots"])]
        return merge_lots(actor=actor, lots=chosen, lot_no=said["lot_no"], client_id=said.get("client_id") or uuid4(), now=timezone.now())


class LotInputs(Endpoint):
    hats = SIDES

    @verb("Say what went into a lot", takes=LotInputSaid, gives=LotInputShape, status=201)
    def post(self, actor: Actor, lot_id: UUID, said: dict[str, Any]) -> LotParent:
        parent_id, client_id = said.pop("parent", None), said.pop("client_id", None) or uuid4()
        parent = lot_for(actor, parent_id) if parent_id else None
        return name_input(
            actor=actor, lot=lot_for(actor, lot_id), said=InputSaid(parent=parent, **said), client_id=client_id, now=timezone.now()
        )


class LotPortions(Endpoint):
    hats = (Hat.SUPPLIER,)

    @verb("The customers' portions of an own lot", gives=LotPortionsShape)
    def get(self, actor: Actor, lot_id: UUID) -> dict[str, Any]:
        return {"portions": portions_of(actor, lot_for(actor, lot_id))}

    @verb("Give a customer a portion of an own lot", takes=LotPortionSaid, gives=LotShape, status=201)
    def post(self, actor: Actor, lot_id: UUID, said: dict[str, Any]) -> Lot:
        part, client_id = Part(said.get("lot_no", ""), said["quantity"]), said.get("client_id") or uuid4()
        link = link_for(actor, said["link"])
        return give_portion(actor=actor, lot=lot_for(actor, lot_id), link=link, part=part, client_id=client_id, now=timezone.now())
