"""The embedded servers themselves, in folders of this test's own."""

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from qcchain.embedded.environment import embedded_postgres, embedded_valkey
from qcchain.embedded.places import Places
from qcchain.embedded.postgres import Postgres
from qcchain.embedded.processes import working_in
from qcchain.embedded.valkey import Valkey


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    places = Places(tmp_path_factory.mktemp("launcher"))
    places.make()
    yield places
    shutil.rmtree(places.system, ignore_errors=True)


@pytest.fixture
def postgres(places: Places) -> Iterator[Postgres]:
    server = embedded_postgres(places)
    server.start()
    server.make_roles()
    yield server
    server.stop()


@pytest.fixture
def valkey(places: Places) -> Iterator[Valkey]:
    server = embedded_valkey(places)
    server.start()
    yield server
    server.stop()


def test_likeness_of_chinese_text_is_seen(postgres: Postgres) -> None:
    with psycopg.connect(postgres.url("qcc_owner")) as connection:
        row = connection.execute("SELECT similarity('宁波海曙纺织', '宁波海曙服装'), lower('ÄÖ'), '宁' ~ '\\w'").fetchone()

    assert row == (pytest.approx(0.4), "äö", True)


def test_login_has_no_rights_and_owner_may_make_hats_but_is_no_superuser(postgres: Postgres) -> None:
    with psycopg.connect(postgres.superuser_url()) as connection:
        rows = connection.execute(
            "SELECT rolname, rolsuper, rolcreaterole, rolbypassrls, rolcreatedb, rolinherit FROM pg_roles"
            " WHERE rolname LIKE 'qcc\\_%' AND rolname IN ('qcc_owner', 'qcc_login', 'qcc_backup') ORDER BY rolname"
        ).fetchall()
    with psycopg.connect(postgres.url("qcc_login")) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("CREATE TABLE mine (x int)")

    assert rows == [
        ("qcc_backup", False, False, True, False, True),
        ("qcc_login", False, False, False, False, False),
        ("qcc_owner", False, True, False, False, True),
    ]


def test_roles_can_be_made_twice(postgres: Postgres) -> None:
    postgres.make_roles()

    with psycopg.connect(postgres.superuser_url("qcchain")) as connection:
        owner = connection.execute("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'qcchain'").fetchone()
        extensions = connection.execute("SELECT extname FROM pg_extension ORDER BY 1").fetchall()

    assert owner == ("qcc_owner",)
    assert extensions == [("btree_gist",), ("pg_trgm",), ("plpgsql",)]


def test_committed_rows_survive_a_kill_of_every_process_and_a_foreign_number_in_the_pid_file(postgres: Postgres) -> None:
    with psycopg.connect(postgres.url("qcc_owner")) as connection:
        connection.execute("DROP TABLE IF EXISTS kept")
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    for pid in working_in(postgres.data_dir):
        os.kill(pid, signal.SIGKILL)
    # As after a restart of the machine: the number now belongs to some other living program.
    pid_file = postgres.data_dir / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")

    postgres.start()

    with psycopg.connect(postgres.url("qcc_owner")) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1000,)


def test_stop_leaves_nobody_and_removes_the_socket(places: Places, postgres: Postgres, valkey: Valkey) -> None:
    before = len(working_in(postgres.data_dir)), len(working_in(valkey.data_dir))

    valkey.stop()
    postgres.stop()

    assert before[0] >= 5
    assert before[1] == 1
    assert working_in(postgres.data_dir) == []
    assert working_in(valkey.data_dir) == []
    assert [path.name for path in places.run().iterdir() if path.is_socket()] == []


def test_last_user_stops_the_servers_and_an_earlier_one_does_not(places: Places, postgres: Postgres) -> None:
    first, second = embedded_postgres(places), embedded_postgres(places)
    first.ensure_running()
    second.ensure_running()

    first.release()
    between = postgres.answers()
    second.release()

    assert between is True
    assert postgres.answers() is False


def test_half_made_cluster_of_an_interrupted_start_is_made_anew(tmp_path: Path) -> None:
    places = Places(tmp_path)
    places.make()
    server = embedded_postgres(places, fast=True)
    half = server.data_dir.with_name("postgres.new")
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18")

    server.start()
    answered = server.answers()
    server.stop()
    shutil.rmtree(places.system, ignore_errors=True)

    assert answered is True
    assert not half.exists()


def test_messages_survive_a_kill_after_the_second_in_which_they_were_written(valkey: Valkey) -> None:
    with redis.Redis.from_url(valkey.url()) as client:
        for number in range(200):
            client.rpush("queue", number)
        client.execute_command("WAITAOF", 1, 0, 3000)
    for pid in working_in(valkey.data_dir):
        os.kill(pid, signal.SIGKILL)

    valkey.start()

    with redis.Redis.from_url(valkey.url()) as client:
        assert client.llen("queue") == 200
