"""Ready rows of a list → lines of the owner's list, by sets: what they mean was reckoned when they were read."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from django.db import connection

from foundation.actor import Actor
from parties.reference import regions
from suppliers.models import ImportRow, SupplierImport
from suppliers.selectors import READY, grams_of

_NEXT = """
select id, number, uscc from suppliers_importrow
where owner_org_id = %(org)s and batch_id = %(batch)s and number > %(after)s and link_id is null and uscc <> ''
  and outcome in ('accepted', 'warning')
order by number limit %(most)s
"""
# A code that stands already is left as it is, also when two people import at once.
_WRITE = """
insert into suppliers_supplylink (id, owner_org_id, owner_name_zh, owner_name_en, name_zh, name_en, pinyin_key, initials, uscc, contact,
  phone, node_codes, region_code, town_code, headcount, address, since, state, is_demo, created_at)
select uuidv7(), owner_org_id, %(zh)s, %(en)s, v->>'name_zh', '', pinyin_key, initials, uscc, coalesce(v->>'contact', ''),
  coalesce(v->>'phone', ''), array(select jsonb_array_elements_text(case when v ? 'nodes' then v->'nodes' else '[]' end)),
  coalesce(v->>'region', ''), coalesce(%(towns)s::jsonb->>(v->>'town'), ''), (v->>'headcount')::integer, coalesce(v->>'address', ''),
  (v->>'since')::date, 'listed', %(demo)s, %(now)s
from (
  select owner_org_id, uscc, pinyin_key, initials, values->'values' as v from suppliers_importrow
  where owner_org_id = %(org)s and batch_id = %(batch)s and number > %(after)s and number <= %(last)s and link_id is null and uscc <> ''
    and outcome in ('accepted', 'warning')
) as ready
on conflict (owner_org_id, uscc) do nothing
returning id, uscc, name_zh
"""
_NOTE = """
update suppliers_importrow as r set link_id = pair.link from unnest(%s::bigint[], %s::uuid[]) as pair (id, link) where r.id = pair.id
"""
# A dozen rows per firm, sent as one text each.
_GRAMS = """
insert into suppliers_linkgram (owner_org_id, gram, link_id)
select %s, gram, link from unnest(%s::uuid[], %s::text[]) as firm (link, grams), string_to_table(grams, ' ') as gram
order by gram on conflict do nothing
"""


class Written(NamedTuple):
    """`taken` rows were looked at up to row `last`; `made` of them are new lines."""

    taken: int
    made: int
    last: int


def count_ready(actor: Actor, batch: SupplierImport) -> int:
    """How many rows confirming would take."""
    return ImportRow.objects.visible_to(actor).filter(batch=batch, link=None, outcome__in=READY).exclude(uscc="").count()


def write_rows(actor: Actor, batch: SupplierImport, *, after: int, most: int | None, now: datetime) -> Written:
    """Write the next ready rows after this number, with what a search needs. Safe to repeat."""
    facts: dict[str, Any] = {"org": actor.org_id, "batch": batch.pk, "after": after, "most": most}
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, facts)
        rows = cursor.fetchall()
        if not rows:
            return Written(0, 0, after)
        last, by_code = rows[-1][1], {code: row for row, _, code in rows}
        said = {"last": last, "zh": actor.org_name_zh, "en": actor.org_name_en, "demo": actor.is_demo, "now": now, "towns": town_codes()}
        cursor.execute(_WRITE, facts | said)
        made = cursor.fetchall()
        links = [link for link, _, _ in made]
        cursor.execute(_NOTE, [[by_code[code] for _, code, _ in made], links])
        cursor.execute(_GRAMS, [actor.org_id, links, [" ".join(grams_of(name)) for _, _, name in made]])
    return Written(len(rows), len(made), last)


@cache
def town_codes() -> str:
    """Town by its full name → code, as JSON: no two towns of Ningbo share a name."""
    return json.dumps({region.name_zh: region.code for region in regions() if region.kind == "town"}, ensure_ascii=False)
