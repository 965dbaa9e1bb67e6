"""What a worker does with a long list, in chunks that each commit: read it into a preview, write its ready rows.

Safe to repeat from any point: a chunk begins where the last that was committed ended, under the lock of the list; a row stands once
in its list and a code once on the owner's.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Self
from uuid import UUID

from django.db import connection

from foundation.actor import Actor, Hat, acting_as, as_actor
from notices.services import tell
from parties.models import Person
from parties.roles import MAY_FILE
from parties.selectors import actor_of, today, wearables
from suppliers import imports
from suppliers.imports import Columns, FileMessage, FileRefused, Row, Table
from suppliers.imports.patience import no_search_for_circles
from suppliers.models import ListFile, SupplierImport
from suppliers.selectors import known_links, remembered_columns
from suppliers.services.lists_alike import Pair, keep_pairs, pairs_among
from suppliers.services.lists_rows import Places, facts_of, lines_of, message_as_dict, places_of, settle_if_stale, store_lines
from suppliers.services.lists_write import Written, write_rows

READ, WRITE = "suppliers.read_list", "suppliers.write_list"
CHUNK = 6000  # rows that are read at once
FIRST_CHUNK = 2000  # the database need not wait for many
WRITE_CHUNK = 10_000
_SHORT_TURNS = 0.0005
SAMPLE = 20  # rows to look at while a person says which column is which
States = SupplierImport.State


def table_of(batch: SupplierImport, content: bytes, remembered: Mapping[str, str | None] | None = None) -> Table:
    """The cells of a list as it was kept. Raises FileRefused."""
    if batch.facts.get("pasted"):
        return imports.read_pasted(content.decode(), remembered)
    return imports.read_table(batch.file_name, content, remembered)


@no_search_for_circles()
def read_list(*, actor: Actor, import_id: UUID, now: datetime, claim: Callable[[], bool] = lambda: True) -> None:
    """Read a list that was left to a worker. `claim` is asked in the transaction of the last chunk: False, and that chunk is another's."""
    with as_actor(actor):
        batch = SupplierImport.objects.visible_to(actor).filter(pk=import_id, state=States.READING).first()
        if batch is None:
            return None
        content = bytes(ListFile.objects.visible_to(actor).get(batch=batch).data)
        remembered, known = remembered_columns(actor), known_links(actor)
    try:
        table = table_of(batch, content, remembered)
    except FileRefused as refusal:
        return _refuse(actor, batch, refusal.message, now, claim)
    columns = _columns(batch, table, remembered)
    if columns.needs_mapping:
        return _ask(actor, batch, table, columns, now, claim)
    rows = imports.read_rows(table, columns, known)
    if all(row.outcome == "skipped" for row in rows):
        return _refuse(actor, batch, FileMessage("error", "rows_missing"), now, claim)
    batch.facts = {**facts_of(table, columns), "pasted": batch.facts.get("pasted", False)}
    with _Ahead(rows, places_of(batch.facts), known) as ahead:
        while _read_chunk(actor, batch, len(rows), ahead, now, claim):
            pass
    return None


class _Ahead:
    """What is made while the database is busy: lines of the next chunks, then the names that look alike. The thread asks nothing of it."""

    def __init__(self, rows: list[Row], places: Places, known: imports.Known) -> None:
        self._rows, self._places, self._known = rows, places, known
        self._hand = ThreadPoolExecutor(1)
        self._made: dict[int, Future[str]] = {}
        self._pairs: Future[list[Pair]] | None = None

    def __enter__(self) -> Self:
        # Whoever waits for the database must not wait, after each answer, for the turn of a thread that reckons.
        self._turns = sys.getswitchinterval()
        sys.setswitchinterval(_SHORT_TURNS)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setswitchinterval(self._turns)
        self._hand.shutdown(cancel_futures=True)

    def lines(self, start: int) -> str:
        """The chunk that begins here; the two after it are begun."""
        this, later = self._begin(start), _end_of(start)
        for _ in range(2):
            if later < len(self._rows):
                self._begin(later)
                later = _end_of(later)
        if later >= len(self._rows):
            self.pairs()
        del self._made[start]
        return this.result()

    def pairs(self) -> Future[list[Pair]]:
        if self._pairs is None:
            self._pairs = self._hand.submit(lambda: list(pairs_among(self._rows, self._known)))
        return self._pairs

    def _begin(self, start: int) -> Future[str]:
        if start not in self._made:
            self._made[start] = self._hand.submit(lines_of, self._rows[start : _end_of(start)], self._places)
        return self._made[start]


def _end_of(start: int) -> int:
    return start + (CHUNK if start else min(FIRST_CHUNK, CHUNK))


def _columns(batch: SupplierImport, table: Table, remembered: Mapping[str, str | None]) -> Columns:
    if (chosen := batch.facts.get("chosen")) is None:
        return imports.map_columns(table, remembered=remembered)
    said = {int(index): field for index, field in chosen.items()}
    return imports.map_columns(table, chosen=said, header_row=batch.facts["header_row"])


