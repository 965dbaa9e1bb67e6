"""A duty case and an appeal of a story, through the product's own verbs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from foundation.actor import as_actor
from oversight.services.duty import CaseSaid, open_case
from records.services.appeals import AppealSaid, file_score_appeal
from tests.cast import actor


def a_duty_case(maker: Any, agreement_id: Any, finding_id: Any, *, now: datetime, mark: str) -> dict[str, Any]:
    """Zhou opens a case about an agreement, a finding and the supplier; the supplier appeals against its score."""
    zhou = actor("zhou")
    said = CaseSaid(
        "complaint", f"有人投诉色牢度与协议不符{mark}", (("agreement", agreement_id), ("finding", finding_id), ("firm", maker.org_id))
    )
    with as_actor(zhou):
        # A story of last quarter has a case of today: an older one would have run out by itself.
        case = open_case(actor=zhou, said=said, client_id=f"case-{agreement_id}", now=max(now, timezone.now()))
    return {"case_id": case.pk, "firm_id": maker.org_id, **an_appeal(maker, agreement_id, now=now, mark=mark)}


def an_appeal(maker: Any, agreement_id: Any, *, now: datetime, mark: str) -> dict[str, Any]:
    """The supplier says that its compliance was counted wrongly."""
    grounds = AppealSaid("compliance", {"value": "82", "n": "19"}, f"十二月那次放假，不应算逾期{mark}")
    with as_actor(maker):
        appeal = file_score_appeal(actor=maker, said=grounds, client_id=f"appeal-{agreement_id}", now=now)
    return {"score_appeal_id": appeal.pk}
