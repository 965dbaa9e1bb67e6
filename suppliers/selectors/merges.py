"""Questions about lines that are one firm: which look alike, how two of them differ, what was merged and split."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from foundation.actor import Actor
from foundation.asked import moment_of
from foundation.errors import Absent
from suppliers.models import Merge, SupplyLink

# What a merge decides on, as a person sees it: one fact may be several columns. The code is not among them: the kept line's stays.
FACTS: Mapping[str, tuple[str, ...]] = {
    "name_zh": ("name_zh",),
    "name_en": ("name_en",),
    "contact": ("contact",),
    "phone": ("phone",),
    "nodes": ("node_codes",),
    "place": ("region_code", "town_code"),
    "headcount": ("headcount",),
    "address": ("address",),
    "since": ("since",),
}
PAIRS = 25


@dataclass(frozen=True)
class Difference:
    """One fact of two lines: `how` is "same", "filled" (only the other line has it), "kept" (only this one) or "differs"."""

    fact: str
    kept: tuple[Any, ...]
    other: tuple[Any, ...]
    how: str


def differences(kept: SupplyLink, other: SupplyLink) -> list[Difference]:
    """Fact by fact, in the order of FACTS; what neither line has is left out."""
    found = []
    for fact, columns in FACTS.items():
        mine = tuple(getattr(kept, column) for column in columns)
        theirs = tuple(getattr(other, column) for column in columns)
        if any(mine) or any(theirs):
            found.append(Difference(fact, mine, theirs, _how(fact, mine, theirs)))
    return found


def _how(fact: str, mine: tuple[Any, ...], theirs: tuple[Any, ...]) -> str:
    same = set(mine[0]) == set(theirs[0]) if fact == "nodes" else mine == theirs
    if same:
        return "same"
    if not any(theirs):
        return "kept"
    return "differs" if any(mine) else "filled"


def twin_for(actor: Actor, link_id: UUID) -> SupplyLink:
    """One line of the actor's list, standing or merged. Raises Absent."""
    link: SupplyLink | None = SupplyLink.objects.with_merged(actor).filter(pk=link_id).first()
    if link is None:
        raise Absent
    return link


def standing_line(actor: Actor, link_id: UUID) -> UUID | None:
    """The line that a merged one has become part of, over several merges; None when this one stands or is not the actor's."""
    at, seen = link_id, set()
    while at not in seen:
        seen.add(at)
        row = SupplyLink.objects.with_merged(actor).filter(pk=at).values_list("merged_into_id", flat=True).first()
        if row is None:
            break
        at = row
    return at if at != link_id else None


def merge_for(actor: Actor, merge_id: UUID) -> Merge:
    """One merge of the actor's list. Raises Absent."""
    found = Merge.objects.visible_to(actor).select_related("kept", "absorbed").filter(pk=merge_id).first()
    if found is None:
        raise Absent
    return found


def merges_of(actor: Actor, link: SupplyLink) -> list[Merge]:
    """What was merged into a line or taken out of it again, and where it was merged itself; newest first."""
    rows = Merge.objects.visible_to(actor).filter(Q(kept=link) | Q(absorbed=link))
    return list(rows.select_related("kept", "absorbed").order_by("-at", "-id")[:50])


def merges(actor: Actor, *, after: tuple[datetime, UUID] | None = None, limit: int = PAIRS) -> list[Merge]:
    """Every merge of the actor's list, newest first, after a place."""
    rows = Merge.objects.visible_to(actor).select_related("kept", "absorbed").order_by("-at", "-id")
    if after is not None:
        rows = rows.filter(at__lte=after[0]).exclude(at=after[0], id__gte=after[1])
    return list(rows[:limit])


@dataclass(frozen=True)
class Twins:
    """Two lines whose names are likely one firm's, in the order of their names."""

    one: SupplyLink
    other: SupplyLink
    core: str


# The names that stand more than once are read off the index in its order and end with the page; only their lines are joined.
PAIRS_STATEMENT = """
with cores as materialized (
  select name_core from suppliers_supplylink
  where owner_org_id = %(org)s and merged_into_id is null and name_core >= %(after)s
  group by name_core having count(*) > 1 order by name_core limit %(groups)s
)
select a.id, b.id, a.name_core
from cores c
join suppliers_supplylink a on a.owner_org_id = %(org)s and a.merged_into_id is null and a.name_core = c.name_core
join suppliers_supplylink b on b.owner_org_id = %(org)s and b.merged_into_id is null and b.name_core = c.name_core and b.id > a.id
where (a.supplier_org_id is null or b.supplier_org_id is null)
  and (a.name_core, a.id, b.id) > (%(after)s, %(one)s, %(other)s)
  and not exists (
    select 1 from suppliers_toldapart t where t.owner_org_id = %(org)s
      and t.uscc = least(a.uscc collate "C", b.uscc collate "C") and t.other_uscc = greatest(a.uscc collate "C", b.uscc collate "C"))
order by a.name_core, a.id, b.id limit %(limit)s
"""
NOWHERE = ("", UUID(int=0), UUID(int=0))
# So many equal names are looked at for one page. Where a person has told most of them apart, a page may be short and still go on.
GROUPS = 200


def twins(actor: Actor, *, after: tuple[str, UUID, UUID] | None = None, limit: int = PAIRS) -> list[Twins]:
    """Pairs of the actor's own lines with like names, of which nobody has said that they are two firms. Two that have joined never are."""
    core, one, other = after or NOWHERE
    values: dict[str, Any] = {"org": actor.org_id, "after": core, "one": one, "other": other, "limit": limit, "groups": GROUPS}
    with connection.cursor() as cursor:
        cursor.execute(PAIRS_STATEMENT, values)
        pairs = cursor.fetchall()
    links = SupplyLink.objects.visible_to(actor).in_bulk({each for pair in pairs for each in pair[:2]})
    return [Twins(links[one], links[other], core) for one, other, core in pairs]


def told_apart_key(one: SupplyLink, other: SupplyLink) -> tuple[str, str]:
    """The two codes in the order in which "different firms" is remembered."""
    first, second = sorted((one.uscc, other.uscc))
    return first, second


def alike_lines(actor: Actor, link: SupplyLink, *, most: int = 20) -> list[SupplyLink]:
    """Other lines of the actor whose name is likely this one's."""
    alike = RawSQL("suppliers_supplylink.name_core = name_core(%s)", [link.name_zh], output_field=BooleanField())
    return list(SupplyLink.objects.visible_to(actor).filter(alike).exclude(pk=link.pk).order_by("id")[:most])


def merge_place(cursor: str) -> tuple[datetime, UUID] | None:
    """Where a page of the history goes on; a cursor that is not ours starts from the beginning."""
    at, _, last = cursor.partition("~")
    moment = moment_of(at)
    try:
        return (moment, UUID(last)) if moment else None
    except ValueError:
        return None


def pair_place(cursor: str) -> tuple[str, UUID, UUID] | None:
    """Where a page of likely pairs goes on."""
    parts = cursor.replace("\x00", "").rsplit("~", 2)
    try:
        return (parts[0], UUID(parts[1]), UUID(parts[2])) if len(parts) == 3 else None
    except ValueError:
        return None
