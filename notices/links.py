"""Where a line of the inbox leads. The pages stand on floors above: the desk says where they are when it starts."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from foundation.actor import Hat

Finder = Callable[[str, Hat, UUID], str]
_finders: list[Finder] = []


def lead_with(finder: Finder) -> None:
    """Take the way from (kind, hat, subject) to an address; called once, from an AppConfig.ready()."""
    _finders[:] = [finder]


def leads_to(kind: str, hat: Hat, subject_id: UUID) -> str:
    """The address that a line opens; empty where nobody has said."""
    return _finders[0](kind, hat, subject_id) if _finders else ""
