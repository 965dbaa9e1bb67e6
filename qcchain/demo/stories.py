"""The live stories: each persona finds one of everything on the first page, told through the product's own verbs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

from agreements.services import return_agreement
from audits.services import contest_finding, verify_action
from foundation.actor import Hat, acting_as, as_actor
from qcchain.demo.agreeing import tell_agreeing
from qcchain.demo.firms import Firm
from qcchain.demo.houses import keep_houses
from qcchain.demo.measuring import tell_measuring
from qcchain.demo.moments import Moments, start_for
from qcchain.demo.names import SEED, codes, firm_name, phone
from qcchain.demo.repeating import tell_repeating
from qcchain.demo.sampled import tell_sampled
from qcchain.demo.teller import EVERY_MONTHS, NOTICE_DAYS, Params, Teller
from records.models import EvidenceShare
from records.services.acks import dispute
from records.services.evidence import note_look
from suppliers.services.invitations import invite
from suppliers.services.joining import decline
from suppliers.services.links import FirmSaid, add_supplier
from suppliers.services.lists import start_import

OWNER_DAYS, PAPER_DAYS = 10, 30  # as the templates have them
YES = ("yes", "")
ALL_YES = (YES, YES, YES, YES, ("na", "三个月内没有变更"))
ONE_NO = (YES, YES, YES, ("no", "专用区在重新划线"), YES)
SCALE_NO = (YES, YES, ("no", "1 号天平送检中"), YES, YES)
MIXED = ("不合格品单独存放并有标识", "两卷待判布与合格品放在同一料架，没有标识")
DUE_SCALE = ("计量器具在校准有效期内", "1 号天平的校准标签已过期 12 天")
NO_SHEET = ("工位上有现行有效的工艺单", "3 号机台仍在使用上一版工艺单")
PUT_RIGHT = ("当场隔离并挂牌", "没有划定专用区", "划出红色区域，班组长每班检查")
# A first small order: nothing falls due within its days, so that nothing can become overdue under a real firm's name.
TRIAL_DAYS = 45
TRIAL: Params = {
    "audit_frequency": {"notice_days": 60},
    "document_required": {"within_days": 60},
    "owner_duty": {"every_months": 3},
}

_LISTED = (
    ("泊绶", "印染", "Dyeing", "dyeing"),
    ("朴帛", "针织", "Knitting", "knitting"),
    ("墨绮", "辅料", "Trims", "trims"),
    ("润缨", "纺纱", "Spinning", "spinning"),
    ("衡缦", "织造", "Weaving", "weaving"),
)
_HEADER = "企业名称,统一社会信用代码,联系人,手机号,环节,区县\n"


def _list_with_slips(code: Iterator[str]) -> bytes:
    """A list as it comes: two good rows, one twice, a slip in a code, a number that is no mobile's, a missing name."""
    good, other, slip, third, last = (next(code) for _ in range(5))
    slipped = slip[:-1] + ("7" if slip[-1] != "7" else "4")
    rows = (
        f"宁波知绢针织有限公司（示例）,{good},李经理,19000018011,针织,海曙区",
        f"宁波予缃家纺有限公司（示例）,{other},沈师傅,19000018012,家纺,鄞州区",
        f"宁波知绢针织有限公司（示例）,{good},李经理,19000018011,针织,海曙区",
        f"宁波棉罗印染有限公司（示例）,{slipped},胡厂长,19000018013,印染,奉化区",
        f"宁波蔚练服饰有限公司（示例）,{third},应主管,0574-88001234,服装,象山县",
        f",{last},戴会计,19000018015,辅料,慈溪市",
    )
    return (_HEADER + "\n".join(rows) + "\n").encode()


