"""Readings of one characteristic over all suppliers of a firm, loaded once and set side by side only where they may be."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection
from django.db.models import Count, Max, QuerySet, Sum

from agreements.models import Clause
from foundation.actor import Actor, Hat
from foundation.errors import Absent
from inspections.consistency import Asked, IntArray, Pool
from inspections.judging import clause_for, limits_of
from inspections.models import CharacteristicResult
from suppliers.models import SupplyLink

MOST_ROWS = 60_000  # rows of results in one picture; past that the window is to be narrowed, and the page says so


@dataclass(frozen=True, slots=True)
class Window:
    """What is looked at: the days on which lots were made, and one product where asked."""

    starts: date
    ends: date
    product_code: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that may be pooled: one edition in one unit."""

    edition: str
    unit: str
    rows: int
    last_made: date


def results_in(actor: Actor, characteristic: str, window: Window, *, link: SupplyLink | None = None) -> QuerySet[CharacteristicResult]:
    """Rows that stand, in the window. A firm's own rows count once, however many customers were given a portion.

    With a link, only those of that relation.
    """
    rows = CharacteristicResult.objects.visible_to(actor).filter(
        characteristic_code=characteristic, made_on__gte=window.starts, made_on__lte=window.ends, replaced_by=None
    )
    if window.product_code:
        rows = rows.filter(product_code=window.product_code)
    if link is not None and link.supplier_org_id is not None:
        return rows.filter(owner_org_id=link.owner_org_id, supplier_org_id=link.supplier_org_id)
    return rows.filter(source_id=None) if actor.hat == Hat.SUPPLIER else rows


def groups_of(actor: Actor, characteristic: str, window: Window, *, link: SupplyLink | None = None) -> list[Group]:
    """What of it may be pooled, the largest first."""
    found = (
        results_in(actor, characteristic, window, link=link)
        .order_by()
        .values("edition_code", "unit")
        .annotate(n=Count("id"), last=Max("made_on"))
    )
    groups = [Group(row["edition_code"], row["unit"], row["n"], row["last"]) for row in found]
    return sorted(groups, key=lambda group: (-group.rows, group.edition))


def products_of(actor: Actor, characteristic: str, window: Window) -> list[str]:
    """The products that the window holds, most tested first."""
    wide = Window(window.starts, window.ends)
    rows = results_in(actor, characteristic, wide).exclude(product_code="").order_by().values("product_code").annotate(n=Count("id"))
    return [row["product_code"] for row in sorted(rows, key=lambda row: (-row["n"], row["product_code"]))][:50]


def pool_of(actor: Actor, characteristic: str, kind: str, window: Window, group: Group, *, link: SupplyLink | None = None) -> Pool:
    """The readings of a group, newest lots first where there are too many. Rows with a qualifier count as judged, not as readings."""
    rows = results_in(actor, characteristic, window, link=link).filter(edition_code=group.edition, unit=group.unit)
    fetched = _fetched(rows.order_by("-made_on", "-id")[:MOST_ROWS])
    return pool_from(kind, group.unit, fetched)


COLUMNS = ("supplier_org_id", "lot_id", "org_id", "origin", "decimals", "readings", "qualifiers", "verdict", "made_on", "details")


