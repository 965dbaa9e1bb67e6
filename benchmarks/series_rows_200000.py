"""The look of the night: 200,000 charted series, from stored rows to flags, hat on, against pandas over the same rows.

A series whose rows have not changed is judged by its lots as they were reckoned when it was last looked at (inspections_watchedlots): so is every
night but the first. `anew` is the first: nothing is kept yet, all readings are read, and the lots are written down.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from uuid import UUID

from django.db import transaction

from benchmarks import cluster
from benchmarks.anchors.series_rows import judge_all, read_rows
from benchmarks.base import Race, Unequal
from foundation.actor import Hat, acting_as

LOTS, READINGS, OF_A_SUPPLIER, PART = 30, 5, 25, 100
CODES = ("YRN-CNT", "YRN-TWI", "YRN-STR", "YRN-EVN", "PH")
SERIES = """
insert into inspections_watchedseries (id, supplier_org_id, product_code, characteristic_code, edition_code, unit, origin, lots, missing, newest)
select ('00000000-0000-7000-a000-' || lpad(to_hex(s), 12, '0'))::uuid, ('00000000-0000-7000-9000-' || lpad(to_hex(s / 25), 12, '0'))::uuid,
  'P-' || (s / 5 %% 5), (%(codes)s::text[])[s %% 5 + 1], 'GB/T 1', 'tex', 'self', 30, 0, date '2025-01-01' + 290
from generate_series(0, %(series)s - 1) s
"""
# Lots come in as they are made: the rows of a series lie far from each other. One lot in four thousand is 6 sigma away.
ROWS = """
insert into inspections_characteristicresult (id, lot_id, supplier_org_id, org_id, product_code, made_on, characteristic_code, edition_code,
  unit, readings, decimals, measured_at, received_at, origin, entered_via, instrument, verdict, marks, said_key, said)
select uuidv7(), ('00000000-0000-7000-b000-' || lpad(to_hex(s / 5 * 100 + l), 12, '0'))::uuid, firm, firm, 'P-' || (s / 5 %% 5),
  date '2025-01-01' + l * 10, (%(codes)s::text[])[s %% 5 + 1], 'GB/T 1', 'tex',
  array[level + random_normal(0, 60)::int, level + random_normal(0, 60)::int, level + random_normal(0, 60)::int, level + random_normal(0, 60)::int,
        level + random_normal(0, 60)::int],
  2, now(), now(), 'self', 'file', '', 'in', '{}', uuidv7(), uuidv7()
