"""Questions about drafts for many: all start from the owner's own list."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from agreements.models import DraftBatch, DraftBatchRow
from foundation.actor import Actor
from foundation.errors import Absent
from parties.names import name_key
from suppliers.filters import Wanted
from suppliers.models import SupplyLink
from suppliers.selectors import links_wanted

PAGE = 25
MOST = 500  # suppliers in one batch
FEW = 20
SHOWN = 200  # suppliers to choose from by hand; a filter or a pasted list finds the others


@dataclass(frozen=True)
class Named:
    """What a pasted list of names or codes found: the lines, and what stands for none or for several of them."""

    links: list[SupplyLink]
    unknown: list[str]
    unclear: list[str]


def batches(actor: Actor, *, after: tuple[datetime, UUID] | None = None, limit: int = PAGE) -> list[DraftBatch]:
    """Newest first; one more than `limit` tells that there are more."""
    rows = DraftBatch.objects.visible_to(actor).select_related("template").order_by("-created_at", "-id")
    if after is not None:
        rows = rows.filter(Q(created_at__lt=after[0]) | Q(created_at=after[0], pk__lt=after[1]))
    return list(rows[: limit + 1])


def batch_for(actor: Actor, batch_id: UUID) -> DraftBatch:
    """One batch, or Absent."""
    found: DraftBatch | None = DraftBatch.objects.visible_to(actor).select_related("template").filter(pk=batch_id).first()
    if found is None:
        raise Absent
    return found


def batch_rows(actor: Actor, batch: DraftBatch) -> list[DraftBatchRow]:
    """The suppliers of a batch, each with its line and its draft."""
    rows = DraftBatchRow.objects.visible_to(actor).filter(batch=batch).select_related("link", "agreement")
    return list(rows.order_by("order"))


def batch_row(actor: Actor, batch: DraftBatch, link_id: UUID) -> DraftBatchRow:
    """One supplier of a batch, or Absent."""
    rows = DraftBatchRow.objects.visible_to(actor).select_related("link", "agreement")
    found: DraftBatchRow | None = rows.filter(batch=batch, link_id=link_id).first()
    if found is None:
        raise Absent
    return found


def batch_counts(actor: Actor, batch: DraftBatch) -> dict[str, int]:
    """state of a row -> how many."""
    rows = DraftBatchRow.objects.visible_to(actor).filter(batch=batch).order_by()
    return dict(rows.values_list("state").annotate(n=Count("pk")))


def suppliers_to_choose(actor: Actor, asked: Wanted) -> tuple[list[SupplyLink], int]:
    """The joined suppliers that fit, by name, as many as a page shows; and how many fit in all."""
    rows = links_wanted(actor, asked.but(state="joined")).filter(supplier_org_id__isnull=False)
    return list(rows[:SHOWN]), rows.order_by().count()


def suppliers_that_fit(actor: Actor, asked: Wanted) -> list[SupplyLink]:
    """All of them, up to the most that a batch takes and one more."""
    rows = links_wanted(actor, asked.but(state="joined")).filter(supplier_org_id__isnull=False)
    return list(rows[: MOST + 1])


def suppliers_named(actor: Actor, text: str) -> Named:
    """The lines that a pasted list means, one name or code a line; the whole name, whatever its case and signs."""
    said = list(dict.fromkeys(part.strip() for part in re.split(r"[\n\r\t;；]+", text.replace("\x00", "")) if part.strip()))[: MOST + 1]
    mine = SupplyLink.objects.visible_to(actor).order_by("pinyin_key", "id")
    rows = list(mine.filter(Q(uscc__in=[each.upper() for each in said]) | Q(name_zh__in=said) | Q(name_en__in=said)))
    found: dict[UUID, SupplyLink] = {}
    unknown: list[str] = []
    unclear: list[str] = []
    for each in said:
        meant = [row for row in rows if each.upper() == row.uscc] or [row for row in rows if each in (row.name_zh, row.name_en)]
        if not meant:
            alike = links_wanted(actor, Wanted(query=each[:80]))[:FEW]
            meant = [row for row in alike if name_key(each) in (name_key(row.name_zh), name_key(row.name_en))]
        if len(meant) == 1:
            found[meant[0].pk] = meant[0]
        else:
            (unclear if meant else unknown).append(each)
    return Named(list(found.values()), unknown, unclear)


def links_picked(actor: Actor, ids: Iterable[UUID]) -> list[SupplyLink]:
    """Lines of the actor's list by id, by name."""
    return list(SupplyLink.objects.visible_to(actor).filter(pk__in=set(ids)).order_by("pinyin_key", "id"))
