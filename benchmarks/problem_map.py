"""The bureau's problem map of a city of 20,436 firms: one page from what was published, against the GROUP BY it equals; and the write tax."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import date, datetime
from importlib import import_module
from statistics import median
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from benchmarks import cluster
from benchmarks.base import Race, Unequal
from foundation.actor import Actor, Hat, acting_as

FIRMS, OF_A_FIRM, FILED, ROUNDS = 20_436, 96, 1000, 15
NOW = datetime.fromisoformat("2026-01-20T08:00:00+08:00")
QUARTER = date(2025, 10, 1)
CODES = ("PH", "FOR", "CF-RUB", "DIM", "FIB-CON", "APP-A", "YRN-STR", "YRN-EVN")
ORGANISATIONS = """
insert into parties_organisation (id, name_zh, name_en, pinyin_key, size, above_scale, region_id, town_id, node_codes, state, is_demo, created_at)
select ('00000000-0000-7000-9000-' || lpad(to_hex(n), 12, '0'))::uuid, '示例' || n, '', 'sl', 'small', false, r.codes[1 + n %% 12],
  case when n %% 12 = 0 then t.codes[1 + n / 12 %% 17] end, array[s.codes[1 + n / 12 %% 10]], 'verified', true, now()
from generate_series(0, %(firms)s - 1) n,
  (select array_agg(code order by (code <> '330203'), code) as codes from parties_region where parent_id = '330200') r,
  (select array_agg(code order by code) as codes from parties_region where parent_id = '330203') t,
  (select array_agg(code order by "order") as codes from parties_chainnode) s
"""
RESULTS = """
insert into inspections_characteristicresult (id, lot_id, supplier_org_id, org_id, product_code, made_on, characteristic_code, edition_code,
  unit, readings, decimals, measured_at, received_at, origin, entered_via, instrument, verdict, marks, said_key, said)
select uuidv7(), uuidv7(), firm, firm, 'P', date '2025-01-01' + (n * 37 + l * 11) %% 360, (%(codes)s::text[])[1 + (l + n) %% 8], '', '',
  '{66,67,65}', 1, now(), now(), 'self', 'file', '', case when random() < 0.01 + (n %% 7) / 100.0 then 'out' else 'in' end, '{}', uuidv7(), uuidv7()
from (select n, l, ('00000000-0000-7000-9000-' || lpad(to_hex(n), 12, '0'))::uuid as firm
  from generate_series(%(first)s, %(last)s - 1) n, generate_series(0, %(each)s - 1) l) rows
