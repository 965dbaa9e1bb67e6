"""Questions about lists on their way in. They are asked of the owner's own list and of nobody else's."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Count, ExpressionWrapper, Q

from foundation.actor import Actor
from foundation.errors import Absent
from parties.reference import regions
from suppliers.models import ImportRow, SupplierImport, SupplyLink
from suppliers.selectors.links import PAGE

UNDO_FOR = timedelta(minutes=10)
READY = ("accepted", "warning")


def known_links(actor: Actor, *, except_import: SupplierImport | None = None) -> dict[str, dict[str, Any]]:
    """Code → values of the actor's own list, and of nobody else's: what an import is compared with."""
    rows = SupplyLink.objects.visible_to(actor)
    if except_import is not None:
        made = ImportRow.objects.visible_to(actor).filter(batch=except_import).exclude(link=None)
        rows = rows.exclude(pk__in=made.values("link_id"))
    return {row["uscc"]: _as_read(row) for row in rows.values(*_COMPARED)}


_COMPARED = ("uscc", "name_zh", "contact", "phone", "node_codes", "region_code", "town_code", "headcount", "address", "since")


def _as_read(row: dict[str, Any]) -> dict[str, Any]:
    values = {name: row[name] for name in ("name_zh", "uscc", "contact", "phone", "headcount", "address")}
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


def import_for(actor: Actor, import_id: UUID) -> SupplierImport:
    """One import of the actor's firm. Raises Absent."""
    batch = SupplierImport.objects.visible_to(actor).filter(pk=import_id).first()
    if batch is None:
        raise Absent
    return batch


def recent_imports(actor: Actor, limit: int = 5) -> list[SupplierImport]:
    """The latest lists, so that a person finds the rows that were left to mend."""
    return list(SupplierImport.objects.visible_to(actor).order_by("-created_at")[:limit])


def import_rows(actor: Actor, batch: SupplierImport, *, after: int = 0, only: str = "", limit: int = PAGE) -> list[ImportRow]:
    """Rows of one list in its order, after a number; `only`: "problems", one outcome, or "" for all."""
    rows = ImportRow.objects.visible_to(actor).filter(batch=batch, number__gt=after)
    if only == "problems":
        rows = rows.filter(outcome__in=("rejected", "warning"))
    elif only:
        rows = rows.filter(outcome=only)
    return list(rows.order_by("number")[:limit])


def import_row_for(actor: Actor, batch: SupplierImport, number: int) -> ImportRow:
    row = ImportRow.objects.visible_to(actor).filter(batch=batch, number=number).first()
    if row is None:
        raise Absent
    return row


def import_totals(actor: Actor, batch: SupplierImport) -> dict[str, int]:
    """How many rows of each outcome; `ready` are those that confirming would add, `imported` those it has added."""
    totals = dict.fromkeys(("rows", "accepted", "warning", "duplicate", "rejected", "skipped", "ready", "imported", "normalised"), 0)
    counts = (
        ImportRow.objects.visible_to(actor)
        .filter(batch=batch)
        .annotate(added=ExpressionWrapper(Q(link__isnull=False), output_field=BooleanField()))
        .values("outcome", "added")
        .annotate(n=Count("id"), said=Count("id", filter=~Q(values__normalised=[])))
    )
    for count in counts:
        totals["rows"] += count["n"]
        totals[count["outcome"]] += count["n"]
        if count["outcome"] in READY:
            totals["imported" if count["added"] else "ready"] += count["n"]
            totals["normalised"] += count["said"]
    return totals
