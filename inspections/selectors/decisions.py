"""Questions about decisions on lots, and about what waits for one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from agreements.models import Clause
from foundation.actor import Actor, Hat, acting_as
from foundation.errors import Absent
from inspections.models import Arbitration, ArbitrationSample, Concession, Hold, Lot, LotDecision
from inspections.selectors.versions_of_day import versions_for
from parties.models import Organisation

PAGE = 25
# What a laboratory may know of the clause that bounds a characteristic: no name of a firm, no source.
BLIND = ("name_zh", "name_en", "kind", "unit", "lower", "upper", "cv_max", "lot_delta_e_max", "method")


def decisions_of(actor: Actor, lot: Lot) -> list[LotDecision]:
    """Every decision, newest first."""
    return list(LotDecision.objects.visible_to(actor).filter(lot=lot).order_by("-at", "-id"))


def holds_of(actor: Actor, lot: Lot) -> list[Hold]:
    """The holds that stand, oldest first, each with the lot that it is held with."""
    return list(Hold.objects.visible_to(actor).filter(lot=lot, ended_at=None).select_related("source__lot").order_by("held_at", "id"))


def concessions_of(actor: Actor, lot: Lot) -> list[Concession]:
    """Newest first."""
    return list(Concession.objects.visible_to(actor).filter(lot=lot).order_by("-asked_at", "-id"))


def arbitrations_of(actor: Actor, lot: Lot) -> list[Arbitration]:
    """Newest first."""
    return list(Arbitration.objects.visible_to(actor).filter(lot=lot).order_by("-asked_at", "-id"))


def was_not_accepted(actor: Actor, lot: Lot) -> bool:
    """Whether the lot was ever not accepted, by its customer or by arbitration; what it became afterwards does not undo that."""
    return LotDecision.objects.visible_to(actor).filter(lot=lot, to_state=Lot.State.NOT_ACCEPTED).exists()


def is_by_arbitration(actor: Actor, lot: Lot) -> bool:
    """Whether the lot stands where a laboratory put it: that binds, and is not asked again."""
    rows = LotDecision.objects.visible_to(actor).filter(lot=lot, to_state=lot.state)
    last = rows.exclude(kind=LotDecision.Kind.LIFT, from_state=lot.state).order_by("-at", "-id").first()
    return last is not None and last.kind == LotDecision.Kind.ARBITRATION


def concession_for(actor: Actor, concession_id: UUID) -> Concession:
    """One concession with its lot, or Absent."""
    found: Concession | None = Concession.objects.visible_to(actor).select_related("lot").filter(pk=concession_id).first()
    if found is None:
        raise Absent
    return found


def arbitration_for(actor: Actor, arbitration_id: UUID) -> Arbitration:
    """One arbitration with its lot, for a side of it; else Absent."""
    found: Arbitration | None = Arbitration.objects.visible_to(actor).select_related("lot").filter(pk=arbitration_id).first()
    if found is None:
        raise Absent
    return found


def sample_for_lab(actor: Actor, arbitration_id: UUID) -> ArbitrationSample:
    """The blind sample that a laboratory was given, or Absent."""
    found: ArbitrationSample | None = ArbitrationSample.objects.visible_to(actor).filter(pk=arbitration_id).first()
    if found is None:
        raise Absent
    return found


def samples_for_lab(actor: Actor, *, after: UUID | None = None, limit: int = PAGE) -> list[ArbitrationSample]:
    """The laboratory's samples, newest first (their ids grow with time); one more than `limit` tells that there are more."""
    rows = ArbitrationSample.objects.visible_to(actor).order_by("-pk")
    return list((rows.filter(pk__lt=after) if after else rows)[: limit + 1])


def clause_of_day(actor: Actor, lot: Lot, type_: str) -> Clause | None:
    """The first clause of a type in the text of the lot's day."""
    found = versions_for(actor, [lot]).get(lot.pk)
    return next((clause for clause in found.clauses if clause.type == type_), None) if found else None


def concession_rule(actor: Actor, lot: Lot) -> Clause | None:
    """What the agreement of the lot's day says of concessions."""
    return clause_of_day(actor, lot, "concession_rule")


def limits_of_day(actor: Actor, lot: Lot) -> list[Clause]:
    """The limits that bind the lot, in their order: what arbitration may be about."""
    found = versions_for(actor, [lot]).get(lot.pk)
    return [clause for clause in found.clauses if clause.type == "characteristic_limit"] if found else []


def blind_bounds(clause: Clause) -> dict[str, Any]:
    """What a laboratory is told of a limit."""
    return {name: clause.params[name] for name in BLIND if clause.params.get(name)}


def laboratories(actor: Actor, lot: Lot) -> list[Organisation]:
    """The laboratories here that are neither side's own; demo firms are among themselves."""
    with acting_as(Hat.CLOCK):
        rows = Organisation.objects.filter(hats__hat=Hat.LAB.value, state="verified", is_demo=actor.is_demo)
        return list(rows.exclude(pk__in=[lot.owner_org_id, lot.supplier_org_id]).order_by("pinyin_key", "id"))
