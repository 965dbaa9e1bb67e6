"""Questions about lists on their way in. They are asked of the owner's own list and of nobody else's."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Case, Count, ExpressionWrapper, Q, Value, When
from django.db.models.expressions import RawSQL

from foundation.actor import Actor
from foundation.errors import Absent
from parties.reference import regions
from suppliers.models import AlikeName, ColumnMemory, ImportRow, SupplierImport, SupplyLink
from suppliers.selectors.links import PAGE

UNDO_FOR = timedelta(minutes=10)
READY = ("accepted", "warning")
AT_WORK = ("reading", "writing")


def known_links(
    actor: Actor, *, except_import: SupplierImport | None = None, codes: Collection[str] | None = None, cores: Collection[str] = ()
) -> dict[str, dict[str, Any]]:
    """Code → values of the actor's own list, and of nobody else's: what an import is compared with.

    With `codes`, only lines of these codes or with one of these cores of names, as name_key() and likely_name() make them.
    """
    rows = SupplyLink.objects.with_merged(actor)
    if except_import is not None:
        rows = rows.exclude(pk__in=ImportRow.objects.visible_to(actor).filter(batch=except_import).values("line_id"))
    of_core = Q(RawSQL(_HAS_CORE, [list(cores)], output_field=BooleanField()))  # noqa: S611
    near = rows if codes is None else rows.filter(Q(uscc__in=codes) | of_core)
    found = list(near.values("merged_into_id", *_COMPARED))
    by_id = {row["id"]: row for row in found}
    while missing := {row["merged_into_id"] for row in by_id.values()} - {None, *by_id} if codes is not None else set():
        more = {row["id"]: row for row in rows.filter(pk__in=missing).values("merged_into_id", *_COMPARED)}
        by_id |= more
        if not more:
            break
    return {row["uscc"]: _as_read(_standing(row, by_id)) for row in found}


_HAS_CORE = "suppliers_supplylink.name_core = any(%s)"


def _standing(row: dict[str, Any], by_id: dict[UUID, dict[str, Any]]) -> dict[str, Any]:
    """A code whose line was merged into another is known as that one."""
    while row["merged_into_id"] in by_id:
        row = by_id[row["merged_into_id"]]
    return row


_COMPARED = ("id", "uscc", "name_zh", "contact", "phone", "node_codes", "region_code", "town_code", "headcount", "address", "since")


def _as_read(row: dict[str, Any]) -> dict[str, Any]:
    values = {name: row[name] for name in ("id", "name_zh", "uscc", "contact", "phone", "headcount", "address")}
    return {
        **values,
        "nodes": row["node_codes"],
        "region": row["region_code"],
        "town": _town_names().get(row["town_code"], ""),
        "since": row["since"].isoformat() if row["since"] else None,
    }


@cache
def _town_names() -> dict[str, str]:
    return {region.code: region.name_zh for region in regions() if region.kind == "town"}


def remembered_columns(actor: Actor) -> dict[str, str | None]:
    """What the owner once said of headers: canonical header → field, or None for "not read"."""
    return dict(ColumnMemory.objects.visible_to(actor).order_by("header").values_list("header", "field"))


def import_for(actor: Actor, import_id: UUID) -> SupplierImport:
    """One import of the actor's firm. Raises Absent."""
    batch = SupplierImport.objects.visible_to(actor).filter(pk=import_id).first()
    if batch is None:
        raise Absent
    return batch


def recent_imports(actor: Actor, limit: int = 5) -> list[SupplierImport]:
    """The latest lists, so that a person finds the rows that were left to mend."""
    return list(SupplierImport.objects.visible_to(actor).order_by("-created_at", "-id")[:limit])


@dataclass(frozen=True)
class Progress:
    """How far a worker has come with a long list; `total` is 0 as long as nobody has counted."""

    state: str
    done: int
    total: int

    @property
    def is_running(self) -> bool:
        return self.state in AT_WORK

    @property
    def percent(self) -> int:
        return min(100 * self.done // self.total, 100) if self.total else 0


def progress(batch: SupplierImport) -> Progress:
    return Progress(batch.state, batch.rows_done, batch.rows_total)


def import_rows(actor: Actor, batch: SupplierImport, *, after: int = 0, only: str = "", limit: int = PAGE) -> list[ImportRow]:
    """Rows of one list in its order, after a number; `only`: "problems", one outcome, or "" for all."""
    rows = ImportRow.objects.visible_to(actor).filter(batch=batch, number__gt=after)
    if only == "problems":
        rows = rows.filter(outcome__in=("rejected", "warning"))
    elif only:
        rows = rows.filter(outcome=only)
    found = list(rows.with_links().order_by("number")[:limit])
    for row in found:
        row.batch = batch  # a row is read with its list's columns
    return found


def import_row_for(actor: Actor, batch: SupplierImport, number: int) -> ImportRow:
    row = ImportRow.objects.visible_to(actor).filter(batch=batch, number=number).with_links().first()
    if row is None:
        raise Absent
    row.batch = batch
    return row


def import_totals(actor: Actor, batch: SupplierImport) -> dict[str, int]:
    """How many rows of each outcome; `ready` are those that confirming would add, `imported` those it has added."""
    totals = dict.fromkeys(("rows", "accepted", "warning", "duplicate", "rejected", "skipped", "ready", "imported", "normalised"), 0)
    counts = (
        ImportRow.objects.visible_to(actor)
        .filter(batch=batch)
        .with_links()
        .annotate(added=ExpressionWrapper(Q(link_id__isnull=False), output_field=BooleanField()))
        .values("outcome", "added")
        .annotate(n=Count("id"), said=Count("id", filter=Q(values__has_key="normalised")), named=Count("id", filter=~Q(uscc="")))
    )
    for count in counts:
        totals["rows"] += count["n"]
        totals[count["outcome"]] += count["n"]
        if count["outcome"] in READY:
            # A list of codes alone names no firm, so none of its rows can come in.
            totals["imported" if count["added"] else "ready"] += count["n"] if count["added"] else count["named"]
            totals["normalised"] += count["said"]
    return totals


@dataclass(frozen=True)
class LookAlike:
    """A row whose name is likely that of an earlier row (`other_number`) or of a line of the list (`other_link_id`), with another code.

    `answer`: "" as long as nobody has said, else "same" or "different".
    """

    number: int
    name: str
    uscc: str
    other_number: int | None
    other_link_id: UUID | None
    other_name: str
    other_uscc: str
    answer: str
    is_imported: bool


def lookalikes(actor: Actor, batch: SupplierImport, *, limit: int = 200) -> list[LookAlike]:
    """Names of a list to be confirmed: those nobody has answered first, then in the list's order."""
    pairs = AlikeName.objects.visible_to(actor).filter(batch=batch)
    unanswered_first = Case(When(answer="", then=Value(0)), default=Value(1))
    found = list(pairs.order_by(unanswered_first, "number", "id")[:limit])
    numbers = [pair.number for pair in found]
    rows = {row.number: row for row in ImportRow.objects.visible_to(actor).filter(batch=batch, number__in=numbers).with_links()}
    return [_alike(pair, rows[pair.number]) for pair in found if pair.number in rows]


def _alike(pair: AlikeName, row: ImportRow) -> LookAlike:
    values = row.values["values"]
    return LookAlike(
        pair.number, values.get("name_zh") or "", values.get("uscc") or "", pair.other_number, pair.other_link_id, pair.other_name,
        pair.other_uscc, pair.answer, row.link_id is not None,
    )  # fmt: skip
