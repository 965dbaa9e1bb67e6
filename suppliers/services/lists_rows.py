"""How the rows of a list are kept: lean, because a long list is mostly clean; and read back as the reader knows them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from django.db import connection

from foundation.actor import Actor
from parties.names import likely_name, name_key, pinyin_syllables
from suppliers import imports
from suppliers.imports import Column, Columns, FileMessage, Issue, Row, Table, row_from_dict
from suppliers.models import AlikeName, ImportRow, SupplierImport
from suppliers.selectors import grams_of_key, known_links

BATCH = 1000
# PostgreSQL can hold neither in text nor in JSON.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_SAID_OF_ROW = ("normalised", "reason", "duplicate_of", "known", "differs", "adds")
_SILENT = [(field.name, field.default) for field in fields(Row) if field.name in _SAID_OF_ROW]
_STAGE = """
create temporary table list_rows (number integer, cells jsonb, vals jsonb, issues jsonb, outcome text,
  uscc text, pinyin_key text, initials text, name_core text, grams text) on commit drop
"""
# COPY into a table under row security is refused: into a temporary one, then on as the hat. How far a list was read is committed with its
# rows, under its lock: none of them stands yet, and asking each would cost a third of writing it.
_TAKE_IN = """
insert into suppliers_importrow (owner_org_id, batch_id, number, cells, values, issues, outcome, uscc, pinyin_key, initials, name_core,
  grams, line_id)
