"""Where help is asked for a thing on a page: the floor above that has the desk says here where it is."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from foundation.actor import Actor

Finder = Callable[[Actor, str, UUID], str]
_finders: list[Finder] = []


def ask_with(finder: Finder) -> None:
    """Take the way from (who, what, which) to an address; called once, from an AppConfig.ready() of the floor that has the desk."""
    _finders[:] = [finder]


def help_url(actor: Actor, about: str, subject_id: UUID) -> str:
    """The address at which help is asked for this thing; empty where nobody has said, or where it is not this hat's to ask."""
    return _finders[0](actor, about, subject_id) if _finders else ""
