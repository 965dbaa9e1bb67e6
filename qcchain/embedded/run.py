"""`make run`: servers, schema, demo data, then web, worker, beat and relay under one supervisor."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from qcchain.embedded import commands, phone
from qcchain.embedded.environment import Servers, chosen_servers, owner_environment, program_environment
from qcchain.embedded.failure import LauncherFailure, say
from qcchain.embedded.locks import FileLock
from qcchain.embedded.places import PROJECT, Places
from qcchain.embedded.postgres import tail
from qcchain.embedded.probe import is_well
from qcchain.embedded.processes import end, marked, spawn
from qcchain.embedded.static import static_is_collected, static_was_collected
from qcchain.embedded.supervisor import Service, Stopped, Supervisor

READY_SECONDS = 120
COLLECT = commands.manage("collectstatic", "--noinput")
Start = Callable[[], "subprocess.Popen[bytes]"]


def run() -> int:
    """Run until Ctrl-C or SIGTERM; 0 after a clean stop."""
    began = time.monotonic()
    places = Places.from_environment()
    port = _port(os.environ.get("PORT") or "8000")
    places.make()
    only_one = FileLock(places.data / "running.lock")
    if not only_one.take(wait=False):
        raise LauncherFailure(
            f"qcchain already runs on {places.data}.", "Stop it first (Ctrl-C where it runs), or choose another folder: QCCHAIN_DATA=…"
        )
    supervisor = Supervisor(places.token)
    supervisor.catch_signals()
    try:
        _clear_leftovers(places)
        _refuse_a_taken_port(port)
        Starter(places, supervisor, port).start_all()
        say(f"  ready after {time.monotonic() - began:.0f} s. Logs: {places.log}. Stop with Ctrl-C.")
        supervisor.watch()
    except Stopped:
        say("\nStopping …")
    finally:
        supervisor.stop()
        only_one.drop()
    say("Stopped; the data stay (make reset empties them).")
    return 0


class Starter:
    """The start in its order."""

    def __init__(self, places: Places, supervisor: Supervisor, port: int) -> None:
        self._places = places
        self._supervisor = supervisor
        self._port = port
        self._servers: Servers = chosen_servers(places, os.environ)
        self._told = program_environment(places, self._servers, os.environ)
        # A second door with HTTPS, for phones of one's own network.
        self._phone = phone.prepared(places, port + 1) if phone.asked_for(os.environ) else None
        if self._phone:
            self._told |= self._phone.told(self._told)

    def start_all(self) -> None:
        self._start_servers()
        self._prepare()
        for name, argv in self._programs().items():
            self._supervisor.add(Service(name, self._starter(name, argv, self._told), self._log(name)))
        self._say_address()

    def _start_servers(self) -> None:
        postgres, valkey = self._servers.postgres, self._servers.valkey
        say("Starting PostgreSQL and Valkey …" if postgres or valkey else "Using the given PostgreSQL and Redis …")
        if postgres:
            postgres.make_cluster()
            service = Service(
                "postgres", lambda: postgres.spawn(supervised=True), postgres.log_file, stop_signal=signal.SIGINT, is_server=True
            )
            process = self._supervisor.add(service)
            postgres.wait_until_it_answers(process, between=self._supervisor.stop_if_asked)
            postgres.make_roles()
        if valkey:
            process = self._supervisor.add(Service("valkey", lambda: valkey.spawn(supervised=True), valkey.log_file, is_server=True))
            valkey.wait_until_it_answers(process, between=self._supervisor.stop_if_asked)

    def _prepare(self) -> None:
        as_owner = owner_environment(self._servers, self._told, os.environ)
        self._step("Compiling the words", "words", ["python", "-m", "qcchain.words", "compile"], self._told)
        # Packing the static files takes as long as all the rest, and needs no database.
        static = None if static_is_collected(self._places) else self._begin("collectstatic", COLLECT, self._told)
        for argv in commands.migrations():
            self._step(f"Preparing the database ({argv[2]})", argv[2], argv, as_owner)
        self._step("Loading demo data, once", "load_demo", commands.manage("load_demo", "--profile", "demo", "--once"), as_owner)
        if static:
            say("Packing static files …")
            self._supervisor.finish("Packing static files", static, self._log("collectstatic"))
            static_was_collected(self._places)

    def _log(self, name: str) -> Path:
        return self._places.log / f"{name}.log"

    def _step(self, words: str, name: str, argv: list[str], env: Mapping[str, str]) -> None:
        say(f"{words} …")
        self._supervisor.finish(words, self._begin(name, argv, env), self._log(name))

    def _begin(self, name: str, argv: list[str], env: Mapping[str, str]) -> "subprocess.Popen[bytes]":
        self._log(name).unlink(missing_ok=True)
        return self._starter(name, argv, env)()

    def _programs(self) -> dict[str, list[str]]:
        schedule = self._places.data / "beat-schedule"
        # A cache that a kill -9 can spoil; what is due stands in the database.
        for part in self._places.data.glob(f"{schedule.name}*"):
            part.unlink()
        return {
            "web": commands.web(port=self._port),
            **({"phone": self._phone.command()} if self._phone else {}),
            "worker": commands.worker(),
            "beat": commands.beat(schedule=str(schedule)),
            "relay": commands.relay(),
        }

    def _starter(self, name: str, argv: list[str], env: Mapping[str, str]) -> Start:
        log = self._log(name)
        real = [sys.executable if argv[0] == "python" else argv[0], *argv[1:]]
        return lambda: spawn(real, log=log, env=env, cwd=PROJECT, death_signal=signal.SIGTERM)

    def _say_address(self) -> None:
        say("Starting web, worker, beat and relay …")
        self._step("Listing the demo sign-ins", "demo_sign_ins", commands.manage("demo_sign_ins"), self._told)
        address = f"http://127.0.0.1:{self._port}/"
        if not self._supervisor.wait_until(lambda: is_well(address + "healthz"), READY_SECONDS):
            log = self._log("web")
            what = f"The web did not answer within {READY_SECONDS} s; the end of {log}:\n{tail(log)}"
            raise LauncherFailure(what, "Mend the cause named above, then run again.")
        say(f"\nqcchain is at {address}\n")
        say(self._log("demo_sign_ins").read_text(errors="replace"))
        if self._phone:
            say(self._phone.words())


def _clear_leftovers(places: Places) -> None:
    left = marked(places.token)
    if left:
        say(f"Stopping {len(left)} process(es) that an earlier run left …")
        end(left)


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise LauncherFailure(f"PORT={text} is no port number.", "Choose one from 1 to 65535, for example: make run PORT=8001")
    return int(text)


def _refuse_a_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise LauncherFailure(f"Port {port} needs more rights.", "Choose one above 1023: make run PORT=8001") from None
        except OSError:
            raise LauncherFailure(f"Port {port} is in use by another program.", f"Choose another: make run PORT={port + 1}") from None
