"""Eight writers append to one stream of the record while the sequencer numbers behind them."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial
from typing import Any

from benchmarks import cluster
from benchmarks.append.stream import STREAM
from benchmarks.base import Race, Unequal
from benchmarks.processes import ROOT, Crew, start
from tests.cast import BORN, BY_NAME

WRITERS = 8
FACT = re.compile(r'"fact":"(\d+-\d+)"')  # the record adds the speaker to what is said
PLAIN_TABLES = """
create table chain_log (id bigserial primary key, head varchar(64) not null);
create table chain_line (id bigserial primary key, log_id bigint not null references chain_log, at timestamptz not null, text text not null,
  previous varchar(64) not null, hash varchar(64) not null);
create index on chain_line (log_id);
create table chain_plainentry (id uuid primary key, stream_id uuid not null, kind varchar(40) not null, at timestamptz not null,
  canonical text not null, leaf bytea not null);
create index on chain_plainentry (stream_id);
create table chain_plainpayload (entry_id uuid primary key references chain_plainentry, text text not null, salt bytea not null);
insert into chain_log values (1, '');
grant all on chain_log, chain_line, chain_plainentry, chain_plainpayload to qcc_owner;
grant all on all sequences in schema public to qcc_owner;
"""


class Append(Race):
    title = f"facts appended to one stream of the record by {WRITERS} writers, each in its own transaction"
    anchor = "a row lock on the log's head and a hash chain, through the ORM"
    ours = "append_entry() with the hat on, row security, leaf checked by the database; the sequencer runs beside it"
    limit = "two plain inserts of the same size in one transaction through the ORM: no hat, no row security, no check, no sequencer"
    goal = "at least 0.9× the plain inserts"
    over, at_least, unit = "limit", 0.9, "facts/s"

    def open(self, stack: ExitStack) -> None:
        name = stack.enter_context(cluster.database("append"))
        self._free = cluster.superuser(stack, name)
        self._free.execute(PLAIN_TABLES)
        self._free.execute(
            "insert into records_recordstream (id, owner_org_id, supplier_org_id, owner_name_zh, owner_name_en, supplier_name_zh, "
            "supplier_name_en, opened_at, last_at) values (%s, %s, %s, '', '', '', '', %s, %s)",
            [STREAM, BY_NAME["chen"].org_id, BY_NAME["lin"].org_id, BORN, BORN],
        )
        self._env = cluster.environment(name, DJANGO_SETTINGS_MODULE="qcchain.settings.base")
        start(stack, ["manage.py", "relay"], self._env)
        theirs = Crew(stack, "benchmarks.anchors.chain.writer", WRITERS, self._env)
        self._crews = {"ours": Crew(stack, "benchmarks.append.writer", WRITERS, self._env), "anchor": theirs, "limit": theirs}

    def check(self) -> None:
        stored = {"ours": "records_recordpayload", "anchor": "chain_line", "limit": "chain_plainpayload"}
        wanted = sorted(f"{number}-{turn}" for number in range(WRITERS) for turn in range(5))
        for lane, table in stored.items():
            self._crews[lane].run(lane=lane, seconds=60, most=5)
            texts = [row[0] for row in self._free.execute(f"select text from {table}").fetchall()]
            found = sorted(fact for text in texts for fact in FACT.findall(text))
            if found != wanted:
                raise Unequal(f"{lane} stored {len(texts)} facts, or others than the {len(wanted)} it was given")

    def lanes(self) -> Mapping[str, Callable[[], float]]:
        return {lane: partial(self._burst, lane) for lane in self._crews}

    def _burst(self, lane: str) -> float:
        self._until_numbered()  # what an earlier round left to the sequencer is not this one's
        began = time.perf_counter()
        done = sum(answer["done"] for answer in self._crews[lane].run(lane=lane, seconds=1.0 if self.quick else 5.0, most=10**9))
        return done / (time.perf_counter() - began)

    def _until_numbered(self) -> float:
        began = time.perf_counter()
        while self._free.execute("select exists (select from records_recordentry where number is null)").fetchone()[0]:
            if time.perf_counter() - began > 120:
                raise Unequal("the sequencer left entries without a number for two minutes")
            time.sleep(0.02)
        return time.perf_counter() - began

    def notes(self) -> list[str]:
        self._burst("ours")
        waited = self._until_numbered()
        count, numbers, places = self._free.execute("select count(*), max(number), max(place) + 1 from records_recordentry").fetchone()
        if not count == numbers == places:
            raise Unequal(f"{count} entries, but the last number is {numbers} and the tree has {places} leaves")
        return [f"{count:,} entries, every one numbered once, {waited:.2f} s after the last of a burst", _verified(self._env)]


def _verified(env: Mapping[str, Any]) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", "verify_record"], cwd=ROOT, env=dict(env), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise Unequal(f"verify_record: {done.stdout}{done.stderr}")
    return "verify_record: " + done.stdout.strip().splitlines()[-1]
