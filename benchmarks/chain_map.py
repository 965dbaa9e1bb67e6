"""The bureau's chain map of a city of 20,436 firms: one page from kept counts, against the GROUP BY it equals; and the write tax."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import date
from statistics import median
from uuid import UUID

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from benchmarks import cluster
from benchmarks.base import Race, Unequal
from benchmarks.problem_map import FIRMS, ORGANISATIONS
from foundation.actor import Actor, Hat, acting_as

TODAY, PAPERS, AGREEMENTS, WRITES, ROUNDS = date(2026, 1, 20), 6, 5, 40, 11
UNFOLDED = (10, 100, 1000)
FIRM = "('00000000-0000-7000-9000-' || lpad(to_hex(n), 12, '0'))::uuid"
SPREAD = "update parties_organisation o set size = (array['micro', 'small', 'medium', 'large'])[1 + (hashtext(o.id::text) & 3)] where name_en = ''"
CERTIFICATES = f"""
insert into suppliers_paper (id, org_id, kind, standard, number, scope, issuer, issued_on, expires_on, evidence_id, state, filed_at)
select uuidv7(), {FIRM}, case when p %% 2 = 0 then 'certificate' else 'report' end, '', '', '', '', date '2024-01-01', date '2024-06-01' + (n * 13 + p * 97) %% 900,
  uuidv7(), 'verified', now() from generate_series(0, %(firms)s - 1) n, generate_series(1, %(each)s) p
"""
SIGNED = f"""
insert into agreements_agreement (id, number, owner_org_id, supplier_org_id, owner_name_zh, owner_name_en, supplier_name_zh, supplier_name_en, link_id,
  stream_id, template_code, region_code, town_code, node_codes, state, is_demo, created_at)
select uuidv7(), 'A-' || n || '-' || a, '00000000-0000-7000-8000-000000000001', {FIRM}, '', '', '', '', uuidv7(), uuidv7(), '', '', '', '{{}}',
  case when (n + a) %% 9 = 0 then 'in_force' else (array['expired', 'draft', 'terminated'])[1 + a %% 3] end, true, now()
