"""Children that end with their parent, and the search for those that did not.

A pid in a file is never believed: a living process is recognised by the folder it works in or by a mark in its environment.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

MARK = "QCCHAIN_SUPERVISED"
_PR_SET_PDEATHSIG = 1
# Loaded before any fork: between fork and exec nothing may be imported.
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Account:
    """The system user that runs PostgreSQL when we are root."""

    name: str
    uid: int
    gid: int


def die_with_parent(death_signal: int = signal.SIGTERM) -> None:
    """Ask the kernel to send ``death_signal`` when the parent goes, even by kill -9. Linux only; elsewhere nothing."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)


def end_with_make() -> None:
    """End when `make` is killed, where the Makefile asks for it: else the terminal would be free and the port not."""
    if os.environ.pop("QCCHAIN_END_WITH_MAKE", "") == "1":
        die_with_parent()


def spawn(
    argv: Sequence[str],
    *,
    log: Path,
    env: Mapping[str, str],
    cwd: Path,
    account: Account | None = None,
    death_signal: int | None = None,
) -> "subprocess.Popen[bytes]":
    """Start a process in a session of its own, its output appended to ``log``.

    With ``death_signal`` it ends with this process; without, it outlives it.
    """
    with log.open("ab") as out:
        return subprocess.Popen(
            list(argv),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=dict(env),
            cwd=cwd,
            start_new_session=True,
            preexec_fn=None if death_signal is None else lambda: die_with_parent(death_signal),
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )


def _living(matches: Callable[[Path], bool]) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        # Gone meanwhile, or another user's: not ours either way.
        with suppress(OSError):
            if int(entry.name) != os.getpid() and matches(entry) and not _is_zombie(entry):
                found.append(int(entry.name))
    return found


def _is_zombie(entry: Path) -> bool:
    return (entry / "stat").read_text().rpartition(")")[2].split()[0] == "Z"


def marked(token: str) -> list[int]:
    """Every living process that carries our mark with ``token``, however it was forked or detached."""
    wanted = f"{MARK}={token}".encode()
    return _living(lambda entry: wanted in (entry / "environ").read_bytes().split(b"\0"))


def working_in(folder: Path) -> list[int]:
    """Every living process whose working directory is ``folder``: a database server stands in its data."""
    wanted = os.path.realpath(folder)
    return _living(lambda entry: os.readlink(entry / "cwd") == wanted)


def end(pids: Iterable[int], *, first: int = signal.SIGTERM, patience: float = 5.0) -> None:
    """Send ``first``, wait up to ``patience`` seconds, then SIGKILL whatever is left."""
    left = list(pids)
    for wave in (first, signal.SIGKILL):
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, wave)
        deadline = time.monotonic() + patience
        while left and time.monotonic() < deadline:
            left = [pid for pid in left if _lives(pid)]
            time.sleep(0.05)
        if not left:
            return


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return not _is_zombie(Path("/proc") / str(pid))
    except OSError:
        return False


def kill_group(leader: int) -> None:
    """SIGKILL what is left of a process group, its leader dead or not."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)
