"""On the page of an audit: what a follow-up looks at, and where one is planned."""

from __future__ import annotations

from typing import Any

from audits.models import Audit
from audits.selectors.followups import items_of, open_of
from audits.services.sides import MAY_JUDGE
from audits.status import FINDING_CHIPS, GRADE_CHIPS, REVIEWABLE
from foundation.actor import ActorRequest, Hat


def follow_up_piece(request: ActorRequest, audit: Audit) -> dict[str, Any]:
    """The findings on the list of a follow-up; whether the reader may plan one."""
    judges = request.actor.hat is Hat.OWNER and bool(request.actor.roles.intersection(MAY_JUDGE))
    handed_in = audit.state in (*REVIEWABLE, "closed")
    return {
        "to_verify": items_of(request.actor, audit) if audit.kind == Audit.Kind.FOLLOW_UP else [],
        "may_follow": judges and handed_in and bool(open_of(request.actor, audit)),
        "grades": GRADE_CHIPS, "finding_chips": FINDING_CHIPS,
    }  # fmt: skip
