"""A list on its way in: read, mended cell by cell, confirmed, and for ten minutes taken back. A long one is a worker's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.functional import lazystr

from foundation.actor import Actor, Hat
from foundation.errors import Absent, RuleBroken
from jobs.services import put_outbox
from parties.roles import MAY_FILE
from suppliers import imports
from suppliers.import_words import file_words
from suppliers.imports import Columns, FileMessage, FileRefused, canonical
from suppliers.models import AlikeName, ColumnMemory, ImportRow, ListFile, SupplierImport, SupplyLink, ToldApart
from suppliers.selectors import AT_WORK, UNDO_FOR, import_row_for, known_links, remembered_columns
from suppliers.services.grams import take_out_grams
from suppliers.services.lists_alike import find_lookalikes
from suppliers.services.lists_near import settle_near
from suppliers.services.lists_rows import clean_text, facts_of, message_as_dict, read_row, store_rows
from suppliers.services.lists_work import READ, SAMPLE, WRITE, table_of, write_ready
from suppliers.services.lists_write import count_ready

__all__ = [
    "answer_lookalike", "cancel_import", "confirm_import", "forget_columns", "map_columns", "mend_row", "read_row", "start_import",
    "undo_import",
]  # fmt: skip

# What a request reads and writes by itself; more is a worker's, with progress.
INSTANT_BYTES = 256 * 1024
INSTANT_ROWS = 1000
_NOTHING_READ: dict[str, Any] = {"columns": [], "messages": [], "header_row": None}


@transaction.atomic
def start_import(*, actor: Actor, file_name: str, data: bytes | str, now: datetime) -> SupplierImport:
    """Read a list, a file's bytes or pasted text, into a preview; no supplier is written yet. A big one is left to a worker ("reading").

    Raises RuleBroken("list_empty") or ("list_refused") with the reader's words.
    """
    actor.must_act_for(actor.org_id, Hat.OWNER)
    actor.must_hold(*MAY_FILE)
    if not data.strip():
        raise RuleBroken("list_empty", field="list")
    facts = {**_NOTHING_READ, "pasted": isinstance(data, str)}
    content = clean_text(data).encode() if isinstance(data, str) else data
    batch = SupplierImport(
        owner_org_id=actor.org_id, file_name=clean_text(file_name)[:120], person_name=actor.person_name, created_at=now, facts=facts
    )
    if len(content) > INSTANT_BYTES:
        if isinstance(data, bytes):
            _refuse_other_kinds(file_name, data)
        batch.state = SupplierImport.State.READING
        batch.save(force_insert=True)
        _keep_file(actor, batch, content)
        _ask_to_read(actor, batch, now)
        return batch
    return _read_now(actor, batch, content)


@transaction.atomic
def map_columns(
    *, actor: Actor, batch: SupplierImport, chosen: Mapping[int, str | None], header_row: int | None = None, now: datetime
) -> SupplierImport:
    """A person says which column is which; it is remembered for the owner's next lists, and the rows are read by it.

    `header_row` names the header where none was found. Once the rows are read, repeating changes nothing. Raises RuleBroken("column_unknown") or ("list_refused").
    """
    batch = _locked(actor, batch)
    if batch.state != SupplierImport.State.NEEDS_MAPPING:
        return batch
    content = bytes(ListFile.objects.visible_to(actor).get(batch=batch).data)
    table = table_of(batch, content)
    batch.facts = {**batch.facts, "header_row": batch.facts["header_row"] or header_row}
    try:
        columns = imports.map_columns(table, chosen=chosen, header_row=batch.facts["header_row"])
    except ValueError:
        raise RuleBroken("column_unknown") from None
    if columns.needs_mapping:
        raise _refused(next(message for message in columns.messages if message.level == "error"))
    _remember(actor, columns, now)
    if len(content) > INSTANT_BYTES:
        batch.state = SupplierImport.State.READING
        batch.facts = {**batch.facts, "chosen": {str(index): field for index, field in chosen.items()}}
        batch.save()
        _ask_to_read(actor, batch, now)
        return batch
    _keep_rows(actor, batch, table, columns)
    ListFile.objects.visible_to(actor).filter(batch=batch).delete()
    return batch


@transaction.atomic
def forget_columns(*, actor: Actor) -> int:
    """Forget what the owner said of its headers; how many they were."""
    actor.must_act_for(actor.org_id, Hat.OWNER)
    actor.must_hold(*MAY_FILE)
    return int(ColumnMemory.objects.visible_to(actor).delete()[0])


@transaction.atomic
def mend_row(*, actor: Actor, batch: SupplierImport, number: int, field: str, value: str, now: datetime) -> ImportRow:
    """Change one cell; the row is read anew, and the other rows as far as they depend on it.

    Raises RuleBroken("row_is_imported") for a row that has become a supplier, ("list_at_work") while a worker has the list.
    """
    batch = at_rest(actor, batch)
    row = import_row_for(actor, batch, number)
    if row.link_id is not None:
        raise RuleBroken("row_is_imported")
    try:
        # A list whose columns are not known has no rows, so this row is of one that was read.
        mended = imports.mend(read_row(row), field, clean_text(value).strip())
    except ValueError:
        raise Absent from None
    settle_near(actor, batch, {number: mended})
    return import_row_for(actor, batch, number)


@transaction.atomic
def answer_lookalike(*, actor: Actor, batch: SupplierImport, number: int, other: int | UUID, is_same: bool, now: datetime) -> ImportRow:
    """A person says whether a row and the one whose name looks alike (a row's number or a line's id) are one firm.

    One firm: the row is left out. Two firms: it is never asked again, in no list of this owner. May be answered anew until the row is
    imported. Raises Absent, RuleBroken("row_is_imported") or ("list_at_work").
    """
    batch = at_rest(actor, batch)
    row = import_row_for(actor, batch, number)
    which = {"other_link_id": other} if isinstance(other, UUID) else {"other_number": other}
    pair = AlikeName.objects.visible_to(actor).filter(batch=batch, number=number, **which).first()
    if pair is None:
        raise Absent
    if row.link_id is not None:
        raise RuleBroken("row_is_imported")
    first, second = sorted((read_row(row).values["uscc"], pair.other_uscc))
    if is_same:
        ToldApart.objects.visible_to(actor).filter(uscc=first, other_uscc=second).delete()
    else:
        ToldApart.objects.bulk_create([ToldApart(owner_org_id=actor.org_id, uscc=first, other_uscc=second)], ignore_conflicts=True)
    AlikeName.objects.visible_to(actor).filter(pk=pair.pk).update(answer="same" if is_same else "different")
    settle_near(actor, batch, {}, [number] if pair.other_number is None else [number, pair.other_number])
    return import_row_for(actor, batch, number)


@transaction.atomic
def confirm_import(*, actor: Actor, batch: SupplierImport, now: datetime) -> int:
    """Put every ready row on the owner's list; how many were new. Many are left to a worker ("writing"), and 0 is the answer.

    Rows to mend stay, to be confirmed later. Raises RuleBroken("nothing_to_import") when there are no rows yet.
    """
    batch = _locked(actor, batch)
    if batch.state == SupplierImport.State.WRITING:
        return 0
    if batch.state not in (SupplierImport.State.PREVIEW, SupplierImport.State.DONE):
        raise RuleBroken("nothing_to_import")
    many = count_ready(actor, batch)
    if many > INSTANT_ROWS:
        batch.state, batch.rows_done, batch.rows_total, batch.cancel_asked_at = SupplierImport.State.WRITING, 0, many, None
        batch.save()
        _put(actor, WRITE, batch, now)
        return 0
    return write_ready(actor, batch, now=now)


@transaction.atomic
def cancel_import(*, actor: Actor, batch: SupplierImport, now: datetime) -> SupplierImport:
    """Stop. A list that is read or asks something is thrown away; one that is written stops, and what was written stands and may be undone.

    On a preview it throws the preview away. A list that is done or cancelled stays as it is.
    """
    batch = _locked(actor, batch)
    states = SupplierImport.State
    if batch.state == states.WRITING:
        batch.state = states.DONE if ImportRow.objects.visible_to(actor).filter(batch=batch).imported().exists() else states.PREVIEW
        batch.done_at = now if batch.state == states.DONE else None
    elif batch.state in (states.READING, states.NEEDS_MAPPING, states.PREVIEW):
        batch.state = states.CANCELLED
        ListFile.objects.visible_to(actor).filter(batch=batch).delete()
        AlikeName.objects.visible_to(actor).filter(batch=batch).delete()
        ImportRow.objects.visible_to(actor).filter(batch=batch).delete()
    else:
        return batch
    batch.cancel_asked_at = now
    batch.save()
    return batch


@transaction.atomic
def undo_import(*, actor: Actor, batch: SupplierImport, now: datetime) -> int:
    """Take back what an import added, as far as nobody was invited and nothing was merged yet; how many. The list is a preview again.

    Raises RuleBroken("undo_too_late") after ten minutes.
    """
    batch = _locked(actor, batch)
    if batch.state != SupplierImport.State.DONE:
        return 0
    if batch.done_at is None or now > batch.done_at + UNDO_FOR:
        raise RuleBroken("undo_too_late")
    made = ImportRow.objects.visible_to(actor).filter(batch=batch).imported()
    doomed = SupplyLink.objects.visible_to(actor).filter(
        pk__in=list(made.values_list("line_id", flat=True)), state=SupplyLink.State.LISTED, invitations=None, merges=None,
        merged_by=None,
    )  # fmt: skip
    ids = list(doomed.values_list("pk", flat=True))
    take_out_grams(actor.org_id, ids)
    SupplyLink.objects.visible_to(actor).filter(pk__in=ids).delete()
    SupplierImport.objects.visible_to(actor).filter(pk=batch.pk).update(state=SupplierImport.State.PREVIEW, done_at=None)
    return len(ids)


def _refuse_other_kinds(file_name: str, content: bytes) -> None:
    """What is no list is refused before it is kept for a worker."""
    try:
        imports.refuse_other_kinds(file_name, content)
    except FileRefused as refusal:
        raise _refused(refusal.message) from None


def _read_now(actor: Actor, batch: SupplierImport, content: bytes) -> SupplierImport:
    try:
        table = table_of(batch, content, remembered_columns(actor))
    except FileRefused as refusal:
        raise _refused(refusal.message) from None
    columns = imports.map_columns(table, remembered=remembered_columns(actor))
    if not columns.needs_mapping:
        return _keep_rows(actor, batch, table, columns)
    batch.state = SupplierImport.State.NEEDS_MAPPING
    batch.facts = {**batch.facts, **facts_of(table, columns, sample=SAMPLE)}
    batch.save(force_insert=True)
    _keep_file(actor, batch, content)
    return batch


def _keep_rows(actor: Actor, batch: SupplierImport, table: imports.Table, columns: Columns) -> SupplierImport:
    known = known_links(actor)
    rows = imports.read_rows(table, columns, known)
    if all(row.outcome == "skipped" for row in rows):
        raise _refused(FileMessage("error", "rows_missing"))
    batch.state, batch.facts = SupplierImport.State.PREVIEW, {**facts_of(table, columns), "pasted": batch.facts["pasted"]}
    batch.rows_done = batch.rows_total = len(rows)
    batch.save()
    store_rows(actor, batch, rows)
    find_lookalikes(actor, batch, rows, known)
    return batch


def _keep_file(actor: Actor, batch: SupplierImport, content: bytes) -> None:
    ListFile.objects.create(batch=batch, owner_org_id=actor.org_id, data=content)


def _ask_to_read(actor: Actor, batch: SupplierImport, now: datetime) -> None:
    _put(actor, READ, batch, now)


def _put(actor: Actor, task: str, batch: SupplierImport, now: datetime) -> None:
    """The moment is part of the key: a list may be confirmed again after it was undone."""
    put_outbox(task, key=f"{batch.pk}:{now.isoformat()}", import_id=str(batch.pk), org_id=str(actor.org_id), person_id=str(actor.person_id))


def _remember(actor: Actor, columns: Columns, now: datetime) -> None:
    """Keep what was said of each header; of one that stands twice with two meanings nothing can be kept."""
    said: dict[str, set[str | None]] = {}
    for column in columns.columns:
        if header := canonical(column.header)[:200]:
            said.setdefault(clean_text(header), set()).add(column.field)
    memory = [
        ColumnMemory(owner_org_id=actor.org_id, header=header, field=fields.pop(), said_at=now)
        for header, fields in said.items()
        if len(fields) == 1
    ]
    ColumnMemory.objects.bulk_create(
        memory, update_conflicts=True, unique_fields=["owner_org_id", "header"], update_fields=["field", "said_at"]
    )


def _locked(actor: Actor, batch: SupplierImport) -> SupplierImport:
    """Two people at one list take turns: a row's outcome depends on the others."""
    actor.must_act_for(batch.owner_org_id, Hat.OWNER)
    actor.must_hold(*MAY_FILE)
    found = SupplierImport.objects.visible_to(actor).select_for_update().filter(pk=batch.pk).first()
    if found is None:
        raise Absent
    return found


def at_rest(actor: Actor, batch: SupplierImport) -> SupplierImport:
    """The list under lock. Raises RuleBroken("list_at_work") while a worker has it."""
    batch = _locked(actor, batch)
    if batch.state in AT_WORK:
        raise RuleBroken("list_at_work")
    return batch


def _refused(message: FileMessage) -> RuleBroken:
    # Lazy, because an error may be said in both languages.
    return RuleBroken("list_refused", field="list", words=lazystr(_Said(message)), message=message_as_dict(message))


class _Said:
    def __init__(self, message: FileMessage) -> None:
        self.message = message

    def __str__(self) -> str:
        return file_words(self.message)
