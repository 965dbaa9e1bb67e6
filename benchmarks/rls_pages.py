"""What the second wall costs: one page of 20 out of a million shared rows, per hat, with row security and without."""

from __future__ import annotations

import json
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any, ClassVar
from uuid import UUID

import psycopg
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from benchmarks import cluster, machine
from benchmarks.base import MET, MISSED, NO_VERDICT, Benchmark, Result, Unequal
from benchmarks.rounds import race
from foundation.actor import Actor, Hat, as_actor

PAGE, ROWS, AGREEMENTS, SUPPLIERS, OWNERS = 20, 1_000_000, 6_000, 1_980, 20
MOST_PAGES, MOST_MS = 2.0, 2.0

# Owner 1 has a sixth of the agreements, owner 20 has 51, the others share the rest; every supplier has about three.
FIRMS = """
create temporary table pair as
select n, ('00000000-0000-7000-8000-' || lpad(to_hex(case when n <= 1000 then 1 when n <= 1051 then 20 else 2 + n %% 18 end), 12, '0'))::uuid as owner,
  ('00000000-0000-7000-9000-' || lpad(to_hex(n %% %(suppliers)s), 12, '0'))::uuid as supplier,
  ('00000000-0000-7000-a000-' || lpad(to_hex(n), 12, '0'))::uuid as agreement
from generate_series(1, %(agreements)s) n
"""
AGREED = """
insert into agreements_agreement (id, number, owner_org_id, supplier_org_id, owner_name_zh, owner_name_en, supplier_name_zh, supplier_name_en,
  link_id, stream_id, template_code, region_code, town_code, node_codes, state, effective_from, sent_at, signed_at, is_demo, created_at)
select agreement, 'B-' || n, owner, supplier, '主', '', '供', '', gen_random_uuid(), gen_random_uuid(), 'garment-1', '330203', '330203009',
  '{}', 'in_force', date '2026-01-05', now(), now(), true, timestamptz '2026-01-05 09:00+08' + n * interval '1 second' from pair
"""
# Rows of all firms lie mixed on the disk, as time would have written them.
OWED = """
insert into agreements_obligation (id, agreement_id, owner_org_id, supplier_org_id, clause_id, kind, side, key, created_at, due_on)
select uuidv7(), p.agreement, p.owner, p.supplier, gen_random_uuid(), 'document', case k %% 3 when 0 then 'owner' else 'supplier' end, 'k' || k,
  timestamptz '2026-01-05 09:00+08', date '2026-01-05' + (hashtext(p.n || ':' || k) & 2047)
from generate_series(1, %(rows)s / %(agreements)s + 1) k cross join pair p limit %(rows)s
"""


@dataclass(frozen=True)
class Viewer:
    """One hat on one firm, and the column by which an application without row security would filter."""

    name: str
    actor: Actor


def firm(group: str, number: int) -> UUID:
    return UUID(f"00000000-0000-7000-{group}-{number:012x}")


VIEWERS = (
    Viewer("owner, 167,000", Actor(Hat.OWNER, firm("8000", 1))),
    Viewer("owner, 8,500", Actor(Hat.OWNER, firm("8000", 20))),
    Viewer("supplier, 500", Actor(Hat.SUPPLIER, firm("9000", 7))),
    Viewer("bureau, all", Actor(Hat.BUREAU, firm("b000", 1))),
)


