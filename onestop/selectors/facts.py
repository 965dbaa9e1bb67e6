"""The facts of which a score is made, of all firms or of some, in one question. Run as the clock: each fact is counted where it lies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from agreements.compliance import METHOD, period_of
from agreements.schedule import add_months

# Signals about how a series runs. Readings that are out count with conformity; what merely looks alike is nobody's fault until looked at.
OF_THE_COURSE = ("beyond", "ewma", "drift_l", "drift_a", "drift_b", "lot_to_lot", "own_bias")
RESULTS_MONTHS, AUDITS_MONTHS, FINDINGS_MONTHS = 12, 24, 12
_COLUMNS = (
    "due",
    "met",
    "weighted",
    "judged",
    "passed",
    "series",
    "quiet",
    "indexed",
    "index_total",
    "audits",
    "total",
    "asked",
    "in_time",
    "kept",
    "current",
    "open_critical",
)

_FACTS = """
with firm as (
  select o.id from parties_organisation o
  where o.state <> 'closed' and exists (select 1 from parties_orgrole r where r.org_id = o.id and r.hat = 'supplier') {firms}
),
compliance as (
  select k.supplier_org_id as org, sum(k.met + k.met_late + k.overdue) as due, sum(k.met) as met,
    sum(round(k.weighted * 10000) * (k.met + k.met_late + k.overdue)) as weighted
  from agreements_compliancekept k
  where k.side = 'supplier' and k.period = '12m' and k.starts_on = %(year_from)s and k.method = %(method)s and k.weighted is not null {supplier}
  group by 1
),
conformity as (
  select supplier_org_id as org, count(*) as judged, count(*) filter (where verdict = 'in') as passed
  from inspections_characteristicresult k
  where replaced_by is null and verdict in ('in', 'out') and made_on >= %(results_from)s and made_on <= %(today)s {supplier}
  group by 1
),
-- A portion shown to a customer is watched beside the whole: it is one series of the firm. Where its readings are enough for a consistency
-- index, this says how steady it is; else whether a signal stands open.
course as (
  select k.supplier_org_id as org, k.product_code, k.characteristic_code, k.edition_code, k.unit, k.origin,
    bool_and(not exists (select 1 from inspections_signal s where s.series_id = k.id and s.state = 'open' and s.withdrawn_at is null
                         and s.kind = any(%(course)s))) as quiet
  from inspections_watchedseries k where k.missing = 0 {supplier}
  group by 1, 2, 3, 4, 5, 6
),
steadiness as (
  select c.org, count(*) as series, count(*) filter (where c.quiet and i.value_hundredths is null) as quiet, count(i.value_hundredths) as indexed,
    coalesce(sum(i.value_hundredths), 0) as index_total
  from course c left join onestop_seriesindex i on (i.supplier_org_id, i.characteristic_code, i.product_code, i.edition_code, i.unit, i.origin)
    = (c.org, c.characteristic_code, c.product_code, c.edition_code, c.unit, c.origin)
  group by 1
),
newest as (
  select distinct on (k.agreement_id) k.supplier_org_id as org, k.id
  from audits_audit k
  where k.kind = 'second_party' and k.state in ('reviewed', 'closed') and k.visit_on >= %(audits_from)s and k.visit_on <= %(today)s {supplier}
  order by k.agreement_id, k.visit_on desc, k.id desc
),
audits as (
  select n.org, count(*) as audits, sum(s.value_hundredths) as total
  from newest n cross join lateral (
    select value_hundredths from audits_auditscore where audit_id = n.id order by number desc limit 1) s
  where s.value_hundredths is not null group by 1
),
-- What is contested does not count until it is decided; an opportunity asks for nothing.
findings as (
  select k.supplier_org_id as org,
    count(*) filter (where k.due_on >= %(findings_from)s and k.due_on < %(today)s) as asked,
    count(*) filter (where k.due_on >= %(findings_from)s and k.due_on < %(today)s and k.state <> 'reopened'
      and (coalesce(k.answered_at, k.closed_at) at time zone 'Asia/Shanghai')::date <= k.due_on) as in_time,
    count(*) filter (where k.grade = 'critical' and k.state <> 'closed') as open_critical
  from audits_finding k
  where k.grade <> 'ofi' and k.state not in ('draft', 'contested', 'withdrawn', 'noted') {supplier}
  group by 1
),
dated as (
  select k.org_id as org, k.expires_on >= %(today)s as current from suppliers_paper k
  where k.expires_on is not null and k.retired_at is null and k.state <> 'rejected' {firm}
    and not exists (select 1 from suppliers_paper n where n.replaces_id = k.id and n.retired_at is null)
  union all
  select k.org_id, k.calibration_due_on >= %(today)s from suppliers_instrument k
  where k.calibration_due_on is not null and k.retired_at is null {firm}
),
freshness as (select org, count(*) as kept, count(*) filter (where current) as current from dated group by 1)
select firm.id, coalesce(c.due, 0)::int, coalesce(c.met, 0)::int, coalesce(c.weighted, 0)::bigint, coalesce(q.judged, 0), coalesce(q.passed, 0),
  coalesce(t.series, 0), coalesce(t.quiet, 0),
  coalesce(t.indexed, 0), coalesce(t.index_total, 0)::bigint, coalesce(a.audits, 0), coalesce(a.total, 0)::bigint, coalesce(f.asked, 0), coalesce(f.in_time, 0),
  coalesce(p.kept, 0), coalesce(p.current, 0), coalesce(f.open_critical, 0)
from firm left join compliance c on c.org = firm.id left join conformity q on q.org = firm.id left join steadiness t on t.org = firm.id
left join audits a on a.org = firm.id left join findings f on f.org = firm.id left join freshness p on p.org = firm.id
order by firm.id
"""


def facts_of(today: date, org_ids: Sequence[UUID] | None = None) -> dict[UUID, dict[str, Any]]:
    """firm -> what its score is made of, as onestop.scoring reads it. One question, whether for one firm or for all."""
    some = org_ids is not None
    statement = _FACTS.format(
        firms="and o.id = any(%(firms)s)" if some else "",
        supplier="and k.supplier_org_id = any(%(firms)s)" if some else "",
        firm="and k.org_id = any(%(firms)s)" if some else "",
    )
    told: dict[str, Any] = {
        "firms": list(org_ids or ()), "today": today, "method": METHOD, "course": list(OF_THE_COURSE),
        "year_from": period_of("12m", today).starts_on, "results_from": add_months(today, -RESULTS_MONTHS),
        "audits_from": add_months(today, -AUDITS_MONTHS), "findings_from": add_months(today, -FINDINGS_MONTHS),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(statement, told)
        return {row[0]: _inputs(dict(zip(_COLUMNS, row[1:], strict=True))) for row in cursor.fetchall()}


def _inputs(row: dict[str, int]) -> dict[str, Any]:
    return {
        "compliance": {"due": row["due"], "met": row["met"], "weighted": row["weighted"]},
        "conformity": {"judged": row["judged"], "passed": row["passed"]},
        "steadiness": {name: row[name] for name in ("series", "quiet", "indexed", "index_total")},
        "audits": {"audits": row["audits"], "total": row["total"]},
        "correcting": {"due": row["asked"], "in_time": row["in_time"]},
        "freshness": {"kept": row["kept"], "current": row["current"]},
        "open_critical": row["open_critical"],
    }
