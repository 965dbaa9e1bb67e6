"""What the page of an audit says of its score."""

from __future__ import annotations

from typing import Any

from audits.models import Audit
from audits.score_cards import percent
from audits.selectors.scores import score_of
from foundation.actor import ActorRequest


def score_piece(request: ActorRequest, audit: Audit) -> dict[str, Any]:
    """`score_said`: the number that holds, or None before the review."""
    if audit.state not in ("reviewed", "closed"):
        return {"score_said": None}
    score = score_of(request.actor, audit)
    if score is None:
        return {"score_said": None}
    said = {"band": score.band, "percent": percent(score.value_hundredths), "contested": score.inputs["contested"]}
    return {"score_said": said}
