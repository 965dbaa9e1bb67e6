"""Questions about an owner's list: by words, initials, code, place, step, tier and approval, one keyset page at a time."""

from __future__ import annotations

import binascii
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import add, or_
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import BooleanField, Count, Exists, F, Func, OuterRef, Q, UUIDField
from django.utils import timezone

from foundation.actor import Actor, Hat
from foundation.errors import Absent
from parties.names import likely_name, name_key
from suppliers.filters import Wanted, towns
from suppliers.models import CategoryApproval, LinkGram, SupplyLink

PAGE = 50
FEW = 300  # what a search finds is named one by one up to here; a word that stands in most names is left to a subquery
# After every text that begins with a word: a range is one step down an index, and no operator of it leaks.
_END = "\uffff"
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
_LATIN = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True)
class LinkPage:
    """One page of a list; `after` is the cursor of the next one, "" at the end."""

    rows: list[SupplyLink]
    after: str


# In nearly every name: kept, they would be half of all grams, and find everybody. Names are asked for these few directly.
_IN_EVERY_NAME = {"宁波": ("宁波", "寧波"), "有限": ("有限",), "限公": ("限公",), "公司": ("公司",), "示例": ("示例",)}


def grams_of(name: str) -> set[str]:
    """Every two neighbouring Chinese characters of a name, but for those of nearly every name.

    >>> sorted(grams_of("宁波云杼针织有限公司"))
    ['云杼', '杼针', '波云', '织有', '针织']
    """
    return grams_of_key(name_key(name))


def grams_of_key(key: str) -> set[str]:
    """grams_of() a name whose name_key() is known."""
    core = likely_name(key)
    pairs = _pairs_of(core)
    pairs.difference_update(_IN_EVERY_NAME)
    pairs.update(_pairs_at_the_end(key[len(core) - 1 :]))
    return pairs


@lru_cache(maxsize=8192)
def _pairs_at_the_end(end: str) -> frozenset[str]:
    """Of the last character of a core and all that follows it: firms' names end alike."""
    return frozenset(_pairs_of(end).difference(_IN_EVERY_NAME))


def _pairs_of(key: str) -> set[str]:
    pairs: set[str] = set()
    for run in _HAN.findall(key):
        pairs.update(map(add, run, run[1:]))
    return pairs


def supplier_links(actor: Actor, *, after: str = "", limit: int = PAGE, **filters: str) -> LinkPage:
    """The actor's list by name, one page; a cursor that is not ours starts from the beginning."""
    found = [] if after else _found_by_characters(actor, filters, limit + 1)
    if not found:
        found = list(links_wanted(actor, Wanted(**filters), after=_place(after))[: limit + 1])
    return LinkPage(found[:limit], _cursor(found[limit - 1]) if len(found) > limit else "")


def links_matching(actor: Actor, *, after: tuple[str, UUID] | None = None, **filters: Any) -> Any:
    """links_wanted() by the names of the filters."""
    return links_wanted(actor, Wanted(**filters), after=after)


def links_wanted(actor: Actor, asked: Wanted, *, after: tuple[str, UUID] | None = None) -> Any:
    """The rows of the list by name, after a place in it: for pages, and for the floor above that joins them with more."""
    rows = _matching(actor, asked).order_by("pinyin_key", "id")
    if after is None:
        return rows
    # One range for the index, then the few of the same name before it are left out.
    return rows.filter(pinyin_key__gte=after[0]).exclude(pinyin_key=after[0], id__lte=after[1])


def all_links(actor: Actor, **filters: str) -> Iterator[SupplyLink]:
    """The whole list under the same filters, for an export."""
    yield from links_wanted(actor, Wanted(**filters)).iterator(chunk_size=2000)


def state_counts(actor: Actor, **filters: str) -> dict[str, int]:
    """state -> how many lines, under the other filters. Without any, one walk along the index of states."""
    rows = _matching(actor, Wanted(**filters).but(state="")).order_by()
    return dict(rows.values_list("state").annotate(n=Count("pk")))


def _matching(actor: Actor, asked: Wanted) -> Any:
    rows = SupplyLink.objects.visible_to(actor)
    if asked.state:
        rows = rows.filter(state=asked.state)
    if asked.node:
        rows = rows.filter(node_codes__contains=[asked.node])
    if asked.region:
        rows = rows.filter(town_code=asked.region) if asked.region in towns() else rows.filter(region_code=asked.region)
    if asked.tier:
        rows = rows.filter(tier=int(asked.tier))
    if asked.tag:
        rows = rows.filter(tag=asked.tag)
    if asked.approval:
        rows = rows.filter(_approved(actor, asked.approval, asked.node))
    if asked.problem:
        rows = rows.filter(_has_problem(actor, asked.problem))
    return _searched(rows, actor, asked.query)


def _approved(actor: Actor, state: str, category: str) -> Any:
    """Lines whose approval stands so: for the step that is asked for too, else for any."""
    standing = CategoryApproval.objects.visible_to(actor).filter(ended_at=None)
    if category:
        standing = standing.filter(category=category)
    if state == "none":
        return ~Exists(standing.filter(link_id=OuterRef("pk")))
    day = timezone.localdate()
    if state == "run_out":
        return is_one_of(standing.filter(state__in=("approved", "conditional"), until__lt=day).values("link_id"))
    standing = standing.filter(state=state)
    if state in ("approved", "conditional"):
        standing = standing.filter(Q(until=None) | Q(until__gte=day))
    return is_one_of(standing.values("link_id"))


