"""Questions about supplier lists, invitations and a firm's own papers. Each starts from who asks."""

from __future__ import annotations

import binascii
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import BooleanField, Count, ExpressionWrapper, F, Func, Q
from django.utils import timezone

from foundation.actor import Actor, Hat
from foundation.errors import Absent
from parties.models import Membership, Organisation, OrganisationCode
from parties.names import name_key
from parties.reference import regions
from parties.selectors import own_organisation, token_hash
from records.models import Evidence, Grant
from suppliers.models import ImportRow, Invitation, LinkGram, Paper, Site, SupplierImport, SupplyLink

PAGE = 50
UNDO_FOR = timedelta(minutes=10)
READY = ("accepted", "warning")
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


def known_links(actor: Actor, *, except_import: SupplierImport | None = None) -> dict[str, dict[str, Any]]:
    """Code → values of the actor's own list, and of nobody else's: what an import is compared with."""
    rows = SupplyLink.objects.visible_to(actor)
    if except_import is not None:
        made = ImportRow.objects.visible_to(actor).filter(batch=except_import).exclude(link=None)
        rows = rows.exclude(pk__in=made.values("link_id"))
    return {row["uscc"]: _as_read(row) for row in rows.values(*_COMPARED)}


_COMPARED = ("uscc", "name_zh", "contact", "phone", "node_codes", "region_code", "town_code", "headcount", "address", "since")


def _as_read(row: dict[str, Any]) -> dict[str, Any]:
    values = {name: row[name] for name in ("name_zh", "uscc", "contact", "phone", "headcount", "address")}
    return {
        **values,
        "nodes": row["node_codes"],
        "region": row["region_code"],
        "town": _town_names().get(row["town_code"], ""),
        "since": row["since"].isoformat() if row["since"] else None,
    }


@cache
def _town_names() -> dict[str, str]:
    return {region.code: region.name_zh for region in regions() if region.kind == "town"}


def import_for(actor: Actor, import_id: UUID) -> SupplierImport:
    """One import of the actor's firm. Raises Absent."""
    batch = SupplierImport.objects.visible_to(actor).filter(pk=import_id).first()
    if batch is None:
        raise Absent
    return batch


def recent_imports(actor: Actor, limit: int = 5) -> list[SupplierImport]:
    """The latest lists, so that a person finds the rows that were left to mend."""
    return list(SupplierImport.objects.visible_to(actor).order_by("-created_at")[:limit])


def import_rows(actor: Actor, batch: SupplierImport, *, after: int = 0, only: str = "", limit: int = PAGE) -> list[ImportRow]:
    """Rows of one list in its order, after a number; `only`: "problems", one outcome, or "" for all."""
    rows = ImportRow.objects.visible_to(actor).filter(batch=batch, number__gt=after)
    if only == "problems":
        rows = rows.filter(outcome__in=("rejected", "warning"))
    elif only:
        rows = rows.filter(outcome=only)
    return list(rows.order_by("number")[:limit])


def import_row_for(actor: Actor, batch: SupplierImport, number: int) -> ImportRow:
    row = ImportRow.objects.visible_to(actor).filter(batch=batch, number=number).first()
    if row is None:
        raise Absent
    return row


def import_totals(actor: Actor, batch: SupplierImport) -> dict[str, int]:
    """How many rows of each outcome; `ready` are those that confirming would add, `imported` those it has added."""
    totals = dict.fromkeys(("rows", "accepted", "warning", "duplicate", "rejected", "skipped", "ready", "imported", "normalised"), 0)
    counts = (
        ImportRow.objects.visible_to(actor)
        .filter(batch=batch)
        .annotate(added=ExpressionWrapper(Q(link__isnull=False), output_field=BooleanField()))
        .values("outcome", "added")
        .annotate(n=Count("id"), said=Count("id", filter=~Q(values__normalised=[])))
    )
    for count in counts:
        totals["rows"] += count["n"]
        totals[count["outcome"]] += count["n"]
        if count["outcome"] in READY:
            totals["imported" if count["added"] else "ready"] += count["n"]
            totals["normalised"] += count["said"]
    return totals