def _read_chunk(actor: Actor, batch: SupplierImport, many: int, ahead: _Ahead, now: datetime, claim: Callable[[], bool]) -> bool:
    """One chunk; whether there is more to do. False also when the list was cancelled meanwhile."""
    with as_actor(actor):
        held = _held(actor, batch.pk, States.READING)
        if held is None:
            return False
        start = held.rows_done
        held.facts, held.rows_total, held.rows_done = {**batch.facts, **_chosen(held)}, many, min(_end_of(start), many)
        store_lines(actor, held, ahead.lines(start))
        if held.rows_done < many:
            _need_not_last()
            held.save()
            return True
        if not claim():
            return False
        keep_pairs(actor, held, ahead.pairs().result())
        _stop_reading(actor, held, States.PREVIEW, now)
    return False


def _chosen(batch: SupplierImport) -> dict[str, object]:
    return {"chosen": batch.facts["chosen"]} if "chosen" in batch.facts else {}


def _refuse(actor: Actor, batch: SupplierImport, message: FileMessage, now: datetime, claim: Callable[[], bool]) -> None:
    with as_actor(actor):
        held = _held(actor, batch.pk, States.READING)
        if held is not None and claim():
            held.refusal = message_as_dict(message)
            _stop_reading(actor, held, States.REFUSED, now)


def _ask(actor: Actor, batch: SupplierImport, table: Table, columns: Columns, now: datetime, claim: Callable[[], bool]) -> None:
    with as_actor(actor):
        held = _held(actor, batch.pk, States.READING)
        if held is not None and claim():
            held.facts = {**held.facts, **facts_of(table, columns, sample=SAMPLE)}
            _stop_reading(actor, held, States.NEEDS_MAPPING, now)


def _stop_reading(actor: Actor, batch: SupplierImport, state: States, now: datetime) -> None:
    batch.state = state
    batch.save()
    if state != States.NEEDS_MAPPING:  # there the file is still needed
        ListFile.objects.visible_to(actor).filter(batch=batch).delete()
    _tell(actor, batch, "list_read", now)


def write_list(*, actor: Actor, import_id: UUID, now: datetime, claim: Callable[[], bool] = lambda: True) -> None:
    """Put the ready rows of a list on the owner's, as read_list() reads them."""
    so_far: Written | None = Written(0, 0, 0)
    while so_far is not None:
        so_far = _write_chunk(actor, import_id, so_far, now, claim)


def _write_chunk(actor: Actor, import_id: UUID, before: Written, now: datetime, claim: Callable[[], bool]) -> Written | None:
    """The next chunk; what was written with it, or None when nothing is left to do here."""
    with as_actor(actor):
        held = _held(actor, import_id, States.WRITING)
        if held is None:
            return None
        if not held.rows_done:
            settle_if_stale(actor, held)
        written = write_rows(actor, held, after=before.last, most=WRITE_CHUNK, now=now)
        so_far = Written(before.taken + written.taken, before.made + written.made, written.last)
        held.rows_done = min(held.rows_done + written.taken, held.rows_total)
        if written.taken == WRITE_CHUNK:
            _need_not_last()
            held.save()
            return so_far
        if not claim():
            return None
        if so_far.made < so_far.taken:  # another list brought the same firm meanwhile
            settle_if_stale(actor, held)
        held.state, held.done_at = States.DONE, now
        held.save()
        _tell(actor, held, "list_written", now)
    return None


def write_ready(actor: Actor, batch: SupplierImport, *, now: datetime) -> int:
    """Write every ready row at once; how many lines were new. The list is done, unless nothing was ready."""
    settle_if_stale(actor, batch)  # the list may have grown since the preview
    written = write_rows(actor, batch, after=0, most=None, now=now)
    if written.taken:
        batch.state, batch.done_at = States.DONE, now
        batch.save()
    return written.made


def _need_not_last() -> None:
    """A chunk between may be lost with the machine, for then it is done again; the last one waits for the disk, and so for them all."""
    with connection.cursor() as cursor:
        cursor.execute("set local synchronous_commit = off")


def _held(actor: Actor, import_id: UUID, state: States) -> SupplierImport | None:
    """The list under lock, if it is still in this state."""
    return SupplierImport.objects.visible_to(actor).select_for_update().filter(pk=import_id, state=state).first()


def asker(org_id: UUID, person_id: UUID) -> Actor | None:
    """Who asked, with the roles of today: None when the person may not keep this firm's lists any more."""
    with acting_as(Hat.LOBBY):
        person = Person.objects.filter(pk=person_id, is_active=True).first()
        worn = wearables(person, on=today()) if person else []
    hat = next((each for each in worn if each.org_id == org_id and each.hat == Hat.OWNER and each.roles.intersection(MAY_FILE)), None)
    return actor_of(person, hat) if person and hat else None


def let_go(org_id: UUID, import_id: UUID) -> None:
    """Whoever asked has lost the right to: nothing more is read or written for them."""
    with acting_as(Hat.OWNER, org_id=org_id):
        SupplierImport.objects.filter(pk=import_id, state=States.READING).update(state=States.CANCELLED)
        SupplierImport.objects.filter(pk=import_id, state=States.WRITING).update(state=States.PREVIEW)


def _tell(actor: Actor, batch: SupplierImport, kind: str, now: datetime) -> None:
    facts = {"other_zh": batch.file_name, "other_en": batch.file_name, "number": str(batch.rows_done)}
    tell(org_id=actor.org_id, hat=Hat.OWNER, kind=kind, subject_id=batch.pk, facts=facts, now=now)
