"""Lots of series are kept as they were reckoned, until one of their rows changes. The clock's work, safe to repeat."""

from __future__ import annotations

import numpy as np
import psycopg
from django.db import connection

from inspections.selectors.blocks import KEPT, Block

# Two that reckon at once: what knows of more changes stands.
_KEEP = """
insert into inspections_watchedlots as kept (series_id, supplier_org_id, touched, data)
select w.id, w.supplier_org_id, v.touched, substring(%(data)b::bytea from v.first * %(size)s + 1 for v.lots * %(size)s)
  || substring(%(names)b::bytea from v.first * 16 + 1 for v.lots * 16)
from unnest(%(ids)b::uuid[], %(touched)b::int[], %(firsts)b::int[], %(lots)b::int[]) as v (id, touched, first, lots)
join inspections_watchedseries w on w.id = v.id
order by w.id
on conflict (series_id) do update set touched = excluded.touched, data = excluded.data where kept.touched <= excluded.touched
"""


def keep_lots(block: Block) -> int:
    """Keep what was read anew in a block with all its lots; how many series that were."""
    if not len(block.anew):
        return 0
    read = np.flatnonzero(block.lots >= 0)
    lots = np.empty(len(read), dtype=KEPT)
    for name, column in (("day", block.days), ("n", block.numbers), ("mean", block.means), ("deviation", block.deviations)):
        lots[name] = column[read]
    starts, ends = (np.searchsorted(block.series[read], block.anew, side=side) for side in ("left", "right"))
    said = {
        "ids": [block.series_id(number) for number in block.anew.tolist()],
        "touched": block.known["touched"][block.anew].tolist(),
        "firsts": starts.tolist(),
        "lots": (ends - starts).tolist(),
        "data": lots.tobytes(),
        "names": block.ids[block.lots[read]].astype(">u4").tobytes(),
        "size": KEPT.itemsize,
    }
    psycopg.Cursor(connection.connection).execute(_KEEP, said)
    return len(block.anew)
