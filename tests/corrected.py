"""Findings of the story that go the long way: one that is worded anew, planned twice, carried out and opened again; one that is appealed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils import timezone

from audits import services
from audits.models import Audit
from foundation.actor import as_actor
from records.services.evidence import file_evidence
from tests.cast import actor

Photo = Callable[[tuple[int, int, int]], Path]


def put_right(owner: str, supplier: str, audit_id: UUID, *, photo: Photo, now: datetime, mark: str) -> dict[str, Any]:
    """What both sides say of three findings, and a follow-up that looks at what is open. `mark` goes into every word that a person types."""
    buyer, maker = actor(owner), actor(supplier)
    seen = services.Observation(
        "major", f"天平在校准有效期内{mark}", f"两台天平标签过期{mark}", question_code="MW-3", gap=f"没有台账{mark}", clause_ref=f"6.2{mark}"[:80]
    )
    with as_actor(buyer):
        long = services.raise_finding(actor=buyer, audit_id=audit_id, seen=seen, client_id="f-long", now=now)
    _worded_anew(buyer, maker, long.pk, seen, now, mark)
    _carried_out(buyer, maker, long.pk, photo, now, mark)
    appeal_id = _appealed(buyer, maker, audit_id, now)
    with as_actor(buyer):
        on = timezone.localdate(now) + timedelta(days=20)
        visit = services.start_follow_up(actor=buyer, audit_id=audit_id, said=services.FollowUpSaid(on, "am"), now=now)
        Audit.objects.filter(pk=visit.pk).update(state="in_progress")
        item = services.look_again(
            actor=buyer, audit_id=visit.pk, finding_id=long.pk, outcome="still_open", seen=f"标签还没换{mark}", now=now + timedelta(hours=3)
        )
    return {"appeal_id": appeal_id, "follow_up_item_id": item.pk}


def _worded_anew(buyer: Any, maker: Any, finding_id: UUID, seen: services.Observation, now: datetime, mark: str) -> None:
    with as_actor(maker):
        services.contest_finding(actor=maker, finding_id=finding_id, reason=f"一台已停用{mark}", now=now)
    anew = services.Observation("major", seen.requirement, f"一台天平标签过期{mark}", gap=seen.gap)
    with as_actor(buyer):
        services.reword_finding(actor=buyer, finding_id=finding_id, seen=anew, reason=f"另一台确已停用{mark}", now=now)


def _carried_out(buyer: Any, maker: Any, finding_id: UUID, photo: Photo, now: datetime, mark: str) -> None:
    def plan(key: str, at: datetime) -> None:
        said = services.PlanSaid(
            cause=f"没有到期提醒{mark}", action=f"建立校准台账{mark}", responsible=f"何经{mark}", planned_for=timezone.localdate(now) + timedelta(days=9),
            prevention=f"卷尺同样处理{mark}", whys=[f"标签过期{mark}"], fishbone={"method": f"没有规定{mark}"},
        )  # fmt: skip
        services.plan_action(actor=maker, finding_id=finding_id, said=said, client_id=key, now=at)

    with as_actor(maker):
        services.contain_finding(
            actor=maker, finding_id=finding_id, measures=f"停用天平{mark}", scope=f"复称三批{mark}", evidence_ids=[], client_id="c", now=now
        )
        plan("p1", now)
    with as_actor(buyer):
        services.return_plan(actor=buyer, finding_id=finding_id, reason=f"卷尺也要管{mark}", now=now)
    with as_actor(maker):
        plan("p2", now)
    with as_actor(buyer):
        services.accept_plan(actor=buyer, finding_id=finding_id, now=now)
    later = now + timedelta(hours=1)
    with as_actor(maker):
        proof = file_evidence(actor=maker, path=photo((20, 90, 140)), name=f"ledger{mark}.jpg", client_id=f"{finding_id}-d", now=later)
        services.carry_out(actor=maker, finding_id=finding_id, done=f"台账已建{mark}", evidence_ids=[proof.pk], client_id="d", now=later)
    with as_actor(buyer):
        services.verify_action(actor=buyer, finding_id=finding_id, lots_wanted=2, now=later)
        services.judge_effect(actor=buyer, finding_id=finding_id, works=False, words=f"又有一台过期{mark}", now=now + timedelta(hours=2))


def _appealed(buyer: Any, maker: Any, audit_id: UUID, now: datetime) -> Any:
    """The words of an appeal reach a third party: nobody's name is in them."""
    seen = services.Observation("minor", "通道画线清楚", "成品区画线磨损", gap="看不出边界")
    with as_actor(buyer):
        row = services.raise_finding(actor=buyer, audit_id=audit_id, seen=seen, client_id="f-appeal", now=now)
    with as_actor(maker):
        services.contest_finding(actor=maker, finding_id=row.pk, reason="画线看得清", now=now)
    with as_actor(buyer):
        services.uphold_finding(actor=buyer, finding_id=row.pk, reason="照片上看不清", now=now)
    with as_actor(maker):
        asked = services.appeal_finding(
            actor=maker, finding_id=row.pk, arbiter_org_id=actor("mei").org_id, why="请第三方看照片", client_id="a", now=now
        )
    return asked.pk
