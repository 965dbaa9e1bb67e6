"""A sampling series grows by a step for each lot and each word of the chain owner; a correction tells it again from its lot on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from agreements.services.sides import MAY_WRITE
from foundation.actor import Actor, Hat, acting_as
from foundation.errors import RuleBroken
from inspections.models import Inspection, Lot, SwitchingSeries, SwitchingStep
from inspections.selectors.sampling import course_of, product_key
from inspections.switching import (
    AUTHORISED,
    LOT,
    RESUMED,
    TERMS,
    UNAUTHORISED,
    Answer,
    Course,
    Event,
    Terms,
    normal_plan,
    replayed,
    told,
)
from notices.services import close_todo, put_todo, tell
from qualitystats.sampling import DISCONTINUED
from records.services.entries import append_entry

MIN_REASON = 5
STOPPED = "sampling_discontinued"


@dataclass(frozen=True, slots=True)
class Source:
    """Where an event comes from: the inspection of a lot, or a person's word."""

    by: str
    at: datetime
    inspection: Inspection | None = None
    reason: str = ""


def locked_series(lot: Lot, *, stage: str, side: str, place: int, klass: str, now: datetime) -> SwitchingSeries:
    """The series of such lots, begun where there is none, and locked until the transaction ends. The caller has asked who may."""
    of = {"link_id": lot.link_id, "product_key": product_key(lot), "stage": stage, "side": side, "place": place, "klass": klass}
    names = (
        "owner_org_id",
        "supplier_org_id",
        "owner_name_zh",
        "owner_name_en",
        "supplier_name_zh",
        "supplier_name_en",
        "stream_id",
        "product",
    )
    with acting_as(Hat.CLOCK):
        if not SwitchingSeries.objects.filter(**of).exists():
            fresh = SwitchingSeries(**of, **{name: getattr(lot, name) for name in names}, opened_at=now, moved_at=now)
            SwitchingSeries.objects.bulk_create([fresh], ignore_conflicts=True)
        row: SwitchingSeries = SwitchingSeries.objects.select_for_update().get(**of)
    return row


def grow_by_lot(series: SwitchingSeries, *, terms: Terms, found: int, source: Source) -> SwitchingStep:
    """One lot more. Terms other than those of the lot before come first, as a step of their own. The series is locked."""
    inspection = source.inspection
    assert inspection is not None
    if not series.kept or course_of(series).terms != terms:
        _grow(series, Event(TERMS, terms=terms), Source(source.by, source.at))
    return _grow(series, Event(LOT, None, inspection.lot_size, found, inspection.original, inspection.steady), source)


def _grow(series: SwitchingSeries, event: Event, source: Source) -> SwitchingStep:
    before = course_of(series) if series.kept else None
    course, answer = told(before, series.klass, event)
    step = _step(series, series.steps_count + 1, event, answer, source)
    with acting_as(Hat.CLOCK):
        SwitchingStep.objects.bulk_create([step])
    _count(series, course, step)
    series.steps_count += 1
    _keep(series, course, source.at)
    return step


def _step(series: SwitchingSeries, number: int, event: Event, answer: Answer, source: Source) -> SwitchingStep:
    said = source.inspection
    return SwitchingStep(
        series=series, owner_org_id=series.owner_org_id, supplier_org_id=series.supplier_org_id, number=number, generation=series.generation,
        segment=answer.segment, kind=event.kind, inspection=said, lot=said.lot if said else None, lot_no=said.lot.lot_no if said else "",
        lot_size=event.lot_size or None, found=event.found if said else None, original=event.original, steady=event.steady,
        terms=asdict(event.terms) if event.terms else None, severity=answer.severity, severity_after=answer.severity_after,
        plan=asdict(answer.plan) if answer.plan else None, accepted=answer.accepted, score=answer.score, code=answer.code, facts=answer.facts,
        reason=source.reason, by=source.by, at=source.at,
    )  # fmt: skip


def _count(series: SwitchingSeries, course: Course, step: SwitchingStep) -> None:
    """What the series says of itself, one step further."""
    if step.severity != step.severity_after:
        series.since = {"lot_no": step.lot_no, "code": step.code, "facts": step.facts, "on": timezone.localdate(step.at).isoformat()}
    if step.kind != LOT or step.plan is None:
        return
    series.pieces_saved += normal_plan(series.klass, course.terms, step.lot_size or 0).n - step.plan["n"]
    if step.original:
        series.lots += 1
        series.not_accepted += step.accepted is False


def _keep(series: SwitchingSeries, course: Course, now: datetime) -> None:
    series.kept, series.severity, series.moved_at = course.kept(), course.severity, now
    with acting_as(Hat.CLOCK):
        series.save(
            update_fields=["kept", "severity", "generation", "steps_count", "lots", "not_accepted", "pieces_saved", "since", "moved_at"]
        )


