"""A complaint that the bureau looked into under a duty case, an appeal that waits for its decision, and a round of reminders."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction

from agreements.models import Agreement
from foundation.actor import as_actor
from foundation.errors import RuleBroken
from oversight.selectors.trend import overdue_of
from oversight.services.duty import CaseSaid, close_case, look, open_case
from oversight.services.reminders import send_round
from qcchain.demo.firms import Firm
from qcchain.demo.moments import Moments
from records.services.appeals import AppealSaid, file_score_appeal, say_on_appeal

OWNER, SUPPLIER, APPELLANT = "lucen", "lanzhi", "lanzhi"


def tell_duty(firms: Mapping[str, Firm], moments: Moments) -> None:
    """Before the clock comes to the day: what is told here is mailed, and its entries are numbered, with everything else."""
    _complaint(firms, moments)
    _appeal(firms, moments)
    _remind(firms, moments)


def _complaint(firms: Mapping[str, Firm], moments: Moments) -> None:
    officer, now = firms["bureau"].actor(), moments.ago(9)
    with as_actor(officer):
        agreement = (
            Agreement.objects.visible_to(officer)
            .filter(owner_org_id=firms[OWNER].actor().org_id, supplier_org_id=firms[SUPPLIER].actor().org_id, state="in_force")
            .order_by("created_at")
            .first()
        )
        if agreement is None:
            return
        said = CaseSaid(
            "complaint", "12315 转来投诉：床品水洗后尺寸变化超出约定，核对协议条款是否写明缩率。", (("agreement", agreement.pk),)
        )
        case = open_case(actor=officer, said=said, client_id="demo-complaint", now=now)
        look(actor=officer, case=case, what="clauses", subject_id=agreement.pk, now=now + timedelta(minutes=4))
        words = "协议写明了水洗尺寸变化，双方均已知悉，转双方自行协商，结案。"
        close_case(actor=officer, case=case, outcome=words, now=moments.ago(6))


def _appeal(firms: Mapping[str, Firm], moments: Moments) -> None:
    supplier, owner = firms[APPELLANT].actor(), firms[OWNER].actor()
    grounds = AppealSaid(
        "compliance", {"value": "71", "n": "14", "as_of": moments.day(-8).isoformat()}, "十月工厂检修停产一周，已提前书面告知，不应计为逾期。",
        respondent_org_id=owner.org_id,
    )  # fmt: skip
    with as_actor(supplier):
        appeal = file_score_appeal(actor=supplier, said=grounds, client_id="demo-appeal", now=moments.ago(5))
    with as_actor(owner):
        say_on_appeal(actor=owner, appeal=appeal, words="收到过停产通知，同意扣除这一周。", client_id="demo-answer", now=moments.ago(3))


def _remind(firms: Mapping[str, Firm], moments: Moments) -> None:
    officer, now = firms["bureau"].actor(), moments.ago(2, 9)
    with as_actor(officer):
        ids = list(Agreement.objects.visible_to(officer).filter(state="in_force").order_by("number").values_list("pk", flat=True)[:50])
        duties = overdue_of(officer, ids, side="owner", today=moments.day(-2))
        try:
            with transaction.atomic():
                send_round(actor=officer, obligation_ids=duties, skipped=3, client_id="demo-round", now=now)
        except RuleBroken:  # on a day when no chain owner is late, nobody is reminded
            return
