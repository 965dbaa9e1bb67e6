"""The worker of a long file of results is killed with SIGKILL while it files: it goes on, and nothing is doubled or lost."""

import time

import psycopg
import pytest
from django.db import transaction
from django.utils import timezone

from foundation.actor import as_actor
from inspections.selectors.result_files import result_import_for
from inspections.services.result_files import confirm_result_import, start_result_import
from inspections.services.result_files_work import read_in_background
from tests import harness
from tests.cast import actor
from tests.chaos.test_import_killed import Hand

pytestmark = pytest.mark.chaos
LOTS, READINGS = 12_000, 3
LOTS_READY = """
insert into inspections_lot (id, link_id, owner_org_id, supplier_org_id, owner_name_zh, owner_name_en, supplier_name_zh, supplier_name_en, lot_no,
  product_code, product, colour, node_code, made_on, quantity, unit, state, state_since, token, note, registered_by, registered_at, client_id, is_demo)
select gen_random_uuid(), null, null, %(supplier)s, '', '', '供', '', 'K' || n, 'YARN', '纱', '', '', date '2026-03-02', 1000, 'kg', 'registered',
  now(), 'k' || n, '', '', now(), gen_random_uuid(), true
from generate_series(1, %(lots)s) n
"""


def the_file() -> bytes:
    lines = ["批号,线密度 x1,线密度 x2,线密度 x3", ",tex,tex,tex"]
    return "\n".join([*lines, *(f"K{n},38.{n % 10},38.{n // 10 % 10},39" for n in range(1, LOTS + 1))]).encode()


@pytest.fixture
def owner(servers, fresh_database):
    with psycopg.connect(servers.postgres.url("qcc_owner", fresh_database), autocommit=True, port=5432) as connection:
        yield connection


def kill_between_chunks(owner, hand) -> int:
    """Let it begin, and kill it once a chunk is done; how far it was."""
    hand.go()
    end = time.monotonic() + 120
    asked = "select rows_done from inspections_resultimport where state = 'writing' and rows_done > 0"
    while not (done := owner.execute(asked).fetchone()):
        assert time.monotonic() < end, owner.execute("select state, rows_done from inspections_resultimport").fetchall()
        time.sleep(0.002)
    hand.kill()
    return done[0]


def test_a_worker_killed_while_it_files_goes_on_and_doubles_nothing(servers, fresh_database, owner):
    env, lin = {**harness.environment(servers, fresh_database), "QCCHAIN_POOL": "0"}, actor("lin")
    owner.execute(LOTS_READY, {"supplier": lin.org_id, "lots": LOTS})
    hands = [Hand(env), Hand(env)]
    try:
        with transaction.atomic(), as_actor(lin):
            batch = start_result_import(actor=lin, file_name="long.csv", data=the_file(), now=timezone.now())
        read_in_background(actor=lin, import_id=batch.pk, now=timezone.now())
        with transaction.atomic(), as_actor(lin):
            confirm_result_import(actor=lin, batch=result_import_for(lin, batch.pk), now=timezone.now())
        assert 0 < kill_between_chunks(owner, hands[0]) < LOTS
        owner.execute("update jobs_outboxevent set next_try_at = now() where done_at is null")
        hands[1].finish()
    finally:
        for hand in hands:
            hand.kill()

    assert owner.execute("select state, rows_done, filed, known from inspections_resultimport").fetchall() == [("done", LOTS, LOTS, 0)]
    stands = "select count(*), count(distinct lot_id), sum(cardinality(readings)) from inspections_characteristicresult"
    assert owner.execute(stands).fetchone() == (LOTS, LOTS, LOTS * READINGS)
    assert owner.execute("select count(*) from inspections_lot where state = 'inspecting'").fetchone()[0] == LOTS
    assert owner.execute("select sum(n_readings) from inspections_resultrollup").fetchone()[0] == LOTS * READINGS
    assert owner.execute("select count(*) from inspections_resultfile").fetchone()[0] == 0
    told = owner.execute("select kind, count(*) from notices_notification where kind like 'result_file_%' group by kind").fetchall()
    assert ("result_file_filed", 1) in told
