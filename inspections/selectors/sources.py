"""Whether what a lot was made of comes from where it used to, and whether the customer was told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from foundation.actor import Actor
from inspections.models import ChangeNotice, ChangeReply, Lot, LotParent

TOLD = (ChangeNotice.Kind.MATERIAL, ChangeNotice.Kind.SUBCONTRACTOR)
BEFORE = timedelta(days=120)  # a notice may be sent so long before the first lot that it is about


@dataclass(frozen=True, slots=True)
class SourceChanged:
    """A material that came from `was` for the lot before, and comes from `now` for this one. `told`: a notice of such a change was sent."""

    material: str
    was: str
    now: str
    last_lot: str
    told: bool


def sources_changed(actor: Actor, lot: Lot) -> list[SourceChanged]:
    """What of the lot comes from another firm than for the lot before, by the labels that its maker noted. Three questions at most."""
    mine = LotParent.objects.visible_to(actor).filter(lot_id=lot.pk, kind=LotParent.Kind.INPUT).exclude(made_by="")
    named = {row.material: row.made_by for row in mine}
    if not named or lot.owner_org_id is None:
        return []
    earlier = LotParent.objects.visible_to(actor).filter(
        kind=LotParent.Kind.INPUT, material__in=list(named), lot__supplier_org_id=lot.supplier_org_id, lot__owner_org_id=lot.owner_org_id,
        lot__product_code=lot.product_code, lot__made_on__lt=lot.made_on,
    ).exclude(made_by="")  # fmt: skip
    newest = earlier.order_by("material", "-lot__made_on", "-lot__lot_no").distinct("material").select_related("lot")
    changed = [(row, named[row.material]) for row in newest if row.made_by != named[row.material]]
    told = bool(changed) and _was_told(actor, lot, lot.owner_org_id)
    return [SourceChanged(row.material, row.made_by, now, row.lot.lot_no, told) for row, now in changed]


def _was_told(actor: Actor, lot: Lot, owner_org_id: UUID) -> bool:
    sent = ChangeReply.objects.visible_to(actor).filter(supplier_org_id=lot.supplier_org_id, owner_org_id=owner_org_id, kind__in=TOLD)
    return sent.filter(planned_on__lte=lot.made_on, planned_on__gte=lot.made_on - BEFORE).exclude(state=ChangeReply.State.WITHDRAWN).exists()
