"""Whose turn it is with a text that was sent: exactly one side, and what it is asked for. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

OTHER = {"owner": "supplier", "supplier": "owner"}
# A locked text that may still be talked about and signed.
TALKED_ABOUT = ("in_review", "agreed", "signing")


class ProposalLike(Protocol):
    """What is read of an open proposal."""

    side: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Turn:
    """The side that acts next, and the kind of line on its task list."""

    side: str
    step: str


def turn_of(state: str, open_proposals: Iterable[ProposalLike], signed: Collection[str]) -> Turn | None:
    """Who acts next; None where nobody is waited for (a draft is the owner's own, a signed text waits for its day).

    Where proposals of both sides are open, it is the side whose answer has been waited for longest.
    """
    if state not in TALKED_ABOUT:
        return None
    waiting = min(open_proposals, key=lambda proposal: proposal.at, default=None)
    if waiting is not None:
        return Turn(OTHER[waiting.side], "agreement_to_answer")
    if signed:
        return Turn("owner" if "supplier" in signed else "supplier", "agreement_to_sign")
    return Turn("supplier", "agreement_to_sign" if state == "agreed" else "agreement_to_review")
