"""Ready rows of a list → lines of the owner's list, by sets: what they mean was reckoned when they were read."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from django.db import IntegrityError, connection, transaction

from foundation.actor import Actor
from parties.reference import regions
from suppliers.models import ImportRow, SupplierImport
from suppliers.selectors import READY

# The next rows whose line does not stand yet become lines, with what a search needs; a code that stands already is left as it is, also
# when two people import at once. The lines are new, so none of them stands yet under a pair.
# (The case keeps the planner, who takes a CTE for a single row, from comparing every row with every line.)
# Each row asks for its line by itself, through the key: as a join, the statistics of a list that was empty a moment ago would have every row
# compared with every line.
_WRITE = """
with ready as materialized (
  select number, line_id, owner_org_id, uscc, pinyin_key, initials, name_core, grams, values->'values' as v from suppliers_importrow r
  where owner_org_id = %(org)s and batch_id = %(batch)s and number > %(after)s and uscc <> '' and outcome in ('accepted', 'warning')
    and (select id from suppliers_supplylink made where made.id = r.line_id) is null
  order by number limit %(most)s
), made as (
  insert into suppliers_supplylink (id, owner_org_id, owner_name_zh, owner_name_en, name_zh, name_en, name_core, pinyin_key, initials, uscc,
    contact, phone, node_codes, region_code, town_code, headcount, address, since, state, is_demo, created_at)
  select line_id, owner_org_id, %(zh)s, %(en)s, v->>'name_zh', '', name_core, pinyin_key, initials, uscc,
    coalesce(v->>'contact', ''), coalesce(v->>'phone', ''),
    array(select jsonb_array_elements_text(case when v ? 'nodes' then v->'nodes' else '[]' end)),
    coalesce(v->>'region', ''), coalesce(%(towns)s::jsonb->>(v->>'town'), ''), (v->>'headcount')::integer, coalesce(v->>'address', ''),
    (v->>'since')::date, 'listed', %(demo)s, %(now)s
  from ready order by number
  on conflict (owner_org_id, uscc) do nothing
  returning id
), found_by as (
  insert into suppliers_linkgram (owner_org_id, gram, first_id, link_ids)
  select %(org)s, gram, (array_agg(line_id))[1], array_agg(line_id) from ready, string_to_table(grams, ' ') as gram
  where grams <> '' and case when line_id in (select id from made) then true end
  group by gram
)
select (select count(*) from ready), (select count(*) from made), (select max(number) from ready)
"""
# The planner takes each text of pairs for a thousand, and would have machine code made for millions of rows. The rows come in their order
# along the key of their list: nothing is sorted, and no more is read than is written. What is written finds room beside its pairs.
_PLANNED_SO = "set local jit = off; set local enable_bitmapscan = off; set local work_mem = '32MB'"
# A chunk was compared with the owner's list a moment ago, so that its codes are mostly new: written as if they were, it is written faster.
_WRITE_NEW = _WRITE.replace("on conflict (owner_org_id, uscc) do nothing", "")


class Written(NamedTuple):
    """`taken` rows were looked at up to row `last`; `made` of them are new lines."""

    taken: int
    made: int
    last: int


def count_ready(actor: Actor, batch: SupplierImport) -> int:
    """How many rows confirming would take."""
    return ImportRow.objects.visible_to(actor).filter(batch=batch, outcome__in=READY).exclude(uscc="").not_imported().count()


def write_rows(actor: Actor, batch: SupplierImport, *, after: int, most: int | None, now: datetime) -> Written:
    """Write the next ready rows after this number, with what a search needs. Safe to repeat."""
    facts: dict[str, Any] = {
        "org": actor.org_id, "batch": batch.pk, "after": after, "most": most, "zh": actor.org_name_zh, "en": actor.org_name_en,
        "demo": actor.is_demo, "now": now, "towns": town_codes(),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_PLANNED_SO)
        if most is not None:
            with suppress(IntegrityError), transaction.atomic():
                return _write(cursor, _WRITE_NEW, facts)
        return _write(cursor, _WRITE, facts)


def _write(cursor: Any, how: str, facts: dict[str, Any]) -> Written:
    cursor.execute(how, facts)
    taken, made, last = cursor.fetchone()
    return Written(taken, made, last or facts["after"])


@cache
def town_codes() -> str:
    """Town by its full name → code, as JSON: no two towns of Ningbo share a name."""
    return json.dumps({region.name_zh: region.code for region in regions() if region.kind == "town"}, ensure_ascii=False)
