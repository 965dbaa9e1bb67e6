"""Pooled connections among people in different hats, with errors, closed lines and a killed worker: nobody sees another firm's word.

The large run is `python -m benchmarks run pooled_calls`.
"""

from contextlib import ExitStack

import psycopg
import pytest

from benchmarks.pooled.callers import assemble
from benchmarks.pooled.storm import Storm, worker_came_back
from benchmarks.processes import children_of, serve
from tests import harness

pytestmark = pytest.mark.chaos
CALLS, THREADS = 2_000, 12


@pytest.fixture
def stack():
    with ExitStack() as unwound:
        yield unwound


@pytest.fixture
def storm(stack, servers, fresh_database):
    free = stack.enter_context(psycopg.connect(servers.postgres.superuser_url(fresh_database), autocommit=True, port=5432))
    free.execute("set session_replication_role = replica")
    callers = assemble(free)
    server = serve(stack, {**harness.environment(servers, fresh_database), "QCCHAIN_POOL": "1"}, threads=8)
    return Storm(server, callers), server


def test_pooled_calls_with_errors_and_a_killed_worker_leak_nothing(storm):
    blowing, server = storm
    must_hold = blowing.look_around()
    before = children_of(server.process.pid)

    tally = blowing.blow(calls=CALLS, threads=THREADS)

    assert tally.leaks == []
    assert tally.odd == []
    assert tally.calls == CALLS
    assert tally.is_whole(threads=THREADS)
    assert must_hold >= 20
    assert tally.own > CALLS // 4  # the search for canaries is not blind
    assert {403, 404, 422} <= set(tally.statuses)
    assert tally.killed in before
    assert worker_came_back(server, before, tally.killed)
