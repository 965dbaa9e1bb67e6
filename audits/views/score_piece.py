"""What the page of an audit says of its score."""

from __future__ import annotations

from typing import Any

from audits.models import Audit
from audits.score_cards import percent
from audits.selectors.copies import FINISHED
from audits.selectors.scores import score_of
from audits.services.reports import may_be_printed
from foundation.actor import ActorRequest, Hat


def score_piece(request: ActorRequest, audit: Audit) -> dict[str, Any]:
    """`score_said`: the number that holds, or None before the review; `can_print`, `can_show`: what else may be done with it."""
    done = audit.state in FINISHED
    can_show = done and request.actor.hat is Hat.SUPPLIER and audit.kind != Audit.Kind.FOLLOW_UP
    return {"score_said": _said(request, audit), "can_print": may_be_printed(audit), "can_show": can_show}


def _said(request: ActorRequest, audit: Audit) -> dict[str, Any] | None:
    if audit.state not in FINISHED:
        return None
    score = score_of(request.actor, audit)
    if score is None:
        return None
    return {"band": score.band, "percent": percent(score.value_hundredths), "contested": score.inputs["contested"]}
