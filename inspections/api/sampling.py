"""Inspection by attributes: the plan of a lot, filing and correcting, and the series that say how the next lot is inspected."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db.models import prefetch_related_objects
from django.utils import timezone
from rest_framework import serializers

from foundation.actor import Actor, Hat
from foundation.errors import RuleBroken
from inspections.models import Inspection, SwitchingSeries
from inspections.models.sampling import NonconformityClass, Stage
from inspections.sampling_plans import LARGEST_LOT, AskedPlan, Planned
from inspections.sampling_words import SEVERITY_CHIPS, plan_words, since_words
from inspections.selectors.lots import lot_for
from inspections.selectors.sampling import (
    all_series,
    course_of,
    inspection_for,
    inspections_of,
    planned_for,
    plans_asked,
    series_for,
    steps_of,
)
from inspections.services.sampling import CorrectionSaid, InspectionSaid, Named, correct_inspection, file_inspection, sized
from inspections.services.sampling_series import allow_reduced, resume_sampling
from inspections.switching import CLASSES
from parties.endpoints import Asked, Endpoint, Filters, InBoth, Page, PageFilters, Said, Shape, verb

BOTH = (Hat.OWNER, Hat.SUPPLIER)


class ClassPlanShape(Shape):
    klass = serializers.CharField(help_text="critical, major or minor")
    aql = serializers.CharField(help_text='"0": none is accepted')
    level = serializers.CharField(allow_blank=True)
    severity = serializers.CharField()
    code_letter = serializers.CharField(allow_blank=True, help_text="Of Table 1; empty where none is accepted.")
    plan_letter = serializers.CharField(allow_blank=True, help_text="The row whose plan is used, where an arrow leads to another.")
    n = serializers.IntegerField(help_text="Pieces to inspect.")
    ac = serializers.IntegerField()
    re = serializers.IntegerField()
    inspect_all = serializers.BooleanField()


class CarriedOutShape(ClassPlanShape):
    found = serializers.IntegerField()
    accepted = serializers.BooleanField()


class LotPlanShape(Shape):
    stage = serializers.CharField()
    place = serializers.IntegerField()
    lot_size = serializers.IntegerField()
    agreement = serializers.UUIDField()
    version = serializers.IntegerField(help_text="The number of the version in force on the day the lot was made.")
    clause = serializers.UUIDField()
    pieces = serializers.IntegerField(help_text="How many pieces are taken in all.")
    plans = ClassPlanShape(many=True)
    sentences = serializers.ListField(child=serializers.CharField())
    discontinued = serializers.ListField(
        child=serializers.CharField(), help_text="Classes whose inspection is discontinued: nothing is filed until it is resumed."
    )
    seen = serializers.CharField(help_text="Send it back with the counts: a plan that changed meanwhile is then refused.")


class LotPlanFilters(Filters):
    stage = serializers.ChoiceField(Stage.choices, required=False, default="final")
    place = serializers.IntegerField(required=False, default=0, min_value=0, max_value=20)
    size = serializers.IntegerField(
        required=False, min_value=2, max_value=LARGEST_LOT, help_text="Pieces in the lot, where its quantity does not count them."
    )


class NonconformitySaid(Said):
    klass = serializers.ChoiceField(NonconformityClass.choices)
    words = serializers.CharField(max_length=60)
    n = serializers.IntegerField(min_value=1)


class ClassCountsSaid(Said):
    critical = serializers.IntegerField(min_value=0, required=False)
    major = serializers.IntegerField(min_value=0, required=False)
    minor = serializers.IntegerField(min_value=0, required=False)


class InspectionFiled(Said):
    stage = serializers.ChoiceField(Stage.choices, required=False, default="final")
    place = serializers.IntegerField(required=False, default=0, min_value=0, max_value=20)
    counts = ClassCountsSaid(help_text="Nonconforming pieces of each class of the plan; a piece counts once, under its worst.")
    reasons = NonconformitySaid(many=True, required=False)
    lot_size = serializers.IntegerField(required=False, min_value=2, max_value=LARGEST_LOT)
    inspected_on = serializers.DateField(required=False, help_text="Today, unless said.")
    steady = serializers.BooleanField(required=False, default=True, help_text="Whether production ran steadily.")
    again = serializers.BooleanField(required=False, default=False, help_text="The lot was worked over and submitted again.")
    body = serializers.CharField(
        max_length=80, required=False, allow_blank=True, default="", help_text="Of an inspection by a third party: whose."
    )
    note = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    seen = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    client_id = serializers.UUIDField(required=False, help_text="The same client_id files once.")


class InspectionCorrected(Said):
    counts = ClassCountsSaid()
    reasons = NonconformitySaid(many=True, required=False)
    reason = serializers.CharField(max_length=200)
    lot_size = serializers.IntegerField(required=False, min_value=2, max_value=LARGEST_LOT)
    steady = serializers.BooleanField(required=False, default=True)
    note = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    client_id = serializers.UUIDField(required=False)


class NonconformityShape(Shape):
    klass = serializers.CharField()
    words = serializers.CharField(allow_blank=True)
    n = serializers.IntegerField()


class InspectionShape(Shape):
    id = serializers.UUIDField()
    lot = serializers.UUIDField(source="lot_id")
    side = serializers.CharField(help_text="owner or supplier: who inspected")
    stage = serializers.CharField()
    place = serializers.IntegerField()
    lot_size = serializers.IntegerField()
    decision = serializers.CharField(help_text="accepted or not_accepted, by the plan. It releases nothing.")
    plans = CarriedOutShape(many=True)
    reasons = NonconformityShape(many=True, source="counts.all")
    agreement = serializers.UUIDField(source="agreement_id")
    version = serializers.IntegerField(source="version_number")
    clause = serializers.UUIDField(source="clause_id")
    inspected_on = serializers.DateField()
    original = serializers.BooleanField(help_text="False: submitted again.")
    steady = serializers.BooleanField()
    body = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    corrects = serializers.UUIDField(source="corrects_id", allow_null=True)
    reason = serializers.CharField(allow_blank=True)
    filed_by = serializers.CharField()
    filed_at = serializers.DateTimeField()


class SamplingSeriesShape(Shape):
    id = serializers.UUIDField()
    owner = InBoth("owner_name")
    supplier = InBoth("supplier_name")
    product = serializers.CharField()
    stage = serializers.CharField()
    klass = serializers.CharField()
    side = serializers.CharField()
    severity = serializers.ChoiceField(sorted(SEVERITY_CHIPS))
    lots = serializers.IntegerField()
    not_accepted = serializers.IntegerField()
    pieces_saved = serializers.IntegerField(help_text="Against always-normal inspection; below zero, so many were taken more.")
    generation = serializers.IntegerField(help_text="One more for each correction that told the series again.")
    moved_at = serializers.DateTimeField()


class SwitchingStepShape(Shape):
    number = serializers.IntegerField()
    generation = serializers.IntegerField()
    segment = serializers.IntegerField(help_text="One more for each change of AQL or level.")
    kind = serializers.CharField()
    inspection = serializers.UUIDField(source="inspection_id", allow_null=True)
    lot = serializers.UUIDField(source="lot_id", allow_null=True)
    lot_no = serializers.CharField(allow_blank=True)
    found = serializers.IntegerField(allow_null=True)
    original = serializers.BooleanField()
    severity = serializers.CharField()
    severity_after = serializers.CharField()
    plan = serializers.DictField(allow_null=True)
    accepted = serializers.BooleanField(allow_null=True)
    score = serializers.IntegerField(allow_null=True)
    code = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField()


class SamplingSeriesWithSteps(SamplingSeriesShape):
    since = serializers.CharField(help_text="Why the next lot is inspected as it is.")
    reduced_allowed = serializers.BooleanField()
    steps = SwitchingStepShape(many=True)


class SamplingFilters(PageFilters):
    severity = serializers.ChoiceField(sorted(SEVERITY_CHIPS), required=False)
    link = serializers.UUIDField(required=False)


class SwitchingStepFilters(Filters):
    generation = serializers.IntegerField(required=False, min_value=1, help_text="The series as it stood then.")


class SamplingWord(Said):
    reason = serializers.CharField(max_length=300)


class ReducedSaid(SamplingWord):
    allowed = serializers.BooleanField()


def _counts(said: dict[str, Any]) -> dict[str, int]:
    return {name: said[name] for name in CLASSES if said.get(name) is not None}


def _named(said: dict[str, Any]) -> list[Named]:
    return [Named(each["klass"], each["words"], each["n"]) for each in said.get("reasons", ())]


@contextmanager
def _pointed() -> Iterator[None]:
    """What is wrong with a count is told where a caller wrote it."""
    try:
        yield
    except RuleBroken as broken:
        if broken.field and broken.field.startswith("n_"):
            broken.field = f"counts/{broken.field.removeprefix('n_')}"
        raise


class LotPlan(Endpoint):
    hats = BOTH

    @verb("How this lot is inspected by attributes, and why so severely", gives=LotPlanShape, asks=LotPlanFilters)
    def get(self, actor: Actor, lot_id: UUID, asked: Asked) -> dict[str, Any]:
        lot = lot_for(actor, lot_id)
        of_lot = plans_asked(actor, lot)
        plan: AskedPlan | None = of_lot.at(asked.filters["stage"], asked.filters["place"]) if of_lot else None
        if of_lot is None or plan is None:
            raise RuleBroken("no_plan_for_stage", field="stage")
        planned, series = planned_for(actor, lot, plan, side=actor.hat.value, lot_size=sized(asked.filters.get("size"), lot))
        return {
            "stage": plan.stage, "place": plan.place, "lot_size": planned.lot_size, "agreement": of_lot.text.agreement.pk,
            "version": of_lot.text.version.number, "clause": plan.clause_id, "pieces": planned.pieces, "plans": list(planned.plans.values()),
            "sentences": _sentences(planned, series), "discontinued": list(planned.stopped), "seen": planned.seen,
        }  # fmt: skip


def _sentences(planned: Planned, series: dict[str, SwitchingSeries]) -> list[str]:
    said = []
    for name, plan in planned.plans.items():
        row = series.get(name)
        why = since_words(plan.severity, row.since if row and row.severity == plan.severity else {}) if plan.code_letter else ""
        said.append(f"{name}: {plan_words(plan)}" + (f"; {why}" if why else ""))
    return said


class LotInspections(Endpoint):
    hats = BOTH

    @verb("The inspections of a lot that stand, of a later submission first", gives=InspectionShape(many=True))
    def get(self, actor: Actor, lot_id: UUID) -> list[Inspection]:
        lot = lot_for(actor, lot_id)
        rows = inspections_of(actor, [lot]).get(lot.pk, [])
        prefetch_related_objects(rows, "counts")
        return rows

    @verb("File an inspection: counts in, the verdict of the plan out", takes=InspectionFiled, gives=InspectionShape, status=201)
    def post(self, actor: Actor, lot_id: UUID, said: dict[str, Any]) -> Inspection:
        lot = lot_for(actor, lot_id)
        now, client_id = timezone.now(), said.pop("client_id", None) or uuid4()
        counts, named = _counts(said.pop("counts")), _named(said)
        said.pop("reasons", None)
        words = InspectionSaid(counts=counts, named=named, **{"inspected_on": timezone.localdate(now), **said})
        with _pointed():
            row = file_inspection(actor=actor, lot=lot, said=words, client_id=client_id, now=now)
        return inspection_for(actor, row.pk)


class InspectionOne(Endpoint):
    hats = BOTH

    @verb("One inspection", gives=InspectionShape)
    def get(self, actor: Actor, inspection_id: UUID) -> Inspection:
        return inspection_for(actor, inspection_id)


class InspectionCorrections(Endpoint):
    hats = BOTH

    @verb(
        "Put the figures of an inspection right: the series is told again from its lot on",
        takes=InspectionCorrected,
        gives=InspectionShape,
        status=201,
    )
    def post(self, actor: Actor, inspection_id: UUID, said: dict[str, Any]) -> Inspection:
        row = inspection_for(actor, inspection_id)
        client_id, counts, named = said.pop("client_id", None) or uuid4(), _counts(said.pop("counts")), _named(said)
        said.pop("reasons", None)
        words = CorrectionSaid(counts=counts, named=named, **said)
        with _pointed():
            newer = correct_inspection(actor=actor, inspection=row, said=words, client_id=client_id, now=timezone.now())
        return inspection_for(actor, newer.pk)


class SamplingSeries(Endpoint):
    hats = BOTH

    @verb("Sampling series, last moved first", gives=SamplingSeriesShape, asks=SamplingFilters, page=(datetime, UUID))
    def get(self, actor: Actor, asked: Asked) -> Page:
        said = asked.filters
        rows = all_series(actor, severity=said.get("severity", ""), link_id=said.get("link"), after=asked.after, limit=asked.size)
        return Page(rows, lambda row: (row.moved_at, row.pk))


class SamplingSeriesOne(Endpoint):
    hats = BOTH

    @verb("One series with every step", gives=SamplingSeriesWithSteps, asks=SwitchingStepFilters)
    def get(self, actor: Actor, series_id: UUID, asked: Asked) -> dict[str, Any]:
        return _series(actor, series_for(actor, series_id), asked.filters.get("generation"))


def _series(actor: Actor, row: SwitchingSeries, generation: int | None = None) -> dict[str, Any]:
    names = (
        "id",
        "owner_name_zh",
        "owner_name_en",
        "supplier_name_zh",
        "supplier_name_en",
        "product",
        "stage",
        "klass",
        "side",
        "severity",
        "lots",
        "not_accepted",
        "pieces_saved",
        "generation",
        "moved_at",
    )
    said = {name: getattr(row, name) for name in names}
    steps = steps_of(actor, row, generation=generation)
    return {
        **said,
        "since": since_words(row.severity, row.since),
        "reduced_allowed": course_of(row).switching.reduced_authorised,
        "steps": steps,
    }


class SamplingResume(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Resume discontinued inspection, tightened", takes=SamplingWord, gives=SamplingSeriesShape)
    def post(self, actor: Actor, series_id: UUID, said: dict[str, Any]) -> SwitchingSeries:
        return resume_sampling(actor=actor, series=series_for(actor, series_id), reason=said["reason"], now=timezone.now())


class SamplingReduced(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Allow reduced inspection, or no longer", takes=ReducedSaid, gives=SamplingSeriesShape)
    def post(self, actor: Actor, series_id: UUID, said: dict[str, Any]) -> SwitchingSeries:
        return allow_reduced(
            actor=actor, series=series_for(actor, series_id), allowed=said["allowed"], reason=said["reason"], now=timezone.now()
        )
