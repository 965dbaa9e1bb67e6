"""A child process with little memory, little time and nothing of ours: the only place where a foreign file is unpacked.

The parent never decodes a picture or inflates an archive, so no file can make it grow or hang.
"""

import json
import resource
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

from records.screening.verdict import Code, Limits, Refused

PROJECT = Path(__file__).resolve().parents[2]
ANSWER_BYTES = 64 * 1024
# The re-encoded copy may be wider than the original (a PNG of noise), but has an end.
COPY_BYTES = 512 * 1024 * 1024
# Each child may take what Limits allow: two at a time is what one process may ask of the machine.
_SLOTS = threading.BoundedSemaphore(2)


def run_job(module: str, limits: Limits, **arguments: Any) -> dict[str, Any]:
    """Run ``python -m module`` confined, and give its JSON answer.

    Raises Refused with the code that the job answered; with TIMEOUT when it took too long. A job that dies otherwise gives
    ``{"died": True}``: the caller knows what it was looking at.
    """
    order = json.dumps({"limits": asdict(limits), **arguments}, default=str)
    with _SLOTS, tempfile.TemporaryFile() as output:  # a file, not a pipe: the child's file size limit then bounds its answer
        process = subprocess.Popen(
            [sys.executable, "-E", "-s", "-m", module, order],
            cwd=PROJECT,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            ended = process.wait(timeout=limits.wall_seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise Refused(Code.TIMEOUT) from None
        output.seek(0)
        answer = output.read(ANSWER_BYTES)
    if ended in (-signal.SIGXCPU, -signal.SIGKILL):
        raise Refused(Code.TIMEOUT)
    if ended != 0:
        return {"died": True}
    result: dict[str, Any] = json.loads(answer)
    if "refused" in result:
        raise Refused(Code(result["refused"]))
    return result


def read_order() -> dict[str, Any]:
    """In the child: put the limits on, for good, and read what to do."""
    order: dict[str, Any] = json.loads(sys.argv[1])
    order["limits"] = limits = Limits(**order["limits"])
    for what, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, COPY_BYTES),
        (resource.RLIMIT_NOFILE, 32),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    return order


def answer(result: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(result))