def open_invitation(actor: Actor, link: SupplyLink, *, now: datetime) -> Invitation | None:
    """The invitation that would still let the firm in, or None."""
    return (
        Invitation.objects.visible_to(actor)
        .filter(link=link, used_at=None, revoked_at=None, declined_at=None, expires_at__gt=now)
        .order_by("-sent_at", "-id")
        .first()
    )


@dataclass(frozen=True)
class Invited:
    """What an invitation says to whoever holds it: the firm as the owner typed it, and who invites."""

    link_id: UUID
    owner_org_id: UUID
    owner_name_zh: str
    owner_name_en: str
    name_zh: str
    name_en: str
    uscc: str
    node_codes: list[str]
    region_code: str
    town_code: str
    address: str
    is_demo: bool


def invited_by(token: str, *, now: datetime) -> Invited | None:
    """What a token opens; None for one that is unknown, used, revoked, declined or too old: nobody learns which."""
    with connection.cursor() as cursor:
        cursor.execute("select * from door_read(%s)", [token_hash(token)])
        row = cursor.fetchone()
    if row is None or any(row[13:16]) or row[12] <= now:
        return None
    return Invited(*row[:12])


@dataclass(frozen=True)
class WillSee:
    """One line of "who will see what" before an invitation is accepted."""

    to_name_zh: str
    to_name_en: str
    what: str


def will_see(token: str) -> list[WillSee]:
    """What accepting an invitation lets whom see: the very rows that the door will then write as grants."""
    with connection.cursor() as cursor:
        cursor.execute("select to_name_zh, to_name_en, what from door_grants(%s)", [token_hash(token)])
        return [WillSee(*row) for row in cursor.fetchall()]


@dataclass(frozen=True)
class Seen:
    """One line of "who sees what", straight from a grant."""

    grant: Grant
    by_a_clause: bool
    may_be_switched_off: bool


def who_sees_what(actor: Actor, *, on: date | None = None) -> list[Seen]:
    """Every grant of the actor's firm that stands on that day, by receiver."""
    day = on or timezone.localdate()
    grants = (
        Grant.objects.visible_to(actor)
        .filter(revoked_at=None, valid_from__lte=day)
        .filter(Q(valid_to=None) | Q(valid_to__gte=day))
        .order_by("to_name_zh", "to_org_id", "valid_from", "id")
    )
    return [Seen(g, g.clause_id is not None, g.clause_id is None and g.what != "firm") for g in grants]


def grant_for(actor: Actor, grant_id: UUID) -> Grant:
    grant = Grant.objects.visible_to(actor).filter(pk=grant_id).first()
    if grant is None:
        raise Absent
    return grant


@dataclass(frozen=True)
class Firm:
    """All that a firm sees of itself."""

    org: Organisation
    uscc: str
    sites: list[Site]
    papers: list[tuple[Paper, Evidence | None]]
    colleagues: list[tuple[str, list[str]]]


def own_firm(actor: Actor, *, on: date) -> Firm:
    """The actor's firm with sites, papers and people."""
    code = OrganisationCode.objects.visible_to(actor).filter(pk=actor.org_id).first()
    sites = list(Site.objects.visible_to(actor).order_by("-is_main", "name_zh", "id"))
    return Firm(own_organisation(actor), code.claimed if code else "", sites, papers_of(actor), _colleagues(actor, on))


def papers_of(actor: Actor) -> list[tuple[Paper, Evidence | None]]:
    """The firm's papers with their files, newest first."""
    papers = list(Paper.objects.visible_to(actor).order_by("-filed_at", "-id"))
    files = Evidence.objects.visible_to(actor).in_bulk([paper.evidence_id for paper in papers])
    return [(paper, files.get(paper.evidence_id)) for paper in papers]


def _colleagues(actor: Actor, on: date) -> list[tuple[str, list[str]]]:
    rows = Membership.objects.visible_to(actor).filter(valid_from__lte=on).filter(Q(valid_to=None) | Q(valid_to__gte=on))
    people: dict[UUID, tuple[str, list[str]]] = {}
    for row in rows.order_by("person_name", "person_id", "role"):
        people.setdefault(row.person_id, (row.person_name, []))[1].append(row.role)
    return list(people.values())


def claimed_code(actor: Actor) -> str:
    """The code that the actor's firm says is its own."""
    code = OrganisationCode.objects.visible_to(actor).filter(pk=actor.org_id).first()
    return code.claimed if code else ""
