"""Questions about inspection by attributes: what is asked of a lot, how it is inspected, and the series that led there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from foundation.actor import Actor
from foundation.errors import Absent
from inspections.models import Inspection, Lot, SwitchingSeries, SwitchingStep
from inspections.sampling_plans import AskedPlan, Planned, asked_plans, plan_for
from inspections.selectors.versions_of_day import OfDay, versions_for
from inspections.switching import Course

PAGE = 25
MOST_STEPS = 2_000


@dataclass(frozen=True, slots=True)
class OfLot:
    """What the text of a lot's day asks of its inspection by attributes."""

    lot: Lot
    text: OfDay
    plans: tuple[AskedPlan, ...]

    def at(self, stage: str, place: int = 0) -> AskedPlan | None:
        return next((each for each in self.plans if (each.stage, each.place) == (stage, place)), None)


def plans_asked(actor: Actor, lot: Lot) -> OfLot | None:
    """None where no text bound on the lot's day, or none of its clauses asks for it."""
    text = versions_for(actor, [lot]).get(lot.pk)
    plans = asked_plans(text.clauses) if text else []
    return OfLot(lot, text, tuple(plans)) if text and plans else None


def product_key(lot: Lot) -> str:
    """What a series of lots is a series of."""
    return lot.product_code or lot.product


def series_by_class(actor: Actor, lot: Lot, *, stage: str, side: str, place: int = 0) -> dict[str, SwitchingSeries]:
    """class -> its series for lots like this one, as far as one has begun."""
    rows = SwitchingSeries.objects.visible_to(actor).filter(
        link_id=lot.link_id, product_key=product_key(lot), stage=stage, side=side, place=place
    )
    return {row.klass: row for row in rows}


def courses_of(series: Mapping[str, SwitchingSeries]) -> dict[str, Course]:
    """class -> where its series stands."""
    return {name: course_of(row) for name, row in series.items() if row.kept}


def course_of(series: SwitchingSeries) -> Course:
    return Course.read(series.klass, series.kept)


def planned_for(actor: Actor, lot: Lot, asked: AskedPlan, *, side: str, lot_size: int) -> tuple[Planned, dict[str, SwitchingSeries]]:
    """How this lot is inspected next by that side."""
    series = series_by_class(actor, lot, stage=asked.stage, side=side, place=asked.place)
    return plan_for(asked, lot_size, courses_of(series)), series


def inspections_of(actor: Actor, lots: Iterable[Lot]) -> dict[UUID, list[Inspection]]:
    """lot id -> its inspections: of a lot submitted again first, then the newest; what a correction took the place of is left out."""
    found: dict[UUID, list[Inspection]] = {}
    ids = [lot.pk for lot in lots]
    rows = Inspection.objects.visible_to(actor).filter(lot_id__in=ids, corrected_by=None).order_by("original", "-filed_at", "-id")
    for row in rows:
        found.setdefault(row.lot_id, []).append(row)
    return found


def stands_of_lot(actor: Actor, lot: Lot, *, stage: str, side: str, place: int = 0) -> Inspection | None:
    """The inspection of that stage by that side that stands now, if there is one; of a lot submitted again, the later submission."""
    rows = Inspection.objects.visible_to(actor).filter(lot=lot, stage=stage, side=side, place=place, corrected_by=None)
    found: Inspection | None = rows.order_by("original", "-filed_at", "-id").first()
    return found


def inspection_for(actor: Actor, inspection_id: UUID) -> Inspection:
    """One inspection, or Absent."""
    rows = Inspection.objects.visible_to(actor).select_related("lot", "corrects", "corrected_by").prefetch_related("counts")
    found: Inspection | None = rows.filter(pk=inspection_id).first()
    if found is None:
        raise Absent
    return found


def correction_of(row: Inspection) -> Inspection | None:
    """What took its place, if anything did."""
    return getattr(row, "corrected_by", None)


def series_of_inspection(actor: Actor, inspection: Inspection) -> dict[str, SwitchingSeries]:
    """class -> the series in which this inspection is a step."""
    rows = SwitchingSeries.objects.visible_to(actor).filter(steps__inspection=inspection).distinct()
    return {row.klass: row for row in rows}


def series_for(actor: Actor, series_id: UUID) -> SwitchingSeries:
    """One series, or Absent."""
    found: SwitchingSeries | None = SwitchingSeries.objects.visible_to(actor).filter(pk=series_id).first()
    if found is None:
        raise Absent
    return found


def all_series(
    actor: Actor, *, severity: str = "", link_id: UUID | None = None, after: tuple[datetime, UUID] | None = None, limit: int = PAGE
) -> list[SwitchingSeries]:
    """Last moved first; one more than `limit` tells that there are more."""
    rows = SwitchingSeries.objects.visible_to(actor).order_by("-moved_at", "-id")
    if severity:
        rows = rows.filter(severity=severity)
    if link_id is not None:
        rows = rows.filter(link_id=link_id)
    if after is not None:
        at, pk = after
        rows = rows.filter(moved_at__lte=at).filter(Q(moved_at__lt=at) | Q(moved_at=at, pk__lt=pk))
    return list(rows[: limit + 1])


def steps_of(actor: Actor, series: SwitchingSeries, *, generation: int | None = None) -> list[SwitchingStep]:
    """The steps that stand, oldest first; with a generation, those that stood then."""
    rows = SwitchingStep.objects.visible_to(actor).filter(series=series)
    if generation is not None:
        rows = rows.filter(generation__lte=generation)
    rows = rows.select_related("inspection", "lot").order_by("number", "-generation").distinct("number")
    return list(rows[:MOST_STEPS])


def recent_steps(actor: Actor, series: SwitchingSeries, *, most: int = 5) -> list[SwitchingStep]:
    """The last lots, oldest first."""
    rows = SwitchingStep.objects.visible_to(actor).filter(series=series, number__gt=series.steps_count - 2 * most)
    found = [step for step in rows.order_by("number", "-generation").distinct("number") if step.kind == SwitchingStep.Kind.LOT]
    return found[-most:]


def generations_of(actor: Actor, series: SwitchingSeries) -> list[SwitchingStep]:
    """The first step of each later generation: the one whose correction began it. Oldest first."""
    rows = SwitchingStep.objects.visible_to(actor).filter(series=series, generation__gt=1).select_related("inspection")
    return list(rows.order_by("generation", "number").distinct("generation"))
