"""What is done with a file of results, in chunks that each commit: read it into a preview, file what is ready.

Safe to repeat from any point: a chunk begins where the last that was committed ended, under the lock of the file; a set is filed once
under its key, or by its content.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from foundation.actor import Actor, Hat, acting_as, as_actor
from inspections.filing import Filing
from inspections.models import CharacteristicResult, Lot, ResultFile, ResultImport
from inspections.reading import FileRefused, Reading, ReadSet
from inspections.selectors.result_terms import terms_for
from inspections.services.result_files_read import (
    Met,
    content_of,
    editions_of,
    facts_of,
    keep_rows,
    meet,
    message_as_dict,
    read_met,
    readings_of,
    settle_filed,
)  # fmt: skip
from inspections.services.result_files_wide import CHUNK_ROWS, Sheet, Tally, summary_of
from inspections.services.results import LOTS_IN_WORK, Meant, customers_shown, file_meant, note_filed
from inspections.services.storing import Packed, PlainStore, Stored
from inspections.services.watching import watch_soon
from notices.services import tell
from parties.models import Person
from parties.roles import MAY_FILE
from parties.selectors import actor_of, today, wearables
from suppliers.imports.patience import no_search_for_circles

READ, WRITE = "inspections.read_result_file", "inspections.file_result_file"
CHUNK_SETS = 1000
MANY_ROWS = 1000  # of a wide sheet: from here on the preview counts what is plain, and filing finds out what was filed before
States = ResultImport.State
Claim = Callable[[], bool]


def read_file_now(actor: Actor, batch: ResultImport, data: bytes, now: datetime) -> ResultImport:
    """Read into the preview, or ask which column is which. Raises FileRefused."""
    met = meet(actor, batch, data, now)
    if met.opened.layout == "wide" and not met.opened.needs_mapping and len(met.opened.records) > MANY_ROWS:
        return _preview_many(actor, batch, met, now)
    reading = read_met(batch, met, now)
    if reading.file_result == "refused":
        message = reading.messages[0]
        raise FileRefused(message.code, message.found, **message.facts)
    batch.layout = reading.layout or ""
    said = {name: batch.facts[name] for name in ("chosen", "editions") if name in batch.facts}
    batch.facts = {**facts_of(reading, sample=reading.file_result == "needs_mapping"), **said}
    if reading.file_result == "needs_mapping":
        batch.state = States.NEEDS_MAPPING
    else:
        _preview(actor, batch, met, reading)
    batch.save()
    return batch


def _preview(actor: Actor, batch: ResultImport, met: Met, reading: Reading) -> None:
    rows = settle_filed(actor, met, reading.rows)
    settled = Reading("read", rows=tuple(rows))
    ready = [row for row in rows if row.outcome in ("accepted", "warning")]
    batch.totals = {**settled.totals, "sets": sum(len(row.sets) for row in ready), "readings": readings_of(ready)}
    batch.facts["measured"] = sorted({read.characteristic for row in ready for read in row.sets})
    batch.rows_done = batch.rows_total = len(rows)
    batch.state = States.PREVIEW
    batch.save()
    keep_rows(actor, batch, rows)


def _preview_many(actor: Actor, batch: ResultImport, met: Met, now: datetime) -> ResultImport:
    found = summary_of(Sheet(actor, batch, met, now), met.context)
    said = {name: batch.facts[name] for name in ("chosen", "editions") if name in batch.facts}
    batch.layout, batch.state, batch.totals = "wide", States.PREVIEW, found.totals
    batch.facts = {**facts_of(met.opened), **said, "measured": sorted(found.measured)}
    batch.rows_done = batch.rows_total = found.totals["rows"]
    batch.save()
    keep_rows(actor, batch, found.rows)
    return batch


def read_in_background(*, actor: Actor, import_id: UUID, now: datetime, claim: Claim = lambda: True) -> None:
    """Read a file that was left to a worker: reading is one look at the whole, and writes nothing but the preview."""
    with as_actor(actor):
        batch = held(actor, import_id, States.READING)
        if batch is None or not claim():
            return
        try:
            read_file_now(actor, batch, content_of(actor, batch), now)
        except FileRefused as refusal:
            refuse(actor, batch, refusal)
        _tell(actor, batch, "result_file_read", now)


def refuse(actor: Actor, batch: ResultImport, refusal: FileRefused) -> None:
    batch.state, batch.refusal = States.REFUSED, message_as_dict(refusal.message)
    batch.save()
    ResultFile.objects.visible_to(actor).filter(batch=batch).delete()


def file_in_background(*, actor: Actor, import_id: UUID, now: datetime, claim: Claim = lambda: True) -> None:
    """File what is ready, a chunk in a transaction."""
    with as_actor(actor):
        batch = held(actor, import_id, States.WRITING)
        if batch is None:
            return
        work = Work(actor, batch, meet(actor, batch, content_of(actor, batch), now), now)
    try:
        while _file_chunk(actor, import_id, work, now, claim):
            pass
    finally:
        work.close()


def _file_chunk(actor: Actor, import_id: UUID, work: Work, now: datetime, claim: Claim) -> bool:
    """One chunk; whether there is more to do. False also when it was stopped meanwhile."""
    with as_actor(actor):
        batch = held(actor, import_id, States.WRITING)
        if batch is None:
            return False
        stored, done = work.step(batch.rows_done)
        batch.rows_done, batch.rows_total = done, work.total
        batch.filed += stored.filed
        batch.known += stored.known
        if done < work.total:
            with connection.cursor() as cursor:  # a chunk between may be lost with the machine, for then it is done again
                cursor.execute("set local synchronous_commit = off")
            batch.save()
            return True
        if not claim():
            return False
        _finish(actor, batch, now)
        _tell(actor, batch, "result_file_filed", now)
    return False


def file_now(actor: Actor, batch: ResultImport, data: bytes, now: datetime) -> int:
    """File what is ready at once; how many sets were new."""
    work = Work(actor, batch, meet(actor, batch, data, now), now)
    done, before = 0, batch.filed
    try:
        while done < work.total:
            stored, done = work.step(done)
            batch.filed += stored.filed
            batch.known += stored.known
    finally:
        work.close()
    _finish(actor, batch, now)
    return batch.filed - before


def file_plain(actor: Actor, batch: ResultImport, data: bytes, now: datetime) -> bool:
    """Read, check and file a sheet in one go; False, and nothing filed, where anything in it wants a person's eye. Raises FileRefused."""
    with no_search_for_circles():
        met = meet(actor, batch, data, now)
        if met.opened.layout != "wide" or met.opened.needs_mapping or met.opened.messages:
            return False
        work = Work(actor, batch, met, now)
        try:
            done = work.at_once()
        finally:
            work.close()
    if done is None:
        return False
    stored, tally = done
    batch.filed, batch.known = stored.filed, stored.known
    batch.layout, batch.totals = "wide", tally.totals((), work.total)
    batch.facts = {**facts_of(met.opened), "editions": editions_of(batch), "measured": sorted(tally.measured)}
    batch.rows_done = batch.rows_total = work.total
    _finish(actor, batch, now)
    return True


