"""Pairs of characters → the lines whose names hold them: what a search for Chinese words looks up. Written with the lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db import connection

from suppliers.models import LinkGram
from suppliers.selectors import grams_of

# Each list that holds one of these lines goes, and comes back without them, if any are left.
_TAKE_OUT = """
with gone as (
  delete from suppliers_linkgram where owner_org_id = %(org)s and (%(grams)s::text[] is null or gram = any(%(grams)s::text[]))
    and exists (select from unnest(link_ids) as link where link = any(%(links)s::uuid[]))
  returning gram, link_ids
), kept as (
  select gram, array(select link from unnest(link_ids) as link where not link = any(%(links)s::uuid[])) as link_ids from gone
)
insert into suppliers_linkgram (owner_org_id, gram, first_id, link_ids)
select %(org)s, gram, link_ids[1], link_ids from kept where cardinality(link_ids) > 0
"""


def gram_lists(owner_org_id: UUID, named: Iterable[tuple[UUID, str]]) -> list[LinkGram]:
    """One list for each pair of characters in these lines' names; nothing is written."""
    lists: dict[str, list[UUID]] = defaultdict(list)
    for link_id, name in named:
        for gram in grams_of(name):
            lists[gram].append(link_id)
    return [LinkGram(owner_org_id=owner_org_id, gram=gram, first_id=ids[0], link_ids=ids) for gram, ids in sorted(lists.items())]


def put_grams(owner_org_id: UUID, named: Iterable[tuple[UUID, str]]) -> None:
    """Make lines be found by their names. They may not be found by any yet: a line stands once under a pair."""
    LinkGram.objects.bulk_create(gram_lists(owner_org_id, named), batch_size=1000)


def take_out_grams(owner_org_id: UUID, link_ids: Collection[UUID], *, name: str | None = None) -> None:
    """Make lines be found no more; with the name that they are found by, where it is one, only its pairs are looked through."""
    facts: dict[str, Any] = {"org": owner_org_id, "links": list(link_ids), "grams": None if name is None else sorted(grams_of(name))}
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_OUT, facts)