"""
GROUPED = """
select category, region, town, node, count(*), count(*) filter (where worst = 1), count(*) filter (where worst = 2), count(*) filter (where worst = 3)
from (
  select k.category, coalesce(o.region_id, '') as region, coalesce(o.town_id, '') as town, coalesce(o.node_codes[1], '') as node, r.supplier_org_id,
    max(case when r.verdict = 'in' then 0 when k.category = 'safety' then 3 else 2 end) as worst
  from inspections_characteristicresult r join parties_organisation o on o.id = r.supplier_org_id
  cross join lateral (select weak_link_of_characteristic(r.characteristic_code) as category) k
  where r.replaced_by is null and r.verdict in ('in', 'out') and r.made_on >= %s and r.made_on < %s
  group by 1, 2, 3, 4, 5
) firms group by 1, 2, 3, 4 order by 1, 2, 3, 4
"""
KEPT = """
select category, region_code, town_code, node_code, sum(firms), sum(minor), sum(major), sum(critical) from oversight_weaklinkcell
where period_on = %s group by 1, 2, 3, 4 having sum(firms) <> 0 order by 1, 2, 3, 4
"""
OWN = "weak_links_of_new_results"


class ProblemMap(Race):
    title = "the problem map of a city of 20,436 firms and two million results: the questions of one page, in the database"
    anchor = "GROUP BY over results and firms: who was looked at in the quarter, who failed, by category, place and step"
    ours = "the page's own questions of the published quarter, as the bureau: row security on"
    limit = "one row by its key, same connection"
    goal = "≥ 1,000× the GROUP BY it equals, and ≤ 5 ms in the database; write tax ≤ 1.3×"
    over, at_least, unit = "anchor", 1000.0, "pages/s"

    def open(self, stack: ExitStack) -> None:
        name = stack.enter_context(cluster.database("problemmap"))
        self._free = cluster.superuser(stack, name)
        firms = FIRMS // 20 if self.quick else FIRMS
        self._free.execute(ORGANISATIONS, {"firms": firms})
        for first in range(0, firms, 2000):
            rows = {"codes": list(CODES), "first": first, "last": min(first + 2000, firms), "each": OF_A_FIRM}
            self._free.execute(RESULTS, rows)
        self._free.execute("set session_replication_role = origin")
        kept: Any = import_module("oversight.migrations.0002_problem_map")
        self._free.execute(kept.COUNTED.format(changed=kept.EVERYTHING) + "select weak_links_fold()")
        for table in ("parties_organisation", "inspections_characteristicresult", "oversight_weaklinkfirm", "oversight_weaklinkcell"):
            self._free.execute(f"vacuum (analyze) {table}")
        self._bureau = Actor(hat=Hat.BUREAU, org_id=UUID(int=1), person_id=UUID(int=2))
        self._seconds: list[float] = []

    def check(self) -> None:
        """The kept counts are those of the GROUP BY, and what was published is made of them, hidden cells without a number."""
        from oversight.categories import CATEGORIES
        from oversight.models import WeakLinkFigure
        from oversight.selectors.problem_map import ground, leaves_of
        from oversight.services.problem_map import publish_quarter
        from oversight.weak_links import figures_of

        grouped = self._free.execute(GROUPED, (QUARTER, date(2026, 1, 1))).fetchall()
        if grouped != self._free.execute(KEPT, (QUARTER,)).fetchall() or len(grouped) < 100:
            raise Unequal({"cells": len(grouped)})
        publish_quarter(period_on=QUARTER, now=NOW)
        self._free.execute("vacuum (analyze) oversight_weaklinkfigure")
        with acting_as(Hat.CLOCK), transaction.atomic():
            places = ground()
            made = [
                (code, *figure.cell, figure.tally and figure.tally.firms, figure.lower)
                for code in CATEGORIES
                for figure in figures_of(leaves_of(QUARTER, code, places), places)
            ]
            kept = WeakLinkFigure.objects.values_list("category", "place_code", "node_code", "firms", "lower")
            if sorted(made, key=str) != sorted(kept, key=str):
                raise Unequal({"published": len(kept), "made": len(made)})

    def lanes(self) -> Mapping[str, Callable[[], float]]:
        return {"ours": self._ours, "anchor": self._grouped, "limit": self._one_row}

    def _ours(self, pages: int = 40) -> float:
        """Pages a second by the database's own time: each statement of the page is timed, the making of objects is not."""
        from oversight.selectors.problem_map import city_by_category, figures_in, ground, published_quarters
        from oversight.weak_links import CITY

        spent = 0.0
        with transaction.atomic(), acting_as(Hat.BUREAU, org_id=self._bureau.org_id):
            here = [CITY, *ground().districts]
            for _ in range(pages):
                with CaptureQueriesContext(connection) as asked:
                    published_quarters(self._bureau)
                    city_by_category(self._bureau, period_on=QUARTER)
                    figures_in(self._bureau, period_on=QUARTER, category="colour", places=here)
                statements = [query["sql"] for query in asked.captured_queries]
                with connection.cursor() as cursor:
                    began = time.perf_counter()
                    for statement in statements:
                        cursor.execute(statement)
                        cursor.fetchall()
                    spent += time.perf_counter() - began
        self._seconds.append(spent / pages)
        return pages / spent

    def _grouped(self) -> float:
        began = time.perf_counter()
        self._free.execute(GROUPED, (QUARTER, date(2026, 1, 1))).fetchall()
        return 1 / (time.perf_counter() - began)

    def _one_row(self, rows: int = 200) -> float:
        began = time.perf_counter()
        for _ in range(rows):
            self._free.execute("select * from oversight_weaklinkcut where period_on = %s", (QUARTER,)).fetchall()
        return rows / (time.perf_counter() - began)

    def notes(self) -> list[str]:
        taxed, free = self._tax()
        return [
            f"the page's questions take {1000 * median(self._seconds):.2f} ms in the database",
            f"write tax: {FILED} results of one firm filed in {1000 * taxed:.1f} ms with our trigger, {1000 * free:.1f} ms without: {taxed / free:.2f}×",
        ]

    def _tax(self) -> tuple[float, float]:
        """Medians of filing with and without the trigger, in turn; each filing is undone."""
        found: dict[bool, list[float]] = {True: [], False: []}
        for number in range(2 * ROUNDS):
            on = number % 2 == 0
            self._free.execute("begin")
            if not on:
                self._free.execute(f"alter table inspections_characteristicresult disable trigger {OWN}")
            # The lots of these rows are made up: what holds a result to its lot looks the other way, in both.
            self._free.execute("alter table inspections_characteristicresult disable trigger results_have_the_sides_of_their_lots")
            began = time.perf_counter()
            self._free.execute(RESULTS, {"codes": list(CODES), "first": number, "last": number + 1, "each": FILED})
            found[on].append(time.perf_counter() - began)
            self._free.execute("rollback")
        return median(found[True]), median(found[False])
