"""A firm with a score, a portrait that it shared, and a method that the platform weighs."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.utils import timezone

from foundation.actor import CLOCK, Hat, acting_as, as_actor
from onestop.scoring import FIRST_BODY, PARTS, compute
from onestop.selectors.scores import method_in_force
from onestop.services.methods import draft_method, try_method
from onestop.services.portraits import open_portrait, share_portrait, token_of
from records.models import Score
from tests.cast import actor

FULL: dict[str, Any] = {
    "compliance": {"due": 20, "met": 18, "weighted": 180_000},
    "conformity": {"judged": 100, "passed": 96},
    "steadiness": {"series": 4, "quiet": 3},
    "audits": {"audits": 2, "total": 17_901},
    "correcting": {"due": 3, "in_time": 2},
    "freshness": {"kept": 8, "current": 8},
    "open_critical": 0,
}


def said_of(**changes: int) -> dict[str, int]:
    """The first method as its form says it, with changes."""
    parts = FIRST_BODY["parts"]
    said = {f"weight_{name}": parts[name]["weight"] for name in PARTS} | {f"least_{name}": parts[name]["least"] for name in PARTS}
    return {**said, "least_parts": FIRST_BODY["least_parts"], **{f"floor_{band}": FIRST_BODY["floors"][band] for band in "ABC"}, **changes}


def scored(who: str, *, now: datetime, **changes: Any) -> Score:
    """A score as the night would have kept it, of facts that are given."""
    inputs = {**FULL, **changes}
    with acting_as(Hat.CLOCK):
        method = method_in_force(CLOCK)
        found = compute(method.body, inputs)
        known = Score.objects.filter(subject_org_id=actor(who).org_id).order_by("-number").first()
        return Score.objects.create(
            subject_org_id=actor(who).org_id, number=known.number + 1 if known else 1, method=method, as_of=timezone.localdate(now), inputs=inputs,
            parts=found.parts, value_hundredths=found.value_hundredths, band=found.band, why="night", at=now,
        )  # fmt: skip


def a_portrait(supplier: str, *, now: datetime, mark: str = "") -> dict[str, Any]:
    """Ids by the names that addresses use."""
    now = max(now, timezone.now())  # a link of long ago would be over
    scored(supplier, now=now)
    with as_actor(actor(supplier)):
        portrait = share_portrait(actor=actor(supplier), for_whom=f"示例银行{mark}", client_id=uuid4().hex, now=now)
    token = token_of(portrait)
    with acting_as(Hat.LOBBY):
        open_portrait(token, net="203.0.113.0", device="Chrome · Windows", now=now)
    with as_actor(actor("pan")):
        said = said_of(weight_compliance=20, weight_audits=20)
        method = draft_method(actor=actor("pan"), said=said, why="审核多说一点", client_id=uuid4().hex, now=now)
        try_method(actor=actor("pan"), method_id=method.pk, now=now)
    return {"portrait_id": portrait.pk, "portrait_token": token, "method_id": method.pk}
