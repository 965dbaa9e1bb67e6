"""10,000 visits of a year through ticker processes that race, jump in time and are killed: each is made once, and none is lost."""

from __future__ import annotations

import random
import subprocess
import time
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

from benchmarks import cluster
from benchmarks.base import MET, MISSED, Benchmark, Result
from benchmarks.processes import kill, start

NOW = datetime.fromisoformat("2026-07-20T00:05:00+08:00")
# One rhythm for each relation; four visits a year and the one that ends it.
SITES = """
insert into suppliers_site (id, org_id, name_zh, name_en, address, region_code, town_code, node_codes, is_main, created_at)
select uuidv7(), id, '本部', '', '', '', '', '{}', true, now() from (select distinct supplier_org_id as id from agreements_agreement where template_code = 'visits') s
"""
AGREED = """
insert into agreements_agreement (id, number, owner_org_id, supplier_org_id, owner_name_zh, owner_name_en, supplier_name_zh, supplier_name_en,
  link_id, stream_id, template_code, region_code, town_code, node_codes, state, effective_from, sent_at, signed_at, is_demo, created_at)
select ('00000000-0000-7000-a000-' || lpad(to_hex(n), 12, '0'))::uuid, 'V-' || n, ('00000000-0000-7000-8000-' || lpad(to_hex(n %% 40), 12, '0'))::uuid,
  ('00000000-0000-7000-9000-' || lpad(to_hex(n), 12, '0'))::uuid, '主', '', '供', '', gen_random_uuid(), gen_random_uuid(), 'visits', '330203',
  '330203009', '{}', 'in_force', date '2026-01-05', now(), now(), true, now()
from generate_series(1, %(many)s) n
"""
STREAMS = """
insert into records_recordstream (id, owner_org_id, supplier_org_id, owner_name_zh, owner_name_en, supplier_name_zh, supplier_name_en, opened_at, last_at)
select stream_id, owner_org_id, supplier_org_id, '主', '', '供', '', now(), now() from agreements_agreement where template_code = 'visits'
"""
PROGRAMMES = """
insert into audits_ownerprogramme (id, owner_org_id, name, state, node_codes, bands, months_a, months_b, months_c, months_d, checklist_id, notice_days,
  window_days, review_days, halves, required_skill, announced, spring_before, spring_after, starts_on, created_at, created_by, activated_by, client_id)
select uuidv7(), ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'B', 'active', '{}', '{A,B,C,D}', 3, 3, 3, 3, 'mill-walk-1', 30,
  10, 10, 1, '', true, 10, 20, date '2026-07-20', now(), '', '', 'bench' from generate_series(0, 39) n
"""
COUNTS = """
select (select count(*) from audits_auditprogramme where is_active), (select count(distinct supplier_org_id) from audits_auditprogramme),
  count(*), count(distinct (programme_id, site_id, period)),
  (select count(*) from (select programme_id from audits_audit group by 1 having max(period) + 1 <> count(*)) holes)
from audits_audit
"""


class Visits10000(Benchmark):
    title = "10,000 visits of a year made by tickers that race, jump an hour and are killed with SIGKILL"
    anchor = "none: a count, not a race"
    ours = "two processes of the real tick over 2,300 relations in 40 programmes; the unique (programme, site, period) decides"
    limit = "every visit exactly once"
    goal = "0 lost, 0 twice"

    def open(self, stack: ExitStack) -> None:
        self._many, self._kills = (120, 1) if self.quick else (2_300, 4)
        name = stack.enter_context(cluster.database("visits"))
        self._free = cluster.superuser(stack, name)
        self._free.execute(AGREED, {"many": self._many})
        for statement in (SITES, STREAMS, PROGRAMMES):
            self._free.execute(statement)
        self._stack, self._env = stack, cluster.environment(name, DJANGO_SETTINGS_MODULE="qcchain.settings.test")

    def check(self) -> None:
        """Nothing is compared here: the count is the check."""

    def measure(self) -> Result:
        began, rng = time.monotonic(), random.Random(10)
        tickers: list[Any] = [self._ticker(), self._ticker()]
        for turn in range(self._kills):
            for ticker in tickers:
                self._ask(ticker, NOW + timedelta(hours=rng.choice((-1, 0, 1))))
            time.sleep(1 + rng.random() * 3)
            kill(tickers.pop(turn % 2))
            tickers.append(self._ticker())
        for step in range(4):
            for ticker in tickers:
                self._ask(ticker, NOW + timedelta(hours=1 + step))
        for ticker in tickers:
            ticker.stdin.close()
            ticker.wait(timeout=600)
        counts = self._free.execute(COUNTS).fetchone()
        rhythms, firms, made, distinct, holes = counts or (0, 0, 0, 0, 0)
        # A firm's first visit lies in its first three months and the next ones three months apart: four or five in a year and its notice.
        lost = max(self._many * 4 - made, 0) + holes
        good = (rhythms, firms, lost, made - distinct) == (self._many, self._many, 0, 0)
        line = f"{made:,} visits of {rhythms:,} rhythms, {self._kills} kills: {lost} lost, {made - distinct} twice, {holes} with a hole"
        figures: dict[str, Any] = {"visits": made, "kills": self._kills, "lost": lost, "twice": made - distinct}
        return Result(MET if good else MISSED, [f"{line}; {time.monotonic() - began:.0f} s"], figures)

    def _ticker(self) -> Any:
        """A process that ticks at the moments it is told, killed at the end whatever happens."""
        return start(self._stack, ["manage.py", "tick", "--follow"], self._env, stdin=subprocess.PIPE, text=True)

    @staticmethod
    def _ask(ticker: Any, at: datetime) -> None:
        ticker.stdin.write(f"{at.isoformat()}\n")
        ticker.stdin.flush()
