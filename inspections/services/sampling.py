"""An inspection by attributes is filed, or corrected: counts go in, the verdict of the plan comes out, and every series moves on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from agreements.services.facts import report_reading
from agreements.services.sides import HATS, MAY_FILE, OTHER, side_of
from foundation.actor import Actor, Hat, acting_as
from foundation.errors import Absent, RuleBroken
from inspections.models import Inspection, Lot, NonconformityCount, SwitchingSeries
from inspections.reading.days import EARLIEST
from inspections.sampling_plans import (
    LARGEST_LOT,
    AskedPlan,
    Planned,
    judged,
    kept_plans,
    plan_for,
    plan_of_size,
    read_plans,
    size_of,
)
from inspections.selectors.sampling import OfLot, courses_of, plans_asked, stands_of_lot
from inspections.services.lots import locked_lot, move_lot, note_lot
from inspections.services.sampling_series import MIN_REASON, Source, after_growth, facts_for, grow_by_lot, locked_series, replay_from
from inspections.switching import ClassPlan
from notices.services import tell
from qualitystats.switching import WINDOW

MOST_REASONS = 30


@dataclass(frozen=True, slots=True)
class Named:
    """So many of the nonconforming pieces of a class, for this reason."""

    klass: str
    words: str
    n: int


@dataclass(frozen=True, slots=True)
class InspectionSaid:
    """What whoever inspected says. `counts`: nonconforming pieces by class; a piece counts once, under its worst.

    `again`: the lot was worked over and submitted again. `seen`: the plan that was gone by, where it was shown.
    """

    stage: str
    counts: Mapping[str, int]
    inspected_on: date
    lot_size: int | None = None
    place: int = 0
    named: Sequence[Named] = ()
    steady: bool = True
    again: bool = False
    body: str = ""
    note: str = ""
    seen: str = ""


@dataclass(frozen=True, slots=True)
class CorrectionSaid:
    """The figures as they should have been, and why. `lot_size` None: as filed."""

    counts: Mapping[str, int]
    reason: str
    lot_size: int | None = None
    named: Sequence[Named] = field(default=())
    steady: bool = True
    note: str = ""


@transaction.atomic
def file_inspection(*, actor: Actor, lot: Lot, said: InspectionSaid, client_id: UUID, now: datetime) -> Inspection:
    """File what was found in a lot, judged by the plan of its day and of the lots before it. The same `client_id` files once.

    The lot is under inspection from then on; it is not released by this. Raises RuleBroken with the codes of words_sampling.
    """
    row = _lot(actor, lot)
    side = side_of(actor, row)
    before: Inspection | None = Inspection.objects.visible_to(actor).filter(org_id=actor.org_id, client_id=client_id).first()
    if before is not None:
        return before
    if said.inspected_on < EARLIEST:
        raise RuleBroken("inspected_too_early", field="inspected_on")
    if said.inspected_on > timezone.localdate(now):
        raise RuleBroken("inspected_in_the_future", field="inspected_on")
    if said.stage == "third_party" and not said.body.strip():
        raise RuleBroken("body_needed", field="body")
    of_lot, asked = _asked(actor, row, said.stage, said.place)
    former = stands_of_lot(actor, row, stage=said.stage, side=side, place=said.place)
    if former is not None and not said.again:
        raise RuleBroken("lot_inspected_already", field="again")
    series = {name: _series(row, asked, name, side, now) for name, terms in asked.terms.items() if not terms.none_accepted}
    planned = plan_for(asked, sized(said.lot_size, row), courses_of(series))
    if planned.stopped:
        raise RuleBroken("sampling_is_discontinued")
    if said.seen and said.seen != planned.seen:
        raise RuleBroken("plan_changed")
    _check(planned.plans, said.counts, said.named)
    inspection = _filed(actor, row, of_lot, planned, replace(said, again=former is not None), client_id=client_id, now=now)
    _grow_all(actor, inspection, asked, series, said.counts, now)
    if row.state == Lot.State.REGISTERED:
        move_lot(row, Lot.State.INSPECTING, now=now)
    _note(actor, row, inspection, "inspection_filed", now)
    push_reading(inspection.clause_id, now=now)
    return inspection


def _lot(actor: Actor, lot: Lot) -> Lot:
    actor.must_wear(*HATS.values())
    actor.must_hold(*MAY_FILE)
    try:
        row = locked_lot(actor, lot)
    except Lot.DoesNotExist:
        raise Absent from None
    if row.link_id is None:
        raise RuleBroken("lot_has_no_relation")
    return row


def _asked(actor: Actor, lot: Lot, stage: str, place: int) -> tuple[OfLot, AskedPlan]:
    of_lot = plans_asked(actor, lot)
    asked = of_lot.at(stage, place) if of_lot else None
    if of_lot is None or asked is None:
        raise RuleBroken("no_plan_for_stage", field="stage")
    return of_lot, asked


def sized(said: int | None, lot: Lot) -> int:
    """How many pieces the lot is: as said, else as its quantity counts them. Raises RuleBroken("lot_size_out_of_range")."""
    size = said if said is not None else size_of(lot.quantity, lot.unit)
    if size is None or not 2 <= size <= LARGEST_LOT:
        raise RuleBroken("lot_size_out_of_range", field="lot_size", most=f"{LARGEST_LOT:,}")
    return size


def _series(lot: Lot, asked: AskedPlan, klass: str, side: str, now: datetime) -> SwitchingSeries:
    return locked_series(lot, stage=asked.stage, side=side, place=asked.place, klass=klass, now=now)


def _check(plans: Mapping[str, ClassPlan], counts: Mapping[str, int], named: Sequence[Named]) -> None:
    """Counts that can be: every class, none beyond the pieces taken, and reasons that do not add up to more."""
    for name in counts:
        if name not in plans:
            raise RuleBroken("reason_of_no_class", field=f"n_{name}")
    for name, plan in plans.items():
        if counts.get(name) is None or counts[name] < 0:
            raise RuleBroken("count_missing", field=f"n_{name}")
        if counts[name] > plan.n:
            raise RuleBroken("found_more_than_taken", field=f"n_{name}", n=plan.n)
    pieces = max(plan.n for plan in plans.values())
    if sum(counts.values()) > pieces:
        raise RuleBroken("found_more_than_taken", n=pieces)
    for name in {each.klass for each in named}:
        if name not in plans:
            raise RuleBroken("reason_of_no_class")
        if sum(each.n for each in named if each.klass == name) > counts[name]:
            raise RuleBroken("named_more_than_counted", field=f"n_{name}", n=counts[name])


def _filed(
    actor: Actor, lot: Lot, of_lot: OfLot, planned: Planned, said: InspectionSaid, *, client_id: UUID, now: datetime
) -> Inspection:  # fmt: skip
    text = of_lot.text
    assert lot.owner_org_id is not None  # a lot of a relation has both
    row = Inspection(
        lot=lot, owner_org_id=lot.owner_org_id, supplier_org_id=lot.supplier_org_id, org_id=actor.org_id, side=side_of(actor, lot),
        stage=said.stage, place=said.place, lot_size=planned.lot_size, plans=kept_plans(planned.plans, said.counts),
        decision=_decision(planned.plans, said.counts), agreement_id=text.agreement.pk, version_id=text.version.pk,
        version_number=text.version.number, clause_id=planned.asked.clause_id, inspected_on=said.inspected_on, original=not said.again,
        steady=said.steady, body=said.body.strip()[:80], note=said.note.strip()[:300], filed_by=actor.person_name, filed_at=now, client_id=client_id,
    )  # fmt: skip
    row.save(force_insert=True)
    _keep_counts(row, said.counts, said.named)
    return row


def _decision(plans: Mapping[str, ClassPlan], counts: Mapping[str, int]) -> str:
    accepted = judged(plans, counts).accepted
    return Inspection.Decision.ACCEPTED if accepted else Inspection.Decision.NOT_ACCEPTED


def _keep_counts(row: Inspection, counts: Mapping[str, int], named: Sequence[Named]) -> None:
    """One row for each reason, and one without words for the rest: together the nonconforming pieces of the class."""
    found: dict[tuple[str, str], int] = {}
    for each in named[:MOST_REASONS]:
        words = " ".join(each.words.split())[:60]
        found[each.klass, words] = found.get((each.klass, words), 0) + each.n
    for name, n in counts.items():
        rest = n - sum(many for (klass, words), many in found.items() if klass == name and words)
        found[name, ""] = rest
    sides = {"owner_org_id": row.owner_org_id, "supplier_org_id": row.supplier_org_id}
    NonconformityCount.objects.bulk_create(
        [NonconformityCount(inspection=row, klass=klass, words=words, n=n, **sides) for (klass, words), n in found.items() if n > 0]
    )


def _grow_all(
    actor: Actor, row: Inspection, asked: AskedPlan, series: Mapping[str, SwitchingSeries], counts: Mapping[str, int], now: datetime
) -> None:  # fmt: skip
    for name, each in series.items():
        was = each.severity
        grow_by_lot(each, terms=asked.terms[name], found=counts[name], source=Source(actor.person_name, now, row))
        after_growth(actor, each, was, now)


def _note(actor: Actor, lot: Lot, row: Inspection, kind: str, now: datetime, **more: Any) -> None:
    """On record with its figures; the side that did not inspect is told where the lot was not accepted."""
    plans = [{name: plan[name] for name in ("klass", "severity", "n", "ac", "found", "accepted")} for plan in row.plans]
    pieces = max(plan["n"] for plan in row.plans)
    note_lot(
        actor, lot, kind, now, inspection=str(row.pk), stage=row.stage, decision=row.decision, pieces=pieces, plans=plans,
        inspected_on=row.inspected_on.isoformat(), **more,
    )  # fmt: skip
    if row.decision == Inspection.Decision.NOT_ACCEPTED:
        other = OTHER[row.side]
        facts = {**facts_for(lot, other), "number": lot.lot_no}
        org_id = lot.owner_org_id if other == "owner" else lot.supplier_org_id
        assert org_id is not None
        tell(org_id=org_id, hat=HATS[other], kind="inspection_not_accepted", subject_id=row.pk, facts=facts, now=now)


@transaction.atomic
def correct_inspection(*, actor: Actor, inspection: Inspection, said: CorrectionSaid, client_id: UUID, now: datetime) -> Inspection:
    """Put figures right: a row of its own, and every series told again from this lot on. The former figures stay readable.

    Only the firm that filed it corrects it, and only the newest. The same `client_id` corrects once.
    """
    actor.must_act_for(inspection.org_id, *HATS.values())
    lot = _lot(actor, inspection.lot)
    before: Inspection | None = Inspection.objects.visible_to(actor).filter(org_id=actor.org_id, client_id=client_id).first()
    if before is not None:
        return before
    if Inspection.objects.visible_to(actor).filter(corrects=inspection).exists():
        raise RuleBroken("inspection_is_corrected")
    reason = " ".join(said.reason.split())[:200]
    if len(reason) < MIN_REASON:
        raise RuleBroken("correction_needs_a_reason", field="reason")
    size = inspection.lot_size if said.lot_size is None else sized(said.lot_size, lot)
    plans = read_plans(inspection.plans)
    if size != inspection.lot_size:
        plans = plan_of_size(plans, size)
    _check(plans, said.counts, said.named)
    row = _corrected(inspection, plans, said, size)
    if not said.named and (row.plans, row.steady) == (inspection.plans, inspection.steady):
        raise RuleBroken("correction_changes_nothing")
    row.reason, row.filed_by, row.filed_at, row.client_id, row.lot = reason, actor.person_name, now, client_id, lot
    row.save(force_insert=True)
    _keep_counts(row, said.counts, said.named)
    _replay_all(actor, lot, inspection, row, said.counts, now)
    _note(actor, lot, row, "inspection_corrected", now, corrects=str(inspection.pk), reason=reason)
    push_reading(row.clause_id, now=now)
    return row


def _corrected(former: Inspection, plans: Mapping[str, ClassPlan], said: CorrectionSaid, size: int) -> Inspection:
    same = (
        "owner_org_id", "supplier_org_id", "org_id", "side", "stage", "place", "agreement_id", "version_id", "version_number", "clause_id",
        "inspected_on", "original", "body",
    )  # fmt: skip
    return Inspection(
        **{name: getattr(former, name) for name in same}, lot_size=size, plans=kept_plans(plans, said.counts),
        decision=_decision(plans, said.counts), steady=said.steady, note=said.note.strip()[:300], corrects=former,
    )  # fmt: skip


def _replay_all(actor: Actor, lot: Lot, former: Inspection, row: Inspection, counts: Mapping[str, int], now: datetime) -> None:
    with acting_as(Hat.CLOCK):
        classes = SwitchingSeries.objects.filter(steps__inspection=former).values_list("klass", flat=True).distinct()
        named = [name for name in counts if name in set(classes)]
    for name in named:
        series = locked_series(lot, stage=row.stage, side=row.side, place=row.place, klass=name, now=now)
        was = series.severity
        replay_from(series, former=former, inspection=row, found=counts[name])
        after_growth(actor, series, was, now)


def push_reading(clause_id: UUID, *, now: datetime) -> None:
    """Tell the clause how many of the last five lots inspected under it were not accepted; a lot submitted again is not asked twice."""
    with acting_as(Hat.CLOCK):
        rows = (
            Inspection.objects.filter(clause_id=clause_id, corrected_by=None, original=True)
            .select_related("lot")
            .order_by("-filed_at", "-id")
        )
        lots: dict[UUID, list[Inspection]] = {}
        for row in rows[: 20 * WINDOW]:
            if row.lot_id in lots or len(lots) < WINDOW:
                lots.setdefault(row.lot_id, []).append(row)
    missed = sum(any(row.decision == Inspection.Decision.NOT_ACCEPTED for row in each) for each in lots.values())
    days = [row.inspected_on for each in lots.values() for row in each]
    refs = [
        {"kind": "inspection", "id": str(row.pk), "label": row.lot.lot_no, "value": row.decision} for each in lots.values() for row in each
    ]
    if days:
        window = {"from": min(days).isoformat(), "to": max(days).isoformat()}
        report_reading(
            clause_id=clause_id, value=str(missed), n=len(lots), window=window, refs=refs, as_of=timezone.localdate(now), now=now
        )