select %s, %s, number, cells, vals, issues, outcome, uscc, pinyin_key, initials, name_core, grams, uuidv7() from list_rows;
drop table list_rows
"""
KEYS = ("uscc", "pinyin_key", "initials", "name_core", "grams")


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
    """Keep rows that were read, each for the first time."""
    store_lines(actor, batch, lines_of(rows, places_of(batch.facts)))


def lines_of(rows: Sequence[Row], places: Places) -> str:
    """Rows as COPY reads them. Nothing is asked of the database."""
    # JSON has no raw tab or line break, and neither have keys; a backslash is doubled.
    return "".join([_line(row, places) for row in rows]).replace("\\", "\\\\")


def store_lines(actor: Actor, batch: SupplierImport, lines: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_STAGE)
        with cursor.copy("copy list_rows from stdin") as copy:
            copy.write(lines)
        cursor.execute(_TAKE_IN, [actor.org_id, batch.pk])


def _line(row: Row, places: Places) -> str:
    documents = _plain_documents(row)
    if documents is None:
        cells, values, issues = documents_of(row, places)
        documents = f"{_json(cells)}\t{_json(values)}\t{_json(issues) if issues else '[]'}"
    code, pinyin, initials, core, grams = keys_of(row)
    return f"{row.number}\t{documents}\t{row.outcome}\t{code}\t{pinyin}\t{initials}\t{core}\t{grams}\n"


def _plain_documents(row: Row) -> str | None:
    """What documents_of() would say as JSON, of a row as most are: text without marks to escape, and nothing said of it."""
    if row.issues or row.outcome != "accepted":
        return None
    try:
        cells = '","'.join(row.raw)  # type: ignore[arg-type]
        values = ",".join([
            f'"{field}":"{value}"' if type(value) is str else f'"{field}":{_SHORT[type(value)](value)}' for field, value in row.values.items()
        ])  # fmt: skip
    except (TypeError, KeyError):
        return None
    text = f"{cells}{values}"
    if "\\" in text or not text.isprintable() or cells.count('"') != 2 * len(row.raw) - 2:
        return None
    said = ',"normalised":["' + '","'.join(row.normalised) + '"]' if row.normalised else ""
    return f'{{"raw":["{cells}"]}}\t{{"values":{{{values}}}{said}}}\t[]'


Places = Sequence[tuple[str, int]]


def places_of(facts: Mapping[str, Any]) -> Places:
    """Field and place of each column that is read, from facts_of()."""
    return [(column["field"], column["index"]) for column in facts["columns"] if column["field"]]


def documents_of(row: Row, places: Places) -> tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]]]:
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


def keys_of(row: Row) -> tuple[str, str, str, str, str]:
    """Of a row that may become a supplier the KEYS: its code, what its line is sorted and found by; else nothing."""
    if row.outcome in ("rejected", "skipped") or not row.values.get("name_zh"):
        return "", "", "", "", ""
    name = row.values["name_zh"]
    key, syllables = name_key(name), pinyin_syllables(name)
    initials = "".join([syllable[0] for syllable in syllables])[:80]
    return row.values["uscc"], "".join(syllables)[:200], initials, likely_name(key)[:200], " ".join(grams_of_key(key))


def settle_rows(actor: Actor, batch: SupplierImport, mended: Mapping[int, Row]) -> list[Row]:
    """Look at all rows together again and write those that changed. Imported rows stand, as firsts of their code."""
    return settle_stored(batch, rows_of(actor, batch), mended, known_links(actor, except_import=batch), said_same(actor, batch))


def rows_of(actor: Actor, batch: SupplierImport, **which: Any) -> list[ImportRow]:
    stored = list(ImportRow.objects.visible_to(actor).filter(batch=batch, **which).with_links().order_by("number"))
    for each in stored:
        each.batch = batch
    return stored


def settle_stored(
    batch: SupplierImport, stored: Sequence[ImportRow], mended: Mapping[int, Row], known: imports.Known, same: Mapping[int, int | str]
) -> list[Row]:
    """settle_rows() for rows that depend on no others."""
    rows = [mended.get(row.number) or read_row(row) for row in stored]
    settled = imports.settle(rows, known, same_firm=same)
    places = places_of(batch.facts)
    changed = [
        _filled(row, after, places)
        for row, before, after in zip(stored, rows, settled, strict=True)
        if row.link_id is None and (row.number in mended or after != before or (row.name_core == "" and keys_of(after)[3]))
    ]
    ImportRow.objects.bulk_update(changed, ["cells", "values", "issues", "outcome", *KEYS], batch_size=BATCH)
    return settled


# A preview is as old as its reading: another list may have brought a firm since, or a line may have gone.
_STALE = """
select exists (select 1 from suppliers_importrow r where r.owner_org_id = %(org)s and r.batch_id = %(batch)s
  and (select id from suppliers_supplylink made where made.id = r.line_id) is null and (
    (r.outcome in ('accepted', 'warning') and exists
      (select 1 from suppliers_supplylink l where l.owner_org_id = %(org)s and l.uscc = r.uscc))
    or (r.outcome = 'duplicate' and r.values ? 'known' and not exists
      (select 1 from suppliers_supplylink l where l.owner_org_id = %(org)s and l.uscc = r.uscc))
    or (r.name_core = '' and r.outcome in ('accepted', 'warning', 'duplicate'))))
"""


def settle_if_stale(actor: Actor, batch: SupplierImport) -> None:
    """Look at all rows together again, if the owner's list is not any more what the preview was compared with."""
    with connection.cursor() as cursor:
        cursor.execute(_STALE, {"org": actor.org_id, "batch": batch.pk})
        stale = cursor.fetchone()[0]
    if stale:
        settle_rows(actor, batch, {})


def said_same(actor: Actor, batch: SupplierImport) -> dict[int, int | str]:
    """Row → the earlier row, or the code of the owner's own line, of which a person said that it is the same firm."""
    said = AlikeName.objects.visible_to(actor).filter(batch=batch, answer="same").values_list("number", "other_number", "other_uscc")
    return {number: other if other is not None else code for number, other, code in said}


def _filled(row: ImportRow, read: Row, places: Places) -> ImportRow:
    row.cells, row.values, row.issues = documents_of(read, places)
    row.outcome = read.outcome
    row.uscc, row.pinyin_key, row.initials, row.name_core, row.grams = keys_of(read)
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


def _texts(value: list[str]) -> str:
    return '["' + '","'.join(value) + '"]' if value else "[]"


# How a value of this type is written when it needs no escaping; text that does is found out afterwards.
_SHORT: dict[type, Any] = {str: lambda text: f'"{text}"', type(None): lambda _: "null", int: str, list: _texts}
