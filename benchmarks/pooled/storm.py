"""The calls: everybody at once on shared connections, with refusals, closed lines and a killed worker between. Every answer is read for canaries."""

from __future__ import annotations

import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from benchmarks.pooled.callers import CANARY, Caller, refused_body, strangers_thing
from benchmarks.processes import Server, children_of
from benchmarks.wire import Answer, Cut, Wire, request_bytes

JSON = {"Content-Type": "application/json"}
# How often each kind of call comes, and which answers it may have.
KINDS: dict[str, tuple[int, set[int]]] = {
    "api": (62, {200}),
    "page": (18, {200}),
    "stranger": (6, {403, 404}),
    "refused": (5, {403, 422}),
    "absent": (4, {404}),
    "nobody": (3, {302, 401}),
    "closed": (2, set()),
}


@dataclass
class Tally:
    """What was seen. `leaks` and `odd` name the calls; both must stay empty."""

    calls: int = 0
    own: int = 0  # answers that held the caller's own canary: the search is not blind
    cut: int = 0  # lines that the killed worker dropped
    leaks: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    killed: int = 0

    def is_whole(self, *, threads: int) -> bool:
        """Every call ended in an answer, a hang-up or a cut, and the kill cut no more lines than could be open, or opened anew, around it."""
        return self.kinds.total() + self.cut == self.calls and self.cut <= 2 * threads

    def judge(self, kind: str, path: str, caller: Caller | None, answer: Answer, must_hold: bool) -> None:
        """Look at one answer. A foreign canary is a leak; a missing own one, or an unexpected status, is odd."""
        found = set(CANARY.findall(answer.head + answer.body))
        mine = {caller.canary} if caller else set()
        name = f"{caller.who if caller else 'nobody'} {kind} {path}: {answer.status}"
        self.statuses[answer.status] += 1
        self.own += bool(found & mine)
        if found - mine:
            self.leaks.append(f"{name}, {sorted(found - mine)}")
        if answer.status not in KINDS[kind][1] or (must_hold and not found & mine):
            self.odd.append(name)


class Storm:
    """So many calls from so many threads at one server; half-way one worker of the server is killed."""

    def __init__(self, server: Server, callers: list[Caller], *, seed: int = 5) -> None:
        self._server, self._callers, self._seed = server, callers, seed
        self._lock, self.tally = threading.Lock(), Tally()
        self._holds: set[tuple[str, str]] = set()

    def look_around(self) -> int:
        """Ask every address once, alone; how many hold the own canary and therefore must always."""
        wire = Wire(self._server.port)
        for caller in self._callers:
            for paths, headers in ((caller.api, caller.token), (caller.pages, caller.cookie)):
                for path in paths:
                    answer = wire.ask(request_bytes("GET", path, headers))
                    self.tally.judge("api", path, caller, answer, must_hold=False)
                    if caller.canary in answer.body:
                        self._holds.add((caller.who, path))
        return len(self._holds)

    def blow(self, *, calls: int, threads: int) -> Tally:
        """Make the calls; returns when all are answered, cut or closed."""
        # Daemons: when the run is asked to stop, nobody goes on calling a server that is gone.
        workers = [threading.Thread(target=self._one_client, args=(number, calls), daemon=True) for number in range(threads)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        return self.tally

    def _one_client(self, number: int, calls: int) -> None:
        rng, wire = random.Random(self._seed * 1000 + number), Wire(self._server.port)
        while self._next(calls):
            kind = rng.choices(list(KINDS), [weight for weight, _ in KINDS.values()])[0]
            caller = rng.choice(self._callers)
            path, request = CALLS[kind](rng, caller)
            self._call(wire, kind, path, None if kind == "nobody" else caller, request)
        wire.close()

    def _next(self, calls: int) -> bool:
        with self._lock:
            if self.tally.calls >= calls:
                return False
            self.tally.calls += 1
            if self.tally.calls == calls // 2:
                self._kill_a_worker()
            return True

    def _kill_a_worker(self) -> None:
        workers = children_of(self._server.process.pid)
        if not workers:
            self.tally.odd.append("half-way the server had no worker")
            return
        self.tally.killed = workers[0]
        os.kill(workers[0], signal.SIGKILL)

    def _call(self, wire: Wire, kind: str, path: str, caller: Caller | None, request: bytes) -> None:
        try:
            if kind == "closed":
                wire.send(request)
                wire.close()
            else:
                answer = wire.ask(request)
        except (Cut, OSError):
            wire.close()
            with self._lock:
                self.tally.cut += 1
            return
        with self._lock:
            self.tally.kinds[kind] += 1
            if kind != "closed":
                self.tally.judge(
                    kind,
                    path,
                    caller,
                    answer,
                    must_hold=caller is not None and (caller.who, path) in self._holds and kind in ("api", "page"),
                )


def _api(rng: random.Random, caller: Caller) -> tuple[str, bytes]:
    path = rng.choice(caller.api)
    return path, request_bytes("GET", path, caller.token)


def _page(rng: random.Random, caller: Caller) -> tuple[str, bytes]:
    path = rng.choice(caller.pages)
    return path, request_bytes("GET", path, caller.cookie)


def _stranger(rng: random.Random, caller: Caller) -> tuple[str, bytes]:
    path = f"/suppliers/{strangers_thing(caller)}/"
    return path, request_bytes("GET", path, caller.cookie)


def _refused(rng: random.Random, caller: Caller) -> tuple[str, bytes]:
    if rng.random() < 0.8:
        return "/api/v1/suppliers/", request_bytes("POST", "/api/v1/suppliers/", caller.token | JSON, refused_body())
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    return "/suppliers/add/", request_bytes("POST", "/suppliers/add/", caller.cookie | form, b"name_zh=a&uscc=wrong")


def _absent(rng: random.Random, caller: Caller) -> tuple[str, bytes]:
    path = f"/record/{uuid4()}/" if caller.hat in ("owner", "supplier") else f"/no-such-page/{uuid4()}/"
    return path, request_bytes("GET", path, caller.cookie)


def _nobody(rng: random.Random, caller: Caller) -> tuple[str, bytes]:
    path = rng.choice(caller.pages + caller.api)
    return path, request_bytes("GET", path)


def _closed(rng: random.Random, caller: Caller) -> tuple[str, bytes]:
    """Gone before the answer, or in the middle of the own body."""
    if rng.random() < 0.5:
        return _page(rng, caller)
    path, request = _refused(rng, caller)
    return path, request[: -rng.randrange(1, 20)]


CALLS: dict[str, Callable[[random.Random, Caller], tuple[str, bytes]]] = {
    "api": _api, "page": _page, "stranger": _stranger, "refused": _refused, "absent": _absent, "nobody": _nobody, "closed": _closed,
}  # fmt: skip


def worker_came_back(server: Server, before: list[int], killed: int) -> bool:
    """The server has as many workers as before, and the killed one is not among them."""
    now: list[Any] = children_of(server.process.pid)
    return len(now) == len(before) and killed not in now
