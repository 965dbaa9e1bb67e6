"""Findings of a lot: the floor above keeps them, and says here where they are and where one is raised."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from foundation.actor import Actor
from inspections.models import Lot


@dataclass(frozen=True, slots=True)
class FindingLink:
    """A finding that was raised of a lot, as a line with its address."""

    url: str
    title: str
    chip: str
    chips: dict[str, tuple[str, str, Any]]


@dataclass(frozen=True, slots=True)
class FindingsOfLot:
    """What the reader finds on a lot: findings, and where to raise one ("" where that is not the reader's)."""

    raised: Sequence[FindingLink] = ()
    raise_url: str = ""


Finder = Callable[[Actor, Lot], FindingsOfLot]
_finders: list[Finder] = []


def look_with(finder: Finder) -> None:
    """Take the way from a lot to its findings; called once, from an AppConfig.ready() of the floor that keeps them."""
    _finders[:] = [finder]


def findings_of_lot(actor: Actor, lot: Lot) -> FindingsOfLot:
    """Nothing where nobody has said."""
    return _finders[0](actor, lot) if _finders else FindingsOfLot()
