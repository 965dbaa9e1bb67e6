"""Where a problem that is seen on a page is reported: the floor above that keeps problems says here where it is."""

from __future__ import annotations

from collections.abc import Callable

from foundation.actor import Actor

Finder = Callable[[Actor, str, str, str], str]
_finders: list[Finder] = []


def report_with(finder: Finder) -> None:
    """Take the way from (who, seen where, characteristic, node) to an address; called once, from an AppConfig.ready()."""
    _finders[:] = [finder]


def report_url(actor: Actor, origin: str, characteristic: str = "", node: str = "") -> str:
    """The address at which this is reported as a problem; empty where nobody has said, or where it is not this hat's to report."""
    return _finders[0](actor, origin, characteristic, node) if _finders else ""
