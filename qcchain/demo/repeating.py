"""The same thing found four times running, put right late each time: now it goes step by step, and the plan waits for the owner's word."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from audits.models import Audit, Finding
from audits.services import PlanSaid, accept_plan, carry_out, contain_finding, plan_action
from foundation.actor import as_actor
from qcchain.demo.firms import Firm
from qcchain.demo.moments import Moments
from qcchain.demo.teller import Params, Teller

YES = ("yes", "")
NO_MARKS = (YES, YES, YES, ("no", "架上没有挂牌"), YES)
FOUND = ("不合格品单独存放并有标识", "待判布与合格布混放在二号架，没有挂牌")
# Each time the shelf was cleared, and nothing else: that is why it comes again.
CLEARED = ("把架子清开并挂牌", "工人忙，忘了挂牌", "提醒班组长")
STARTED, LATE = 315, timedelta(days=6)
Plan = dict[str, Any]
REMIND: Plan = {"cause": "工人忙，忘了挂牌", "action": "开班会再讲一遍", "whys": ["没有挂牌", "忘了"]}
RED_AREA: Plan = {
    "cause": "待判布没有自己的位置，只能放在空架上", "action": "二号架隔出红色区域并上锁，待判布扫码入区", "prevention": "成品仓和坯布仓同样处理",
    "whys": ["待判布没有挂牌", "挂牌要走到办公室去拿", "架边没有位置放牌子", "没有给待判布划区"], "fishbone": {"method": "没有规定待判布放哪里"},
}  # fmt: skip
QUIET: Params = {"owner_duty": {"every_months": 6}}


def tell_repeating(firms: Mapping[str, Firm], moments: Moments, pictures: Path) -> None:
    """Fang and a dyer of hers."""
    pair = Teller(firms["lucen"], firms["lancai"], moments, pictures)
    pair.agreed("garment-1", moments.day(-STARTED), params=QUIET)
    for duty in pair.duties("supplier", "document"):
        pair.file(duty, at=moments.on(duty.due_on - timedelta(days=2)), number="0DEM0-2025-301")
    for duty in pair.duties("owner", "owner_duty"):
        if duty.due_on < moments.today:
            pair.share(duty, "来布 6 批，接收 6 批", at=moments.on(duty.due_on - timedelta(days=1)))
    for period in range(3):
        audit = _submitted(pair, period)
        finding = pair.raise_(audit, "minor", FOUND, question="MW-4", at=moments.on(audit.visit_on + timedelta(days=1)))
        pair.review(audit, at=moments.on(audit.visit_on + timedelta(days=1), 11))
        late = _due(finding.due_on) + LATE
        if finding.nth == 1:
            pair.answer_finding(finding, CLEARED, at=moments.on(late))
        else:  # what was found before is planned; what is planned shallowly is found again
            _planned(pair, finding, REMIND, at=moments.on(late - timedelta(days=4)))
            _carried_out(pair, finding, at=moments.on(late))
        pair.verify(finding, at=moments.on(late + timedelta(days=3)))
    _found_again(pair, _submitted(pair, 3))


def _due(day: date | None) -> date:
    assert day is not None  # a nonconformity has a day
    return day


def _submitted(pair: Teller, period: int) -> Audit:
    audit = pair.audit(period)
    pair.submit(audit, NO_MARKS, at=pair.moments.on(audit.visit_on - timedelta(days=1), 15))
    return audit


def _found_again(pair: Teller, audit: Audit) -> None:
    day = lambda days: pair.moments.on(audit.visit_on + timedelta(days=days))
    finding = pair.raise_(audit, "minor", FOUND, question="MW-4", at=day(1))
    pair.review(audit, at=day(2))
    _planned(pair, finding, RED_AREA, at=day(4))


def _planned(pair: Teller, finding: Finding, plan: Plan, *, at: datetime) -> None:
    """Contained a day before, then planned. The same words every time are a story of their own."""
    who: dict[str, Any] = {"actor": pair.supplier, "finding_id": finding.pk, "client_id": "demo"}
    said = PlanSaid(**plan, responsible="励主管", planned_for=timezone.localdate(at) + timedelta(days=30))
    with as_actor(pair.supplier):
        contain_finding(**who, measures="清开二号架，逐卷核对并挂牌", scope="架上 14 卷，2 卷待判", evidence_ids=[], now=at - timedelta(days=1))
        plan_action(**who, said=said, now=at)


def _carried_out(pair: Teller, finding: Finding, *, at: datetime) -> None:
    with as_actor(pair.owner):
        accept_plan(actor=pair.owner, finding_id=finding.pk, now=at - timedelta(days=2))
    with as_actor(pair.supplier):
        proof = pair.photo("shelf", at=at - timedelta(minutes=2))
        carry_out(actor=pair.supplier, finding_id=finding.pk, done="已开班会并签到", evidence_ids=[proof.pk], client_id="demo", now=at)
