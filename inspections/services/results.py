"""Results are filed: read as they were typed, judged by the clause of the lot's day, kept once, never changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.actor import Actor, Hat, acting_as
from foundation.errors import NotYours, RuleBroken
from inspections.filing import Filing, Judged, Terms, columns_of, judged, more_of, portion_digest, read_of
from inspections.models import CharacteristicResult, Lot
from inspections.reading.context import Characteristic
from inspections.reading.days import moment_code
from inspections.reading.shapes import ReadSet
from inspections.selectors.result_terms import terms_for, whats_of
from inspections.services.results_shown import shown_to
from inspections.services.watching import watch_soon
from inspections.typed import Fault, SetSaid, read_set
from parties.roles import MAY_FILE
from records.models import Evidence
from records.services.entries import Fact, append_many, entry_rows
from records.services.evidence import share_evidence

Origin = CharacteristicResult.Origin
MOST_SETS = 1000
BATCH = 500
LOTS_IN_WORK = (Lot.State.REGISTERED,)
OWN_ORIGINS = {Hat.SUPPLIER: (Origin.SELF, Origin.INSTRUMENT, Origin.LAB), Hat.OWNER: (Origin.CUSTOMER, Origin.LAB)}


class ResultsToMend(RuleBroken):
    """Some of what was typed cannot be; `faults` name each place. Nothing is kept."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        first = faults[0]
        super().__init__(first.code, field=first.field, **(first.facts or {}))
        self.faults = list(faults)


@dataclass(frozen=True, slots=True)
class Meant:
    """One set of one lot, as it was meant. `more` is added to what the row keeps in its details; `corrects` is the row it stands in for."""

    lot: Lot
    read: ReadSet
    origin: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)
    corrects: UUID | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a set: stored now; repeated, with the row of the first time; or its key was used for something else."""

    state: Literal["stored", "repeated", "key_reused"]
    row: CharacteristicResult


@transaction.atomic
def file_results(*, actor: Actor, lot: Lot, sets: Sequence[SetSaid], now: datetime, entered_via: str) -> list[Kept]:
    """File what was typed of one lot: all of it or nothing. The same key with the same content files once.

    A photo of the instrument's screen is shown to whom the results are. Raises ResultsToMend with every place that cannot be, and
    RuleBroken("result_key_reused"), ("evidence_missing").
    """
    photos = own_photos(actor, sets)
    read = read_typed(lot, sets, now=now)
    kept = file_meant(actor=actor, meant=read, now=now, entered_via=entered_via)
    if any(each.state == "key_reused" for each in kept):
        raise RuleBroken("result_key_reused")
    if photos and lot.owner_org_id is not None and actor.hat is Hat.SUPPLIER:
        share_evidence(actor=actor, evidence_ids=photos, grantee_org_id=lot.owner_org_id, what="results", now=now)
    return kept


def own_photos(actor: Actor, sets: Sequence[SetSaid]) -> set[UUID]:
    """The photos that the sets name. Raises RuleBroken("evidence_missing") for one that is not the firm's."""
    photos = {said.evidence_id for said in sets if said.evidence_id}
    if photos and Evidence.objects.visible_to(actor).filter(pk__in=photos).count() < len(photos):
        raise RuleBroken("evidence_missing", field="evidence")
    return photos


def read_typed(lot: Lot, sets: Sequence[SetSaid], *, now: datetime, first: int = 0) -> list[Meant]:
    """The sets as they were meant, by what can have been measured until `now`. Raises ResultsToMend; its places count from `first`."""
    if not 1 <= len(sets) <= MOST_SETS:
        raise RuleBroken("results_missing" if not sets else "too_many_results", most=MOST_SETS)
    whats = whats_of({said.characteristic for said in sets})
    meant, faults = [], []
    for number, said in enumerate(sets, start=first):
        found, wrong = _read(lot, said, whats, now)
        faults += [Fault(each.code, each.field, number, each.at, each.facts) for each in wrong]
        if found is not None:
            meant.append(found)
    if faults:
        raise ResultsToMend(faults)
    return meant


def _read(lot: Lot, said: SetSaid, whats: Mapping[str, Characteristic], now: datetime) -> tuple[Meant | None, list[Fault]]:
    what = whats.get(said.characteristic)
    if what is None:
        return None, [Fault("characteristic_unknown", "characteristic", facts={"found": said.characteristic[:40]})]
    read, faults = read_set(said, what, lot=lot.lot_no)
    if said.measured_at is not None and (code := moment_code(said.measured_at, now)):
        faults.append(Fault(code, "measured_at"))
    if read is None or faults:
        return None, faults
    more = {"lab_status": list(said.lab_status), "evidence": str(said.evidence_id) if said.evidence_id else ""}
    return Meant(lot, read, said.origin, {name: value for name, value in more.items() if value}), []


