"""A list on its way in: read, mended cell by cell, confirmed, and for ten minutes taken back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.functional import lazystr

from foundation.actor import Actor, Hat
from foundation.errors import Absent, RuleBroken
from parties.roles import MAY_FILE
from suppliers import imports
from suppliers.import_words import file_words
from suppliers.imports import Columns, FileMessage, FileRefused, Record, Row, Table, row_from_dict
from suppliers.models import ImportRow, SupplierImport, SupplyLink
from suppliers.selectors import READY, UNDO_FOR, import_row_for, known_links
from suppliers.services.links import link_of_values, write_links

BATCH = 1000
# PostgreSQL can hold neither in text nor in JSON.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@transaction.atomic
def start_import(*, actor: Actor, file_name: str, data: bytes | str, now: datetime) -> SupplierImport:
    """Read a list, a file's bytes or pasted text, into a preview; no supplier is written yet.

    Raises RuleBroken("list_empty") or ("list_refused") with the reader's words.
    """
    actor.must_act_for(actor.org_id, Hat.OWNER)
    actor.must_hold(*MAY_FILE)
    if not data.strip():
        raise RuleBroken("list_empty", field="list")
    try:
        table = imports.read_pasted(data) if isinstance(data, str) else imports.read_table(file_name, data)
    except FileRefused as refusal:
        raise _refused(refusal.message) from None
    batch = SupplierImport(owner_org_id=actor.org_id, file_name=_text(file_name)[:120], person_name=actor.person_name, created_at=now)
    columns = imports.map_columns(table)
    if columns.needs_mapping:
        batch.state, batch.facts = "needs_mapping", _facts(table, columns, keep_table=True)
        batch.save(force_insert=True)
        return batch
    return _keep_rows(actor, batch, table, columns)


@transaction.atomic
def map_columns(*, actor: Actor, batch: SupplierImport, chosen: Mapping[int, str | None], now: datetime) -> SupplierImport:
    """A person says which column is which; the rows are read by it. Once they are read, repeating changes nothing."""
    batch = _locked(actor, batch)
    if batch.state != "needs_mapping":
        return batch
    table = _table(batch.facts["table"])
    try:
        columns = imports.map_columns(table, chosen=chosen, header_row=batch.facts["header_row"])
    except ValueError:
        raise RuleBroken("column_unknown") from None
    if columns.needs_mapping:
        raise _refused(next(message for message in columns.messages if message.level == "error"))
    return _keep_rows(actor, batch, table, columns)


@transaction.atomic
def mend_row(*, actor: Actor, batch: SupplierImport, number: int, field: str, value: str, now: datetime) -> ImportRow:
    """Change one cell; the row is read anew, and the other rows as far as they depend on it.

    Raises RuleBroken("row_is_imported") for a row that has become a supplier.
    """
    batch = _locked(actor, batch)
    row = import_row_for(actor, batch, number)
    if row.link_id is not None:
        raise RuleBroken("row_is_imported")
    try:
        # A list whose columns are not known has no rows, so this row is of one that was read.
        mended = imports.mend(read_row(row), field, _text(value).strip())
    except ValueError:
        raise Absent from None
    _settle(actor, batch, {number: mended})
    return import_row_for(actor, batch, number)


@transaction.atomic
def confirm_import(*, actor: Actor, batch: SupplierImport, now: datetime) -> int:
    """Put every ready row on the owner's list; how many were new. Rows to mend stay, to be confirmed later.

    Raises RuleBroken("nothing_to_import") when nobody has said yet which column is which.
    """
    batch = _locked(actor, batch)
    if batch.state == "needs_mapping":
        raise RuleBroken("nothing_to_import")
    _settle(actor, batch, {})  # the list may have grown since the preview
    ready = [
        row
        for row in ImportRow.objects.visible_to(actor).filter(batch=batch, link=None, outcome__in=READY).order_by("number")
        if row.values["values"].get("name_zh")
    ]
    if not ready:
        return 0
    links = [link_of_values(actor, row.values["values"], now=now) for row in ready]
    made = write_links(actor, links)
    _note_links([(row.pk, link.pk) for row, link in zip(ready, links, strict=True) if link.pk in made])
    SupplierImport.objects.visible_to(actor).filter(pk=batch.pk).update(state="done", done_at=now)
    return len(made)


@transaction.atomic
def undo_import(*, actor: Actor, batch: SupplierImport, now: datetime) -> int:
    """Take back what an import added, as far as nobody was invited yet; how many. The list is a preview again.

    Raises RuleBroken("undo_too_late") after ten minutes.
    """
    batch = _locked(actor, batch)
    if batch.state != "done":
        return 0
    if batch.done_at is None or now > batch.done_at + UNDO_FOR:
        raise RuleBroken("undo_too_late")
    made = ImportRow.objects.visible_to(actor).filter(batch=batch).exclude(link=None)
    doomed = SupplyLink.objects.visible_to(actor).filter(
        pk__in=list(made.values_list("link_id", flat=True)), state=SupplyLink.State.LISTED, invitations=None
    )
    ids = list(doomed.values_list("pk", flat=True))
    SupplyLink.objects.visible_to(actor).filter(pk__in=ids).delete()
    SupplierImport.objects.visible_to(actor).filter(pk=batch.pk).update(state="preview", done_at=None)
    return len(ids)


def read_row(row: ImportRow) -> Row:
    """The row as the reader of lists knows it."""
    return row_from_dict({"number": row.number, "outcome": row.outcome, **row.cells, **row.values, "issues": row.issues})


def _note_links(pairs: Sequence[tuple[int, UUID]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "update suppliers_importrow as r set link_id = pair.link from unnest(%s::bigint[], %s::uuid[]) as pair (id, link)"
            " where r.id = pair.id",
            [[row for row, _ in pairs], [link for _, link in pairs]],
        )


def _locked(actor: Actor, batch: SupplierImport) -> SupplierImport:
    """Two people at one list take turns: a row's outcome depends on the others."""
    actor.must_act_for(batch.owner_org_id, Hat.OWNER)
    actor.must_hold(*MAY_FILE)
    found = SupplierImport.objects.visible_to(actor).select_for_update().filter(pk=batch.pk).first()
    if found is None:
        raise Absent
    return found