class Stories:
    """Every story, with the firms by their key."""

    def __init__(self, firms: Mapping[str, Firm], moments: Moments, pictures: Path) -> None:
        self._firms, self._moments, self._pictures = firms, moments, pictures

    def _pair(self, owner: str, supplier: str) -> Teller:
        return Teller(self._firms[owner], self._firms[supplier], self._moments, self._pictures)

    def tell(self) -> None:
        tell_repeating(self._firms, self._moments, self._pictures)  # the longest story begins first: its clock is not turned back on another
        self.half_done_self_check()
        self.finding_to_answer()
        self.waiting_for_review()
        self.answer_to_verify()
        self.agreements_under_way()
        self.finding_contested()
        self.document_overdue()
        self.neutral_offer()
        self.lists_and_invitations()
        keep_houses(self._firms, self._moments, self._pictures)
        tell_agreeing(self._firms, self._moments, self._pictures)
        tell_measuring(self._firms, self._moments, self._pictures)
        tell_sampled(self._firms, self._moments, self._pictures)

    def half_done_self_check(self) -> None:
        """Chen and Lin: a quarter well done, the next self-check half answered; one report of Chen's came late, the next is owed."""
        m, pair = self._moments, self._pair("yantang", "yunzhu")
        visit = m.worked_after(3)
        starts = start_for(visit, months=EVERY_MONTHS, days=NOTICE_DAYS)
        pair.agreed("garment-1", starts)
        audit = pair.audit(0)
        day = lambda days, hour=10: m.on(starts + timedelta(days=days), hour)
        pair.submit(audit, ONE_NO, at=day(11, 15))
        finding = pair.raise_(audit, "minor", MIXED, question="MW-4", at=day(13))
        pair.review(audit, at=day(13, 11))
        pair.accept(finding, at=day(14))
        for duty in pair.duties("supplier", "document"):
            pair.file(duty, at=day(18), number="0DEM0-2026-118")
        pair.answer_finding(finding, PUT_RIGHT, at=day(27))
        with as_actor(pair.owner):
            verify_action(actor=pair.owner, finding_id=finding.pk, now=day(30))
            for share in EvidenceShare.objects.filter(grantee_org_id=pair.owner.org_id, org_id=pair.supplier.org_id)[:3]:
                note_look(actor=pair.owner, share=share, now=day(13, 9))
        on_time, late, *_ = pair.duties("owner", "owner_duty")
        pair.share(on_time, "来料 12 批，接收 12 批；摩擦色牢度均为 4 级", at=m.on(on_time.due_on - timedelta(days=2)))
        pair.share(late, "来料 9 批，接收 9 批；pH 6.4 至 7.1", at=m.on(late.due_on + timedelta(days=3)))
        upcoming = pair.audit(1)
        pair.answer(upcoming, (YES, YES), at=m.ago(1, 16))

    def finding_to_answer(self) -> None:
        """Fang and Lin: a finding that waits for Lin's answer, and a licence to file in ten days."""
        m, pair = self._moments, self._pair("lucen", "yunzhu")
        starts = m.day(-20)
        pair.agreed("garment-1", starts)
        audit = pair.audit(0)
        pair.submit(audit, SCALE_NO, at=m.ago(8, 14))
        pair.raise_(audit, "major", DUE_SCALE, question="MW-3", at=m.ago(6, 11))
        pair.review(audit, at=m.ago(6, 14))

    def waiting_for_review(self) -> None:
        """Chen and Wu: a self-check submitted the day before yesterday."""
        m, pair = self._moments, self._pair("yantang", "lanzhi")
        starts = m.day(-15)
        pair.agreed("garment-1", starts)
        audit = pair.audit(0)
        pair.submit(audit, SCALE_NO, at=m.ago(2, 16))

    def answer_to_verify(self) -> None:
        """Chen and the dyer: results that Chen has not shared, an answer to verify, an entry that the dyer disputes."""
        m, pair = self._moments, self._pair("yantang", "qingwei")
        owed = m.worked_before(4)
        starts = start_for(owed, months=2, days=OWNER_DAYS)
        pair.agreed("dyeing-1", starts)
        audit = pair.audit(0)
        day = lambda days, hour=10: m.on(starts + timedelta(days=days), hour)
        pair.submit(audit, ONE_NO, at=day(12, 15))
        for duty in pair.duties("supplier", "document"):
            if duty.due_on < m.day(-2):
                pair.file(duty, at=m.on(duty.due_on + timedelta(days=2)), number="0DEM0-2026-207")
        finding = pair.raise_(audit, "major", MIXED, question="MW-4", at=day(15))
        pair.review(audit, at=day(15, 11))
        pair.answer_finding(finding, PUT_RIGHT, at=m.ago(3, 9))
        first = pair.duties("owner", "owner_duty")[0]
        pair.share(first, "来料 7 批，接收 6 批；0412 批色差 1.3，退回复染", at=m.on(first.due_on - timedelta(days=1)))
        with as_actor(pair.supplier):
            dispute(actor=pair.supplier, entry=pair.entry("results_shared"), reason="0412 批不是我厂染的，请核对批号", now=m.ago(2, 11))

    def agreements_under_way(self) -> None:
        """One in review, one signed by Chen only, one returned with a reason, one signed whose day has not come."""
        m = self._moments
        pair = self._pair("yantang", "helv")
        pair.drafted("cashmere-yarn-2", m.day(14), at=m.ago(3))
        pair.sent(at=m.ago(2, 9))
        pair = self._pair("yantang", "shisha")
        pair.drafted("garment-1", m.day(7), at=m.ago(5))
        pair.sent(at=m.ago(4))
        pair.signed("owner", at=m.ago(1, 15))
        pair = self._pair("yantang", "suzhu")
        pair.drafted("garment-1", m.day(20), at=m.ago(9))
        pair.sent(at=m.ago(8))
        with as_actor(pair.supplier):
            return_agreement(actor=pair.supplier, agreement=pair.agreement, reason="辅料不涉及 pH 指标，请改为镍释放量", now=m.ago(5, 17))
        pair = self._pair("yantang", "xixu")
        pair.drafted("garment-1", m.day(10), at=m.ago(9))
        pair.sent(at=m.ago(8))
        pair.signed("supplier", at=m.ago(5))
        pair.signed("owner", at=m.ago(4))

    def finding_contested(self) -> None:
        """Chen and another dyer, who does not agree with a finding."""
        m, pair = self._moments, self._pair("yantang", "lancai")
        starts = m.day(-24)
        pair.agreed("dyeing-1", starts)
        audit = pair.audit(0)
        pair.submit(audit, SCALE_NO, at=m.ago(11, 10))
        finding = pair.raise_(audit, "minor", NO_SHEET, question="MW-2", at=m.ago(9))
        pair.review(audit, at=m.ago(9, 11))
        with as_actor(pair.supplier):
            contest_finding(actor=pair.supplier, finding_id=finding.pk, reason="照片是停机换版时拍的，新版工艺单当天已上机台", now=m.ago(7))

    def document_overdue(self) -> None:
        """Fang and Wu: a licence that is late, and a verdict that Wu disputes."""
        m, pair = self._moments, self._pair("lucen", "lanzhi")
        starts = m.worked_before(5) - timedelta(days=PAPER_DAYS)
        pair.agreed("garment-1", starts)
        audit = pair.audit(0)
        pair.submit(audit, SCALE_NO, at=m.on(starts + timedelta(days=12), 15))
        pair.review(audit, at=m.on(starts + timedelta(days=14), 10))
        with as_actor(pair.supplier):
            dispute(actor=pair.supplier, entry=pair.entry("audit_reviewed"), reason="第 3 题的天平当周已检定合格，请复核", now=m.ago(3, 9))

    def neutral_offer(self) -> None:
        """Boyang and Lin: a first small order, signed by the owner, that waits for Lin."""
        m, pair = self._moments, self._pair("boyang", "yunzhu")
        starts = m.day(5)
        pair.drafted("garment-1", starts, ends=starts + timedelta(days=TRIAL_DAYS), params=TRIAL, at=m.ago(4))
        pair.sent(at=m.ago(3))
        pair.signed("owner", at=m.ago(2))

    def lists_and_invitations(self) -> None:
        """Chen's list in preview, with cells to mend, and invitations that are open, over and declined."""
        m, chen = self._moments, self._firms["yantang"].actor()
        code = codes(SEED + 1)
        with as_actor(chen):
            made = [
                add_supplier(
                    actor=chen, now=m.ago(60),
                    firm=FirmSaid(
                        firm_name(short, zh, en).zh, next(code), name_en=firm_name(short, zh, en).en, contact="王师傅",
                        phone=phone(9000 + n).removeprefix("+86"), node_codes=[node], region_code="330203",
                    ),
                )
                for n, (short, zh, en, node) in enumerate(_LISTED)
            ]  # fmt: skip
            open_one, over, declined, *_ = made
            invite(actor=chen, links=[over], now=m.ago(41))
            invite(actor=chen, links=[open_one], now=m.ago(3))
            ((_invitation, token),) = invite(actor=chen, links=[declined], now=m.ago(6))
            start_import(actor=chen, file_name="2026 供应商名单（示例）.csv", data=_list_with_slips(code), now=m.ago(0, 8, 40))
        with acting_as(Hat.LOBBY):
            decline(token=token, now=m.ago(5, 11))
