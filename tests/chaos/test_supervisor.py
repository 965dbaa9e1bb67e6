"""`make run` from outside: a small stand-in project under the real launcher, killed in every way."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from qcchain.embedded.places import PROJECT, Places
from qcchain.embedded.processes import marked, working_in

pytestmark = pytest.mark.chaos

STAND_IN = {
    "qcchain/__init__.py": "",
    "qcchain/words.py": "",
    "qcchain/wsgi.py": "def application(env, start):\n    start('200 OK', [])\n    return [b'ok']\n",
    "qcchain/celery.py": (
        "import os\nfrom celery import Celery\n"
        "url = os.environ['REDIS_URL'].replace('unix://', 'redis+socket://').replace('?db=', '?virtual_host=')\n"
        "app = Celery('qcchain', broker=url)\n"
    ),
    "manage.py": (
        "import os, sys, time\nimport psycopg\n"
        "owner = sys.argv[1] in ('prepare_roles', 'migrate', 'load_library')\n"
        "assert ('DATABASE_OWNER_URL' in os.environ) == (owner or sys.argv[1] == 'load_demo')\n"
        "with psycopg.connect(os.environ['DATABASE_OWNER_URL' if owner else 'DATABASE_URL']) as connection:\n"
        "    if sys.argv[1] == 'migrate':\n"
        "        connection.execute('CREATE TABLE IF NOT EXISTS started (at timestamptz)')\n"
        "        connection.execute('INSERT INTO started VALUES (now())')\n"
        "        print(connection.execute('SELECT count(*) FROM started').fetchone()[0], 'starts')\n"
        "while sys.argv[1] == 'relay':\n    time.sleep(1)\n"
        "print('Chen signs in' if sys.argv[1] == 'demo_sign_ins' else 'done')\n"
    ),
}


class Run:
    """One `run` of the launcher on the stand-in."""

    def __init__(self, project: Path, port: int) -> None:
        self.project = project
        self.places = Places(project / "data")
        self.port = port
        self.out = project / "out.log"
        self.out.unlink(missing_ok=True)
        env = environment(PORT=str(port), QCCHAIN_DATA=str(self.places.data), DJANGO_SECRET_KEY="only for this test")
        with self.out.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "qcchain.embedded", "run"], cwd=project, env=env, stdout=out, stderr=out, start_new_session=True
            )

    def said(self) -> str:
        return self.out.read_text()

    def wait_until_ready(self) -> None:
        eventually(lambda: "ready after" in self.said() or self.process.poll() is not None, 60)
        assert "ready after" in self.said(), self.said()

    def living(self) -> list[int]:
        """Everything that this run started and that still lives."""
        return [*marked(self.places.token), *working_in(self.places.postgres()), *working_in(self.places.valkey)]

    def serves(self) -> bool:
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2).status == 200
        except OSError:
            return False


def environment(**given: str) -> dict[str, str]:
    """Ours without what the tests' own Django and servers have put there."""
    hidden = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "PORT")
    return {**{name: value for name, value in os.environ.items() if name not in hidden}, **given}


