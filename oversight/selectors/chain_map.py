"""The chain map's lines: statistics that count for a quarter, the platform's firms now, and who handed in what."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Func, TextField

from foundation.actor import Actor
from oversight.chain import UNSAID, Counted, Counts
from oversight.models import ChainImport, ChainStat, ChainSum

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


@dataclass(frozen=True)
class PlatformNow:
    """The platform's firms as they are now, and the day for which their certificates are known to run."""

    day: date | None
    lines: Sequence[Counted]

    def under(self, parents: Iterable[str]) -> list[Counted]:
        """The lines of places under these; under the empty place those firms that name none."""
        there = {"", *parents}
        return [replace(line, size=line.size or UNSAID) for line in self.lines if line.parent in there]


def standing_imports(actor: Actor) -> list[ChainImport]:
    """Every batch that counts, newest quarter first."""
    return list(ChainImport.objects.visible_to(actor).filter(superseded_at=None).order_by("-quarter", "parent_code"))


def imports_so_far(actor: Actor, *, limit: int = 100) -> list[ChainImport]:
    """Handed in, newest first; the superseded ones among them."""
    return list(ChainImport.objects.visible_to(actor).order_by("-at", "-id")[:limit])


def platform_now(actor: Actor) -> PlatformNow:
    """In one statement, so that what was added up and what was touched since are of the same moment."""
    rows = ChainSum.objects.visible_to(actor).annotate(since=Func(function="chain_unfolded", output_field=TextField()))
    for day, kept, since in rows.values_list("day", "lines", "since"):
        return PlatformNow(day, _added_up([*json.loads(kept), *json.loads(since or "[]")]))
    return PlatformNow(None, ())


def _added_up(rows: Iterable[Sequence[str | int]]) -> list[Counted]:
    sums: dict[tuple[str, str, str, str], Counts] = {}
    for parent, place, node, size, *counts in rows:
        key, found = (str(parent), str(place), str(node), str(size)), Counts(*map(int, counts))
        sums[key] = sums[key].plus(found) if key in sums else found
    return [Counted(*key, counts) for key, counts in sums.items() if counts.firms]


def counted(actor: Actor, source: Source, parents: Sequence[str]) -> list[Counted]:
    """The lines of statistics under these places. One query, along its index."""
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
