"""What the city offers its firms, one campaign that many took up, one in the making, and a report of last month."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import override

from foundation.actor import Hat, acting_as, as_actor
from oversight.campaign_rules import Rule
from oversight.models import Campaign, CampaignReach
from oversight.report_parts import PARTS
from oversight.report_periods import Period
from oversight.services.campaigns import CampaignSaid, answer_campaign, draft_campaign, note_seen, send_campaign, tell_firms
from oversight.services.policies import PolicySaid, draft_policy, publish_policy, say_used
from oversight.services.reports import ReportSaid, make_report
from qcchain.demo.firms import HAISHU, Firm
from qcchain.demo.moments import Moments

WINDOW = "海曙区质量基础设施“一站式”服务窗口，或在平台上提出服务请求。（示例）"
DESK = "At the one-stop desk in Haishu, or as a request on this platform. (demo)"
SMALL = Rule(sizes=("micro", "small"))
# kind, name, who may have it, rule; in both languages
POLICIES = (
    ("testing", "小微企业检测费减半（示例）", "Testing at half price for small firms (demo)", "微型、小型纺织服装企业，每年每家20批以内。", "Micro and small firms, 20 lots a year.", SMALL),
    ("metrology", "计量器具免费校准周（示例）", "A week of free calibration (demo)", "全市纺织服装企业，天平、光箱、摩擦色牢度仪。", "All firms of the chain: balances, light boxes, crockmeters.", Rule()),
    (
        "credit", "质量画像增信贷款（示例）", "A loan on a quality portrait (demo)", "有质量画像、近一年无严重不符合项的企业。", "Firms with a quality portrait and no critical finding within a year.",
        Rule(),
    ),
    ("training", "首席质量官培训（示例）", "Training for chief quality officers (demo)", "中小企业法定代表人任命的首席质量官或质量专员。", "Quality officers of small and medium firms.", Rule(sizes=("small", "medium"))),
    ("quality_management", "印染企业工艺诊断（示例）", "Process advice for dye-houses (demo)", "印染企业，研究机构上门两天。", "Dye-houses: an institute visits for two days.", Rule(nodes=("dyeing",))),
    ("brand", "“品字标”培育补助（示例）", "Help on the way to the Zhejiang Made mark (demo)", "规上家纺、服装企业。", "Home textile and garment firms above scale.", Rule(nodes=("home", "garment"), above_scale=True)),
)  # fmt: skip
MOST_ANSWERS = 24


def tell_campaigns(firms: dict[str, Firm], moments: Moments) -> None:
    """Six measures on the list, a campaign a fortnight old, a draft."""
    _measures(firms, moments)
    _wet_rubbing(firms, moments)


def _measures(firms: dict[str, Firm], moments: Moments) -> None:
    officer = firms["bureau"].actor()
    rows = []
    with as_actor(officer):
        for number, (kind, title, title_en, who, who_en, rule) in enumerate(POLICIES):
            at = moments.ago(80 - number)
            said = PolicySaid(
                kind=kind, title_zh=title, title_en=title_en, eligible_zh=who, eligible_en=who_en, apply_zh=WINDOW, apply_en=DESK,
                contact="一站式窗口（示例）", source="质量政策工具清单（示例）", valid_from=timezone.localdate(at), valid_to=moments.day(90 + 30 * number), rule=rule,
            )  # fmt: skip
            row = draft_policy(actor=officer, said=said, client_id=f"demo-{number}", now=at)
            rows.append(publish_policy(actor=officer, policy_id=row.pk, now=at))
    suppliers = [firm for firm in firms.values() if firm.hat == Hat.SUPPLIER and not firm.is_neutral]
    for number, firm in enumerate(suppliers[:MOST_ANSWERS]):
        with as_actor(firm.actor()):
            say_used(actor=firm.actor(), policy_id=rows[0 if number % 3 else 3].pk, now=moments.ago(30 - number))


def _wet_rubbing(firms: dict[str, Firm], moments: Moments) -> None:
    officer, sent = firms["bureau"].actor(), moments.ago(12)
    said = CampaignSaid(
        title_zh="湿摩擦色牢度自查月（示例）", title_en="A month of wet rubbing (demo)",
        message_zh="上季度湿摩擦色牢度是全市最弱的一环。请在本月抽三批深色产品自测，录入平台；不达标的，一站式窗口可安排工艺诊断。",
        message_en="Wet rubbing was the weakest link of last quarter. Please test three dark lots this month and enter them; the one-stop desk helps where they fail.",
        task_zh="抽三批深色产品测湿摩擦色牢度并录入", task_en="Test three dark lots for wet rubbing and enter the results", due_on=moments.worked_after(16),
        rule=Rule(regions=(HAISHU,), nodes=("weaving", "knitting", "dyeing", "garment")),
    )  # fmt: skip
    with as_actor(officer):
        row = draft_campaign(actor=officer, said=said, client_id="demo-wet-rubbing", now=sent - timedelta(hours=2))
        send_campaign(actor=officer, campaign_id=row.pk, now=sent)
        later = CampaignSaid(
            title_zh="计量器具校准提醒（示例）", title_en="A reminder of calibration (demo)", message_zh="逾期的天平会让结果打上标记，免费校准周可以预约。",
            message_en="Results of an overdue balance are marked. Book the week of free calibration.", task_zh="核对本厂计量器具校准日期",
            task_en="Check the calibration days of your instruments", due_on=moments.worked_after(30), rule=Rule(sizes=("micro", "small")),
        )  # fmt: skip
        draft_campaign(actor=officer, said=later, client_id="demo-calibration", now=moments.ago(1))
    after = ""
    while Campaign.objects.get(pk=row.pk).state == Campaign.State.SENDING:
        with acting_as(Hat.CLOCK):
            tell_firms(sent + timedelta(minutes=1), campaign_id=row.pk, after=after)
            after = str(CampaignReach.objects.filter(campaign=row).order_by("-org_id").values_list("org_id", flat=True)[0])
    _taken_up({firm.id: firm for firm in firms.values()}, row, moments)


def _taken_up(firms: dict[object, Firm], row: Campaign, moments: Moments) -> None:
    """Two of three open it, every third does it; the mill of the story still has it on its list."""
    reached = list(CampaignReach.objects.filter(campaign=row).order_by("org_id").values_list("org_id", flat=True)[:MOST_ANSWERS])
    for number, org_id in enumerate(reached):
        firm = firms.get(org_id)
        if firm is None or firm.key == "yunzhu" or number % 3 == 2:
            continue
        who, at = firm.actor(), moments.ago(11 - number % 9)
        with as_actor(who):
            if number % 3:
                answer_campaign(actor=who, campaign_id=row.pk, done=number % 7 != 4, now=at)
            else:
                note_seen(actor=who, campaign_id=row.pk, now=at)


def tell_last_month(bureau: Firm, moments: Moments) -> None:
    """Called last: a report freezes the figures that it finds."""
    officer = bureau.actor()
    period = Period.of(moments.today, 1).earlier()
    words = "本月总体平稳，湿摩擦色牢度仍是最弱一环。数据为示例。"
    with as_actor(officer), override("zh-hans"):
        make_report(actor=officer, said=ReportSaid(period.code, list(PARTS), words), client_id="demo-last-month", now=moments.now)
