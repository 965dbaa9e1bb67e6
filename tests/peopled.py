"""A database in which three stories have been told: built once in a run, and cloned by every module that needs a peopled world."""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import Any

from django.db import connections
from django.utils import timezone
from psycopg import sql

from qcchain.embedded.locks import FileLock, locked
from tests import harness
from tests.world import Story, build_story

# Lin and Wu supply the same chain owner; Wu supplies two.
PAIRS = (("chen", "lin"), ("fang", "wu"), ("chen", "wu"))


class Peopled:
    """The peopled template of this run. It stays while a process that asked for it lives."""

    def __init__(self, servers: harness.Servers, template: str, blocker: Any) -> None:
        self.servers = servers
        self.lasts = "QCCHAIN_TOLD" in os.environ  # told ahead for a whole run of several stages; the next run clears it away
        self.name = f"qcc_told_{os.environ.get('QCCHAIN_TOLD') or os.environ.get('PYTEST_XDIST_TESTRUNUID', '')[:10] or os.getpid()}"
        self._kept: Path = servers.postgres.run_dir / f"{self.name}.stories"
        self._users = FileLock(servers.postgres.run_dir / f"{self.name}.users")
        self._users.take(shared=True)
        with locked(servers.postgres.run_dir / "told.lock"):
            if not self._kept.exists():
                self._tell(template, blocker)
        self.stories: list[Story] = pickle.loads(self._kept.read_bytes())

    def _tell(self, template: str, blocker: Any) -> None:
        before = harness.addresses()
        self._clear_away()
        harness.drop(self.servers, self.name)  # half told by one whom a story failed
        harness.clone(self.servers, template, self.name)
        with blocker.unblock():
            harness.point_django_at(self.servers, self.name)
            now = timezone.now()
            stories = [build_story(owner, supplier, now=now) for owner, supplier in PAIRS]
            connections.close_all()
            harness.point_django_back(before)
        self._kept.write_bytes(pickle.dumps(stories))

    def _clear_away(self) -> None:
        """What earlier runs left, told to the end or not, of which nobody is at work."""
        for path in self._kept.parent.glob("qcc_told_*.users"):
            users = FileLock(path)
            if path != self._users.path and users.take(wait=False):
                self._drop(path.with_suffix(".stories"))
            users.drop()

    def _drop(self, kept: Path) -> None:
        with self.servers.superuser() as connection:
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(kept.stem)))
        kept.unlink(missing_ok=True)
        kept.with_suffix(".users").unlink(missing_ok=True)

    def clone(self, name: str) -> str:
        """A database of the caller's own, with all that was told."""
        return harness.clone(self.servers, self.name, name)

    def release(self) -> None:
        """The last one out puts out the light."""
        self._users.drop()
        last = FileLock(self._users.path)
        if not self.lasts and last.take(wait=False) and self._kept.exists():
            self._drop(self._kept)
        last.drop()
