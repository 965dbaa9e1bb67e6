"""How each side kept its word, per agreement and period, as rows: one statement for all agreements, or for one after a fact.

compliance.state_of() and compliance.weight_of() say the same of single rows; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from agreements.compliance import METHOD, PERIODS, Period, period_of, periods_to_look_at
from agreements.services.duty_lines import COUNT_KEPT
from foundation.actor import Hat, acting_as
from jobs.services import once

_COUNT = """
with looked (kind, starts_on, ends_on) as (select * from unnest(%(kinds)s::text[], %(starts)s::date[], %(ends)s::date[])),
judged as (
  select o.*, o.met_on is null and o.void_at is null and o.waived_at is null as is_open,
    o.paused_on is null and o.grace_until < %(today)s as is_late
  from agreements_obligation o where o.due_on >= %(from)s and o.due_on < %(to)s {mine}
),
counted as (
  select j.agreement_id, j.owner_org_id, j.supplier_org_id, j.side, p.kind, p.starts_on, p.ends_on,
    count(*) filter (where j.met_on <= j.due_on) as met,
    count(*) filter (where j.met_on > j.due_on) as met_late,
    count(*) filter (where j.is_open and j.is_late) as overdue,
    count(*) filter (where j.is_open and not j.is_late) as open,
    count(*) filter (where j.met_on is null and j.void_at is null and j.waived_at is not null) as waived,
    count(*) filter (where j.met_on is null and j.void_at is not null) as void,
    round(sum(w.weight) filter (where j.met_on <= j.due_on) * 1.0
      / nullif(sum(w.weight) filter (where j.met_on is not null or (j.is_open and j.is_late)), 0), 4) as weighted,
    bool_or(j.met_on is not null or (j.is_open and j.is_late)) as any_judged,
    encode(sha256(convert_to(string_agg(concat_ws('|', j.id, j.due_on, j.grace_days, coalesce(j.met_on::text, '-'), j.waived_at is not null,
      j.void_at is not null, coalesce(j.paused_on::text, '-')), ',' order by j.id), 'UTF8')), 'hex') as inputs_sha256
  from judged j join looked p on j.due_on >= p.starts_on and j.due_on < p.ends_on
  cross join lateral (select round(1000000 * power(0.5::double precision, (p.ends_on - j.due_on) / 182.0))::bigint as weight) w
  group by 1, 2, 3, 4, 5, 6, 7
)
insert into agreements_compliancekept as kept (id, agreement_id, owner_org_id, supplier_org_id, side, period, starts_on, ends_on, method,
  met, met_late, overdue, open, waived, void, weighted, as_of, inputs_sha256, computed_at)
select uuidv7(), agreement_id, owner_org_id, supplier_org_id, side, kind, starts_on, ends_on, %(method)s, met, met_late, overdue, open, waived, void,
  case when any_judged then coalesce(weighted, 0) end, %(today)s, inputs_sha256, %(now)s
from counted order by agreement_id, side, kind, starts_on
on conflict (agreement_id, side, period, starts_on, method) do update set
  met = excluded.met, met_late = excluded.met_late, overdue = excluded.overdue, open = excluded.open, waived = excluded.waived,
  void = excluded.void, weighted = excluded.weighted, as_of = excluded.as_of, inputs_sha256 = excluded.inputs_sha256,
  computed_at = excluded.computed_at
where (kept.met, kept.met_late, kept.overdue, kept.open, kept.waived, kept.void, kept.weighted, kept.inputs_sha256) is distinct from
  (excluded.met, excluded.met_late, excluded.overdue, excluded.open, excluded.waived, excluded.void, excluded.weighted, excluded.inputs_sha256)
"""
# A pause that ended may carry the last duty out of a period: then nothing of it is left to count.
_EMPTIED = """
update agreements_compliancekept k set met = 0, met_late = 0, overdue = 0, open = 0, waived = 0, void = 0, weighted = null,
  as_of = %(today)s, inputs_sha256 = encode(sha256(''), 'hex'), computed_at = %(now)s
where k.agreement_id = any(%(agreements)s) and k.method = %(method)s and k.met + k.met_late + k.overdue + k.open + k.waived + k.void > 0
  and not exists (select 1 from agreements_obligation o where o.agreement_id = k.agreement_id and o.side = k.side
                  and o.due_on >= k.starts_on and o.due_on < k.ends_on)
"""


@transaction.atomic
def count_kept(*, now: datetime, agreement_ids: Sequence[UUID] | None = None, days: Iterable[date] = ()) -> int:
    """Count every side of every agreement (or of these) in the periods of today and of those days: how many rows now say otherwise.

    A row that would say the same is not written: counted again, nothing changes.
    """
    today = timezone.localdate(now)
    looked = list(dict.fromkeys([*periods_to_look_at(today), *(period_of(kind, day) for day in days for kind in PERIODS)]))
    told: dict[str, Any] = {**_columns(looked), "today": today, "now": now, "method": METHOD}
    with acting_as(Hat.CLOCK), connection.cursor() as cursor:
        if agreement_ids is None:
            cursor.execute(_COUNT.format(mine=""), told)
            return int(cursor.rowcount)
        told["agreements"] = sorted(agreement_ids)
        # Two facts of one agreement are counted one after the other, each with what the other has written.
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(id::text, 5)) from unnest(%(agreements)s::uuid[]) id", told)
        cursor.execute(_COUNT.format(mine="and o.agreement_id = any(%(agreements)s)"), told)
        written = int(cursor.rowcount)
        cursor.execute(_EMPTIED, told)
        return written + int(cursor.rowcount)


def _columns(looked: Sequence[Period]) -> dict[str, Any]:
    starts, ends = [each.starts_on for each in looked], [each.ends_on for each in looked]
    return {"kinds": [each.kind for each in looked], "starts": starts, "ends": ends, "from": min(starts), "to": max(ends)}


@transaction.atomic
def count_kept_tonight(now: datetime) -> int:
    """The count of all agreements, once for each day: a duty becomes overdue because a day has gone by, and no verb says so."""
    if not once(COUNT_KEPT, f"{timezone.localdate(now)}", now=now):
        return 0
    return count_kept(now=now)
