"""The variance tree over 400 suppliers × 25 lots × 5 readings, from stored rows, with the hat on; and the chart of 400 lots."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from django.db import transaction

from benchmarks import cluster
from benchmarks.base import Race, Unequal
from foundation.actor import as_actor
from tests.cast import actor

READINGS, TODAY = 5, date(2026, 7, 20)
LOTS = """
insert into inspections_lot (id, link_id, owner_org_id, supplier_org_id, owner_name_zh, owner_name_en, supplier_name_zh, supplier_name_en, lot_no,
  product_code, product, colour, node_code, made_on, quantity, unit, state, state_since, token, note, registered_by, registered_at, client_id, is_demo)
select gen_random_uuid(), gen_random_uuid(), %(owner)s, ('00000000-0000-7000-9000-' || lpad(to_hex(s), 12, '0'))::uuid, '主', '', '供', '',
  'L' || l, 'YARN', '纱', '', '', date '2026-07-01' - l, 1000, 'kg', 'registered', now(), 'b' || s || '-' || l, '', '', now(), gen_random_uuid(), true
from generate_series(1, %(suppliers)s) s, generate_series(1, %(lots)s) l
"""
# Each supplier has its mean, each lot lies about it, each reading about its lot: tenths of a tex.
RESULTS = """
insert into inspections_characteristicresult (id, lot_id, owner_org_id, supplier_org_id, org_id, product_code, made_on, characteristic_code,
  edition_code, unit, readings, decimals, measured_at, received_at, origin, entered_via, instrument, verdict, marks, said_key, said)
select gen_random_uuid(), id, owner_org_id, supplier_org_id, supplier_org_id, product_code, made_on, 'YRN-CNT', 'GB/T 4743-2009', 'tex',
  (select array_agg((3850 + 40 * s.mean + 25 * s.lot + x)::int) from (select random_normal(0, 20) as x from generate_series(1, 5) where s.id is not null) y), 2, now(), now(), 'self', 'file', '',
  'in', '{}', gen_random_uuid(), gen_random_uuid()