def _fetched(rows: QuerySet[CharacteristicResult]) -> list[tuple[Any, ...]]:
    """Plain tuples, past the model, ids as text: tens of thousands of rows make one picture."""
    sql, params = rows.values_list(*COLUMNS).query.sql_with_params()
    told = ", ".join(f"{name}::text" if name.endswith("_id") else name for name in COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(f"select {told} from ({sql}) r", params)
        return cursor.fetchall()


def pool_from(kind: str, unit: str, rows: Sequence[tuple[Any, ...]]) -> Pool:
    """Rows as `COLUMNS` names them, newest lot first, set side by side from the oldest on."""
    ordered = rows[::-1]
    suppliers, lots, testers = (_numbers(keys) for keys in ((r[0] for r in ordered), (r[1] for r in ordered), map(tester_of, ordered)))
    numeric = [row[6] is None and kind == "variable" for row in ordered]
    lengths, values = _values(ordered, numeric)
    decimals = max((row[4] for row in ordered), default=0)
    judged = np.array([row[7] in ("in", "out") for row in ordered], dtype=np.int64)
    out = np.array([row[7] == "out" for row in ordered], dtype=np.int64)
    spread = [np.repeat(codes, lengths) for codes, _known in (suppliers, lots, testers)]
    present = ~np.isnan(values)
    return Pool(
        kind, unit, decimals, values[present], spread[0][present], spread[1][present], spread[2][present],
        tuple(map(UUID, suppliers[1])), lots[1], testers[1], suppliers[0], judged, out,
    )  # fmt: skip


def _numbers(keys: Iterable[Any]) -> tuple[IntArray, tuple[Any, ...]]:
    known: dict[Any, int] = {}
    codes = np.array([known.setdefault(key, len(known)) for key in keys], dtype=np.int64)
    return codes, tuple(known)


def _values(rows: Sequence[tuple[Any, ...]], numeric: Sequence[bool]) -> tuple[IntArray, Any]:
    """How many readings each row gives, and all of them as numbers in the unit; not taken is NaN."""
    lengths = np.array([len(row[5]) if told else 0 for row, told in zip(rows, numeric, strict=True)], dtype=np.int64)
    flat = [reading for row, told in zip(rows, numeric, strict=True) if told for reading in row[5]]
    scale = np.repeat(np.array([10.0 ** row[4] for row in rows]), lengths)
    return lengths, np.array(flat, dtype=float) / scale if flat else np.empty(0)


def tester_of(row: tuple[Any, ...]) -> str:
    """Who tested: the supplier itself, its customer, or a laboratory by name."""
    origin = "self" if row[3] == "instrument" else row[3]
    if origin != "lab":
        return str(origin)
    details = json.loads(row[9]) if isinstance(row[9], str) else row[9] or {}  # past the model JSON comes as text
    laboratory = details.get("laboratory") or ""
    name = laboratory.get("name", "") if isinstance(laboratory, dict) else laboratory
    return f"lab:{name or row[2]}"


def results_page(
    actor: Actor, characteristic: str, window: Window, group: Group, *, after: tuple[date, UUID] | None, limit: int
) -> list[CharacteristicResult]:
    """The rows of a group with their lots, newest lot first, from a cursor on."""
    rows = results_in(actor, characteristic, window).filter(edition_code=group.edition, unit=group.unit)
    if after is not None:
        day, last = after
        rows = rows.filter(made_on__lte=day).exclude(made_on=day, pk__gte=last)
    return list(rows.select_related("lot").order_by("-made_on", "-id")[:limit])


def link_of(actor: Actor, link_id: UUID) -> SupplyLink:
    """A joined line of the owner's list, seen from either side; or Absent."""
    found: SupplyLink | None = SupplyLink.objects.visible_to(actor).filter(pk=link_id).exclude(supplier_org_id=None).first()
    if found is None:
        raise Absent
    return found


def asked_of(actor: Actor, link: SupplyLink, characteristic: str, edition: str, reproducibility: str = "") -> Asked:
    """What the text in force asks of the characteristic by that edition. R is the reader's: no limit of a method is made up here."""
    clauses = Clause.objects.visible_to(actor).filter(
        version__in_force=True, version__effective_to=None, version__agreement__link_id=link.pk, type="characteristic_limit"
    )
    clause, _why = clause_for(clauses.order_by("-version__number", "order"), characteristic, edition)
    limits = limits_of(clause.params, clause_id=clause.pk) if clause is not None else None
    lower, upper = (limits.lower, limits.upper) if limits else (None, None)
    return Asked(float(lower) if lower is not None else None, float(upper) if upper is not None else None, _positive(reproducibility))


def _positive(said: str) -> float | None:
    try:
        value = float(said.replace(",", "."))
    except ValueError:
        return None
    return value if 0 < value < 1e9 else None


def order_of(pool: Pool) -> list[int]:
    """The lots of a pool in the order they were made: they were numbered in it."""
    return list(range(len(pool.lots)))


def supplier_names(actor: Actor, ids: Sequence[UUID]) -> dict[UUID, tuple[str, str, UUID]]:
    """supplier -> (Chinese, English, line of the list), of the actor's own list."""
    if actor.hat == Hat.SUPPLIER:
        return {actor.org_id: (actor.org_name_zh, actor.org_name_en, actor.org_id)}
    rows = (
        SupplyLink.objects.visible_to(actor).filter(supplier_org_id__in=set(ids)).values_list("supplier_org_id", "name_zh", "name_en", "pk")
    )
    return {org: (zh, en, pk) for org, zh, en, pk in rows}


@dataclass(frozen=True, slots=True)
class Overview:
    """One characteristic in the window: rows, suppliers, lots, and how many rows are out of limits."""

    characteristic: str
    rows: int
    suppliers: int
    lots: int
    judged: int
    out: int


def overview(actor: Actor, window: Window) -> list[Overview]:
    """What was measured at all, the most suppliers first."""
    rows = CharacteristicResult.objects.visible_to(actor).filter(made_on__gte=window.starts, made_on__lte=window.ends, replaced_by=None)
    if actor.hat == Hat.SUPPLIER:
        rows = rows.filter(source_id=None)
    told = rows.order_by().values("characteristic_code", "verdict").annotate(n=Count("id"))
    wide = rows.order_by().values("characteristic_code").annotate(
        suppliers=Count("supplier_org_id", distinct=True), lots=Count("lot_id", distinct=True), out=Sum("out_count")
    )  # fmt: skip
    verdicts: dict[str, Counter[str]] = {}
    for row in told:
        verdicts.setdefault(row["characteristic_code"], Counter())[row["verdict"]] = row["n"]
    found = [
        Overview(
            row["characteristic_code"], sum(verdicts[row["characteristic_code"]].values()), row["suppliers"], row["lots"],
            sum(verdicts[row["characteristic_code"]][each] for each in ("in", "out")), verdicts[row["characteristic_code"]]["out"],
        )
        for row in wide if row["characteristic_code"] in verdicts
    ]  # fmt: skip
    return sorted(found, key=lambda each: (-each.suppliers, -each.lots, each.characteristic))
