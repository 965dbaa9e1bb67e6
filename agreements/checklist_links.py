"""Checklists that a clause may name: the floor above keeps them, and says here which there are."""

from __future__ import annotations

from collections.abc import Callable

from foundation.actor import Actor

# code, name in Chinese, name in English
Offered = tuple[str, str, str]
Offer = Callable[[Actor], list[Offered]]
_offers: list[Offer] = []


def offer_with(offer: Offer) -> None:
    """Take the way to the checklists; called once, from an AppConfig.ready() of the floor that keeps them."""
    _offers[:] = [offer]


def checklists_offered(actor: Actor) -> list[Offered]:
    """What a new clause of the actor's may name, its own first. Nothing where nobody has said."""
    return _offers[0](actor) if _offers else []