@transaction.atomic
def file_meant(*, actor: Actor, meant: Sequence[Meant], now: datetime, entered_via: str, import_id: UUID | None = None) -> list[Kept]:
    """Keep sets of any number of lots in a handful of statements; what was filed before under the same key stays as it was."""
    _may_file(actor, (each.lot for each in meant))
    return _file(actor, meant, now, entered_via, import_id)


def looked_at(actor: Actor, meant: Sequence[Meant], now: datetime) -> list[Judged]:
    """How the sets would be judged, before anything is kept."""
    lots = {each.lot.pk: each.lot for each in meant}
    terms = terms_for(actor, list(lots.values()), [each.read for each in meant], org_id=actor.org_id, today=timezone.localdate(now))
    return [judged(each.lot, each.read, terms) for each in meant]


def _may_file(actor: Actor, lots: Iterable[Lot]) -> None:
    """The supplier of a lot or its customer. A laboratory reads no lot: it answers for its sample, or on its sheet of a round."""
    actor.must_hold(*MAY_FILE)
    for lot in lots:
        mine = {Hat.SUPPLIER: lot.supplier_org_id, Hat.OWNER: lot.owner_org_id}.get(actor.hat)
        if mine is None or mine != actor.org_id:
            raise NotYours


def _file(actor: Actor, meant: Sequence[Meant], now: datetime, entered_via: str, import_id: UUID | None) -> list[Kept]:
    """The one way in."""
    if not meant:
        return []
    lots = {each.lot.pk: each.lot for each in meant}
    portions = _portions(actor, lots)
    reads = [each.read for each in meant]
    every = [*lots.values(), *(portion for found in portions.values() for portion in found)]
    terms = terms_for(actor, every, reads, org_id=actor.org_id, today=timezone.localdate(now))
    shown = customers_shown(actor, every, now)
    rows = [_row(actor, each, terms, shown, Filing(actor.org_id, _origin(actor, each), entered_via, now, import_id)) for each in meant]
    kept = _keep(actor, rows)
    fresh = [(each, one.row) for each, one in zip(meant, kept, strict=True) if one.state == "stored"]
    earlier = _earlier_copies([each.corrects for each, _row in fresh if each.corrects])
    copies = []
    for each, row in fresh:
        for portion in portions.get(each.lot.pk, ()):
            copy = _copy(each, row, portion, terms, shown)
            copy.corrects_id = earlier.get((each.corrects, portion.pk))
            copies.append(copy)
    CharacteristicResult.objects.bulk_create(copies, batch_size=BATCH)
    made = [row for _each, row in fresh] + copies
    _replace([row for row in made if row.corrects_id])
    note_filed(actor, made, {lot.pk: lot for lot in every}, now)
    return kept


def _earlier_copies(corrected: Sequence[UUID]) -> dict[tuple[UUID | None, UUID], UUID]:
    """(row of the whole, portion) -> the row that showed it there."""
    if not corrected:
        return {}
    with acting_as(Hat.CLOCK):
        rows = CharacteristicResult.objects.filter(source_id__in=corrected, replaced_by=None)
        return {(source, lot): pk for source, lot, pk in rows.values_list("source_id", "lot_id", "pk")}


def _replace(rows: Sequence[CharacteristicResult]) -> None:
    """The rows that these stand in for say so."""
    if rows:
        with acting_as(Hat.CLOCK):
            for row in rows:
                CharacteristicResult.objects.filter(pk__in=[row.corrects_id]).update(replaced_by=row.pk)


def _portions(actor: Actor, lots: Mapping[UUID, Lot]) -> dict[UUID, list[Lot]]:
    """lot id -> the customers' portions of it, for those lots that are the supplier's own."""
    own = [lot_id for lot_id, lot in lots.items() if lot.owner_org_id is None]
    found: dict[UUID, list[Lot]] = defaultdict(list)
    if own and actor.hat is Hat.SUPPLIER:
        for portion in Lot.objects.visible_to(actor).filter(whole_id__in=own).order_by("id"):
            found[UUID(str(portion.whole_id))].append(portion)
    return found


def customers_shown(actor: Actor, lots: Sequence[Lot], now: datetime) -> dict[UUID, UUID | None]:
    """Who besides the supplier sees a row: for its own readings whom it lets see them, for others' the lot's customer."""
    if actor.hat is Hat.SUPPLIER:
        return shown_to(actor.org_id, lots, now)
    return {lot.pk: lot.owner_org_id for lot in lots}


def _origin(actor: Actor, each: Meant) -> str:
    mine = OWN_ORIGINS[actor.hat]
    if each.origin and each.origin not in mine:
        raise RuleBroken("origin_is_not_yours", field="origin")
    return str(each.origin or mine[0])


def _row(actor: Actor, each: Meant, terms: Terms, shown: Mapping[UUID, UUID | None], filing: Filing) -> CharacteristicResult:
    made = judged(each.lot, each.read, terms)
    columns = columns_of(each.lot, each.read, made, filing, kind=_kind(terms, each), shown_to=shown.get(each.lot.pk))
    row = CharacteristicResult(**columns, corrects_id=each.corrects)
    if each.more:
        row.details = {**(row.details or {}), **each.more}
    return row


