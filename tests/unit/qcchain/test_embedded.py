"""The launcher's parts that need no server."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from qcchain.embedded.environment import chosen_servers, kept_secret, program_environment
from qcchain.embedded.failure import LauncherFailure
from qcchain.embedded.locks import FileLock
from qcchain.embedded.places import LONGEST_SOCKET_NAME, SOCKET_PATH_LIMIT, Places
from qcchain.embedded.processes import MARK, end, kill_group, marked, spawn, working_in

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
DEAF = [sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"]


def test_a_deep_data_folder_still_gets_a_short_socket_path(tmp_path: Path) -> None:
    places = Places(tmp_path / ("deep" * 30))

    assert len(str(places.data)) > SOCKET_PATH_LIMIT
    assert len(str(places.run()) + LONGEST_SOCKET_NAME) <= SOCKET_PATH_LIMIT


def test_two_clones_have_two_tokens_and_one_clone_by_a_link_has_one(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "one")

    assert Places(tmp_path / "one").token == Places(tmp_path / "link").token
    assert Places(tmp_path / "one").token != Places(tmp_path / "two").token


def test_secret_is_made_once_and_readable_by_us_alone(tmp_path: Path) -> None:
    first = kept_secret(tmp_path / "secret")
    again = kept_secret(tmp_path / "secret")

    assert first == again
    assert len(first) >= 50
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


def test_given_addresses_replace_the_embedded_servers(tmp_path: Path) -> None:
    given = {"DATABASE_URL": "postgres://a@h/d", "DATABASE_OWNER_URL": "postgres://o@h/d", "REDIS_URL": "redis://h:6379/0"}

    servers = chosen_servers(Places(tmp_path), given)
    told = program_environment(Places(tmp_path), servers, given)

    assert (servers.postgres, servers.valkey) == (None, None)
    assert (told["DATABASE_URL"], told["REDIS_URL"]) == ("postgres://a@h/d", "redis://h:6379/0")
    assert "DATABASE_OWNER_URL" not in told


def test_programs_get_the_login_and_never_the_owner_nor_a_pg_variable(tmp_path: Path) -> None:
    servers = chosen_servers(Places(tmp_path), {})

    told = program_environment(Places(tmp_path), servers, {"PGHOST": "elsewhere"})

    assert told["DATABASE_URL"].startswith("postgres://qcc_login@/qcchain?host=/")
    assert told["REDIS_URL"].startswith("unix:///")
    assert "PGHOST" not in told
    assert "owner" not in " ".join(told.values())


@pytest.mark.parametrize("alone", ["DATABASE_URL", "DATABASE_OWNER_URL"])
def test_one_database_address_alone_is_refused(tmp_path: Path, alone: str) -> None:
    with pytest.raises(LauncherFailure, match="only one is set"):
        chosen_servers(Places(tmp_path), {alone: "postgres://a@h/d"})


def test_a_lock_held_elsewhere_is_refused_and_freed_by_its_holders_death(tmp_path: Path) -> None:
    code = "import fcntl, sys, time; held = open(sys.argv[1], 'w'); fcntl.flock(held, 2); print('held', flush=True); time.sleep(60)"
    holder = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "lock")], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    holder.stdout.readline()
    lock = FileLock(tmp_path / "lock")

    refused = lock.take(wait=False)
    holder.kill()
    holder.communicate()
    taken = lock.take(wait=False)
    lock.drop()

    assert (refused, taken) == (False, True)


def test_marked_processes_are_found_with_children_that_left_their_session_and_ended_though_deaf(tmp_path: Path) -> None:
    token = f"test-{os.getpid()}"
    code = f"import subprocess, sys, time; subprocess.Popen({DEAF!r}, start_new_session=True); time.sleep(60)"
    parent = spawn([sys.executable, "-c", code], log=tmp_path / "log", env={**os.environ, MARK: token}, cwd=tmp_path)
    while "deaf" not in (tmp_path / "log").read_text():
        assert parent.poll() is None

    found = marked(token)
    end(found, patience=0.3)
    parent.wait()

    assert len(found) == 2
    assert marked(token) == []


def test_a_process_is_found_by_the_folder_it_stands_in(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    process = spawn(SLEEP, log=tmp_path / "log", env=os.environ, cwd=tmp_path / "here")

    found = working_in(tmp_path / "here")
    kill_group(process.pid)

    assert found == [process.pid]
    assert process.wait() == -signal.SIGKILL
    assert working_in(tmp_path / "here") == []