def _finish(actor: Actor, batch: ResultImport, now: datetime) -> None:
    batch.state, batch.done_at = States.DONE, now
    batch.save()
    watch_soon(key=f"watch:{batch.pk}")
    if not batch.totals.get("rejected"):  # nothing is left to mend
        ResultFile.objects.visible_to(actor).filter(batch=batch).delete()


class Work:
    """The rows of one file on their way in. `total` counts what step() counts: rows of a wide sheet, else sets."""

    def __init__(self, actor: Actor, batch: ResultImport, met: Met, now: datetime) -> None:
        self._actor, self._now, self._batch = actor, now, batch
        self._met = met
        self._sheet = Sheet(actor, batch, met, now) if met.opened.layout == "wide" else None
        self._store: PlainStore | None = None
        self._hand = ThreadPoolExecutor(1)  # it asks nothing of the database
        self._ahead: dict[int, Future[Packed]] = {}
        self._sets: list[ReadSet] = []
        if self._sheet is None:
            rows = read_met(batch, met, now).rows
            self._sets = [read for row in rows if row.outcome in ("accepted", "warning") for read in row.sets]
        self.total = len(self._sheet.records) if self._sheet else len(self._sets)

    def step(self, start: int) -> tuple[Stored, int]:
        """(what was filed, how far it is now)."""
        if self._sheet is None:
            part = self._sets[start : start + CHUNK_SETS]
            return self._one_by_one(part), start + len(part)
        store = self._store_of(self._sheet)
        packed = self._packed(self._sheet, store, start)
        stored = store.store(packed)
        self._note(packed.chunk.lots, stored)
        rows = [self._sheet.row(record) for record in packed.chunk.others]
        others = self._one_by_one([read for row in rows if row.outcome in ("accepted", "warning") for read in row.sets])
        return Stored(stored.filed + others.filed, stored.known + others.known, ()), min(start + CHUNK_ROWS, self.total)

    def at_once(self) -> tuple[Stored, Tally] | None:
        """File all rows of a sheet; None, and nothing filed, where one wants to be looked at."""
        if self._sheet is None or not self.total:
            return None
        tally = Tally(self._met.context)
        filed = known = 0
        with transaction.atomic():
            self._one_at_a_time()
            for start in range(0, self.total, CHUNK_ROWS):
                packed = self._packed(self._sheet, self._store_of(self._sheet), start)
                if packed.chunk.others:
                    transaction.set_rollback(True)
                    return None
                stored = self._store_of(self._sheet).store(packed)
                tally.add(packed.chunk)
                self._note(packed.chunk.lots, stored)
                filed, known = filed + stored.filed, known + stored.known
        return Stored(filed, known, ()), tally

    def _one_at_a_time(self) -> None:
        """Two such files of one supplier take turns: each adds to sums in several statements, and they would wait for each other in a circle."""
        with connection.cursor() as cursor:
            for supplier in sorted({str(lot.supplier_org_id) for lot in self._met.lots.values()}):
                cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 6))", [f"results {supplier}"])

    def close(self) -> None:
        self._hand.shutdown(cancel_futures=True)

    def _packed(self, sheet: Sheet, store: PlainStore, start: int) -> Packed:
        """The chunk that begins here; the next is packed while the database is busy with it."""
        packed = (self._ahead.pop(start, None) or self._hand.submit(_pack, sheet, store, start)).result()
        if (after := start + CHUNK_ROWS) < self.total:
            self._ahead[after] = self._hand.submit(_pack, sheet, store, after)
        return packed

    def _one_by_one(self, sets: Sequence[ReadSet]) -> Stored:
        filed = known = 0
        for start in range(0, len(sets), CHUNK_SETS):
            meant = [Meant(self._met.lot_of(read), read, self._batch.origin) for read in sets[start : start + CHUNK_SETS]]
            kept = file_meant(actor=self._actor, meant=meant, now=self._now, entered_via="file", import_id=self._batch.pk)
            filed += sum(1 for each in kept if each.state == "stored")
            known += sum(1 for each in kept if each.state != "stored")
        return Stored(filed, known, ())

    def _store_of(self, sheet: Sheet) -> PlainStore:
        if self._store is None:
            actor, lots = self._actor, list(self._met.lots.values())
            terms = terms_for(
                actor, lots, self._probes(sheet), org_id=actor.org_id, today=self._now.astimezone(self._met.context.zone).date()
            )
            filing = Filing(actor.org_id, self._batch.origin, "file", self._now, self._batch.pk)
            shown = customers_shown(actor, lots, self._now)
            self._store = PlainStore(actor, filing, terms, self._met.lots, shown, editions_of(self._batch))
        return self._store

    def _probes(self, sheet: Sheet) -> Iterator[ReadSet]:
        """One set of each characteristic, for what all of them are judged by."""
        editions = editions_of(self._batch)
        for group in sheet.reader.groups:
            yield ReadSet("", group.what.code, editions.get(group.what.code), group.what.unit, (None,))

    def _note(self, chunk_lots: Sequence[Any], stored: Stored) -> None:
        """Lots are being inspected from their first result on; the common record tells of those whose customer sees something new."""
        if not stored.filed:
            return
        told = set(stored.told)
        silent = [lot.pk for lot in (self._met.lots[each.id] for each in chunk_lots) if lot.pk not in told and lot.state in LOTS_IN_WORK]
        if silent:
            with acting_as(Hat.CLOCK):
                _are_inspected(silent, self._now)
        if told:
            rows = CharacteristicResult.objects.visible_to(self._actor).filter(
                import_id=self._batch.pk, lot_id__in=told, received_at=self._now
            )
            note_filed(self._actor, list(rows), self._met.lots, self._now)


