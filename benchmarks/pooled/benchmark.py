"""100,000 calls of people in different hats over pooled connections, with errors, closed lines and one SIGKILL: no leak."""

from __future__ import annotations

import time
from contextlib import ExitStack

from benchmarks import cluster
from benchmarks.base import MET, MISSED, Benchmark, Result, Unequal
from benchmarks.pooled.callers import assemble
from benchmarks.pooled.storm import Storm, worker_came_back
from benchmarks.processes import children_of, serve

THREADS, CLIENTS = 8, 16


class PooledCalls(Benchmark):
    title = "100,000 calls by seven people in five hats over pooled connections, one worker killed with SIGKILL"
    anchor = "none: a count, not a race"
    ours = f"granian, 2 workers of {THREADS} threads over a psycopg pool each; {CLIENTS} clients; pages by session, API by token"
    limit = "every answer holds the caller's own canary or none"
    goal = "0 leaks, 0 unexpected answers, the worker back"

    def open(self, stack: ExitStack) -> None:
        name = stack.enter_context(cluster.database("pooled"))
        callers = assemble(cluster.superuser(stack, name))
        self._server = serve(stack, cluster.environment(name, QCCHAIN_POOL="1"), threads=THREADS)
        self._storm = Storm(self._server, callers)

    def check(self) -> None:
        """Every address answers its caller with 200 and no foreign canary, before many ask at once."""
        self._storm.look_around()
        if self._storm.tally.odd or self._storm.tally.leaks:
            raise Unequal(f"asked alone: {self._storm.tally.odd + self._storm.tally.leaks}")

    def measure(self) -> Result:
        before, began = children_of(self._server.process.pid), time.monotonic()
        tally = self._storm.blow(calls=2_000 if self.quick else 100_000, threads=CLIENTS)
        seconds = time.monotonic() - began
        back = worker_came_back(self._server, before, tally.killed)
        good = not tally.leaks and not tally.odd and back and tally.is_whole(threads=CLIENTS) and tally.own > tally.calls // 4
        lines = [
            f"{tally.calls:,} calls in {seconds:.0f} s: {len(tally.leaks)} leaks, {len(tally.odd)} unexpected, {tally.cut} cut by the kill",
            f"{tally.own:,} answers held the caller's own canary; the killed worker {'came back' if back else 'DID NOT come back'}",
            "kinds: " + ", ".join(f"{kind} {n:,}" for kind, n in sorted(tally.kinds.items())),
            "statuses: " + ", ".join(f"{status} {n:,}" for status, n in sorted(tally.statuses.items())),
            *[f"LEAK {line}" for line in tally.leaks[:10]],
            *[f"unexpected: {line}" for line in tally.odd[:10]],
        ]
        return Result(
            MET if good else MISSED, lines, {"calls": tally.calls, "leaks": len(tally.leaks), "odd": len(tally.odd), "cut": tally.cut}
        )
