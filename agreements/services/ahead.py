"""Duties stand as rows a year ahead. Set-based: days are worked out once for all clauses that read alike, and written in one statement."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from agreements.lineage import Lines
from agreements.schedule import AHEAD_MONTHS, Duty, Pause, Span, add_months, dated_duties
from foundation.actor import Hat, acting_as
from parties.selectors import working_calendar

EXTEND = "agreements.extend"
# What one tick looks ahead for: a month's turn of a city is a handful of ticks, not one long transaction.
AT_ONCE = 5_000
DATED = ("document_required", "owner_duty", "process_requirement", "sealed_sample")

# One claim for each agreement and month: a second worker waits here and then finds nothing left.
_CLAIM = """
insert into jobs_claim (task, key, at)
select %(task)s, a.id || ':' || %(month)s, %(now)s from agreements_agreement a
where a.state = 'in_force'
  and not exists (select 1 from jobs_claim c where c.task = %(task)s and c.key = a.id || ':' || %(month)s)
order by a.effective_from, a.id limit %(limit)s
on conflict do nothing returning left(key, 36)::uuid
"""
# Every text that was ever in force, one after the other; the last is the one that asks.
_CLAUSES = """
select a.id, a.owner_org_id, a.supplier_org_id, v.number, v.effective_from, v.effective_to, v.state = 'in_force', c.id, c.type, c.params::text
from agreements_agreement a
join agreements_agreementversion v on v.agreement_id = a.id and v.in_force
left join agreements_clause c on c.version_id = v.id and c.type = any(%(types)s)
where a.id = any(%(agreements)s)
order by a.id, v.number, c."order"
"""
_PAUSES = "select agreement_id, paused_on, resumed_on from agreements_dutypause where agreement_id = any(%(agreements)s) order by paused_on"
# What an earlier text of the same line asked for stands there, and is not asked a second time.
_WRITE = """
insert into agreements_obligation (id, agreement_id, owner_org_id, supplier_org_id, clause_id, kind, side, key, created_at, due_on, grace_days, paused_on)
select uuidv7(), c.agreement_id, c.owner_org_id, c.supplier_org_id, c.clause_id, d.kind, d.side, d.key, %(now)s, d.due_on, d.grace_days, c.paused_on
from unnest(%(alike)s::int[], %(agreement)s::uuid[], %(owner)s::uuid[], %(supplier)s::uuid[], %(clause)s::uuid[], %(paused)s::date[])
  as c (alike, agreement_id, owner_org_id, supplier_org_id, clause_id, paused_on)
join unnest(%(of)s::int[], %(side)s::text[], %(kind)s::text[], %(key)s::text[], %(due_on)s::date[], %(grace)s::smallint[])
  as d (alike, side, kind, key, due_on, grace_days) using (alike)
where not exists (
  select 1 from unnest(%(heir)s::uuid[], %(old)s::uuid[]) as l (heir, old)
  join agreements_obligation o on o.clause_id = l.old and o.side = d.side and o.key = d.key and o.void_at is null
  where l.heir = c.clause_id)
