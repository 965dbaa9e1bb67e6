"""The chain map's lines: statistics that count for a quarter, the platform's firms now, and who handed in what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from foundation.actor import Actor
from oversight.chain import UNSAID, Counted, Counts
from oversight.models import ChainCount, ChainDay, ChainImport, ChainStat

_PARTS = ("firms", "above_scale", "certified", "signed")


@dataclass(frozen=True)
class Source:
    """Where the figures of a page come from: statistics of a quarter, or the platform's firms (quarter empty: now)."""

    origin: str
    quarter: str
    batches: tuple[ChainImport, ...]
    as_of: date | None

    @property
    def is_live(self) -> bool:
        return not self.quarter


def standing_imports(actor: Actor) -> list[ChainImport]:
    """Every batch that counts, newest quarter first."""
    return list(ChainImport.objects.visible_to(actor).filter(superseded_at=None).order_by("-quarter", "parent_code"))


def imports_so_far(actor: Actor, *, limit: int = 100) -> list[ChainImport]:
    """Handed in, newest first; the superseded ones among them."""
    return list(ChainImport.objects.visible_to(actor).order_by("-at", "-id")[:limit])


def looked_until(actor: Actor) -> date | None:
    """The day for which certificates of the live counts are known to run."""
    return ChainDay.objects.visible_to(actor).values_list("day", flat=True).first()


def counted(actor: Actor, source: Source, parents: Sequence[str]) -> list[Counted]:
    """The lines under these places. One query, along its index."""
    if source.is_live:
        return live_lines(actor, parents)
    of = {batch.pk: batch.parent_code for batch in source.batches if batch.parent_code in parents}
    rows = (
        ChainStat.objects.visible_to(actor)
        .filter(batch_id__in=list(of))
        .values_list("batch_id", "place_code", "node_code", "size", *_PARTS, "output_band")
    )
    as_said = source.origin == ChainImport.Origin.FILE
    return [
        Counted(of[batch], place, node, size if as_said else size or UNSAID, Counts(*counts)) for batch, place, node, size, *counts in rows
    ]


def live_lines(actor: Actor, parents: Iterable[str]) -> list[Counted]:
    """The platform's firms as they are now; under the empty place those that name none."""
    rows = ChainCount.objects.visible_to(actor).filter(parent_code__in=["", *parents], firms__gt=0)
    found = rows.values_list("parent_code", "place_code", "node_code", "size", *_PARTS)
    return [Counted(parent, place, node, size or UNSAID, Counts(*counts)) for parent, place, node, size, *counts in found]
