"""What one test process has of the shared servers for itself alone. The kernel gives it back when the process ends, killed or not."""

from __future__ import annotations

import redis
from django.conf import settings
from django.core.cache import caches

from qcchain.embedded.locks import FileLock
from qcchain.embedded.valkey import FAST_DATABASES, Valkey

_pointed: set[str] = set()


class OwnNumbers:
    """Two databases of Valkey: one for the cache of this process, one for the programs that it starts.

    A test that empties its cache empties nobody else's, a wrong password is counted against nobody else's Lin, and no worker takes a
    message of another run.
    """

    def __init__(self, valkey: Valkey) -> None:
        self._valkey = valkey
        self._lock, self._number = _first_free(valkey)
        for url in (self.cache, self.programs):  # what a killed run left
            with redis.Redis.from_url(url) as client:
                client.flushdb()

    @property
    def cache(self) -> str:
        return self._valkey.url(2 * self._number)

    @property
    def programs(self) -> str:
        return self._valkey.url(2 * self._number + 1)

    def drop(self) -> None:
        self._lock.drop()


def _first_free(valkey: Valkey) -> tuple[FileLock, int]:
    for number in range(1, FAST_DATABASES // 2):
        lock = FileLock(valkey.run_dir / f"valkey.{number}.user")
        if lock.take(wait=False):
            return lock, number
        lock.drop()
    raise RuntimeError(f"{FAST_DATABASES // 2} test processes run already.")


def point_cache_at(url: str) -> None:
    settings.CACHES = {**settings.CACHES, "default": {**settings.CACHES["default"], "LOCATION": url}}
    caches.settings = caches.configure_settings(settings.CACHES)
    if hasattr(caches._connections, "default"):  # somebody asked before the server stood: forget the old address
        del caches["default"]
    _pointed.add(url)


def forget_counts() -> None:
    """Empty the cache that this process has for itself, once it has one: what is counted there is beyond a rollback's reach."""
    if _pointed:
        caches["default"].clear()
