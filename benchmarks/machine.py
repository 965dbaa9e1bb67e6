"""How busy the machine is with other things."""

from __future__ import annotations

import os
import platform
import time

BUSY = 1.5  # load average per core above which a figure proves nothing
PATIENCE = 150.0


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def load() -> float:
    return os.getloadavg()[0]


def too_busy(load_average: float, n_cores: int) -> bool:
    """Whether a measurement taken now may not be judged."""
    return load_average > BUSY * n_cores


def wait_until_quiet(patience: float = PATIENCE) -> float:
    """The load average before timing; waits a while for the echo of our own preparations to fade."""
    end = time.monotonic() + patience
    while too_busy(load(), cores()) and time.monotonic() < end:
        time.sleep(2)
    return load()


def describe() -> str:
    return f"{cores()} cores, {platform.system()}, Python {platform.python_version()}"