def _pack(sheet: Sheet, store: PlainStore, start: int) -> Packed:
    return store.pack(sheet.plain.split(sheet.records[start : start + CHUNK_ROWS]))


def _are_inspected(lots: Sequence[UUID], now: datetime) -> None:
    """As note_filed() has it, for thousands: one array instead of a parameter each."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update inspections_lot set state = %s, state_since = %s where id = any(%s) and state = any(%s)",
            [Lot.State.INSPECTING.value, now, list(lots), [str(state) for state in LOTS_IN_WORK]],
        )


def held(actor: Actor, import_id: UUID, state: States) -> ResultImport | None:
    """The file under lock, if it is still in this state."""
    found: ResultImport | None = ResultImport.objects.visible_to(actor).select_for_update().filter(pk=import_id, state=state).first()
    return found


def asker(org_id: UUID, person_id: UUID, hat: str) -> Actor | None:
    """Who asked, with the roles of today: None when the person may not file for this firm any more."""
    with acting_as(Hat.LOBBY):
        person = Person.objects.filter(pk=person_id, is_active=True).first()
        worn = wearables(person, on=today()) if person else []
    found = next((each for each in worn if each.org_id == org_id and each.hat == Hat(hat) and each.roles.intersection(MAY_FILE)), None)
    return actor_of(person, found) if person and found else None


def let_go(org_id: UUID, import_id: UUID, hat: str) -> None:
    """Whoever asked has lost the right to: nothing more is read or filed for them."""
    with acting_as(Hat(hat), org_id=org_id):
        ResultImport.objects.filter(pk=import_id, state=States.READING).update(state=States.CANCELLED)
        ResultImport.objects.filter(pk=import_id, state=States.WRITING).update(state=States.PREVIEW)


def _tell(actor: Actor, batch: ResultImport, kind: str, now: datetime) -> None:
    facts = {"other_zh": batch.file_name, "other_en": batch.file_name, "number": str(batch.filed)}
    tell(org_id=actor.org_id, hat=actor.hat, kind=kind, subject_id=batch.pk, facts=facts, now=now)