def _kind(terms: Terms, each: Meant) -> str:
    return terms.kinds.get(each.read.characteristic, "")


def _copy(each: Meant, row: CharacteristicResult, portion: Lot, terms: Terms, shown: Mapping[UUID, UUID | None]) -> CharacteristicResult:
    """The row of the whole as a portion's customer sees it: judged by that customer's own agreement."""
    made = judged(portion, each.read, terms)
    filing = Filing(row.org_id, row.origin, row.entered_via, row.received_at)
    columns = columns_of(portion, each.read, made, filing, kind=_kind(terms, each), shown_to=shown.get(portion.pk))
    columns |= {"said_key": portion_digest(row.pk, portion.pk), "source_id": row.pk}
    if each.more:
        columns["details"] = {**(columns["details"] or {}), **each.more}
    return CharacteristicResult(**columns)


@transaction.atomic
def carry_to_portion(*, actor: Actor, whole: Lot, portion: Lot, now: datetime) -> int:
    """A customer was given a portion: what was found on the whole is found on it. Safe to repeat; returns how many rows there are."""
    actor.must_act_for(whole.supplier_org_id, Hat.SUPPLIER)
    rows = list(CharacteristicResult.objects.visible_to(actor).filter(lot=whole, org_id=actor.org_id, replaced_by=None).order_by("id"))
    meant = [Meant(whole, read_of(row), row.origin, more_of(row)) for row in rows]
    if meant:
        terms = terms_for(actor, [portion], [each.read for each in meant], org_id=actor.org_id, today=timezone.localdate(now))
        shown = customers_shown(actor, [portion], now)
        copies = [_copy(each, row, portion, terms, shown) for each, row in zip(meant, rows, strict=True)]
        fresh = [one.row for one in _keep(actor, copies) if one.state == "stored"]
        note_filed(actor, fresh, {portion.pk: portion}, now)
    return len(meant)


def _keep(actor: Actor, rows: Sequence[CharacteristicResult]) -> list[Kept]:
    """Write what is new. Of two that come at once under one key the second waits for the first, and then finds it."""
    CharacteristicResult.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    mine = CharacteristicResult.objects.visible_to(actor).filter(org_id=actor.org_id, said_key__in=[row.said_key for row in rows])
    known = {row.said_key: row for row in mine}
    return [_kept(row, known[row.said_key]) for row in rows]


def _kept(mine: CharacteristicResult, found: CharacteristicResult) -> Kept:
    if found.pk == mine.pk:
        return Kept("stored", found)
    return Kept("repeated" if found.said == mine.said else "key_reused", found)


def note_filed(actor: Actor, rows: Sequence[CharacteristicResult], lots: Mapping[UUID, Lot], now: datetime) -> None:
    """Registered lots are being inspected from their first result on, and the common record tells both sides what they see."""
    by_lot: dict[UUID, list[CharacteristicResult]] = defaultdict(list)
    for row in rows:
        by_lot[row.lot_id].append(row)
    if not by_lot:
        return
    watch_soon(key=f"watch:{rows[0].pk}")
    with acting_as(Hat.CLOCK):
        waiting = Lot.objects.filter(pk__in=by_lot, state__in=LOTS_IN_WORK).order_by("pk")
        if mine := list(waiting.select_for_update().values_list("pk", flat=True)):  # the older first, as whoever holds a lot with its parts
            Lot.objects.filter(pk__in=mine).update(state=Lot.State.INSPECTING, state_since=now)
    told = {lot_id: [row for row in found if row.owner_org_id] for lot_id, found in by_lot.items()}
    entries = [
        entry_rows(actor=actor, stream=lots[lot_id], fact=_fact(lots[lot_id], found), now=now)
        for lot_id, found in told.items()
        if found and lots[lot_id].stream_id
    ]
    append_many(entries)


def _fact(lot: Lot, rows: Sequence[CharacteristicResult]) -> Fact:
    reason = (rows[0].details or {}).get("reason") if rows[0].corrects_id else None
    more = {"reason": reason} if reason else {}
    return Fact("lot_result_corrected" if rows[0].corrects_id else "lot_results_filed", lot.pk, {**said_of(lot, rows), **more})


def said_of(lot: Lot, rows: Sequence[CharacteristicResult]) -> dict[str, Any]:
    """What the common record says of a filing: which characteristics, how many readings, and how they were judged; never a value."""
    verdicts = [row.verdict for row in rows]
    return {
        "lot_no": lot.lot_no, "product": lot.product, "origin": rows[0].origin, "sets": len(rows),
        "readings": sum(len([value for value in row.readings if value is not None]) // row.width for row in rows),
        "characteristics": ", ".join(sorted({row.characteristic_code for row in rows})),
        **{name: verdicts.count(name) for name in ("in", "out", "unclear", "not_judged")},
    }  # fmt: skip
