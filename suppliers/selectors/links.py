"""Questions about an owner's list: by words, pinyin, code, place and step, one keyset page at a time."""

from __future__ import annotations

import binascii
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Count, F, Func, Q

from foundation.actor import Actor, Hat
from foundation.errors import Absent
from parties.names import name_key
from suppliers.models import LinkGram, SupplyLink

PAGE = 50
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
_LATIN = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True)
class LinkPage:
    """One page of a list; `after` is the cursor of the next one, "" at the end."""

    rows: list[SupplyLink]
    after: str


def grams_of(name: str) -> set[str]:
    """Every two neighbouring Chinese characters of a name.

    >>> sorted(grams_of("云杼针织"))
    ['云杼', '杼针', '针织']
    """
    return {run[at : at + 2] for run in _HAN.findall(name_key(name)) for at in range(len(run) - 1)}


def supplier_links(
    actor: Actor, *, query: str = "", state: str = "", node: str = "", region: str = "", after: str = "", limit: int = PAGE
) -> LinkPage:
    """The actor's list by name, one page; a cursor that is not ours starts from the beginning."""
    found = list(links_matching(actor, query=query, state=state, node=node, region=region, after=_place(after))[: limit + 1])
    return LinkPage(found[:limit], _cursor(found[limit - 1]) if len(found) > limit else "")


def links_matching(
    actor: Actor, *, query: str = "", state: str = "", node: str = "", region: str = "", after: tuple[str, UUID] | None = None
) -> Any:
    """The rows of the list by name, after a place in it: for pages, and for the floor above that joins them with more."""
    rows = _matching(actor, query=query, state=state, node=node, region=region)
    if after is None:
        return rows
    # One range for the index, then the few of the same name before it are left out.
    return rows.filter(pinyin_key__gte=after[0]).exclude(pinyin_key=after[0], id__lte=after[1])


def all_links(actor: Actor, *, query: str = "", state: str = "", node: str = "", region: str = "") -> Iterator[SupplyLink]:
    """The whole list under the same filters, for an export."""
    yield from _matching(actor, query=query, state=state, node=node, region=region).iterator(chunk_size=2000)


def _matching(actor: Actor, *, query: str, state: str, node: str, region: str) -> Any:
    rows = SupplyLink.objects.visible_to(actor)
    if state:
        rows = rows.filter(state=state)
    if node:
        rows = rows.filter(node_codes__contains=[node])
    if region:
        rows = rows.filter(Q(region_code=region) | Q(town_code=region))
    return _searched(rows, actor, query).order_by("pinyin_key", "id")


def _searched(rows: Any, actor: Actor, query: str) -> Any:
    text = " ".join(name_key(word) for word in query[:80].split())
    runs = _HAN.findall(text)
    for run in runs:
        if len(run) == 1:
            rows = rows.filter(name_zh__contains=run)
    if grams := {gram for run in runs for gram in grams_of(run)}:
        rows = rows.filter(_is_any_link_with(actor, grams))
    for word in _LATIN.findall(text):
        rows = rows.filter(Q(pinyin_key__contains=word) | Q(uscc__startswith=word.upper()) | Q(name_en__icontains=word))
    return rows


def _is_any_link_with(actor: Actor, grams: set[str]) -> Any:
    """id = ANY(ARRAY(…)): looked up once. As a join, the planner asks per row as long as a fresh list has no statistics."""
    mine = LinkGram.objects.visible_to(actor).filter(gram__in=sorted(grams))
    has_all = mine.values("link_id").annotate(n=Count("id")).filter(n=len(grams)).values("link_id")
    return Func(F("id"), ArraySubquery(has_all), arg_joiner=" = ANY(", template="%(expressions)s)", output_field=BooleanField())


def _cursor(link: SupplyLink) -> str:
    return urlsafe_b64encode(f"{link.id}{link.pinyin_key}".encode()).decode().rstrip("=")


def _place(cursor: str) -> tuple[str, UUID] | None:
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        return (text[36:].replace("\x00", ""), UUID(text[:36])) if cursor else None
    except (ValueError, binascii.Error):
        return None


def link_for(actor: Actor, link_id: UUID) -> SupplyLink:
    """One line of the actor's world. Raises Absent."""
    link = SupplyLink.objects.visible_to(actor).filter(pk=link_id).first()
    if link is None:
        raise Absent
    return link


def links_by_id(actor: Actor, ids: Iterable[UUID]) -> list[SupplyLink]:
    """Those of these lines that the actor has."""
    return list(SupplyLink.objects.visible_to(actor).filter(pk__in=list(ids)).order_by("pinyin_key", "id"))


def links_of_firm(actor: Actor) -> list[SupplyLink]:
    """The chain owners a supplier has joined, newest first."""
    actor.must_wear(Hat.SUPPLIER)
    return list(SupplyLink.objects.visible_to(actor).order_by("-created_at", "-id"))