def eventually(holds: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "did not come true in time"
        time.sleep(0.1)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    for name, text in STAND_IN.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    shutil.copytree(PROJECT / "qcchain" / "embedded", tmp_path / "qcchain" / "embedded", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(PROJECT / "deploy", tmp_path / "deploy")
    shutil.copytree(PROJECT / "requirements", tmp_path / "requirements")
    yield tmp_path
    for name in ("data", "other"):
        shutil.rmtree(Places(tmp_path / name).system, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def stop(run: Run) -> None:
    run.process.send_signal(signal.SIGINT)
    assert run.process.wait(30) == 0, run.said()


def test_ctrl_c_leaves_no_process_and_the_next_start_finds_the_data(project: Path) -> None:
    first = Run(project, free_port())
    first.wait_until_ready()
    serving, living = first.serves(), first.living()
    stop(first)
    second = Run(project, free_port())
    second.wait_until_ready()
    starts = (second.places.log / "migrate.log").read_text().splitlines()[0]
    stop(second)

    assert serving
    assert len(living) >= 8
    assert first.living() == []
    assert "Chen signs in" in first.said()
    assert starts == "2 starts"


def test_every_part_killed_at_once_is_started_again(project: Path) -> None:
    run = Run(project, free_port())
    run.wait_until_ready()
    before = set(run.living())
    for pid in before:
        with suppress(ProcessLookupError):  # a child that lives only for a moment may have ended by itself
            os.kill(pid, signal.SIGKILL)
    eventually(lambda: run.serves() and len(run.living()) >= 8, 40)
    after = set(run.living())
    stop(run)

    assert before.isdisjoint(after)
    assert run.living() == []
    for name in ("web", "worker", "beat", "relay", "postgres", "valkey"):
        assert f"{name} stopped (signal SIGKILL); it starts again" in run.said()


def test_a_killed_supervisor_takes_its_children_along_and_the_next_start_heals(project: Path) -> None:
    first = Run(project, free_port())
    first.wait_until_ready()
    first.process.kill()
    first.process.wait()
    second = Run(project, first.port)
    second.wait_until_ready()
    starts = (second.places.log / "migrate.log").read_text().splitlines()[0]
    stop(second)

    assert starts == "2 starts"
    assert second.living() == []


def test_everything_killed_with_the_supervisor_heals_at_the_next_start(project: Path) -> None:
    first = Run(project, free_port())
    first.wait_until_ready()
    for pid in (first.process.pid, *first.living()):
        with suppress(ProcessLookupError):  # the supervisor's end may have been quicker with its children
            os.kill(pid, signal.SIGKILL)
    first.process.wait()
    second = Run(project, first.port)
    second.wait_until_ready()
    starts = (second.places.log / "migrate.log").read_text().splitlines()[0]
    stop(second)

    assert starts == "2 starts"
    assert second.living() == []


def test_a_second_start_on_the_same_data_or_port_is_refused_and_disturbs_nothing(project: Path) -> None:
    run = Run(project, free_port())
    run.wait_until_ready()
    same_data = subprocess.run(
        [sys.executable, "-m", "qcchain.embedded", "run"],
        cwd=project, env=environment(QCCHAIN_DATA=str(run.places.data)), capture_output=True, text=True, timeout=30,
    )  # fmt: skip
    same_port = subprocess.run(
        [sys.executable, "-m", "qcchain.embedded", "run"],
        cwd=project, env=environment(QCCHAIN_DATA=str(project / "other"), PORT=str(run.port)),
        capture_output=True, text=True, timeout=30,
    )  # fmt: skip
    undisturbed, serving = run.said(), run.serves()
    stop(run)

    assert (same_data.returncode, same_port.returncode) == (1, 1)
    assert "already runs" in same_data.stderr
    assert f"Port {run.port} is in use" in same_port.stderr
    assert f"make run PORT={run.port + 1}" in same_port.stderr
    assert "stopped" not in undisturbed
    assert serving


def test_a_failing_step_says_what_to_do_and_leaves_no_process(project: Path) -> None:
    (project / "qcchain" / "words.py").write_text("raise SystemExit('audits.po lacks a translation')")

    run = Run(project, free_port())

    assert run.process.wait(60) == 1
    assert "audits.po lacks a translation" in run.said()
    assert "→ Mend the cause named above" in run.said()
    assert run.living() == []


def test_of_two_database_addresses_one_alone_is_refused(project: Path) -> None:
    refused = subprocess.run(
        [sys.executable, "-m", "qcchain.embedded", "run"],
        cwd=project, env=environment(QCCHAIN_DATA=str(project / "data"), DATABASE_URL="postgres://x@/y"),
        capture_output=True, text=True, timeout=30,
    )  # fmt: skip

    assert refused.returncode == 1
    assert "DATABASE_OWNER_URL only one is set" in refused.stderr
    assert not (project / "data" / "postgres").exists()
