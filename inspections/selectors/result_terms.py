"""What results of these lots are read and judged by: a handful of questions, however many lots and readings."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q

from agreements.models import Characteristic, MethodEdition, SealedSample
from foundation.actor import Actor
from inspections.filing import Terms, plate
from inspections.models import Lot
from inspections.reading import context as reading
from inspections.reading.shapes import ReadSet
from inspections.selectors.versions_of_day import versions_for
from suppliers.models import Instrument


def whats_of(codes: Collection[str]) -> dict[str, reading.Characteristic]:
    """code -> how a reading of it is recognised."""
    return {row.code: what_of(row) for row in Characteristic.objects.filter(pk__in=set(codes))}


def what_of(row: Characteristic, *, methods: tuple[str, ...] = (), editions: tuple[reading.Edition, ...] = ()) -> reading.Characteristic:
    """How a reading of this characteristic is recognised, and which methods and editions may be cited for it."""
    kind: reading.Kind = "variable"
    if row.reading_schema == list(reading.PARTS):
        kind = "colour"
    elif row.kind in ("censored", "ordinal", "binary"):
        kind = row.kind  # type: ignore[assignment]
    unit = "" if kind == "colour" else row.unit
    facts = reading.reading_facts(row.reading)
    facts["aliases"] = (*facts.get("aliases", ()), row.name_en)  # our own sheets in English say it so
    return reading.Characteristic(code=row.code, name=row.name_zh, kind=kind, unit=unit, methods=methods, editions=editions, **facts)


def terms_for(actor: Actor, lots: Sequence[Lot], reads: Iterable[ReadSet], *, org_id: UUID, today: date) -> Terms:
    """All that the sets are judged by; `org_id` is the firm whose instruments measured."""
    sets = list(reads)
    clauses = {lot_id: found.clauses for lot_id, found in versions_for(actor, lots).items()}
    return Terms(
        kinds=dict(Characteristic.objects.filter(pk__in={each.characteristic for each in sets}).values_list("code", "kind")),
        clauses=clauses,
        standards=_standards(actor, lots) if any(each.width == 3 for each in sets) else {},
        calibrated_until=calibrations(actor, org_id, {each.instrument for each in sets if each.instrument}),
        superseded=superseded({each.edition for each in sets if each.edition}),
        today=today,
    )


def calibrations(actor: Actor, org_id: UUID, instruments: Collection[str]) -> dict[str, date]:
    """Plate -> the last day of its calibration, of those of the firm's instruments that are named."""
    if not instruments:
        return {}
    asked = {plate(each) for each in instruments}
    rows = Instrument.objects.visible_to(actor).filter(org_id=org_id, retired_at=None, calibration_due_on__isnull=False)
    return {plate(serial): until for serial, until in rows.values_list("serial", "calibration_due_on") if until and plate(serial) in asked}


def superseded(editions: Collection[str]) -> dict[str, date | None]:
    """Which of these editions have given way, and from which day; None where nobody has read it."""
    if not editions:
        return {}
    rows = MethodEdition.objects.filter(Q(supersedes_id__in=editions) | Q(pk__in=editions, valid_to__isnull=False))
    found: dict[str, date | None] = {}
    for row in rows:
        if row.supersedes_id is not None and row.supersedes_id in editions:
            found[row.supersedes_id] = row.valid_from
        if row.pk in editions and row.valid_to is not None:
            found.setdefault(row.pk, row.valid_to)
    return found


def standard_of(actor: Actor, lot: Lot) -> tuple[float, float, float] | None:
    """L*a*b* of the sealed sample that bound on the lot's day; None where none did."""
    return _standards(actor, [lot]).get(lot.pk) if lot.link_id else None


def _standards(actor: Actor, lots: Sequence[Lot]) -> Mapping[UUID, tuple[float, float, float]]:
    """lot id -> L*a*b* of the sample that bound on its day: of its product and colour, or the only one of its colour."""
    links = {lot.link_id for lot in lots if lot.link_id}
    rows = list(SealedSample.objects.visible_to(actor).filter(link_id__in=links, sealed_on__isnull=False).order_by("-sealed_on", "id"))
    found = {}
    for lot in lots:
        binding = [row for row in rows if row.link_id == lot.link_id and _binds(row, lot.made_on) and _same(row.colour, lot.colour)]
        named = [row for row in binding if _same(row.product, lot.product)] or (binding if len(binding) == 1 else [])
        if named:
            found[lot.pk] = (float(named[0].lab_l), float(named[0].lab_a), float(named[0].lab_b))
    return found


def _binds(row: SealedSample, day: date) -> bool:
    return row.sealed_on is not None and row.sealed_on <= day <= row.expires_on and (row.ended_on is None or day < row.ended_on)


def _same(one: str, other: str) -> bool:
    return "".join(one.split()).casefold() == "".join(other.split()).casefold() != ""
