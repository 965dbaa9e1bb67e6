"""One client of the load: asks for pages in turn on one connection until the time is up."""

from __future__ import annotations

import time
from typing import Any

from benchmarks.hands import obey
from benchmarks.wire import Wire, request_bytes


def ask_until_done(*, port: int, paths: list[str], headers: dict[str, str], seconds: float, number: int) -> dict[str, Any]:
    """How many whole answers came, how long each took (ms), and how many were not 200."""
    wire, taken, bad = Wire(port), [], 0
    asked = [request_bytes("GET", path, headers) for path in paths]
    turn, end = number, time.perf_counter() + seconds
    while (began := time.perf_counter()) < end:
        bad += wire.ask(asked[turn % len(asked)]).status != 200
        taken.append((time.perf_counter() - began) * 1000)
        turn += 1
    wire.close()
    return {"ms": taken, "bad": bad}


if __name__ == "__main__":
    obey(ask_until_done)
