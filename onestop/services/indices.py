"""Before the scores of the night: the consistency index of each series that changed since it was reckoned. Safe to repeat."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from agreements.models import Characteristic
from agreements.schedule import add_months
from foundation.actor import CLOCK, Hat, acting_as
from inspections.consistency import MEASURED, Asked, index_of
from inspections.selectors.consistency import COLUMNS, order_of, pool_from
from inspections.selectors.series import bounds_of_clauses
from onestop.models import SeriesIndex
from onestop.models.indices import KEY
from onestop.selectors.facts import RESULTS_MONTHS
from onestop.steadiness import course_of, weakest_of
from qualitystats.consistency import VERSION

MOST = 5_000  # series a night: what is left is reckoned the next, the newest first
AT_ONCE = 200
WRITTEN = ("touched", "version", "parts", "weakest", "value_hundredths", "at")

_NAMES = ", ".join(KEY)
_DUE = f"""
select {_NAMES}, touched from (
  select {_NAMES}, sum(touched)::int as touched, max(newest) as newest from inspections_watchedseries
  where missing = 0 and characteristic_code = any(%(measured)s) {{firms}} group by {_NAMES}) k
where not exists (
  select 1 from onestop_seriesindex i where ({", ".join(f"i.{name}" for name in KEY)}) = ({", ".join(f"k.{name}" for name in KEY)})
    and i.touched = k.touched and i.version = %(version)s)
order by newest desc nulls last, {_NAMES} limit %(most)s
"""
_ROWS = f"""
select {", ".join(f"{name}::text" if name.endswith("_id") else name for name in COLUMNS)}, {_NAMES}, clause_id
from inspections_characteristicresult
where replaced_by is null and source_id is null and made_on >= %(since)s and supplier_org_id = any(%(firms)s) and characteristic_code = any(%(codes)s)
order by made_on desc, id desc
"""
Named = tuple[Any, ...]


@transaction.atomic
def keep_indices(*, now: datetime, org_ids: Sequence[UUID] | None = None, most: int = MOST) -> int:
    """Reckon what changed, of all firms or of these; how many series."""
    with acting_as(Hat.CLOCK), connection.cursor() as cursor:
        measured = list(Characteristic.objects.filter(kind=MEASURED).values_list("code", flat=True))
        told: dict[str, Any] = {"measured": measured, "version": VERSION, "most": most, "firms": list(org_ids or ())}
        cursor.execute(_DUE.format(firms="and supplier_org_id = any(%(firms)s)" if org_ids is not None else ""), told)
        due = sorted(cursor.fetchall(), key=lambda row: (str(row[0]), *row[1:]))
        for at in range(0, len(due), AT_ONCE):
            _keep(list(_reckoned(cursor, due[at : at + AT_ONCE], now)))
    return len(due)


def _reckoned(cursor: Any, due: Sequence[Named], now: datetime) -> Iterator[SeriesIndex]:
    since = add_months(timezone.localdate(now), -RESULTS_MONTHS)
    cursor.execute(_ROWS, {"since": since, "firms": list({row[0] for row in due}), "codes": list({row[1] for row in due})})
    rows: dict[Named, list[Named]] = defaultdict(list)
    clauses: dict[Named, UUID] = {}
    for row in cursor.fetchall():
        named = row[len(COLUMNS) : -1]
        rows[named].append(row[: len(COLUMNS)])
        if row[-1] is not None:
            clauses.setdefault(named, row[-1])  # the newest: what is asked today
    bounds = bounds_of_clauses(CLOCK, clauses.values())
    for *key, touched in due:
        named = tuple(key)
        asked = bounds.get(clauses.get(named))  # type: ignore[arg-type]
        pool = pool_from(MEASURED, named[KEY.index("unit")], rows[named])
        course = course_of(index_of(pool, Asked(asked.lower, asked.upper) if asked else Asked(), order=order_of(pool)))
        weakest, value = weakest_of(course)
        yield SeriesIndex(
            **dict(zip(KEY, named, strict=True)), touched=touched, version=VERSION, parts=course, weakest=weakest, value_hundredths=value, at=now
        )  # fmt: skip


def _keep(rows: list[SeriesIndex]) -> None:
    SeriesIndex.objects.bulk_create(rows, update_conflicts=True, unique_fields=list(KEY), update_fields=list(WRITTEN))
