"""The worker of a long list is killed with SIGKILL while it reads, and again while it writes: no row twice, none lost."""

import os
import signal
import subprocess
import sys
import time

import psycopg
import pytest
from django.db import transaction
from django.utils import timezone

from foundation.actor import as_actor
from parties.uscc import check_character
from suppliers.selectors import import_for
from suppliers.services.lists import confirm_import, start_import
from tests import harness
from tests.cast import actor

pytestmark = pytest.mark.chaos
ROWS = 14_000


class Hand:
    """A process of its own that does a worker's tasks when told to."""

    def __init__(self, env) -> None:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.list_hand"], cwd=harness.ROOT, env=env, start_new_session=True, **pipes
        )

    def go(self) -> None:
        assert self.process.stdout.readline() == "ready\n"
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def finish(self) -> None:
        self.go()
        assert self.process.stdout.readline() == "1\n"

    def kill(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def the_list() -> bytes:
    lines = ["企业名称,统一社会信用代码,联系人,手机号,所在区"]
    for n in range(ROWS):
        body = f"0DEM0K{n:011d}"
        lines.append(f"宁波断续{n}号织造有限公司（示例）,{body}{check_character(body)},周师傅,190{n:08d},海曙区")
    return "\n".join(lines).encode()


@pytest.fixture
def owner(servers, fresh_database):
    with psycopg.connect(servers.postgres.url("qcc_owner", fresh_database), autocommit=True, port=5432) as connection:
        yield connection


def kill_between_chunks(owner, hand, state):
    """Let it begin, and kill it once some chunks are done; how many rows stand."""
    hand.go()
    end = time.monotonic() + 60
    while not (
        done := owner.execute("select rows_done from suppliers_supplierimport where state = %s and rows_done >= 4000", [state]).fetchone()
    ):
        assert time.monotonic() < end, owner.execute("select state, rows_done from suppliers_supplierimport").fetchall()
        time.sleep(0.002)
    hand.kill()
    return done[0]


def test_a_worker_killed_while_it_reads_and_while_it_writes_loses_and_doubles_nothing(servers, fresh_database, owner):
    env, chen = {**harness.environment(servers, fresh_database), "QCCHAIN_POOL": "0"}, actor("chen")
    before = owner.execute("select count(*) from suppliers_supplylink").fetchone()[0]
    hands = [Hand(env) for _ in range(4)]
    try:
        with transaction.atomic(), as_actor(chen):
            batch = start_import(actor=chen, file_name="long.csv", data=the_list(), now=timezone.now())
        assert 0 < kill_between_chunks(owner, hands[0], "reading") < ROWS
        hands[1].finish()
        numbers = owner.execute("select count(*), count(distinct number), min(number), max(number) from suppliers_importrow").fetchone()

        with transaction.atomic(), as_actor(chen):
            confirm_import(actor=chen, batch=import_for(chen, batch.pk), now=timezone.now())
        assert 0 < kill_between_chunks(owner, hands[2], "writing") < ROWS
        hands[3].finish()
    finally:
        for hand in hands:
            hand.kill()

    assert owner.execute("select state, rows_done, rows_total from suppliers_supplierimport").fetchall() == [("done", ROWS, ROWS)]
    assert owner.execute("select count(*) from jobs_claim where task like 'suppliers.%_list'").fetchone()[0] == 2
    assert numbers == (ROWS, ROWS, 2, ROWS + 1)
    links = owner.execute("select count(*), count(distinct uscc) from suppliers_supplylink where uscc like '0DEM0K%'").fetchone()
    assert links == (ROWS, ROWS)
    assert owner.execute("select count(*) from suppliers_supplylink").fetchone()[0] == before + ROWS
    made = "select count(distinct r.id) from suppliers_importrow r join suppliers_supplylink l on l.id = r.line_id and l.uscc = r.uscc"
    assert owner.execute(made).fetchone()[0] == ROWS
    assert owner.execute(
        "select count(*), count(distinct link) from suppliers_linkgram, unnest(link_ids) link where gram = '断续'"
    ).fetchone() == (ROWS, ROWS)
    assert owner.execute("select count(*) from suppliers_listfile").fetchone()[0] == 0
    told = owner.execute("select kind, count(*) from notices_notification where kind like 'list_%' group by kind order by kind").fetchall()
    assert told == [("list_read", 1), ("list_written", 1)]
