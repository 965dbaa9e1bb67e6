"""Lots of series are kept as they were reckoned, until one of their rows changes. The clock's work, safe to repeat."""

from __future__ import annotations

from uuid import UUID

import numpy as np
import psycopg
from django.db import connection

from inspections.selectors.blocks import KEPT, Block

# Two that reckon at once: what knows of more changes stands.
_KEEP = """
insert into inspections_watchedlots as kept (series_id, supplier_org_id, touched, data)
select w.id, w.supplier_org_id, v.touched, substring(%(data)b::bytea from v.start + 1 for v.size)
from unnest(%(ids)b::uuid[], %(touched)b::int[], %(starts)b::int[], %(sizes)b::int[]) as v (id, touched, start, size)
join inspections_watchedseries w on w.id = v.id
order by w.id
on conflict (series_id) do update set touched = excluded.touched, data = excluded.data where kept.touched <= excluded.touched
"""


def keep_lots(block: Block) -> int:
    """Keep what was read anew in a block with all its lots; how many series that were."""
    if not len(block.anew):
        return 0
    lots = np.empty(len(block.series), dtype=KEPT)
    columns = (("lot", block.lots), ("day", block.days), ("n", block.numbers), ("mean", block.means), ("deviation", block.deviations))
    for name, column in columns:
        lots[name] = column
    starts, ends = (np.searchsorted(block.series, block.anew, side=side) for side in ("left", "right"))
    said = {
        "ids": [UUID(bytes=each.tobytes()) for each in block.known["id"][block.anew]],
        "touched": block.known["touched"][block.anew].tolist(),
        "starts": (starts * KEPT.itemsize).tolist(),
        "sizes": ((ends - starts) * KEPT.itemsize).tolist(),
        "data": lots.tobytes(),
    }
    psycopg.Cursor(connection.connection).execute(_KEEP, said)
    return len(block.anew)
