"""Change points: a person says from which lot on things are different, or takes that back. Control limits follow."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from foundation.actor import Actor, Hat, acting_as
from foundation.errors import Absent, NotYours, RuleBroken
from inspections.models import ChangePoint, CharacteristicResult, WatchedSeries
from inspections.selectors.lots import lot_for

LONGEST_NOTE = 120


@transaction.atomic
def mark_change(*, actor: Actor, lot_id: UUID, characteristic: str, cause: str, note: str = "", now: datetime) -> ChangePoint:
    """Say that a characteristic runs differently from this lot on. Limits begin anew there, for both sides.

    Said again in the same words it is the mark that stands. Raises RuleBroken("change_cause_unknown"), ("change_note_long"),
    ("change_has_no_results") or ("change_is_said_already").
    """
    lot = lot_for(actor, lot_id)
    actor.must_act_for(lot.owner_org_id if actor.hat is Hat.OWNER else lot.supplier_org_id, Hat.OWNER, Hat.SUPPLIER)
    note = note.strip()
    if cause not in ChangePoint.Cause.values:
        raise RuleBroken("change_cause_unknown", field="cause")
    if len(note) > LONGEST_NOTE or not (note.isprintable() or note == ""):
        raise RuleBroken("change_note_long", field="note", most=LONGEST_NOTE)
    row = CharacteristicResult.objects.visible_to(actor).filter(lot=lot, characteristic_code=characteristic, replaced_by=None).first()
    if row is None:
        raise RuleBroken("change_has_no_results", field="lot", lot=lot.lot_no)
    # Who was not shown the results is not told what changed in them.
    said = {"cause": cause, "note": note, "org_id": actor.org_id, "owner_org_id": row.owner_org_id}
    standing = ChangePoint.objects.visible_to(actor).filter(lot=lot, characteristic_code=characteristic, undone_at=None).first()
    if standing is None:
        standing = _kept(lot, characteristic, said, actor, now)
    if any(getattr(standing, name) != said[name] for name in ("cause", "note", "org_id")):
        raise RuleBroken("change_is_said_already", field="lot", lot=lot.lot_no)
    return standing


def _kept(lot: Any, characteristic: str, said: dict[str, Any], actor: Actor, now: datetime) -> ChangePoint:
    point = ChangePoint(
        lot=lot, supplier_org_id=lot.supplier_org_id, product_code=lot.product_code, made_on=lot.made_on,
        characteristic_code=characteristic, said_by=actor.person_name[:60], at=now, **said,
    )  # fmt: skip
    try:
        with transaction.atomic():
            point.save(force_insert=True)
    except IntegrityError:  # the other side was faster: its words stand
        return ChangePoint.objects.visible_to(actor).get(lot=lot, characteristic_code=characteristic, undone_at=None)
    _look_again(point)
    return point


@transaction.atomic
def undo_change(*, actor: Actor, point_id: UUID, now: datetime) -> ChangePoint:
    """Take a mark back; it stays readable. Twice is once. Raises RuleBroken("change_is_anothers") where the other side said it."""
    point: ChangePoint | None = ChangePoint.objects.visible_to(actor).filter(pk=point_id).first()
    if point is None:
        raise Absent
    if actor.hat not in (Hat.OWNER, Hat.SUPPLIER):
        raise NotYours
    if point.org_id != actor.org_id:
        raise RuleBroken("change_is_anothers")
    undone = (
        ChangePoint.objects.visible_to(actor).filter(pk=point_id, undone_at=None).update(undone_at=now, undone_by=actor.person_name[:60])
    )
    if undone:
        point.refresh_from_db()
        _look_again(point)
    return point


def _look_again(point: ChangePoint) -> None:
    """With other limits there are other signals."""
    with acting_as(Hat.CLOCK):
        WatchedSeries.objects.filter(
            supplier_org_id=point.supplier_org_id, owner_org_id=point.owner_org_id, product_code=point.product_code,
            characteristic_code=point.characteristic_code,
        ).update(is_due=True)  # fmt: skip