def _has_problem(actor: Actor, problem: str) -> Any:
    plain = {
        "no_phone": Q(phone="") & ~Q(state="joined"),
        "invitation_over": Q(state="invited") & (Q(invited_until=None) | Q(invited_until__lte=timezone.now())),
        "declined": Q(state="declined"),
        "incomplete": Q(node_codes=[]) | Q(region_code=""),
    }
    suspended = _approved(actor, "suspended", "")
    if problem == "suspended":
        return suspended
    if problem != "any":
        return plain[problem]
    return plain["no_phone"] | plain["invitation_over"] | plain["declined"] | plain["incomplete"] | Q(suspended)


def _searched(rows: Any, actor: Actor, query: str) -> Any:
    text = " ".join(name_key(word) for word in query[:80].split())
    runs = _HAN.findall(text)
    for run in runs:
        if len(run) == 1:
            rows = rows.filter(name_zh__contains=run)
    for pair in sorted({pair for run in runs for pair in _pairs_of(run)}.intersection(_IN_EVERY_NAME)):
        rows = rows.filter(reduce(or_, (Q(name_zh__contains=word) for word in _IN_EVERY_NAME[pair])))
    if grams := {gram for run in runs for gram in grams_of(run)}:
        rows = rows.filter(_is_any_link_with(actor, grams))
    for word in _LATIN.findall(text):
        begins = begins_with(word)
        mine = SupplyLink.objects.visible_to(actor)
        rows = rows.filter(begins if mine.filter(begins).exists() else _holds(word))
    return rows


def begins_with(word: str) -> Q:
    """Names by initials or pinyin from the first syllable on, with or without the city in front; codes from the first character."""
    starts = Q(uscc__gte=word.upper(), uscc__lt=word.upper() + _END)
    for city in ("", "nb", "nbs"):
        starts |= Q(initials__gte=city + word, initials__lt=city + word + _END)
    for city in ("", "ningbo", "ningboshi"):
        starts |= Q(pinyin_key__gte=city + word, pinyin_key__lt=city + word + _END)
    return starts


def _holds(word: str) -> Q:
    """Only asked where nothing begins so: it reads every line of the owner."""
    return Q(pinyin_key__contains=word) | Q(initials__contains=word) | Q(name_en__icontains=word)


# Written out: the question of every search, and to put it together costs more than to answer it.
_LINKS_WITH = (
    "SELECT link FROM suppliers_linkgram, unnest(link_ids) AS link WHERE owner_org_id = %s AND gram = ANY(%s)"
    " GROUP BY link HAVING count(*) = %s LIMIT %s"
)


def _first_links_with(actor: Actor, grams: list[str]) -> list[UUID]:
    """Up to FEW lines that hold all of these, and one more if there are more."""
    if actor.hat not in LinkGram.seen_by:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_LINKS_WITH, [actor.org_id, grams, len(grams), FEW + 1])
        return [row[0] for row in cursor.fetchall()]


def _found_by_characters(actor: Actor, filters: dict[str, str], limit: int) -> list[SupplyLink]:
    """The page of a search for Chinese characters alone, which is what people type; [] where it is not that, or finds too many."""
    if [name for name, value in filters.items() if value] != ["query"]:
        return []
    text = name_key(filters["query"][:80])
    if len(text) < 2 or not _HAN.fullmatch(text) or _pairs_of(text) != grams_of(text):
        return []
    few = _first_links_with(actor, sorted(grams_of(text)))
    if not few or len(few) > FEW:
        return []
    return list(SupplyLink.objects.raw(_named(limit), [actor.org_id, few]))


@lru_cache(maxsize=16)
def _named(limit: int) -> str:
    """The list's own question for lines by id, with its walls: it does not change, and to make it anew costs more than to answer it."""
    one = Actor(hat=Hat.OWNER, org_id=UUID(int=1))
    rows = SupplyLink.objects.visible_to(one).filter(pk__in=[UUID(int=2)]).order_by("pinyin_key", "id")[:limit]
    asked, values = rows.query.sql_with_params()
    if values != (UUID(int=1), UUID(int=2)) or "IN (%s)" not in asked:
        raise ValueError(asked)
    return asked.replace("IN (%s)", "= ANY(%s)")


def _is_any_link_with(actor: Actor, grams: set[str]) -> Any:
    lists = LinkGram.objects.visible_to(actor).filter(gram__in=sorted(grams))
    each = lists.annotate(link=Func(F("link_ids"), function="unnest", output_field=UUIDField(), set_returning=True))
    return is_one_of(each.values("link").annotate(n=Count("*")).filter(n=len(grams)).values("link"))


def is_one_of(ids: Any) -> Any:
    """id = ANY(ARRAY(…)): looked up once. As a join, the planner asks per row as long as a fresh list has no statistics."""
    return Func(F("id"), ArraySubquery(ids), arg_joiner=" = ANY(", template="%(expressions)s)", output_field=BooleanField())


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
