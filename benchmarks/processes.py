"""Processes of a benchmark: each in a group of its own, killed whole, whatever ends the run."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qcchain.embedded.commands import web
from qcchain.embedded.processes import die_with_parent, kill_group

ROOT = Path(__file__).resolve().parent.parent


def unwind_on_sigterm() -> None:
    """SIGTERM becomes an exception, so that every stack is unwound and every group killed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def start(stack: ExitStack, words: Sequence[str], env: Mapping[str, str], **options: Any) -> subprocess.Popen[bytes]:
    """A Python program of the project in its own group; the stack kills the group."""
    argv = [sys.executable, *(words[1:] if words[0] == "python" else words)]
    options = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **options}
    process = subprocess.Popen(argv, cwd=ROOT, env=dict(env), start_new_session=True, preexec_fn=die_with_parent, **options)
    stack.callback(kill, process)
    return process


def kill(process: subprocess.Popen[bytes]) -> None:
    kill_group(process.pid)
    process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Server:
    """A web server of ours: where it listens, and the head of its group."""

    port: int
    process: subprocess.Popen[bytes]


def serve(
    stack: ExitStack, env: Mapping[str, str], *, target: str = "qcchain.wsgi:application", threads: int = 4, workers: int = 2
) -> Server:
    """The product's own web command, for another target if asked; returns once it answers."""
    port = free_port()
    command = web(port=port, workers=workers)
    command[command.index("--blocking-threads") + 1] = str(threads)
    process = start(stack, [*command[:-1], target], env)
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the server of {target} stopped with {process.returncode}")
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return Server(port, process)
        time.sleep(0.1)
    raise RuntimeError(f"the server of {target} did not answer within 60 s")


def children_of(pid: int) -> list[int]:
    """The living children of a process."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, IndexError):
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
            if int(parent) == pid and state != "Z":
                found.append(int(stat.parent.name))
    return sorted(found)


class Crew:
    """Helpers that wait for a command on their standard input and answer on their output, all at once."""

    def __init__(self, stack: ExitStack, module: str, size: int, env: Mapping[str, str]) -> None:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": None}
        self._hands = [start(stack, ["-m", module], env, **pipes) for _ in range(size)]

    def run(self, **command: Any) -> list[dict[str, Any]]:
        """Give everybody the same command (and a number of their own); their answers."""
        for number, hand in enumerate(self._hands):
            assert hand.stdin is not None
            hand.stdin.write(json.dumps({**command, "number": number}).encode() + b"\n")
            hand.stdin.flush()
        return [json.loads(hand.stdout.readline()) for hand in self._hands if hand.stdout is not None]
