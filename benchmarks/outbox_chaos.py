"""Worker groups killed with SIGKILL again and again while they work: nothing lost, nothing twice."""

from __future__ import annotations

import random
import subprocess
import time
from contextlib import ExitStack
from typing import Any

from benchmarks import cluster
from benchmarks.base import MET, MISSED, Benchmark, Result
from benchmarks.processes import kill, start

PREPARE = """
create table chaos_done (key text);
grant insert on chaos_done to qcc_hat_clock;
"""
ASK = """
insert into jobs_outboxevent (id, task, key, payload, created_at, next_try_at, attempts, last_error)
select uuidv7(), 'chaos.leave_a_row', 'k' || n, '{}', now(), now(), 0, '' from generate_series(1, %s) n
"""
COUNTS = """
select (select count(*) from chaos_done), (select count(distinct key) from chaos_done), (select count(*) from jobs_claim),
  (select count(*) from jobs_outboxevent where done_at is null), (select count(*) from jobs_outboxevent where dead_at is not null)
"""


class OutboxChaos(Benchmark):
    title = "10,000 effects through outbox, relay and Celery while 20 worker groups are killed with SIGKILL"
    anchor = "none: a count, not a race"
    ours = "relay with leases, a real broker, two worker groups of two; each effect claims its key in its own transaction"
    limit = "every effect exactly once"
    goal = "0 lost, 0 twice, 0 dead"

    def open(self, stack: ExitStack) -> None:
        self._effects, self._kills = (400, 3) if self.quick else (10_000, 20)
        name = stack.enter_context(cluster.database("outbox"))
        self._free = cluster.superuser(stack, name)
        self._free.execute(PREPARE)
        self._stack, self._env = stack, cluster.environment(name, QCCHAIN_POOL="0")

    def check(self) -> None:
        """Nothing is compared here: the count is the check."""

    def measure(self) -> Result:
        self._free.execute(ASK, [self._effects])
        began, rng = time.monotonic(), random.Random(20)
        start(self._stack, ["manage.py", "relay", "--lease", "8"], self._env)
        workers = [self._worker(), self._worker()]
        for turn in range(self._kills):
            self._wait_for(int(self._effects * (turn + 1) / (self._kills + 2)))
            kill(workers.pop(rng.randrange(2)))
            workers.append(self._worker())
        self._wait_for(self._effects)
        time.sleep(3)  # time for a second delivery to do harm
        for process in workers:
            kill(process)
        done, distinct, claims, waiting, dead = self._free.execute(COUNTS).fetchone()
        lost, twice = self._effects - distinct, done - distinct
        good = (lost, twice, waiting, dead, claims) == (0, 0, 0, 0, self._effects)
        line = (
            f"{self._effects:,} effects, {self._kills} kills: {lost} lost, {twice} twice, {dead} dead, {waiting} waiting, {claims:,} claims"
        )
        figures: dict[str, Any] = {"effects": self._effects, "kills": self._kills, "lost": lost, "twice": twice, "dead": dead}
        return Result(MET if good else MISSED, [f"{line}; {time.monotonic() - began:.0f} s"], figures)

    def _worker(self) -> subprocess.Popen[bytes]:
        name = f"w{time.monotonic_ns()}@bench"
        words = ["-m", "celery", "-A", "tests.chaos.effects", "worker", "--concurrency", "2", "--loglevel", "ERROR", "-n", name]
        return start(self._stack, words, self._env)

    def _wait_for(self, wanted: int) -> None:
        """Until so many are done; gives up, to be counted as lost, after three minutes without a single new one."""
        last, since = -1, time.monotonic()
        while (done := self._free.execute("select count(*) from chaos_done").fetchone()[0]) < wanted:
            if done != last:
                last, since = done, time.monotonic()
            elif time.monotonic() - since > 180:
                return
            time.sleep(0.1)
