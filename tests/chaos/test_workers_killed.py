"""Worker groups killed with SIGKILL while they are seen working: nothing is lost, nothing is done twice."""

import os
import signal
import subprocess
import sys
import time

import psycopg
import pytest

from tests import harness

pytestmark = pytest.mark.chaos
EVENTS = 240


def start(env, *words):
    return subprocess.Popen([sys.executable, *words], cwd=harness.ROOT, env=env, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def worker(env):
    return start(env, "-m", "celery", "-A", "tests.chaos.effects", "worker", "--concurrency", "2", "--loglevel", "ERROR", "-n", f"w{time.monotonic_ns()}@chaos")


def kill_group(process):
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@pytest.fixture
def owner(servers, fresh_database):
    with psycopg.connect(servers.postgres.url("qcc_owner", fresh_database), autocommit=True, port=5432) as connection:
        connection.execute("create table chaos_done (key text)")
        connection.execute("grant insert on chaos_done to qcc_hat_clock")
        connection.execute(
            "insert into jobs_outboxevent (id, task, key, payload, created_at, next_try_at, attempts, last_error) "
            "select uuidv7(), 'chaos.leave_a_row', 'k' || n, '{}', now(), now(), 0, '' from generate_series(1, %s) n",
            [EVENTS],
        )
        yield connection


def done(owner):
    return owner.execute("select count(*) from chaos_done").fetchone()[0]


def wait_for(owner, count, seconds):
    end = time.monotonic() + seconds
    while done(owner) < count:
        assert time.monotonic() < end, f"{done(owner)} of {count} done"
        time.sleep(0.1)


def test_killed_worker_groups_lose_nothing_and_do_nothing_twice(servers, fresh_database, owner):
    env = {**harness.environment(servers, fresh_database), "QCCHAIN_POOL": "0"}
    relay, workers = start(env, "manage.py", "relay", "--lease", "4"), [worker(env), worker(env)]
    try:
        for share in (0.1, 0.4):
            wait_for(owner, int(EVENTS * share), 60)
            assert done(owner) < EVENTS  # seen working
            kill_group(workers.pop(0))
            workers.append(worker(env))
        wait_for(owner, EVENTS, 90)
    finally:
        for process in [relay, *workers]:
            kill_group(process)

    counts = owner.execute("select count(*), count(distinct key) from chaos_done").fetchone()
    assert counts == (EVENTS, EVENTS)
    assert owner.execute("select count(*) from jobs_claim").fetchone()[0] == EVENTS
    assert owner.execute("select count(*) from jobs_outboxevent where done_at is null").fetchone()[0] == 0
