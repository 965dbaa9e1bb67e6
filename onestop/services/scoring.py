"""Every night the score of each firm is computed from its facts: one question, one statement that writes what changed. Safe to repeat."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from foundation.actor import CLOCK, Hat, acting_as
from jobs.services import once
from onestop.scoring import PARTS, Outcome, compute
from onestop.selectors.facts import facts_of
from onestop.selectors.scores import method_in_force
from onestop.services.indices import keep_indices

SCORE_ALL = "onestop.score_all"
NIGHT_FROM = 2  # o'clock: after the count of duties and the look at every series
NIGHT, APPEAL = "night", "appeal"
LEAST_FIRMS = 5

_HELD = """
select distinct on (subject_org_id) subject_org_id, number, method_id, inputs::text, parts::text, band, value_hundredths
from records_score {firms} order by subject_org_id, number desc
"""
_KEEP = """
insert into records_score (id, subject_org_id, number, method_id, as_of, inputs, parts, value_hundredths, band, why, at)
select uuidv7(), org, number, %(method)s, %(today)s, inputs::jsonb, parts::jsonb, value, band, %(why)s, %(now)s
from unnest(%(orgs)s::uuid[], %(numbers)s::int[], %(inputs)s::text[], %(parts)s::text[], %(values)s::int[], %(bands)s::text[])
  as t (org, number, inputs, parts, value, band)
"""


@transaction.atomic
def score_firms(*, now: datetime, org_ids: Sequence[UUID] | None = None, why: str = NIGHT) -> int:
    """Compute the score of all firms, or of these, and keep those that say something else than before: how many.

    Called after an appeal was decided, the part that was wrong is counted anew; the former score stays readable.
    """
    today = timezone.localdate(now)
    with acting_as(Hat.CLOCK), connection.cursor() as cursor:
        # Two computations at once would give one number twice: the second waits, and finds nothing new.
        cursor.execute("select pg_advisory_xact_lock(hashtextextended('onestop.scores', 0))")
        method = method_in_force(CLOCK)
        held = _held(cursor, org_ids)
        found = facts_of(today, org_ids)
        rows = list(_changed(held, found, method.body, method.pk))
        if rows:
            orgs, numbers, inputs, parts, values, bands = zip(*rows, strict=True)
            told: dict[str, Any] = {"orgs": list(orgs), "numbers": list(numbers), "inputs": list(inputs), "parts": list(parts)}
            told |= {"values": list(values), "bands": list(bands), "method": method.pk, "today": today, "why": why, "now": now}
            cursor.execute(_KEEP, told)
    return len(rows)


Held = dict[UUID, tuple[int, UUID, dict[str, Any]]]


def _held(cursor: Any, org_ids: Sequence[UUID] | None) -> Held:
    firms = "where subject_org_id = any(%(firms)s)" if org_ids is not None else ""
    cursor.execute(_HELD.format(firms=firms), {"firms": list(org_ids or ())})
    return {row[0]: (row[1], row[2], json.loads(row[3])) for row in cursor.fetchall()}


def _changed(held: Held, found: Mapping[UUID, dict[str, Any]], body: Mapping[str, Any], method: UUID) -> Any:
    for org, inputs in found.items():
        last = held.get(org)
        if last is None and not _anything(inputs):
            continue
        if last is not None and (last[1], last[2]) == (method, inputs):
            continue
        said: Outcome = compute(body, inputs)
        number = last[0] + 1 if last else 1
        yield org, number, json.dumps(inputs), json.dumps(said.parts), said.value_hundredths, said.band


def _anything(inputs: Mapping[str, Any]) -> bool:
    return any(any(inputs[part].values()) for part in PARTS) or bool(inputs["open_critical"])


# One column a part: who asks for a middle of what is known gets one of exactly those firms.
_MIDDLES = """
with latest as (
  select distinct on (s.subject_org_id) s.subject_org_id, s.value_hundredths, s.parts
  from records_score s order by s.subject_org_id, s.number desc
),
said as (
  select n.node, p.part, p.value from latest l join parties_organisation o on o.id = l.subject_org_id
  cross join lateral unnest(o.node_codes) as n (node)
  cross join lateral (
    select key as part, value::int as value from jsonb_each_text(l.parts) where value is not null
    union all select 'whole', l.value_hundredths where l.value_hundredths is not null) p
  where o.state <> 'closed'
),
counted as (
  select node, part, count(*) as firms, percentile_cont(array[0.25, 0.5, 0.75]) within group (order by value) as q from said group by 1, 2
)
insert into onestop_nodemiddle (id, node_code, part, month, firms_from, middle, low, high)
select uuidv7(), node, part, %(month)s, f.firms_from, round(q[2] / 100), case when f.firms_from >= 20 then round(q[1] / 100) end,
  case when f.firms_from >= 20 then round(q[3] / 100) end
from counted cross join lateral (
  select max(b) as firms_from from unnest(array[5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000]) b where b <= firms) f
where firms >= %(least)s
on conflict (node_code, part, month) do nothing
"""


@transaction.atomic
def say_middles(*, month: date) -> int:
    """The middle of each node for a month, from five firms on. Said once: until the next month it stays, whoever joins or leaves."""
    with acting_as(Hat.CLOCK), connection.cursor() as cursor:
        cursor.execute("select exists (select 1 from onestop_nodemiddle where month = %s)", [month])
        if cursor.fetchone()[0]:
            return 0
        cursor.execute(_MIDDLES, {"month": month, "least": LEAST_FIRMS})
        return int(cursor.rowcount)


@transaction.atomic
def score_tonight(now: datetime, *, key: str = "") -> int:
    """The score of all firms once a day (or once for this asking), after the facts of the night were counted; once a month the middles too."""
    local = timezone.localtime(now)
    if local.hour < NIGHT_FROM or not once(SCORE_ALL, key or f"{local.date()}", now=now):
        return 0
    keep_indices(now=now)
    written = score_firms(now=now)
    say_middles(month=local.date().replace(day=1))
    return written