def replay_from(series: SwitchingSeries, *, former: Inspection, inspection: Inspection, found: int) -> bool:
    """Tell the series again with the corrected figures, as a generation of its own; whether this changed the severity of the next lot.

    The former generation stays as it was. The series is locked. Nothing is written where the former inspection is no step of it.
    """
    steps = standing_steps(series)
    first = next((at for at, step in enumerate(steps) if step.inspection_id == former.pk), None)
    if first is None:
        return False
    before, events = series.severity, [_event_of(step) for step in steps]
    events[first] = Event(LOT, None, inspection.lot_size, found, inspection.original, inspection.steady)
    course, answers = replayed(series.klass, events)
    assert course is not None
    series.generation += 1
    made = list(steps[:first])
    for number, (event, answer, step) in enumerate(zip(events[first:], answers[first:], steps[first:], strict=True), start=first + 1):
        source = Source(step.by, step.at, inspection if number == first + 1 else step.inspection, step.reason)
        made.append(_step(series, number, event, answer, source))
    with acting_as(Hat.CLOCK):
        SwitchingStep.objects.bulk_create(made[first:])
    series.lots = series.not_accepted = series.pieces_saved = 0
    series.since = {}
    for answer_course, step in zip(_courses(series.klass, events), made, strict=True):
        _count(series, answer_course, step)
    _keep(series, course, inspection.filed_at)
    return before != series.severity


def standing_steps(series: SwitchingSeries) -> list[SwitchingStep]:
    """The steps that stand, oldest first."""
    with acting_as(Hat.CLOCK):
        rows = SwitchingStep.objects.filter(series=series).select_related("inspection__lot")
        return list(rows.order_by("number", "-generation").distinct("number"))


def _event_of(step: SwitchingStep) -> Event:
    terms = Terms(**step.terms) if step.terms else None
    return Event(step.kind, terms, step.lot_size or 0, step.found or 0, step.original, step.steady)


def _courses(klass: str, events: Sequence[Event]) -> list[Course]:
    """Under which terms each event was told: all that counting needs of a course."""
    course: Course | None = None
    out = []
    for event in events:
        if event.terms is not None:
            course = Course(klass, event.terms, told(None, klass, Event(TERMS, terms=event.terms))[0].switching)
        assert course is not None
        out.append(course)
    return out


@transaction.atomic
def resume_sampling(*, actor: Actor, series: SwitchingSeries, reason: str, now: datetime) -> SwitchingSeries:
    """The supplier has acted: inspection goes on, tightened. The chain owner's to say; said twice, it is said once.

    Raises RuleBroken("sampling_word_needs_a_reason") or ("sampling_goes_on").
    """
    words = _word_of(actor, series, reason)
    row = _locked(series)
    if row.severity != DISCONTINUED:
        last = standing_steps(row)[-1:]
        if last and last[0].kind == RESUMED:
            return row
        raise RuleBroken("sampling_goes_on")
    _grow(row, Event(RESUMED), Source(actor.person_name, now, reason=words))
    note_series(actor, row, "sampling_resumed", now, reason=words)
    close_todo(kind=STOPPED, subject_id=row.pk, now=now)
    tell(
        org_id=row.supplier_org_id, hat=Hat.SUPPLIER, kind="sampling_resumed", subject_id=row.pk, facts=facts_for(row, "supplier"), now=now
    )
    return row


@transaction.atomic
def allow_reduced(*, actor: Actor, series: SwitchingSeries, allowed: bool, reason: str, now: datetime) -> SwitchingSeries:
    """Whether such lots may come to reduced inspection: the chain owner's to say. What stands already is not said again."""
    words = _word_of(actor, series, reason)
    row = _locked(series)
    if course_of(row).switching.reduced_authorised == allowed:
        return row
    _grow(row, Event(AUTHORISED if allowed else UNAUTHORISED), Source(actor.person_name, now, reason=words))
    note_series(actor, row, "sampling_reduced_allowed" if allowed else "sampling_reduced_ended", now, reason=words)
    return row


def _word_of(actor: Actor, series: SwitchingSeries, reason: str) -> str:
    actor.must_act_for(series.owner_org_id, Hat.OWNER)
    actor.must_hold(*MAY_WRITE)
    words = " ".join(reason.split())[:300]
    if len(words) < MIN_REASON:
        raise RuleBroken("sampling_word_needs_a_reason", field="reason")
    return words


def _locked(series: SwitchingSeries) -> SwitchingSeries:
    with acting_as(Hat.CLOCK):
        row: SwitchingSeries = SwitchingSeries.objects.select_for_update().get(pk=series.pk)
    return row


def after_growth(actor: Actor, series: SwitchingSeries, before: str, now: datetime) -> None:
    """Tell both sides where inspection was discontinued by this; take the task back where a correction undid that."""
    if series.severity == DISCONTINUED and before != DISCONTINUED:
        note_series(actor, series, STOPPED, now)
        line: dict[str, Any] = {"kind": STOPPED, "subject_id": series.pk, "now": now}
        put_todo(org_id=series.owner_org_id, hat=Hat.OWNER, facts=facts_for(series, "owner"), **line)
        for side, hat in (("owner", Hat.OWNER), ("supplier", Hat.SUPPLIER)):
            tell(org_id=getattr(series, f"{side}_org_id"), hat=hat, facts=facts_for(series, side), **line)
    elif before == DISCONTINUED and series.severity != DISCONTINUED:
        close_todo(kind=STOPPED, subject_id=series.pk, now=now)


def note_series(actor: Actor, series: SwitchingSeries, kind: str, now: datetime, **more: Any) -> None:
    """Enter a step of the series into the common record of its relation."""
    payload = {"product": series.product, "stage": series.stage, "class": series.klass, "side": series.side, **more}
    append_entry(actor=actor, stream=series, kind=kind, subject_id=UUID(str(series.pk)), payload=payload, now=now)


def facts_for(row: Any, side: str) -> dict[str, str]:
    """What a line told to that side says: the other firm's names."""
    other = "supplier" if side == "owner" else "owner"
    return {"other_zh": getattr(row, f"{other}_name_zh"), "other_en": getattr(row, f"{other}_name_en")}
