"""A file of results as it lies in the database → what it says, and the rows of its preview."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from typing import Any
from uuid import UUID

from django.utils import timezone

from foundation.actor import Actor
from inspections.filing import key_digest, said_digest
from inspections.models import Lot, ResultFile, ResultImport, ResultImportRow
from inspections.reading import (
    Context,
    FileMessage,
    Issue,
    Mends,
    Opened,
    Reading,
    ReadSet,
    ResultRow,
    open_file,
    read_opened,
)
from inspections.selectors.result_files import context_for, context_without_lots, filed_before, remembered_headers

BATCH = 1000
SAMPLE = 20
FIRST_SHOWN = 200  # rows of which there is nothing to say
MOST_SHOWN = 5000
_ASKED_BEFORE = 20_000  # sets of which the preview asks whether they were filed before; of more, filing finds out
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Met:
    """A file with the world it meets."""

    opened: Opened
    context: Context
    lots: Mapping[UUID, Lot]

    def lot_of(self, read: ReadSet) -> Lot:
        (found,) = self.context.lots_numbered(read.lot)
        return self.lots[found.id]


def content_of(actor: Actor, batch: ResultImport) -> bytes:
    return bytes(ResultFile.objects.visible_to(actor).get(batch=batch).data)


def digest_of(data: bytes) -> UUID:
    return UUID(bytes=blake2b(data, digest_size=16).digest())


def meet(actor: Actor, batch: ResultImport, data: bytes, now: datetime) -> Met:
    """Open the file and look up its lots. Raises FileRefused."""
    known = context_without_lots(timezone.localdate(now))
    chosen = batch.facts.get("chosen")
    opened = open_file(
        batch.file_name,
        data,
        known,
        remembered=remembered_headers(actor),
        chosen={int(place): field for place, field in chosen.items()} if chosen is not None else None,
        header_row=batch.facts.get("header_row") if chosen is not None else None,
    )
    opened = opened.mended(mends_of(batch))
    if opened.needs_mapping:
        return Met(opened, known, {})
    context, lots = context_for(actor, batch, opened.lot_numbers(), known)
    return Met(opened, context, lots)


def mends_of(batch: ResultImport) -> Mends:
    return {int(number): {int(place): text for place, text in cells.items()} for number, cells in batch.mends.items()}


def editions_of(batch: ResultImport) -> dict[str, str]:
    """Characteristic → the edition that a person named for the whole sheet."""
    return dict(batch.facts.get("editions") or {})


def read_met(batch: ResultImport, met: Met, now: datetime) -> Reading:
    return read_opened(met.opened, met.context, now=now, editions=editions_of(batch))


def settle_filed(actor: Actor, met: Met, rows: Sequence[ResultRow]) -> list[ResultRow]:
    """Rows that the firm has filed before are known, and change nothing."""
    keys = {id(read): _key(met, read) for row in rows for read in row.sets}
    if not keys or len(keys) > _ASKED_BEFORE:
        return list(rows)
    before = filed_before(actor, {key for key, _said in keys.values()})
    return [_settled(row, [keys[id(read)] for read in row.sets], before) for row in rows] if before else list(rows)


def _key(met: Met, read: ReadSet) -> tuple[UUID, UUID]:
    said = said_digest(met.lot_of(read).pk, read)
    return (key_digest(read.key) if read.key else said), said


def _settled(row: ResultRow, keys: Sequence[tuple[UUID, UUID]], before: Mapping[UUID, UUID]) -> ResultRow:
    if not keys or any(key not in before for key, _said in keys):
        return row
    if any(before[key] != said for key, said in keys):
        issue = Issue("error", "idempotency_key", "key_reused")
        return replace(row, outcome="rejected", issues=(*row.issues, issue), sets=(), values={})
    return replace(row, outcome="duplicate", reason="filed_before", sets=(), issues=())


def facts_of(reading: Reading | Opened, *, sample: bool = False) -> dict[str, Any]:
    """What is kept of how a file was read; with its first rows while a person is asked about its columns."""
    table, columns = reading.table, reading.columns
    facts: dict[str, Any] = {
        "encoding": reading.encoding, "messages": [message_as_dict(each) for each in reading.messages[:100]],
        "sheet": table.sheet if table else None, "delimiter": table.delimiter if table else None, "columns": [], "header_row": None,
    }  # fmt: skip
    if columns is not None:
        facts |= {
            "header_row": columns.header_row, "unit_row": columns.unit_row,
            "columns": [{"index": each.index, "header": each.header, "letter": each.letter, "field": each.field} for each in columns.columns],
        }  # fmt: skip
    if sample and table is not None:
        header = columns.header_row if columns else None
        first = [record for record in table.records if header is None or record.number >= header][:SAMPLE]
        facts["table"] = [[record.number, list(record.cells)] for record in first]
    return dict(storable(facts))


def message_as_dict(message: FileMessage) -> dict[str, Any]:
    return {"level": message.level, "code": message.code, "found": message.found, "facts": dict(message.facts)}


def keep_rows(actor: Actor, batch: ResultImport, rows: Iterable[ResultRow]) -> None:
    """The preview: all that asks for a look, as far as a person could look at it, and the first of the others."""
    ResultImportRow.objects.visible_to(actor).filter(batch=batch).delete()
    kept: list[ResultImportRow] = []
    plain = 0
    for row in rows:
        plain += row.outcome == "accepted"
        if len(kept) < MOST_SHOWN and (row.outcome != "accepted" or plain <= FIRST_SHOWN) and row.reason != "blank_row":
            kept.append(_row(actor, batch, row))
    ResultImportRow.objects.bulk_create(kept, batch_size=BATCH)


def _row(actor: Actor, batch: ResultImport, row: ResultRow) -> ResultImportRow:
    said = row.as_dict()
    said.pop("row"), said.pop("outcome")
    cells = list(row.raw) if batch.layout != "lines" else [str(row.raw[0])[:4000] if row.raw else ""]
    return ResultImportRow(
        org_id=actor.org_id, batch=batch, number=row.number, outcome=row.outcome, cells=storable(cells), said=storable(said)
    )


def clean_text(value: str) -> str:
    return _UNSTORABLE.sub("", value)


def storable(value: Any) -> Any:
    """The same without what PostgreSQL cannot hold."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, Mapping):
        return {clean_text(str(name)): storable(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [storable(each) for each in value]
    return value


def readings_of(rows: Collection[ResultRow]) -> int:
    """How many readings these rows would file."""
    return sum(sum(1 for value in read.readings if value is not None) // read.width for row in rows for read in row.sets)
