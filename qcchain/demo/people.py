"""The people of the demo who sign in, and what each finds."""

from __future__ import annotations

from dataclasses import dataclass

# For demo data only: it is printed for everybody, and load_demo refuses to run under production settings.
DEMO_PASSWORD = "try-qcchain-demo"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Visitor:
    """One demo person: who, for whom, in which hat, and what stands first on the page."""

    username: str
    name: str
    firm: str
    locale: str
    hat_zh: str
    hat_en: str
    first_zh: str
    first_en: str
    roles: tuple[str, ...] = ()  # of a colleague; whoever acts for the firm has the firm's


# In the order in which they are offered.
VISITORS = (
    Visitor(
        "chen", "陈棠", "yantang", "en", "链主企业", "Chain owner",
        "自己一方逾期的反馈、待评审的自查、待验证的整改、待对方签署的协议、待确认的名单",
        "a duty overdue on her own side, a self-check to judge, an answer to verify, agreements that wait, a list in preview",
    ),
    Visitor(
        "lin", "林杼", "yunzhu", "zh-hans", "供应商（手机）", "Supplier (phone)",
        "博洋的协议待签署、3 天内到期且已答一半的自查、待答复的不符合项、待提交的文件",
        "an agreement to sign, a self-check due in 3 days and half answered, a finding to answer, a document due",
    ),
    Visitor(
        "wu", "吴澜", "lanzhi", "zh-hans", "另一家供应商", "Another supplier",
        "逾期的文件、待结论的自查、有异议的记录；看不到林杼的任何资料",
        "a document overdue, a self-check under review, an entry in dispute; nothing of Lin's",
    ),
    Visitor(
        "zhou", "周衡", "bureau", "zh-hans", "监管部门", "Authority",
        "晨间页：两侧逾期义务、各镇街地图、履约总表",
        "the morning page: overdue duties on both sides, the map by town, the table of compliance",
    ),
    Visitor("mei", "梅析", "lab", "zh-hans", "检测机构、研究院所", "Laboratory, institute", "本机构资质文件", "the laboratory's own papers"),
    Visitor("an", "安岚", "provider", "zh-hans", "服务机构", "Service provider", "一站式服务台的请求", "requests to the one-stop desk"),
    Visitor("pan", "潘台", "platform", "zh-hans", "平台运营", "Platform", "一条重试八次仍失败的消息", "one message that gave up after eight tries"),
    Visitor("fang", "方岑", "lucen", "en", "另一家链主企业", "Another chain owner", "供应商对记录的异议、待答复的不符合项", "an entry that a supplier disputes, a finding that waits"),
)  # fmt: skip
# The second person where two are needed: whoever proposes does not approve, whoever enters does not release.
COLLEAGUES = (
    Visitor(
        "xia", "夏纶", "lab", "zh-hans", "检测机构（复核人）", "Laboratory, second person",
        "梅析录入的比对结果，由她复核发布", "releases what Mei entered on the sheet of a comparison round", ("quality",),
    ),
    Visitor(
        "zhong", "钟缃", "platform", "zh-hans", "平台运营（批准人）", "Platform, second person",
        "潘台提出的评分方法，由他批准", "approves the scoring method that Pan proposed", ("org_admin",),
    ),
)  # fmt: skip
SIGN_INS = (*VISITORS, *COLLEAGUES)
