"""How the rows of a list are kept: lean, because a long list is mostly clean; and read back as the reader knows them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from django.db import connection

from foundation.actor import Actor
from parties.names import pinyin_syllables
from suppliers import imports
from suppliers.imports import Column, Columns, FileMessage, Issue, Row, Table, row_from_dict
from suppliers.models import AlikeName, ImportRow, SupplierImport
from suppliers.selectors import known_links

BATCH = 1000
# PostgreSQL can hold neither in text nor in JSON.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_SAID_OF_ROW = ("normalised", "reason", "duplicate_of", "known", "differs", "adds")
_SILENT = [(field.name, field.default) for field in fields(Row) if field.name in _SAID_OF_ROW]
_STAGE = """
create temporary table if not exists list_rows (number integer, cells jsonb, vals jsonb, issues jsonb, outcome text,
  uscc text, pinyin_key text, initials text) on commit drop
"""
# COPY into a table under row security is refused: into a temporary one, then on as the hat.
_TAKE_IN = """
insert into suppliers_importrow (owner_org_id, batch_id, number, cells, values, issues, outcome, uscc, pinyin_key, initials)
select %s, %s, number, cells, vals, issues, outcome, uscc, pinyin_key, initials from list_rows
on conflict (batch_id, number) do nothing
"""


def read_row(row: ImportRow) -> Row:
    """The row as the reader of lists knows it."""
    if "cells" in row.cells:  # as rows were kept before long lists
        return row_from_dict({"number": row.number, "outcome": row.outcome, **row.cells, **row.values, "issues": row.issues})
    raw, mended = tuple(row.cells["raw"]), row.cells.get("mended", {})
    cells: dict[str, Any] = {}
    refs = {}
    for column in row.batch.facts["columns"]:
        if field := column["field"]:
            cells[field] = mended[field] if field in mended else raw[column["index"]] if column["index"] < len(raw) else ""
            refs[field] = f"{column['letter']}{row.number}"
    said = {name: tuple(value) if isinstance(value, list) else value for name, value in row.values.items()}
    return Row(row.number, raw, cells, refs, row.outcome, issues=tuple(Issue(**issue) for issue in row.issues), **said)  # type: ignore[arg-type]


def store_rows(actor: Actor, batch: SupplierImport, rows: Sequence[Row]) -> None:
    """Keep rows that were read; those that stand already are left as they are."""
    places = _places(batch)
    lines = "".join([_line(row, places) for row in rows])
    with connection.cursor() as cursor:
        cursor.execute(_STAGE)
        with cursor.copy("copy list_rows from stdin") as copy:
            copy.write(lines)
        cursor.execute(_TAKE_IN, [actor.org_id, batch.pk])
        cursor.execute("truncate list_rows")


def _line(row: Row, places: _Places) -> str:
    """A row as COPY reads it. JSON has no raw tab or line break, and neither have keys; a backslash is doubled."""
    cells, values, issues = documents_of(row, places)
    text = "\t".join((str(row.number), _json(cells), _json(values), _json(issues) if issues else "[]", row.outcome, *keys_of(row)))
    return text.replace("\\", "\\\\") + "\n"


_Places = Sequence[tuple[str, int]]


def _places(batch: SupplierImport) -> _Places:
    return [(column["field"], column["index"]) for column in batch.facts["columns"] if column["field"]]


def documents_of(row: Row, places: _Places) -> tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]]]:
    """What is kept of a row: its cells, what they mean, what is said of them; without what its list's columns or silence say."""
    raw, width = row.raw, len(row.raw)
    cells: dict[str, Any] = {"raw": raw}
    if mended := {field: row.cells[field] for field, at in places if row.cells[field] != (raw[at] if at < width else "")}:
        cells["mended"] = mended
    values: dict[str, Any] = {"values": row.values}
    for name, silent in _SILENT:
        if (said := getattr(row, name)) != silent:
            values[name] = said
    issues = [issue.as_dict() for issue in row.issues]
    if any(type(cell) is str and not cell.isprintable() and _UNSTORABLE.search(cell) for cell in (*raw, *mended.values())):
        return storable(cells), storable(values), storable(issues)
    return cells, values, issues


def keys_of(row: Row) -> tuple[str, str, str]:
    """Code, pinyin and initials of a row that may become a supplier; else nothing."""
    if row.outcome in ("rejected", "skipped") or not row.values.get("name_zh"):
        return "", "", ""
    syllables = pinyin_syllables(row.values["name_zh"])
    return row.values["uscc"], "".join(syllables)[:200], "".join([syllable[0] for syllable in syllables])[:80]