from (
  select s, l, ('00000000-0000-7000-9000-' || lpad(to_hex(s / 25), 12, '0'))::uuid as firm,
    3850 + random_normal(0, 30)::int + case when random() < 0.00025 then 250 else 0 end as level
  from generate_series(0, %(lots)s - 1) l, generate_series(%(first)s, %(last)s - 1) s
) lots
"""
MEMORY = "benchmarks.series_rows_200000"


class SeriesRows200000(Race):
    title = "200,000 series of 30 lots with 5 readings, from stored rows to flags: 3 sigma, EWMA, spread too small"
    anchor = f"pandas: read_sql, explode, groupby.apply with agg, diff, ewm and rolling; {PART} series a round (notes show that it grows linearly)"
    ours = "inspections.services.watching.charts_of for each_block() of the night, two at a time as its task does, row security on; anew: with no lots kept before"
    limit = "reading the two columns of those rows once in the database (sum of cardinalities)"
    goal = "≥ 300× the anchor's series per second"
    over, at_least, unit = "anchor", 300.0, "series/s"

    def open(self, stack: ExitStack) -> None:
        name = stack.enter_context(cluster.database("seriesrows"))
        self._name = name
        self._free = cluster.superuser(stack, name)
        self._series = 2_000 if self.quick else 200_000
        asked = {"series": self._series, "codes": list(CODES), "lots": LOTS}
        self._free.execute("select setseed(0.26)")
        self._free.execute(SERIES, asked)
        step = 20_000
        for first in range(0, self._series, step):
            self._free.execute(ROWS, {**asked, "first": first, "last": min(first + step, self._series)})
        self._free.execute("vacuum (analyze) inspections_characteristicresult")
        self._free.execute("vacuum (analyze) inspections_watchedseries")

    def check(self) -> None:
        """The first hundred series through both: the same flags on the same lots, from the readings and from lots that were kept."""
        frame = read_rows(self._free, 0, PART)
        theirs = {(str(series), str(lot), kind) for series, lots in judge_all(frame).items() for lot, kind in lots}
        firms = {f"00000000-0000-7000-9000-{each:012x}" for each in range(PART // OF_A_SUPPLIER)}
        for way in ("anew", "kept"):
            ours = flags_of(firms)
            if not ours or ours != theirs:
                raise Unequal({way: len(ours), "anchor": len(theirs), "apart": sorted(ours ^ theirs)[:6]})
        kept = self._free.execute("select count(*) from inspections_watchedlots").fetchone()
        if not kept or kept[0] < PART:
            raise Unequal(f"{kept} series were kept")

    def lanes(self) -> Mapping[str, Callable[[], float]]:
        return {
            "ours": lambda: self._series / look(),
            "anew": lambda: self._series / self._anew(),
            "anchor": lambda: PART / self._pandas(PART),
            "limit": lambda: self._series / self._scan(),
        }

    def notes(self) -> list[str]:
        half, part = self._pandas(PART // 2), self._pandas(PART)
        grown = f"the anchor is linear: {PART // 2} series {half:.2f} s, {PART} series {part:.2f} s ({part / half:.2f} times)"
        child = subprocess.run(
            [sys.executable, "-m", MEMORY], env=cluster.environment(self._name), capture_output=True, text=True, check=True, timeout=600
        )
        told = json.loads(child.stdout.splitlines()[-1])
        return [
            grown,
            f"memory at most {told['megabytes']:.0f} MB in a process of its own, which found {told['signals']:,} signals in {told['seconds']:.1f} s",
        ]

    def _pandas(self, series: int) -> float:
        began = time.perf_counter()
        judge_all(read_rows(self._free, 0, series))
        return time.perf_counter() - began

    def _anew(self) -> float:
        self._free.execute("truncate inspections_watchedlots")
        took = look()
        self._free.execute("vacuum analyze inspections_watchedlots")
        return took

    def _scan(self) -> float:
        began = time.perf_counter()
        self._free.execute(
            "select sum(cardinality(readings)), max(lot_id::text) from inspections_characteristicresult where replaced_by is null"
        ).fetchone()
        return time.perf_counter() - began


def flags_of(firms: set[str]) -> set[tuple[str, str, str]]:
    """(series, lot, kind) of every signal in the series of these firms."""
    from inspections.services.watching import charts_of, night_blocks

    flags: set[tuple[str, str, str]] = set()
    for block in night_blocks():
        if mine := [supplier for supplier in block if str(supplier) in firms]:
            with transaction.atomic(), acting_as(Hat.CLOCK):
                flags |= {(str(series), str(lot), kind) for series, lot, kind, _key in charts_of(mine).found}
    return flags


def look() -> float:
    """Every block of the night, up to its flags."""
    began = time.perf_counter()
    seen()
    return time.perf_counter() - began


def seen() -> int:
    from inspections.services.watching import NIGHT_HANDS, charts_of, each_block

    def look_at(suppliers: list[UUID]) -> int:
        with transaction.atomic(), acting_as(Hat.CLOCK):
            return len(charts_of(suppliers).found)

    return sum(each_block(look_at, NIGHT_HANDS))


def main() -> None:
    """Once, in a process of its own, for its memory."""
    import django

    django.setup()
    began = time.perf_counter()
    found = seen()
    took = time.perf_counter() - began
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({"megabytes": megabytes, "signals": found, "seconds": took}) + "\n")


if __name__ == "__main__":
    main()