class RowSecurityPages(Benchmark):
    title = "one page of 20 out of 1,000,000 obligations of 2,000 firms, per hat"
    anchor = "the same statement without row security (superuser); the application's own filter stands in both"
    ours: ClassVar[str] = "agreements.selectors.obligations(actor) with the hat on: first page, and a page from the middle by its cursor"
    limit = "the same statement without row security"
    goal = f"at most {MOST_PAGES:g}× the pages and at most {MOST_MS:g} ms, by the index of the hat"

    def open(self, stack: ExitStack) -> None:
        name = stack.enter_context(cluster.database("rls"))
        self._free = cluster.superuser(stack, name)
        amounts = {"rows": 200_000 if self.quick else ROWS, "agreements": AGREEMENTS, "suppliers": SUPPLIERS}
        for statement in (FIRMS, AGREED, OWED):
            psycopg.ClientCursor(self._free).execute(statement, amounts)
        self._free.execute("vacuum (analyze) agreements_obligation")
        self._free.execute("vacuum (analyze) agreements_agreement")
        self._asked = {(viewer.name, place): statements_of(viewer.actor, place) for viewer in VIEWERS for place in ("first", "middle")}

    def check(self) -> None:
        for (name, place), statements in self._asked.items():
            with transaction.atomic(), as_actor(actor_of(name)):
                mine = [fetched(statement) for statement in statements]
            theirs = [self._free.execute(statement).fetchall() for statement in statements]
            # The rows that come beside the page have no order of their own.
            same = mine[0] == theirs[0] and all(sorted(map(str, a)) == sorted(map(str, b)) for a, b in zip(mine, theirs, strict=True))
            if not same or len(mine[0]) != PAGE + 1:
                raise Unequal(
                    f"{name}, {place} page: {len(mine[0])} rows with row security, {len(theirs[0])} without, or not the same ones"
                )

    def measure(self) -> Result:
        load_before = machine.wait_until_quiet(0 if self.quick else machine.PATIENCE)
        lanes: dict[str, Any] = {}
        for (name, place), statements in self._asked.items():
            lanes[f"{name}|{place}|with"] = lambda n=name, s=statements: timed_with(actor_of(n), s)
            lanes[f"{name}|{place}|without"] = lambda s=statements: timed_without(self._free, s)
        rounds = race(lanes, rounds=5 if self.quick else 31)
        lines = [f"{'hat and rows':<16} {'page':<7} {'ms with':>8} {'without':>8} {'pages with':>11} {'without':>8}  index"]
        met, figures = True, {}
        for (name, place), statements in self._asked.items():
            ms = [median(rounds[f"{name}|{place}|{side}"]) for side in ("with", "without")]
            pages, index = self._pages(actor_of(name), statements)
            good = pages[0] <= MOST_PAGES * pages[1] and ms[0] <= MOST_MS and index != ""
            met = met and good
            said = f"{index or 'NONE'}{'' if good else '   ← missed'}"
            lines.append(f"{name:<16} {place:<7} {ms[0]:>8.2f} {ms[1]:>8.2f} {pages[0]:>11,} {pages[1]:>8,}  {said}")
            figures[f"{name}, {place}"] = {"ms": ms, "pages": pages, "index": index}
        lines.append(f"load average before timing: {load_before:.2f} on {machine.cores()} cores")
        busy = machine.too_busy(load_before, machine.cores())
        return Result(NO_VERDICT if busy else MET if met else MISSED, lines, figures)

    def _pages(self, actor: Actor, statements: list[str]) -> tuple[list[int], str]:
        """Shared pages of all statements with row security and without, and the index of the page's own rows."""
        with transaction.atomic(), as_actor(actor):
            walled = [json_plan(fetched(f"{EXPLAIN} {statement}")[0]) for statement in statements]
        free = [json_plan(self._free.execute(f"{EXPLAIN} {statement}").fetchone()) for statement in statements]
        return [sum(map(buffers, walled)), sum(map(buffers, free))], index_used(walled[0])


def actor_of(name: str) -> Actor:
    return next(viewer.actor for viewer in VIEWERS if viewer.name == name)


def statements_of(actor: Actor, place: str) -> list[str]:
    """What the product's selector really asks, as SQL with its values in it: the page, then what it fetches beside."""
    from agreements.selectors import obligations

    after: tuple[date, UUID] | None = None
    today = date(2026, 11, 22)
    with transaction.atomic(), as_actor(actor):
        if place == "middle":
            middle = obligations(actor, today=today, after=(date(2028, 10, 1), UUID(int=0)), limit=1)[0]
            after = (middle.due_on, middle.pk)
        with CaptureQueriesContext(connection) as queries:
            obligations(actor, today=today, after=after, limit=PAGE)
    return [query["sql"] for query in queries.captured_queries if query["sql"].startswith("SELECT")]


def fetched(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def timed_with(actor: Actor, statements: list[str]) -> float:
    """Milliseconds of the page with the hat on; putting it on is the request's cost, not the page's."""
    with transaction.atomic(), as_actor(actor):
        began = time.perf_counter()
        for statement in statements:
            fetched(statement)
        return (time.perf_counter() - began) * 1000


def timed_without(free: Any, statements: list[str]) -> float:
    began = time.perf_counter()
    for statement in statements:
        free.execute(statement).fetchall()
    return (time.perf_counter() - began) * 1000


EXPLAIN = "explain (analyze, buffers, timing off, format json)"


def json_plan(row: Any) -> dict[str, Any]:
    plan = json.loads(row[0]) if isinstance(row[0], str) else row[0]
    return plan[0]["Plan"]


def buffers(plan: dict[str, Any]) -> int:
    """Shared pages touched by the whole statement."""
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


def index_used(plan: dict[str, Any]) -> str:
    """The index through which the obligations are read, and whether its rows had to be sorted; "" when the table is scanned."""
    sorts = plan["Node Type"] in ("Sort", "Incremental Sort")
    if str(plan.get("Index Name", "")).startswith("obligation"):
        return str(plan["Index Name"])
    found = next((found for inner in plan.get("Plans", []) if (found := index_used(inner))), "")
    return f"{found}, sorted" if sorts and found else found
