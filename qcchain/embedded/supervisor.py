"""Keeps the services alive, and ends every one of them: on Ctrl-C, on SIGTERM, and when we die ourselves."""

import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from qcchain.embedded.failure import LauncherFailure, say
from qcchain.embedded.postgres import tail
from qcchain.embedded.processes import end, kill_group, marked

LONGEST_PAUSE = 30.0
# After so long a life a crash counts as the first again.
SETTLED_SECONDS = 60.0
PATIENCE_SECONDS = 12.0


@dataclass
class Service:
    """One process to keep: how to start it, how to ask it to stop, and what became of it."""

    name: str
    start: Callable[[], "subprocess.Popen[bytes]"]
    log: Path
    stop_signal: int = signal.SIGTERM
    is_server: bool = False
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    crashes: int = 0
    restart_at: float = field(default=0.0)


class Stopped(Exception):
    """Somebody asked us to stop."""


class Supervisor:
    """Starts services in the given order, restarts what dies, stops servers last."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._services: list[Service] = []
        self._asked = threading.Event()
        self._impatient = False

    def catch_signals(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        # A second Ctrl-C means: now.
        self._impatient = self._asked.is_set()
        self._asked.set()

    def add(self, service: Service) -> "subprocess.Popen[bytes]":
        self._services.append(service)
        return self._start(service)

    def _start(self, service: Service) -> "subprocess.Popen[bytes]":
        service.process = service.start()
        service.started_at = time.monotonic()
        service.restart_at = 0.0
        return service.process

    def finish(self, name: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
        """Wait for the end of one chore; raises LauncherFailure with the end of its log, or Stopped."""
        while process.poll() is None:
            if self._asked.wait(0.05):
                end([process.pid], patience=PATIENCE_SECONDS)
                process.wait()
                raise Stopped
        if process.returncode != 0:
            raise LauncherFailure(
                f"{name} failed; the end of {log}:\n{tail(log)}",
                "Mend the cause named above and run again; if this data may go: make reset.",
            )

    def stop_if_asked(self) -> None:
        """Raises Stopped once somebody asked; for the waits of others."""
        if self._asked.is_set():
            raise Stopped

    def wait_until(self, is_ready: Callable[[], bool], seconds: float) -> bool:
        """Watch over the services until ``is_ready``; False when that took too long."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if is_ready():
                return True
            self._watch_once(0.1)
        return False

    def watch(self) -> None:
        """Watch over the services until somebody asks to stop."""
        while True:
            self._watch_once(0.3)

    def _watch_once(self, pause: float) -> None:
        if self._asked.wait(pause):
            raise Stopped
        for service in self._services:
            self._look_after(service)

    def _look_after(self, service: Service) -> None:
        now = time.monotonic()
        if service.process is None:
            if now >= service.restart_at:
                self._start(service)
            return
        code = service.process.poll()
        if code is None:
            return
        # Children that outlived their leader would hold its port or its queue.
        kill_group(service.process.pid)
        service.crashes = 1 if now - service.started_at > SETTLED_SECONDS else service.crashes + 1
        pause = min(LONGEST_PAUSE, 0.5 * 2 ** (service.crashes - 1))
        say(f"  {service.name} stopped ({_reason(code)}); it starts again in {pause:g} s. Its log: {service.log}")
        if service.crashes == 3:
            say(tail(service.log))
        service.process, service.restart_at = None, now + pause

    def stop(self) -> None:
        """Stop everything we started, programs before servers, and whatever they left behind."""
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        self._stop_all([s for s in self._services if not s.is_server])
        end(marked(self._token), patience=2)
        # Valkey before PostgreSQL: the reverse of the start.
        for service in reversed([s for s in self._services if s.is_server]):
            self._stop_all([service])

    def _stop_all(self, services: list[Service]) -> None:
        running = [(s, s.process) for s in services if s.process is not None]
        for service, process in running:
            if process.poll() is None:
                process.send_signal(service.stop_signal)
        deadline = time.monotonic() + PATIENCE_SECONDS
        for service, process in running:
            while process.poll() is None and time.monotonic() < deadline and not (self._impatient and not service.is_server):
                time.sleep(0.05)
            kill_group(process.pid)
            process.wait()


def _reason(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    return f"signal {signal.Signals(-code).name}" if -code in {s.value for s in signal.Signals} else f"signal {-code}"
