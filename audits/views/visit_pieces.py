"""What other topics put on the page of a visit: each gives the words of its own piece, and none knows of another's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from audits.models import Audit
from audits.views.follow_up_piece import follow_up_piece
from audits.views.score_piece import score_piece
from audits.views.walked import walked_piece
from foundation.actor import ActorRequest

Piece = Callable[[ActorRequest, Audit], dict[str, Any]]

# Each function returns what its template under templates/audits/_visit_*.html reads. Keys carry the topic's name.
PIECES: tuple[Piece, ...] = (score_piece, follow_up_piece, walked_piece)


def pieces_of(request: ActorRequest, audit: Audit) -> dict[str, Any]:
    """Everything that the pieces of one page read."""
    said: dict[str, Any] = {}
    for piece in PIECES:
        said |= piece(request, audit)
    return said
