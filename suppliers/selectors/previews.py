"""Questions of a list before it is written: its rows by kind, and what stands wrong in many of them at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Max, QuerySet

from foundation.actor import Actor
from suppliers.imports import canonical, is_said
from suppliers.models import ColumnMemory, ImportRow, SupplierImport
from suppliers.models.lists import ImportRowQuerySet
from suppliers.selectors.imports import READY
from suppliers.selectors.links import PAGE

# Words that a list uses its own way: one answer serves all rows that carry the word.
_WORD_CODES = ("node_unknown", "region_unknown")
_MOST_WORDS = 12
_CHUNK = 2000


@dataclass(frozen=True, slots=True)
class WordAsked:
    """A word nobody knows, and how many rows carry it."""

    field: str
    found: str
    rows: int


def preview_rows(actor: Actor, batch: SupplierImport, *, only: str = "", after: int = 0, limit: int = PAGE) -> list[ImportRow]:
    """Rows in the list's order, after a number; `only`: "problems", "tidied", "imported", one outcome, or "" for all."""
    return _of(batch, _of_kind(actor, batch, only).filter(number__gt=after).with_links().order_by("number")[:limit])


def columns_said_at(actor: Actor, columns: Sequence[Mapping[str, Any]]) -> datetime | None:
    """When the owner last said what one of these columns is, of those that we would not have read so; None where nothing was said."""
    said = [canonical(column["header"])[:200] for column in columns if is_said(column)]
    if not said:
        return None
    return ColumnMemory.objects.visible_to(actor).filter(header__in=said).aggregate(at=Max("said_at"))["at"]


def asked_once(actor: Actor, batch: SupplierImport) -> int:
    """How many ready rows a person is asked to look at before they come in."""
    return ImportRow.objects.visible_to(actor).filter(batch=batch, outcome="warning").not_imported().count()


def rows_to_mend(actor: Actor, batch: SupplierImport, *, duplicates: bool = False) -> Iterator[ImportRow]:
    """Every row that does not come in as it stands, in order; rows counted once only when asked for."""
    outcomes = ("rejected", "duplicate") if duplicates else ("rejected",)
    rows = ImportRow.objects.visible_to(actor).filter(batch=batch, outcome__in=outcomes).not_imported()
    for row in rows.order_by("number").iterator(chunk_size=_CHUNK):
        row.batch = batch
        yield row


def words_asked(actor: Actor, batch: SupplierImport) -> list[WordAsked]:
    """Unknown words that more than one row carries, the most frequent first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select issue ->> 'field', issue -> 'facts' ->> 'found', count(*) from suppliers_importrow as line"
            " cross join lateral jsonb_array_elements(line.issues) as issue"
            " where line.owner_org_id = %s and line.batch_id = %s and line.outcome in ('warning', 'rejected')"
            " and (select id from suppliers_supplylink made where made.id = line.line_id) is null"
            " and issue ->> 'code' = any(%s) group by 1, 2 having count(*) > 1 order by 3 desc, 1, 2 limit %s",
            [actor.org_id, batch.pk, list(_WORD_CODES), _MOST_WORDS],
        )
        return [WordAsked(field, found, rows) for field, found, rows in cursor.fetchall()]


def rows_with_word(actor: Actor, batch: SupplierImport, field: str, found: str) -> list[ImportRow]:
    """The rows that carry a word nobody knows."""
    rows = ImportRow.objects.visible_to(actor).filter(batch=batch, outcome__in=("warning", "rejected")).not_imported()
    return _of(batch, rows.filter(issues__contains=[{"field": field, "facts": {"found": found}}]).order_by("number"))


def suggested_rows(actor: Actor, batch: SupplierImport) -> list[ImportRow]:
    """The rows whose code would fit with one look-alike put in its place."""
    rows = ImportRow.objects.visible_to(actor).filter(batch=batch, outcome="rejected").not_imported()
    rows = rows.filter(issues__contains=[{"field": "uscc", "code": "uscc_char"}]).order_by("number")
    return [row for row in _of(batch, rows) if any(issue.get("facts", {}).get("suggestion") for issue in row.issues)]


def _of_kind(actor: Actor, batch: SupplierImport, only: str) -> ImportRowQuerySet:
    rows = ImportRow.objects.visible_to(actor).filter(batch=batch)
    if only == "problems":
        return rows.filter(outcome__in=("rejected", "warning")).not_imported()
    if only == "tidied":
        return rows.filter(outcome__in=READY, values__has_key="normalised")
    if only == "imported":
        return rows.imported()
    if only == "accepted":
        return rows.filter(outcome="accepted").not_imported()
    return rows.filter(outcome=only) if only else rows


def _of(batch: SupplierImport, rows: QuerySet[ImportRow]) -> list[ImportRow]:
    found = list(rows)
    for row in found:
        row.batch = batch  # a row is read with its list's columns
    return found