def _keep_rows(actor: Actor, batch: SupplierImport, table: Table, columns: Columns) -> SupplierImport:
    rows = imports.read_rows(table, columns, known_links(actor))
    if all(row.outcome == "skipped" for row in rows):
        raise _refused(FileMessage("error", "rows_missing"))
    batch.state, batch.facts = "preview", _facts(table, columns)
    batch.save()
    kept = [_filled(ImportRow(owner_org_id=actor.org_id, batch=batch, number=row.number), row) for row in rows]
    ImportRow.objects.bulk_create(kept, batch_size=BATCH)
    return batch


def _settle(actor: Actor, batch: SupplierImport, mended: Mapping[int, Row]) -> None:
    """Look at all rows together again and write those that changed. Imported rows stand, as firsts of their code."""
    stored = list(ImportRow.objects.visible_to(actor).filter(batch=batch).order_by("number"))
    rows = [mended.get(row.number) or read_row(row) for row in stored]
    settled = imports.settle(rows, known_links(actor, except_import=batch))
    changed = [
        _filled(row, after)
        for row, before, after in zip(stored, rows, settled, strict=True)
        if row.link_id is None and (row.number in mended or after != before)
    ]
    ImportRow.objects.bulk_update(changed, ["cells", "values", "issues", "outcome"], batch_size=BATCH)


def _filled(row: ImportRow, read: Row) -> ImportRow:
    row.cells = {"raw": list(read.raw), "cells": dict(read.cells), "refs": dict(read.refs)}
    row.values = {name: getattr(read, name) for name in ("values", "normalised", "reason", "duplicate_of", "known", "differs", "adds")}
    row.issues, row.outcome = [asdict(issue) for issue in read.issues], read.outcome
    if any(isinstance(cell, str) and _UNSTORABLE.search(cell) for cell in read.raw):
        row.cells, row.values, row.issues = _storable(row.cells), _storable(row.values), _storable(row.issues)
    return row


def _facts(table: Table, columns: Columns, *, keep_table: bool = False) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "source": table.source, "encoding": table.encoding, "delimiter": table.delimiter, "sheet": table.sheet,
        "header_row": columns.header_row,
        "columns": [{"index": c.index, "header": c.header, "letter": c.letter, "field": c.field} for c in columns.columns],
        "messages": [
            {"level": m.level, "code": m.code, "found": m.found, "facts": dict(m.facts)} for m in (*columns.messages, *table.messages)
        ],
    }  # fmt: skip
    if keep_table:
        facts["table"] = {"source": table.source, "records": [[record.number, list(record.cells)] for record in table.records]}
    storable: dict[str, Any] = _storable(facts)
    return storable


def _table(kept: Mapping[str, Any]) -> Table:
    return Table(kept["source"], tuple(Record(number, tuple(cells)) for number, cells in kept["records"]))


def _refused(message: FileMessage) -> RuleBroken:
    # Lazy, because an error may be said in both languages.
    return RuleBroken("list_refused", field="list", words=lazystr(_Said(message)))


class _Said:
    def __init__(self, message: FileMessage) -> None:
        self.message = message

    def __str__(self) -> str:
        return file_words(self.message)


def _text(value: str) -> str:
    return _UNSTORABLE.sub("", value)


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return {_text(str(name)): _storable(each) for name, each in value.items()}
    if isinstance(value, Iterable):
        return [_storable(each) for each in value]
    return value