from generate_series(0, %(firms)s - 1) n, generate_series(1, %(each)s) a
"""
TOUCHED = "insert into oversight_chaintouch (id, org_ids) select uuidv7(), array_agg(id) from parties_organisation where node_codes <> '{}'"
FOLD = "select chain_fold(%s)"
# As somebody would write it who knows that a subquery for each firm takes minutes.
GROUPED = """
with held as (
  select distinct org_id from suppliers_paper
  where kind = 'certificate' and retired_at is null and state <> 'rejected' and coalesce(expires_on, 'infinity') >= %s
), bound as (
  select supplier_org_id as org_id from agreements_agreement where state in ('signed', 'in_force', 'suspended')
  union select owner_org_id from agreements_agreement where state in ('signed', 'in_force', 'suspended')
), firm as (
  select o.region_id as region, coalesce(o.town_id, '') as town, o.node_codes, o.size, o.above_scale, h.org_id is not null as certified,
    b.org_id is not null as signed
  from parties_organisation o left join held h on h.org_id = o.id left join bound b on b.org_id = o.id
  where o.state <> 'closed' and o.node_codes <> '{}' and o.region_id is not null
)
select place.parent, place.code, step.node, size, count(*), sum(above_scale::int), sum(certified::int), sum(signed::int)
from firm cross join lateral (select '330200' as parent, region as code union all select region, town where town <> '' and region = '330203') place
cross join lateral (select '' as node union all select distinct unnest(node_codes)) step
group by 1, 2, 3, 4
"""
TRIGGERS = {
    "agreements_agreement": "chain_is_counted_after_update_on_agreement",
    "suppliers_paper": "chain_is_counted_after_insert_on_paper",
    "parties_organisation": "chain_is_counted_after_update_on_organisation",
}
# Each finds its row by key, and each changes what is counted (but for the last): else a search or a no would hide what the trigger costs.
DRAFTS = "select id from agreements_agreement where state = 'draft' order by id"
SIGN = "update agreements_agreement set state = case state when 'signed' then 'draft' else 'signed' end where id = %s"
TOUCH = "update agreements_agreement set sent_at = now() where id = %s"
FILE = f"""
insert into suppliers_paper (id, org_id, kind, standard, number, scope, issuer, issued_on, expires_on, evidence_id, state, filed_at)
select uuidv7(), {FIRM}, 'certificate', '', '', '', '', date '2024-01-01', date '2029-06-01', uuidv7(), 'uploaded', now() from (select %s::int as n) one
"""
MOVE = f"update parties_organisation set size = case size when 'large' then 'small' else 'large' end from (select %s::int as n) one where id = {FIRM}"
MOVE_MANY = """
update parties_organisation o set size = case o.size when 'large' then 'small' else 'large' end
from (select id from parties_organisation where name_en = '' order by id limit %s) moved where o.id = moved.id
"""


class ChainMap(Race):
    title = "the chain map of a city of 20,436 firms with 122,616 papers and 102,180 agreements: the questions of one page, in the database"
    anchor = "GROUP BY over firms, papers and agreements: place × step × size, with certified and signed firms"
    ours = "the page's own questions of what is added up and what was touched since, as the bureau: row security on"
    limit = "one row by its key, same connection"
    goal = "≥ 1,000× the GROUP BY it equals, and ≤ 5 ms in the database; write tax ≤ 1.3×"
    over, at_least, unit = "anchor", 1000.0, "pages/s"

    def open(self, stack: ExitStack) -> None:
        name = stack.enter_context(cluster.database("chainmap"))
        self._free = cluster.superuser(stack, name)
        firms = FIRMS // 20 if self.quick else FIRMS
        self._free.execute(ORGANISATIONS, {"firms": firms})
        self._free.execute(SPREAD)
        self._free.execute(CERTIFICATES, {"firms": firms, "each": PAPERS})
        self._free.execute(SIGNED, {"firms": firms, "each": AGREEMENTS})
        self._free.execute(TOUCHED)
        self._free.execute(FOLD, (TODAY,))
        for table in ("parties_organisation", "suppliers_paper", "agreements_agreement", "oversight_chainfirm", "oversight_chaintouch"):
            self._free.execute(f"vacuum (analyze) {table}")
        self._drafts = [row[0] for row in self._free.execute(DRAFTS).fetchall()]
        self._bureau = Actor(hat=Hat.BUREAU, org_id=UUID(int=1), person_id=UUID(int=2))
        self._firms, self._seconds, self._grouped_seconds = firms, list[float](), list[float]()

    def check(self) -> None:
        """What the page reads is what the GROUP BY counts: all of it added up, then with two hundred writes that are not."""
        self._equal()
        self._free.execute("set session_replication_role = origin")
        for n in range(100):
            self._free.execute(SIGN, (self._drafts.pop(),))
            self._free.execute(FILE, (n,))
        self._free.execute("set session_replication_role = replica")
        self._equal()
        self._free.execute(FOLD, (TODAY,))
        self._equal()

    def _equal(self) -> None:
        from oversight.selectors.chain_map import platform_now

        grouped = sorted(map(tuple, self._free.execute(GROUPED, (TODAY,)).fetchall()))
        with transaction.atomic(), acting_as(Hat.BUREAU, org_id=self._bureau.org_id):
            rows = platform_now(self._bureau).under(["330200", "330203"])
        kept = sorted(
            (r.parent, r.place, r.node, r.size, r.counts.firms, r.counts.above_scale, r.counts.certified, r.counts.signed)
            for r in rows
            if r.place
        )
        said = [(*row[:3], row[3] or "unsaid", *row[4:]) for row in grouped]
        if sorted(said) != kept or len(kept) < 100:
            raise Unequal({"cells": len(said), "kept": len(kept), "apart": sorted(set(said) ^ set(kept))[:6]})

    def lanes(self) -> Mapping[str, Callable[[], float]]:
        return {"ours": self._ours, "anchor": self._grouped, "limit": self._one_row}

    def _ours(self, pages: int = 40) -> float:
        """Pages a second by the database's own time: each statement of the page is timed, the making of objects is not."""
        from oversight.selectors.chain_page import ChainAsked, chain_look

        with transaction.atomic(), acting_as(Hat.BUREAU, org_id=self._bureau.org_id):
            with CaptureQueriesContext(connection) as asked:
                chain_look(self._bureau, ChainAsked())
            statements = [query["sql"] for query in asked.captured_queries]
            with connection.cursor() as cursor:
                began = time.perf_counter()
                for _ in range(pages):
                    for statement in statements:
                        cursor.execute(statement)
                        cursor.fetchall()
                spent = time.perf_counter() - began
        self._seconds.append(spent / pages)
        return pages / spent

    def _grouped(self) -> float:
        began = time.perf_counter()
        self._free.execute(GROUPED, (TODAY,)).fetchall()
        self._grouped_seconds.append(time.perf_counter() - began)
        return 1 / self._grouped_seconds[-1]

    def _one_statement(self, times: int = 400) -> float:
        """Seconds of the one statement of the page that says what the GROUP BY says."""
        from oversight.selectors.chain_map import platform_now

        found = []
        with transaction.atomic(), acting_as(Hat.BUREAU, org_id=self._bureau.org_id):
            with CaptureQueriesContext(connection) as asked:
                platform_now(self._bureau)
            (statement,) = [query["sql"] for query in asked.captured_queries]
            with connection.cursor() as cursor:
                for _ in range(times):
                    began = time.perf_counter()
                    cursor.execute(statement)
                    cursor.fetchall()
                    found.append(time.perf_counter() - began)
        return median(found)

    def _one_row(self, rows: int = 200) -> float:
        began = time.perf_counter()
        for _ in range(rows):
            self._free.execute("select id, day from oversight_chainsum where id = 1").fetchall()
        return rows / (time.perf_counter() - began)

    def _while_not_added_up(self, writes: int) -> float:
        """Milliseconds of a page's questions when so many firms were touched since the clock last added up."""
        self._free.execute(MOVE_MANY, (writes,))
        self._ours()
        self._free.execute(FOLD, (TODAY,))
        self._free.execute("vacuum oversight_chaintouch")
        return 1000 * self._seconds.pop()

    def notes(self) -> list[str]:
        self._free.execute("set session_replication_role = origin")
        page, grouped, alone = median(self._seconds), median(self._grouped_seconds), self._one_statement()
        touched = ", ".join(f"{n:,}: {self._while_not_added_up(n):.2f} ms" for n in UNFOLDED)
        lines = [
            f"the page's questions take {1000 * page:.2f} ms in the database; with firms touched since the clock added up, {touched}",
            f"the one of them that says what the GROUP BY says takes {1000 * alone:.3f} ms: {grouped / alone:,.0f}× faster",
            f"the GROUP BY grows with the firms and the page does not: 1,000× from about {1000 * page / grouped * self._firms:,.0f} firms on",
        ]
        for what, table, statement, value in (
            ("an agreement signed", "agreements_agreement", SIGN, lambda n: self._drafts[n % len(self._drafts)]),
            ("a certificate filed", "suppliers_paper", FILE, lambda n: n),
            ("a firm's size changed", "parties_organisation", MOVE, lambda n: n),
            ("an agreement looked at again", "agreements_agreement", TOUCH, lambda n: self._drafts[n % len(self._drafts)]),
        ):
            taxed, free = self._tax(table, statement, value)
            lines.append(
                f"write tax: {what}, one statement: {1000 * taxed:.2f} ms with our trigger, {1000 * free:.2f} ms without: {taxed / free:.2f}×"
            )
        return lines

    def _tax(self, table: str, statement: str, value: Callable[[int], object]) -> tuple[float, float]:
        """Medians of one write and its commit, with and without the trigger, in turn."""
        found: dict[bool, list[float]] = {True: [], False: []}
        for number in range(2 * ROUNDS):
            on = number % 2 == 0
            self._free.execute(f"alter table {table} {'enable' if on else 'disable'} trigger {TRIGGERS[table]}")
            for n in range(WRITES):
                began = time.perf_counter()
                self._free.execute(statement, (value(number * WRITES + n),))
                found[on].append(time.perf_counter() - began)
        return median(found[True]), median(found[False])