from (select l.*, sin(hashtext(supplier_org_id::text)) as mean, random_normal() as lot from inspections_lot l) s
"""
WANTED = """
select supplier_org_id::text as supplier, lot_id::text as lot, decimals, readings from inspections_characteristicresult
where owner_org_id = %(owner)s and characteristic_code = 'YRN-CNT' and edition_code = 'GB/T 4743-2009' and unit = 'tex' and replaced_by is null
"""


class _Stored(Race):
    """Rows as they are kept, of one chain owner; links are not written: names are no part of the figures."""

    over, unit = "anchor", "pages/s"
    suppliers: int
    lots: int

    def open(self, stack: ExitStack) -> None:
        name = stack.enter_context(cluster.database(type(self).__name__.lower()))
        self._free, self._chen = cluster.superuser(stack, name), actor("chen")
        self._free.execute("select setseed(0.11)")
        self._free.execute("set session_replication_role = replica")
        many = {"owner": self._chen.org_id, "suppliers": min(self.suppliers, 40) if self.quick else self.suppliers, "lots": self.lots}
        self._free.execute(LOTS, many)
        self._free.execute(RESULTS)
        for table in ("lot", "characteristicresult"):
            self._free.execute(f"vacuum (analyze) inspections_{table}")

    def _frame(self) -> pd.DataFrame:
        with self._free.cursor() as cursor:
            rows = cursor.execute(WANTED, {"owner": self._chen.org_id}).fetchall()
        frame = pd.DataFrame(rows, columns=["supplier", "lot", "decimals", "readings"]).explode("readings")
        frame["value"] = frame["readings"].astype(float) / 10.0 ** frame["decimals"]
        return frame

    def notes(self) -> list[str]:
        return [f"memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB at most"]


class VarianceTree400(_Stored):
    title = "the variance tree and the comparison of 400 suppliers × 25 lots × 5 readings, from stored rows"
    anchor = "pandas: explode, groupby for every mean, the nested sums of squares by transform; no row security (superuser)"
    ours = "inspections.selectors.consistency.pool_of(), tree_of() with intervals and compare() with intervals, the hat on"
    limit = "the rows fetched as tuples, nothing worked out"
    goal = "at most twice the time of the anchor, which works out neither intervals nor the comparison"
    at_least = 0.5
    suppliers, lots = 400, 25

    def check(self) -> None:
        theirs, ours = shares(self._frame()), {branch.name: branch.share for branch in self._told()[0].branches}
        if set(theirs) != set(ours) or any(abs(theirs[name] - ours[name]) > 1e-9 for name in theirs):
            raise Unequal(f"shares differ: {theirs} and {ours}")

    def lanes(self) -> Mapping[str, Callable[[], float]]:
        return {
            "ours": lambda: rate(self._told),
            "anchor": lambda: rate(lambda: shares(self._frame())),
            "limit": lambda: rate(lambda: self._free.execute(WANTED, {"owner": self._chen.org_id}).fetchall()),
        }

    def _told(self) -> Any:
        from inspections.consistency import compare, tree_of
        from inspections.selectors.consistency import Group, Window, pool_of

        window, group = Window(date(2026, 1, 1), TODAY), Group("GB/T 4743-2009", "tex", 0, TODAY)
        with transaction.atomic(), as_actor(self._chen):
            pool = pool_of(self._chen, "YRN-CNT", "variable", window, group)
        return tree_of(pool), compare(pool)


class Chart400(_Stored):
    title = "the control chart of one series of 400 lots × 5 readings, from stored rows to the drawing"
    anchor = "pandas: explode, groupby mean, limits from the mean moving range, ewm(); no drawing, no row security (superuser)"
    ours = "inspections.selectors.series.series_of() and the chart as SVG, the hat on"
    limit = "the rows fetched as tuples, nothing worked out"
    goal = "at most four times the time of the anchor, which draws nothing and holds nothing against an agreement"
    at_least = 0.25
    suppliers, lots = 1, 400

    def check(self) -> None:
        theirs, ours = means(self._frame()), np.sort(np.array([float(np.mean(lot)) for lot in self._series().readings]))
        if len(theirs) != len(ours) or not np.allclose(np.sort(theirs), ours):
            raise Unequal("lot means differ")

    def lanes(self) -> Mapping[str, Callable[[], float]]:
        return {
            "ours": lambda: rate(self._drawn),
            "anchor": lambda: rate(lambda: means(self._frame())),
            "limit": lambda: rate(lambda: self._free.execute(WANTED, {"owner": self._chen.org_id}).fetchall()),
        }

    def _series(self) -> Any:
        from inspections.selectors.series import Key, series_of

        supplier = self._free.execute("select supplier_org_id from inspections_lot limit 1").fetchone()[0]
        with transaction.atomic(), as_actor(self._chen):
            return series_of(self._chen, Key(supplier, self._chen.org_id, "YARN", "YRN-CNT", "GB/T 4743-2009", "self"))

    def _drawn(self) -> Any:
        from inspections.series_cards import shown

        return shown(self._series(), name="chart")


def means(frame: pd.DataFrame) -> np.ndarray:
    """Lot means with their limits and the moving average, as the documentation of pandas would have it."""
    lots = frame.groupby("lot", sort=False)["value"].mean()
    sigma = lots.diff().abs().mean() / 1.1283791670955126
    assert (lots.mean() + 3 * sigma) > lots.ewm(alpha=0.2, adjust=False).mean().iloc[-1]
    return lots.to_numpy()


def shares(frame: pd.DataFrame) -> dict[str, float]:
    """Shares of a nested analysis of variance with groups of one size each."""
    n, total = len(frame), frame["value"].mean()
    by_lot = frame.groupby("lot")["value"].transform("mean")
    by_firm = frame.groupby("supplier")["value"].transform("mean")
    firms, lots = frame["supplier"].nunique(), frame["lot"].nunique()
    within = ((frame["value"] - by_lot) ** 2).sum() / (n - lots)
    lot = (((by_lot - by_firm) ** 2).sum() / (lots - firms) - within) / (n / lots)
    firm = (((by_firm - total) ** 2).sum() / (firms - 1) - within - lot * n / lots) / (n / firms)
    parts = {"supplier": max(firm, 0.0), "lot": max(lot, 0.0), "within": within}
    return {name: part / sum(parts.values()) for name, part in parts.items()}


def rate(work: Callable[[], Any]) -> float:
    """Pages a second."""
    began = time.perf_counter()
    work()
    return 1 / (time.perf_counter() - began)