def settle_rows(actor: Actor, batch: SupplierImport, mended: Mapping[int, Row]) -> list[Row]:
    """Look at all rows together again and write those that changed. Imported rows stand, as firsts of their code."""
    stored = list(ImportRow.objects.visible_to(actor).filter(batch=batch).order_by("number"))
    for each in stored:
        each.batch = batch
    rows = [mended.get(row.number) or read_row(row) for row in stored]
    settled = imports.settle(rows, known_links(actor, except_import=batch), same_firm=_said_same(actor, batch))
    places = _places(batch)
    changed = [
        _filled(row, after, places)
        for row, before, after in zip(stored, rows, settled, strict=True)
        if row.link_id is None and (row.number in mended or after != before or (row.uscc == "" and keys_of(after)[0]))
    ]
    ImportRow.objects.bulk_update(changed, ["cells", "values", "issues", "outcome", "uscc", "pinyin_key", "initials"], batch_size=BATCH)
    return settled


# A preview is as old as its reading: another list may have brought a firm since, or a line may have gone.
_STALE = """
select exists (select 1 from suppliers_importrow r where r.owner_org_id = %(org)s and r.batch_id = %(batch)s and r.link_id is null and (
    (r.outcome in ('accepted', 'warning') and exists
      (select 1 from suppliers_supplylink l where l.owner_org_id = %(org)s and l.uscc = r.uscc))
    or (r.outcome = 'duplicate' and r.values ? 'known' and not exists
      (select 1 from suppliers_supplylink l where l.owner_org_id = %(org)s and l.uscc = r.uscc))
    or (r.uscc = '' and r.outcome in ('accepted', 'warning', 'duplicate'))))
"""


def settle_if_stale(actor: Actor, batch: SupplierImport) -> None:
    """Look at all rows together again, if the owner's list is not any more what the preview was compared with."""
    with connection.cursor() as cursor:
        cursor.execute(_STALE, {"org": actor.org_id, "batch": batch.pk})
        stale = cursor.fetchone()[0]
    if stale:
        settle_rows(actor, batch, {})


def _said_same(actor: Actor, batch: SupplierImport) -> dict[int, int | str]:
    """Row → the earlier row, or the code of the owner's own line, of which a person said that it is the same firm."""
    said = AlikeName.objects.visible_to(actor).filter(batch=batch, answer="same").values_list("number", "other_number", "other_uscc")
    return {number: other if other is not None else code for number, other, code in said}


def _filled(row: ImportRow, read: Row, places: _Places) -> ImportRow:
    row.cells, row.values, row.issues = documents_of(read, places)
    row.outcome = read.outcome
    row.uscc, row.pinyin_key, row.initials = keys_of(read)
    return row


def facts_of(table: Table, columns: Columns, *, sample: int = 0) -> dict[str, Any]:
    """What is kept of how a file was read; with a sample of its rows while a person is asked about its columns."""
    facts: dict[str, Any] = {
        "source": table.source, "encoding": table.encoding, "delimiter": table.delimiter, "sheet": table.sheet,
        "header_row": columns.header_row, "columns": [_column(column) for column in columns.columns],
        "messages": [message_as_dict(message) for message in (*columns.messages, *table.messages)],
    }  # fmt: skip
    if sample:
        first = [record for record in table.records if columns.header_row is None or record.number >= columns.header_row][:sample]
        facts["table"] = {"source": table.source, "records": [[record.number, list(record.cells)] for record in first]}
    kept: dict[str, Any] = storable(facts)
    return kept


def _column(column: Column) -> dict[str, Any]:
    return {"index": column.index, "header": column.header, "letter": column.letter, "field": column.field}


def message_as_dict(message: FileMessage) -> dict[str, Any]:
    return {"level": message.level, "code": message.code, "found": message.found, "facts": dict(message.facts)}


def clean_text(value: str) -> str:
    return _UNSTORABLE.sub("", value)


def storable(value: Any) -> Any:
    """The same without what PostgreSQL cannot hold."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, Mapping):
        return {clean_text(str(name)): storable(each) for name, each in value.items()}
    if isinstance(value, Iterable):
        return [storable(each) for each in value]
    return value


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _json(document: Any) -> str:
    return _encode(document)
