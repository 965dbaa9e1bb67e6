"""Where a lot comes from and where it went: one recursive question, which never leaves the asker's world."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Sum

from foundation.actor import Actor, Hat, acting_as
from inspections.models import Lot, LotParent

DEEPEST, MOST = 8, 400

# Both ways in one walk, level by level, each step found by an index. The wall of rows holds inside it, and each step asks again that
# the lot it leads to is of the asker's world; a customer is never led from a portion to its whole: only the maker walks over portions.
# UNION, not UNION ALL: a lot that is reached on many ways is gone on from once at each level.
WALK = """
with recursive walk (way, at_id, depth, lot_id, parent_id, kind, quantity) as (
  select way, %(lot)s::uuid, 0, null::uuid, null::uuid, null::text, null::numeric from (values ('up'), ('down')) as ways (way)
  union
  select w.way, l.id, w.depth + 1, s.lot_id, s.parent_id, s.kind, s.quantity
  from walk w
  cross join lateral (
    select parent_id, lot_id, parent_id, kind, quantity from inspections_lotparent
    where w.way = 'up' and lot_id = w.at_id and {side} = %(org)s and parent_id is not null
    union all
    select lot_id, lot_id, parent_id, kind, quantity from inspections_lotparent
    where w.way = 'down' and parent_id = w.at_id and {side} = %(org)s
    union all
    select whole_id, id, whole_id, 'portion', quantity from inspections_lot
    where w.way = 'up' and id = w.at_id and whole_id is not null and %(maker)s
    union all
    select id, id, whole_id, 'portion', quantity from inspections_lot
    where w.way = 'down' and whole_id = w.at_id and %(maker)s
  ) as s (next_id, lot_id, parent_id, kind, quantity)
  join inspections_lot l on l.id = s.next_id and l.{side} = %(org)s
  where w.depth < %(deepest)s
)
select way, lot_id, parent_id, kind, quantity, depth
from (select distinct on (way, lot_id, parent_id) * from walk where depth > 0 order by way, lot_id, parent_id, depth) as steps
order by depth, way, lot_id, parent_id limit %(most)s
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of descent between two lots, and how many steps away from the lot that was asked about."""

    way: str  # "up" to what it was made of, "down" to what became of it
    lot_id: UUID
    parent_id: UUID
    kind: str
    quantity: Decimal | None
    depth: int

    @property
    def at_id(self) -> UUID:
        """The farther end."""
        return self.parent_id if self.way == "up" else self.lot_id


def descent_of(actor: Actor, lot: Lot, *, deepest: int = DEEPEST) -> list[Step]:
    """The steps up and down from a lot, as far as the actor sees and as the depth allows. One query."""
    if actor.hat not in (Hat.OWNER, Hat.SUPPLIER):
        return []
    maker = actor.hat == Hat.SUPPLIER
    asked: dict[str, Any] = {"org": actor.org_id, "lot": lot.pk, "deepest": deepest, "most": MOST, "maker": maker}
    with connection.cursor() as cursor:
        cursor.execute(WALK.format(side="supplier_org_id" if maker else "owner_org_id"), asked)
        return [Step(*row) for row in cursor.fetchall()]


def inputs_of(actor: Actor, lots: Sequence[Lot]) -> dict[UUID, list[LotParent]]:
    """lot id -> what its maker says went into it, the earliest first: lots that the actor sees, and labels."""
    found: dict[UUID, list[LotParent]] = {}
    rows = LotParent.objects.visible_to(actor).filter(lot_id__in=[lot.pk for lot in lots], kind=LotParent.Kind.INPUT)
    for row in rows.select_related("parent").order_by("at", "id"):
        found.setdefault(row.lot_id, []).append(row)
    return found


def lots_of_labels(actor: Actor, labels: Iterable[LotParent]) -> dict[UUID, Lot]:
    """label -> the lot of the asker's world that it seems to name: the same number, made by a firm of that name, and no second one like it.

    A guess by words: the reader is told so, and nothing is computed from it. Another asker may see another lot, or none.
    """
    asked = [row for row in labels if row.parent_id is None and row.parent_no]
    if not asked:
        return {}
    by_number: dict[str, list[Lot]] = {}
    for lot in Lot.objects.visible_to(actor).filter(lot_no__in={row.parent_no for row in asked}).order_by("id")[:MOST]:
        by_number.setdefault(lot.lot_no, []).append(lot)
    found = {
        row.pk: [lot for lot in by_number.get(row.parent_no, []) if lot.pk != row.lot_id and _made_by(lot, row.made_by)] for row in asked
    }
    return {pk: fitting[0] for pk, fitting in found.items() if len(fitting) == 1}


def _made_by(lot: Lot, said: str) -> bool:
    """Whether the firm on a label may be the lot's maker. A label often has the short name; without a name it fits nobody."""
    said = said.casefold()
    names = [name.casefold() for name in (lot.supplier_name_zh, lot.supplier_name_en) if name]
    return len(said) > 1 and any(said in name or name in said for name in names)


def left_of(lot: Lot) -> Decimal:
    """How much of a lot was not split off, merged, used up or given to a customer."""
    return lefts_of([lot])[lot.pk]


def lefts_of(lots: Sequence[Lot]) -> dict[UUID, Decimal]:
    """lot id -> how much is left of it. The caller sees the lots.

    As the clock: what went to one customer counts, whoever of the two asks. No customer sees a lot of which another got something.
    """
    left = {lot.pk: Decimal(lot.quantity) for lot in lots}
    with acting_as(Hat.CLOCK):
        used = LotParent.objects.filter(parent_id__in=left, quantity__isnull=False).values_list("parent_id").annotate(Sum("quantity"))
        given = Lot.objects.filter(whole_id__in=left).order_by().values_list("whole_id").annotate(Sum("quantity"))
        for lot_id, quantity in [*used, *given]:
            left[lot_id] -= quantity
    return left
