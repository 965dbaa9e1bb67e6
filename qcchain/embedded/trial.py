"""Servers beside the real ones, for tests and benchmarks: they end with the last program that uses them."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence

from qcchain.embedded.environment import Servers, embedded_postgres, embedded_valkey, owner_environment, program_environment
from qcchain.embedded.places import PROJECT, Places
from qcchain.embedded.postgres import Postgres
from qcchain.embedded.processes import die_with_parent, end, kill_group, marked
from qcchain.embedded.valkey import Valkey


def trial_places(name: str) -> Places:
    return Places(Places.from_environment().data / name)


def with_kept_bytecode(environ: Mapping[str, str], name: str = "test") -> dict[str, str]:
    """Compiled modules are kept beside the trial's data, even where PYTHONDONTWRITEBYTECODE is set.

    A test run starts hundreds of processes; each would compile four thousand modules anew, for four seconds.
    """
    kept = {key: value for key, value in environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return {"PYTHONPYCACHEPREFIX": str(trial_places(name).data / "bytecode"), **kept}


def trial_servers(name: str = "test", *, fast: bool = True) -> tuple[Postgres, Valkey]:
    """The named pair, not yet started: call `ensure_running` on each, and `release` at the end.

    Every process of a test run may do so; the cluster is one.
    """
    places = trial_places(name)
    places.make()
    return embedded_postgres(places, fast=fast), embedded_valkey(places, fast=fast)


def run_with_servers(name: str, command: Sequence[str], *, fast: bool) -> int:
    """Run one command with roles, database and addresses of its own; its exit code."""
    places = trial_places(name)
    postgres, valkey = trial_servers(name, fast=fast)
    try:
        postgres.ensure_running()
        valkey.ensure_running()
        postgres.make_roles()
        servers = Servers(postgres, valkey)
        told = owner_environment(servers, program_environment(places, servers, os.environ), os.environ)
        return run_to_its_end(command, {**told, "QCCHAIN_SUPERUSER_URL": postgres.superuser_url()})
    finally:
        end(marked(places.token))
        valkey.release()
        postgres.release()


def run_to_its_end(command: Sequence[str], env: Mapping[str, str]) -> int:
    """Run in the foreground, pass on a request to stop, and leave none of its group behind."""
    real = [sys.executable, *command[1:]] if command[0] == "python" else list(command)
    process = subprocess.Popen(real, env=dict(env), cwd=PROJECT, start_new_session=True, preexec_fn=die_with_parent)

    def pass_on(number: int, _frame: object) -> None:
        process.send_signal(number)

    before = {number: signal.signal(number, pass_on) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        return process.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        kill_group(process.pid)


def stop_servers(name: str) -> int:
    """Stop the named pair, whoever uses it."""
    postgres, valkey = trial_servers(name)
    valkey.stop()
    postgres.stop()
    return 0