on conflict (clause_id, side, key) do nothing
"""


class Asks(NamedTuple):
    """What decides the days of a clause: equal for clauses that ask the same on the same days."""

    type: str
    params: str
    began_on: date
    span: tuple[date, date | None]
    pauses: tuple[tuple[date, date], ...]


class Row(NamedTuple):
    """One clause of one text that is or was in force; a text without such a clause stands as a row without one."""

    agreement_id: UUID
    owner_org_id: UUID
    supplier_org_id: UUID
    number: int
    effective_from: date
    effective_to: date | None
    asks: bool
    pk: UUID
    type: str
    text: str

    @property
    def params(self) -> Any:
        return _read(self.text)


@lru_cache(maxsize=4096)
def _read(text: str) -> Any:
    return json.loads(text)


@dataclass
class _Found:
    """The columns of what will be written."""

    clauses: list[tuple[Any, ...]]
    duties: list[tuple[Any, ...]]
    lines: list[tuple[UUID, UUID]]


@transaction.atomic
def arise_ahead(*, now: datetime, limit: int = AT_ONCE) -> int:
    """Keep dated duties standing a year ahead, once a month for each agreement in force: how many agreements were looked at."""
    month = f"{timezone.localdate(now):%Y-%m}"
    with acting_as(Hat.CLOCK), connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"task": EXTEND, "month": month, "now": now, "limit": limit})
        claimed = [row[0] for row in cursor.fetchall()]
    if claimed:
        arise_dated(agreement_ids=claimed, now=now)
    return len(claimed)


@transaction.atomic
def arise_dated(*, agreement_ids: Sequence[UUID], now: datetime) -> int:
    """Every dated duty that the texts in force ask within the look ahead; what stands already stays as it is. How many are new."""
    asked: dict[str, Any] = {"types": list(DATED), "agreements": list(agreement_ids)}
    with acting_as(Hat.CLOCK), connection.cursor() as cursor:
        cursor.execute(_CLAUSES, asked)
        rows = [Row(*row) for row in cursor.fetchall()]
        cursor.execute(_PAUSES, asked)
        found = _found(rows, cursor.fetchall(), until=add_months(timezone.localdate(now), AHEAD_MONTHS))
        if not found.clauses or not found.duties:
            return 0
        told = _columns(("alike", "agreement", "owner", "supplier", "clause", "paused"), found.clauses)
        told |= _columns(("of", "side", "kind", "key", "due_on", "grace"), found.duties)
        told |= _columns(("heir", "old"), found.lines)
        cursor.execute(_WRITE, {**told, "now": now})
        return int(cursor.rowcount)


def _columns(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> dict[str, list[Any]]:
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


def _found(rows: Iterable[Row], pauses: Iterable[tuple[UUID, date, date | None]], *, until: date) -> _Found:
    """The clauses, gathered by what decides their days, and the days of each gathering."""
    stopped: dict[UUID, list[tuple[date, date | None]]] = defaultdict(list)
    for agreement_id, paused_on, resumed_on in pauses:
        stopped[agreement_id].append((paused_on, resumed_on))
    by_agreement: dict[UUID, list[Row]] = defaultdict(list)
    for row in rows:
        by_agreement[row.agreement_id].append(row)
    numbers: dict[Asks, int] = {}
    found = _Found([], [], [])
    for agreement_id, mine in by_agreement.items():
        _gather(found, numbers, mine, stopped[agreement_id])
    days = working_calendar()
    for asks, number in numbers.items():
        first, last = asks.span
        ended = [Pause(*pause) for pause in asks.pauses]
        span = Span(asks.began_on, last, until)
        duties = dated_duties(asks.type, _read(asks.params), span=span, days=days, pauses=ended)
        found.duties += [_columns_of(number, duty) for duty in duties if duty.due_on >= first]
    return found


def _gather(found: _Found, numbers: dict[Asks, int], mine: list[Row], stopped: list[tuple[date, date | None]]) -> None:
    """The clauses in force of one agreement: what they go on with, and which clauses of others read alike."""
    ended = tuple((paused, resumed) for paused, resumed in stopped if resumed is not None)
    open_since = next((paused for paused, resumed in stopped if resumed is None), None)
    lines = _lines(mine) if any(row.number != mine[0].number for row in mine) else None
    for row in mine:
        if row.asks and row.pk:
            began_on = lines.began_on[row.pk] if lines else row.effective_from
            asks = Asks(row.type, row.text, began_on, (row.effective_from, row.effective_to), ended)
            paused_on = max(open_since, row.effective_from) if open_since else None
            number = numbers.setdefault(asks, len(numbers))
            found.clauses.append((number, row.agreement_id, row.owner_org_id, row.supplier_org_id, row.pk, paused_on))
            found.lines += [(row.pk, old) for old in (lines.before[row.pk] if lines else ())]


def _lines(mine: list[Row]) -> Lines:
    texts: dict[int, list[Row]] = defaultdict(list)
    for row in mine:
        texts[row.number].append(row)
    return Lines([(text[0].effective_from, [row for row in text if row.pk]) for text in texts.values()])


def _columns_of(number: int, duty: Duty) -> tuple[Any, ...]:
    return (number, duty.side, duty.kind, duty.key, duty.due_on, duty.grace_days)
